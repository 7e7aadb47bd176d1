//! What differs between two kept reports: findings that came, went or changed, and what could be judged in one of them only.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::outcome::Outcome;
use crate::plan::{Finding, Shown};

use super::runs::ObjectNamed;
use super::sanitize::line;
use super::standing::id;
use super::style::{Ink, Style, count};
use super::{Report, Section};

/// The differences of one deployment.
#[derive(Debug)]
pub struct Difference<'a> {
    /// Its name.
    pub name: &'a str,
    /// How it ended then and now; none where it is not in that report.
    pub outcomes: (Option<Outcome>, Option<Outcome>),
    /// Only in the later report.
    pub appeared: Vec<&'a Finding>,
    /// Only in the earlier one.
    pub gone: Vec<&'a Finding>,
    /// In both, and now something else is found or expected.
    pub changed: Vec<(&'a Finding, &'a Finding)>,
    /// Not judged in the later report alone.
    pub dark: Vec<&'a str>,
    /// Not judged in the earlier report alone.
    pub lit: Vec<&'a str>,
}

impl Difference<'_> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.outcomes.0 == self.outcomes.1
            && self.appeared.is_empty()
            && self.gone.is_empty()
            && self.changed.is_empty()
            && self.dark.is_empty()
            && self.lit.is_empty()
    }
}

/// What differs, deployment by deployment; those without a difference are left out.
pub fn diff<'a>(earlier: &'a Report, later: &'a Report) -> Vec<Difference<'a>> {
    let names: BTreeSet<&str> =
        earlier.sections.iter().chain(&later.sections).map(|one| one.name.as_str()).collect();
    let of = |report: &'a Report, name: &str| report.sections.iter().find(|one| one.name == name);
    names
        .into_iter()
        .map(|name| between(name, of(earlier, name), of(later, name)))
        .filter(|difference| !difference.is_empty())
        .collect()
}

fn between<'a>(
    name: &'a str,
    then: Option<&'a Section>,
    now: Option<&'a Section>,
) -> Difference<'a> {
    let (before, after) = (findings(then), findings(now));
    let (blind, blinder) = (unjudged(then), unjudged(now));
    let apart = |a: &&Finding, b: &&Finding| (&a.expected, &a.found) != (&b.expected, &b.found);
    Difference {
        name,
        outcomes: (then.map(|one| one.outcome), now.map(|one| one.outcome)),
        appeared: only(&after, &before),
        gone: only(&before, &after),
        changed: before
            .iter()
            .filter_map(|(id, a)| after.get(id).map(|b| (*a, *b)))
            .filter(|(a, b)| apart(a, b))
            .collect(),
        dark: blinder.difference(&blind).copied().collect(),
        lit: blind.difference(&blinder).copied().collect(),
    }
}

fn findings(section: Option<&Section>) -> BTreeMap<String, &Finding> {
    let Some(section) = section else { return BTreeMap::new() };
    section.plan.findings.iter().map(|finding| (id(&section.name, finding), finding)).collect()
}

fn unjudged(section: Option<&Section>) -> BTreeSet<&str> {
    let items = section.into_iter().flat_map(|section| &section.plan.not_checked);
    items.map(|item| item.subject.as_str()).collect()
}

fn only<'a>(
    these: &BTreeMap<String, &'a Finding>,
    others: &BTreeMap<String, &'a Finding>,
) -> Vec<&'a Finding> {
    let only = these.iter().filter(|(id, _)| !others.contains_key(*id));
    let mut only: Vec<&Finding> = only.map(|(_, finding)| *finding).collect();
    only.sort_by_key(|finding| (&finding.object, finding.check, &finding.field));
    only
}

/// As text, with a last line that says how much differs.
pub fn text(differences: &[Difference<'_>], style: Style) -> String {
    let mut lines = Vec::new();
    let mut total = 0;
    for one in differences {
        let word = |outcome: Option<Outcome>| outcome.map_or("not there", Outcome::word);
        let (then, now) = one.outcomes;
        let heading = format!("== {}: {} → {}", line(one.name), word(then), word(now));
        lines.push(style.paint(Ink::Bold, &heading));
        let signs = [("+", Ink::Bad, &one.appeared), ("-", Ink::Good, &one.gone)];
        for (sign, ink, findings) in signs {
            lines.extend(findings.iter().map(|finding| {
                format!("{} {}", style.paint(ink, sign), finding_line(finding, style))
            }));
        }
        for (a, b) in &one.changed {
            let (a, b) = (style.shown(&a.found), finding_line(b, style));
            lines.push(format!("{} {b} (before: {a})", style.paint(Ink::Careful, "~")));
        }
        lines.extend(
            one.dark.iter().map(|subject| format!("? no longer checked: {}", line(subject))),
        );
        lines.extend(one.lit.iter().map(|subject| format!("! checked now: {}", line(subject))));
        total += one.appeared.len()
            + one.gone.len()
            + one.changed.len()
            + one.dark.len()
            + one.lit.len();
    }
    lines.push(if differences.is_empty() {
        format!("{}: the reports say the same", style.paint(Ink::Good, Outcome::Done.word()))
    } else {
        let deployments = count(differences.len(), "deployment");
        let word = style.paint(Ink::Careful, Outcome::Changes.word());
        format!("{word}: {} in {deployments}", count(total, "difference"))
    });
    lines.join("\n") + "\n"
}

fn finding_line(finding: &Finding, style: Style) -> String {
    format!(
        "{} {}  {}: {}  expected {}, found {}",
        style.severity(finding.severity),
        finding.check,
        line(&finding.object.to_string()),
        line(&finding.field),
        style.shown(&finding.expected),
        style.shown(&finding.found)
    )
}

/// What differs, in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Differences {
    /// One entry for each deployment of both reports.
    pub differences: Vec<DifferenceTold>,
}

