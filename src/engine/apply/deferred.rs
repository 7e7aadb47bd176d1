//! `--wait-deferred`: what the cluster refused for now is tried again, until it is done or the time is over.

use std::time::{Duration, Instant};

use crate::plan::{Kind, Step, StepState};

use super::run::Run;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Run<'_> {
    /// Pauses and opens deferred steps again; `false` when there are none, or the time is over.
    pub(super) async fn waits_for_deferred(&mut self, steps: &mut [Step], begun: Instant) -> bool {
        let Some(longest) = self.task.wait_deferred else { return false };
        let deferred = steps.iter().filter(|step| retried(step)).count();
        let left = longest.saturating_sub(begun.elapsed());
        if deferred == 0 || left.is_zero() {
            return false;
        }
        // The longer it has lasted, the less often it is tried.
        let pause = begun.elapsed().clamp(FIRST_PAUSE, LONGEST_PAUSE).min(left);
        self.note(format!("{deferred} deferred; trying again for {} s at most", left.as_secs()));
        if self.pause(pause).await.is_err() {
            return false;
        }
        for step in steps.iter_mut().filter(|step| retried(step)) {
            step.state = StepState::Planned;
        }
        true
    }
}

/// What a phone refuses for now; a restart that waits for a person is none of it.
fn retried(step: &Step) -> bool {
    matches!(step.state, StepState::Deferred(_))
        && matches!(step.kind, Kind::PhoneSettings | Kind::Subscription | Kind::PhoneApply)
}
