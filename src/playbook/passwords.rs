//! `agents.passwords`: two columns `id,password`. No message of this file ever holds a password.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::diagnostic::{Diagnostic, shown};
use super::reading::{Mistake, Reading, Span};
use super::roster_csv;

/// The longest password that the IP Phone Agent takes (Finesse Administration Guide, IP Phone Agent).
const LONGEST: usize = 95;
const HEADER: &str = "the first line is `id,password`";

/// Reads the text of `agents.passwords`, which the user knows as `file`.
///
/// # Errors
/// Every mistake found: a header that is not `id,password`, an id twice, a password that is empty, longer than 95
/// characters or not printable ASCII.
pub fn passwords(
    file: &str,
    text: &str,
) -> Result<BTreeMap<String, SecretString>, Vec<Diagnostic>> {
    let mut reading = Reading::new(file, text);
    // Lines are never shown: any of their bytes could belong to a password.
    reading.show_no_lines();
    let mut found = BTreeMap::new();
    let mut records = roster_csv::records(text);
    let Ok(first) = records.next().transpose() else {
        roster_csv::too_many(&mut reading);
        return Err(reading.finish());
    };
    let Some((id_at, password_at)) = first.as_ref().and_then(header) else {
        let span = first.map_or_else(Span::default, |record| record.at);
        let message = "the columns of the agents' passwords are `id` and `password`";
        reading.report(Mistake::new("passwords-header", span, message).then(HEADER));
        return Err(reading.finish());
    };
    for record in records {
        let Ok(record) = record else {
            roster_csv::too_many(&mut reading);
            return Err(reading.finish());
        };
        if record.cells.iter().all(|(text, _)| text.trim().is_empty()) {
            continue;
        }
        let (Some((id, place)), Some((password, at)), 2) =
            (record.cells.get(id_at), record.cells.get(password_at), record.cells.len())
        else {
            let message = format!("the row has {} cells, not 2", record.cells.len());
            reading.report(
                Mistake::new("passwords-row", record.at, message)
                    .then("quote a password that holds a comma"),
            );
            continue;
        };
        let id = id.trim();
        if id.is_empty() {
            reading.report(Mistake::new("missing-value", *place, "the row has no agent id"));
            continue;
        }
        if let Some((check, why)) = refusal(password) {
            let message = format!("the password of agent {} {why}", shown(id));
            reading.report(Mistake::new(check, *at, message));
            continue;
        }
        if found.insert(id.to_owned(), SecretString::from(&**password)).is_some() {
            let message = format!("agent {} has two passwords", shown(id));
            reading.report(Mistake::new("passwords-duplicate", *place, message));
        }
    }
    if reading.has_mistakes() { Err(reading.finish()) } else { Ok(found) }
}

fn header(record: &roster_csv::Record<'_>) -> Option<(usize, usize)> {
    let names: Vec<&str> = record.cells.iter().map(|(name, _)| name.trim()).collect();
    match names.as_slice() {
        ["id", "password"] => Some((0, 1)),
        ["password", "id"] => Some((1, 0)),
        _ => None,
    }
}

fn refusal(password: &str) -> Option<(&'static str, &'static str)> {
    if password.is_empty() {
        Some(("missing-value", "is empty"))
    } else if password.chars().count() > LONGEST {
        Some(("subscription-value-limits", "has more than 95 characters"))
    } else if !password.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
        Some(("subscription-value-limits", "has a character that is not printable ASCII"))
    } else if password.trim() != password {
        Some(("bad-value", "begins or ends with a blank"))
    } else if password.contains('"') {
        Some(("subscription-value-limits", "has a double quote"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::passwords;

    #[test]
    fn both_orders_of_columns() {
        let read = passwords("p", "\u{feff}password,id\r\n\"a,b\",1001\r\n\r\n").unwrap();
        assert_eq!(read.get("1001").map(|secret| secret.expose_secret() == "a,b"), Some(true));
        assert_eq!(read.len(), 1);
    }

    #[test]
    fn no_password_is_ever_shown() {
        let marker = "Geheim9";
        let long = marker.repeat(20);
        let texts = [
            format!("id,password\n1001,{marker}ä\n1001,{long}\n,{marker}\n1002,{marker},x\n"),
            format!("id;password\n1001;{marker}\n"),
            format!("1001,{marker}\n"),
            format!("id,password\n1, {marker}\n"),
            format!("id,password\n1,{marker}\n1,{marker}\n2,\"{marker}\n"),
        ];
        for text in texts {
            let mistakes = passwords("p.csv", &text).unwrap_err();
            assert!(!mistakes.is_empty());
            for mistake in mistakes {
                let out = mistake.render(true) + &format!("{mistake:?}");
                assert!(!out.contains(marker), "{out}");
            }
        }
    }

    #[test]
    fn mistakes_have_a_line() {
        let mistakes = passwords("p.csv", "id,password\n1001,\n").unwrap_err();
        let shown: Vec<String> = mistakes.iter().map(|m| m.render(false)).collect();
        insta::assert_snapshot!(shown.concat(), @r#"
    error[missing-value]: the password of agent 1001 is empty
     --> p.csv:2:6
    "#);
    }
}
