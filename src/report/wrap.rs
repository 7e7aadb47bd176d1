//! Lines that fit a terminal: broken between words, and what goes on stands further in than its beginning.

use std::borrow::Cow;

/// How much further in what goes on stands.
const HANG: usize = 2;
/// A label that ends further on is none.
const FURTHEST: usize = 24;
/// Narrower than this, nothing is broken: the terminal does it as well.
const NARROWEST: usize = 40;

/// A text whose lines have so many columns at most. What goes on stands below its beginning; a line with a word that
/// fits nowhere stays whole, for it is there to be copied. Colours take no room.
pub fn wrapped(text: &str, columns: usize) -> Cow<'_, str> {
    if columns < NARROWEST || text.lines().all(|line| width(line) <= columns) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let fits_nowhere = body.split(' ').any(|word| indent(body) + HANG + width(word) > columns);
        if width(body) <= columns || fits_nowhere || is_source(body) {
            out.push_str(body);
        } else {
            fill(&mut out, body, columns);
        }
        out.push_str(end);
    }
    Cow::Owned(out)
}

/// Breaks one line.
fn fill(out: &mut String, line: &str, columns: usize) {
    let (indent, below) = (indent(line), beginning(line));
    let mut at = 0;
    let mut rest = line;
    let mut gap = indent;
    while !rest.is_empty() {
        rest = rest.trim_start_matches(' ');
        let word = rest.split(' ').next().unwrap_or(rest);
        let long = width(word);
        if at > indent && at + gap + long > columns {
            let hang = if below + long > columns { indent + HANG } else { below };
            out.push('\n');
            out.push_str(&" ".repeat(hang));
            at = hang;
        } else {
            out.push_str(&" ".repeat(gap));
            at += gap;
        }
        out.push_str(word);
        at += long;
        rest = &rest[word.len()..];
        gap = rest.len() - rest.trim_start_matches(' ').len();
        if rest.len() == gap {
            // The blank behind a question stays.
            out.push_str(rest);
            return;
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The column where what a line says begins: behind its label, which two blanks end; else a little further in.
fn beginning(line: &str) -> usize {
    let indent = indent(line);
    let body = line.get(indent..).unwrap_or_default();
    let label = body.split_once("  ").map(|(label, rest)| {
        let blanks = 2 + rest.len() - rest.trim_start_matches(' ').len();
        indent + width(label) + blanks
    });
    label.filter(|column| *column <= FURTHEST).unwrap_or(indent + HANG)
}

/// A line of a file, as mistakes show it: what underlines it has to stay below it.
fn is_source(line: &str) -> bool {
    let number = line.trim_start_matches(' ').trim_start_matches(|c: char| c.is_ascii_digit());
    number.trim_start_matches(' ').starts_with('|')
}

/// Characters that are seen.
fn width(text: &str) -> usize {
    let mut rest = text;
    let mut seen = 0;
    while let Some((before, colour)) = rest.split_once("\u{1b}[") {
        seen += before.chars().count();
        rest = colour.split_once('m').map_or("", |(_, after)| after);
    }
    seen + rest.chars().count()
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_broken_between_words_and_go_on_below_their_beginning() {
        let text = "short\n  controlled devices SEP001122330001, SEP001122330002 and 3 more  absent\n  \
                    why   it is its own authority, so no root can vouch for it\n";
        insta::assert_snapshot!(wrapped(text, 44), @r"
        short
          controlled devices SEP001122330001,
            SEP001122330002 and 3 more  absent
          why   it is its own authority, so no root
                can vouch for it
        ");
        assert_eq!(wrapped(text, 100), text);
        assert_eq!(wrapped(text, 10), text, "nothing is left of a line there");
    }

    #[test]
    fn a_long_word_is_never_broken_and_the_blank_of_a_question_stays() {
        let print = "a".repeat(71);
        let line = format!("  fingerprint  {print}\n");
        assert_eq!(wrapped(&line, 80), format!("  fingerprint\n    {print}\n"));
        let copied = format!("fin-a.example.com ssh-rsa {}", "A".repeat(200));
        assert_eq!(wrapped(&copied, 80), copied);
        let question = format!("{} [y/N] ", "is it so ".repeat(8).trim_end());
        assert!(wrapped(&question, 60).ends_with("so [y/N] "));
    }

    #[test]
    fn colours_take_no_room_and_source_stays_as_it_is() {
        let coloured = format!("\u{1b}[1m{}\u{1b}[0m", "word ".repeat(12).trim_end());
        assert_eq!(wrapped(&coloured, 59), coloured);
        let source = format!("12 | key: {}\n   | ^^^\n", "word ".repeat(20).trim_end());
        assert_eq!(wrapped(&source, 60), source);
    }
}
