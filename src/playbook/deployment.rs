//! What a playbook and its roster say, once every mistake has been ruled out.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use compact_str::CompactString;

use super::account::{Credentials, SecretRef};
use super::certificates::{Certificates, NodeCorrection};
use super::journal::JournalSettings;
pub use super::limits::Limits;
use super::lines::Lines;
use super::location::Location;
use super::places::Places;
use super::product::Product;
use super::provisioning::{
    FinesseSettings, PhoneApply, PhoneSettings, Restart, Rmcm, SelfCare, Ssh, Window,
};
use super::sso::Sso;
use super::thresholds::Thresholds;

/// A host and port as the playbook names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// Host name or address, lower case, no brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl Endpoint {
    /// As an address of https has it: without the port that goes without saying.
    pub fn authority(&self) -> String {
        let whole = self.to_string();
        whole.strip_suffix(":443").unwrap_or(&whole).to_owned()
    }
}

/// One playbook: one deployment.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// The playbook's file as the user named it.
    pub file: Arc<str>,
    /// `deployment`: `[a-z0-9][a-z0-9-]{0,62}`.
    pub name: String,
    /// The CUCM cluster.
    pub cucm: Cucm,
    /// The Finesse nodes.
    pub finesse: Finesse,
    /// Accounts.
    pub credentials: Credentials,
    /// Certificates trusted beyond the platform's roots.
    pub tls: Tls,
    /// Host keys of the platform shells.
    pub ssh: Ssh,
    /// The application user that Finesse uses to push to phones.
    pub application_user: ApplicationUser,
    /// The phone services, one per Finesse node.
    pub phone_services: PhoneServices,
    /// Who fills in what; all three at sign-in when the section is absent.
    pub one_button_sign_in: OneButtonSignIn,
    /// The roster.
    pub agents: Agents,
    /// Web Access and HTTPS Server; left alone when absent.
    pub phone_settings: Option<PhoneSettings>,
    /// What follows a change of a phone. Absent, and without `phone_settings`, no phone is applied.
    pub phone_apply: Option<PhoneApply>,
    /// *IP Phone Agent Settings* of Finesse; left alone when absent.
    pub finesse_settings: Option<FinesseSettings>,
    /// Access of agents to the Self Care Portal; left alone when absent.
    pub self_care: Option<SelfCare>,
    /// Trust stores of CUCM and Finesse; not looked at when absent.
    pub certificates: Option<Certificates>,
    /// Restarts of Finesse Tomcat.
    pub restart: Restart,
    /// When disturbing steps may run; always when empty.
    pub windows: Vec<Window>,
    /// Words of the site where no document tells them.
    pub dialect: Dialect,
    /// Limits on what one run may do.
    pub limits: Limits,
    /// Thresholds of checks that have one.
    pub checks: Thresholds,
    /// Hosts of a sign-in by SSO, and how its tokens are refreshed.
    pub sso: Option<Sso>,
    /// What is kept of runs.
    pub journal: JournalSettings,
    /// The lines it was read from.
    pub lines: Lines,
    /// Where its keys stand.
    pub places: Places,
}

/// `cucm`.
#[derive(Debug, Clone)]
pub struct Cucm {
    /// AXL endpoint of the publisher, 8443 when no port is given.
    pub publisher: Endpoint,
    /// `axl_version`, e.g. `14.0`; negotiated when absent.
    pub axl_version: Option<String>,
    /// `platform_ssh`, port 22 when none is given.
    pub platform_ssh: Option<Endpoint>,
    /// `platform_port`, of the certificate REST interface on each node; 443.
    pub platform_port: u16,
    /// Corrections to the nodes that CUCM lists.
    pub nodes: Vec<NodeCorrection>,
    /// Where the section stands.
    pub at: Location,
}

/// `finesse`.
#[derive(Debug, Clone)]
pub struct Finesse {
    /// Which product's Finesse this is.
    pub product: Product,
    /// `release` as written, 12.5(1) or later.
    pub release: String,
    /// Locales of the installed language packs, where the site says them.
    pub language_packs: Option<Vec<String>>,
    /// The primary node.
    pub primary: FinesseNode,
    /// The secondary node; none on a single-node deployment.
    pub secondary: Option<FinesseNode>,
}

/// One Finesse node.
#[derive(Debug, Clone)]
pub struct FinesseNode {
    /// REST API endpoint, port 8445 when none is given.
    pub api: Endpoint,
    /// Platform shell, port 22 when none is given.
    pub ssh: Endpoint,
    /// Web services of the platform, port 443 when none is given.
    pub platform: Endpoint,
    /// The FQDN that goes into the service URLs.
    pub service_host: String,
    /// Where the node is declared.
    pub at: Location,
}

/// `tls`.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// PEM files, paths joined to the playbook's folder; a self-signed certificate in one counts as a pin.
    pub ca_files: Vec<(String, Location)>,
    /// SHA-256 fingerprints (32 bytes) of leaf certificates, per endpoint.
    pub pins: BTreeMap<Endpoint, Vec<[u8; 32]>>,
}

/// `application_user`.
#[derive(Debug, Clone)]
pub struct ApplicationUser {
    /// User id.
    pub id: String,
    /// Its password: at most 95 ASCII characters.
    pub password: SecretRef,
    /// Whether an existing user's password may be overwritten.
    pub password_change: PasswordChange,
    /// Other deployments use the same user.
    pub shared: bool,
    /// The user of UCCX's RMCM subsystem.
    pub uccx_rmcm: Option<Rmcm>,
    /// Where the section stands.
    pub at: Location,
}

/// `application_user.password_change`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordChange {
    /// Never overwrite an existing user's password (default).
    Refuse,
    /// Write the declared password where it is known to differ.
    Rotate,
}

