//! Kept reports: one file a call in a folder, each chained to those before it, so that an edited or missing one shows; and
//! since when a finding stands.

pub mod chain;
pub mod folder;
pub mod since;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The head of a history's hash chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChainHead {
    /// 64 hexadecimal digits.
    pub head: String,
    /// Entries in the chain.
    pub entries: usize,
    /// Whether it is keyed by `--history-key`.
    pub keyed: bool,
}
