//! What every format tells of a deployment: each finding as one row, the playbook's own warnings among them, each error
//! once, and the numbers that have to be the same in all formats.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ptr;

use crate::checks::doctor::{Line, State};
use crate::lint::{self, Check};
use crate::plan::{Severity, Shown};
use crate::playbook::Location;
use crate::trouble::Trouble;

use super::sanitize::line;
use super::standing::{self, Standing, Waived};
use super::{Mistake, Report, Section};

/// The kind of object that a warning about the playbook itself is reported on.
const PLAYBOOK: &str = "playbook";

/// A finding, or a warning about the playbook.
#[derive(Debug)]
pub struct Row<'a> {
    /// The same over time, whatever the values: [`standing::id`].
    pub id: String,
    /// The check's id.
    pub check: &'a str,
    /// The row of the table, where it has one.
    pub explained: Option<&'static Check>,
    /// How bad it is.
    pub severity: Severity,
    /// The kind of object.
    pub kind: &'a str,
    /// The object's name.
    pub object: &'a str,
    /// The field; empty for a warning about the playbook.
    pub field: &'a str,
    /// What should be there.
    pub expected: Cow<'a, Shown>,
    /// What is there.
    pub found: Cow<'a, Shown>,
    /// The line that declares it.
    pub declared: Option<&'a Location>,
    /// What is known beyond it.
    pub standing: Option<&'a Standing>,
    /// A step of the plan answers it.
    pub answered: bool,
    /// What to do about it.
    pub fix: &'a str,
}

impl Row<'_> {
    /// The waiver under which it does not count.
    pub fn waived(&self) -> Option<&Waived> {
        self.standing?.waived.as_ref()
    }

    /// Whether it counts for the outcome: an error, with `strict` a warning as well, and not waived.
    pub fn counts(&self, strict: bool) -> bool {
        let least = if strict { Severity::Warning } else { Severity::Error };
        self.severity >= least && self.waived().is_none()
    }

    /// What is the matter, in one sentence of the table or the check's id.
    pub fn title(&self) -> &str {
        self.explained.map_or(self.check, |check| check.title)
    }

    /// One line of text: field, expected, found.
    pub fn told(&self) -> String {
        if self.field.is_empty() {
            return shown(&self.found).into_owned();
        }
        let (expected, found) = (shown(&self.expected), shown(&self.found));
        format!("{}: expected {expected}, found {found}", line(self.field))
    }
}

/// An error of the run, or of the playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure<'a> {
    /// Its code.
    pub code: &'a str,
    /// What happened.
    pub what: &'a str,
    /// Where.
    pub place: String,
    /// Why.
    pub why: &'a str,
    /// What to do next.
    pub next: &'a str,
    /// The line of the playbook, where it is about one.
    pub declared: Option<&'a Location>,
}

/// The numbers that every format gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings of severity error that are not waived.
    pub errors: usize,
    /// Findings of severity warning that are not waived, warnings about the playbook included.
    pub warnings: usize,
    /// Findings of severity info that are not waived.
    pub infos: usize,
    /// Findings that are waived, of whatever severity.
    pub waived: usize,
    /// Reads that should have worked.
    pub not_checked: usize,
    /// What no interface tells.
    pub not_checkable: usize,
    /// Errors of the run, and of the playbook.
    pub failures: usize,
}

impl Tally {
    /// The numbers of one deployment.
    pub fn of(section: &Section) -> Self {
        let mut tally = Self { failures: failures(section).len(), ..Self::default() };
        for row in rows(section) {
            *match row.severity {
                _ if row.waived().is_some() => &mut tally.waived,
                Severity::Error => &mut tally.errors,
                Severity::Warning => &mut tally.warnings,
                Severity::Info => &mut tally.infos,
            } += 1;
        }
        for item in unjudged(section) {
            *if item.not_checkable { &mut tally.not_checkable } else { &mut tally.not_checked } +=
                1;
        }
        tally
    }

