//! How a run ended: the one value behind the exit code, the last line and JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::checks::waived::WaiverVerdict;
use crate::outcome::Outcome;
use crate::plan::{Basis, Finding, Kind, Object, ObjectKind, Plan, Severity, Step, StepState};
use crate::playbook::Waivers;
use crate::trouble::Trouble;

/// The end of one deployment's run.
#[derive(Debug)]
pub struct Finished {
    /// The plan; after an apply its steps say how far each has come.
    pub plan: Plan,
    /// How it ended.
    pub outcome: Outcome,
    /// What would refuse an apply of this plan.
    pub refusals: Vec<Trouble>,
    /// What went wrong beyond single steps.
    pub troubles: Vec<Trouble>,
    /// Requests by AXL operation.
    pub requests: BTreeMap<String, u64>,
    /// The journal of an apply.
    pub journal: Option<PathBuf>,
    /// What became of each waiver, where there are any.
    pub waivers: Vec<WaiverVerdict>,
}

impl Finished {
    /// A run that read the cluster and wrote nothing.
    pub fn reading(plan: Plan, outcome: Outcome, requests: BTreeMap<String, u64>) -> Self {
        let (refusals, troubles) = (Vec::new(), Vec::new());
        Self { plan, outcome, refusals, troubles, requests, journal: None, waivers: Vec::new() }
    }

    /// A run that ended before there was a plan.
    pub fn failed(trouble: Trouble) -> Self {
        let outcome = trouble.outcome;
        Self { troubles: vec![trouble], ..Self::reading(Plan::default(), outcome, BTreeMap::new()) }
    }

    /// The same run, refused or broken off for one more reason.
    #[must_use]
    pub fn with(mut self, trouble: Trouble) -> Self {
        self.outcome = Outcome::winner([self.outcome, trouble.outcome]);
        self.troubles.push(trouble);
        self
    }
}

/// The end of `plan`: pending changes, and what no step can change, are no failure unless the caller asked for the
/// detailed exit code.
pub fn of_plan(plan: &Plan, strict: bool, detailed: bool) -> Outcome {
    let worst = counting(strict);
    let stays = || plan.unanswered().any(|finding| finding.severity >= worst);
    let changes = detailed && (!plan.steps.is_empty() || stays());
    Outcome::winner(unjudged(plan, strict).chain(changes.then_some(Outcome::Changes)))
}

/// The end of `verify`: drift, or a finding that counts; what is waived does not.
pub fn of_verify(plan: &Plan, waivers: &Waivers, strict: bool) -> Outcome {
    let worst = counting(strict);
    let waived = |object: &Object, check: &str| {
        waivers.covers(check, object.kind.word(), &object.name).is_some()
    };
    let counts = |finding: &&Finding| finding.severity >= worst;
    let found = plan.findings.iter().filter(counts).any(|one| !waived(&one.object, one.check));
    // What is only remembered is a finding of its own, or nothing that anybody could tell.
    let observed = plan.steps.iter().filter(|step| step.basis == Basis::Observed);
    let differs = |step: &Step| step.changes.iter().any(|one| !waived(&step.object, one.check));
    let drift = found || observed.into_iter().any(differs);
    Outcome::winner(unjudged(plan, strict).chain(drift.then_some(Outcome::Changes)))
}

/// The end of `apply`.
pub fn of_apply(plan: &Plan, troubles: &[Trouble], strict: bool) -> Outcome {
    // Steps that a refusal or an error kept from being begun are not failures of their own.
    let begun = |state: &StepState| troubles.is_empty() || *state != StepState::Planned;
    // The reboot behind an import is said to be owed, and is no part of a run that was not asked for it.
    let owed = |step: &Step| step.kind == Kind::CucmReboot && step.state == StepState::Operator;
    let steps = plan.steps.iter().filter(|step| begun(&step.state) && !owed(step));
    let steps = steps.map(|step| of_step(&step.state));
    let held = steps.chain(plan.unanswered().map(of_finding)).chain(unjudged(plan, strict));
    Outcome::winner(held.chain(troubles.iter().map(|trouble| trouble.outcome)))
}

/// The least severity that counts as drift.
fn counting(strict: bool) -> Severity {
    if strict { Severity::Warning } else { Severity::Error }
}

fn unjudged(plan: &Plan, strict: bool) -> impl Iterator<Item = Outcome> {
    let counts = plan.not_checked.iter().any(|item| strict || !item.not_checkable);
    counts.then_some(Outcome::Incomplete).into_iter()
}

fn of_step(state: &StepState) -> Outcome {
    match state {
        StepState::Done => Outcome::Done,
        StepState::Planned => Outcome::Failed,
        StepState::Failed(trouble) | StepState::Unknown(trouble) => trouble.outcome,
        StepState::Deferred(_) | StepState::Operator => Outcome::Incomplete,
        StepState::Refused(_) => Outcome::Refused,
    }
}

