//! Text within Markdown: what is foreign stands in code, and a page keeps to its limit.

use std::fmt::Write as _;

use super::sanitize::line;

/// Bytes kept for the line that says what was left out.
const LAST: usize = 120;
/// Characters of a foreign text that are given.
const LONGEST: usize = 400;

/// A text that stays below a limit.
pub(super) struct Page {
    text: String,
    most: usize,
    left: usize,
}

impl Page {
    pub(super) fn new(most: usize) -> Self {
        Self { text: String::new(), most, left: 0 }
    }

    /// What is short, and stands at the beginning.
    pub(super) fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A head, as many items as there is room for, and a tail; nothing where there is room for no item.
    pub(super) fn block(
        &mut self,
        head: &str,
        items: impl IntoIterator<Item = String>,
        tail: &str,
    ) {
        let mut begun = false;
        for item in items {
            let opening = if begun { "" } else { head };
            let after = self.text.len() + opening.len() + item.len() + tail.len() + LAST;
            // What comes after one that was left out is left out too: the most important stands first.
            if self.left > 0 || after > self.most {
                self.left += 1;
                continue;
            }
            self.text.push_str(opening);
            self.text.push_str(&item);
            begun = true;
        }
        if begun {
            self.text.push_str(tail);
        }
    }

    /// The text, with how much of it was left out.
    pub(super) fn end(mut self) -> String {
        if self.left > 0 {
            let left = self.left;
            let _infallible = writeln!(self.text, "\n… and {left} more; the JSON report has all");
        }
        self.text.trim_end().to_owned() + "\n"
    }
}

/// Foreign text as code, in a paragraph, a list or a cell of a table.
pub(super) fn code(foreign: &str) -> String {
    let text = cut(foreign);
    let plain = !text.is_empty() && text.trim() == text && !text.contains(['`', '|', '\\']);
    if plain { format!("`{text}`") } else { format!("<code>{}</code>", entities(&text)) }
}

/// Text of a summary, which is HTML: nothing in it is mark-up.
pub(super) fn summary(text: &str) -> String {
    format!("<code>{}</code>", entities(&cut(text)))
}

/// A sentence of this repository's own, whose code stands between backticks.
pub(super) fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return entities(text);
    }
    let pieces = pieces.iter().enumerate();
    pieces.map(|(at, piece)| if at % 2 == 1 { code(piece) } else { entities(piece) }).collect()
}

/// Every character that could begin something, as its number.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in line(text).chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, ',' | ';' | '(' | ')' | '-' | '\'' | '/' | '%')
            && !(c == '.' || c == ':')
        {
            let _infallible = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn cut(text: &str) -> String {
    let text = line(text);
    let length = text.chars().count();
    if length <= LONGEST {
        return text.into_owned();
    }
    let kept: String = text.chars().take(LONGEST).collect();
    format!("{kept}… (+{} characters)", length - LONGEST)
}

#[cfg(test)]
mod tests {
    use super::{Page, code, prose};
    use crate::outcome::Outcome;
    use crate::plan::{Object, ObjectKind, StepState};
    use crate::report::markdown::{MOST, document};
    use crate::report::{Report, Section, Subject, samples};
    use crate::trouble::Trouble;

    #[test]
    fn a_verification() {
        insta::assert_snapshot!(document(&samples::everything(3)));
    }

    #[test]
    fn a_plan() {
        let mut report = samples::report(Subject::Plan, Outcome::Changes, samples::plan(1000));
        let refusal = Trouble::new("threshold-altered", Outcome::Refused, "20 of 20");
        report.sections[0].refusals.push(refusal.because("limits.max_altered_percent is 30"));
        insta::assert_snapshot!(document(&report));
    }

    #[test]
    fn foreign_text_is_code() {
        for (foreign, told) in [
            ("@all #1 <b> [x](y)", "`@all #1 <b> [x](y)`"),
            ("a|b", "<code>a&#124;b</code>"),
            ("`x`", "<code>&#96;x&#96;</code>"),
            ("\\", "<code>&#92;</code>"),
            ("", "<code></code>"),
            ("a\nb", "<code>a&#92;nb</code>"),
        ] {
            assert_eq!(code(foreign), told);
        }
        assert_eq!(prose("Set `a|b` <now>."), "Set <code>a&#124;b</code> &#60;now&#62;.");
    }

    #[test]
    fn a_comment_keeps_to_its_limit_and_says_so() {
        let sections = (0..400).map(|number| {
            let mut section = Section::new(format!("site-{number}"), Outcome::Failed);
            section.plan = samples::plan(8);
            for (index, step) in section.plan.steps.iter_mut().enumerate() {
                step.object = Object::new(ObjectKind::Phone, "\u{e9}`".repeat(300));
                step.state = StepState::Refused(format!("{index}{}", "|".repeat(2000)));
            }
            section
        });
        for number in [10, 400] {
            let sections: Vec<Section> = sections.clone().take(number).collect();
            let text = document(&Report::new(Subject::Apply, "", sections));
            assert!(text.len() < MOST, "{}", text.len());
            assert!(text.contains(" more; the JSON report has all"), "{number}");
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        }
        let mut page = Page::new(200);
        page.block("head\n", ["x".repeat(300)], "tail\n");
        assert!(page.end().starts_with("\n… and 1 more"));
    }
}
