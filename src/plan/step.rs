//! Steps, the changes they make, and the calls that make them.

use std::collections::BTreeSet;
use std::fmt;

use crate::playbook::Location;
use crate::trouble::Trouble;

/// A kind of resource; the order is the order of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The application user.
    ApplicationUser,
    /// A phone service's definition.
    PhoneService,
    /// Subscriptions and their values on one phone or device profile.
    Subscription,
}

impl Kind {
    /// All kinds in the order of a run.
    pub const ALL: [Self; 3] = [Self::ApplicationUser, Self::PhoneService, Self::Subscription];

    /// The word used in output and in the fingerprint.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApplicationUser => "application-user",
            Self::PhoneService => "phone-service",
            Self::Subscription => "subscription",
        }
    }
}

/// The kind of a thing that is changed or found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// An application user.
    ApplicationUser,
    /// A phone service.
    PhoneService,
    /// A phone.
    Phone,
    /// An Extension Mobility device profile.
    DeviceProfile,
}

impl ObjectKind {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::ApplicationUser => "application user",
            Self::PhoneService => "phone service",
            Self::Phone => "phone",
            Self::DeviceProfile => "device profile",
        }
    }
}

/// A thing on the cluster, by name, never by a server-assigned id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}

impl Object {
    /// A thing of this kind and name.
    pub fn new(kind: ObjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.name)
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

/// What a step disturbs; each kind needs `--allow` or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disturbance {
    /// An enterprise flag that can only be changed by replacing the service.
    ReplaceService,
    /// Values of phones that are not listed are cleared.
    ClearValues,
    /// Every phone of the cluster counts.
    ClusterWide,
    /// A subscription or association is taken away.
    Removal,
    /// A direct database write under `sql_writes: ask`.
    Sql,
}

impl Disturbance {
    /// All kinds that exist so far.
    pub const ALL: [Self; 5] =
        [Self::ReplaceService, Self::ClearValues, Self::ClusterWide, Self::Removal, Self::Sql];

    /// The word of `--allow`.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReplaceService => "replace-service",
            Self::ClearValues => "clear-values",
            Self::ClusterWide => "cluster-wide",
            Self::Removal => "removal",
            Self::Sql => "sql",
        }
    }
}

/// How a step is made. Names only; bodies are built from a fresh read when the call is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Over AXL.
    Axl(AxlCall),
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
    /// How far it has come.
    pub state: StepState,
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
