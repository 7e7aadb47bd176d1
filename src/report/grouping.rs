//! Equal things said once: steps that make the same changes, findings of the same check, and their values.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::plan::{Call, Disturbance, Finding, Kind, ObjectKind, Severity, Shown, Step, StepState};

use super::style::{Style, count};

/// Whether a value is absent, text or a secret; values of one form can share a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Absent,
    Text,
    Secret,
}

impl Form {
    fn of(shown: &Shown) -> Self {
        match shown {
            Shown::Absent => Self::Absent,
            Shown::Text(_) => Self::Text,
            Shown::Secret(_) => Self::Secret,
        }
    }
}

#[derive(PartialEq, Eq, Hash)]
struct StepKey<'a> {
    kind: Kind,
    object: ObjectKind,
    fields: Vec<(&'a str, Form, Form)>,
    disturbs: &'a BTreeSet<Disturbance>,
    state: &'static str,
    reason: &'a str,
    operator: bool,
}

#[derive(PartialEq, Eq, Hash)]
struct FindingKey<'a> {
    check: &'a str,
    severity: Severity,
    object: ObjectKind,
    field: &'a str,
    forms: (Form, Form),
}

/// Steps of one kind that change the same fields in the same way, in order of first appearance.
pub fn steps(steps: &[Step]) -> Vec<Vec<&Step>> {
    by_key(steps, |step| StepKey {
        kind: step.kind,
        object: step.object.kind,
        fields: step
            .changes
            .iter()
            .map(|change| {
                (change.field.as_str(), Form::of(&change.before), Form::of(&change.after))
            })
            .collect(),
        disturbs: &step.disturbs,
        state: step.state.word(),
        reason: reason(&step.state),
        operator: matches!(step.call, Call::Operator(_)),
    })
}

/// What a field is called without the name of one of many at its end: `controlled device` of `controlled device SEP…`.
pub fn stem(field: &str) -> Option<(&str, &str)> {
    let (stem, name) = field.rsplit_once(' ')?;
    // `Cisco Finesse: id` and `password: required` are fields of their own.
    let one_of_many = !stem.ends_with(':') && name.contains(|letter: char| letter.is_ascii_digit());
    one_of_many.then_some((stem, name))
}

/// Findings of one check on one field, in order of first appearance; on fields that differ in the name at their end, too.
pub fn findings<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Vec<&'a Finding>> {
    by_key(findings, |finding| FindingKey {
        check: finding.check,
        severity: finding.severity,
        object: finding.object.kind,
        field: stem(&finding.field).map_or(&finding.field, |(stem, _)| stem),
        forms: (Form::of(&finding.expected), Form::of(&finding.found)),
    })
}

/// Why a step is where it is; empty where there is nothing to say.
pub fn reason(state: &StepState) -> &str {
    match state {
        StepState::Planned | StepState::Done | StepState::Operator => "",
        StepState::Failed(trouble) | StepState::Unknown(trouble) => &trouble.what,
        StepState::Deferred(why) | StepState::Refused(why) => why,
    }
}

/// The values of a group in a few words: the value when all agree, else the first and how many others there are.
pub fn values<'a>(shown: impl IntoIterator<Item = &'a Shown>, style: Style) -> String {
    let shown: Vec<&Shown> = shown.into_iter().collect();
    let different: BTreeSet<&Shown> = shown.iter().copied().collect();
    match shown.first() {
        None => String::new(),
        Some(first) if different.len() == 1 => style.shown(first),
        Some(first) => {
            format!("{} and {}", style.shown(first), count(different.len() - 1, "other"))
        }
    }
}

fn by_key<'a, T: 'a, K: Eq + Hash>(
    items: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> Vec<Vec<&'a T>> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut groups: Vec<Vec<&'a T>> = Vec::new();
    for item in items {
        let place = *places.entry(key(item)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{Shown, Style, findings, steps, values};
    use crate::report::samples;

    #[test]
    fn a_thousand_phones_become_two_groups() {
        let plan = samples::plan(1000);
        let sizes: Vec<usize> = steps(&plan.steps).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 1, 999, 1]);
    }

    #[test]
    fn findings_of_one_check_stand_together() {
        let plan = samples::findings();
        let sizes: Vec<usize> = findings(&plan.findings).iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1]);
    }

    #[test]
    fn differing_values_are_counted() {
        let some =
            [Shown::text("1001"), Shown::text("1002"), Shown::text("1002"), Shown::text("1003")];
        assert_eq!(values(&some, Style::default()), "1001 and 2 others");
        assert_eq!(values(&some[1..3], Style::default()), "1002");
    }
}
