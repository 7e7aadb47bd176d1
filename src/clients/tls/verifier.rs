//! The check of one endpoint's certificate during the handshake.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};

use super::doubts::doubts;
use super::{PeerCertificate, Trust, fingerprint};
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

/// A certificate that is not trusted, with all that is needed to ask a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The endpoint as the playbook names it.
    pub endpoint: Endpoint,
    /// What the server showed.
    pub peer: PeerCertificate,
    /// True: the endpoint has a pin and this is not it. False: never seen.
    pub changed: bool,
    /// Why the roots do not vouch for it.
    pub why: String,
    /// Who signed it, where neither the server sends that authority's certificate nor anything here knows it.
    pub unsent: Option<String>,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.changed { "has changed" } else { "is unknown" };
        write!(f, "the certificate of {} {state}: {}", self.endpoint, self.peer.fingerprint_text())
    }
}

impl std::error::Error for Rejection {}

impl Rejection {
    /// The line to add to a playbook's `tls.pins`.
    pub fn pin_line(&self) -> String {
        format!("\"{}\": [\"{}\"]", self.endpoint, self.peer.fingerprint_text())
    }

    fn next(&self) -> String {
        let pin = format!(
            "compare the fingerprint with the server's, then add under tls.pins: {}",
            self.pin_line()
        );
        match &self.unsent {
            None => pin,
            Some(authority) => format!(
                "if {authority} is an intermediate authority, let the server send it: upload it to the server's tomcat-trust, \
                 then the signed certificate as tomcat again, and restart its Tomcat; if it is a root, name its file \
                 under tls.ca_files; or {pin}"
            ),
        }
    }

    /// As every layer reports it: refused (5) when unknown, failed (1) when a known pin changed.
    pub fn trouble(&self) -> Trouble {
        let shown = format!(
            "{}; it shows {}, subject {}, valid {} to {}",
            self.why,
            self.peer.fingerprint_text(),
            self.peer.subject,
            self.peer.not_before,
            self.peer.not_after
        );
        if self.changed {
            Trouble::new(
                "certificate-changed",
                Outcome::Failed,
                "the server shows another certificate than the pinned one",
            )
            .at(self.endpoint.to_string())
            .because(shown)
            .then(format!(
                "ask whoever runs it whether it was renewed; only then forget the old one: `ippactl trust remove {}` where it \
                 was accepted at a terminal, or in the playbook's tls.pins: {}",
                self.endpoint,
                self.pin_line()
            ))
        } else {
            Trouble::new(
                "certificate-unknown",
                Outcome::Refused,
                "the server's certificate is not known",
            )
            .at(self.endpoint.to_string())
            .because(shown)
            .then(self.next())
        }
    }
}

impl Trust {
    /// A TLS client configuration for this endpoint alone. HTTP/1.1 only, no session data shared with others.
    ///
    /// # Errors
    /// When the TLS library refuses its own defaults.
    pub fn client_config(&self, endpoint: &Endpoint) -> Result<ClientConfig, Trouble> {
        let verifier = self.verifier(endpoint)?;
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&verifier.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // an address is not sent as a server name, whatever the connection really goes to
        config.enable_sni = endpoint.host.parse::<std::net::IpAddr>().is_err();
        Ok(config)
    }

    /// What judges the certificate of this endpoint.
    pub(super) fn verifier(&self, endpoint: &Endpoint) -> Result<EndpointVerifier, Trouble> {
        let provider = Arc::new(crypto::ring::default_provider());
        let roots = if self.roots.is_empty() {
            None
        } else {
            let built = WebPkiServerVerifier::builder_with_provider(
                Arc::clone(&self.roots),
                Arc::clone(&provider),
            )
            .build()
            .map_err(|error| broken(error.to_string()))?;
            Some(built)
        };
        let name = ServerName::try_from(endpoint.host.clone())
            .map_err(|_| broken(format!("{} is not a host name or address", endpoint.host)))?;
        let (endpoint, trust) = (endpoint.clone(), self.clone());
        Ok(EndpointVerifier { endpoint, name, trust, roots, provider })
    }
}