/// What differs of one deployment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DifferenceTold {
    /// The deployment.
    pub name: String,
    /// How the earlier report ends for it; null where it is not in that report.
    pub then: Option<&'static str>,
    /// How the later one does.
    pub now: Option<&'static str>,
    /// Findings that only the later one has.
    pub appeared: Vec<FindingTold>,
    /// Findings that only the earlier one has.
    pub gone: Vec<FindingTold>,
    /// Findings that say something else now.
    pub changed: Vec<ChangeTold>,
    /// What could be checked then, and cannot be now.
    pub no_longer_checked: Vec<String>,
    /// The reverse.
    pub checked_now: Vec<String>,
}

/// A finding that says something else now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangeTold {
    /// The finding of the earlier report.
    pub then: FindingTold,
    /// The finding of the later one.
    pub now: FindingTold,
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingTold {
    /// The same for the same finding in every report.
    pub id: String,
    /// The check.
    pub check: &'static str,
    /// error, warning or info.
    pub severity: &'static str,
    /// What it is about.
    pub object: ObjectNamed,
    /// Which field of it.
    pub field: String,
    /// What is wanted; null for nothing, `(secret)` for a secret.
    pub expected: Option<String>,
    /// What is there, likewise.
    pub found: Option<String>,
}

/// What differs, for JSON.
pub fn fields(differences: &[Difference<'_>]) -> Differences {
    let value = |shown: &Shown| match shown {
        Shown::Absent => None,
        Shown::Text(text) => Some(text.clone()),
        Shown::Secret(_) => Some("(secret)".to_owned()),
    };
    let finding = |name: &str, finding: &Finding| FindingTold {
        id: id(name, finding),
        check: finding.check,
        severity: finding.severity.word(),
        object: ObjectNamed { kind: finding.object.kind.word(), name: finding.object.name.clone() },
        field: finding.field.clone(),
        expected: value(&finding.expected),
        found: value(&finding.found),
    };
    let all = |name: &str, findings: &[&Finding]| -> Vec<FindingTold> {
        findings.iter().map(|one| finding(name, one)).collect()
    };
    let one = |difference: &Difference<'_>| DifferenceTold {
        name: difference.name.to_owned(),
        then: difference.outcomes.0.map(Outcome::word),
        now: difference.outcomes.1.map(Outcome::word),
        appeared: all(difference.name, &difference.appeared),
        gone: all(difference.name, &difference.gone),
        changed: difference
            .changed
            .iter()
            .map(|(then, now)| ChangeTold {
                then: finding(difference.name, then),
                now: finding(difference.name, now),
            })
            .collect(),
        no_longer_checked: difference.dark.iter().map(ToString::to_string).collect(),
        checked_now: difference.lit.iter().map(ToString::to_string).collect(),
    };
    Differences { differences: differences.iter().map(one).collect() }
}

#[cfg(test)]
mod tests {
    use super::{diff, fields, text};
    use crate::outcome::Outcome;
    use crate::plan::Shown;
    use crate::report::style::Style;
    use crate::report::{Subject, samples};

    #[test]
    fn what_came_went_and_changed() {
        let earlier = samples::report(Subject::Verify, Outcome::Changes, samples::findings());
        assert!(diff(&earlier, &earlier.clone()).is_empty());
        let mut later = earlier.clone();
        let plan = &mut later.sections[0].plan;
        plan.findings.remove(2);
        plan.findings[1].found = Shown::text("other");
        plan.findings[0].field = "Cisco Finesse: id".to_owned();
        plan.not_checked.clear();
        let found = diff(&earlier, &later);
        insta::assert_snapshot!(text(&found, Style::default()), @r"
        == emea-prod: changes → changes
        + error subscription-missing  phone SEP001122330001: Cisco Finesse: id  expected subscribed, found absent
        - error subscription-missing  phone SEP001122330001: Cisco Finesse: subscription  expected subscribed, found absent
        - error subscription-missing  phone SEP001122330002: Cisco Finesse: subscription  expected subscribed, found absent
        ~ warning no-such-check  phone service Cisco Finesse: description  expected blank, found other (before: evil \u{1b}[2J text)
        ! checked now: password of application user ippa
        changes: 5 differences in 1 deployment
        ");
        let json = serde_json::json!(fields(&found));
        assert_eq!(json["differences"][0]["gone"].as_array().map(Vec::len), Some(2));
        assert_eq!(json["differences"][0]["checked_now"][0], "password of application user ippa");
    }
}
