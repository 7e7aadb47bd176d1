//! A list of phones that somebody has already: CSV with the roster's header, or without one.

use crate::playbook::Diagnostic;
use crate::playbook::draft::RowDraft;
use crate::playbook::reading::Reading;
use crate::playbook::roster::Column;
use crate::playbook::roster_csv;

/// The columns of a list without a header, as far as its first row has cells.
const COLUMNS: [&str; 4] = ["device", "id", "extension", "user"];

/// The rows of a list, which the user knows as `name`; or why it cannot be used.
pub(super) fn rows(name: &str, text: &str) -> Result<Vec<RowDraft>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let text = headed(text);
    let mut reading = Reading::new(name, &text);
    let rows = roster_csv::rows(&mut reading, &Column::ALL, &[]);
    let mistakes = reading.finish();
    if let Some(mistake) = mistakes.iter().find(|mistake| mistake.is_error()) {
        return Err(told(mistake));
    }
    let row = |(row, _): (crate::playbook::AgentRow, _)| RowDraft {
        device: row.device.map(Into::into),
        device_profile: row.device_profile.map(Into::into),
        id: row.id,
        extension: row.extension,
        user: row.user.map(Into::into),
        manage: row.manage,
    };
    Ok(rows.into_iter().map(row).collect())
}

fn told(mistake: &Diagnostic) -> String {
    let near = mistake.suggestion.as_ref().map(|near| format!("; did you mean {near}?"));
    let next = if mistake.next.is_empty() { String::new() } else { format!("; {}", mistake.next) };
    format!("{}: {}{}{next}", mistake.location, mistake.message, near.unwrap_or_default())
}

/// The same, with a header on its first line where it has none. Then lines are numbered as they stand.
fn headed(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let cells: Vec<&str> = first.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    let named = cells.iter().any(|cell| Column::ALL.iter().any(|column| column.name() == *cell));
    let device = |cell: &&str| {
        cell.len() == 15 && cell.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("SEP"))
    };
    // Whatever else begins the first line is a header with a mistake, and told so.
    if named || !cells.first().is_some_and(device) {
        return text.to_owned();
    }
    let header: Vec<&str> = COLUMNS.into_iter().take(cells.len()).collect();
    format!("{}\n{text}", header.join(","))
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::playbook::Cell;

    #[test]
    fn a_list_has_a_header_or_none() {
        let with = rows("a.csv", "extension,device\n2001,SEP001122334401\n").unwrap();
        let without = rows("a.csv", "SEP001122334401,,2001\n").unwrap();
        assert_eq!(with, without);
        assert_eq!(with[0].extension, Cell::Value("2001".into()));
        assert_eq!(rows("a.csv", "SEP001122334401\nSEP001122334402").unwrap().len(), 2);
        let quoted = rows("a.csv", "\u{feff}\"SEP001122334401\",1001,2001,jdoe").unwrap();
        assert_eq!(quoted[0].user.as_deref(), Some("jdoe"));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        let why = rows("a.csv", "device;id\nx;1\n").unwrap_err();
        assert!(why.contains("semicolons"), "{why}");
        let why = rows("a.csv", "device,id\nsep001122334401,1\n").unwrap_err();
        assert!(why.starts_with("a.csv:2:1: ") && why.contains("SEP001122334401"), "{why}");
        assert!(rows("a.csv", "telephone,id\nx,1\n").unwrap_err().contains("not a column"));
    }
}
