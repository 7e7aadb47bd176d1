//! `utils finesse ippa_inactivity_timeout status`. No document shows its answer: it is read by the words of the
//! commands that change it, and what does not speak clearly is not recognised.

use super::NotRecognised;

/// How long an idle IP phone agent stays signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InactivityTimeout {
    /// As long as the agent likes.
    Disabled,
    /// So many seconds, where the node says how many.
    Enabled(Option<u32>),
}

/// What it is unless set otherwise, in seconds.
pub const DEFAULT_TIMEOUT: u32 = 120;
/// What it may be set to.
const RANGE: std::ops::RangeInclusive<u32> = DEFAULT_TIMEOUT..=86_400;

impl InactivityTimeout {
    /// Reads the state.
    ///
    /// # Errors
    /// When neither `enabled` nor `disabled` is said, or both, or several numbers that it may be.
    pub fn parse(text: &str) -> Result<Self, NotRecognised> {
        let lower = text.to_ascii_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let says = |some: &[&str]| words.iter().any(|word| some.contains(word));
        let on = says(&["enabled", "enable"]);
        let off = says(&["disabled", "disable"]);
        let numbers = words
            .iter()
            .filter_map(|word| word.trim_end_matches(char::is_alphabetic).parse::<u32>().ok());
        let mut numbers: Vec<u32> = numbers.filter(|number| RANGE.contains(number)).collect();
        numbers.dedup();
        match (on, off, numbers.as_slice()) {
            (false, true, _) => Ok(Self::Disabled),
            (true, false, []) => Ok(Self::Enabled(None)),
            (true, false, [seconds]) => Ok(Self::Enabled(Some(*seconds))),
            // Nothing but a number of seconds.
            (false, false, [seconds]) if words.iter().all(|word| bare(word)) => {
                Ok(Self::Enabled(Some(*seconds)))
            }
            (true, false, _) => Err(NotRecognised { why: "more than one number of seconds" }),
            (true, true, _) | (false, false, _) => {
                Err(NotRecognised { why: "not one of `enabled` and `disabled`" })
            }
        }
    }

    /// Whether agents are signed out as soon as they are unless somebody has set it otherwise. A node that does not
    /// say how long counts as one that has the default.
    pub fn is_default(self) -> bool {
        matches!(self, Self::Enabled(None | Some(DEFAULT_TIMEOUT)))
    }

    /// In words.
    pub fn words(self) -> String {
        match self {
            Self::Disabled => "disabled".to_owned(),
            Self::Enabled(None) => "enabled".to_owned(),
            Self::Enabled(Some(seconds)) => format!("enabled, {seconds} s"),
        }
    }
}

/// A number, or its unit.
fn bare(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(unit, "" | "s" | "sec" | "seconds")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::InactivityTimeout::{self, Disabled, Enabled};

    #[test]
    fn the_words_of_the_commands_are_known() {
        for (text, state) in [
            ("IPPA Inactivity Timeout is Disabled", Disabled),
            ("IPPA inactivity timeout : enabled\nTimeout: 120 seconds", Enabled(Some(120))),
            ("Status: ENABLED (3600s)", Enabled(Some(3600))),
            ("enabled, 3600", Enabled(Some(3600))),
            ("120", Enabled(Some(120))),
            (" 3600 seconds\r\n", Enabled(Some(3600))),
            ("enabled for 5 of 9 nodes", Enabled(None)),
        ] {
            assert_eq!(InactivityTimeout::parse(text).unwrap(), state, "{text}");
        }
        for text in [
            "",
            "No valid command entered",
            "Command 120 completed",
            "7",
            "enabled or disabled",
            "enabled 120 300",
        ] {
            assert!(InactivityTimeout::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_counts_as_the_default() {
        assert!(Enabled(None).is_default() && Enabled(Some(120)).is_default());
        assert!(!Enabled(Some(600)).is_default() && !Disabled.is_default());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(enabled|disabled|[0-9]{1,6}|:|É| |\n){0,20}") {
            let _ = InactivityTimeout::parse(&text);
        }
    }
}
