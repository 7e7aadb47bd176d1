//! A report as one JSON document, `ippactl.<command>/v1`. Secrets are `"(secret)"`; an absent value is null.

mod shape;

use serde::Serialize;

use crate::checks::doctor::Line;
use crate::lint;
use crate::outcome::Outcome;
use crate::plan::{Call, Change, Finding, NotChecked, Object, Severity, Shown, Step};
use crate::playbook::Location;
use crate::trouble::Trouble;

use super::{Mistake, Report, Section, grouping, sanitize};
use shape::{
    CapturedView, ChangeView, CountsView, DeploymentView, Document, ErrorView, FindingView,
    LineView, LocationView, NotCheckedView, ObjectView, OperatorView, StepView, TOOL,
};

/// The whole report as one document, with a line break at its end.
pub fn document(report: &Report) -> String {
    text(&Document {
        schema: format!("ippactl.{}/v1", report.subject.word()),
        tool: TOOL,
        started: &report.started,
        outcome: report.outcome.word(),
        exit_code: report.outcome.code(),
        deployments: report.sections.iter().map(deployment).collect(),
    })
}

/// A call that ended before any deployment was known, e.g. for wrong usage.
pub fn failure(command: &str, started: &str, trouble: &Trouble) -> String {
    #[derive(Serialize)]
    struct Failure<'a> {
        #[serde(flatten)]
        document: Document<'a>,
        errors: [ErrorView<'a>; 1],
    }
    text(&Failure {
        document: Document {
            schema: format!("ippactl.{command}/v1"),
            tool: TOOL,
            started,
            outcome: trouble.outcome.word(),
            exit_code: trouble.outcome.code(),
            deployments: Vec::new(),
        },
        errors: [error(trouble)],
    })
}

/// One certificate, or checks and error codes, as the commands that show a single thing print it.
pub fn single(schema: &str, started: &str, outcome: Outcome, fields: &serde_json::Value) -> String {
    #[derive(Serialize)]
    struct Single<'a> {
        #[serde(flatten)]
        document: Document<'a>,
        #[serde(flatten)]
        fields: &'a serde_json::Value,
    }
    text(&Single {
        document: Document {
            schema: format!("ippactl.{schema}/v1"),
            tool: TOOL,
            started,
            outcome: outcome.word(),
            exit_code: outcome.code(),
            deployments: Vec::new(),
        },
        fields,
    })
}

fn text(document: &impl Serialize) -> String {
    // Strings, numbers and string keys only: this cannot fail, and an empty object would still be JSON.
    let text = serde_json::to_string_pretty(document).unwrap_or_else(|_| "{}".to_owned());
    sanitize::json(&text).into_owned() + "\n"
}

fn deployment(section: &Section) -> DeploymentView<'_> {
    let plan = &section.plan;
    let warnings = section.mistakes.iter().filter(|mistake| mistake.severity != Severity::Error);
    let findings: Vec<_> =
        plan.findings.iter().map(finding).chain(warnings.map(|m| warning(section, m))).collect();
    let mistakes = section.mistakes.iter().filter(|mistake| mistake.severity == Severity::Error);
    DeploymentView {
        name: &section.name,
        outcome: section.outcome.word(),
        counts: CountsView {
            devices: plan.counts.devices,
            devices_in_sync: plan.counts.devices_in_sync,
            altered: plan.counts.altered,
            removals: plan.counts.removals,
            writes: plan.counts.writes,
            steps: plan.steps.len(),
            findings: findings.len(),
            not_checked: plan.not_checked.len(),
            requests: &section.requests,
        },
        fingerprint: Some(plan.fingerprint.as_str()).filter(|text| !text.is_empty()),
        journal: section.journal.as_deref(),
        captured: section.captured.as_ref().map(|captured| CapturedView {
            folder: &captured.folder,
            holds: captured.holds,
            exchanges: &captured.exchanges,
            secrets: captured.secrets,
            of_agents: captured.of_agents,
            missing: &captured.missing,
        }),
        lines: section.examined.as_ref().map(|seen| seen.lines.iter().map(line).collect()),
        steps: plan.steps.iter().map(step).collect(),
        findings,
        not_checked: plan.not_checked.iter().map(not_checked).collect(),
        would_refuse: section.refusals.iter().map(error).collect(),
        errors: mistakes
            .map(mistake)
            .chain(section.all_troubles().into_iter().map(error))
            .collect(),
    }
}

fn line(line: &Line) -> LineView<'_> {
    LineView {
        area: line.area.word(),
        subject: &line.subject,
        state: line.state.word(),
        seen: &line.seen,
        fix: &line.fix,
        check: Some(line.id).filter(|id| !id.is_empty()),
    }
}

fn object(object: &Object) -> ObjectView<'_> {
    ObjectView { kind: object.kind.word(), name: &object.name }
}

