//! The embedded cluster on loopback: a CUCM publisher (AXL, `authenticate.jsp`, `RisPort`), one or two Finesse nodes
//! (REST, phone servlet), where there is single sign-on the services behind it, the platform shell of each over SSH and its web services on port 443, and a control port.
//!
//! It shares no code with the clients: they meet on the wire. Its state is one SQLite database under the vendor's
//! table and column names ([`state`]); requests are held to the vendor's schema ([`schema`]); operations
//! ([`axl`]) and SQL ([`sql`]) work on the same tables. [`control`] is for tests, demos and the simulated
//! administrator.

pub mod accept;
pub mod authenticate;
pub mod axl;
pub mod clock;
pub mod control;
pub mod crafted;
pub mod dump;
pub mod events;
pub mod exchange;
pub mod faults;
pub mod finesse;
pub mod follow;
pub mod from;
pub mod key_folder;
pub mod ledger;
pub mod menus;
pub mod notifications;
pub mod operator;
pub mod options;
pub mod pace;
pub mod patch;
pub mod phones;
pub mod platform;
pub mod questions;
pub mod record;
pub mod ris;
pub mod running;
pub mod schema;
pub mod serve;
pub mod session;
pub mod settings;
pub mod site;
pub mod soap;
pub mod sql;
pub mod sso;
pub mod state;
pub mod tls;
pub mod versions;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use russh::keys::PrivateKey;
use tokio::sync::oneshot;

use crate::outcome::Outcome;
use crate::playbook::deployment::Endpoint;
use crate::trouble::Trouble;
use finesse::cluster::Side;
use options::FinesseNode;
use platform::{Kind, Station};
use tls::profile::Profiles;

pub use options::{
    Account, Administrator, FinesseOptions, PlatformAccount, Product, Role, SandboxOptions,
    SignOnHosts, Times,
};
pub use running::Running;

/// A listener that has not begun to serve.
enum Waiting {
    Finesse(TcpListener, tls::Door, Side, Endpoint),
    Cucm(TcpListener, tls::Door, Station),
    Shell(TcpListener, Box<PrivateKey>, Station),
    Tvs(TcpListener, SocketAddr, String),
    Web(TcpListener, tls::Door, Station),
    SignOn(TcpListener, tls::Door, sso::serve::Part, String),
}

/// Listeners and what their users must know of them, as they come into being.
struct Opening<'a> {
    database: &'a Connection,
    listen: IpAddr,
    waiting: Vec<Waiting>,
    connect_to: BTreeMap<Endpoint, SocketAddr>,
    pins: BTreeMap<Endpoint, [u8; 32]>,
    host_keys: BTreeMap<Endpoint, platform::host_key::HostKey>,
    profiles: &'a Profiles,
    root: Option<String>,
    certificates: BTreeMap<Endpoint, String>,
    doors: BTreeMap<String, Vec<tls::Door>>,
    shell_key: Option<PrivateKey>,
    keys: Option<&'a Path>,
}

