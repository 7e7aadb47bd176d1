//! Waiting for a busy server: back-off with jitter, and a limit on writes that follows what the server bears.

use std::sync::Arc;
use std::time::Duration;

/// Why we wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitCause {
    /// 503 or 429.
    Throttled,
    /// The server's memory for answers is used up.
    Memory,
    /// The connection failed before anything was sent, or a read lost its answer.
    Network,
}

/// One wait, told before it begins.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    /// What is being done, e.g. an AXL operation.
    pub operation: &'static str,
    /// Why.
    pub cause: WaitCause,
    /// For how long.
    pub length: Duration,
}

/// Told of every wait.
pub type OnWait = Arc<dyn Fn(&Wait) + Send + Sync>;
