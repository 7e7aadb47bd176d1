//! What was found, and what could not be judged.

use crate::playbook::Location;

use super::{Object, Shown};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something to know; never drift.
    Info,
    /// Works today, but unsupported, at risk, or different from what was meant.
    Warning,
    /// IPPA does not work for at least one agent, or will not after a failure.
    Error,
}

impl Severity {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where drift comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Drift {
    /// It was as declared once, and the declaration is the same: somebody changed it since.
    ChangedOutside,
    /// The declaration is newer than that, or no apply has finished it.
    Pending,
    /// Nothing declares it.
    Unmanaged,
    /// Nothing is remembered that would tell.
    Unknown,
}

impl Drift {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::ChangedOutside, Self::Pending, Self::Unmanaged, Self::Unknown];

    /// The words for a person and in JSON.
    pub fn words(self) -> &'static str {
        match self {
            Self::ChangedOutside => "changed outside",
            Self::Pending => "pending",
            Self::Unmanaged => "unmanaged",
            Self::Unknown => "unknown",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the check, see [`crate::lint::check`].
    pub check: &'static str,
    /// From the table of checks.
    pub severity: Severity,
    /// What it is about.
    pub object: Object,
    /// The field, in the field's own terms.
    pub field: String,
    /// What should be there.
    pub expected: Shown,
    /// What is there.
    pub found: Shown,
    /// The playbook or roster line that declares it, where one does.
    pub declared: Option<Location>,
}

/// Something that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// What was not judged, e.g. `password of application user ippa`.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// False: a read that should have worked failed, exit code 3. True: no interface can tell; 3 only with
    /// `--strict`.
    pub not_checkable: bool,
    /// The last attestation: who, when, for which values.
    pub attested: Option<String>,
}