/// `phone_services`.
#[derive(Debug, Clone)]
pub struct PhoneServices {
    /// How phones come to be subscribed.
    pub subscription: SubscriptionKind,
    /// The service of the primary node.
    pub primary: ServiceName,
    /// The service of the secondary node; present exactly when there is a secondary node.
    pub secondary: Option<ServiceName>,
    /// Services that roster phones are unsubscribed from.
    pub retire: Vec<(String, Location)>,
    /// Whether direct database writes may happen.
    pub sql_writes: SqlWrites,
    /// Where the section stands.
    pub at: Location,
}

/// `phone_services.subscription`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionKind {
    /// The administrator subscribes the roster's phones.
    Manual,
    /// Every phone of the cluster gets the service; no values.
    Enterprise,
    /// Agents subscribe their own phones; the roster's values are still prefilled where a row has any.
    SelfCare,
}

impl SubscriptionKind {
    /// The playbook's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Enterprise => "enterprise",
            Self::SelfCare => "self-care",
        }
    }
}

/// One declared phone service.
#[derive(Debug, Clone)]
pub struct ServiceName {
    /// At most 32 characters, no double quote.
    pub name: String,
    /// An existing service to take over and rename.
    pub adopt: Option<String>,
    /// Where it is declared.
    pub at: Location,
}

/// `phone_services.sql_writes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlWrites {
    /// No direct database write.
    Never,
    /// Only with `--allow sql`, or a person's word at the terminal (default).
    Ask,
    /// As any other write.
    Allow,
}

/// Who fills in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilledBy {
    /// The administrator, from the roster.
    Administrator,
    /// The agent, in the Self Care Portal.
    Agent,
    /// Nobody: typed at sign-in.
    SignIn,
}

/// `one_button_sign_in`.
#[derive(Debug, Clone)]
pub struct OneButtonSignIn {
    /// The agent id.
    pub id: FilledBy,
    /// The extension.
    pub extension: FilledBy,
    /// The agent's password.
    pub password: FilledBy,
    /// Where it is declared; the `phone_services` section when it is left out.
    pub at: Location,
}

/// The three values of one button sign-in. Names are the query's exact parameter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    /// `id`.
    Id,
    /// `extension`.
    Extension,
    /// `password`.
    Password,
}

impl Parameter {
    /// All three, in the order in which they are defined and written.
    pub const ALL: [Self; 3] = [Self::Id, Self::Extension, Self::Password];

    /// The exact name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Extension => "extension",
            Self::Password => "password",
        }
    }
}

impl OneButtonSignIn {
    /// Who fills in this parameter.
    pub fn filled_by(&self, parameter: Parameter) -> FilledBy {
        match parameter {
            Parameter::Id => self.id,
            Parameter::Extension => self.extension,
            Parameter::Password => self.password,
        }
    }

    /// *Parameter is Required*: filled by the administrator, or every defined parameter is the agent's.
    /// `None` when the parameter is not defined at all.
    pub fn required(&self, parameter: Parameter) -> Option<bool> {
        let shared = Parameter::ALL.iter().any(|p| self.filled_by(*p) == FilledBy::Administrator);
        match self.filled_by(parameter) {
            FilledBy::Administrator => Some(true),
            FilledBy::Agent => Some(!shared),
            FilledBy::SignIn => None,
        }
    }
}

/// `agents`.
#[derive(Debug, Clone)]
pub struct Agents {
    /// The rows of `roster`, then those of `phones` (which have no values), in file order.
    pub rows: Vec<AgentRow>,
    /// How many of them are rows of `roster`.
    pub listed: usize,
    /// Passwords by agent id: two columns `id,password`; only when the administrator fills in passwords. None where those
    /// that are stored are kept (`keep`).
    pub passwords: Option<SecretRef>,
    /// What to do with subscriptions of phones that are not listed.
    pub unlisted: Unlisted,
    /// Where the section stands.
    pub at: Location,
}

/// One row of the roster; at least one of `device` and `device_profile` is present.
#[derive(Debug, Clone)]
pub struct AgentRow {
    /// Phone name, e.g. `SEP001122334455`.
    pub device: Option<CompactString>,
    /// Extension Mobility device profile.
    pub device_profile: Option<CompactString>,
    /// Agent id.
    pub id: Cell,
    /// Agent extension.
    pub extension: Cell,
    /// End user id.
    pub user: Option<CompactString>,
    /// What is managed.
    pub manage: Manage,
    /// Where the row stands.
    pub at: Location,
}

/// A cell of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Not prefilled here.
    Empty,
    /// Leave what is stored, only compare the two services.
    Keep,
    /// This value.
    Value(CompactString),
}

/// `manage` of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manage {
    /// Everything (default).
    All,
    /// No phone settings.
    Subscription,
    /// Only compared, never changed.
    Verify,
}

/// `agents.unlisted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlisted {
    /// Listed in the result, nothing changed (default).
    Report,
    /// Their values are cleared.
    ClearValues,
    /// They are unsubscribed.
    Unsubscribe,
}

/// `dialect`.
#[derive(Debug, Clone, Default)]
pub struct Dialect {
    /// What separates a service URL from its values: `?` or `&`; `None` = learned by reading, else `?`
    /// (`&` when the URL already has a `?`).
    pub url_separator: Option<char>,
    /// The value of `webProtocol` that means *HTTPS only*; `None` = learned from a phone that has it.
    pub https_only_value: Option<String>,
    /// Name of the enterprise parameter *Self Care Portal Default Server*; `None` = found by reading.
    pub self_care_parameter: Option<String>,
}
