//! The plan as plain data: changes, steps, calls, findings. Nothing here touches the network.

pub mod step;
pub mod finding;
pub mod guard;
pub mod fingerprint;

#[cfg(test)]
pub mod samples;

pub use finding::*;
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
