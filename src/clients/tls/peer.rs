//! What a server's certificate says, and fetching it without trusting it.

use std::fmt;
use std::time::Duration;

use time::format_description::well_known::Rfc3339;
use x509_parser::prelude::{ASN1Time, FromDer, GeneralName, X509Certificate};

use super::{ConnectMap, Fingerprint, Trust, fingerprint, fingerprint_text};
use crate::clients::http::{Http, HttpError, HttpRequest, HttpSettings};
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

/// A certificate as it can be shown to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    /// SHA-256 of the DER.
    pub sha256: Fingerprint,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// DNS names and addresses it is made out to.
    pub names: Vec<String>,
    /// First moment of validity, RFC 3339.
    pub not_before: String,
    /// Last moment of validity, RFC 3339.
    pub not_after: String,
    /// Whether subject and issuer are the same.
    pub self_signed: bool,
}

impl PeerCertificate {
    /// Reads a DER certificate; `None` when it is none.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let names = match certificate.subject_alternative_name() {
            Ok(Some(extension)) => extension.value.general_names.iter().filter_map(name).collect(),
            Ok(None) | Err(_) => Vec::new(),
        };
        Some(Self {
            sha256: fingerprint(der),
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            names,
            not_before: moment(&certificate.validity().not_before),
            not_after: moment(&certificate.validity().not_after),
            self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        })
    }

    /// Its fingerprint as written in a playbook.
    pub fn fingerprint_text(&self) -> String {
        fingerprint_text(&self.sha256)
    }
}

impl fmt::Display for PeerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "fingerprint  {}", self.fingerprint_text())?;
        writeln!(f, "subject      {}", self.subject)?;
        if self.self_signed {
            writeln!(f, "issuer       itself (self-signed)")?;
        } else {
            writeln!(f, "issuer       {}", self.issuer)?;
        }
        writeln!(f, "names        {}", self.names.join(", "))?;
        write!(f, "valid        {} to {}", self.not_before, self.not_after)
    }
}

fn name(general: &GeneralName<'_>) -> Option<String> {
    if let GeneralName::DNSName(dns) = general {
        return Some((*dns).to_owned());
    }
    if let GeneralName::IPAddress(bytes) = general {
        if let Ok(four) = <[u8; 4]>::try_from(*bytes) {
            return Some(std::net::Ipv4Addr::from(four).to_string());
        }
        if let Ok(sixteen) = <[u8; 16]>::try_from(*bytes) {
            return Some(std::net::Ipv6Addr::from(sixteen).to_string());
        }
    }
    None
}

fn moment(time: &ASN1Time) -> String {
    time.to_datetime().format(&Rfc3339).unwrap_or_else(|_| time.to_string())
}

/// The certificate a server shows. Nothing but a TLS handshake happens, and that one is broken off.
///
/// # Errors
/// `server-unreachable` when there is no connection or no TLS.
pub async fn peer_certificate(
    endpoint: &Endpoint,
    connect_map: &ConnectMap,
    timeout: Duration,
) -> Result<PeerCertificate, Trouble> {
    let http = Http::new(HttpSettings {
        trust: Trust::nothing(),
        connect_map: connect_map.clone(),
        timeout,
    });
    match http.send(HttpRequest::get(endpoint.clone(), "/")).await {
        Err(HttpError::Certificate(rejection)) => Ok(rejection.peer),
        Err(HttpError::Handshake(refusal)) => Err(refusal.trouble(endpoint.to_string())),
        Err(error) => Err(Trouble::new(
            "server-unreachable",
            Outcome::Failed,
            "the server's certificate cannot be fetched",
        )
        .at(endpoint.to_string())
        .because(error.to_string())
        .then("check host name, port and firewall")),
        Ok(_) => Err(Trouble::new(
            "server-without-certificate",
            Outcome::Failed,
            "the server showed no certificate",
        )
        .at(endpoint.to_string())),
    }
}
