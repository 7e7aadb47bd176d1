//! Rosters in files: CSV with a header, columns by name in any order.

use std::borrow::Cow;

use super::agents::MOST_ROWS;
use super::deployment::AgentRow;
use super::diagnostic::shown;
use super::reading::{Mistake, Reading, Span};
use super::roster::{self, Column, Raw};

/// Cells of one file that are read: more columns than there are, in more rows than a deployment may have.
const MOST_CELLS: usize = 8 * MOST_ROWS;

/// Columns of one record that are read: far more than there are names for.
const MOST_COLUMNS: usize = 64;

/// One record with the place of every cell.
pub struct Record<'a> {
    /// The cells' text as written, and their place without surrounding blanks.
    pub cells: Vec<(Cow<'a, str>, Span)>,
    /// Where its first cell stands.
    pub at: Span,
}

/// There is more than one of our files would hold.
pub struct TooMany;

/// The records of a text, header first, and an error where it has too many.
pub fn records(text: &str) -> impl Iterator<Item = Result<Record<'_>, TooMany>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes().get(start..).unwrap_or_default());
    let mut record = csv::StringRecord::new();
    let mut left = MOST_CELLS;
    let mut ended = false;
    std::iter::from_fn(move || {
        // The text is UTF-8 and rows may differ in length, so nothing is left that could fail.
        if ended || !matches!(reader.read_record(&mut record), Ok(true)) {
            return None;
        }
        if left == 0 || record.len() > MOST_COLUMNS {
            ended = true;
            return Some(Err(TooMany));
        }
        let at = record.position().map_or(0, csv::Position::byte);
        let at = start + usize::try_from(at).unwrap_or(text.len());
        let kept = record.len().min(left);
        left -= kept;
        let spans = spans(text, at, kept);
        let first = spans.first().copied().unwrap_or_default();
        let cells = record.iter().zip(spans).map(|(cell, span)| (standing(text, cell, span), span));
        Some(Ok(Record { cells: cells.collect(), at: first }))
    })
}

/// A cell as it stands in the text; one with quotes or blanks around it does not stand there as it is read.
fn standing<'a>(text: &'a str, cell: &str, span: Span) -> Cow<'a, str> {
    match text.get(span.start..span.end) {
        Some(there) if there == cell => Cow::Borrowed(there),
        Some(_) | None => Cow::Owned(cell.to_owned()),
    }
}

/// Blanks around a cell do not count.
fn trimmed(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// A file with too many cells to be one of ours.
pub fn too_many(reading: &mut Reading) {
    let message = format!(
        "more than {MOST_CELLS} cells, or {MOST_COLUMNS} in a row; one deployment has at most {MOST_ROWS} rows"
    );
    reading.report(Mistake::new("too-large", Span::default(), message));
}

/// Where the cells of the record at `at` stand, without blanks around them.
fn spans(text: &str, at: usize, cells: usize) -> Vec<Span> {
    let rest = text.get(at..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    // A quote opens at the start of a cell only; a doubled one inside closes and opens again.
    let (mut from, mut quoted, mut closed) = (at + skipped, false, None);
    let mut spans = Vec::with_capacity(cells);
    let trimmed = |from: usize, to: usize| {
        let cell = text.get(from..to).unwrap_or_default();
        let start = from + (cell.len() - cell.trim_start().len());
        Span { start, end: start + cell.trim().len() }
    };
    for (offset, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            b'"' if quoted => (quoted, closed) = (false, Some(offset + 1)),
            b'"' if offset == from || closed == Some(offset) => quoted = true,
            b',' if !quoted => {
                spans.push(trimmed(from, offset));
                from = offset + 1;
            }
            b'\r' | b'\n' if !quoted => {
                spans.push(trimmed(from, offset));
                break;
            }
            _ => {}
        }
        if spans.len() == cells {
            break;
        }
    }
    if spans.len() < cells {
        spans.push(trimmed(from, text.len()));
    }
    spans.resize(cells, Span { start: from, end: from });
    spans
}

/// Reads the rows of a roster file; mistakes are reported to `reading`.
pub fn rows(reading: &mut Reading, columns: &[Column], needed: &[Column]) -> Vec<(AgentRow, Span)> {
    let text = reading.text();
    let mut records = records(&text);
    let Some(header) = records.next() else {
        let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        let message = "the file is empty; its first line names the columns";
        reading.report(
            Mistake::new("missing-value", Span::default(), message)
                .then(format!("columns: {}", names.join(", "))),
        );
        return Vec::new();
    };
    let Ok(header) = header else {
        too_many(reading);
        return Vec::new();
    };
    let Some(header_columns) = header_of(reading, &header, columns) else { return Vec::new() };
    roster::missing_columns(reading, header.at, &header_columns, needed);
    let mut rows = Vec::new();
    for record in records {
        let Ok(record) = record else {
            too_many(reading);
            return Vec::new();
        };
        if record.cells.iter().all(|(text, _)| text.trim().is_empty()) {
            continue;
        }
        if record.cells.len() != header_columns.len() {
            let (found, wanted) = (record.cells.len(), header_columns.len());
            let message = format!("the row has {found} cells, the header has {wanted}");
            reading.report(
                Mistake::new("roster-row", record.at, message)
                    .then("an empty cell still needs its comma; quote a value that holds one"),
            );
            continue;
        }
        let cells = header_columns
            .iter()
            .zip(record.cells)
            .filter(|(_, (text, _))| !text.trim().is_empty())
            .map(|(column, (text, span))| (*column, trimmed(text), span))
            .collect();
        let raw = Raw { cells, at: record.at };
        let span = raw.cells.first().map_or(record.at, |cell| cell.2);
        rows.extend(roster::row(reading, &raw).map(|row| (row, span)));
    }
    rows
}

fn header_of(
    reading: &mut Reading,
    header: &Record<'_>,
    columns: &[Column],
) -> Option<Vec<Column>> {
    if let [(only, span)] = header.cells.as_slice()
        && let Some(separator) = only.chars().find(|c| matches!(c, ';' | '\t' | '|'))
    {
        let name = match separator {
            ';' => "semicolons",
            '\t' => "tabs",
            _ => "vertical bars",
        };
        let message = format!("the columns are separated by {name}");
        reading.report(
            Mistake::new("roster-separator", *span, message)
                .then("save the file as CSV with commas between the columns"),
        );
        return None;
    }
    let mut found = Vec::new();
    let mut good = true;
    for (name, span) in header.cells.iter().map(|(name, span)| (name.trim(), span)) {
        let column = columns.iter().copied().find(|column| column.name() == name);
        match column {
            None if name.is_empty() => {
                reading.report(Mistake::new("unknown-column", *span, "a column has no name"));
                good = false;
            }
            None => {
                roster::unknown_column(reading, name, *span, columns);
                good = false;
            }
            Some(column) if found.contains(&column) => {
                let message = format!("the column `{}` is given twice", shown(name));
                reading.report(Mistake::new("duplicate-column", *span, message));
                good = false;
            }
            Some(column) => found.push(column),
        }
    }
    if good && !found.contains(&Column::Device) && !found.contains(&Column::DeviceProfile) {
        let message = "the roster has neither a `device` nor a `device_profile` column";
        reading.report(Mistake::new("missing-value", header.at, message));
        good = false;
    }
    good.then_some(found)
}
