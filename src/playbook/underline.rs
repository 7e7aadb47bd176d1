//! Lines for diagnostics that were made without the text, as those of the offline rules are.

use std::collections::BTreeMap;

use super::Files;
use super::diagnostic::Diagnostic;
use super::reading::{Reading, Span};
use super::{load, roster_csv, secrecy, tree};

/// A file and what may be underlined in it, by first byte.
struct Lines {
    reading: Reading,
    words: BTreeMap<usize, Span>,
}

/// Adds the line to every diagnostic that has none: from the playbook, which the user knows as `file`, and from the
/// rosters. A file that cannot be read any more is passed over.
pub fn underline(found: &mut [Diagnostic], file: &str, text: &str, files: &dyn Files) {
    let mut known: BTreeMap<String, Option<Lines>> = BTreeMap::new();
    for diagnostic in found.iter_mut().filter(|diagnostic| diagnostic.snippet.is_none()) {
        let name = diagnostic.location.file.to_string();
        let lines = known.entry(name.clone()).or_insert_with(|| {
            if name == file {
                Some(playbook(&name, text))
            } else {
                load(files, &name).ok().map(|text| roster(&name, &text))
            }
        });
        let Some(lines) = lines else { continue };
        let Some(at) = lines.reading.offset(&diagnostic.location) else { continue };
        let span = lines.words.get(&at).copied().unwrap_or(Span { start: at, end: at });
        diagnostic.snippet = lines.reading.shown(span);
    }
}

fn playbook(file: &str, text: &str) -> Lines {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading::new(file, text);
    let mut words = Vec::new();
    if let Some(root) = tree::read(&mut reading) {
        secrecy::hide(&mut reading, &root);
        root.scalars(&mut words);
    }
    Lines { reading, words: words.into_iter().map(|span| (span.start, span)).collect() }
}

fn roster(file: &str, text: &str) -> Lines {
    let words = roster_csv::records(text)
        .map_while(Result::ok)
        .flat_map(|record| record.cells)
        .filter(|(text, _)| !text.trim().is_empty())
        .map(|(_, span)| (span.start, span))
        .collect();
    Lines { reading: Reading::new(file, text), words }
}
