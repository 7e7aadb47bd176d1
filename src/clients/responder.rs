//! A throw-away HTTPS responder for the tests of these clients: a certificate, a port, a closure.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::http::{Http, HttpSettings};
use super::tls::{ConnectMap, Trust};
use crate::playbook::Endpoint;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) sni: Option<String>,
    /// Request line and headers; header names in lower case.
    pub(super) head: Vec<String>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.head.iter().find_map(|line| line.strip_prefix(prefix.as_str()))
    }
}

/// What to do with a request.
pub(super) enum Reply {
    /// A complete answer.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes as they are, then the connection is closed.
    Raw(Vec<u8>),
    /// Nothing for this long, then the connection is closed.
    Silence(Duration),
}

impl Reply {
    pub(super) fn text(status: u16, body: impl Into<String>) -> Self {
        Self::Whole(status, Vec::new(), body.into().into_bytes())
    }
}

pub(super) struct Identity {
    pub(super) pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
}

impl Identity {
    /// Self-signed and CA:TRUE, like CUCM's before 15SU3.
    pub(super) fn self_signed(name: &str) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let chain = vec![certificate.der().clone()];
        Self { pem: certificate.pem(), chain, key: key.serialize_der() }
    }

    /// Signed by a CA; `pem` is the CA's.
    pub(super) fn ca_signed(name: &str) -> Self {
        let mut ca = CertificateParams::new(Vec::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.distinguished_name.push(DnType::CommonName, "Corporate CA");
        let ca_key = KeyPair::generate().unwrap();
        let pem = ca.self_signed(&ca_key).unwrap().pem();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let issuer = rcgen::Issuer::new(ca, ca_key);
        let certificate = params.signed_by(&key, &issuer).unwrap();
        Self { pem, chain: vec![certificate.der().clone()], key: key.serialize_der() }
    }

    pub(super) fn sha256(&self) -> [u8; 32] {
        super::tls::fingerprint(&self.chain[0])
    }
}

pub(super) struct Responder {
    pub(super) address: SocketAddr,
    pub(super) seen: Arc<Mutex<Vec<Seen>>>,
}

impl Responder {
    /// Answers until the test's runtime ends. The closure gets the request and how many came before it.
    pub(super) async fn start(
        identity: &Identity,
        answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.clone()));
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(identity.chain.clone(), key)
                .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (acceptor, log, answer) =
                    (acceptor.clone(), Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    let Ok(mut tls) = acceptor.accept(tcp).await else { return };
                    let sni = tls.get_ref().1.server_name().map(str::to_owned);
                    while let Some((head, body)) = receive(&mut tls).await {
                        let request = Seen { sni: sni.clone(), head, body };
                        let before = {
                            let mut log = log.lock().unwrap();
                            log.push(request.clone());
                            log.len() - 1
                        };
                        match answer(&request, before) {
                            Reply::Whole(status, headers, body) => {
                                let headers: String = headers
                                    .iter()
                                    .map(|(name, value)| [*name, ": ", value, "\r\n"].concat())
                                    .collect();
                                let length = body.len();
                                let text = format!(
                                    "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n"
                                );
                                if tls.write_all(text.as_bytes()).await.is_err()
                                    || tls.write_all(&body).await.is_err()
                                {
                                    return;
                                }
                            }
                            Reply::Raw(bytes) => {
                                drop(tls.write_all(&bytes).await);
                                drop(tls.shutdown().await);
                                return;
                            }
                            Reply::Silence(length) => {
                                tokio::time::sleep(length).await;
                                return;
                            }
                        }
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub(super) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    pub(super) fn request(&self, index: usize) -> Seen {
        self.seen.lock().unwrap()[index].clone()
    }

    /// `name` leads here.
    pub(super) fn map(&self, name: &Endpoint) -> ConnectMap {
        let here = Endpoint { host: self.address.ip().to_string(), port: self.address.port() };
        ConnectMap::from([(name.clone(), here)])
    }

    pub(super) fn http(&self, name: &Endpoint, trust: Trust) -> Http {
        let timeout = Duration::from_secs(5);
        Http::new(HttpSettings { trust, connect_map: self.map(name), timeout })
    }
}

async fn receive(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<(Vec<String>, String)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
    };
    let head: Vec<String> = String::from_utf8_lossy(&bytes[..end])
        .split("\r\n")
        .map(|line| match line.split_once(": ") {
            Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
            None => line.to_owned(),
        })
        .collect();
    let length: usize = head
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |text| text.parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&part[..read]);
    }
    Some((head, String::from_utf8_lossy(&body).into_owned()))
}

pub(super) fn endpoint(host: &str, port: u16) -> Endpoint {
    Endpoint { host: host.to_owned(), port }
}
