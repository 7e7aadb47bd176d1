//! `--retry-failed`: the objects that alone are written, and the part of a plan that is about them.

use std::collections::BTreeSet;

use crate::engine::Task;
use crate::engine::journal::runs::unfinished;
use crate::outcome::Outcome;
use crate::plan::{Object, Plan};
use crate::trouble::Trouble;

/// Leaves of a plan what is chosen, and what follows from it.
pub fn only(plan: &mut Plan, chosen: Option<&BTreeSet<Object>>) {
    if let Some(chosen) = chosen {
        plan.steps.retain(|step| step.is_consequence() || chosen.contains(&step.object));
    }
}

/// What the last run did not bring to a good end.
pub(super) fn failed_before(task: &Task<'_>) -> Result<BTreeSet<Object>, Trouble> {
    let found = unfinished(task.state)?.unwrap_or_default();
    if found.is_empty() {
        let what = "The last run of this deployment left nothing that failed";
        return Err(Trouble::new("nothing-to-retry", Outcome::Usage, what)
            .at(task.state.display().to_string())
            .then("run apply without --retry-failed"));
    }
    Ok(found)
}
