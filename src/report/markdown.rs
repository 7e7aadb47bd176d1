//! A report as Markdown for a comment on a merge request: the outcome first, the counts in a table, then what there is of
//! it, grouped as at the terminal.
//!
//! Comments have a limit, so that the text stays below [`MOST`] bytes and says how much it left out. Everything foreign
//! stands in code, where no mark-up, mention, reference or link is anything but text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::plan::{Disturbance, Shown, Step, StepState};

use super::markdown_text::{Page, code, prose, summary};
use super::rows::{Row, Tally, Unjudged, failures, of_run, rows, unjudged};
use super::style::count;
use super::{Report, Section, Subject, grouping};

/// Bytes that no document exceeds: what the common forges take for a comment, and something to spare.
pub const MOST: usize = 60_000;
/// Names given per group.
const MOST_NAMES: usize = 10;
/// Changes given per group.
const MOST_CHANGES: usize = 8;

/// The whole report.
pub fn document(report: &Report) -> String {
    let mut page = Page::new(MOST);
    let (outcome, word) = (report.outcome, report.subject.word());
    page.put(&format!("## ippactl {word}: {} (exit code {})\n\n", outcome.word(), outcome.code()));
    page.put(&format!("{}.\n\n", prose(capital(outcome.meaning()).as_str())));
    let head = "| deployment | outcome | exit code | errors | warnings | infos | waived \
                | not checked | not checkable | failures | as declared |\n\
                |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
    page.block(head, report.sections.iter().map(numbers), "\n");
    for section in &report.sections {
        deployment(&mut page, report, section);
    }
    page.end()
}

fn numbers(section: &Section) -> String {
    let counts = section.plan.counts;
    let numbers: Vec<String> =
        Tally::of(section).named().iter().map(|(_, number)| number.to_string()).collect();
    format!(
        "| {} | {} | {} | {} | {} of {} |\n",
        code(&section.name),
        section.outcome.word(),
        section.outcome.code(),
        numbers.join(" | "),
        counts.devices_in_sync,
        counts.devices
    )
}

fn deployment(page: &mut Page, report: &Report, section: &Section) {
    let heading = format!("### {}: {}\n\n", code(&section.name), section.outcome.word());
    let plans = match report.subject {
        Subject::Plan | Subject::Apply | Subject::Undo | Subject::Remove | Subject::OneShot(_) => {
            true
        }
        Subject::Validate
        | Subject::Verify
        | Subject::Capture
        | Subject::Doctor
        | Subject::Export => false,
    };
    let mut heading = Some(heading);
    let mut block = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            let head = format!("{}{title}\n\n", heading.take().unwrap_or_default());
            page.block(&head, items, "\n");
        }
    };
    let errors = failures(section);
    block("**Errors**", errors.iter().map(|one| failure(one, "")).collect());
    let refusals: Vec<_> = section.refusals.iter().map(of_run).collect();
    block("**Apply would refuse**", refusals.iter().map(|one| failure(one, "")).collect());
    if plans {
        let groups = grouping::steps(&section.plan.steps);
        let title = format!("**{}**", count(section.plan.steps.len(), "step"));
        block(&title, groups.iter().map(|group| steps(group)).collect());
        block("**Needs permission**", needs(section));
        if !section.plan.fingerprint.is_empty() {
            let print = code(&section.plan.fingerprint);
            block("**Fingerprint**", vec![format!("{print}\n")]);
        }
    }
    let (waived, open): (Vec<Row<'_>>, Vec<Row<'_>>) = rows(section)
        .filter(|row| !(plans && row.answered))
        .partition(|row| row.waived().is_some());
    block("**Findings**", findings(&open));
    let (unknowable, missing): (Vec<_>, Vec<_>) =
        unjudged(section).partition(|item| item.not_checkable);
    block(
        "**Not checked: these reads should have worked**",
        missing.iter().map(not_judged).collect(),
    );
    block("**Not checkable: no interface can tell**", unknowable.iter().map(not_judged).collect());
    block("**Waived**", findings(&waived));
}

fn failure(one: &super::rows::Failure<'_>, indent: &str) -> String {
    let mut out = format!("{indent}- {}: {}\n", code(one.code), code(one.what));
    for (word, text) in [("where", one.place.as_str()), ("why", one.why), ("next", one.next)] {
        if !text.is_empty() {
            let _infallible = writeln!(out, "{indent}  - {word}: {}", code(text));
        }
    }
    out
}

fn not_judged(item: &Unjudged<'_>) -> String {
    let attested = match item.attested {
        Some(attested) => format!("; last attested: {}", code(attested)),
        None => String::new(),
    };
    format!("- {}: {}{attested}\n", code(item.subject), code(item.reason))
}

