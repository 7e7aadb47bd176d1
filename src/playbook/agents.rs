//! `agents`: the roster, the phones without values, and what the rows of all of them say together.

use std::collections::HashMap;

use super::Files;
use super::account::SecretRef;
use super::decode::{self, Keys, Value};
use super::deployment::{AgentRow, Agents, FilledBy, OneButtonSignIn, Unlisted};
use super::diagnostic::{Diagnostic, shown};
use super::reading::{Mistake, Reading, Span};
use super::roster::{self, Column};
use super::roster_csv;
use super::secret;
use super::tree::NodeKind;

/// Rows that one deployment may have.
pub const MOST_ROWS: usize = 200_000;

/// A row, and where its device stands: which file (0 = the playbook), which bytes.
#[derive(Debug)]
pub struct Placed {
    /// The row.
    pub row: AgentRow,
    /// Index of the file.
    pub book: usize,
    /// The cell or item to underline.
    pub span: Span,
}

/// `agents` as far as it could be read, and the files it names.
#[derive(Debug, Default)]
pub struct Read {
    /// The section.
    pub agents: Option<Agents>,
    /// The roster files with their mistakes.
    pub books: Vec<Reading>,
}

/// Reads the section and every file it names.
pub fn agents(
    reading: &mut Reading,
    value: &Value<'_>,
    files: &dyn Files,
    one_button: Option<&OneButtonSignIn>,
) -> Read {
    let keys = Keys { known: &["roster", "phones", "passwords", "unlisted"], later: &[] };
    let Some(section) = decode::section(reading, value, keys) else { return Read::default() };
    let mut rows = Vec::new();
    let mut books = Vec::new();
    let needed = needed_columns(one_button);
    if let Some(value) = section.get("roster") {
        let columns = &Column::ALL;
        rows_of(reading, &value, files, (columns, &needed), &mut books, &mut rows);
    }
    let listed = rows.len();
    if let Some(value) = section.get("phones") {
        let columns = &[Column::Device, Column::DeviceProfile, Column::Manage];
        rows_of(reading, &value, files, (columns, &[]), &mut books, &mut rows);
    }
    if rows.len() > MOST_ROWS {
        let message = format!("{} rows; one deployment has at most {MOST_ROWS}", rows.len());
        reading.report(Mistake::new("too-large", section.at, message));
        return Read { agents: None, books };
    }
    compare(reading, &mut books, &rows, listed);
    let passwords = passwords(reading, section.get("passwords").as_ref(), section.at, one_button);
    let words = [
        ("report", Unlisted::Report),
        ("clear-values", Unlisted::ClearValues),
        ("unsubscribe", Unlisted::Unsubscribe),
    ];
    let unlisted = section
        .get("unlisted")
        .and_then(|value| decode::word(reading, &value, &words))
        .unwrap_or(Unlisted::Report);
    let rows = rows.into_iter().map(|placed| placed.row).collect();
    let at = reading.locate(section.at.start);
    Read { agents: Some(Agents { rows, listed, passwords, unlisted, at }), books }
}

/// Rows that stand alone, written as a roster has them: of a command that names its devices.
///
/// # Errors
/// Every mistake found.
pub fn rows(
    file: &str,
    text: &str,
    one_button: &OneButtonSignIn,
) -> Result<Vec<AgentRow>, Vec<Diagnostic>> {
    let mut book = Reading::new(file, text);
    let found = roster_csv::rows(&mut book, &Column::ALL, &needed_columns(Some(one_button)));
    let mut books = [book];
    let placed: Vec<Placed> =
        found.into_iter().map(|(row, span)| Placed { row, book: 1, span }).collect();
    compare(&mut Reading::new(file, ""), &mut books, &placed, placed.len());
    let [book] = books;
    if book.has_mistakes() {
        return Err(book.finish());
    }
    Ok(placed.into_iter().map(|placed| placed.row).collect())
}

fn needed_columns(one_button: Option<&OneButtonSignIn>) -> Vec<Column> {
    let Some(one_button) = one_button else { return Vec::new() };
    [(Column::Id, one_button.id), (Column::Extension, one_button.extension)]
        .into_iter()
        .filter(|(_, filled_by)| *filled_by == FilledBy::Administrator)
        .map(|(column, _)| column)
        .collect()
}

