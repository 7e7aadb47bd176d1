//! What a server presents in a handshake, whether or not it is trusted. Nothing is sent over such a connection: it ends
//! with the handshake.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::verifier::EndpointVerifier;
use super::{ConnectMap, HandshakeRefusal, Trust};
use crate::clients::certificate::Certificate;
use crate::playbook::Endpoint;

/// Which kind of certificate is asked for. A server that has both serves what the client's signatures allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// RSA alone.
    Rsa,
    /// ECDSA alone.
    Ecdsa,
}

impl Offer {
    fn has(self, scheme: SignatureScheme) -> bool {
        let ecdsa = matches!(
            scheme,
            SignatureScheme::ECDSA_NISTP256_SHA256
                | SignatureScheme::ECDSA_NISTP384_SHA384
                | SignatureScheme::ECDSA_NISTP521_SHA512
                | SignatureScheme::ED25519
                | SignatureScheme::ED448
        );
        (self == Self::Ecdsa) == ecdsa
    }
}

/// What was presented.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The leaf.
    pub leaf: Certificate,
    /// What was sent behind it.
    pub others: Vec<Certificate>,
    /// An authority that is trusted here vouches for it with what was sent, whatever is pinned.
    pub vouched: bool,
    /// Why it would not be trusted for a connection; `None` when it would.
    pub distrust: Option<Distrust>,
}

/// Why a certificate would not be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distrust {
    /// The endpoint has a pin, and this is not it.
    pub changed: bool,
    /// In words.
    pub why: String,
}

/// Why nothing was presented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPresented {
    /// The server has no certificate of the kind that was asked for, or nothing in common with this tool.
    #[error("{0}")]
    Refused(HandshakeRefusal),
    /// No connection, no TLS, or no certificate that can be read.
    #[error("{0}")]
    Unreadable(String),
}

/// A handshake with this server.
///
/// # Errors
/// [`NotPresented`].
pub async fn presented(
    trust: &Trust,
    connect_map: &ConnectMap,
    endpoint: &Endpoint,
    offer: Offer,
    limit: Duration,
) -> Result<Presented, NotPresented> {
    let unreadable = |why: String| NotPresented::Unreadable(why);
    let inner = trust.verifier(endpoint).map_err(|trouble| unreadable(trouble.why))?;
    let seen = Arc::new(Mutex::new(None));
    let name = ServerName::try_from(endpoint.host.clone())
        .map_err(|_| unreadable(format!("{} is no host name or address", endpoint.host)))?;
    let provider = Arc::new(crypto::ring::default_provider());
    let recorder = Recorder { inner, offer, seen: Arc::clone(&seen) };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unreadable(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(recorder))
        .with_no_client_auth();
    config.enable_sni = endpoint.host.parse::<std::net::IpAddr>().is_err();
    let stream = connected(connect_map, endpoint, limit).await.map_err(unreadable)?;
    let connector = TlsConnector::from(Arc::new(config));
    let shaken = timeout(limit, connector.connect(name, stream)).await;
    let failed = match shaken {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(why(&error)),
        Err(_) => Some(unreadable("the handshake does not end".to_owned())),
    };
    // A handshake that fails after the certificate was not one with who holds its key.
    match (failed, seen.lock().unwrap_or_else(PoisonError::into_inner).take()) {
        (None, Some(presented)) => Ok(presented),
        (None, None) => Err(unreadable("it shows no certificate that can be read".to_owned())),
        (Some(error), _) => Err(error),
    }
}

/// A TCP connection to where this endpoint really is.
///
/// # Errors
/// The network's words.
pub async fn connected(
    connect_map: &ConnectMap,
    endpoint: &Endpoint,
    limit: Duration,
) -> Result<TcpStream, String> {
    let place = connect_map.get(endpoint).unwrap_or(endpoint);
    match timeout(limit, TcpStream::connect((place.host.as_str(), place.port))).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no connection in time".to_owned()),
    }
}

fn why(error: &io::Error) -> NotPresented {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls.and_then(HandshakeRefusal::read) {
        Some(refusal) => NotPresented::Refused(refusal),
        None => NotPresented::Unreadable(error.to_string()),
    }
}

/// Notes what it is shown and what would be said of it, and lets the handshake go on; that the server holds the key is
/// checked as always.
#[derive(Debug)]
struct Recorder {
    inner: EndpointVerifier,
    offer: Offer,
    seen: Arc<Mutex<Option<Presented>>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let vouched = self.inner.vouched(end_entity, intermediates, ocsp_response, now).is_ok();
        let judged = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let distrust = judged.err().map(|error| {
            super::verifier::rejection(&error).map_or_else(
                || Distrust { changed: false, why: error.to_string() },
                |rejection| Distrust { changed: rejection.changed, why: rejection.why.clone() },
            )
        });
        if let Some(leaf) = Certificate::from_der(end_entity) {
            let others =
                intermediates.iter().filter_map(|der| Certificate::from_der(der)).collect();
            let presented = Presented { leaf, others, vouched, distrust };
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(presented);
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let all = self.inner.supported_verify_schemes();
        all.into_iter().filter(|scheme| self.offer.has(*scheme)).collect()
    }
}
