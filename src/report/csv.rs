//! A report as CSV (RFC 4180): one finding a row, and one each for what was not judged, every error, step and waiver. The
//! first row is the call's, then each deployment has a row of its own before what belongs to it. Every row carries the
//! outcome and exit code of its deployment. The header stays as it is within a schema version.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front.

use std::borrow::Cow;

use super::rows::{Failure, Row, failures, of_run, rows, shown, unjudged};
use super::sanitize::line;
use super::standing::WaiverState;
use super::{Report, Section, grouping};
use crate::plan::Step;

/// The columns.
const HEADER: [&str; 23] = [
    "deployment",
    "outcome",
    "exit_code",
    "record",
    "state",
    "severity",
    "check",
    "kind",
    "object",
    "field",
    "expected",
    "found",
    "file",
    "line",
    "column",
    "id",
    "first_seen",
    "last_ok",
    "drift",
    "waiver",
    "controls",
    "text",
    "next",
];

/// One row before its cells are guarded.
#[derive(Default)]
struct Cells<'a> {
    record: &'static str,
    state: &'a str,
    severity: &'a str,
    check: &'a str,
    kind: &'a str,
    object: Cow<'a, str>,
    field: Cow<'a, str>,
    expected: Cow<'a, str>,
    found: Cow<'a, str>,
    file: &'a str,
    line: String,
    column: String,
    id: String,
    first_seen: &'a str,
    last_ok: &'a str,
    drift: &'a str,
    waiver: String,
    controls: String,
    text: Cow<'a, str>,
    next: &'a str,
}

/// The whole report as one table.
pub fn document(report: &Report) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    put(&mut out, HEADER.map(Cow::Borrowed));
    let call = Cells {
        record: "call",
        state: report.subject.word(),
        text: Cow::Borrowed(&report.started),
        ..Cells::default()
    };
    row(&mut out, "", report.outcome, call);
    for section in &report.sections {
        let found: Vec<Row<'_>> = rows(section).collect();
        let errors = failures(section);
        let refusals: Vec<Failure<'_>> = section.refusals.iter().map(of_run).collect();
        let mut say = |cells| row(&mut out, &section.name, section.outcome, cells);
        let counts = section.plan.counts;
        let text = format!("{} of {} as declared", counts.devices_in_sync, counts.devices);
        say(Cells {
            record: "deployment",
            id: section.plan.fingerprint.clone(),
            text: Cow::Owned(if counts.devices > 0 { text } else { String::new() }),
            ..Cells::default()
        });
        for one in &found {
            say(finding(one));
        }
        for one in &section.plan.steps {
            say(step(one));
        }
        for item in unjudged(section) {
            say(Cells {
                record: item.word(),
                object: Cow::Borrowed(item.subject),
                text: Cow::Borrowed(item.reason),
                found: Cow::Borrowed(item.attested.unwrap_or_default()),
                ..Cells::default()
            });
        }
        for one in &errors {
            say(failure("error", one));
        }
        for one in &refusals {
            say(failure("would-refuse", one));
        }
        waivers(section, say);
    }
    // Everything in it is text, and writing to memory does not fail.
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn finding<'a>(found: &'a Row<'_>) -> Cells<'a> {
    let standing = found.standing;
    let controls = found.explained.map_or(&[][..], |check| check.controls());
    Cells {
        record: "finding",
        state: if found.waived().is_some() { "waived" } else { "open" },
        severity: found.severity.word(),
        check: found.check,
        kind: found.kind,
        object: Cow::Borrowed(found.object),
        field: Cow::Borrowed(found.field),
        expected: shown(&found.expected),
        found: shown(&found.found),
        file: found.declared.map_or("", |at| &at.file),
        line: found.declared.map_or_else(String::new, |at| at.line.to_string()),
        column: found.declared.map_or_else(String::new, |at| at.column.to_string()),
        id: found.id.clone(),
        first_seen: standing.and_then(|one| one.first_seen.as_deref()).unwrap_or_default(),
        last_ok: standing.and_then(|one| one.last_ok.as_deref()).unwrap_or_default(),
        drift: standing.and_then(|one| one.drift).map_or("", |drift| drift.words()),
        waiver: found.waived().map_or_else(String::new, |waived| {
            format!("{} until {}: {}", waived.owner, waived.expires, waived.reason)
        }),
        controls: controls.join(" "),
        text: Cow::Borrowed(found.title()),
        next: found.fix,
    }
}

