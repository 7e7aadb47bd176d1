//! What the cluster is started with: names, accounts, products, releases, durations.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::finesse::knobs::AuthMode;
use super::from::Capture;
use super::pace::Pace;
use super::sso::knobs::SignOnKnobs;
use super::tls::profile::Profiles;
use crate::playbook::deployment::Endpoint;

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

/// A user with a password and nothing else: a Finesse administrator, or a reader of `RisPort`.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// Name.
    pub user: String,
    /// Password; a demo value, kept in memory only.
    pub password: String,
}

/// An account of the platform shell (facts/vos.md section 2.4).
#[derive(Debug, Clone)]
pub struct PlatformAccount {
    /// Name.
    pub user: String,
    /// Password; a demo value, kept in memory only.
    pub password: String,
    /// 0 reads, 1 also restarts services and switches the pager off, 4 does everything.
    pub level: u8,
}

/// The contact center product that Finesse belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Unified CCX: Finesse on the same nodes.
    Uccx,
    /// Unified CCE: Finesse on nodes of its own.
    Ucce,
    /// Packaged CCE: as Unified CCE.
    Pcce,
}

/// A Finesse node as playbooks name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinesseNode {
    /// Name, also in its certificate.
    pub host: String,
    /// Port of REST and servlet.
    pub api_port: u16,
    /// Port of the platform shell.
    pub ssh_port: u16,
}

impl FinesseNode {
    /// A node with the documented ports.
    pub fn named(host: &str) -> Self {
        Self { host: host.to_owned(), api_port: 8445, ssh_port: 22 }
    }

    /// Where REST and servlet answer.
    pub fn api(&self) -> Endpoint {
        Endpoint { host: self.host.clone(), port: self.api_port }
    }

    /// Where the shell answers.
    pub fn ssh(&self) -> Endpoint {
        Endpoint { host: self.host.clone(), port: self.ssh_port }
    }
}

/// Durations of Finesse, in milliseconds; a real node takes about six minutes (facts/finesse.md section 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Times {
    /// From the begin of a restart until the service list says STARTED.
    pub tomcat_started_ms: u64,
    /// From the begin of a restart until `SystemInfo` says `IN_SERVICE`.
    pub in_service_ms: u64,
    /// From a save, or the begin of a restart, until replication shows complete.
    pub replication_ms: u64,
    /// How much later than that the saved row really is on the secondary.
    pub row_lag_ms: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self { tomcat_started_ms: 300, in_service_ms: 600, replication_ms: 400, row_lag_ms: 0 }
    }
}

/// The Finesse side of the cluster.
#[derive(Debug, Clone)]
pub struct FinesseOptions {
    /// Product.
    pub product: Product,
    /// Release as playbooks write it, e.g. `12.5(1)SU3`.
    pub release: String,
    /// First node.
    pub primary: FinesseNode,
    /// Second node; none: a single node.
    pub secondary: Option<FinesseNode>,
    /// Users who may use configuration and serviceability APIs.
    pub administrators: Vec<Administrator>,
    /// Accounts of the nodes' shells.
    pub platform: Vec<PlatformAccount>,
    /// Path of the IP Phone Agent Settings object. No public source tells the real one, so the default is an
    /// invention, as a site's own finding is to the program.
    pub settings_path: String,
    /// A GET of the settings answers 405 while a PUT works.
    pub unobservable_settings: bool,
    /// So many more agents 20000 … for the extra phones.
    pub extra_agents: u32,
    /// Passwords of agents by id; demo values, kept in memory only.
    pub agent_passwords: BTreeMap<String, String>,
    /// Durations.
    pub times: Times,
}

impl Default for FinesseOptions {
    fn default() -> Self {
        Self {
            product: Product::Uccx,
            release: "12.5(1)SU3".to_owned(),
            primary: FinesseNode::named("fin-a.example.com"),
            secondary: Some(FinesseNode::named("fin-b.example.com")),
            administrators: vec![Administrator {
                user: "finadmin".to_owned(),
                password: "finadmin-password".to_owned(),
            }],
            platform: shell_accounts(),
            settings_path: "/finesse/api/IPPhoneAgentSettings".to_owned(),
            unobservable_settings: false,
            extra_agents: 0,
            agent_passwords: BTreeMap::new(),
            times: Times::default(),
        }
    }
}

/// The demo accounts of a shell.
fn shell_accounts() -> Vec<PlatformAccount> {
    [("osadmin", 4), ("osoperator", 1), ("osreader", 0)]
        .map(|(user, level)| PlatformAccount {
            user: user.to_owned(),
            password: format!("{user}-password"),
            level,
        })
        .into()
}

