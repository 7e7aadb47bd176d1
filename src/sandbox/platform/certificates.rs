//! A certificate as it is shown, and the names that stores have in the console, in commands and in the certificate REST.
//!
//! Source: facts/vos.md sections 2.7, 6.1.

use x509_parser::prelude::{FromDer as _, X509Certificate, parse_x509_pem};

use super::{Kind, Station};
use crate::sandbox::site::Site;
use crate::sandbox::tls::Identity;
use crate::trouble::Trouble;

/// Name of tomcat-trust, as the console has it.
pub const TOMCAT_TRUST: &str = "tomcat-trust";
/// Name of Phone-trust, as the console has it.
pub const PHONE_TRUST: &str = "Phone-trust";

/// A certificate with what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// PEM, wrapped as usual.
    pub pem: String,
    /// Common name of the subject.
    pub common_name: String,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// First moment, in seconds since 1970.
    pub not_before: i64,
    /// Last moment, in seconds since 1970.
    pub not_after: i64,
}

impl Certificate {
    /// Reads the first certificate of a text.
    ///
    /// # Errors
    /// That there is none.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        const NONE: &str = "this is not a certificate in PEM";
        let (_, pem) = parse_x509_pem(text.as_bytes()).map_err(|_| NONE)?;
        let (_, read) = X509Certificate::from_der(&pem.contents).map_err(|_| NONE)?;
        let common_name = read.subject().iter_common_name().next();
        let common_name = common_name.and_then(|name| name.as_str().ok()).unwrap_or_default();
        Ok(Self {
            pem: wrapped(&pem.contents),
            common_name: common_name.to_owned(),
            subject: read.subject().to_string(),
            issuer: read.issuer().to_string(),
            serial: crate::sandbox::hex(read.raw_serial()),
            not_before: read.validity().not_before.timestamp(),
            not_after: read.validity().not_after.timestamp(),
        })
    }

    /// SHA-256 of its DER, lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        let der = parse_x509_pem(self.pem.as_bytes()).map(|(_, pem)| pem.contents);
        crate::sandbox::sha256_hex(&der.unwrap_or_default())
    }

    /// The name of its file in a trust store.
    pub fn file(&self) -> String {
        format!("{}_{}.pem", self.common_name, self.serial)
    }
}

fn wrapped(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

/// The node's own tomcat certificate.
///
/// # Errors
/// `sandbox-certificate-failed`.
pub fn tomcat(site: &Site, station: &Station) -> Result<Certificate, Trouble> {
    let profile = site.options.tls.of(&station.host);
    let renewed = site.front().renewed.get(&station.host).cloned();
    let pem = if let Some(pem) = renewed {
        pem
    } else {
        let keys = site.options.keys.as_deref();
        Identity::kept_or_new(&site.database(), keys, &station.host, profile)?.certificate_pem
    };
    Certificate::read(&pem).map_err(|why| {
        let outcome = crate::outcome::Outcome::Failed;
        Trouble::new("sandbox-certificate-failed", outcome, "the node's certificate is not right")
            .because(why)
    })
}

/// The store that commands and REST mean by this name; `phone` is what they call Phone-trust.
pub fn store(station: &Station, name: &str, phone: Option<&str>) -> Option<&'static str> {
    match name {
        "tomcat" => Some(TOMCAT_TRUST),
        "CallManager" if station.kind.is_cucm() => Some("CallManager-trust"),
        other if station.kind.is_cucm() && Some(other) == phone => Some(PHONE_TRUST),
        _ => None,
    }
}

/// The stores of a node by the names of the console.
pub fn stores(station: &Station) -> &'static [&'static str] {
    match station.kind {
        Kind::Publisher | Kind::Subscriber => &["CallManager-trust", PHONE_TRUST, TOMCAT_TRUST],
        Kind::Finesse(_) => &[TOMCAT_TRUST],
    }
}
