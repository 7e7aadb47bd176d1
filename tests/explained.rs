//! The table of error codes, held against the codes that the source gives out: each has a row, each row is used.

use std::collections::BTreeSet;

use ippactl::lint::check;
use ippactl::outcome::Outcome;
use ippactl::trouble::{ErrorCode, error_code, error_codes};

use crate::source::{Source, sources};

/// A code that the source gives out, with the outcome written beside it, if one is.
#[derive(Debug, PartialEq, Eq)]
struct Given {
    code: String,
    outcome: Option<String>,
    /// Whether it may be the id of a check instead: a mistake in a playbook, not what ends a run.
    mistake: bool,
}

/// What a file gives out, and the places where that cannot be told.
#[derive(Debug, Default)]
struct Read {
    given: Vec<Given>,
    unclear: Vec<String>,
}

/// Names in place of a literal that hold the id of a check, by their nature: the table of checks has them.
const OF_CHECKS: [&str; 4] = ["broken.id", "check.id", "check", "id"];

/// Where errors are made, whether it is a mistake, and how many arguments stand before the code.
const MAKERS: [(&str, bool, usize); 3] =
    [("Trouble::new(", false, 0), ("Mistake::new(", true, 0), ("Diagnostic::new(", true, 1)];

fn read(source: &Source) -> Read {
    let text = spoken(source);
    let mut read = Read::default();
    for (maker, mistake, before) in MAKERS {
        for (at, _) in text.match_indices(maker) {
            let mut rest = &text[at + maker.len()..];
            for _ in 0..before {
                rest = rest.split_once(',').map_or("", |(_, rest)| rest);
            }
            let name = rest.split(',').next().unwrap_or_default().trim();
            if let Some((code, after)) = literal(rest) {
                read.given.push(Given { code, outcome: outcome(after), mistake });
            } else if name == "code" {
                read.given.extend(handed_on(&text, mistake));
            } else if let Some(code) = constant(&text, name) {
                read.given.push(Given { code, outcome: None, mistake });
            } else if !OF_CHECKS.contains(&name) {
                read.unclear.push(format!("{}: {maker}{name}", source.path));
            }
        }
    }
    read
}

/// The text without test modules; empty for a file of tests.
fn spoken(source: &Source) -> String {
    let of_tests = ["_tests.rs", "/tests.rs", "/bench.rs", "/samples.rs"];
    if source.path.contains("/tests/") || of_tests.iter().any(|end| source.path.ends_with(end)) {
        return String::new();
    }
    // A line of a test module is empty in `production`, and a comment there is blank.
    let lines = source.text.lines().zip(source.production.lines());
    let kept = lines.map(|(line, code)| if code.trim().is_empty() { "" } else { line });
    kept.collect::<Vec<_>>().join("\n")
}

fn literal(text: &str) -> Option<(String, &str)> {
    let (code, after) = text.trim_start().strip_prefix('"')?.split_once('"')?;
    let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
    (!code.is_empty() && code.chars().all(kebab)).then(|| (code.to_owned(), after))
}

fn outcome(after: &str) -> Option<String> {
    let next = after.strip_prefix(',')?.trim_start();
    let next = next.strip_prefix("crate::outcome::").unwrap_or(next).strip_prefix("Outcome::")?;
    Some(next.chars().take_while(char::is_ascii_alphabetic).collect())
}

/// Codes that reach the maker through a name: the first of a tuple or a call, where no other type's value follows.
fn handed_on(text: &str, mistake: bool) -> Vec<Given> {
    let tuples = text.match_indices('(').filter(|(at, _)| !text[..*at].ends_with("::new"));
    let found = tuples.filter_map(|(at, _)| literal(&text[at + 1..]));
    let found = found.filter_map(|(code, after)| {
        let outcome = outcome(after);
        let next = after.strip_prefix(',')?.trim_start();
        let other = next.starts_with(|c: char| c.is_ascii_uppercase());
        (outcome.is_some() || !other).then_some(Given { code, outcome, mistake })
    });
    found.collect()
}

