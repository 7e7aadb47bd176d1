//! The publisher's certificate: self-signed in the way the platform makes it, and kept with the state.
//!
//! Shape: facts/vos.md section 10. The key is ECDSA P-256 where the platform has RSA 2048, because the certificate
//! library cannot make RSA keys.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rusqlite::{Connection, OptionalExtension, params};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// A certificate with its key.
#[derive(Debug)]
pub struct Identity {
    /// The certificate, PEM.
    pub certificate_pem: String,
    key_pem: String,
    der: CertificateDer<'static>,
}

fn trouble(error: impl std::fmt::Display) -> Trouble {
    Trouble::new("sandbox-certificate-failed", Outcome::Failed, "the sandbox has no certificate")
        .because(error.to_string())
        .then("delete the sandbox's state file, or name another one")
}

impl Identity {
    /// The identity kept in the state for this host, or a new one, which is then kept.
    ///
    /// # Errors
    /// `sandbox-certificate-failed`.
    pub fn kept_or_new(db: &Connection, host: &str) -> Result<Self, Trouble> {
        let kept = |name: &str| -> rusqlite::Result<Option<String>> {
            let sql = "select value from sandbox_keeping where name = ?1";
            db.query_row(sql, [format!("{name} {host}")], |row| row.get(0)).optional()
        };
        let found = kept("certificate").map_err(trouble)?.zip(kept("key").map_err(trouble)?);
        let is_new = found.is_none();
        let (certificate_pem, key_pem) = match found {
            Some(found) => found,
            None => made(host).map_err(trouble)?,
        };
        if is_new {
            for (name, value) in [("certificate", &certificate_pem), ("key", &key_pem)] {
                db.execute(
                    "insert into sandbox_keeping (name, value) values (?1, ?2)",
                    params![format!("{name} {host}"), value],
                )
                .map_err(trouble)?;
            }
        }
        let der = CertificateDer::from_pem_slice(certificate_pem.as_bytes()).map_err(trouble)?;
        Ok(Self { certificate_pem, key_pem, der })
    }

    /// SHA-256 of the certificate's DER.
    pub fn sha256(&self) -> [u8; 32] {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.der);
        let mut out = [0; 32];
        out.copy_from_slice(digest.as_ref());
        out
    }

    /// The TLS side of a listener.
    ///
    /// # Errors
    /// `sandbox-certificate-failed`.
    pub fn acceptor(&self) -> Result<TlsAcceptor, Trouble> {
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).map_err(trouble)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(trouble)?
            .with_no_client_auth()
            .with_single_cert(vec![self.der.clone()], key)
            .map_err(trouble)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// A new certificate and key, PEM.
fn made(host: &str) -> Result<(String, String), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(vec![host.to_owned()])?;
    for (kind, value) in [
        (DnType::CountryName, "CZ"),
        (DnType::OrganizationName, "Example"),
        (DnType::OrganizationalUnitName, "Voice"),
        (DnType::CommonName, host),
        (DnType::StateOrProvinceName, "Prague"),
        (DnType::LocalityName, "Prague"),
    ] {
        params.distinguished_name.push(kind, value);
    }
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DataEncipherment,
        KeyUsagePurpose::KeyCertSign,
    ];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let now = time::OffsetDateTime::now_utc();
    params.not_before = now - time::Duration::days(1);
    params.not_after = now + time::Duration::days(5 * 365);
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), key.serialize_pem()))
}