fn step(step: &Step) -> StepView<'_> {
    let operator = match &step.call {
        Call::Axl(_) | Call::Finesse(_) | Call::Platform(_) => None,
        Call::Operator(operator) => Some(OperatorView {
            id: &operator.id,
            console: &operator.console,
            entries: &operator.entries,
            checked_by: &operator.checked_by,
            token: &operator.token,
        }),
    };
    StepView {
        kind: step.kind.word(),
        object: object(&step.object),
        changes: step.changes.iter().map(change).collect(),
        disturbs: step.disturbs.iter().map(|kind| kind.word()).collect(),
        state: step.state.word(),
        reason: grouping::reason(&step.state),
        notes: &step.notes,
        operator,
    }
}

fn change(change: &Change) -> ChangeView<'_> {
    ChangeView { field: &change.field, before: value(&change.before), after: value(&change.after) }
}

fn value(shown: &Shown) -> Option<&str> {
    match shown {
        Shown::Absent => None,
        Shown::Text(text) => Some(text),
        Shown::Secret(_) => Some("(secret)"),
    }
}

fn finding(finding: &Finding) -> FindingView<'_> {
    let check = lint::check(finding.check);
    FindingView {
        check: finding.check,
        severity: finding.severity.word(),
        object: object(&finding.object),
        field: &finding.field,
        expected: value(&finding.expected),
        found: value(&finding.found),
        declared: finding.declared.as_ref().map(location),
        why: check.map_or("", |check| check.why),
        fix: check.map_or("", |check| check.fix),
    }
}

/// A warning about the playbook itself, in the form of a finding.
fn warning<'a>(section: &'a Section, mistake: &'a Mistake) -> FindingView<'a> {
    let check = lint::check(&mistake.code);
    FindingView {
        check: &mistake.code,
        severity: mistake.severity.word(),
        object: ObjectView { kind: "playbook", name: &section.name },
        field: "",
        expected: None,
        found: Some(&mistake.message),
        declared: Some(location(&mistake.at)),
        why: check.map_or("", |check| check.why),
        fix: check.map_or("", |check| check.fix),
    }
}

fn location(at: &Location) -> LocationView<'_> {
    LocationView { file: &at.file, line: at.line, column: at.column }
}

fn not_checked(item: &NotChecked) -> NotCheckedView<'_> {
    NotCheckedView {
        subject: &item.subject,
        reason: &item.reason,
        not_checkable: item.not_checkable,
        attested: item.attested.as_deref(),
    }
}

fn mistake(mistake: &Mistake) -> ErrorView<'_> {
    let check = lint::check(&mistake.code);
    ErrorView {
        code: &mistake.code,
        what: &mistake.message,
        place: mistake.at.to_string(),
        why: check.map_or("", |check| check.why),
        next: if mistake.next.is_empty() {
            check.map_or("", |check| check.fix)
        } else {
            &mistake.next
        },
    }
}

fn error(trouble: &Trouble) -> ErrorView<'_> {
    ErrorView {
        code: trouble.code,
        what: &trouble.what,
        place: trouble.place.clone(),
        why: &trouble.why,
        next: &trouble.next,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{document, failure};
    use crate::outcome::Outcome;
    use crate::report::{Subject, samples};
    use crate::trouble::Trouble;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_plan_has_the_promised_shape() {
        let report = samples::report(Subject::Plan, Outcome::Changes, samples::plan(1));
        let document = parsed(&document(&report));
        assert_eq!(document["schema"], "ippactl.plan/v1");
        assert_eq!(document["exit_code"], 2);
        assert_eq!(document["outcome"], "changes");
        let deployment = &document["deployments"][0];
        assert_eq!(deployment["fingerprint"], "0123456789abcdef");
        assert_eq!(
            deployment["steps"][0],
            json!({
                "kind": "application-user",
                "object": { "kind": "application user", "name": "ippa" },
                "changes": [
                    { "field": "application user", "before": null, "after": "ippa" },
                    { "field": "password", "before": null, "after": "(secret)" },
                ],
                "disturbs": [],
                "state": "planned",
            })
        );
        assert_eq!(deployment["steps"][2]["disturbs"], json!(["removal"]));
    }

    #[test]
    fn a_verification_has_the_promised_shape() {
        let report = samples::report(Subject::Verify, Outcome::Changes, samples::findings());
        let document = parsed(&document(&report));
        let deployment = &document["deployments"][0];
        let finding = &deployment["findings"][0];
        assert_eq!(finding["check"], "subscription-missing");
        assert_eq!(finding["declared"], json!({ "file": "agents.csv", "line": 2, "column": 1 }));
        assert!(finding["fix"].as_str().is_some_and(|fix| !fix.is_empty()));
        assert_eq!(finding["found"], Value::Null);
        assert_eq!(deployment["not_checked"][0]["not_checkable"], true);
        assert!(deployment.get("fingerprint").is_none());
    }

    #[test]
    fn a_failed_call_is_one_document_too() {
        let trouble = Trouble::new("usage", Outcome::Usage, "unknown flag");
        let document = parsed(&failure("plan", "2026-11-25T04:00:00Z", &trouble));
        assert_eq!(document["exit_code"], 64);
        assert_eq!(document["deployments"], json!([]));
        assert_eq!(document["errors"][0]["code"], "usage");
    }
}
