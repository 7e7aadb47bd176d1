//! The head of the chain of kept reports.

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
