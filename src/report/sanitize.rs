//! Foreign text made harmless for a terminal: no escape sequences, no control or direction-changing characters.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line of foreign text with every dangerous character written out, line breaks included.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// Foreign text of several lines; line breaks stay, everything else dangerous is written out.
pub fn lines(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

fn clean(text: &str, keep_breaks: bool) -> Cow<'_, str> {
    let bad = |c: char| dangerous(c) && !(keep_breaks && c == '\n');
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !bad(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                // Writing to a String cannot fail.
                let _infallible = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// Control characters, line separators, and what changes the direction of writing.
fn dangerous(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::{line, lines};

    #[test]
    fn escapes_and_direction_marks_are_written_out() {
        assert_eq!(line("Jiří's phone"), "Jiří's phone");
        assert_eq!(
            line("a\u{1b}]0;t\u{7}b\u{202e}c\u{9b}d"),
            "a\\u{1b}]0;t\\u{7}b\\u{202e}c\\u{9b}d"
        );
        assert_eq!(line("a\r\nb\tc"), "a\\r\\nb\\tc");
        assert_eq!(lines("a\nb\u{8}"), "a\nb\\u{8}");
    }
}