/// A step: what it changes, in one cell a side.
fn step(step: &Step) -> Cells<'_> {
    let side = |pick: fn(&crate::plan::Change) -> &crate::plan::Shown| {
        let values: Vec<_> = step.changes.iter().map(|change| shown(pick(change))).collect();
        Cow::Owned(values.join("; "))
    };
    let fields: Vec<&str> = step.changes.iter().map(|change| change.field.as_str()).collect();
    let at = step.changes.first().map(|change| &change.declared);
    Cells {
        record: "step",
        state: step.state.word(),
        check: step.kind.word(),
        kind: step.object.kind.word(),
        object: Cow::Borrowed(&step.object.name),
        field: Cow::Owned(fields.join("; ")),
        // What a step leaves is what was expected, what it meets is what was found.
        expected: side(|change| &change.after),
        found: side(|change| &change.before),
        file: at.map_or("", |at| &at.file),
        line: at.map_or_else(String::new, |at| at.line.to_string()),
        column: at.map_or_else(String::new, |at| at.column.to_string()),
        text: Cow::Borrowed(grouping::reason(&step.state)),
        drift: "",
        severity: "",
        next: "",
        ..Cells::default()
    }
}

fn failure<'a>(record: &'static str, one: &'a Failure<'_>) -> Cells<'a> {
    Cells {
        record,
        check: one.code,
        object: Cow::Borrowed(&one.place),
        text: Cow::Owned(match one.why {
            "" => one.what.to_owned(),
            why => format!("{}: {why}", one.what),
        }),
        next: one.next,
        ..Cells::default()
    }
}

fn waivers<'a>(section: &'a Section, mut say: impl FnMut(Cells<'a>)) {
    for waiver in &section.waivers {
        let waived = &waiver.waived;
        say(Cells {
            record: "waiver",
            state: match waiver.state {
                WaiverState::Used => "used",
                WaiverState::Expired => "expired",
                WaiverState::Unused => "unused",
            },
            check: &waiver.check,
            object: Cow::Borrowed(&waiver.object),
            file: &waiver.declared,
            waiver: format!("{} until {}: {}", waived.owner, waived.expires, waived.reason),
            ..Cells::default()
        });
    }
}

fn row(
    out: &mut csv::Writer<Vec<u8>>,
    deployment: &str,
    outcome: crate::outcome::Outcome,
    cells: Cells<'_>,
) {
    let exit_code = outcome.code().to_string();
    put(
        out,
        [
            Cow::Borrowed(deployment),
            Cow::Borrowed(outcome.word()),
            Cow::Owned(exit_code),
            Cow::Borrowed(cells.record),
            Cow::Borrowed(cells.state),
            Cow::Borrowed(cells.severity),
            Cow::Borrowed(cells.check),
            Cow::Borrowed(cells.kind),
            cells.object,
            cells.field,
            cells.expected,
            cells.found,
            Cow::Borrowed(cells.file),
            Cow::Owned(cells.line),
            Cow::Owned(cells.column),
            Cow::Owned(cells.id),
            Cow::Borrowed(cells.first_seen),
            Cow::Borrowed(cells.last_ok),
            Cow::Borrowed(cells.drift),
            Cow::Owned(cells.waiver),
            Cow::Owned(cells.controls),
            cells.text,
            Cow::Borrowed(cells.next),
        ],
    );
}

fn put(out: &mut csv::Writer<Vec<u8>>, cells: [Cow<'_, str>; HEADER.len()]) {
    // Writing to memory does not fail, and every row has the header's length.
    let _infallible = out.write_record(cells.map(|cell| guarded(&cell)));
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: &str) -> String {
    let cell = line(cell);
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    // Line breaks and tabs have been written out, so that a backslash may hide one.
    let hidden = ["\\t", "\\r", "\\n"].iter().any(|escaped| cell.starts_with(escaped));
    if hidden || cell.trim_start().starts_with(formula) { format!("'{cell}") } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::{document, guarded};
    use crate::report::samples;

    #[test]
    fn a_verification() {
        insta::assert_snapshot!(document(&samples::everything(3)));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, told) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\\t=1"),
            ("\r=1", "'\\r=1"),
            (" =1", "' =1"),
            ("＝1", "'＝1"),
            ("1=1", "1=1"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), told);
        }
    }
}