/// The subscribers of a cluster with so many nodes of CUCM.
pub fn subscribers(nodes: usize) -> Vec<String> {
    (1..nodes).map(|number| format!("cucm-sub{number}.example.com")).collect()
}

impl SandboxOptions {
    /// Names of all nodes of CUCM, the publisher first.
    pub fn cucm_hosts(&self) -> impl Iterator<Item = &str> {
        let others = self.subscribers.iter().map(String::as_str);
        std::iter::once(self.publisher.host.as_str()).chain(others)
    }
}

/// Where single sign-on is, as playbooks name it.
#[derive(Debug, Clone)]
pub struct SignOnHosts {
    /// The Identity Service.
    pub ids: Endpoint,
    /// Identity providers; the first is the one that the service asks.
    pub idp: Vec<Endpoint>,
    /// A host that nobody should send anything to.
    pub stranger: Endpoint,
    /// Domain of the accounts.
    pub realm: String,
    /// Password of every account; a demo value, kept in memory only.
    pub password: String,
    /// How agents sign in at the start, and who uses single sign-on where agents differ.
    pub mode: (AuthMode, Vec<String>),
    /// Switches at the start.
    pub knobs: SignOnKnobs,
}

impl Default for SignOnHosts {
    fn default() -> Self {
        let of = |host: &str, port| Endpoint { host: host.to_owned(), port };
        Self {
            ids: of("ids.example.com", 8553),
            idp: vec![of("adfs.example.com", 443)],
            stranger: of("stranger.example.net", 443),
            realm: "example.com".to_owned(),
            password: "sandbox-demo".to_owned(),
            mode: (AuthMode::Sso, Vec::new()),
            knobs: SignOnKnobs::default(),
        }
    }
}

impl SignOnHosts {
    /// A host as it stands in an address: its port only where it is not the usual one.
    pub fn authority(endpoint: &Endpoint) -> String {
        if endpoint.port == 443 { endpoint.host.clone() } else { endpoint.to_string() }
    }
}

/// What the cluster is to be like.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// The publisher as the playbook names it; its host goes into the certificate.
    pub publisher: Endpoint,
    /// The other nodes of CUCM. They answer on the publisher's ports.
    pub subscribers: Vec<String>,
    /// Nodes hold each other's certificates already.
    pub exchanged: bool,
    /// AXL accounts.
    pub accounts: Vec<Account>,
    /// Users who may ask `RisPort`, besides the AXL accounts.
    pub ris: Vec<Administrator>,
    /// The publisher's shell as playbooks name it; none: it has none.
    pub publisher_ssh: Option<Endpoint>,
    /// Accounts of the publisher's shell.
    pub publisher_platform: Vec<PlatformAccount>,
    /// Finesse.
    pub finesse: FinesseOptions,
    /// Single sign-on; none: there is none.
    pub sso: Option<SignOnHosts>,
    /// A SQLite file that keeps the cluster between runs; none: memory.
    pub state: Option<PathBuf>,
    /// So many more phones `SEP5C0000000000` … with nothing subscribed.
    pub extra_phones: usize,
    /// Least and greatest number of bytes of their `vendorConfig`; none: they have none.
    pub extra_vendor_config: Option<(usize, usize)>,
    /// The cluster's release; the supported AXL versions follow from it.
    pub release: String,
    /// Open questions about real servers, each with the answer to play ([`super::questions`]).
    pub answers: Vec<(String, String)>,
    /// A folder for every exchange on the AXL port.
    pub record: Option<PathBuf>,
    /// A folder from which private keys are taken, and where new ones are kept; none: every key is made.
    pub keys: Option<PathBuf>,
    /// What TLS is like at the nodes.
    pub tls: Profiles,
    /// How fast AXL is.
    pub pace: Pace,
    /// The capture that a new cluster is loaded from; none: the seeded site.
    pub from: Option<Arc<Capture>>,
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
        let publisher = "cucm-pub.example.com";
        Self {
            publisher: Endpoint { host: publisher.to_owned(), port: 8443 },
            subscribers: subscribers(2),
            exchanged: true,
            accounts: vec![
                account("axladmin", Role::ReadWrite),
                account("axlreader", Role::ReadOnly),
                account("nobody", Role::NoAxl),
            ],
            ris: vec![Administrator {
                user: "risreader".to_owned(),
                password: "risreader-password".to_owned(),
            }],
            publisher_ssh: Some(Endpoint { host: publisher.to_owned(), port: 22 }),
            publisher_platform: shell_accounts(),
            finesse: FinesseOptions::default(),
            sso: None,
            state: None,
            extra_phones: 0,
            extra_vendor_config: None,
            release: "14.0.1.13900(155)".to_owned(),
            answers: Vec::new(),
            record: None,
            keys: None,
            tls: Profiles::default(),
            pace: Pace::default(),
            from: None,
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}
