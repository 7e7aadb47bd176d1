//! How much is soaked: the full size where `IPPACTL_SOAK=full` asks for it, else what fits into every test run.

use std::time::Duration;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// Phones of the kill test.
    pub(crate) phones: usize,
    /// Seeded kills with eight requests in flight.
    pub(crate) parallel_kills: u64,
    /// Phones of the chaos test.
    pub(crate) stormy_phones: usize,
    /// Schedules of the chaos test.
    pub(crate) schedules: u64,
    /// How many of them may stop.
    pub(crate) stops: u64,
    /// Writes to CUCM are interrupted in a playbook that says nothing of Finesse: what follows them takes longer than they do.
    pub(crate) apart: bool,
    /// Runs that ended well after a reset are run again, to see that nothing is written.
    pub(crate) reruns_all: bool,
    /// Cases at once.
    pub(crate) workers: usize,
    /// After this a run is given up.
    pub(crate) deadline: Duration,
}

const FULL: Size = Size {
    name: "full",
    phones: 20,
    parallel_kills: 50,
    stormy_phones: 300,
    schedules: 200,
    stops: 10,
    apart: false,
    reruns_all: true,
    workers: 12,
    deadline: Duration::from_mins(10),
};

const SMALL: Size = Size {
    name: "small",
    phones: 3,
    parallel_kills: 2,
    stormy_phones: 8,
    schedules: 4,
    stops: 1,
    apart: true,
    reruns_all: false,
    workers: 16,
    deadline: Duration::from_mins(3),
};

impl Size {
    /// The size that was asked for.
    pub(crate) fn asked() -> Self {
        if word("IPPACTL_SOAK").as_deref() == Some("full") { FULL } else { SMALL }
    }
}

/// The one schedule or kill that is to be played again.
pub(crate) fn seed() -> Option<u64> {
    let word = word("IPPACTL_SOAK_SEED")?;
    Some(word.parse().unwrap_or_else(|_| panic!("IPPACTL_SOAK_SEED is no number: {word}")))
}

#[expect(clippy::disallowed_methods, reason = "a test's size is no setting of the tool")]
fn word(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
