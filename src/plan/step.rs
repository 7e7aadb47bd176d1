//! Steps, the changes they make, and the calls that make them.

use std::collections::BTreeSet;

use crate::playbook::{ApplyHow, Location};
use crate::trouble::Trouble;

use super::{Disturbance, Object};

/// A kind of resource; the order is the order of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The application user.
    ApplicationUser,
    /// The user of UCCX's RMCM subsystem.
    RmcmUser,
    /// A phone service's definition.
    PhoneService,
    /// Web Access and HTTPS Server, on a phone or at a wider scope.
    PhoneSettings,
    /// Subscriptions and their values on one phone or device profile.
    Subscription,
    /// A phone, or a profile's phones, told to take the changed configuration.
    PhoneApply,
    /// Agents' access to the Self Care Portal.
    SelfCare,
    /// Certificates in a trust store of one node.
    CertificateTrust,
    /// *IP Phone Agent Settings* of Finesse.
    FinesseSettings,
    /// A restart of Finesse Tomcat on one node.
    TomcatRestart,
    /// A reboot of one CUCM node.
    CucmReboot,
}

impl Kind {
    /// All kinds in the order of a run.
    pub const ALL: [Self; 11] = [
        Self::ApplicationUser,
        Self::RmcmUser,
        Self::PhoneService,
        Self::PhoneSettings,
        Self::Subscription,
        Self::PhoneApply,
        Self::SelfCare,
        Self::CertificateTrust,
        Self::FinesseSettings,
        Self::TomcatRestart,
        Self::CucmReboot,
    ];

    /// The word used in output and in the fingerprint.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApplicationUser => "application-user",
            Self::RmcmUser => "rmcm-user",
            Self::PhoneService => "phone-service",
            Self::PhoneSettings => "phone-settings",
            Self::Subscription => "subscription",
            Self::PhoneApply => "phone-apply",
            Self::SelfCare => "self-care",
            Self::CertificateTrust => "certificate-trust",
            Self::FinesseSettings => "finesse-settings",
            Self::TomcatRestart => "tomcat-restart",
            Self::CucmReboot => "cucm-reboot",
        }
    }
}

/// One side of a change, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Not there.
    Absent,
    /// Plain text. Values of secret parameters inside a URL are already replaced by `(secret)`.
    Text(String),
    /// A secret: only that it is set, that it changes, or that nobody can tell.
    Secret(SecretNote),
}

/// What may be said of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretNote {
    /// It is set.
    Set,
    /// It changes.
    Changes,
    /// No interface can tell.
    CannotTell,
}

impl Shown {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// One field that has to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field in the field's own terms, e.g. `controlled devices`, `Cisco Finesse: secure URL`.
    pub field: String,
    /// What is there.
    pub before: Shown,
    /// What will be there.
    pub after: Shown,
    /// The check of `facts/checks.md` that this drift answers to.
    pub check: &'static str,
    /// The playbook or roster line that declares the value.
    pub declared: Location,
}

/// How a step is made. Names only; bodies are built from a fresh read when the call is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Over AXL.
    Axl(AxlCall),
    /// Over the REST interface of Finesse.
    Finesse(FinesseCall),
    /// Over a node's platform shell.
    Platform(PlatformCall),
    /// By a person at a console; `ippactl` checks it afterwards.
    Operator(OperatorStep),
}

/// A write over AXL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AxlCall {
    /// `addAppUser`.
    AddApplicationUser,
    /// `updateAppUser` with the complete lists that change.
    UpdateApplicationUser,
    /// `addIpPhoneServices`.
    AddPhoneService,
    /// `updateIpPhoneServices`, and the repair of its parameters.
    UpdatePhoneService,
    /// Rename the old service, create the new one; subscriptions follow in their own steps.
    ReplacePhoneService,
    /// The replaced service is disabled, once the roster has moved.
    DisableReplacedService,
    /// `updatePhone` or `updateDeviceProfile` with the whole list, then value rows by SQL where allowed.
    SubscribeWhole,
    /// One SQL statement per subscription and value that differs.
    SubscribeDelta,
    /// `updatePhone` with the whole `vendorConfig`; together with a whole list of services where both change.
    UpdatePhoneSettings,
    /// `updateCommonPhoneConfig`.
    UpdateProfileSettings,
    /// `updateEnterprisePhoneConfig`.
    UpdateEnterpriseSettings,
    /// `applyPhone`, `restartPhone` or `resetPhone`; for a profile `applyCommonPhoneConfig` or its reset.
    Apply(ApplyHow),
    /// `updateServiceParameter` of an enterprise parameter.
    UpdateEnterpriseParameter,
    /// `updateUserGroup` with `addMembers`.
    AddMembers,
    /// `updateUserGroup` with `removeMembers`.
    RemoveMembers,
    /// `removeAppUser`.
    RemoveApplicationUser,
    /// `removeIpPhoneServices`.
    RemovePhoneService,
}

