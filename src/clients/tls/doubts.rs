//! What speaks against a certificate beside its chain: its time and its names. For a pinned one these are warnings, for
//! another they are reasons.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::PeerCertificate;
use crate::playbook::Endpoint;

/// Warnings about certificates that were accepted by their pins, each endpoint's last. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Doubts(Arc<Mutex<BTreeMap<Endpoint, String>>>);

impl Doubts {
    /// Notes them; nothing when there are none.
    pub(super) fn note(&self, endpoint: &Endpoint, doubts: &[String]) {
        if !doubts.is_empty() {
            let text = format!(
                "the certificate of {endpoint} is accepted by its pin, although {}; others will refuse it",
                doubts.join(", and ")
            );
            let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            noted.insert(endpoint.clone(), text);
        }
    }

    /// Takes what was noted.
    pub(super) fn take(&self) -> Vec<String> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *noted).into_values().collect()
    }
}

/// What is wrong with it now and for this name, each as a sentence without a full stop.
pub(super) fn doubts(
    certificate: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Vec<String> {
    let mut doubts = Vec::new();
    let Some(peer) = PeerCertificate::from_der(certificate) else { return doubts };
    if let Ok((_, parsed)) = X509Certificate::from_der(certificate) {
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        if now > parsed.validity().not_after.timestamp() {
            doubts.push(format!("it has expired on {}", peer.not_after));
        }
        if now < parsed.validity().not_before.timestamp() {
            doubts.push(format!("it is not valid before {}", peer.not_before));
        }
    }
    let parsed = ParsedCertificate::try_from(certificate);
    let fits = parsed.and_then(|parsed| verify_server_name(&parsed, name));
    if fits.is_err() {
        let names =
            if peer.names.is_empty() { "no name".to_owned() } else { peer.names.join(", ") };
        doubts.push(format!("it is made out to {names} and not to {}", name.to_str()));
    }
    doubts
}
