//! The last line: the outcome, and what it rests on.

use std::fmt::Write as _;

use crate::outcome::Outcome;
use crate::plan::{OneShot, Severity};

use super::sanitize::line;
use super::style::{Ink, Style, count};
use super::{Report, Section, Subject, doctor, findings};

/// Kinds of findings that the line names.
const MOST_PHRASES: usize = 3;

/// The one line that says how the call ended.
pub fn last_line(report: &Report, style: Style) -> String {
    let ink = match report.outcome {
        Outcome::Done => Ink::Good,
        Outcome::Changes | Outcome::Incomplete => Ink::Careful,
        Outcome::Failed
        | Outcome::Denied
        | Outcome::Refused
        | Outcome::Usage
        | Outcome::Interrupted => Ink::Bad,
    };
    let mut sentences: Vec<String> = match report.sections.as_slice() {
        [] => vec![report.outcome.meaning().to_owned()],
        [one] => vec![of(report.subject, one)],
        several => several
            .iter()
            .map(|section| format!("{} {}", line(&section.name), of(report.subject, section)))
            .collect(),
    };
    sentences.extend(report.troubles.iter().map(|trouble| trouble.what.clone()));
    sentences.extend(report.closing.clone());
    format!("{}: {}", style.paint(ink, report.outcome.word()), sentences.join(" · "))
}

/// What the outcome of this deployment rests on, in one sentence.
pub fn of(subject: Subject, section: &Section) -> String {
    let mut parts = vec![match subject {
        Subject::Validate => validated(section),
        Subject::Plan => planned(section),
        Subject::Apply => applied(section),
        Subject::OneShot(one) => taken_away(section, &alone(one, section)),
        Subject::Undo => taken_away(section, "everything is as it was before the run"),
        Subject::Remove => taken_away(section, "nothing of the playbook is there"),
        Subject::Verify => verified(section),
        Subject::Capture => captured(section),
        Subject::Export => "nothing is written".to_owned(),
        Subject::Doctor => section.examined.as_ref().map_or(String::new(), doctor::tally),
    }];
    if !section.refusals.is_empty() {
        parts.push("apply would refuse".to_owned());
    }
    let missing = section.plan.not_checked.iter().filter(|item| !item.not_checkable).count();
    if missing > 0 {
        parts.push(format!("{missing} not checked"));
    }
    let unknowable = section.plan.not_checked.len() - missing;
    if unknowable > 0 {
        parts.push(format!("{unknowable} not checkable"));
    }
    let errors = section.all_troubles().len();
    if errors > 0 {
        parts.push(count(errors, "error"));
    }
    parts.retain(|part| !part.is_empty());
    let said =
        if parts.is_empty() { section.outcome.meaning().to_owned() } else { parts.join(", ") };
    // What stays although the plan was made or performed; verify counts it among its findings.
    if !matches!(subject, Subject::Plan | Subject::Apply | Subject::OneShot(_)) {
        return said;
    }
    let mut phrases = findings::phrases(section.plan.unanswered_errors());
    if phrases.len() > MOST_PHRASES {
        let rest = phrases.split_off(MOST_PHRASES).len();
        phrases.push(format!("and {}", count(rest, "other error")));
    }
    std::iter::once(said).chain(phrases).collect::<Vec<_>>().join("; ")
}

fn captured(section: &Section) -> String {
    let Some(captured) = &section.captured else { return String::new() };
    let exchanges = count(captured.exchanges.values().sum(), "exchange");
    let missing = captured.missing.len();
    if missing == 0 { exchanges } else { format!("{exchanges}, {missing} not captured") }
}

fn validated(section: &Section) -> String {
    let errors = section.mistakes_of(Severity::Error);
    let warnings = section.mistakes_of(Severity::Warning);
    match (errors, warnings) {
        (0, 0) if section.outcome == Outcome::Done => "valid".to_owned(),
        (0, 0) => String::new(),
        (0, warnings) => format!("valid, {}", count(warnings, "warning")),
        (errors, 0) => count(errors, "mistake"),
        (errors, warnings) => {
            format!("{}, {}", count(errors, "mistake"), count(warnings, "warning"))
        }
    }
}