impl Opening<'_> {
    fn bound(&mut self, endpoint: &Endpoint) -> Result<TcpListener, Trouble> {
        let (listener, address) = serve::bind(self.listen).map_err(|e| unable(self.listen, &e))?;
        self.connect_to.insert(endpoint.clone(), address);
        Ok(listener)
    }

    fn identity(&mut self, endpoint: &Endpoint) -> Result<tls::Identity, Trouble> {
        let profile = self.profiles.of(&endpoint.host);
        let identity =
            tls::Identity::kept_or_new(self.database, self.keys, &endpoint.host, profile)?;
        self.pins.insert(endpoint.clone(), identity.sha256());
        self.certificates.insert(endpoint.clone(), identity.certificate_pem.clone());
        self.root = self.root.take().or_else(|| identity.root().map(str::to_owned));
        Ok(identity)
    }

    /// What takes handshakes for this node.
    fn door(&mut self, host: &str, identity: &tls::Identity) -> Result<tls::Door, Trouble> {
        let door = identity.door()?;
        self.doors.entry(host.to_owned()).or_default().push(door.clone());
        Ok(door)
    }

    fn finesse(&mut self, side: Side, node: &FinesseNode) -> Result<(), Trouble> {
        let identity = self.identity(&node.api())?;
        let listener = self.bound(&node.api())?;
        let door = self.door(&node.host, &identity)?;
        self.waiting.push(Waiting::Finesse(listener, door, side, node.api()));
        self.web(Kind::Finesse(side), &node.host, &identity)?;
        self.shell(Kind::Finesse(side), &node.ssh())
    }

    /// A node of CUCM beside the publisher.
    fn subscriber(&mut self, host: &str, (port, ssh): (u16, Option<u16>)) -> Result<(), Trouble> {
        let of = |port| Endpoint { host: host.to_owned(), port };
        let identity = self.identity(&of(port))?;
        let listener = self.bound(&of(port))?;
        let door = self.door(host, &identity)?;
        let station = Station { host: host.to_owned(), kind: Kind::Subscriber };
        self.waiting.push(Waiting::Cucm(listener, door, station));
        self.web(Kind::Subscriber, host, &identity)?;
        ssh.map_or(Ok(()), |port| self.shell(Kind::Subscriber, &of(port)))
    }

    /// The Trust Verification Service of a CUCM node.
    fn tvs(&mut self, host: &str) -> Result<(), Trouble> {
        let endpoint = Endpoint { host: host.to_owned(), port: platform::tvs::PORT };
        let listener = self.bound(&endpoint)?;
        let address = listener.local_addr().map_err(|error| unable(self.listen, &error))?;
        self.waiting.push(Waiting::Tvs(listener, address, host.to_owned()));
        Ok(())
    }

    /// Port 443, unless something else was put there.
    fn web(&mut self, kind: Kind, host: &str, identity: &tls::Identity) -> Result<(), Trouble> {
        let endpoint = Endpoint { host: host.to_owned(), port: 443 };
        if self.connect_to.contains_key(&endpoint) {
            return Ok(());
        }
        let listener = self.bound(&endpoint)?;
        self.pins.insert(endpoint.clone(), identity.sha256());
        self.certificates.insert(endpoint, identity.certificate_pem.clone());
        let station = Station { host: host.to_owned(), kind };
        let door = self.door(host, identity)?;
        self.waiting.push(Waiting::Web(listener, door, station));
        Ok(())
    }

    /// A host of single sign-on.
    fn sign_on(&mut self, part: sso::serve::Part, endpoint: &Endpoint) -> Result<(), Trouble> {
        let identity = self.identity(endpoint)?;
        let listener = self.bound(endpoint)?;
        let door = self.door(&endpoint.host, &identity)?;
        self.waiting.push(Waiting::SignOn(listener, door, part, endpoint.host.clone()));
        Ok(())
    }

    fn sign_ons(&mut self, hosts: &SignOnHosts) -> Result<(), Trouble> {
        self.sign_on(sso::serve::Part::Ids, &hosts.ids)?;
        for provider in &hosts.idp {
            self.sign_on(sso::serve::Part::Idp, provider)?;
        }
        self.sign_on(sso::serve::Part::Stranger, &hosts.stranger)
    }

    fn shell(&mut self, kind: Kind, endpoint: &Endpoint) -> Result<(), Trouble> {
        // A key takes long to make: subscribers have the publisher's.
        let key = match self.shell_key.clone().filter(|_| kind == Kind::Subscriber) {
            Some(key) => key,
            None => platform::host_key::kept_or_new(self.database, self.keys, endpoint)?,
        };
        if kind == Kind::Publisher {
            self.shell_key = Some(key.clone());
        }
        let public = platform::host_key::public(&key, endpoint)?;
        self.host_keys.insert(endpoint.clone(), public);
        let listener = self.bound(endpoint)?;
        let station = Station { host: endpoint.host.clone(), kind };
        self.waiting.push(Waiting::Shell(listener, Box::new(key), station));
        Ok(())
    }
}

fn unable(listen: IpAddr, error: &std::io::Error) -> Trouble {
    Trouble::new("sandbox-start-failed", Outcome::Failed, "the sandbox cannot be started")
        .at(listen.to_string())
        .because(error.to_string())
        .then("check that the address exists on this machine")
}

