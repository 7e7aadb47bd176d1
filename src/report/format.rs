//! The formats of `--report`, each rendered from the same value.

use super::{Report, json};

/// A format of `--report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One document, `ippactl.<command>/v1`.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Json];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
        }
    }

    /// The whole file.
    pub fn render(self, report: &Report) -> String {
        match self {
            Self::Json => json::document(report),
        }
    }
}