    /// The numbers of all deployments together.
    pub fn total(report: &Report) -> Self {
        report.sections.iter().map(Self::of).fold(Self::default(), |sum, one| Self {
            errors: sum.errors + one.errors,
            warnings: sum.warnings + one.warnings,
            infos: sum.infos + one.infos,
            waived: sum.waived + one.waived,
            not_checked: sum.not_checked + one.not_checked,
            not_checkable: sum.not_checkable + one.not_checkable,
            failures: sum.failures + one.failures,
        })
    }

    /// The numbers with their names, in the order in which formats give them.
    pub fn named(&self) -> [(&'static str, usize); 7] {
        [
            ("errors", self.errors),
            ("warnings", self.warnings),
            ("infos", self.infos),
            ("waived", self.waived),
            ("not checked", self.not_checked),
            ("not checkable", self.not_checkable),
            ("failures", self.failures),
        ]
    }
}

/// Every finding, then the playbook's own warnings, then what doctor saw that is not well.
pub fn rows(section: &Section) -> impl Iterator<Item = Row<'_>> {
    let stays: HashSet<_> = section.plan.unanswered().map(ptr::from_ref).collect();
    let found = section.plan.findings.iter().map(move |finding| Row {
        id: standing::id(&section.name, finding),
        check: finding.check,
        explained: lint::check(finding.check),
        answered: !stays.contains(&ptr::from_ref(finding)),
        fix: lint::check(finding.check).map_or("", |check| check.fix),
        severity: finding.severity,
        kind: finding.object.kind.word(),
        object: &finding.object.name,
        field: &finding.field,
        expected: Cow::Borrowed(&finding.expected),
        found: Cow::Borrowed(&finding.found),
        declared: finding.declared.as_ref(),
        standing: section.standing(finding),
    });
    let warnings = section.mistakes.iter().filter(|mistake| mistake.severity != Severity::Error);
    let looks = section.examined.iter().flat_map(|seen| &seen.lines);
    found
        .chain(warnings.map(|mistake| of_playbook(section, mistake)))
        .chain(looks.filter_map(|look| of_look(section, look)))
}

/// What doctor looked at, where it failed or should be otherwise.
fn of_look<'a>(section: &Section, look: &'a Line) -> Option<Row<'a>> {
    let severity = match look.state {
        State::Failed(_) => Severity::Error,
        State::Warning => Severity::Warning,
        State::Ok | State::NotChecked | State::NotCheckable => return None,
    };
    let check = if look.id.is_empty() { "doctor" } else { look.id };
    Some(Row {
        id: standing::id_of(&section.name, &[check, look.area.word(), &look.subject]),
        check,
        explained: lint::check(check),
        severity,
        kind: look.area.word(),
        object: &look.subject,
        field: "",
        expected: Cow::Owned(Shown::Absent),
        found: Cow::Owned(Shown::text(look.seen.clone())),
        declared: None,
        standing: None,
        answered: false,
        fix: &look.fix,
    })
}

/// What could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unjudged<'a> {
    /// What was not judged.
    pub subject: &'a str,
    /// Why.
    pub reason: &'a str,
    /// No interface tells it; otherwise a read that should have worked failed.
    pub not_checkable: bool,
    /// The last attestation.
    pub attested: Option<&'a str>,
}

impl Unjudged<'_> {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        if self.not_checkable { "not-checkable" } else { "not-checked" }
    }
}

/// Everything that could not be judged: of the plan, of doctor, and what a capture lacks.
pub fn unjudged(section: &Section) -> impl Iterator<Item = Unjudged<'_>> {
    let of_plan = section.plan.not_checked.iter().map(|item| Unjudged {
        subject: &item.subject,
        reason: &item.reason,
        not_checkable: item.not_checkable,
        attested: item.attested.as_deref(),
    });
    let looks = section.examined.iter().flat_map(|seen| &seen.lines);
    let looks = looks.filter_map(|look| {
        let not_checkable = match look.state {
            State::NotChecked => false,
            State::NotCheckable => true,
            State::Ok | State::Warning | State::Failed(_) => return None,
        };
        let (subject, reason) = (look.subject.as_str(), look.seen.as_str());
        Some(Unjudged { subject, reason, not_checkable, attested: None })
    });
    let missing = section.captured.iter().flat_map(|captured| &captured.missing);
    of_plan.chain(looks).chain(missing.map(|what| Unjudged {
        subject: what,
        reason: "not captured",
        not_checkable: false,
        attested: None,
    }))
}

