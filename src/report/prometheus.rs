//! A report as gauges for a textfile collector, in the text format 0.0.4. What is waived counts apart, in no other gauge. A
//! deployment that is named a second time has the label `part`, so that no series stands twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::outcome::Outcome;

use super::rows::{Tally, rows};
use super::sanitize::line;
use super::{Report, Section, Subject};

/// Gauges by name, each with its series.
struct Gauges(Vec<(String, &'static str, Vec<String>)>);

impl Gauges {
    fn put(
        &mut self,
        name: &str,
        help: &'static str,
        labels: &[(&str, &str)],
        value: impl std::fmt::Display,
    ) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", label(value))).collect();
        let series = format!("ippactl_{name}{{{}}} {value}", labels.join(","));
        match self.0.iter_mut().find(|(known, ..)| known == name) {
            Some((.., all)) => all.push(series),
            None => self.0.push((name.to_owned(), help, vec![series])),
        }
    }
}

/// The whole report as one file.
pub fn document(report: &Report) -> String {
    let mut gauges = Gauges(Vec::new());
    let word = report.subject.word();
    let tool = [("command", word), ("version", env!("CARGO_PKG_VERSION"))];
    gauges.put("info", "The command and the tool's version", &tool, 1);
    let ended = [("command", word), ("outcome", report.outcome.word())];
    gauges.put("exit_code", "Exit code of the call", &ended, report.outcome.code());
    let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
    for section in &report.sections {
        let part = parts.entry(&section.name).or_default();
        *part += 1;
        let part = part.to_string();
        let mut labels = vec![("deployment", section.name.as_str())];
        if part != "1" {
            labels.push(("part", &part));
        }
        deployment(&mut gauges, report, section, &labels);
    }
    let mut out = String::new();
    for (name, help, series) in gauges.0 {
        let _infallible =
            writeln!(out, "# HELP ippactl_{name} {help}\n# TYPE ippactl_{name} gauge");
        for one in series {
            let _infallible = writeln!(out, "{one}");
        }
    }
    out
}

fn deployment(gauges: &mut Gauges, report: &Report, section: &Section, own: &[(&str, &str)]) {
    for outcome in Outcome::BY_PRECEDENCE {
        let labels = [own, &[("outcome", outcome.word())]].concat();
        let help = "1 for how the deployment ended, 0 for every other outcome";
        gauges.put("outcome", help, &labels, u8::from(outcome == section.outcome));
    }
    let help = "Exit code that the deployment alone would give";
    gauges.put("deployment_exit_code", help, own, section.outcome.code());
    for (name, number) in Tally::of(section).named() {
        let (name, help) = match name {
            "errors" => ("errors", "Findings of severity error that are not waived"),
            "warnings" => ("warnings", "Findings of severity warning that are not waived"),
            "infos" => ("infos", "Findings of severity info that are not waived"),
            "waived" => ("waived", "Findings that are waived"),
            "not checked" => ("not_checked", "What was not judged because a read failed"),
            "not checkable" => ("not_checkable", "What no interface tells"),
            _ => ("failures", "Errors of the run and of the playbook"),
        };
        gauges.put(name, help, own, number);
    }
    let mut found: BTreeMap<(&str, &str, bool), usize> = BTreeMap::new();
    for row in rows(section) {
        *found.entry((row.check, row.severity.word(), row.waived().is_some())).or_default() += 1;
    }
    for ((check, severity, waived), number) in found {
        let labels = [own, &[("check", check), ("severity", severity)]].concat();
        let (name, help) = if waived {
            ("waived_findings", "Findings that are waived, by check")
        } else {
            ("findings", "Findings that are not waived, by check")
        };
        gauges.put(name, help, &labels, number);
    }
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &section.plan.steps {
        *states.entry(step.state.word()).or_default() += 1;
    }
    for (state, number) in states {
        gauges.put("steps", "Steps by state", &[own, &[("state", state)]].concat(), number);
    }
    let counts = section.plan.counts;
    gauges.put("devices", "Devices that were compared", own, counts.devices);
    let help = "Devices on which nothing has to change";
    gauges.put("devices_as_declared", help, own, counts.devices_in_sync);
    times(gauges, report, section, own);
}

fn times(gauges: &mut Gauges, report: &Report, section: &Section, own: &[(&str, &str)]) {
    if let Some(started) = seconds(&report.started) {
        gauges.put("last_run_timestamp_seconds", "When the call began", own, started);
        let in_sync = report.subject == Subject::Verify
            && section.outcome == Outcome::Done
            && section.plan.is_in_effect();
        if in_sync {
            let help = "When everything was last seen as declared";
            gauges.put("last_in_sync_timestamp_seconds", help, own, started);
        }
    }
    // A node with several certificates is as good as the first that ends.
    let mut ends: BTreeMap<&str, i64> = BTreeMap::new();
    for shown in section.scope.iter().flat_map(|scope| &scope.certificates) {
        if let Some(until) = seconds(&shown.until) {
            let end = ends.entry(&shown.node).or_insert(until);
            *end = (*end).min(until);
        }
    }
    let nodes: BTreeSet<_> = ends.into_iter().collect();
    for (node, until) in nodes {
        let help = "When the first of a node's certificates ends";
        let labels = [own, &[("node", node)]].concat();
        gauges.put("certificate_expiry_timestamp_seconds", help, &labels, until);
    }
}

fn seconds(moment: &str) -> Option<i64> {
    moment.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

/// A label's value: backslash, quote and line break escaped, everything else dangerous written out before.
fn label(value: &str) -> String {
    line(value).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::{document, label};
    use crate::outcome::Outcome;
    use crate::plan::Plan;
    use crate::report::{Report, Section, Subject, samples};

    #[test]
    fn a_verification() {
        let text = document(&samples::everything(3));
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "(version)"));
    }

    #[test]
    fn when_it_was_in_sync_is_said_only_when_it_is() {
        let said = |outcome| {
            let report = samples::report(Subject::Verify, outcome, Plan::default());
            document(&report).contains("ippactl_last_in_sync_timestamp_seconds{")
        };
        assert!(said(Outcome::Done) && !said(Outcome::Incomplete));
    }

    #[test]
    fn no_series_stands_twice() {
        let sections = vec![Section::new("a", Outcome::Done), Section::new("a", Outcome::Failed)];
        let text = document(&Report::new(Subject::Verify, "", sections));
        let series: Vec<&str> =
            text.lines().filter_map(|line| line.rsplit_once(' ')).map(|(name, _)| name).collect();
        let once: std::collections::BTreeSet<&&str> = series.iter().collect();
        assert_eq!(once.len(), series.len(), "{text}");
        assert_eq!(label("a\"b\\c\nd"), "a\\\"b\\\\c\\\\nd");
    }
}
