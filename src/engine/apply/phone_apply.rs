//! Tells phones to take what was changed: after everything on a phone is written, so once per phone, at no more than
//! the playbook's rate, and never during a call unless the playbook says so.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt as _};
use tokio::sync::Mutex;

use crate::clients::axl::{ApplyRequest, AxlError, FaultKind};
use crate::engine::journal::word;
use crate::journal::Entry;
use crate::plan::{Kind, Object, ObjectKind, Step, StepState};
use crate::playbook::{ApplyHow, Busy, PhoneApply};
use crate::trouble::Trouble;

use super::run::Run;

const MINUTE: Duration = Duration::from_mins(1);
/// How often a phone is told to take its configuration when the answer is lost, and how long between.
const TRIES: usize = 3;
const AGAIN: Duration = Duration::from_millis(500);
/// Most phones that are told at once.
const MOST: usize = 500;

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
        let pace = Mutex::new(Pace::new(apply.per_minute));
        let mut told = BTreeSet::new();
        let witnesses = self.witnesses(steps).await?;
        let mut waiting: Vec<&mut Step> = steps.iter_mut().filter(|step| waits(step)).collect();
        let mut done = 0;
        for group in waiting.chunks_mut(group_of(&apply)) {
            self.task.stop.check()?;
            if let Some(first) = group.first() {
                self.applying(done, total, first.object.to_string());
            }
            done += group.len();
            let mut going = Vec::new();
            for step in group {
                match left_alone(&busy, &step.object.name, apply.how) {
                    Some(why) => step.state = StepState::Deferred(why),
                    None => going.push(&mut **step),
                }
            }
            told.extend(self.tell_group(going, apply.how, &pace).await?);
        }
        self.task.stop.check()?;
        self.phones_told(&told, &witnesses).await
    }

    /// Tells these at once, as far as pace and limits let them; gives the phones that were told.
    async fn tell_group(
        &mut self,
        mut steps: Vec<&mut Step>,
        how: ApplyHow,
        pace: &Mutex<Pace>,
    ) -> Result<Vec<String>, Trouble> {
        let entries: Vec<Entry> = steps.iter().map(|step| Entry::bare(&step.object)).collect();
        let numbers = self.journal.intend(how.word(), &entries)?;
        let objects = (0..).zip(steps.iter().map(|step| step.object.clone()));
        let run = &*self;
        let telling = objects.map(|(place, object)| async move {
            // Nothing new is begun once the end was asked for; what is in flight is awaited.
            let turn = pace.lock().await.wait(run).await;
            (place, if turn.is_ok() { Some(run.tell(&object, how).await) } else { None })
        });
        let concurrency = self.task.concurrency.max(1);
        let answers: Vec<(usize, Option<Answer>)> =
            stream::iter(telling).buffer_unordered(concurrency).collect().await;
        let (mut phones, mut noted, mut ended) = (Vec::new(), Vec::new(), Vec::new());
        let mut fatal = None;
        for (place, answer) in answers {
            let (Some(step), Some(number)) = (steps.get_mut(place), numbers.get(place)) else {
                continue;
            };
            let Some((tries, answer)) = answer else {
                ended.push((*number, "deferred"));
                continue;
            };
            self.writes += tries;
            match &answer {
                Ok(()) => {
                    step.state = StepState::Done;
                    let with = self.told_with(&step.object);
                    phones.extend(with.iter().cloned());
                    noted.push((step.object.clone(), with));
                }
                Err(error) if says_busy(error) => {
                    step.state = StepState::Deferred(error.to_string());
                }
                Err(error) => fatal = fatal.or(self.broken(step, error).err()),
            }
            ended.push((*number, word(&step.state)));
        }
        self.memory.tell(&noted)?;
        self.journal.ended(&ended)?;
        fatal.map_or(Ok(phones), Err)
    }

    /// One phone or profile: how often it was told, and the last answer.
    async fn tell(&self, object: &Object, how: ApplyHow) -> Answer {
        let request = match how {
            ApplyHow::Apply => ApplyRequest::Apply,
            ApplyHow::Restart => ApplyRequest::Restart,
            ApplyHow::Reset => ApplyRequest::Reset,
        };
        let mut tries = 0;
        loop {
            tries += 1;
            let told = if object.kind == ObjectKind::CommonPhoneProfile {
                self.writer.apply_profile(&object.name, request).await
            } else {
                self.writer.apply_phone(&object.name, request).await
            };
            let lost = told.as_ref().is_err_and(AxlError::outcome_unknown);
            // A phone that takes its configuration once more has what it had; one that restarts twice is away twice.
            let again = lost && how == ApplyHow::Apply && tries < TRIES;
            if !again || self.pause(AGAIN).await.is_err() {
                return (tries, told);
            }
        }
    }
}

/// How often it was sent, and the last answer.
type Answer = (usize, Result<(), AxlError>);

/// How many are told before it is noted who was: not more than the pace lets go in ten seconds, and one where the same
/// word twice would be one too many.
fn group_of(apply: &PhoneApply) -> usize {
    match apply.how {
        ApplyHow::Apply => usize::try_from(apply.per_minute / 6).unwrap_or(MOST).clamp(1, MOST),
        ApplyHow::Restart | ApplyHow::Reset => 1,
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
