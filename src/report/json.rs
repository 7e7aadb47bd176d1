//! A report as one JSON document, `ippactl.<command>/v1`. Secrets are `"(secret)"`; an absent value is null.

mod read;
mod shape;
mod streamed;

use std::borrow::Cow;

use serde::Serialize;

use crate::checks::doctor::Line;
use crate::lint;
use crate::outcome::Outcome;
use crate::plan::{Basis, Call, Change, Finding, NotChecked, Object, Severity, Shown, Step};
use crate::playbook::Location;
use crate::trouble::Trouble;

use super::{Mistake, Report, Section, grouping, sanitize, standing};
use shape::{
    CapturedView, ChangeView, CountsView, DeploymentView, Document, ErrorView, FindingView,
    LineView, LocationView, NotCheckedView, ObjectView, OperatorView, StepView, Steps, TOOL,
};

pub use read::read;
pub use streamed::write;

/// The kind of object that a warning about the playbook itself is reported on.
const PLAYBOOK: &str = "playbook";
/// What stands for a secret.
const SECRET: &str = "(secret)";

/// The whole report as one document, with a line break at its end.
pub fn document(report: &Report) -> String {
    text(&whole(report))
}

fn whole(report: &Report) -> Document<'_> {
    Document {
        schema: Cow::Owned(format!("ippactl.{}/v1", report.subject.word())),
        tool: TOOL,
        started: Cow::Borrowed(&report.started),
        outcome: Cow::Borrowed(report.outcome.word()),
        exit_code: report.outcome.code(),
        strict: report.strict,
        chain: report.chain.as_ref().map(Cow::Borrowed),
        part: report.part.as_ref().map(Cow::Borrowed),
        deployments: report.sections.iter().map(deployment).collect(),
        errors: report.troubles.iter().map(error).collect(),
    }
}

/// The JSON Schema of the document.
pub fn schema() -> String {
    text(&schemars::schema_for!(Document<'static>))
}

/// The JSON Schema of a document that shows a single thing with these fields; on failure it has none of them.
pub fn schema_of<Fields: schemars::JsonSchema>(what: &str) -> String {
    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "its schema is all that is wanted of it")]
    struct Whole<Fields> {
        #[schemars(flatten)]
        document: Document<'static>,
        #[schemars(flatten)]
        fields: Option<Fields>,
    }
    let mut schema = schemars::schema_for!(Whole<Fields>);
    schema.insert("title".to_owned(), format!("ippactl {what}").into());
    schema.insert("description".to_owned(), format!("What `ippactl {what}` tells.").into());
    text(&schema)
}

/// A call that ended before any deployment was known, e.g. for wrong usage.
pub fn failure(command: &str, started: &str, trouble: &Trouble) -> String {
    text(&Document { errors: vec![error(trouble)], ..empty(command, started, trouble.outcome) })
}

/// One certificate, or checks and error codes, as the commands that show a single thing print it.
pub fn single(schema: &str, started: &str, outcome: Outcome, fields: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Single<'a, Fields: Serialize> {
        #[serde(flatten)]
        document: Document<'a>,
        #[serde(flatten)]
        fields: &'a Fields,
    }
    text(&Single { document: empty(schema, started, outcome), fields })
}

/// A document without deployments.
fn empty<'a>(command: &str, started: &'a str, outcome: Outcome) -> Document<'a> {
    Document {
        schema: Cow::Owned(format!("ippactl.{command}/v1")),
        tool: TOOL,
        started: Cow::Borrowed(started),
        outcome: Cow::Borrowed(outcome.word()),
        exit_code: outcome.code(),
        strict: false,
        chain: None,
        part: None,
        deployments: Vec::new(),
        errors: Vec::new(),
    }
}

/// What a command tells beside what every document has.
pub trait Fields: Serialize {}

impl<T: Serialize> Fields for T {}

/// A document as it is written: indented, with a line break at its end.
pub fn text(document: &impl Serialize) -> String {
    // Strings, numbers and string keys only: this cannot fail, and an empty object would still be JSON.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_else(|_| "{}".to_owned());
    // A long document is not copied where nothing is wrong with it.
    if let Cow::Owned(clean) = sanitize::json(&text) {
        text = clean;
    }
    text.push('\n');
    text
}