fn constant(text: &str, name: &str) -> Option<String> {
    let (_, value) = text.split_once(&format!("const {name}: &str ="))?;
    literal(value).map(|(code, _)| code)
}

/// What is wrong between the codes that are given out and the table.
fn wrong(given: &[Given], rows: &[&ErrorCode]) -> Vec<String> {
    let mut wrong = BTreeSet::new();
    for Given { code, outcome, mistake } in given {
        let Some(row) = rows.iter().find(|row| row.code == code) else {
            if !(*mistake && check(code).is_some()) {
                wrong.insert(format!("'{code}' has no row in src/trouble/table"));
            }
            continue;
        };
        let has = |word: &String| row.outcomes.iter().any(|o| format!("{o:?}") == *word);
        if let Some(word) = outcome.as_ref().filter(|word| !has(word)) {
            wrong.insert(format!("the row of '{code}' does not say that it ends as {word}"));
        }
    }
    for row in rows.iter().filter(|row| !given.iter().any(|given| given.code == row.code)) {
        wrong.insert(format!("nothing gives out '{}'", row.code));
    }
    wrong.into_iter().collect()
}

#[test]
fn every_code_has_its_row_and_every_row_its_use() {
    let (mut given, mut unclear) = (Vec::new(), Vec::new());
    for source in sources(&["src"]) {
        let read = read(&source);
        given.extend(read.given);
        unclear.extend(read.unclear);
    }
    assert!(unclear.is_empty(), "which codes are these?\n{}", unclear.join("\n"));
    let wrong = wrong(&given, &error_codes().collect::<Vec<_>>());
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

const SAMPLE: &str = r#"//! A sample.
const LOST: &str = "write-lost";
fn told(&self) -> (&'static str, Outcome, &'static str) {
    match self {
        Self::Away => ("axl-unreachable", Outcome::Refused, "away"),
        Self::New => (
            "axl-new", Outcome::Failed, "new"),
        Self::Mode => pair("mode-word", Mode::On),
    }
}
fn trouble(&self) -> Trouble {
    // Trouble::new("in-a-comment", Outcome::Failed, "no")
    Trouble::new(code, outcome, what);
    Trouble::new(LOST, Outcome::Failed, "lost");
    Trouble::new(somewhere(), Outcome::Failed, "unclear");
    Trouble::new(
        "interrupted",
        crate::outcome::Outcome::Interrupted,
        "interrupted",
    );
    Mistake::new("subscription-values-missing", span, message);
    Diagnostic::new(Severity::Error, "unknown-mistake", at, message)
}
#[cfg(test)]
mod tests {
    fn f() { Trouble::new("in-a-test", Outcome::Failed, "no"); }
}
"#;

#[test]
fn the_reading_finds_each_form() {
    let read = read(&Source::new("src/clients/x/error.rs", SAMPLE));
    let found: Vec<&str> = read.given.iter().map(|given| given.code.as_str()).collect();
    assert_eq!(
        found,
        [
            "axl-unreachable",
            "axl-new",
            "write-lost",
            "interrupted",
            "subscription-values-missing",
            "unknown-mistake"
        ]
    );
    assert_eq!(read.given[3].outcome.as_deref(), Some("Interrupted"));
    assert_eq!(read.unclear, ["src/clients/x/error.rs: Trouble::new(somewhere()"]);
}

#[test]
fn a_missing_row_a_wrong_end_and_an_unused_row_are_found() {
    let read = read(&Source::new("src/clients/x/error.rs", SAMPLE));
    let rows = ["axl-unreachable", "interrupted", "axl-timeout"];
    let rows: Vec<&ErrorCode> = rows.into_iter().filter_map(error_code).collect();
    assert_eq!(
        wrong(&read.given, &rows),
        [
            "'axl-new' has no row in src/trouble/table",
            "'unknown-mistake' has no row in src/trouble/table",
            "'write-lost' has no row in src/trouble/table",
            "nothing gives out 'axl-timeout'",
            "the row of 'axl-unreachable' does not say that it ends as Refused",
        ]
    );
    let outcomes = error_code("axl-timeout").map(|row| row.outcomes);
    assert_eq!(outcomes, Some(&[Outcome::Incomplete][..]));
}
