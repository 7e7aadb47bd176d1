//! Texts of Finesse's commands that are in no source: forms that a client may meet.

use serde::{Deserialize, Serialize};

/// What `utils finesse ippa_inactivity_timeout status` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InactivityLook {
    /// A sentence.
    Sentence,
    /// `name : value` in two lines.
    Pairs,
    /// The number of seconds alone, or one word.
    Bare,
    /// Nothing that says which it is.
    Unclear,
}

impl InactivityLook {
    /// The text.
    pub fn status(self, seconds: Option<u32>) -> String {
        match (self, seconds) {
            (Self::Sentence, Some(seconds)) => {
                format!("Finesse IPPA Inactivity Timeout is enabled with {seconds} seconds")
            }
            (Self::Sentence, None) => "Finesse IPPA Inactivity Timeout is disabled".to_owned(),
            (Self::Pairs, Some(seconds)) => {
                format!("IPPA Inactivity Timeout : enabled\nTimeout (seconds) : {seconds}")
            }
            (Self::Pairs, None) => "IPPA Inactivity Timeout : disabled".to_owned(),
            (Self::Bare, Some(seconds)) => seconds.to_string(),
            (Self::Bare, None) => "disabled".to_owned(),
            (Self::Unclear, _) => "Command completed".to_owned(),
        }
    }
}

/// What `utils finesse show_property` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PropertyLook {
    /// `name=value`.
    Equals,
    /// `name : value`.
    Pairs,
    /// The value alone.
    Bare,
}

impl PropertyLook {
    /// The text.
    pub fn shown(self, name: &str, value: &str) -> String {
        match self {
            Self::Equals => format!("{name}={value}"),
            Self::Pairs => format!("{name} : {value}"),
            Self::Bare => value.to_owned(),
        }
    }
}
