//! One mistake, and how it is shown: place, the line underlined, the nearest valid word, what to do next.

use std::fmt::Write as _;

use super::location::Location;
use super::reading::MASK;
use super::secrecy;
use crate::plan::Severity;

/// A mistake in a playbook or roster, or what an offline rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Errors keep a playbook from validating; warnings are shown.
    pub severity: Severity,
    /// A stable kebab-case code: the id of a check (see [`crate::lint::check`]) or a kind of mistake such as
    /// `unknown-key`.
    pub code: &'static str,
    /// What is wrong, one sentence. No secret, ever.
    pub message: String,
    /// Where.
    pub location: Location,
    /// The line, underlined; none where the text is not at hand.
    pub snippet: Option<Snippet>,
    /// The nearest valid word.
    pub suggestion: Option<String>,
    /// What to do next; may be empty.
    pub next: String,
    /// Other places that belong to it, with a note each.
    pub related: Vec<(Location, String)>,
}

/// One line as it may be shown: up to the end of what is underlined, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The line.
    pub text: String,
    /// Characters before the underline.
    pub before: usize,
    /// Characters underlined, at least 1.
    pub width: usize,
}

impl Diagnostic {
    /// A diagnostic without snippet, suggestion and next step.
    pub fn new(
        severity: Severity,
        code: &'static str,
        location: Location,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            location,
            snippet: None,
            suggestion: None,
            next: String::new(),
            related: Vec::new(),
        }
    }

    /// Says what to do next.
    #[must_use]
    pub fn then(mut self, next: impl Into<String>) -> Self {
        self.next = next.into();
        self
    }

    /// Whether it keeps the playbook from validating.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The diagnostic as text of several lines, the last one ended.
    pub fn render(&self, color: bool) -> String {
        let (strong, blue, off) = if color {
            let strong = match self.severity {
                Severity::Error => "\u{1b}[1;31m",
                Severity::Warning => "\u{1b}[1;33m",
                Severity::Info => "\u{1b}[1;36m",
            };
            (strong, "\u{1b}[1;34m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let mut out = String::new();
        let number = self.location.line.to_string();
        let gutter = " ".repeat(number.len());
        // Writing to a String cannot fail.
        let _ =
            writeln!(out, "{strong}{}[{}]{off}: {}", self.severity.word(), self.code, self.message);
        let _ = writeln!(out, "{gutter}{blue}-->{off} {}", self.location);
        if let Some(snippet) = &self.snippet {
            let _ = writeln!(out, "{gutter} {blue}|{off}");
            let _ = writeln!(out, "{blue}{number} |{off} {}", snippet.text);
            let (space, line) = (" ".repeat(snippet.before), "^".repeat(snippet.width));
            let _ = writeln!(out, "{gutter} {blue}|{off} {space}{strong}{line}{off}");
        }
        for (location, note) in &self.related {
            let _ = writeln!(out, "{gutter} {blue}={off} {note}: {location}");
        }
        if let Some(word) = &self.suggestion {
            let _ = writeln!(out, "{gutter} {blue}={off} did you mean `{word}`?");
        }
        if !self.next.is_empty() {
            let _ = writeln!(out, "{gutter} {blue}={off} {}", self.next);
        }
        out
    }
}

/// The candidate that was most likely meant, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    // Far longer than any word of ours: not a slip of the finger, and slow to measure.
    if word.len() > 64 {
        return None;
    }
    candidates
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &plain(candidate)), *candidate))
        .filter(|(distance, candidate)| {
            *distance <= (candidate.chars().count() / 3).max(1) && *distance < word.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A value of a file as it may appear in a message: short, on one line, no control characters, and nothing of it
/// when it looks as if a secret had got into it.
pub fn shown(value: &str) -> String {
    if secrecy::holds_a_secret(value) {
        return MASK.to_owned();
    }
    let mut out: String =
        value.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(60).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{nearest, shown};

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        assert_eq!(nearest("publsher", &["publisher", "axl_version"]), Some("publisher"));
        assert_eq!(nearest("sign_in", &["administrator", "agent", "sign-in"]), Some("sign-in"));
        assert_eq!(nearest("colour", &["publisher", "axl_version"]), None);
        assert_eq!(nearest("x", &["id", "user"]), None);
    }

    #[test]
    fn no_control_character_reaches_the_terminal() {
        assert_eq!(shown("a\u{1b}[31mb"), "a\u{fffd}[31mb");
        assert_eq!(shown("https://admin:x@pub"), super::MASK);
        assert_eq!(shown("password: x"), super::MASK);
        assert_eq!(shown("password"), "password");
        assert_eq!(shown(&"x".repeat(70)).chars().count(), 61);
    }
}