/// A write over the REST interface of Finesse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FinesseCall {
    /// The request that the site has found out for *IP Phone Agent Settings*, on the primary node.
    SaveSettings,
}

/// A change made over a node's platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlatformCall {
    /// `utils service restart Cisco Finesse Tomcat`, or what stands for it where the notification service is due too.
    RestartTomcat,
    /// The certificate REST interface, into the store that it gives this name.
    ImportByRest(String),
    /// `set cert import trust` with this unit.
    ImportByShell(&'static str),
    /// `utils system restart`.
    Reboot,
}

/// What a step rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// On what was read: drift.
    Observed,
    /// On what is remembered, or on the want of a memory where no interface can tell: no drift, and no part of the
    /// fingerprint, which is the same on two machines.
    Remembered,
    /// On what phones run, which RisPort tells only of those that are registered just now: no part of the fingerprint.
    /// Whoever plans it says what was found.
    Running,
}

/// What a person has to do where no interface offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorStep {
    /// Short id, unique within the plan, e.g. `subscription-SEP001122334455`.
    pub id: String,
    /// Console path, e.g. `Device > Phone > SEP001122334455 > Related Links: Subscribe/Unsubscribe Services`.
    pub console: String,
    /// What to enter, one line each, secrets named and not shown.
    pub entries: Vec<String>,
    /// How ippactl checks it.
    pub checked_by: String,
    /// Bound to the entered values; `--operator-done ID=TOKEN`.
    pub token: String,
}

/// One thing to do, on one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The resource.
    pub kind: Kind,
    /// The object that is written.
    pub object: Object,
    /// The fields that change; never empty.
    pub changes: Vec<Change>,
    /// What it disturbs; empty for most.
    pub disturbs: BTreeSet<Disturbance>,
    /// How it is made.
    pub call: Call,
    /// Whether it counts for `max_altered_percent`.
    pub alters: bool,
    /// Subscriptions and associations it takes away.
    pub removals: usize,
    /// What it rests on.
    pub basis: Basis,
    /// What to know before it is allowed; no part of the fingerprint.
    pub notes: Vec<String>,
    /// How far it has come.
    pub state: StepState,
}

impl Step {
    /// A step that rests on what was read, disturbs nothing and takes nothing away.
    pub fn new(kind: Kind, object: Object, changes: Vec<Change>, call: Call) -> Self {
        Self {
            kind,
            object,
            changes,
            disturbs: BTreeSet::new(),
            call,
            alters: false,
            removals: 0,
            basis: Basis::Observed,
            notes: Vec::new(),
            state: StepState::Planned,
        }
    }
}

impl Step {
    /// Whether it follows from other steps of the same plan, or from a memory of them.
    pub fn is_consequence(&self) -> bool {
        matches!(self.kind, Kind::PhoneApply | Kind::TomcatRestart | Kind::CucmReboot)
    }

    /// Whether its changes are findings of their own: what was read differs, or what was begun was never finished.
    pub fn is_drift(&self) -> bool {
        match self.basis {
            Basis::Observed => !self.is_consequence(),
            Basis::Remembered => self.is_consequence(),
            Basis::Running => false,
        }
    }
}

/// How far a step has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// Not begun.
    Planned,
    /// Performed, and seen on the cluster afterwards.
    Done,
    /// Tried, and failed.
    Failed(Trouble),
    /// Sent, but the answer was lost, and reading back did not settle it.
    Unknown(Trouble),
    /// The cluster refuses it for now; retried by the next run.
    Deferred(String),
    /// A safety rule keeps it from being performed.
    Refused(String),
    /// Left to a person.
    Operator,
}

impl StepState {
    /// The word used in output.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
            Self::Deferred(_) => "deferred",
            Self::Refused(_) => "refused",
            Self::Operator => "operator",
        }
    }
}
