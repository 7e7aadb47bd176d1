//! An error as every layer reports it: what happened, where, why, and what to do next.

pub mod table;

pub use table::{ErrorCode, error_code, error_codes};

use crate::outcome::Outcome;

/// One error, with a code that stays the same over releases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Trouble {
    /// A stable kebab-case code, for example `axl-credential-refused`; its row is in [`table`].
    pub code: &'static str,
    /// How the run ends because of it.
    pub outcome: Outcome,
    /// What happened, one sentence without a full stop.
    pub what: String,
    /// Where: a file position, a host and port, an object. Empty when there is no such place.
    pub place: String,
    /// Why, in the server's own words where there are any. No secret, ever.
    pub why: String,
    /// What to do next.
    pub next: String,
}

impl Trouble {
    /// An error of this code that ends the run as `outcome`.
    pub fn new(code: &'static str, outcome: Outcome, what: impl Into<String>) -> Self {
        Self {
            code,
            outcome,
            what: what.into(),
            place: String::new(),
            why: String::new(),
            next: String::new(),
        }
    }

    /// Says where it happened.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// Says why it happened.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn then(mut self, next: impl Into<String>) -> Self {
        self.next = next.into();
        self
    }
}
