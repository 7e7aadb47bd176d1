//! One file being read: its text, where things stand in it, the mistakes found so far, and what of it must never
//! be shown.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Snippet};
use super::location::Location;
use crate::plan::Severity;

/// What stands in place of a secret.
pub const MASK: &str = "********";
/// Characters shown before the underline of a very long line.
const LEAD: usize = 80;
/// Mistakes of one file shown at most; the rest are counted.
const MOST: usize = 200;
/// Bytes of a line looked at before what is underlined.
const FURTHEST: usize = 4096;
/// Characters underlined at most.
const WIDEST: usize = 80;

/// A range of bytes of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A mistake at a place of one file.
#[derive(Debug, Clone)]
pub struct Mistake {
    code: &'static str,
    span: Span,
    message: String,
    suggestion: Option<String>,
    next: String,
    related: Vec<(Location, String)>,
}

impl Mistake {
    /// A mistake of this kind, underlining `span`.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            suggestion: None,
            next: String::new(),
            related: Vec::new(),
        }
    }

    /// Names the word that was probably meant.
    #[must_use]
    pub fn near(mut self, word: Option<impl Into<String>>) -> Self {
        self.suggestion = word.map(Into::into);
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn then(mut self, next: impl Into<String>) -> Self {
        self.next = next.into();
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn also(mut self, location: Location, note: impl Into<String>) -> Self {
        self.related.push((location, note.into()));
        self
    }
}

/// A file being read.
#[derive(Debug)]
pub struct Reading {
    file: Arc<str>,
    text: Arc<str>,
    line_starts: Vec<usize>,
    mistakes: Vec<Mistake>,
    hidden: Vec<Span>,
    shows_lines: bool,
}

impl Reading {
    /// Begins to read `text`, which the user knows as `file`.
    pub fn new(file: &str, text: &str) -> Self {
        let breaks =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self {
            file: file.into(),
            text: text.into(),
            line_starts: std::iter::once(0).chain(breaks).collect(),
            mistakes: Vec::new(),
            hidden: Vec::new(),
            shows_lines: true,
        }
    }

    /// The file's name.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The text.
    pub fn text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Records a mistake.
    pub fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// Whether a mistake has been recorded.
    pub fn has_mistakes(&self) -> bool {
        !self.mistakes.is_empty()
    }

    /// From now on, and in mistakes already recorded, this part of the text is never shown.
    pub fn hide(&mut self, span: Span) {
        self.hidden.push(span);
    }

    /// From now on no line of the text is shown at all.
    pub fn show_no_lines(&mut self) {
        self.shows_lines = false;
    }

    /// Line and column of a byte; the end of the text for anything beyond it.
    pub fn locate(&self, offset: usize) -> Location {
        let offset = self.floor(offset);
        let line = self.line_of(offset);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        Location { file: Arc::clone(&self.file), line: count(line + 1), column: count(column + 1) }
    }

    /// Where a place of this file begins, in bytes.
    pub fn offset(&self, location: &Location) -> Option<usize> {
        let start = self.line_starts.get(usize::try_from(location.line).ok()?.checked_sub(1)?)?;
        let column = usize::try_from(location.column).ok()?.checked_sub(1)?;
        let mut places = self.text.get(*start..)?.char_indices().map(|(at, _)| at);
        Some(start + places.nth(column).unwrap_or(0))
    }

    /// The line of a place as it may be shown, with `span` underlined.
    pub fn shown(&mut self, span: Span) -> Option<Snippet> {
        self.join_hidden();
        self.snippet(span)
    }

    /// All mistakes in the order of the text.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.join_hidden();
        let mut mistakes = std::mem::take(&mut self.mistakes);
        mistakes.sort_by_key(|mistake| mistake.span.start);
        let more = mistakes.len().saturating_sub(MOST);
        let end = mistakes.get(MOST).map(|mistake| self.locate(mistake.span.start));
        let mut shown: Vec<Diagnostic> = mistakes
            .into_iter()
            .take(MOST)
            .map(|mistake| Diagnostic {
                severity: Severity::Error,
                code: mistake.code,
                location: self.locate(mistake.span.start),
                snippet: self.shows_lines.then(|| self.snippet(mistake.span)).flatten(),
                message: mistake.message,
                suggestion: mistake.suggestion,
                next: mistake.next,
                related: mistake.related,
            })
            .collect();
        if let Some(end) = end {
            let message = format!("{more} more mistakes from here on are not shown");
            shown.push(Diagnostic::new(Severity::Error, "more-mistakes", end, message));
        }
        shown
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The line of `span`, up to the end of the span: what follows on the line could be anything, also a secret.
    fn snippet(&self, span: Span) -> Option<Snippet> {
        let from = self.floor(span.start);
        let line = self.line_of(from);
        let start = self.line_starts.get(line).copied()?;
        let rest = self.text.get(start..)?;
        let whole = rest.split(['\n', '\r']).next().unwrap_or_default();
        let end = start + whole.len();
        let mut to = self.floor(span.end).clamp(from, end.max(from));
        if to == from && from < end && self.mask_at(from).is_none() {
            to += self
                .text
                .get(from..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
        }
        let mut text = String::new();
        let (mut columns, mut before, mut masked) = (0_usize, None, None);
        let begin = self.floor(start.max(from.saturating_sub(FURTHEST)));
        let near = whole.get(begin - start..).unwrap_or_default();
        for (at, c) in near.char_indices().map(|(at, c)| (begin + at, c)) {
            if at >= to {
                break;
            }
            if at >= from {
                before.get_or_insert(columns);
            }
            match self.mask_at(at) {
                Some(mask) if masked == Some(mask) => {}
                Some(mask) => {
                    masked = Some(mask);
                    text.push_str(MASK);
                    columns += MASK.len();
                }
                None => {
                    masked = None;
                    text.push(if c.is_control() { ' ' } else { c });
                    columns += 1;
                }
            }
        }
        // A mask that began before the underlined part: underline the mask.
        let before = before.unwrap_or(columns).min(if masked.is_some() {
            columns.saturating_sub(MASK.len())
        } else {
            columns
        });
        let width = columns.saturating_sub(before).clamp(1, WIDEST);
        if before + width > columns {
            text.push(' ');
        }
        let tail = self.text.get(to..end).unwrap_or_default();
        if tail.trim_start().starts_with(':') {
            text.push(':');
        }
        if tail.trim().len() > 1 {
            text.push_str(" …");
        }
        Some(shorten(&text, before, width))
    }

    /// The first byte of the hidden part that `offset` lies in.
    fn mask_at(&self, offset: usize) -> Option<usize> {
        let after = self.hidden.partition_point(|span| span.start <= offset);
        let span = self.hidden.get(after.checked_sub(1)?)?;
        (offset < span.end).then_some(span.start)
    }

    /// Sorts the hidden parts and joins those that touch, as showing a line expects.
    fn join_hidden(&mut self) {
        self.hidden.sort_unstable();
        self.hidden.dedup_by(|next, span| {
            let touch = next.start <= span.end;
            if touch {
                span.end = span.end.max(next.end);
            }
            touch
        });
    }
}

fn shorten(text: &str, before: usize, width: usize) -> Snippet {
    let skip = before.saturating_sub(LEAD);
    let mut shown: String = text.chars().skip(skip).take(before - skip + width + 3).collect();
    let mut before = before - skip;
    if skip > 0 {
        shown.insert(0, '…');
        before += 1;
    }
    Snippet { text: shown.trim_end().to_owned(), before, width }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Mistake, Reading, Span};

    fn shown(text: &str, span: Span, hidden: &[Span]) -> String {
        let mut reading = Reading::new("f", text);
        for span in hidden {
            reading.hide(*span);
        }
        reading.report(Mistake::new("x", span, "m"));
        reading.finish().first().map(|d| d.render(false)).unwrap_or_default()
    }

    #[test]
    fn the_line_ends_with_what_is_underlined() {
        let text = "one\ntwo: three # four\nfive";
        assert_eq!(
            shown(text, Span { start: 4, end: 7 }, &[]),
            "error[x]: m\n --> f:2:1\n  |\n2 | two: …\n  | ^^^\n"
        );
    }

    #[test]
    fn hidden_parts_are_masked_with_one_length() {
        let text = "a: { b: geheim, c: 1 }";
        let hidden = Span { start: 8, end: 14 };
        let out = shown(text, Span { start: 16, end: 17 }, &[hidden]);
        assert_eq!(out.lines().nth(3), Some("1 | a: { b: ********, c: …"));
        assert_eq!(out.lines().nth(4), Some("  |                   ^"));
        assert_eq!(shown(text, hidden, &[hidden]).lines().nth(4), Some("  |         ^^^^^^^^"));
    }

    #[test]
    fn columns_count_characters() {
        let reading = Reading::new("f", "ä: ö\r\nx");
        assert_eq!(reading.locate(4).to_string(), "f:1:4");
        assert_eq!(reading.locate(8).to_string(), "f:2:1");
        assert_eq!(reading.locate(99).to_string(), "f:2:2");
    }
}
