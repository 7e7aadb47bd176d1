//! `checks`: the thresholds of the checks that have one.

use super::decode::{self, Keys, Value};
use super::reading::Reading;

/// `checks`.
#[derive(Debug, Clone)]
pub struct Thresholds {
    /// Fewer days than this before its end make a certificate a finding; default 30.
    pub certificate_days: u32,
    /// Labels longer than this may be cut by a phone; default 20.
    pub label_length: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { certificate_days: 30, label_length: 20 }
    }
}

/// Reads the section.
pub fn thresholds(reading: &mut Reading, value: &Value<'_>) -> Option<Thresholds> {
    let keys = Keys { known: &["certificate_days", "label_length"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut thresholds = Thresholds::default();
    if let Some(value) = section.get("certificate_days") {
        thresholds.certificate_days = decode::number(reading, &value, 0..=3650)?;
    }
    if let Some(value) = section.get("label_length") {
        thresholds.label_length = decode::number(reading, &value, 1..=255)?;
    }
    Some(thresholds)
}
