//! How text looks: colours, shortening, and the words for what may be shown of a value.

use std::borrow::Cow;

use crate::plan::{SecretNote, Severity, Shown};

use super::sanitize;

/// How a text report is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// With ANSI colours.
    pub color: bool,
    /// Every object and every value in full.
    pub full: bool,
}

/// A meaning that has a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Headings.
    Bold,
    /// Additions, success.
    Good,
    /// Changes, warnings.
    Careful,
    /// Removals, errors.
    Bad,
    /// What can be skipped.
    Faint,
}

/// Values longer than this are shortened unless everything is shown.
const LONGEST: usize = 72;

impl Style {
    /// The text in this ink.
    pub fn paint(self, ink: Ink, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Bold => "1",
            Ink::Good => "32",
            Ink::Careful => "33",
            Ink::Bad => "31",
            Ink::Faint => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// The severity's word in its colour.
    pub fn severity(self, severity: Severity) -> String {
        let ink = match severity {
            Severity::Error => Ink::Bad,
            Severity::Warning => Ink::Careful,
            Severity::Info => Ink::Faint,
        };
        self.paint(ink, severity.word())
    }

    /// A value, harmless and shortened.
    pub fn shown(self, shown: &Shown) -> String {
        match shown {
            Shown::Absent => "absent".to_owned(),
            Shown::Secret(SecretNote::Set) => "(secret)".to_owned(),
            Shown::Secret(SecretNote::Changes) => "(secret, changes)".to_owned(),
            Shown::Secret(SecretNote::CannotTell) => "(secret, cannot tell)".to_owned(),
            // Quotes keep a value apart from the words above, and make blanks visible.
            Shown::Text(text) if text.is_empty() || text == "absent" || text.trim() != text => {
                format!("\"{}\"", self.shorten(&sanitize::line(text)))
            }
            Shown::Text(text) => self.shorten(&sanitize::line(text)).into_owned(),
        }
    }

    /// The text, cut with a count of what is left out unless everything is shown.
    pub fn shorten(self, text: &str) -> Cow<'_, str> {
        let length = text.chars().count();
        if self.full || length <= LONGEST {
            return Cow::Borrowed(text);
        }
        let kept: String = text.chars().take(LONGEST - 24).collect();
        Cow::Owned(format!("{kept}… (+{} characters)", length - (LONGEST - 24)))
    }
}

/// `1 step`, `2 steps`, `1,000 steps`.
pub fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(number))
}

/// A number with commas between thousands.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Ink, Style, count};
    use crate::plan::{SecretNote, Shown};

    #[test]
    fn values_are_told_apart_from_words() {
        let style = Style::default();
        assert_eq!(style.shown(&Shown::Absent), "absent");
        assert_eq!(style.shown(&Shown::text("absent")), "\"absent\"");
        assert_eq!(style.shown(&Shown::text("")), "\"\"");
        assert_eq!(style.shown(&Shown::Secret(SecretNote::Changes)), "(secret, changes)");
        assert_eq!(style.shown(&Shown::text("a\u{1b}b")), "a\\u{1b}b");
    }

    #[test]
    fn long_values_are_cut_unless_all_is_shown() {
        let long = "x".repeat(100);
        let cut = Style::default().shorten(&long).into_owned();
        assert_eq!(cut, format!("{}… (+52 characters)", "x".repeat(48)));
        assert_eq!(Style { full: true, color: false }.shorten(&long), long);
    }

    #[test]
    fn colours_only_where_wanted() {
        assert_eq!(Style::default().paint(Ink::Bad, "x"), "x");
        assert_eq!(Style { color: true, full: false }.paint(Ink::Bad, "x"), "\u{1b}[31mx\u{1b}[0m");
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(count(1, "step"), "1 step");
        assert_eq!(count(1_234_567, "phone"), "1,234,567 phones");
        assert_eq!(count(100, "phone"), "100 phones");
    }
}
