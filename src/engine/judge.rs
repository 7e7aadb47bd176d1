//! How a run ended, for the exit code, the last line and JSON alike.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::outcome::Outcome;
use crate::plan::{Plan, Severity, StepState};
use crate::trouble::Trouble;

use super::{Prepared, Task};

/// The end of one deployment's run.
#[derive(Debug)]
pub struct Finished {
    /// The plan; after an apply its steps say how far each has come.
    pub plan: Plan,
    /// How it ended.
    pub outcome: Outcome,
    /// What went wrong beyond single steps.
    pub troubles: Vec<Trouble>,
    /// Requests by AXL operation.
    pub requests: BTreeMap<String, u64>,
    /// The journal of an apply.
    pub journal: Option<PathBuf>,
}

/// A run that ended before there was a plan.
pub fn failed(trouble: Trouble) -> Finished {
    Finished {
        plan: Plan::default(),
        outcome: trouble.outcome,
        troubles: vec![trouble],
        requests: BTreeMap::new(),
        journal: None,
    }
}

/// The end of `plan`: pending changes are no failure unless the caller asked for the detailed exit code.
pub fn planned(task: &Task<'_>, prepared: Prepared, detailed: bool) -> Finished {
    let mut held = unjudged(task, &prepared.plan);
    if detailed && !prepared.plan.steps.is_empty() {
        held.push(Outcome::Changes);
    }
    finished(prepared, held)
}

/// The end of `verify`.
pub fn verified(task: &Task<'_>, prepared: Prepared) -> Finished {
    let mut held = unjudged(task, &prepared.plan);
    let worst = if task.strict { Severity::Warning } else { Severity::Error };
    let found = prepared.plan.findings.iter().any(|finding| finding.severity >= worst);
    if found || !prepared.plan.steps.is_empty() {
        held.push(Outcome::Changes);
    }
    finished(prepared, held)
}

/// What could not be judged, as outcomes.
pub fn unjudged(task: &Task<'_>, plan: &Plan) -> Vec<Outcome> {
    let counts = plan.not_checked.iter().any(|item| !item.not_checkable || task.strict);
    counts.then_some(Outcome::Incomplete).into_iter().collect()
}

/// What a step's state means for the run.
pub fn of_step(state: &StepState) -> Outcome {
    match state {
        StepState::Done => Outcome::Done,
        StepState::Planned | StepState::Unknown(_) => Outcome::Failed,
        StepState::Failed(trouble) => trouble.outcome,
        StepState::Deferred(_) | StepState::Operator => Outcome::Incomplete,
        StepState::Refused(_) => Outcome::Refused,
    }
}

fn finished(prepared: Prepared, held: Vec<Outcome>) -> Finished {
    Finished {
        outcome: Outcome::winner(held),
        requests: prepared.reader.requests(),
        plan: prepared.plan,
        troubles: Vec::new(),
        journal: None,
    }
}