fn planned(section: &Section) -> String {
    let stays = section.plan.unanswered_errors().next().is_some();
    match (section.plan.steps.len(), section.outcome) {
        (0, _) if stays => "nothing to write".to_owned(),
        (0, Outcome::Done) => {
            format!("in sync, {} compared", count(section.plan.counts.devices, "device"))
        }
        (0, _) => validated_badly(section),
        (number, _) => format!("{} planned, nothing written", count(number, "step")),
    }
}

/// One part, where there is nothing to do.
fn alone(one: OneShot, section: &Section) -> String {
    if one == OneShot::Restart {
        return "no restart is owed; --restart-now restarts anyway".to_owned();
    }
    if section.plan.counts.devices == 0 { "in sync".to_owned() } else { planned(section) }
}

fn taken_away(section: &Section, nothing: &str) -> String {
    let steps = &section.plan.steps;
    if !steps.is_empty() && section.journal.is_none() && section.plan.counts.writes == 0 {
        return format!("{} planned, nothing written", count(steps.len(), "step"));
    }
    if !steps.is_empty() {
        return applied(section);
    }
    let done = section.outcome == Outcome::Done;
    if done { nothing.to_owned() } else { String::new() }
}

fn applied(section: &Section) -> String {
    let steps = &section.plan.steps;
    if steps.is_empty() {
        return planned(section);
    }
    let words = ["done", "failed", "unknown", "refused", "deferred", "operator", "planned"];
    let mut parts = Vec::new();
    for word in words {
        let number = steps.iter().filter(|step| step.state.word() == word).count();
        // "done" is said even when nothing was: that is what the reader looks for.
        if number > 0 || word == "done" {
            let label = match word {
                "operator" => "left to an operator",
                "planned" => "not begun",
                other => other,
            };
            parts.push(format!("{number} {label}"));
        }
    }
    let counts = section.plan.counts;
    let mut said = format!("{}: {}", count(steps.len(), "step"), parts.join(", "));
    if section.plan.read_back && counts.devices > 0 {
        let devices = count(counts.devices, "device");
        let in_sync = counts.devices_in_sync;
        let _infallible = write!(said, "; read back, {in_sync} of {devices} as declared");
    }
    said
}

fn verified(section: &Section) -> String {
    let counts = section.plan.counts;
    let waived = section.plan.findings.len() - section.counting().count();
    let mut parts = vec![findings::tally(section.counting())];
    if waived > 0 {
        parts.push(format!("{waived} waived"));
    }
    if section.outcome == Outcome::Done && section.plan.is_in_effect() {
        parts.push("in sync".to_owned());
    }
    if counts.devices > 0 {
        let devices = count(counts.devices, "device");
        parts.push(format!("{} of {devices} as declared", counts.devices_in_sync));
    }
    parts.push(validated_badly(section));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// The playbook's own mistakes, where they kept the command from running.
fn validated_badly(section: &Section) -> String {
    if section.mistakes_of(Severity::Error) > 0 { validated(section) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::last_line;
    use crate::outcome::Outcome;
    use crate::plan::Plan;
    use crate::report::style::Style;
    use crate::report::{Report, Section, Subject, samples};
    use crate::trouble::Trouble;

    const PLAIN: Style = Style { color: false, full: false };

    #[test]
    fn nothing_to_do() {
        let report = samples::report(Subject::Apply, Outcome::Done, Plan::default());
        assert_eq!(last_line(&report, PLAIN), "done: in sync, 0 devices compared");
        let report = samples::report(Subject::Validate, Outcome::Done, Plan::default());
        assert_eq!(last_line(&report, PLAIN), "done: valid");
    }

    #[test]
    fn several_deployments_end_in_one_line() {
        let sections = vec![
            Section::new("emea", Outcome::Done),
            Section::of("apac", Trouble::new("axl-unreachable", Outcome::Failed, "No answer")),
        ];
        let report = Report::new(Subject::Verify, "", sections);
        insta::assert_snapshot!(last_line(&report, PLAIN), @"failed: emea in sync · apac 1 error");
    }
}
