//! `journal`: whether what was there before is kept with its secrets, and under which key.

use super::account::SecretRef;
use super::decode::{self, Keys, Value};
use super::reading::Reading;
use super::secret;

/// `journal`.
#[derive(Debug, Clone, Default)]
pub struct JournalSettings {
    /// `seal`: the key under which secrets of what was there before are kept; without it they are not kept.
    pub seal: Option<SecretRef>,
}

/// Reads `journal`.
pub fn journal(reading: &mut Reading, value: &Value<'_>) -> Option<JournalSettings> {
    let keys = Keys { known: &["seal"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let seal = match section.get("seal") {
        Some(value) => Some(secret::secret(reading, &value)?),
        None => None,
    };
    Some(JournalSettings { seal })
}
