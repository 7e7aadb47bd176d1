//! What the program between is taken for: a certificate and a host key of its own; and how it meets the sandbox.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use rcgen::{CertificateParams, KeyPair};
use ring::digest::{SHA256, digest};
use russh::keys::{Algorithm, HashAlg, PrivateKey, key};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, ring::default_provider};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, ServerConfig, SignatureScheme, version::TLS12,
    version::TLS13,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Certificate, host key, and both sides of TLS.
pub(crate) struct Identity {
    /// `sha256:…` of the certificate.
    pub(crate) pin: String,
    /// `SHA256:…` of the host key.
    pub(crate) host_key_print: String,
    pub(super) host_key: PrivateKey,
    pub(super) acceptor: TlsAcceptor,
    pub(super) connector: TlsConnector,
}

/// The one of this process.
pub(crate) fn identity() -> &'static Identity {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    IDENTITY.get_or_init(made)
}

fn made() -> Identity {
    let names = ["cucm-pub.example.com", "fin-a.example.com", "fin-b.example.com"];
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(names.map(str::to_owned)).unwrap();
    let certificate = params.self_signed(&key).unwrap().der().clone();
    let mut print = "sha256:".to_owned();
    for byte in digest(&SHA256, &certificate).as_ref() {
        write!(print, "{byte:02x}").unwrap();
    }
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(default_provider());
    let mut server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS12, &TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], private)
        .unwrap();
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    let algorithms = provider.signature_verification_algorithms;
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS12, &TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Loopback(algorithms)))
        .with_no_client_auth();
    let host_key = PrivateKey::random(&mut key::safe_rng(), Algorithm::Ed25519).unwrap();
    Identity {
        pin: print,
        host_key_print: host_key.public_key().fingerprint(HashAlg::Sha256).to_string(),
        host_key,
        acceptor: TlsAcceptor::from(Arc::new(server)),
        connector: TlsConnector::from(Arc::new(client)),
    }
}

/// Takes the sandbox for what it is: it was started by this test, on loopback.
#[derive(Debug)]
struct Loopback(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Loopback {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
