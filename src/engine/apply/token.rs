//! `--operator-done STEP=TOKEN`: who says that a step was done, and whether that may be believed.

use crate::engine::remembered::Remembered;
use crate::outcome::Outcome;
use crate::plan::{Basis, Call, Plan, Step, StepState};
use crate::trouble::Trouble;

use super::run::Run;

/// Why a token is not accepted. A step that reading can check is believed to what is read, not to a word.
pub(super) fn refusal(plan: &Plan, memory: &Remembered, id: &str, token: &str) -> Option<Trouble> {
    let refused = |code, why: &str, next: &str| {
        let what = format!("the token for operator step {id} is not accepted");
        Some(Trouble::new(code, Outcome::Refused, what).because(why).then(next))
    };
    if memory.used_token(id, token) {
        return refused(
            "operator-token-used",
            "it was used before, and a token serves once",
            "leave --operator-done out; if the step is planned again, plan shows its new token",
        );
    }
    let step = plan.steps.iter().find(|step| operator(step).is_some_and(|own| own.id == id));
    let Some((step, own)) = step.and_then(|step| Some((step, operator(step)?))) else {
        if memory.offered(id).as_deref() == Some(token) {
            return None;
        }
        return refused(
            "operator-token-foreign",
            "no step of this plan has that name: it has been seen to be done, or belongs to another plan",
            "leave --operator-done out, or run plan again and use the token it shows",
        );
    };
    if own.token != token {
        return refused(
            "operator-token-foreign",
            "it belongs to other values: they have changed since it was shown",
            "run plan again and do the step with the values it shows",
        );
    }
    (step.basis != Basis::Remembered).then(|| {
        let what =
            format!("operator step {id} is said to be done, and the cluster shows otherwise");
        Trouble::new("operator-step-not-seen", Outcome::Failed, what)
            .because("what was read just now still differs from the step's values")
            .then("look at the step in the plan and at the console")
    })
}

fn operator(step: &Step) -> Option<&crate::plan::OperatorStep> {
    match &step.call {
        Call::Operator(operator) => Some(operator),
        Call::Axl(_) | Call::Finesse(_) | Call::Platform(_) => None,
    }
}

impl Run<'_> {
    /// Whether the command line says that this step was done.
    pub(super) fn said_done(&self, id: &str, token: &str) -> bool {
        self.answers.operator_done.iter().any(|said| said.0 == id && said.1 == token)
    }

    /// Remembers the tokens of steps that are left to a person, so that one can be used when its step has been seen
    /// to be done; and those that were used.
    pub(super) fn offer(&mut self, steps: &[Step]) -> Result<(), Trouble> {
        let left = steps.iter().filter(|step| step.state == StepState::Operator);
        let left: Vec<(String, String)> =
            left.filter_map(operator).map(|step| (step.id.clone(), step.token.clone())).collect();
        let used = self.answers.operator_done.clone();
        self.memory.offer(&left, &used)
    }
}