/// What apply needs to be allowed.
fn needs(section: &Section) -> Vec<String> {
    let mut needs: BTreeMap<Disturbance, usize> = BTreeMap::new();
    for kind in section.plan.steps.iter().flat_map(|step| &step.disturbs) {
        *needs.entry(*kind).or_default() += 1;
    }
    let need = |(kind, number): (Disturbance, usize)| {
        format!("- {} for {}\n", code(&format!("--allow {}", kind.word())), count(number, "step"))
    };
    needs.into_iter().map(need).collect()
}

fn steps(group: &[&Step]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let names: Vec<&str> = group.iter().map(|step| step.object.name.as_str()).collect();
    let mut head = format!("{}: {}", first.kind.word(), whose(&names, first.object.kind.word()));
    if !first.disturbs.is_empty() {
        let kinds: Vec<&str> = first.disturbs.iter().map(|kind| kind.word()).collect();
        let _infallible = write!(head, ", disturbs: {}", kinds.join(", "));
    }
    if first.state != StepState::Planned {
        let _infallible = write!(head, ", {}", first.state.word());
    }
    let mut lines = vec![named(&names)];
    let reason = grouping::reason(&first.state);
    if !reason.is_empty() {
        lines.push(format!("reason: {}", code(reason)));
    }
    for (index, change) in first.changes.iter().enumerate().take(MOST_CHANGES) {
        let side = |pick: fn(&crate::plan::Change) -> &Shown| {
            let all = group.iter().filter_map(|step| step.changes.get(index)).map(pick);
            code(&grouping::values(all, super::style::Style::default()))
        };
        let (before, after) = (side(|change| &change.before), side(|change| &change.after));
        lines.push(format!("{}: {before} → {after}", code(&change.field)));
    }
    if first.changes.len() > MOST_CHANGES {
        lines.push(format!("and {}", count(first.changes.len() - MOST_CHANGES, "more field")));
    }
    lines.extend(first.notes.iter().map(|note| format!("note: {}", code(note))));
    details(&head, &lines)
}

/// Groups of findings, the worst first.
fn findings(rows: &[Row<'_>]) -> Vec<String> {
    let mut groups: BTreeMap<_, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows {
        let worst_first = std::cmp::Reverse(row.severity);
        groups.entry((worst_first, row.check, row.kind, row.field)).or_default().push(row);
    }
    groups.into_values().map(|group| finding(&group)).collect()
}

fn finding(group: &[&Row<'_>]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let names: Vec<&str> = group.iter().map(|row| row.object).collect();
    let head = format!(
        "{}: {} ({}): {}",
        first.severity.word(),
        first.title(),
        first.check,
        whose(&names, first.kind)
    );
    let values = |pick: fn(&Row<'_>) -> Shown| {
        let all: Vec<Shown> = group.iter().map(|row| pick(row)).collect();
        code(&grouping::values(&all, super::style::Style::default()))
    };
    let found = values(|row| row.found.clone().into_owned());
    let mut lines = vec![named(&names)];
    if first.field.is_empty() {
        lines.push(found);
    } else {
        let expected = values(|row| row.expected.clone().into_owned());
        lines.push(format!("{}: expected {expected}, found {found}", code(first.field)));
    }
    if let Some(at) = group.iter().find_map(|row| row.declared) {
        let more =
            if group.len() > 1 { format!(" and {} more", group.len() - 1) } else { String::new() };
        lines.push(format!("declared: {}{more}", code(&at.to_string())));
    }
    if let Some(waived) = first.waived() {
        let (owner, until) = (code(&waived.owner), code(&waived.expires));
        lines.push(format!("waived by {owner} until {until}: {}", code(&waived.reason)));
    }
    if let Some(since) = group.iter().filter_map(|row| row.standing?.first_seen.as_deref()).min() {
        lines.push(format!("since: {}", code(since)));
    }
    if let Some(check) = first.explained {
        lines.push(format!("why: {}", prose(check.why)));
        lines.push(format!("controls: {}", check.controls().join(", ")));
    }
    if !first.fix.is_empty() {
        let ours = first.explained.is_some_and(|check| check.fix == first.fix);
        lines.push(format!("fix: {}", if ours { prose(first.fix) } else { code(first.fix) }));
    }
    details(&head, &lines)
}

/// `2 phones`, or the only one by name.
fn whose(names: &[&str], kind: &str) -> String {
    match names {
        [only] => format!("{kind} {only}"),
        several => count(several.len(), kind),
    }
}

fn named(names: &[&str]) -> String {
    let some: Vec<String> = names.iter().take(MOST_NAMES).map(|name| code(name)).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}

fn details(head: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("- {line}\n")).collect();
    format!("<details><summary>{}</summary>\n\n{}\n</details>\n\n", summary(head), lines.concat())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
