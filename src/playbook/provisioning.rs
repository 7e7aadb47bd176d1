//! What a playbook says beyond services and subscriptions: phone settings and their application, Finesse's own
//! settings, Self Care, and when nodes may be restarted.

use std::time::Duration;

use super::location::Location;

/// `phone_settings`: Web Access and HTTPS Server of the roster's phones.
#[derive(Debug, Clone)]
pub struct PhoneSettings {
    /// Where the two are set.
    pub scope: Scope,
    /// What happens to a value on a phone (or profile) that contradicts a wider scope.
    pub overrides: Overrides,
    /// Phones that are left alone, with the reason; shown in every result.
    pub except: Vec<Exception>,
    /// Where the section stands.
    pub at: Location,
}

/// `phone_settings.scope`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On each phone of the roster (default).
    Phones,
    /// On the common phone profiles of the roster's phones.
    CommonPhoneProfile,
    /// In the enterprise phone configuration.
    Enterprise,
}

/// `phone_settings.overrides`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overrides {
    /// Reported (default).
    Report,
    /// Set right where they stand.
    Fix,
}

/// One entry of `phone_settings.except`.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Which phones.
    pub phones: ExceptedPhones,
    /// Why.
    pub reason: String,
    /// Where the entry stands.
    pub at: Location,
}

/// Which phones an exception names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExceptedPhones {
    /// All of a model, named by its number, e.g. `8821`.
    Model(String),
    /// One phone by name.
    Device(String),
}

/// `phone_apply`: what follows a change of a phone.
#[derive(Debug, Clone)]
pub struct PhoneApply {
    /// Whether phones are applied at all.
    pub when: ApplyWhen,
    /// The request.
    pub how: ApplyHow,
    /// What happens to a phone that is in use.
    pub busy: Busy,
    /// Most phones a minute, 1 or more; default 60.
    pub per_minute: u32,
    /// Where the section stands, else where `phone_settings` does.
    pub at: Location,
}

/// `phone_apply.when`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplyWhen {
    /// Somebody else applies.
    Never,
    /// Each phone on which this run changed something (default).
    AfterChange,
}

/// `phone_apply.how`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplyHow {
    /// *Apply Config* (default).
    Apply,
    /// *Restart*: the phone registers anew.
    Restart,
    /// *Reset*: the phone starts anew.
    Reset,
}

impl ApplyHow {
    /// The playbook's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Restart => "restart",
            Self::Reset => "reset",
        }
    }
}

/// `phone_apply.busy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// Left to a later run (default).
    Defer,
    /// Applied all the same.
    Proceed,
}

/// `application_user.uccx_rmcm`: the user of UCCX's RMCM subsystem, which controls the agents' phones too.
#[derive(Debug, Clone)]
pub struct Rmcm {
    /// Its id; not the application user's.
    pub user: String,
    /// Whether missing devices are only found, or added.
    pub devices: RmcmDevices,
    /// Where it is declared.
    pub at: Location,
}

/// `application_user.uccx_rmcm.devices`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RmcmDevices {
    /// Found, not changed (default).
    Verify,
    /// Added.
    Add,
}

/// `finesse_settings`: *IP Phone Agent Settings* of Finesse, for which no public interface exists.
#[derive(Debug, Clone)]
pub struct FinesseSettings {
    /// How they are made.
    pub mode: SettingsMode,
    /// PCCE only: the site they are made for.
    pub site: Option<String>,
    /// Where the section stands.
    pub at: Location,
}

/// `finesse_settings.mode`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsMode {
    /// By a person at the console (default).
    Operator,
    /// By a request that the site has found out.
    Rest(SettingsRequest),
    /// By another playbook.
    Elsewhere,
}

/// The request of mode `rest`; nothing of it is built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRequest {
    /// `PUT` (default) or `POST`.
    pub method: SettingsMethod,
    /// Path on the primary node, beginning with a slash.
    pub path: String,
    /// Body with `{{ user }}` and `{{ password }}`, whose values are escaped as XML.
    pub body: String,
    /// Where the stored user name can be read back.
    pub read_back: Option<ReadBack>,
}

/// `finesse_settings.method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsMethod {
    /// PUT.
    Put,
    /// POST.
    Post,
}

/// `finesse_settings.read_back`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBack {
    /// Path for a GET, on either node.
    pub path: String,
    /// Where the user name stands in the answer: `//name` or `/answer/child/name`, local names.
    pub user: String,
}

/// `self_care`.
#[derive(Debug, Clone)]
pub struct SelfCare {
    /// *Self Care Portal Default Server*; left alone when absent.
    pub default_server: Option<String>,
    /// Where the section stands.
    pub at: Location,
}

/// `restart`.
#[derive(Debug, Clone)]
pub struct Restart {
    /// Whether Finesse Tomcat is restarted when something needs it.
    pub finesse_tomcat: RestartWhen,
    /// What stands between the nodes, besides the gate.
    pub between_nodes: BetweenNodes,
    /// How long a node may take until it is back in service.
    pub back_within: Duration,
    /// Where the section stands; `finesse_settings` or `finesse` when it is left out.
    pub at: Location,
}

/// `restart.finesse_tomcat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestartWhen {
    /// When a change needs it (default).
    WhenNeeded,
    /// Somebody else restarts; it is said when one is owed.
    Never,
}

/// `restart.between_nodes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BetweenNodes {
    /// A person at the terminal says so; `--yes` with `--allow restart` says it in advance (default).
    Confirm,
    /// So many minutes after the primary is back.
    Minutes(u32),
}

/// One entry of `windows`: when disturbing steps may run.
#[derive(Debug, Clone)]
pub struct Window {
    /// Days on which it begins; every day when left out. Monday is 0.
    pub days: Vec<u8>,
    /// Beginning, minutes after midnight.
    pub from: u16,
    /// End, minutes after midnight; not after `from` means on the next day.
    pub to: u16,
    /// An IANA time zone, e.g. `Europe/Prague`.
    pub zone: String,
    /// Where the entry stands.
    pub at: Location,
}

/// `ssh`.
#[derive(Debug, Clone, Default)]
pub struct Ssh {
    /// A known-hosts file, path joined to the playbook's folder.
    pub known_hosts: Option<(String, Location)>,
}