fn passwords(
    reading: &mut Reading,
    value: Option<&Value<'_>>,
    agents: Span,
    one_button: Option<&OneButtonSignIn>,
) -> Option<SecretRef> {
    let administrator = one_button.map(|who| who.password == FilledBy::Administrator);
    match (value, administrator) {
        (None, Some(true)) => {
            let message = "`agents.passwords` is missing";
            reading.report(Mistake::new("missing-key", agents, message).then(
                "one_button_sign_in.password is `administrator`: name the file or command that \
                 has `id,password`, or write `keep` to leave those that are stored",
            ));
            None
        }
        (Some(value), _) if kept(value) => None,
        (Some(value), _) => {
            let found = secret::secret(reading, value);
            secret::only(reading, value, found)
        }
        (None, _) => None,
    }
}

/// `keep`: what is stored stays, and the two services are only compared.
fn kept(value: &Value<'_>) -> bool {
    matches!(&value.node.kind, NodeKind::Scalar { text, plain: true } if text == "keep")
}

fn rows_of(
    reading: &mut Reading,
    value: &Value<'_>,
    files: &dyn Files,
    (columns, needed): (&[Column], &[Column]),
    books: &mut Vec<Reading>,
    rows: &mut Vec<Placed>,
) {
    if let NodeKind::List(_) = value.node.kind {
        for placed in roster::inline(reading, value, columns, needed) {
            rows.push(Placed { row: placed.0, book: 0, span: placed.1 });
        }
        return;
    }
    let Some(path) = decode::text(reading, value) else { return };
    let path = super::joined(reading.file(), &path);
    let text = match super::load(files, &path) {
        Ok(text) => text,
        Err(why) => {
            let message = format!("`{}` cannot be used: {why}", shown(&path));
            reading.report(Mistake::new("unreadable-file", value.point(), message));
            return;
        }
    };
    let mut book = Reading::new(&path, &text);
    let found = roster_csv::rows(&mut book, columns, needed);
    books.push(book);
    let number = books.len();
    rows.extend(found.into_iter().map(|(row, span)| Placed { row, book: number, span }));
}

/// What several rows say of one device or device profile.
fn compare(playbook: &mut Reading, books: &mut [Reading], rows: &[Placed], listed: usize) {
    let mut seen: HashMap<(bool, &str), usize> = HashMap::new();
    for (number, placed) in rows.iter().enumerate() {
        let row = &placed.row;
        let names = [(false, &row.device), (true, &row.device_profile)];
        for (profile, name) in names {
            let Some(name) = name else { continue };
            let Some(earlier) = seen.get(&(profile, name.as_str())).copied() else {
                seen.insert((profile, name), number);
                continue;
            };
            let Some(before) = rows.get(earlier) else { continue };
            let both_lists = (earlier < listed) != (number < listed);
            if let Some((code, message)) = conflict(&before.row, row, name, both_lists) {
                let reading = match placed.book.checked_sub(1) {
                    None => Some(&mut *playbook),
                    Some(index) => books.get_mut(index),
                };
                if let Some(reading) = reading {
                    let first = before.row.at.clone();
                    reading.report(
                        Mistake::new(code, placed.span, message).also(first, "first listed"),
                    );
                }
                break;
            }
        }
    }
}

fn conflict(
    before: &AgentRow,
    row: &AgentRow,
    name: &str,
    both_lists: bool,
) -> Option<(&'static str, String)> {
    if both_lists {
        let message = format!("{name} stands in `roster` and in `phones`");
        return Some(("roster-duplicate", message));
    }
    let differs = [
        (before.id != row.id, "id"),
        (before.extension != row.extension, "extension"),
        (before.manage != row.manage, "manage"),
    ];
    if let Some((_, what)) = differs.iter().find(|(differs, _)| *differs) {
        let message = format!("{name} has two rows with different `{what}`");
        return Some(("roster-contradiction", message));
    }
    let same = before.device == row.device
        && before.device_profile == row.device_profile
        && before.user == row.user;
    same.then(|| ("roster-duplicate", format!("{name} has the same row twice")))
}
