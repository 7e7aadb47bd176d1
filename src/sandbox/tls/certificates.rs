//! Keys and certificates as the platform and its authorities make them (facts/vos.md section 10, facts/axl.md section 19).

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData,
};
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey as _;
use rustls::pki_types::PrivatePkcs8KeyDer;

use super::profile::Profile;

/// What can go wrong, in a library's words.
type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Bits of an RSA key of the platform.
const BITS: usize = 2048;

/// An authority: a root that a client is given, and the intermediate one that signs.
#[derive(Debug, Clone)]
pub(super) struct Authority {
    /// The root's certificate, PEM.
    pub(super) root: String,
    /// The intermediate's certificate, PEM.
    pub(super) intermediate: String,
    /// The intermediate's key, PEM.
    pub(super) key: String,
}

fn named(name: &str, host: Option<&str>) -> Result<CertificateParams, rcgen::Error> {
    let names: Vec<String> = host.map(str::to_owned).into_iter().collect();
    let mut params = CertificateParams::new(names)?;
    for (kind, value) in [
        (DnType::CountryName, "CZ"),
        (DnType::OrganizationName, "Example"),
        (DnType::OrganizationalUnitName, "Voice"),
        (DnType::CommonName, name),
        (DnType::StateOrProvinceName, "Prague"),
        (DnType::LocalityName, "Prague"),
    ] {
        params.distinguished_name.push(kind, value);
    }
    Ok(params)
}

fn valid(params: &mut CertificateParams, (from, until): (i64, i64)) {
    let now = time::OffsetDateTime::now_utc();
    params.not_before = now + time::Duration::days(from);
    params.not_after = now + time::Duration::days(until);
}

impl Authority {
    /// A new one.
    pub(super) fn new() -> Result<Self, Broken> {
        let root_key = KeyPair::generate()?;
        let mut root = named("Example Root CA", None)?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        valid(&mut root, (-30, 20 * 365));
        let root_certificate = root.self_signed(&root_key)?;
        let key = KeyPair::generate()?;
        let issuer = Issuer::new(root, root_key);
        let intermediate = Self::intermediate()?.signed_by(&key, &issuer)?;
        Ok(Self {
            root: root_certificate.pem(),
            intermediate: intermediate.pem(),
            key: key.serialize_pem(),
        })
    }

    fn intermediate() -> Result<CertificateParams, rcgen::Error> {
        let mut params = named("Example Issuing CA", None)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.use_authority_key_identifier_extension = true;
        valid(&mut params, (-30, 10 * 365));
        Ok(params)
    }

    fn sign(
        &self,
        params: &CertificateParams,
        key: &impl PublicKeyData,
    ) -> Result<Certificate, Broken> {
        let issuer = Issuer::new(Self::intermediate()?, KeyPair::from_pem(&self.key)?);
        Ok(params.signed_by(key, &issuer)?)
    }
}

/// A new key of the profile's kind.
pub(super) fn key(profile: Profile) -> Result<KeyPair, Broken> {
    if profile.ecdsa() {
        return Ok(KeyPair::generate()?);
    }
    let fresh = RsaPrivateKey::new(&mut russh::keys::key::safe_rng(), BITS)?;
    let der = fresh.to_pkcs8_der()?;
    let der = PrivatePkcs8KeyDer::from(der.as_bytes());
    Ok(KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256)?)
}

/// An RSA key, from PEM.
pub(super) fn rsa_key(pem: &str) -> Result<KeyPair, Broken> {
    Ok(KeyPair::from_pkcs8_pem_and_sign_algo(pem, &PKCS_RSA_SHA256)?)
}

/// A new certificate for this key, made for the first time or `anew`, with the intermediate's behind it where an authority
/// signs; PEM.
pub(super) fn made(
    profile: Profile,
    host: &str,
    authority: Option<&Authority>,
    anew: bool,
    key: &KeyPair,
) -> Result<String, Broken> {
    let name = profile.subject(host);
    let mut params = named(&name, Some(&name))?;
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DataEncipherment,
    ];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let (from, until) = profile.days();
    // A renewed one begins later than the one before: a store replaces only by that.
    valid(&mut params, (if anew { from.max(0) } else { from }, until));
    let text = match authority {
        Some(authority) => {
            params.is_ca = IsCa::ExplicitNoCa;
            params.key_usages.push(KeyUsagePurpose::KeyAgreement);
            params.use_authority_key_identifier_extension = true;
            let leaf = authority.sign(&params, key)?.pem();
            let alone = profile == Profile::CaSignedAlone;
            if alone { leaf } else { leaf + &authority.intermediate }
        }
        None if profile == Profile::SelfSigned15su3 => {
            params.is_ca = IsCa::ExplicitNoCa;
            params.self_signed(key)?.pem()
        }
        None => {
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.key_usages.push(KeyUsagePurpose::KeyCertSign);
            params.self_signed(key)?.pem()
        }
    };
    Ok(text)
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    use x509_parser::prelude::{FromDer, X509Certificate};

    use super::{Authority, Profile, key, made};

    /// CA:TRUE, path length, RSA, number of certificates.
    fn shape(profile: Profile, authority: Option<&Authority>) -> (bool, Option<u32>, bool, usize) {
        let key = key(profile).unwrap();
        let text = made(profile, "node.example.com", authority, false, &key).unwrap();
        let chain: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes()).flatten().collect();
        let (_, leaf) = X509Certificate::from_der(&chain[0]).unwrap();
        let constraints = leaf.basic_constraints().unwrap().unwrap().value.clone();
        let rsa = leaf.public_key().algorithm.algorithm.to_string() == "1.2.840.113549.1.1.1";
        (constraints.ca, constraints.path_len_constraint, rsa, chain.len())
    }

    #[test]
    fn certificates_have_the_shape_of_their_release() {
        let authority = Authority::new().unwrap();
        assert_eq!(shape(Profile::SelfSigned, None), (true, Some(0), true, 1));
        assert_eq!(shape(Profile::SelfSigned15su3, None), (false, None, true, 1));
        assert_eq!(shape(Profile::Ecdsa, None), (true, Some(0), false, 1));
        assert_eq!(shape(Profile::CaSigned, Some(&authority)), (false, None, true, 2));
        assert_eq!(shape(Profile::CaSignedAlone, Some(&authority)), (false, None, true, 1));
    }
}
