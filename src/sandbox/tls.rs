//! The TLS side of a node: an identity shaped by its profile and kept with the state, and the door that it opens.

mod certificates;
mod narrow;
pub mod profile;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension, params};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::key_folder;
use crate::outcome::Outcome;
use crate::trouble::Trouble;
use certificates::Authority;
use narrow::Narrow;
use profile::Profile;

/// A certificate with its key.
#[derive(Debug)]
pub struct Identity {
    /// The certificate, PEM, with the intermediate authority's behind it where there is one.
    pub certificate_pem: String,
    key_pem: String,
    chain: Vec<CertificateDer<'static>>,
    profile: Profile,
    root: Option<String>,
}

/// Takes a connection's handshake. Its copies open the same way, also after a change.
#[derive(Clone)]
pub struct Door(Arc<RwLock<Way>>);

/// What happens to a handshake.
#[derive(Clone)]
enum Way {
    /// Whoever speaks what it speaks comes in.
    Open(TlsAcceptor),
    /// Nobody comes in; the client is told why not.
    Narrow(Narrow),
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

impl Door {
    /// The connection behind the handshake; `None` when it broke off, whoever did it.
    pub async fn open(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let way = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        match way {
            Way::Open(acceptor) => acceptor.accept(stream).await.ok(),
            Way::Narrow(narrow) => {
                narrow.refuse(stream).await;
                None
            }
        }
    }

    /// From now on this identity is shown.
    ///
    /// # Errors
    /// `sandbox-certificate-failed`.
    pub fn change(&self, to: &Identity) -> Result<(), Trouble> {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = to.way()?;
        Ok(())
    }
}

fn trouble(error: impl fmt::Display) -> Trouble {
    Trouble::new("sandbox-certificate-failed", Outcome::Failed, "the sandbox has no certificate")
        .because(error.to_string())
        .then("delete the sandbox's state file, or name another one")
}

fn kept(db: &Connection, name: &str) -> Result<Option<String>, Trouble> {
    let sql = "select value from sandbox_keeping where name = ?1";
    db.query_row(sql, [name], |row| row.get(0)).optional().map_err(trouble)
}

fn keep(db: &Connection, name: &str, value: &str) -> Result<(), Trouble> {
    let sql = "insert or replace into sandbox_keeping (name, value) values (?1, ?2)";
    db.execute(sql, params![name, value]).map(drop).map_err(trouble)
}

/// The cluster's authority: the kept one, or a new one.
fn authority(db: &Connection) -> Result<Authority, Trouble> {
    let [root, intermediate, key] = ["authority root", "authority intermediate", "authority key"];
    if let (Some(root), Some(intermediate), Some(key)) =
        (kept(db, root)?, kept(db, intermediate)?, kept(db, key)?)
    {
        return Ok(Authority { root, intermediate, key });
    }
    let made = Authority::new().map_err(trouble)?;
    keep(db, root, &made.root)?;
    keep(db, intermediate, &made.intermediate)?;
    keep(db, key, &made.key)?;
    Ok(made)
}

/// A certificate of that name that belongs to no node, PEM. It begins later than a node's first one.
///
/// # Errors
/// `sandbox-certificate-failed`.
pub fn stranger(name: &str) -> Result<String, Trouble> {
    let key = certificates::key(Profile::Ecdsa).map_err(trouble)?;
    certificates::made(Profile::Ecdsa, name, None, true, &key).map_err(trouble)
}

/// An RSA key that signs something else than connections, PKCS #8.
///
/// # Errors
/// `sandbox-certificate-failed`.
pub fn signing_key(keys: Option<&Path>) -> Result<Vec<u8>, Trouble> {
    let pem = key_folder::kept_or_new(keys, "tokens", || {
        Ok(certificates::key(Profile::SelfSigned)?.serialize_pem())
    });
    let key = PrivateKeyDer::from_pem_slice(pem.map_err(trouble)?.as_bytes()).map_err(trouble)?;
    Ok(key.secret_der().to_vec())
}

impl Identity {
    /// The identity kept in the state for this host and profile, or a new one, which is then kept; its RSA key is that of
    /// the folder of keys.
    ///
    /// # Errors
    /// `sandbox-certificate-failed`.
    pub fn kept_or_new(
        db: &Connection,
        keys: Option<&Path>,
        host: &str,
        profile: Profile,
    ) -> Result<Self, Trouble> {
        Self::kept_or(db, keys, host, (profile, false))
    }

    /// A new identity of this host and profile, kept in place of the old one. It begins later than that.
    ///
    /// # Errors
    /// `sandbox-certificate-failed`.
    pub fn renewed(db: &Connection, host: &str, profile: Profile) -> Result<Self, Trouble> {
        Self::kept_or(db, None, host, (profile, true))
    }

    fn kept_or(
        db: &Connection,
        keys: Option<&Path>,
        host: &str,
        (profile, anew): (Profile, bool),
    ) -> Result<Self, Trouble> {
        let of = |what: &str| {
            if profile == Profile::SelfSigned {
                return format!("{what} {host}");
            }
            format!("{what} {} {host}", profile.name())
        };
        let authority = profile.ca_signed().then(|| authority(db)).transpose()?;
        let found = kept(db, &of("certificate"))?.zip(kept(db, &of("key"))?).filter(|_| !anew);
        let (certificate_pem, key_pem) = if let Some(found) = found {
            found
        } else {
            let key = if profile.ecdsa() {
                certificates::key(profile)
            } else {
                key_folder::kept_or_new(keys, &of("tls"), || {
                    Ok(certificates::key(profile)?.serialize_pem())
                })
                .and_then(|pem| certificates::rsa_key(&pem))
            };
            let key = key.map_err(trouble)?;
            let made = certificates::made(profile, host, authority.as_ref(), anew, &key);
            let made = (made.map_err(trouble)?, key.serialize_pem());
            keep(db, &of("certificate"), &made.0)?;
            keep(db, &of("key"), &made.1)?;
            made
        };
        let chain = CertificateDer::pem_slice_iter(certificate_pem.as_bytes());
        let chain = chain.collect::<Result<Vec<_>, _>>().map_err(trouble)?;
        let root = authority.map(|authority| authority.root);
        Ok(Self { certificate_pem, key_pem, chain, profile, root })
    }

    /// The root of the authority that signed it, PEM.
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// SHA-256 of the certificate's DER.
    pub fn sha256(&self) -> [u8; 32] {
        let leaf = self.chain.first().map(AsRef::as_ref).unwrap_or_default();
        let digest = ring::digest::digest(&ring::digest::SHA256, leaf);
        let mut out = [0; 32];
        out.copy_from_slice(digest.as_ref());
        out
    }

    /// The TLS side of a listener.
    ///
    /// # Errors
    /// `sandbox-certificate-failed`.
    pub fn door(&self) -> Result<Door, Trouble> {
        Ok(Door(Arc::new(RwLock::new(self.way()?))))
    }

    fn way(&self) -> Result<Way, Trouble> {
        let mut provider: CryptoProvider = rustls::crypto::ring::default_provider();
        if self.profile == Profile::RsaKeyExchangeOnly {
            return Ok(Way::Narrow(Narrow::RsaKeyExchange));
        }
        if self.profile == Profile::Tls10Only {
            return Ok(Way::Narrow(Narrow::Tls10));
        }
        if let Profile::OneSuite(only) = self.profile {
            provider.cipher_suites.retain(|own| own.suite() == only);
        }
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).map_err(trouble)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&self.profile.versions())
            .map_err(trouble)?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), key)
            .map_err(trouble)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Way::Open(TlsAcceptor::from(Arc::new(config))))
    }
}