/// What a finding that no step answers means for an apply.
fn of_finding(finding: &Finding) -> Outcome {
    match (finding.severity, finding.check) {
        (Severity::Info | Severity::Warning, _) => Outcome::Done,
        (Severity::Error, "authentication-refused") => Outcome::Refused,
        (Severity::Error, "phone-missing" | "app-user-groups" | "app-user-id-taken") => {
            Outcome::Failed
        }
        // Not the group, which is compared, but a user who does not exist.
        (Severity::Error, "self-care-group") if finding.object.kind == ObjectKind::EndUser => {
            Outcome::Failed
        }
        // Rows with `manage: verify`, and values that are only compared.
        (Severity::Error, _) => Outcome::Changes,
    }
}

#[cfg(test)]
mod tests {
    use super::{of_apply, of_plan, of_verify};
    use crate::outcome::Outcome;
    use crate::plan::samples;
    use crate::plan::{NotChecked, ObjectKind, Plan, Severity, StepState};
    use crate::playbook::Waivers;
    use crate::trouble::Trouble;

    #[test]
    fn a_plan_tells_of_changes_only_when_asked() {
        let plan = Plan { not_checked: Vec::new(), ..samples::plan(2) };
        assert_eq!(of_plan(&plan, false, false), Outcome::Done);
        assert_eq!(of_plan(&plan, false, true), Outcome::Changes);
        assert_eq!(of_plan(&Plan::default(), false, true), Outcome::Done);
        let stays = Plan { not_checked: Vec::new(), ..samples::findings() };
        assert_eq!(of_plan(&stays, false, false), Outcome::Done);
        assert_eq!(of_plan(&stays, false, true), Outcome::Changes);
    }

    #[test]
    fn a_step_answers_its_own_drift_and_nothing_else_of_its_object() {
        let mut plan = Plan { not_checked: Vec::new(), ..samples::plan(1) };
        let (object, change) = (plan.steps[2].object.clone(), plan.steps[2].changes[0].clone());
        let mut drift = samples::findings().findings.remove(0);
        (drift.object, drift.check, drift.field) = (object, change.check, change.field);
        let missing = crate::plan::Finding { check: "phone-missing", ..drift.clone() };
        for step in &mut plan.steps {
            step.state = StepState::Done;
        }
        plan.findings = vec![drift];
        assert_eq!(plan.unanswered_errors().count(), 0);
        assert_eq!(of_apply(&plan, &[], false), Outcome::Done);
        plan.findings.push(missing);
        assert_eq!(plan.unanswered_errors().count(), 1);
        assert_eq!(of_apply(&plan, &[], false), Outcome::Failed);
    }

    #[test]
    fn a_user_who_does_not_exist_is_a_failure_and_one_outside_the_group_is_drift() {
        for (kind, expected) in
            [(ObjectKind::EndUser, Outcome::Failed), (ObjectKind::UserGroup, Outcome::Changes)]
        {
            let mut finding = samples::findings().findings.remove(0);
            (finding.check, finding.object.kind) = ("self-care-group", kind);
            let plan = Plan { findings: vec![finding], ..Plan::default() };
            assert_eq!(of_apply(&plan, &[], false), expected);
        }
    }

    #[test]
    fn verify_counts_errors_and_with_strict_warnings() {
        let none = Waivers::default();
        let mut plan = samples::findings();
        plan.not_checked.clear();
        assert_eq!(of_verify(&plan, &none, false), Outcome::Changes);
        plan.findings.retain(|finding| finding.severity == Severity::Warning);
        assert_eq!(of_verify(&plan, &none, false), Outcome::Done);
        assert_eq!(of_verify(&plan, &none, true), Outcome::Changes);
        plan.findings[0].severity = Severity::Info;
        assert_eq!(of_verify(&plan, &none, true), Outcome::Done);
    }

    #[test]
    fn what_was_not_checked_is_incomplete_what_cannot_be_checked_only_with_strict() {
        let none = Waivers::default();
        let mut plan = Plan::default();
        plan.not_checked.push(NotChecked {
            subject: "password".to_owned(),
            reason: "never told".to_owned(),
            not_checkable: true,
            attested: None,
        });
        assert_eq!(of_verify(&plan, &none, false), Outcome::Done);
        assert_eq!(of_verify(&plan, &none, true), Outcome::Incomplete);
        plan.not_checked[0].not_checkable = false;
        assert_eq!(of_verify(&plan, &none, false), Outcome::Incomplete);
    }

    #[test]
    fn the_states_of_steps_decide_an_apply() {
        let denied = Trouble::new("axl-role-missing", Outcome::Denied, "no role");
        for (state, expected) in [
            (StepState::Done, Outcome::Done),
            (StepState::Planned, Outcome::Failed),
            (StepState::Deferred(String::new()), Outcome::Incomplete),
            (StepState::Operator, Outcome::Incomplete),
            (StepState::Refused(String::new()), Outcome::Refused),
            (StepState::Failed(denied.clone()), Outcome::Denied),
        ] {
            let mut plan =
                Plan { not_checked: Vec::new(), findings: Vec::new(), ..samples::plan(1) };
            for step in &mut plan.steps {
                step.state = StepState::Done;
            }
            plan.steps[0].state = state;
            assert_eq!(of_apply(&plan, &[], false), expected);
        }
        assert_eq!(of_apply(&samples::plan(2), &[denied], false), Outcome::Denied);
    }
}
