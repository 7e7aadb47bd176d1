//! Reads a report that was written as JSON, by this version or by another of the same schema.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::lint;
use crate::outcome::Outcome;
use crate::plan::{
    AxlCall, Basis, Call, Change, Counts, Disturbance, Finding, Kind, NotChecked, Object,
    ObjectKind, OperatorStep, Plan, SecretNote, Severity, Shown, Step, StepState,
};
use crate::playbook::Location;
use crate::report::standing::Standing;
use crate::report::{Mistake, Report, Section, Subject};
use crate::trouble::{self, Trouble};

use super::shape::{
    ChangeView, DeploymentView, Document, ErrorView, FindingView, LocationView, NotCheckedView,
    ObjectView, StepView, Steps,
};
use super::{PLAYBOOK, SECRET};

/// The report in this text, or why it is none. `capture` and `doctor` keep what cannot be read back.
pub fn read(text: &str) -> Result<Report, String> {
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let word = document.schema.strip_prefix("ippactl.").and_then(|rest| rest.strip_suffix("/v1"));
    let subject = Subject::ALL
        .into_iter()
        .filter(|subject| !matches!(subject, Subject::Capture | Subject::Doctor | Subject::Export))
        .find(|subject| Some(subject.word()) == word)
        .ok_or_else(|| {
            format!("{} is not the schema of a report that can be read", document.schema)
        })?;
    let sections = document.deployments.into_iter().map(section).collect::<Result<_, _>>()?;
    let mut report = Report::new(subject, document.started.into_owned(), sections);
    report.outcome = outcome(&document.outcome)?;
    let ended = report.outcome;
    let errors = document.errors.into_iter();
    report.troubles = errors.map(|view| error(view, ended)).collect();
    report.strict = document.strict;
    report.chain = document.chain.map(Cow::into_owned);
    report.part = document.part.map(Cow::into_owned);
    if report.outcome.code() != document.exit_code {
        return Err(format!(
            "outcome {} and exit code {} contradict each other",
            document.outcome, document.exit_code
        ));
    }
    Ok(report)
}

fn section(view: DeploymentView<'_>) -> Result<Section, String> {
    let mut section = Section::new(view.name, outcome(&view.outcome)?);
    let ended = section.outcome;
    let mut errors: Vec<Trouble> = view.errors.into_iter().map(|view| error(view, ended)).collect();
    let steps = match view.steps {
        Steps::Read(steps) => steps,
        Steps::Planned(_) => Vec::new(),
    };
    let steps = steps.into_iter().map(|view| step(view, &errors));
    let counts = &view.counts;
    section.plan = Plan {
        steps: steps.collect::<Result<_, _>>()?,
        findings: Vec::new(),
        not_checked: view.not_checked.into_iter().map(not_checked).collect(),
        fingerprint: view.fingerprint.map_or_else(String::new, Cow::into_owned),
        counts: Counts {
            devices: counts.devices,
            devices_in_sync: counts.devices_in_sync,
            altered: counts.altered,
            removals: counts.removals,
            writes: counts.writes,
        },
        read_back: view.read_back,
        ..Plan::default()
    };
    for one in view.findings {
        if one.object.kind == PLAYBOOK {
            section.mistakes.push(warning(one)?);
            continue;
        }
        let (found, standing) = finding(one)?;
        if standing != Standing::default() {
            let id = crate::report::standing::id(&section.name, &found);
            section.standings.insert(id, standing);
        }
        section.plan.findings.push(found);
    }
    section.requests = view.counts.requests.into_owned();
    section.journal = view.journal.map(Cow::into_owned);
    section.scope = view.scope.map(Cow::into_owned);
    section.waivers = view.waivers.into_owned();
    section.refusals =
        view.would_refuse.into_iter().map(|view| error(view, Outcome::Refused)).collect();
    // An error of a step is the step's, and told once.
    errors.retain(|error| !section.plan.steps.iter().any(|step| of_step(step) == Some(error)));
    section.troubles = errors;
    Ok(section)
}

fn outcome(word: &str) -> Result<Outcome, String> {
    by_word(Outcome::BY_PRECEDENCE, Outcome::word, word, "outcome")
}

/// The one of `all` that has this word.
fn by_word<T: Copy>(
    all: impl IntoIterator<Item = T>,
    of: impl Fn(T) -> &'static str,
    word: &str,
    what: &str,
) -> Result<T, String> {
    let found = all.into_iter().find(|one| of(*one) == word);
    found.ok_or_else(|| format!("`{word}` is no {what} that this version knows"))
}

fn of_step(step: &Step) -> Option<&Trouble> {
    match &step.state {
        StepState::Failed(trouble) | StepState::Unknown(trouble) => Some(trouble),
        StepState::Planned
        | StepState::Done
        | StepState::Deferred(_)
        | StepState::Refused(_)
        | StepState::Operator => None,
    }
}