fn deployment(section: &Section) -> DeploymentView<'_> {
    let plan = &section.plan;
    let warnings = section.mistakes.iter().filter(|mistake| mistake.severity != Severity::Error);
    let findings: Vec<_> = plan
        .findings
        .iter()
        .map(|found| finding(section, found))
        .chain(warnings.map(|mistake| warning(section, mistake)))
        .collect();
    let mistakes = section.mistakes.iter().filter(|mistake| mistake.severity == Severity::Error);
    DeploymentView {
        name: Cow::Borrowed(&section.name),
        outcome: Cow::Borrowed(section.outcome.word()),
        counts: CountsView {
            devices: plan.counts.devices,
            devices_in_sync: plan.counts.devices_in_sync,
            altered: plan.counts.altered,
            removals: plan.counts.removals,
            writes: plan.counts.writes,
            steps: plan.steps.len(),
            findings: findings.len(),
            not_checked: plan.not_checked.len(),
            requests: Cow::Borrowed(&section.requests),
        },
        fingerprint: Some(plan.fingerprint.as_str())
            .filter(|text| !text.is_empty())
            .map(Cow::Borrowed),
        journal: section.journal.as_deref().map(Cow::Borrowed),
        read_back: plan.read_back,
        captured: section.captured.as_ref().map(|captured| CapturedView {
            folder: Cow::Borrowed(&captured.folder),
            holds: Cow::Borrowed(captured.holds),
            exchanges: Cow::Borrowed(&captured.exchanges),
            secrets: captured.secrets,
            of_agents: captured.of_agents,
            missing: Cow::Borrowed(&captured.missing),
        }),
        lines: section.examined.as_ref().map(|seen| seen.lines.iter().map(line).collect()),
        scope: section.scope.as_ref().map(Cow::Borrowed),
        steps: Steps::Planned(&plan.steps),
        findings,
        not_checked: plan.not_checked.iter().map(not_checked).collect(),
        waivers: Cow::Borrowed(&section.waivers),
        would_refuse: section.refusals.iter().map(error).collect(),
        errors: mistakes
            .map(mistake)
            .chain(section.all_troubles().into_iter().map(error))
            .collect(),
    }
}

fn line(line: &Line) -> LineView<'_> {
    LineView {
        area: Cow::Borrowed(line.area.word()),
        subject: Cow::Borrowed(&line.subject),
        state: Cow::Borrowed(line.state.word()),
        seen: Cow::Borrowed(&line.seen),
        fix: Cow::Borrowed(&line.fix),
        check: Some(line.id).filter(|id| !id.is_empty()).map(Cow::Borrowed),
    }
}

fn object(object: &Object) -> ObjectView<'_> {
    ObjectView { kind: Cow::Borrowed(object.kind.word()), name: Cow::Borrowed(&object.name) }
}

fn step(step: &Step) -> StepView<'_> {
    let operator = match &step.call {
        Call::Axl(_) | Call::Finesse(_) | Call::Platform(_) => None,
        Call::Operator(operator) => Some(OperatorView {
            id: Cow::Borrowed(&operator.id),
            console: Cow::Borrowed(&operator.console),
            entries: Cow::Borrowed(&operator.entries),
            checked_by: Cow::Borrowed(&operator.checked_by),
            token: Cow::Borrowed(&operator.token),
        }),
    };
    StepView {
        kind: Cow::Borrowed(step.kind.word()),
        object: object(&step.object),
        changes: step.changes.iter().map(change).collect(),
        disturbs: step.disturbs.iter().map(|kind| Cow::Borrowed(kind.word())).collect(),
        state: Cow::Borrowed(step.state.word()),
        reason: Cow::Borrowed(grouping::reason(&step.state)),
        notes: Cow::Borrowed(&step.notes),
        basis: Cow::Borrowed(basis(step.basis)),
        operator,
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Observed => "observed",
        Basis::Remembered => "remembered",
        Basis::Running => "running",
    }
}

fn change(change: &Change) -> ChangeView<'_> {
    ChangeView {
        field: Cow::Borrowed(&change.field),
        before: value(&change.before),
        after: value(&change.after),
        check: Cow::Borrowed(change.check),
        declared: location(&change.declared),
    }
}

