//! A report as SARIF 2.1.0, one run a deployment, for code scanning.
//!
//! A result points at the line of the playbook or roster that declares the violated value; one without such a line points at
//! the playbook's first. Addresses are relative and the same on every machine: of an absolute path only the file's name is
//! kept. Rules are checks. `partialFingerprints` hold a finding's id, which knows no value. What is waived is a suppressed
//! result; what was not judged, errors, and steps that are not done are notifications of the invocation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::lint::Check;
use crate::outcome::Outcome;
use crate::plan::{Severity, StepState};
use crate::playbook::Location;

use super::rows::{Row, Tally, failures, of_run, rows, unjudged};
use super::sanitize::{self, line};
use super::{Report, Section, grouping};

/// The schema that the document keeps to.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole report as one document, with a line break at its end.
pub fn document(report: &Report) -> String {
    let runs: Vec<Value> = report.sections.iter().map(|section| run(report, section)).collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": runs,
        "properties": { "outcome": report.outcome.word(), "exitCode": report.outcome.code() },
    });
    sanitize::json(&format!("{document:#}\n")).into_owned()
}

fn run(report: &Report, section: &Section) -> Value {
    let found: Vec<Row<'_>> = rows(section).collect();
    let some_waived = found.iter().any(|row| row.waived().is_some());
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for row in &found {
        rules.entry(row.check).or_insert_with(|| rule(row));
    }
    let indices: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let results: Vec<Value> = found
        .iter()
        .map(|row| {
            let index = indices.get(row.check).copied().unwrap_or_default();
            result(report, section, row, index, some_waived)
        })
        .collect();
    let told = notifications(report, section);
    let mut codes: BTreeMap<String, Value> = BTreeMap::new();
    for notification in &told {
        let code = notification["descriptor"]["id"].as_str().unwrap_or_default();
        codes.entry(code.to_owned()).or_insert_with(|| json!({ "id": code }));
    }
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.into_values().collect::<Vec<_>>(),
        "notifications": codes.into_values().collect::<Vec<_>>(),
    });
    json!({
        "tool": { "driver": driver },
        "automationDetails": { "id": format!("ippactl/{}/{}/", report.subject.word(), line(&section.name)) },
        "invocations": [invocation(report, section, &told)],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": properties(section),
    })
}

fn invocation(report: &Report, section: &Section, told: &[Value]) -> Value {
    // Drift is a result of a run that went well.
    let successful = match section.outcome {
        Outcome::Done | Outcome::Changes => true,
        Outcome::Failed
        | Outcome::Incomplete
        | Outcome::Denied
        | Outcome::Refused
        | Outcome::Usage
        | Outcome::Interrupted => false,
    };
    let mut invocation = json!({
        "executionSuccessful": successful,
        "exitCode": section.outcome.code(),
        "exitCodeDescription": section.outcome.meaning(),
        "toolExecutionNotifications": told,
    });
    if !report.started.is_empty() {
        invocation["startTimeUtc"] = json!(report.started);
    }
    invocation
}

fn properties(section: &Section) -> Value {
    let mut all = Map::new();
    all.insert("deployment".to_owned(), json!(section.name));
    all.insert("outcome".to_owned(), json!(section.outcome.word()));
    all.insert("exitCode".to_owned(), json!(section.outcome.code()));
    for (name, number) in Tally::of(section).named() {
        all.insert(name.replace(' ', "-"), json!(number));
    }
    all.insert("devices".to_owned(), json!(section.plan.counts.devices));
    all.insert("devices-as-declared".to_owned(), json!(section.plan.counts.devices_in_sync));
    if !section.plan.fingerprint.is_empty() {
        all.insert("fingerprint".to_owned(), json!(section.plan.fingerprint));
    }
    Value::Object(all)
}

fn rule(row: &Row<'_>) -> Value {
    let Some(check) = row.explained else {
        return json!({ "id": row.check, "shortDescription": { "text": message(row.check) } });
    };
    let Check { title, why, how, fix, source, subject, .. } = check;
    let mut tags = vec![*subject];
    tags.extend(check.controls());
    json!({
        "id": check.id,
        "shortDescription": { "text": message(title) },
        "fullDescription": { "text": message(why) },
        "help": { "text": message(&format!("{fix} Found by: {how} Source: {source}.")) },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": { "tags": tags, "controls": check.controls() },
    })
}

fn result(report: &Report, section: &Section, row: &Row<'_>, rule: usize, waived: bool) -> Value {
    let name = format!("{}/{}/{}", section.name, row.kind, row.object);
    let text = format!("{} {}: {}. {}", row.kind, row.object, row.title(), row.told());
    let mut result = json!({
        "ruleId": row.check,
        "ruleIndex": rule,
        "level": level(row.severity),
        "message": { "text": message(&text) },
        "locations": [{
            "physicalLocation": place(section, row.declared),
            "logicalLocations": [{ "fullyQualifiedName": line(&name), "name": line(row.object) }],
        }],
        "partialFingerprints": { "ippactlFinding/v1": row.id },
        "properties": {
            "severity": row.severity.word(),
            "controls": row.explained.map_or(&[][..], |check| check.controls()),
        },
    });
    if let Some(since) = row.standing.and_then(|standing| standing.first_seen.as_ref()) {
        let new = *since == report.started;
        result["baselineState"] = json!(if new { "new" } else { "unchanged" });
        result["properties"]["firstSeen"] = json!(since);
    }
    if let Some(ok) = row.standing.and_then(|standing| standing.last_ok.as_ref()) {
        result["properties"]["lastOk"] = json!(ok);
    }
    if let Some(drift) = row.standing.and_then(|standing| standing.drift) {
        result["properties"]["drift"] = json!(drift.words());
    }
    // All results of a run have suppressions, or none has.
    if waived {
        result["suppressions"] = row.waived().map_or_else(
            || json!([]),
            |waived| {
                let text = format!("{} until {}: {}", waived.owner, waived.expires, waived.reason);
                json!([{
                    "kind": "external",
                    "status": "accepted",
                    "justification": line(&text),
                    "properties": {
                        "owner": waived.owner, "reason": waived.reason, "expires": waived.expires,
                    },
                }])
            },
        );
    }
    result
}

