//! What is decided before the first write: thresholds, the reviewed fingerprint, permissions.

use std::collections::BTreeSet;

use crate::outcome::Outcome;
use crate::playbook::Deployment;
use crate::trouble::Trouble;

use super::{Disturbance, Plan, Step, StepState};

/// Below this many altered phones the share is not looked at.
const FEW: usize = 10;

/// Every limit that the plan exceeds; each refuses the whole run. `phones` is the number of roster phones.
pub fn thresholds(deployment: &Deployment, phones: usize, plan: &Plan) -> Vec<Trouble> {
    let limits = &deployment.limits;
    let altered = plan.counts.altered;
    let mut exceeded = Vec::new();
    if altered >= FEW && altered * 100 > phones * usize::from(limits.max_altered_percent) {
        exceeded.push(
            refused("threshold-altered", format!("{altered} of {phones} roster phones would be altered"))
                .because(format!("limits.max_altered_percent is {}", limits.max_altered_percent))
                .then("look at the plan; if it is meant, raise limits.max_altered_percent in the playbook"),
        );
    }
    exceeded.extend(removals(deployment, plan));
    exceeded
}

/// What is taken away, held against its limit.
pub fn removals(deployment: &Deployment, plan: &Plan) -> Vec<Trouble> {
    let limits = &deployment.limits;
    let mut exceeded = Vec::new();
    let removals = plan.counts.removals;
    if removals > usize::try_from(limits.max_removals).unwrap_or(usize::MAX) {
        exceeded.push(
            refused("threshold-removals", format!("{removals} subscriptions would be taken away"))
                .because(format!("limits.max_removals is {}", limits.max_removals))
                .then(
                    "look at the plan; if it is meant, raise limits.max_removals in the playbook",
                ),
        );
    }
    exceeded
}

/// What the closed windows hold back of a plan, for somebody who looks at it before an apply.
pub fn held_back(plan: &Plan, closed: Option<&str>) -> Option<Trouble> {
    let disturbing = plan.steps.iter().filter(|step| !step.disturbs.is_empty()).count();
    let closed = closed.filter(|_| disturbing > 0)?;
    Some(
        refused("window-closed", format!("{disturbing} of {} steps", plan.steps.len()))
            .because(closed.to_owned())
            .then("everything else would be done; apply again when a window is open"),
    )
}

/// Refuses when the plan is not the one that was reviewed.
pub fn expected(plan: &Plan, expect: Option<&str>) -> Result<(), Trouble> {
    match expect {
        Some(expect) if !expect.eq_ignore_ascii_case(&plan.fingerprint) => {
            Err(refused("fingerprint-stale", "the plan is not the one that was reviewed")
                .because(format!("reviewed {expect}, now {}", plan.fingerprint))
                .then("run plan again, review it, and pass its fingerprint to --expect"))
        }
        _ => Ok(()),
    }
}

/// Marks every step that disturbs something nobody has allowed.
pub fn permissions(steps: &mut [Step], allowed: &BTreeSet<Disturbance>) {
    for step in steps {
        let missing: Vec<&str> =
            step.disturbs.difference(allowed).map(|kind| kind.word()).collect();
        if !missing.is_empty() && step.state == StepState::Planned {
            step.state = StepState::Refused(format!("needs --allow {}", missing.join(",")));
        }
    }
}

/// Marks every disturbing step while it may not run, and says why.
pub fn windows(steps: &mut [Step], closed: &str) {
    for step in steps.iter_mut().filter(|step| !step.disturbs.is_empty()) {
        if step.state == StepState::Planned {
            step.state = StepState::Refused(closed.to_owned());
        }
    }
}

fn refused(code: &'static str, what: impl Into<String>) -> Trouble {
    Trouble::new(code, Outcome::Refused, what)
}
