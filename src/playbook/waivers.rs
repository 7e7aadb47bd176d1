//! Waivers: findings that somebody answers for, until a day. A file beside the playbook, `NAME.waivers.yaml` for
//! `NAME.yaml`.

use jiff::civil::Date;
use wildmatch::WildMatch;

use super::decode::{self, Keys, Value};
use super::diagnostic::{Diagnostic, nearest, shown};
use super::location::Location;
use super::reading::{Mistake, Reading, Span};
use super::tree;

/// Findings that are waived, and what day it is.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    /// In the order of the file.
    pub rows: Vec<Waiver>,
    /// Today, in UTC.
    pub today: Date,
}

/// One waiver.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The check's id.
    pub check: String,
    /// Which objects: a name, with `*` and `?`; with the kind before it or without.
    pub object: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where it stands.
    pub at: Location,
}

impl Waiver {
    /// Whether it is for this check of this object, on whatever day.
    pub fn is_for(&self, check: &str, kind: &str, name: &str) -> bool {
        let pattern = WildMatch::new_case_insensitive(&self.object);
        self.check == check && (pattern.matches(name) || pattern.matches(&format!("{kind} {name}")))
    }
}

impl Waivers {
    /// Whether a waiver's day is over.
    pub fn has_expired(&self, waiver: &Waiver) -> bool {
        waiver.expires < self.today
    }

    /// The waiver under which a finding of this check does not count.
    pub fn covers(&self, check: &str, kind: &str, name: &str) -> Option<&Waiver> {
        let mut rows = self.rows.iter().filter(|waiver| !self.has_expired(waiver));
        rows.find(|waiver| waiver.is_for(check, kind, name))
    }
}

/// The path of a playbook's waivers: `emea.waivers.yaml` beside `emea.yaml`.
pub fn waivers_path(playbook: &str) -> String {
    let stem = playbook.strip_suffix(".yaml").or_else(|| playbook.strip_suffix(".yml"));
    format!("{}.waivers.yaml", stem.unwrap_or(playbook))
}

/// Reads a file of waivers; `checks` are the ids there are.
///
/// # Errors
/// Every mistake found, in the order of the text.
pub fn waivers(
    file: &str,
    text: &str,
    today: Date,
    checks: &[&str],
) -> Result<Waivers, Vec<Diagnostic>> {
    let mut reading = Reading::new(file, text.strip_prefix('\u{feff}').unwrap_or(text));
    let root = tree::read(&mut reading);
    let rows = root.and_then(|root| {
        let value = Value { node: &root, key: Span::default(), path: String::new() };
        let keys = Keys { known: &["version", "waivers"], later: &[] };
        let section = decode::section(&mut reading, &value, keys)?;
        let version = section.need(&mut reading, "version")?;
        decode::number(&mut reading, &version, 1..=1)?;
        let list = section.need(&mut reading, "waivers")?;
        let items = decode::list(&mut reading, &list)?;
        Some(items.iter().filter_map(|item| waiver(&mut reading, item, checks)).collect())
    });
    match rows {
        Some(rows) if !reading.has_mistakes() => Ok(Waivers { rows, today }),
        None if !reading.has_mistakes() => Ok(Waivers { rows: Vec::new(), today }),
        Some(_) | None => Err(reading.finish()),
    }
}

fn waiver(reading: &mut Reading, value: &Value<'_>, checks: &[&str]) -> Option<Waiver> {
    let keys = Keys { known: &["check", "object", "owner", "reason", "expires"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let at = reading.locate(section.at.start);
    let check = section.need(reading, "check").and_then(|value| check(reading, &value, checks));
    let mut text =
        |key: &str| section.need(reading, key).and_then(|value| decode::passage(reading, &value));
    let (object, owner, reason) = (text("object"), text("owner"), text("reason"));
    let expires = section.need(reading, "expires").and_then(|value| date(reading, &value));
    Some(Waiver {
        check: check?,
        object: object?,
        owner: owner?,
        reason: reason?,
        expires: expires?,
        at,
    })
}

fn check(reading: &mut Reading, value: &Value<'_>, checks: &[&str]) -> Option<String> {
    let text = decode::text(reading, value)?;
    if checks.contains(&text.as_str()) {
        return Some(text);
    }
    let message = format!("`{}` is no check", shown(&text));
    reading.report(
        Mistake::new("unknown-word", value.point(), message)
            .near(nearest(&text, checks))
            .then("ippactl explain lists them"),
    );
    None
}

fn date(reading: &mut Reading, value: &Value<'_>) -> Option<Date> {
    let text = decode::text(reading, value)?;
    let read = (text.len() == "2027-01-31".len()).then(|| text.parse::<Date>().ok()).flatten();
    if read.is_none() {
        let message = format!("`{}` is not a day for `{}`", shown(&text), value.path);
        reading.report(
            Mistake::new("bad-value", value.point(), message)
                .then("written YYYY-MM-DD: the last day on which the waiver holds"),
        );
    }
    read
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{waivers, waivers_path};

    const FILE: &str = "version: 1
waivers:
  - check: web-access-off
    object: SEP0011*
    owner: jane@example.com
    reason: in the lab
    expires: 2027-01-31
";

    fn messages(text: &str) -> Vec<String> {
        let read = waivers("w.yaml", text, date(2026, 11, 29), &["web-access-off"]);
        let mistakes = read.map(|_| ()).unwrap_err();
        mistakes.iter().map(|one| format!("{}: {}", one.location, one.message)).collect()
    }

    #[test]
    fn a_waiver_is_for_one_check_and_the_objects_of_its_pattern_until_its_day() {
        for (today, holds) in [(date(2027, 1, 31), true), (date(2027, 2, 1), false)] {
            let read = waivers("w.yaml", FILE, today, &["web-access-off"]).unwrap();
            let covers = |check, name| read.covers(check, "phone", name).is_some();
            assert_eq!(covers("web-access-off", "SEP001122334455"), holds);
            assert!(!covers("web-access-off", "SEP991122334455"));
            assert!(!covers("other", "SEP001122334455"));
            assert_eq!(read.rows[0].at.to_string(), "w.yaml:3:5");
        }
        let kind = FILE.replace("SEP0011*", "'phone *'");
        let read = waivers("w.yaml", &kind, date(2026, 1, 1), &["web-access-off"]).unwrap();
        assert!(read.covers("web-access-off", "phone", "x").is_some());
        assert!(read.covers("web-access-off", "device profile", "x").is_none());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (from, to, said) in [
            ("web-access-off", "web-acces-off", "w.yaml:3:12: `web-acces-off` is no check"),
            ("2027-01-31", "31.1.2027", "w.yaml:7:14: `31.1.2027` is not a day for"),
            ("2027-01-31", "2027-02-30", "w.yaml:7:14: `2027-02-30` is not a day for"),
            ("    owner: jane@example.com\n", "", "owner"),
            ("reason", "because", "because"),
            ("version: 1", "version: 2", "version"),
        ] {
            let all = messages(&FILE.replacen(from, to, 1));
            assert!(all.iter().any(|message| message.contains(said)), "{said}: {all:?}");
        }
    }

    #[test]
    fn an_empty_file_waives_nothing_and_the_path_is_the_playbooks() {
        let read = waivers("w.yaml", "# none\n", date(2026, 1, 1), &[]);
        assert!(read.is_ok_and(|read| read.rows.is_empty()));
        assert_eq!(waivers_path("sites/emea.yaml"), "sites/emea.waivers.yaml");
    }
}
