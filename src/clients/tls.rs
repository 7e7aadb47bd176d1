//! Which server certificates are trusted: the platform's roots, the playbook's CA files, and pins per endpoint.

mod doubts;
mod handshake;
mod peer;
mod presented;
mod verifier;

use std::collections::BTreeMap;
use std::sync::Arc;

use ring::digest;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

pub use handshake::HandshakeRefusal;
pub use peer::{PeerCertificate, peer_certificate};
pub use presented::{Distrust, NotPresented, Offer, Presented, connected, presented};
pub use verifier::Rejection;
pub(in crate::clients) use verifier::rejection;

use doubts::Doubts;

use super::certificate::Certificate;
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

/// Where a connection to an endpoint of the playbook really goes; names in URLs, certificates and messages stay the
/// playbook's.
pub type ConnectMap = BTreeMap<Endpoint, Endpoint>;

/// SHA-256 of a certificate's DER.
pub type Fingerprint = [u8; 32];

/// What is trusted. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Trust {
    roots: Arc<RootCertStore>,
    anywhere: Arc<Vec<Fingerprint>>,
    authorities: Arc<Vec<Certificate>>,
    pins: BTreeMap<Endpoint, Vec<Fingerprint>>,
    doubts: Doubts,
}

impl Trust {
    /// Trust from CA files (name and PEM text), pins, and the platform's roots when wanted. A self-signed
    /// certificate in a CA file counts as a pin for any endpoint too, because rustls refuses it as a root when it
    /// says CA:TRUE, and CUCM's self-signed ones before 15SU3 do.
    ///
    /// # Errors
    /// A file that holds no certificate, or one that cannot be read as X.509.
    pub fn new(
        ca_pems: &[(String, String)],
        pins: BTreeMap<Endpoint, Vec<Fingerprint>>,
        platform: bool,
    ) -> Result<Self, Trouble> {
        let mut roots = RootCertStore::empty();
        let (mut anywhere, mut authorities) = (Vec::new(), Vec::new());
        if platform {
            let found = rustls_native_certs::load_native_certs();
            for error in &found.errors {
                tracing::warn!(%error, "some of the platform's root certificates cannot be read");
            }
            let (added, ignored) = roots.add_parsable_certificates(found.certs);
            tracing::debug!(added, ignored, "platform root certificates");
        }
        for (file, pem) in ca_pems {
            let mut any = false;
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let certificate =
                    certificate.map_err(|error| unusable(file, format!("broken PEM: {error}")))?;
                let described = PeerCertificate::from_der(&certificate)
                    .ok_or_else(|| unusable(file, "a certificate in it is not X.509"))?;
                authorities.extend(Certificate::from_der(&certificate));
                if described.self_signed {
                    anywhere.push(described.sha256);
                }
                if let Err(error) = roots.add(certificate)
                    && !described.self_signed
                {
                    return Err(unusable(file, format!("{}: {error}", described.subject)));
                }
                any = true;
            }
            if !any {
                return Err(unusable(file, "it holds no PEM certificate"));
            }
        }
        Ok(Self {
            roots: Arc::new(roots),
            anywhere: Arc::new(anywhere),
            authorities: Arc::new(authorities),
            pins,
            doubts: Doubts::default(),
        })
    }

    /// Trusts nothing: every handshake ends in a [`Rejection`] that shows the peer's certificate.
    pub fn nothing() -> Self {
        Self {
            roots: Arc::new(RootCertStore::empty()),
            anywhere: Arc::default(),
            authorities: Arc::default(),
            pins: BTreeMap::new(),
            doubts: Doubts::default(),
        }
    }

    /// The same with one more pin, for example one just accepted at a terminal. Give it to a new HTTP client.
    #[must_use]
    pub fn with_pin(mut self, endpoint: Endpoint, fingerprint: Fingerprint) -> Self {
        self.pins.entry(endpoint).or_default().push(fingerprint);
        self
    }

    /// The same, with the pins of one endpoint good for another of the same host: a platform shows one certificate on all
    /// ports of its Tomcat.
    #[must_use]
    pub fn as_at(mut self, known: &Endpoint, other: &Endpoint) -> Self {
        if known.host == other.host {
            let pins = self.pins_of(known).to_vec();
            self.pins.entry(other.clone()).or_default().extend(pins);
        }
        self
    }

    /// What was accepted by a pin alone although its time or its names speak against it, a sentence each; once.
    pub fn take_warnings(&self) -> Vec<String> {
        self.doubts.take()
    }

    /// The certificates of the playbook's CA files.
    pub fn authorities(&self) -> &[Certificate] {
        &self.authorities
    }

    fn pins_of(&self, endpoint: &Endpoint) -> &[Fingerprint] {
        self.pins.get(endpoint).map_or(&[], Vec::as_slice)
    }
}

fn unusable(file: &str, why: impl Into<String>) -> Trouble {
    Trouble::new("ca-file-unusable", Outcome::Usage, "a file of tls.ca_files cannot be used")
        .at(file)
        .because(why)
        .then("give PEM text: -----BEGIN CERTIFICATE----- and so on")
}

/// SHA-256 of this DER.
pub fn fingerprint(der: &[u8]) -> Fingerprint {
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
    sha256
}

/// `sha256:` and 64 lower-case hex digits.
pub fn fingerprint_text(fingerprint: &Fingerprint) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("sha256:");
    for byte in fingerprint {
        // writing to a String cannot fail
        _ = write!(text, "{byte:02x}");
    }
    text
}

/// Reads `sha256:` and 64 hex digits of either case, with or without colons between bytes.
pub fn parse_fingerprint(text: &str) -> Option<Fingerprint> {
    let digits = text.trim().strip_prefix("sha256:")?;
    let plain: String = if digits.contains(':') {
        let pairs: Vec<&str> = digits.split(':').collect();
        if pairs.iter().any(|pair| pair.len() != 2) {
            return None;
        }
        pairs.concat()
    } else {
        digits.to_owned()
    };
    if plain.len() != 64 || !plain.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut fingerprint = [0; 32];
    for (index, byte) in fingerprint.iter_mut().enumerate() {
        *byte = u8::from_str_radix(plain.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(fingerprint)
}

#[cfg(test)]
mod tests {
    use super::{Trust, fingerprint, fingerprint_text, parse_fingerprint};

    #[test]
    fn fingerprints_are_read_with_and_without_colons() {
        let known = fingerprint(b"abc");
        let text = fingerprint_text(&known);
        assert_eq!(text, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(parse_fingerprint(&text), Some(known));
        let digits = text.strip_prefix("sha256:").unwrap().to_ascii_uppercase();
        let pairs: Vec<&str> = (0..32).map(|at| &digits[at * 2..at * 2 + 2]).collect();
        assert_eq!(parse_fingerprint(&format!("sha256:{}", pairs.join(":"))), Some(known));
        for wrong in ["", "sha256:", "sha1:ba78", &digits, "sha256:ba:7"] {
            assert_eq!(parse_fingerprint(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_ca_file_without_certificate_is_an_error() {
        let files = [("corp.pem".to_owned(), "nothing here".to_owned())];
        let trouble = Trust::new(&files, std::collections::BTreeMap::new(), false).unwrap_err();
        assert_eq!(trouble.code, "ca-file-unusable");
        assert_eq!(trouble.place, "corp.pem");
    }
}
