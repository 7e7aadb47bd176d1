//! The embedded cluster: a CUCM publisher's AXL and `authenticate.jsp` over TLS on loopback, and a control port.
//!
//! It shares no code with the clients: they meet on the wire. Its state is one SQLite database under the vendor's
//! table and column names ([`state`]); requests are held to the vendor's schema ([`schema`]); operations
//! ([`axl`]) and SQL ([`sql`]) work on the same tables. [`control`] is for tests, demos and the simulated
//! administrator.

pub mod authenticate;
pub mod axl;
pub mod control;
pub mod dump;
pub mod exchange;
pub mod faults;
pub mod ledger;
pub mod operator;
pub mod record;
pub mod schema;
pub mod serve;
pub mod session;
pub mod settings;
pub mod site;
pub mod soap;
pub mod sql;
pub mod state;
pub mod tls;
pub mod versions;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::outcome::Outcome;
use crate::playbook::deployment::Endpoint;
use crate::trouble::Trouble;

/// What an AXL account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// All operations.
    ReadWrite,
    /// A write is answered with 401.
    ReadOnly,
    /// Everything is answered with 403.
    NoAxl,
}

/// An AXL account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Name.
    pub user: String,
    /// Password; a demo value, kept in memory only.
    pub password: String,
    /// What it may do.
    pub role: Role,
}

/// What the cluster is to be like.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// The publisher as the playbook names it; its host goes into the certificate.
    pub publisher: Endpoint,
    /// AXL accounts.
    pub accounts: Vec<Account>,
    /// A SQLite file that keeps the cluster between runs; none: memory.
    pub state: Option<PathBuf>,
    /// So many more phones `SEP5C0000000000` … with nothing subscribed.
    pub extra_phones: usize,
    /// The cluster's release; the supported AXL versions follow from it.
    pub release: String,
    /// A folder for every exchange on the AXL port.
    pub record: Option<PathBuf>,
    /// Address to listen on; the ports are chosen by the system.
    pub listen: IpAddr,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        let account = |user: &str, role| Account {
            user: user.to_owned(),
            password: format!("{user}-password"),
            role,
        };
        Self {
            publisher: Endpoint { host: "cucm-pub.example.com".to_owned(), port: 8443 },
            accounts: vec![
                account("axladmin", Role::ReadWrite),
                account("axlreader", Role::ReadOnly),
                account("nobody", Role::NoAxl),
            ],
            state: None,
            extra_phones: 0,
            release: "14.0.1.13900(155)".to_owned(),
            record: None,
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}

/// A running cluster. Dropping it ends it.
#[derive(Debug)]
pub struct Running {
    axl: SocketAddr,
    control: SocketAddr,
    identity: Arc<tls::Identity>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Where the publisher's port 8443 listens.
    pub fn axl_address(&self) -> SocketAddr {
        self.axl
    }

    /// Where the control port listens (plain HTTP, always loopback).
    pub fn control_address(&self) -> SocketAddr {
        self.control
    }

    /// SHA-256 of the certificate's DER: the pin.
    pub fn certificate_sha256(&self) -> [u8; 32] {
        self.identity.sha256()
    }

    /// The certificate as PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.identity.certificate_pem
    }

    /// Ends the cluster and waits for its thread.
    pub fn shutdown(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may be gone already; then there is nobody to tell.
            let _told: Result<(), ()> = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a cluster on its own thread with its own runtime.
///
/// # Errors
/// `sandbox-state-unusable`, `sandbox-certificate-failed`, `sandbox-start-failed`.
pub fn start(options: SandboxOptions) -> Result<Running, Trouble> {
    let database = state::open(&options)?;
    let identity = Arc::new(tls::Identity::kept_or_new(&database, &options.publisher.host)?);
    let acceptor = identity.acceptor()?;
    let listen = options.listen;
    let site = Arc::new(site::Site::new(options, database)?);
    let trouble = |error: std::io::Error| {
        Trouble::new("sandbox-start-failed", Outcome::Failed, "the sandbox cannot be started")
            .at(listen.to_string())
            .because(error.to_string())
            .then("check that the address exists on this machine")
    };
    let (axl_listener, axl) = serve::bind(listen).map_err(trouble)?;
    let (control_listener, control) =
        serve::bind(IpAddr::V4(Ipv4Addr::LOCALHOST)).map_err(trouble)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(trouble)?;
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("sandbox".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    // Errors after binding end the sandbox; its clients see refused connections.
                    _ended = serve::axl(axl_listener, acceptor, Arc::clone(&site)) => {}
                    _ended = serve::control(control_listener, site) => {}
                    _told = stopped => {}
                }
            });
        })
        .map_err(trouble)?;
    Ok(Running { axl, control, identity, stop: Some(stop), thread: Some(thread) })
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .collect()
}

/// SHA-256 as lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}