/// Starts a cluster on its own thread with its own runtime.
///
/// # Errors
/// `sandbox-answer-unknown`, `sandbox-state-unusable`, `sandbox-certificate-failed`, `sandbox-host-key-failed`, `sandbox-start-failed`.
pub fn start(mut options: SandboxOptions) -> Result<Running, Trouble> {
    let database = state::open(&options)?;
    if options.from.is_some() {
        options.subscribers = from::subscribers(&database, &options.publisher.host);
    }
    let listen = options.listen;
    let trouble = |error: std::io::Error| unable(listen, &error);
    let mut opening = Opening {
        database: &database,
        listen,
        waiting: Vec::new(),
        connect_to: BTreeMap::new(),
        pins: BTreeMap::new(),
        host_keys: BTreeMap::new(),
        profiles: &options.tls,
        root: None,
        certificates: BTreeMap::new(),
        doors: BTreeMap::new(),
        shell_key: None,
        keys: options.keys.as_deref(),
    };
    let identity = Arc::new(opening.identity(&options.publisher)?);
    let door = opening.door(&options.publisher.host, &identity)?;
    let axl_listener = opening.bound(&options.publisher)?;
    opening.web(Kind::Publisher, &options.publisher.host, &identity)?;
    opening.finesse(Side::Primary, &options.finesse.primary)?;
    if let Some(secondary) = &options.finesse.secondary {
        opening.finesse(Side::Secondary, secondary)?;
    }
    if let Some(hosts) = &options.sso {
        opening.sign_ons(hosts)?;
    }
    if let Some(endpoint) = &options.publisher_ssh {
        opening.shell(Kind::Publisher, endpoint)?;
    }
    let ports = (options.publisher.port, options.publisher_ssh.as_ref().map(|own| own.port));
    for host in &options.subscribers {
        opening.subscriber(host, ports)?;
    }
    for host in options.cucm_hosts() {
        opening.tvs(host)?;
    }
    let Opening { waiting, connect_to, pins, host_keys, root, certificates, doors, .. } = opening;
    let axl = axl_listener.local_addr().map_err(trouble)?;
    let answers = options.answers.clone();
    let site = Arc::new(site::Site::new(options, database)?);
    site.front().doors = doors;
    platform::exchange::begin(&site)?;
    for (question, answer) in &answers {
        questions::play(&site, question, answer).map_err(|why| {
            Trouble::new("sandbox-answer-unknown", Outcome::Usage, "the sandbox has no such answer")
                .at(format!("--answer {question}={answer}"))
                .because(why)
        })?;
    }
    let (control_listener, control) =
        serve::bind(IpAddr::V4(Ipv4Addr::LOCALHOST)).map_err(trouble)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(trouble)?;
    let publisher = Station { host: site.options.publisher.host.clone(), kind: Kind::Publisher };
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("sandbox".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                for one in waiting {
                    drop(tokio::spawn(serve_one(one, Arc::clone(&site))));
                }
                tokio::select! {
                    // Errors after binding end the sandbox; its clients see refused connections.
                    _ended = serve::cucm(axl_listener, door, publisher, Arc::clone(&site)) => {}
                    _ended = serve::control(control_listener, site) => {}
                    _told = stopped => {}
                }
            });
        })
        .map_err(trouble)?;
    let (stop, thread) = (Some(stop), Some(thread));
    Ok(Running {
        axl,
        control,
        identity,
        root,
        certificates,
        connect_to,
        pins,
        host_keys,
        stop,
        thread,
    })
}

async fn serve_one(waiting: Waiting, cluster: Arc<site::Site>) -> std::io::Result<()> {
    match waiting {
        Waiting::Finesse(listener, door, side, name) => {
            finesse::serve::node(listener, door, (side, name), cluster).await
        }
        Waiting::Cucm(listener, door, station) => {
            serve::cucm(listener, door, station, cluster).await
        }
        Waiting::Tvs(listener, address, host) => {
            platform::tvs::serve(listener, address, &host, &cluster).await
        }
        Waiting::Shell(listener, key, station) => {
            platform::serve::shell(listener, *key, station, cluster).await
        }
        Waiting::SignOn(listener, door, part, name) => {
            sso::serve::host(listener, door, (part, name), cluster).await
        }
        Waiting::Web(listener, door, station) => {
            platform::web::serve::node(listener, door, station, cluster).await
        }
    }
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
