//! Switches of what agents do.

use serde::{Deserialize, Serialize};

/// All switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskKnobs {
    /// From a request that was accepted until it is carried out, milliseconds.
    pub delay_ms: u64,
    /// States and actions that are accepted and never carried out; `ALL` for every one.
    pub ineffective: Vec<String>,
    /// Not ready and sign-out want a reason where there are codes.
    pub reasons_required: bool,
}

impl Default for DeskKnobs {
    fn default() -> Self {
        Self { delay_ms: 300, ineffective: Vec::new(), reasons_required: true }
    }
}
