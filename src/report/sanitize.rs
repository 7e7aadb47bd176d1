//! Foreign text made harmless for a terminal: no escape sequences, no control or direction-changing characters.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// One line of foreign text with every dangerous character written out, line breaks included.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// Foreign text of several lines; line breaks stay, everything else dangerous is written out.
pub fn lines(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

/// A whole output on its way out, whatever was forgotten before: only line breaks and colours stay as they are.
pub fn screen(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| dangerous(c) && c != '\n') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        let (before, sequence) = rest.split_at(at);
        out.push_str(&lines(before));
        let color = color(sequence);
        let (shown, after) = sequence.split_at(color.unwrap_or(1));
        out.push_str(&if color.is_some() { Cow::Borrowed(shown) } else { lines(shown) });
        rest = after;
    }
    out.push_str(&lines(rest));
    Cow::Owned(out)
}

/// How long the sequence is that a text begins with, when it sets colours: `ESC [ 1 ; 31 m`.
fn color(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("\u{1b}[")?;
    let length = inside.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    inside.get(length..)?.starts_with('m').then_some("\u{1b}[".len() + length + 1)
}

/// A JSON text with every dangerous character escaped, as JSON allows for any character of a string.
pub fn json(text: &str) -> Cow<'_, str> {
    let bad = |c: char| dangerous(c) && c != '\n';
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if bad(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _infallible = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A writer of JSON that escapes what [`json`] escapes.
pub struct EscapedJson<W> {
    out: W,
    /// The beginning of a character whose rest comes with the next part.
    begun: Vec<u8>,
}

impl<W: io::Write> EscapedJson<W> {
    /// Before this writer.
    pub fn before(out: W) -> Self {
        Self { out, begun: Vec::new() }
    }
}

impl<W: io::Write> io::Write for EscapedJson<W> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.begun.is_empty() && part.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
            self.out.write_all(part)?;
            return Ok(part.len());
        }
        self.begun.extend_from_slice(part);
        let bytes = std::mem::take(&mut self.begun);
        let whole = match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        };
        let (text, rest) = bytes.split_at(whole);
        self.begun = rest.to_vec();
        self.out.write_all(json(&String::from_utf8_lossy(text)).as_bytes())?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
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

/// Control characters, line separators, what changes the direction of writing, and what is not seen at all.
fn dangerous(c: char) -> bool {
    // What Unicode keeps for itself is no text: readers of HTML and XML refuse it.
    let own = (u32::from(c) & 0xfffe) == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    if own {
        return true;
    }
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::{json, line, lines, screen};

    #[test]
    fn of_an_output_colours_stay_and_nothing_else() {
        let ours = "\u{1b}[1;31merror\u{1b}[0m: a\nb\n";
        assert_eq!(screen(ours), ours);
        assert_eq!(
            screen("\u{1b}[31mx\u{1b}[2J\u{1b}]8;;u\u{7}\u{9b}1m\u{1b}\r\u{1b}[3"),
            "\u{1b}[31mx\\u{1b}[2J\\u{1b}]8;;u\\u{7}\\u{9b}1m\\u{1b}\\r\\u{1b}[3"
        );
    }

    #[test]
    fn json_says_the_same_with_escapes() {
        let text =
            serde_json::to_string_pretty(&["a\u{9b}\u{202e}\u{e0041}\u{7f}\u{1b}é"]).unwrap();
        let harmless = json(&text);
        assert!(!line(&harmless).contains("\\u{"), "{harmless}");
        let (told, meant): (Vec<String>, Vec<String>) =
            (serde_json::from_str(&harmless).unwrap(), serde_json::from_str(&text).unwrap());
        assert_eq!(told, meant);
    }

    #[test]
    fn escapes_and_direction_marks_are_written_out() {
        assert_eq!(line("Jiří's phone"), "Jiří's phone");
        assert_eq!(
            line("a\u{1b}]0;t\u{7}b\u{202e}c\u{9b}d"),
            "a\\u{1b}]0;t\\u{7}b\\u{202e}c\\u{9b}d"
        );
        assert_eq!(line("a\r\nb\tc"), "a\\r\\nb\\tc");
        assert_eq!(line("a\u{ffff}b\u{fdd0}"), "a\\u{ffff}b\\u{fdd0}");
        assert_eq!(lines("a\nb\u{8}"), "a\nb\\u{8}");
    }
}
