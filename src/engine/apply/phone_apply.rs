//! Tells phones to take what was changed: after everything on a phone is written, so once per phone, at no more than
//! the playbook's rate, and never during a call unless the playbook says so.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crate::clients::axl::{ApplyRequest, AxlError, FaultKind};
use crate::plan::{Kind, Object, ObjectKind, Step, StepState};
use crate::playbook::{ApplyHow, Busy};
use crate::trouble::Trouble;

use super::run::Run;

const MINUTE: Duration = Duration::from_mins(1);
/// How often a phone is told to take its configuration when the answer is lost, and how long between.
const TRIES: usize = 3;
const AGAIN: Duration = Duration::from_millis(500);

impl Run<'_> {
    /// Performs the steps whose phones were changed, now or by an earlier run; the others have nothing to follow.
    pub(super) async fn phone_applies(&mut self, steps: &mut Vec<Step>) -> Result<(), Trouble> {
        let Some(apply) = self.task.deployment.phone_apply.clone() else { return Ok(()) };
        let changed = changed(steps);
        let unchanged: Vec<Object> = steps
            .iter()
            .filter(|step| waits(step) && !changed.contains(&step.object))
            .map(|step| step.object.clone())
            .collect();
        // An earlier run's debt stays; what this run noted and did not change is no debt.
        let before = &self.debts;
        let spared: Vec<Object> =
            unchanged.iter().filter(|object| !before.contains(*object)).cloned().collect();
        self.memory.spare(&spared)?;
        steps.retain(|step| {
            !waits(step) || changed.contains(&step.object) || before.contains(&step.object)
        });
        let total = steps.iter().filter(|step| waits(step)).count();
        if total == 0 {
            return Ok(());
        }
        let busy = match apply.busy {
            Busy::Defer => self.phones_in_use().await,
            Busy::Proceed => Ok(BTreeSet::new()),
        };
        if let Err(why) = &busy {
            self.note(format!("which phones are in a call is not known: {why}"));
        }
        let mut pace = Pace::new(apply.per_minute);
        let mut told = BTreeSet::new();
        let witnesses = self.witnesses(steps).await?;
        for (done, step) in steps.iter_mut().filter(|step| waits(step)).enumerate() {
            self.task.stop.check()?;
            self.applying(done, total, step.object.to_string());
            if let Some(why) = left_alone(&busy, &step.object.name, apply.how) {
                step.state = StepState::Deferred(why);
                continue;
            }
            pace.wait(self).await?;
            self.phone_apply(step, apply.how).await?;
            if step.state == StepState::Done {
                told.extend(self.told_with(&step.object));
            }
        }
        self.phones_told(&told, &witnesses).await
    }

    async fn phone_apply(&mut self, step: &mut Step, how: ApplyHow) -> Result<(), Trouble> {
        let request = match how {
            ApplyHow::Apply => ApplyRequest::Apply,
            ApplyHow::Restart => ApplyRequest::Restart,
            ApplyHow::Reset => ApplyRequest::Reset,
        };
        let number = self.journal.intend_bare(how.word(), &step.object)?;
        let mut told = self.tell(step, request).await;
        // A phone that takes its configuration once more has what it had; one that restarts twice is away twice.
        for _ in 1..TRIES {
            let lost = told.as_ref().is_err_and(AxlError::outcome_unknown);
            if !lost || how != ApplyHow::Apply || self.pause(AGAIN).await.is_err() {
                break;
            }
            told = self.tell(step, request).await;
        }
        let ended = match &told {
            Ok(()) => {
                step.state = StepState::Done;
                let phones = self.told_with(&step.object);
                self.memory.tell(&step.object, &phones)
            }
            Err(error) if says_busy(error) => {
                step.state = StepState::Deferred(error.to_string());
                Ok(())
            }
            Err(error) => self.broken(step, error),
        };
        self.journal.ended_in(number, &step.state)?;
        ended
    }
}

impl Run<'_> {
    async fn tell(&mut self, step: &Step, request: ApplyRequest) -> Result<(), AxlError> {
        self.writes += 1;
        if step.object.kind == ObjectKind::CommonPhoneProfile {
            self.writer.apply_profile(&step.object.name, request).await
        } else {
            self.writer.apply_phone(&step.object.name, request).await
        }
    }
}

fn waits(step: &Step) -> bool {
    step.kind == Kind::PhoneApply && step.state == StepState::Planned
}

/// Why a phone is left for later. Where nobody tells who is in a call, one that only takes its configuration is told: it
/// waits for its call to end by itself. One that would restart is not.
fn left_alone(
    busy: &Result<BTreeSet<String>, String>,
    phone: &str,
    how: ApplyHow,
) -> Option<String> {
    match (busy, how) {
        (Ok(busy), _) => busy.contains(phone).then(|| "the phone is in a call".to_owned()),
        (Err(_), ApplyHow::Apply) => None,
        (Err(why), ApplyHow::Restart | ApplyHow::Reset) => Some(format!(
            "whether the phone is in a call is not known ({why}); phone_apply: {{ busy: proceed }} would not ask"
        )),
    }
}

/// Objects on which something was written in this run, or may have been.
fn changed(steps: &[Step]) -> BTreeSet<Object> {
    let written = steps.iter().filter(|step| {
        matches!(step.kind, Kind::PhoneSettings | Kind::Subscription)
            && matches!(step.state, StepState::Done | StepState::Unknown(_))
    });
    written.map(|step| step.object.clone()).collect()
}

/// No source tells the words; a refusal that speaks of use is taken for one.
fn says_busy(error: &AxlError) -> bool {
    let AxlError::Fault { kind: FaultKind::Other, text, .. } = error else { return false };
    let text = text.to_ascii_lowercase();
    ["busy", "in use", "in progress", "active call"].iter().any(|word| text.contains(word))
}

/// At most so many in any minute.
struct Pace {
    most: usize,
    begun: VecDeque<Instant>,
}

impl Pace {
    fn new(per_minute: u32) -> Self {
        let most = usize::try_from(per_minute).unwrap_or(usize::MAX).max(1);
        Self { most, begun: VecDeque::new() }
    }

    /// Waits until one more may begin.
    async fn wait(&mut self, run: &Run<'_>) -> Result<(), Trouble> {
        while self.begun.len() >= self.most {
            let Some(first) = self.begun.front() else { break };
            let passed = first.elapsed();
            if passed >= MINUTE {
                self.begun.pop_front();
            } else {
                run.pause(MINUTE.saturating_sub(passed)).await?;
            }
        }
        self.begun.push_back(Instant::now());
        Ok(())
    }
}
