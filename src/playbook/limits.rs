//! `limits`: what one run may do.

/// `limits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Requests in flight, default 8.
    pub concurrency: u16,
    /// Default 30.
    pub max_altered_percent: u8,
    /// Default 10.
    pub max_removals: u32,
    /// AXL writes that may begin in a minute; `None` = as many as CUCM takes.
    pub writes_per_minute: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { concurrency: 8, max_altered_percent: 30, max_removals: 10, writes_per_minute: None }
    }
}