fn value(shown: &Shown) -> Option<Cow<'_, str>> {
    match shown {
        Shown::Absent => None,
        Shown::Text(text) => Some(Cow::Borrowed(text)),
        Shown::Secret(_) => Some(Cow::Borrowed(SECRET)),
    }
}

fn finding<'a>(section: &'a Section, finding: &'a Finding) -> FindingView<'a> {
    let check = lint::check(finding.check);
    FindingView {
        id: Cow::Owned(standing::id(&section.name, finding)),
        check: Cow::Borrowed(finding.check),
        severity: Cow::Borrowed(finding.severity.word()),
        object: object(&finding.object),
        field: Cow::Borrowed(&finding.field),
        expected: value(&finding.expected),
        found: value(&finding.found),
        declared: finding.declared.as_ref().map(location),
        standing: Cow::Owned(section.standing(finding).cloned().unwrap_or_default()),
        controls: Cow::Owned(check.map_or(Vec::new(), |check| {
            check.controls().iter().map(|control| Cow::Borrowed(*control)).collect()
        })),
        why: Cow::Borrowed(check.map_or("", |check| check.why)),
        fix: Cow::Borrowed(check.map_or("", |check| check.fix)),
    }
}

/// A warning about the playbook itself, in the form of a finding.
fn warning<'a>(section: &'a Section, mistake: &'a Mistake) -> FindingView<'a> {
    let check = lint::check(&mistake.code);
    FindingView {
        id: Cow::Owned(standing::id_of(&section.name, &[&mistake.code, &mistake.at.to_string()])),
        check: Cow::Borrowed(&mistake.code),
        severity: Cow::Borrowed(mistake.severity.word()),
        object: ObjectView { kind: Cow::Borrowed(PLAYBOOK), name: Cow::Borrowed(&section.name) },
        field: Cow::Borrowed(""),
        expected: None,
        found: Some(Cow::Borrowed(&mistake.message)),
        declared: Some(location(&mistake.at)),
        standing: Cow::Owned(standing::Standing::default()),
        controls: Cow::Borrowed(&[]),
        why: Cow::Borrowed(check.map_or("", |check| check.why)),
        fix: Cow::Borrowed(check.map_or("", |check| check.fix)),
    }
}

fn location(at: &Location) -> LocationView<'_> {
    LocationView { file: Cow::Borrowed(&at.file), line: at.line, column: at.column }
}

fn not_checked(item: &NotChecked) -> NotCheckedView<'_> {
    NotCheckedView {
        subject: Cow::Borrowed(&item.subject),
        reason: Cow::Borrowed(&item.reason),
        not_checkable: item.not_checkable,
        attested: item.attested.as_deref().map(Cow::Borrowed),
    }
}

fn mistake(mistake: &Mistake) -> ErrorView<'_> {
    let check = lint::check(&mistake.code);
    ErrorView {
        code: Cow::Borrowed(&mistake.code),
        what: Cow::Borrowed(&mistake.message),
        place: Cow::Owned(mistake.at.to_string()),
        why: Cow::Borrowed(check.map_or("", |check| check.why)),
        next: Cow::Borrowed(if mistake.next.is_empty() {
            check.map_or("", |check| check.fix)
        } else {
            &mistake.next
        }),
    }
}

fn error(trouble: &Trouble) -> ErrorView<'_> {
    ErrorView {
        code: Cow::Borrowed(trouble.code),
        what: Cow::Borrowed(&trouble.what),
        place: Cow::Borrowed(&trouble.place),
        why: Cow::Borrowed(&trouble.why),
        next: Cow::Borrowed(&trouble.next),
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
    fn a_verification() {
        let text = document(&samples::everything(3));
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "(version)"));
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
                    {
                        "field": "application user", "before": null, "after": "ippa",
                        "check": "subscription-missing",
                        "declared": { "file": "emea.yaml", "line": 12, "column": 3 },
                    },
                    {
                        "field": "password", "before": null, "after": "(secret)",
                        "check": "subscription-missing",
                        "declared": { "file": "emea.yaml", "line": 12, "column": 3 },
                    },
                ],
                "disturbs": [],
                "state": "planned",
                "basis": "observed",
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