fn step(view: StepView<'_>, errors: &[Trouble]) -> Result<Step, String> {
    let reason = || view.reason.clone().into_owned();
    let failed = || {
        let error = errors.iter().find(|error| error.what == view.reason);
        error.cloned().ok_or_else(|| format!("a step failed, and no error says: {}", view.reason))
    };
    let state = match view.state.as_ref() {
        "planned" => StepState::Planned,
        "done" => StepState::Done,
        "failed" => StepState::Failed(failed()?),
        "unknown" => StepState::Unknown(failed()?),
        "deferred" => StepState::Deferred(reason()),
        "refused" => StepState::Refused(reason()),
        "operator" => StepState::Operator,
        other => return Err(format!("`{other}` is no state of a step that this version knows")),
    };
    let kind = by_word(Kind::ALL, Kind::word, &view.kind, "kind of step")?;
    let call = match view.operator {
        Some(operator) => Call::Operator(OperatorStep {
            id: operator.id.into_owned(),
            console: operator.console.into_owned(),
            entries: operator.entries.into_owned(),
            checked_by: operator.checked_by.into_owned(),
            token: operator.token.into_owned(),
        }),
        // A report tells what was done, not by which request; nothing is performed from it.
        None => Call::Axl(AxlCall::SubscribeDelta),
    };
    let changes = view.changes.into_iter().map(change).collect();
    let mut step = Step::new(kind, object(view.object)?, changes, call);
    step.state = state;
    step.notes = view.notes.into_owned();
    step.basis = match view.basis.as_ref() {
        "observed" => Basis::Observed,
        "remembered" => Basis::Remembered,
        "running" => Basis::Running,
        other => return Err(format!("`{other}` is no basis that this version knows")),
    };
    for word in view.disturbs {
        let kind = by_word(Disturbance::ALL, Disturbance::word, &word, "disturbance")?;
        step.disturbs.insert(kind);
    }
    Ok(step)
}

fn object(view: ObjectView<'_>) -> Result<Object, String> {
    let kind = by_word(ObjectKind::ALL, ObjectKind::word, &view.kind, "kind of object")?;
    Ok(Object::new(kind, view.name))
}

fn change(view: ChangeView<'_>) -> Change {
    Change {
        field: view.field.into_owned(),
        before: shown(view.before),
        after: shown(view.after),
        check: known(&view.check),
        declared: location(&view.declared),
    }
}

fn shown(value: Option<Cow<'_, str>>) -> Shown {
    match value {
        None => Shown::Absent,
        Some(text) if text == SECRET => Shown::Secret(SecretNote::Set),
        Some(text) => Shown::Text(text.into_owned()),
    }
}

fn location(view: &LocationView<'_>) -> Location {
    Location { file: Arc::from(view.file.as_ref()), line: view.line, column: view.column }
}

fn severity(word: &str) -> Result<Severity, String> {
    by_word([Severity::Info, Severity::Warning, Severity::Error], Severity::word, word, "severity")
}

fn finding(view: FindingView<'_>) -> Result<(Finding, Standing), String> {
    let found = Finding {
        check: known(&view.check),
        severity: severity(&view.severity)?,
        object: object(view.object)?,
        field: view.field.into_owned(),
        expected: shown(view.expected),
        found: shown(view.found),
        declared: view.declared.as_ref().map(location),
    };
    Ok((found, view.standing.into_owned()))
}

/// A warning about the playbook itself.
fn warning(view: FindingView<'_>) -> Result<Mistake, String> {
    let at = view
        .declared
        .as_ref()
        .map(location)
        .ok_or("a warning about a playbook without its line")?;
    let message = view.found.unwrap_or_default().into_owned();
    Ok(Mistake {
        code: view.check.clone().into_owned(),
        severity: severity(&view.severity)?,
        rendered: format!("{}[{}]: {message}\n  at {at}", view.severity, view.check),
        message,
        at,
        next: String::new(),
    })
}

fn not_checked(view: NotCheckedView<'_>) -> NotChecked {
    NotChecked {
        subject: view.subject.into_owned(),
        reason: view.reason.into_owned(),
        not_checkable: view.not_checkable,
        attested: view.attested.map(Cow::into_owned),
    }
}

fn error(view: ErrorView<'_>, outcome: Outcome) -> Trouble {
    Trouble {
        code: known(&view.code),
        outcome,
        what: view.what.into_owned(),
        place: view.place.into_owned(),
        why: view.why.into_owned(),
        next: view.next.into_owned(),
    }
}

/// A check's id or an error's code. One that this version does not know is kept for the rest of the process: there are
/// few, and each once.
fn known(code: &str) -> &'static str {
    static OTHERS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    if let Some(check) = lint::check(code) {
        return check.id;
    }
    if let Some(row) = trouble::error_code(code) {
        return row.code;
    }
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = others.get(code) {
        return known;
    }
    let kept: &'static str = Box::leak(code.to_owned().into_boxed_str());
    others.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::outcome::Outcome;
    use crate::report::json::document;
    use crate::report::{Report, Subject, samples};

    #[test]
    fn what_was_written_is_read_back() {
        let mut reports = vec![samples::everything(12)];
        for subject in [Subject::Plan, Subject::Apply] {
            reports.push(samples::report(subject, Outcome::Changes, samples::plan(5)));
        }
        for report in reports {
            let written = document(&report);
            let again: Report = read(&written).unwrap();
            assert_eq!(document(&again), written);
        }
    }

    #[test]
    fn what_is_no_report_is_refused_with_the_reason() {
        let good = document(&samples::everything(1));
        for (from, to, why) in [
            ("ippactl.verify/v1", "ippactl.doctor/v1", "not the schema"),
            ("\"exit_code\": 2", "\"exit_code\": 0", "contradict"),
            ("\"severity\": \"error\"", "\"severity\": \"bad\"", "no severity"),
        ] {
            let text = good.replace(from, to);
            assert!(text != good, "{from}");
            let error = read(&text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        assert!(read("[]").is_err());
    }
}
