//! Since when a finding stands, told from the reports that were kept before.

use crate::outcome::Outcome;
use crate::report::standing::id;
use crate::report::{Report, Section};

/// Marks each finding of `report` with when it was first seen and when it last was not there. `before` are kept reports,
/// the newest first; they are asked for as long as something is not settled.
pub fn mark(report: &mut Report, before: impl IntoIterator<Item = Report>) {
    let started = report.started.clone();
    // Findings not settled yet, by section.
    let mut open: Vec<Vec<String>> = report
        .sections
        .iter()
        .map(|section| {
            section.plan.findings.iter().map(|finding| id(&section.name, finding)).collect()
        })
        .collect();
    for earlier in before {
        if open.iter().all(Vec::is_empty) {
            break;
        }
        for (section, open) in report.sections.iter_mut().zip(&mut open) {
            if let Some(then) = earlier.sections.iter().find(|then| same(section, then)) {
                settle(section, open, then, &earlier.started, &started);
            }
        }
    }
    for (section, open) in report.sections.iter_mut().zip(open) {
        for id in open {
            section.standings.entry(id).or_default().first_seen = Some(started.clone());
        }
    }
}

/// The same deployment, and the same part of it.
fn same(now: &Section, then: &Section) -> bool {
    let shard = |section: &Section| section.scope.as_ref().and_then(|scope| scope.shard);
    now.name == then.name && shard(now) == shard(then)
}

fn settle(section: &mut Section, open: &mut Vec<String>, then: &Section, when: &str, now: &str) {
    let had: Vec<String> =
        then.plan.findings.iter().map(|finding| id(&then.name, finding)).collect();
    // Only a report that could judge everything says that something was not there.
    let complete = matches!(then.outcome, Outcome::Done | Outcome::Changes);
    open.retain(|id| {
        let standing = section.standings.entry(id.clone()).or_default();
        if had.contains(id) {
            let known = then.standings.get(id);
            let first = known.and_then(|known| known.first_seen.clone());
            standing.first_seen = Some(first.unwrap_or_else(|| when.to_owned()));
            standing.last_ok = known.and_then(|known| known.last_ok.clone());
            return false;
        }
        if complete {
            standing.first_seen = Some(now.to_owned());
            standing.last_ok = Some(when.to_owned());
            return false;
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::mark;
    use crate::outcome::Outcome;
    use crate::plan::Plan;
    use crate::report::{Report, Subject, samples};

    fn found(started: &str, findings: bool, outcome: Outcome) -> Report {
        let plan = if findings { samples::findings() } else { Plan::default() };
        let mut report = samples::report(Subject::Verify, outcome, plan);
        report.started = started.to_owned();
        report
    }

    fn since(report: &Report) -> (Option<&str>, Option<&str>) {
        let section = &report.sections[0];
        let standing = section.standing(&section.plan.findings[0]).unwrap();
        (standing.first_seen.as_deref(), standing.last_ok.as_deref())
    }

    #[test]
    fn first_seen_is_carried_and_last_ok_is_the_last_complete_report_without_it() {
        let clean = found("1", false, Outcome::Done);
        let blind = found("2", false, Outcome::Incomplete);
        let mut first = found("3", true, Outcome::Changes);
        mark(&mut first, [blind.clone(), clean]);
        assert_eq!(since(&first), (Some("3"), Some("1")));
        let mut second = found("4", true, Outcome::Changes);
        mark(&mut second, [blind, first]);
        assert_eq!(since(&second), (Some("3"), Some("1")));
        let mut alone = found("5", true, Outcome::Changes);
        mark(&mut alone, []);
        assert_eq!(since(&alone), (Some("5"), None));
        let other = {
            let mut other = found("6", true, Outcome::Changes);
            other.sections[0].name = "apac".to_owned();
            other
        };
        let mut apart = found("7", true, Outcome::Changes);
        mark(&mut apart, [other]);
        assert_eq!(since(&apart), (Some("7"), None));
    }
}
