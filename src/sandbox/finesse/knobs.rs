//! Switches of Finesse: what a site decides, and what no source tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::desk::knobs::DeskKnobs;
use super::node::End;
use super::roster::{Person, Team};
use crate::sandbox::options::Times;
use crate::sandbox::sso::knobs::SignOnKnobs;

/// Order of an error's elements (facts/finesse.md section 3: it varies, and the data may be missing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorOrder {
    /// Type, message, data.
    TypeMessageData,
    /// Data, message, type.
    DataMessageType,
    /// Type, data, message.
    TypeDataMessage,
    /// Type and message only.
    WithoutData,
}

/// How a single node shows that it has no second one (section 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SingleNode {
    /// No `secondaryNode`.
    Absent,
    /// An empty host.
    Empty,
    /// The primary's host once more.
    Equal,
}

/// How agents sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthMode {
    /// With passwords.
    NonSso,
    /// Single sign-on for everybody.
    Sso,
    /// By agent.
    Hybrid,
}

impl AuthMode {
    /// As the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NonSso => "NON_SSO",
            Self::Sso => "SSO",
            Self::Hybrid => "HYBRID",
        }
    }
}

/// A choice that otherwise follows from product and release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// By product and release.
    Auto,
    /// There.
    Always,
    /// Not there.
    Never,
}

impl Presence {
    /// The choice, or what follows from product and release.
    pub fn or(self, usual: bool) -> bool {
        match self {
            Self::Auto => usual,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// How many reason codes there are (section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codes {
    /// Global codes of a category.
    pub global: usize,
    /// More codes of each team.
    pub team: usize,
    /// System codes among the global ones.
    pub system: usize,
    /// Wrap-up reasons, global and of each team, where there are not as many as codes.
    pub wrap_ups: Option<usize>,
    /// The first code and the first wrap-up reason have labels of so many characters; 0: as short as the others.
    pub long_label: usize,
    /// Old releases answer without `id`.
    pub without_ids: bool,
}

impl Default for Codes {
    fn default() -> Self {
        Self { global: 8, team: 3, system: 2, wrap_ups: None, long_label: 0, without_ids: false }
    }
}

/// What unfinished replication looks like in the shell (facts/vos.md section 2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BusyLook {
    /// State 1 on the secondary.
    State,
    /// State 2, but rows in the queue.
    Queue,
}

/// What a GET of the IP Phone Agent Settings shows (section 19.4, question 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingsShow {
    /// The user.
    User,
    /// The user, and stars for the password.
    MaskedPasswordToo,
    /// Neither.
    NoUser,
}

/// What the servlet answers for a device that CUCM does not have (question 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownDevice {
    /// The sign-in form, as for any other.
    Form,
    /// A text.
    Text,
    /// `CiscoIPPhoneError`.
    ErrorObject,
    /// An HTML page, status 200.
    Html,
    /// Status 404.
    NotFound,
    /// Status 500.
    ServerError,
}

/// What the secondary of UCCX says while its engine is the slave (question 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UccxSecondary {
    /// `IN_SERVICE`, as the high availability guide has it.
    InService,
    /// `OUT_OF_SERVICE`.
    OutOfService,
}

/// What `finesseMMode` says when no maintenance is under way, but one was (question 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaintenanceLeft {
    /// Nothing.
    Nothing,
    /// `COMPLETED`, with a negative time.
    WordAndNoTime,
    /// `COMPLETED`, with the time that has passed.
    WordAndTime,
}

/// All switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Knobs {
    /// Durations.
    pub times: Times,
    /// A GET of the IP Phone Agent Settings answers 405.
    pub unobservable_settings: bool,
    /// What it shows otherwise.
    pub settings_shows: SettingsShow,
    /// Path of the IP Phone Agent Settings; none: as the cluster was started.
    pub settings_path: Option<String>,
    /// What the servlet answers for a device that exists nowhere.
    pub unknown_device: UnknownDevice,
    /// Status of a UCCX secondary.
    pub uccx_secondary: UccxSecondary,
    /// What is left of a maintenance that has ended.
    pub maintenance_left: MaintenanceLeft,
    /// Objects whose URIs nobody knows answer under their names.
    pub optional_objects: bool,
    /// `SystemInfo` wants the administrator.
    pub system_info_credentials: bool,
    /// Form of a single node.
    pub single_node: SingleNode,
    /// How agents sign in.
    pub auth_mode: AuthMode,
    /// Agents of a hybrid system who use single sign-on.
    pub sso_agents: Vec<String>,
    /// `UserAuthMode` is switched on.
    pub user_auth_mode: bool,
    /// `ConnectedUsersInfo` exists.
    pub connected_users: Presence,
    /// `SystemInfo` has the maintenance elements.
    pub maintenance_elements: Presence,
    /// Details are among the connected users.
    pub user_details: bool,
    /// Order of an error's elements.
    pub error_order: ErrorOrder,
    /// Reason codes.
    pub codes: Codes,
    /// Agents that are others than seeded, by id.
    pub agents: BTreeMap<String, Person>,
    /// Teams that are others than seeded, by id.
    pub teams: BTreeMap<u32, Team>,
    /// So many agents 20000, 20001 … with the extensions 40000, 40001 …
    pub extra_agents: u32,
    /// One agent's login name is another's id.
    pub colliding_login: bool,
    /// Wrong passwords that lock a user.
    pub lock_after: u32,
    /// How long a lock lasts.
    pub lock_ms: u64,
    /// State of replication, whatever happens; none: as it is.
    pub replication_state: Option<u8>,
    /// What unfinished replication looks like.
    pub busy_look: BusyLook,
    /// So many restarts of Tomcat fail.
    pub failing_restarts: u32,
    /// How far a Tomcat comes otherwise that is restarted or started.
    pub restarts_end: End,
    /// So long the web proxy answers `SystemInfo` from its cache, milliseconds; a query gets around it.
    pub proxy_cache_ms: u64,
    /// What agents do.
    pub desk: DeskKnobs,
    /// Single sign-on.
    pub sso: SignOnKnobs,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            times: Times::default(),
            unobservable_settings: false,
            settings_shows: SettingsShow::User,
            settings_path: None,
            unknown_device: UnknownDevice::Form,
            uccx_secondary: UccxSecondary::InService,
            maintenance_left: MaintenanceLeft::Nothing,
            optional_objects: false,
            system_info_credentials: false,
            single_node: SingleNode::Absent,
            auth_mode: AuthMode::NonSso,
            sso_agents: Vec::new(),
            user_auth_mode: true,
            connected_users: Presence::Auto,
            maintenance_elements: Presence::Auto,
            user_details: true,
            error_order: ErrorOrder::TypeMessageData,
            codes: Codes::default(),
            agents: BTreeMap::new(),
            teams: BTreeMap::new(),
            extra_agents: 0,
            colliding_login: false,
            lock_after: 5,
            lock_ms: 5 * 60 * 1000,
            replication_state: None,
            busy_look: BusyLook::State,
            failing_restarts: 0,
            restarts_end: End::InService,
            proxy_cache_ms: 0,
            desk: DeskKnobs::default(),
            sso: SignOnKnobs::default(),
        }
    }
}
