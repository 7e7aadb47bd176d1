//! The plan as plain data: changes, steps, calls, findings. Nothing here touches the network.

use std::collections::HashSet;

pub mod object;
pub mod step;
pub mod one_shot;
pub mod disturbance;
pub mod finding;
pub mod guard;
pub mod window;
pub mod fingerprint;
pub mod looked_at;

#[cfg(test)]
pub mod samples;

pub use disturbance::Disturbance;
pub use finding::*;
pub use looked_at::{LookedAt, ShownCertificate};
pub use object::{Object, ObjectKind};
pub use one_shot::OneShot;
pub use step::*;

/// Everything that planning one deployment found.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What has to be done, in the order in which it is done.
    pub steps: Vec<Step>,
    /// What was found, drift and observations alike, the steps' own drift included.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub not_checked: Vec<NotChecked>,
    /// First 16 hexadecimal digits of SHA-256 over the canonical steps.
    pub fingerprint: String,
    /// How much was looked at.
    pub counts: Counts,
    /// The cluster was read again after the last write of a run.
    pub read_back: bool,
    /// What was looked at.
    pub looked_at: LookedAt,
}

impl Plan {
    /// Findings that no step answers: what stays as it is, whatever an apply does.
    pub fn unanswered(&self) -> impl Iterator<Item = &Finding> {
        let answered: HashSet<(&Object, &str, &str)> = self
            .steps
            .iter()
            .flat_map(|step| step.changes.iter().map(move |change| (&step.object, change)))
            .map(|(object, change)| (object, change.check, change.field.as_str()))
            .collect();
        self.findings.iter().filter(move |finding| {
            !answered.contains(&(&finding.object, finding.check, finding.field.as_str()))
        })
    }

    /// Whether nothing is left to do, and nothing is configured that a phone does not run.
    pub fn is_in_effect(&self) -> bool {
        let waits = |finding: &Finding| finding.check == "phone-setting-not-applied";
        self.steps.is_empty() && !self.findings.iter().any(waits)
    }

    /// What no step answers, as far as it is an error.
    pub fn unanswered_errors(&self) -> impl Iterator<Item = &Finding> {
        self.unanswered().filter(|finding| finding.severity == Severity::Error)
    }
}

/// How much was looked at, and how much of it needs a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Roster phones and device profiles compared.
    pub devices: usize,
    /// Devices on which nothing has to change.
    pub devices_in_sync: usize,
    /// Roster phones on which an existing subscription, value or association is replaced or removed.
    pub altered: usize,
    /// Subscriptions and associations taken away.
    pub removals: usize,
    /// Writes performed so far in this run.
    pub writes: usize,
}