fn broken(why: impl Into<String>) -> Trouble {
    Trouble::new("tls-unusable", Outcome::Failed, "TLS cannot be set up").because(why)
}

/// The rejection in an error of the TLS library; `None` when it is another error.
pub(in crate::clients) fn rejection(error: &rustls::Error) -> Option<&Rejection> {
    if let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error {
        other.0.downcast_ref::<Rejection>()
    } else {
        None
    }
}

/// Certificate checks for one endpoint. `name` is the playbook's name, also when the connection goes elsewhere.
#[derive(Debug)]
pub(super) struct EndpointVerifier {
    endpoint: Endpoint,
    name: ServerName<'static>,
    trust: Trust,
    roots: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl EndpointVerifier {
    /// Whether an authority that is trusted vouches for it with what was sent, whatever is pinned; the error is empty
    /// where no authority is trusted.
    pub(super) fn vouched(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Option<rustls::Error>> {
        let roots = self.roots.as_ref().ok_or(None)?;
        let name = &self.name;
        roots.verify_server_cert(end_entity, intermediates, name, ocsp_response, now).map_err(Some)
    }
}

impl ServerCertVerifier for EndpointVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let refused = match self.vouched(end_entity, intermediates, ocsp_response, now) {
            Ok(verified) => return Ok(verified),
            Err(refused) => refused,
        };
        let sha256 = fingerprint(end_entity);
        let pins = self.trust.pins_of(&self.endpoint);
        if pins.contains(&sha256) || self.trust.anywhere.contains(&sha256) {
            tracing::debug!(endpoint = %self.endpoint, "certificate accepted by its pin");
            self.trust.doubts.note(&self.endpoint, &doubts(end_entity, &self.name, now));
            return Ok(ServerCertVerified::assertion());
        }
        let Some(peer) = PeerCertificate::from_der(end_entity) else {
            return Err(CertificateError::BadEncoding.into());
        };
        let unsent = refused
            .as_ref()
            .is_none_or(unknown_issuer)
            .then(|| unsent(&peer, intermediates))
            .flatten();
        let mut reasons = vec![match (&unsent, &refused) {
            (Some(authority), _) => format!(
                "{authority} signed it, whose certificate the server does not send and nothing here knows: its chain is incomplete"
            ),
            (None, Some(error)) => in_words(error),
            (None, None) => "no root certificates are in use".to_owned(),
        }];
        for doubt in doubts(end_entity, &self.name, now) {
            if !reasons.contains(&doubt) {
                reasons.push(doubt);
            }
        }
        let why = reasons.join("; ");
        let (endpoint, changed) = (self.endpoint.clone(), !pins.is_empty());
        let rejection = Rejection { endpoint, peer, changed, why, unsent };
        Err(CertificateError::Other(OtherError(Arc::new(rejection))).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn unknown_issuer(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

/// Who signed it, where nothing of that name is among what was sent.
fn unsent(leaf: &PeerCertificate, sent: &[CertificateDer<'_>]) -> Option<String> {
    let issuer = |der: &CertificateDer<'_>| {
        PeerCertificate::from_der(der).is_some_and(|one| one.subject == leaf.issuer)
    };
    (!leaf.self_signed && !sent.iter().any(issuer)).then(|| leaf.issuer.clone())
}

/// Why no authority vouches for it, for a person.
fn in_words(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(why) = error else { return error.to_string() };
    if matches!(why, CertificateError::UnknownIssuer) {
        "no authority that is trusted here signed it".to_owned()
    } else if matches!(why, CertificateError::Expired | CertificateError::ExpiredContext { .. }) {
        "it has expired".to_owned()
    } else if matches!(why, CertificateError::Other(_)) {
        // webpki's only word here is CaUsedAsEndEntity: self-signed with CA:TRUE, as VOS makes them before 15SU3.
        "it is its own authority (CA:TRUE), so no root can vouch for it: it has to be pinned"
            .to_owned()
    } else {
        error.to_string()
    }
}