fn of_playbook<'a>(section: &'a Section, mistake: &'a Mistake) -> Row<'a> {
    Row {
        id: standing::id_of(&section.name, &[&mistake.code, &mistake.at.to_string()]),
        check: &mistake.code,
        explained: lint::check(&mistake.code),
        severity: mistake.severity,
        kind: PLAYBOOK,
        object: &section.name,
        field: "",
        expected: Cow::Owned(Shown::Absent),
        found: Cow::Owned(Shown::text(mistake.message.clone())),
        declared: Some(&mistake.at),
        standing: None,
        answered: false,
        fix: match mistake.next.as_str() {
            "" => lint::check(&mistake.code).map_or("", |check| check.fix),
            next => next,
        },
    }
}

/// Every error: the playbook's, then those of the run and of its steps.
pub fn failures(section: &Section) -> Vec<Failure<'_>> {
    let mistakes = section.mistakes.iter().filter(|mistake| mistake.severity == Severity::Error);
    let of_playbook = mistakes.map(|mistake| {
        let check = lint::check(&mistake.code);
        Failure {
            code: &mistake.code,
            what: &mistake.message,
            place: mistake.at.to_string(),
            why: check.map_or("", |check| check.why),
            next: match mistake.next.as_str() {
                "" => check.map_or("", |check| check.fix),
                next => next,
            },
            declared: Some(&mistake.at),
        }
    });
    let of_run = section.all_troubles().into_iter().map(of_run);
    of_playbook.chain(of_run).collect()
}

/// What would refuse an apply, or went wrong.
pub fn of_run(trouble: &Trouble) -> Failure<'_> {
    Failure {
        code: trouble.code,
        what: &trouble.what,
        place: trouble.place.clone(),
        why: &trouble.why,
        next: &trouble.next,
        declared: None,
    }
}

impl Failure<'_> {
    /// Where, why, what next: the parts that there are, one line each.
    pub fn told(&self) -> String {
        let parts = [("where", self.place.as_str()), ("why", self.why), ("next", self.next)];
        let parts = parts.iter().filter(|(_, text)| !text.is_empty());
        let lines: Vec<_> = parts.map(|(word, text)| format!("{word}: {}", line(text))).collect();
        lines.join("\n")
    }
}

/// A value in one line of harmless text; a secret never shows more than that it is one.
pub fn shown(value: &Shown) -> Cow<'_, str> {
    match value {
        Shown::Absent => Cow::Borrowed("absent"),
        Shown::Secret(_) => Cow::Borrowed("(secret)"),
        Shown::Text(text) if text.is_empty() => Cow::Borrowed("\"\""),
        Shown::Text(text) => line(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Tally, failures, rows};
    use crate::outcome::Outcome;
    use crate::plan::StepState;
    use crate::report::{Subject, samples};
    use crate::trouble::Trouble;

    #[test]
    fn what_is_waived_counts_apart() {
        let report = samples::everything(3);
        let tally = Tally::total(&report);
        let told =
            Tally { errors: 1, warnings: 1, waived: 1, not_checkable: 1, failures: 1, ..tally };
        assert_eq!(tally, told);
        let counting = |strict| rows(&report.sections[0]).filter(|row| row.counts(strict)).count();
        assert_eq!((counting(false), counting(true)), (1, 2));
    }

    #[test]
    fn an_error_of_many_steps_is_one() {
        let mut plan = samples::plan(3);
        let lost = Trouble::new("axl-fault", Outcome::Failed, "updatePhone was refused");
        for step in &mut plan.steps {
            step.state = StepState::Failed(lost.clone());
        }
        let report = samples::report(Subject::Apply, Outcome::Failed, plan);
        assert_eq!(failures(&report.sections[0]).len(), 1);
    }
}