fn notifications(report: &Report, section: &Section) -> Vec<Value> {
    let note = |code: &str, level: &str, text: &str| {
        json!({
            "descriptor": { "id": line(code) },
            "level": level,
            "message": { "text": message(text) },
        })
    };
    let mut told: Vec<Value> = Vec::new();
    for failure in failures(section) {
        let text = format!("{}\n{}", line(failure.what), failure.told());
        let mut one = note(failure.code, "error", text.trim_end());
        if failure.declared.is_some() {
            one["locations"] = json!([{ "physicalLocation": place(section, failure.declared) }]);
        }
        told.push(one);
    }
    for item in unjudged(section) {
        let level = match (item.not_checkable, report.strict) {
            (false, _) | (true, true) => "error",
            (true, false) => "note",
        };
        told.push(note(item.word(), level, &format!("{}: {}", item.subject, item.reason)));
    }
    for refusal in section.refusals.iter().map(of_run) {
        let text = format!("apply would refuse: {}\n{}", line(refusal.what), refusal.told());
        told.push(note(refusal.code, "warning", &text));
    }
    for step in &section.plan.steps {
        let (code, level) = match step.state {
            // An error of a step stands among the errors.
            StepState::Planned | StepState::Done | StepState::Failed(_) | StepState::Unknown(_) => {
                continue;
            }
            StepState::Deferred(_) => ("step-deferred", "warning"),
            StepState::Refused(_) => ("step-refused", "error"),
            StepState::Operator => ("step-operator", "warning"),
        };
        let text = format!("{} {}", step.object, grouping::reason(&step.state));
        told.push(note(code, level, text.trim_end()));
    }
    told
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The declaring line, or the first one of the playbook.
fn place(section: &Section, declared: Option<&Location>) -> Value {
    let Some(at) = declared else {
        let playbook = section.scope.as_ref().map_or(&section.name, |scope| &scope.playbook);
        return json!({
            "artifactLocation": { "uri": address(playbook) },
            "region": { "startLine": 1 },
        });
    };
    json!({
        "artifactLocation": { "uri": address(&at.file) },
        "region": { "startLine": at.line.max(1), "startColumn": at.column.max(1) },
    })
}

/// A path as a relative address: slashes, percent-encoded, and nothing of the machine.
fn address(path: &str) -> String {
    let path = path.replace('\\', "/");
    let absolute = path.starts_with('/') || path.get(1..3) == Some(":/");
    let kept = if absolute { path.rsplit('/').next().unwrap_or_default() } else { &path };
    let parts = kept.split('/').filter(|part| !matches!(*part, "." | ""));
    let encoded =
        parts.map(|part| percent_encoding::utf8_percent_encode(part, UNRESERVED).to_string());
    let encoded = encoded.collect::<Vec<_>>().join("/");
    if encoded.is_empty() { "playbook".to_owned() } else { encoded }
}

/// What may stand in a part of an address as it is.
const UNRESERVED: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text in which nothing is a placeholder or a link.
fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize::lines(text).chars() {
        match c {
            '{' | '}' => out.extend([c, c]),
            '[' | ']' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{address, document, message};
    use crate::report::samples;

    #[test]
    fn a_verification() {
        let text = document(&samples::everything(3));
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "(version)"));
    }

    #[test]
    fn addresses_are_relative_and_the_same_everywhere() {
        for (path, told) in [
            ("sites/emea.yaml", "sites/emea.yaml"),
            ("./a b#c.yaml", "a%20b%23c.yaml"),
            ("sites\\emea.yaml", "sites/emea.yaml"),
            ("../emea.yaml", "../emea.yaml"),
            ("/srv/x/emea.yaml", "emea.yaml"),
            ("C:\\x\\emea.yaml", "emea.yaml"),
            ("", "playbook"),
        ] {
            assert_eq!(address(path), told);
        }
    }

    #[test]
    fn foreign_text_is_neither_a_link_nor_a_placeholder() {
        assert_eq!(message("{0} [x](1)\u{1b}"), "{{0}} \\[x\\](1)\\u{{1b}}");
    }

    #[test]
    fn a_fingerprint_does_not_know_the_value() {
        let prints = |text: &str| -> Vec<Value> {
            let document: Value = serde_json::from_str(text).unwrap();
            let results = document["runs"][0]["results"].as_array().unwrap().clone();
            results.iter().map(|one| one["partialFingerprints"].clone()).collect()
        };
        let mut report = samples::everything(3);
        let before = prints(&document(&report));
        report.sections[0].plan.findings[1].found = crate::plan::Shown::text("other");
        assert_eq!(prints(&document(&report)), before);
    }
}
