//! One X.509 certificate as trust stores are compared by: its fingerprint, its names, its time, and its PEM.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::tls::{Fingerprint, PeerCertificate, fingerprint, fingerprint_text};

/// The longest certificate that is read, in bytes of DER: room for more than a thousand names.
const LONGEST: usize = 64 * 1024;

/// Kind of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// RSA.
    Rsa,
    /// An elliptic curve.
    Ecdsa,
    /// Another one.
    Other,
}

/// A certificate. Two are the same when their DER is.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    /// SHA-256 of the DER.
    pub sha256: Fingerprint,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Common name of the subject; empty when it has none.
    pub common_name: String,
    /// DNS names and addresses it is made out to.
    pub names: Vec<String>,
    /// Serial number, lower-case hexadecimal without leading zeros.
    pub serial: String,
    /// First second of validity, since 1970.
    pub not_before: i64,
    /// Last second of validity, since 1970.
    pub not_after: i64,
    /// First moment of validity, RFC 3339.
    pub from: String,
    /// Last moment of validity, RFC 3339.
    pub until: String,
    /// Whether subject and issuer are the same.
    pub self_signed: bool,
    /// Kind of its key.
    pub key: KeyType,
}

impl Certificate {
    /// Reads a DER certificate; `None` when it is none.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        if der.len() > LONGEST {
            return None;
        }
        let shown = PeerCertificate::from_der(der)?;
        let (rest, read) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let common_name = read.subject().iter_common_name().next();
        let common_name = common_name.and_then(|name| name.as_str().ok()).unwrap_or_default();
        let serial = hex(read.raw_serial());
        let key = match read.public_key().algorithm.algorithm.to_string().as_str() {
            "1.2.840.113549.1.1.1" => KeyType::Rsa,
            "1.2.840.10045.2.1" => KeyType::Ecdsa,
            _ => KeyType::Other,
        };
        Some(Self {
            sha256: fingerprint(der),
            common_name: common_name.to_owned(),
            serial: serial.trim_start_matches('0').to_owned(),
            not_before: read.validity().not_before.timestamp(),
            not_after: read.validity().not_after.timestamp(),
            key,
            der: der.to_vec(),
            subject: shown.subject,
            issuer: shown.issuer,
            names: shown.names,
            from: shown.not_before,
            until: shown.not_after,
            self_signed: shown.self_signed,
        })
    }

    /// Reads the first certificate in a text that holds PEM.
    pub fn from_pem(text: &str) -> Option<Self> {
        Self::from_der(CertificateDer::pem_slice_iter(text.as_bytes()).next()?.ok()?.as_ref())
    }

    /// Its PEM, 64 characters a line.
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.der);
        let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem + "-----END CERTIFICATE-----\n"
    }

    /// `sha256:` and 64 digits.
    pub fn fingerprint_text(&self) -> String {
        fingerprint_text(&self.sha256)
    }

    /// Whether it is made out to this host: by a name of its list, or by its common name.
    pub fn covers(&self, host: &str) -> bool {
        let fits = |name: &String| {
            name.eq_ignore_ascii_case(host)
                || name.strip_prefix("*.").is_some_and(|domain| {
                    host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain))
                })
        };
        self.names.iter().any(fits) || fits(&self.common_name)
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a String cannot fail
        _ = write!(text, "{byte:02x}");
        text
    })
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject, self.fingerprint_text())
    }
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests {
    use super::{Certificate, KeyType};

    fn made(names: &[&str]) -> (String, Vec<u8>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, "fin-a.example.com");
        let key = rcgen::KeyPair::generate().unwrap();
        let made = params.self_signed(&key).unwrap();
        (made.pem(), made.der().to_vec())
    }

    #[test]
    fn pem_and_der_are_one_certificate() {
        let (pem, der) = made(&["fin-a.example.com", "*.lab.example.com"]);
        let read = Certificate::from_pem(&format!("Version: V3\r\n\n{pem}")).unwrap();
        assert_eq!(Some(&read), Certificate::from_der(&der).as_ref());
        assert_eq!(Certificate::from_pem(&read.pem()), Some(read.clone()));
        assert_eq!(read.common_name, "fin-a.example.com");
        assert!(read.self_signed && read.key == KeyType::Ecdsa);
        assert!(read.covers("FIN-A.example.com") && read.covers("a.lab.example.com"));
        assert!(!read.covers("fin-b.example.com") && !read.covers("a.b.lab.example.com"));
        assert_eq!(Certificate::from_pem("nothing"), None);
        let mut longer = der;
        longer.push(0);
        assert_eq!(Certificate::from_der(&longer), None, "what follows is no part of it");
        let many: Vec<String> =
            (0..4000).map(|number| format!("n{number}.lab.example.com")).collect();
        let (_, der) = made(&many.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(der.len() > super::LONGEST && Certificate::from_der(&der).is_none());
    }
}
