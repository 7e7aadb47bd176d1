//! The engine as commands see it; tests of whole commands put their own in its place.

use crate::checks::waived;
use crate::engine::journal::runs::RunRecord;
use crate::engine::judge::{of_plan, of_verify};
use crate::engine::undo::TakenBack;
use crate::engine::{self, Answers, Finished, Purpose, Task};
use crate::outcome::Outcome;
use crate::plan::guard;

/// What commands ask of the engine.
#[expect(async_fn_in_trait, reason = "everything runs on one thread; no Send bound is wanted")]
pub trait Pipeline {
    /// A cluster that was read for an apply.
    type Prepared;
    /// Observes and plans; writes nothing.
    async fn plan(&self, task: &Task<'_>, detailed: bool) -> Finished;
    /// Observes and judges; cannot write.
    async fn verify(&self, task: &Task<'_>) -> Finished;
    /// Observes and plans for an apply; what was read goes on to [`Pipeline::apply`].
    async fn prepare(&self, task: &Task<'_>) -> Result<(Finished, Self::Prepared), Finished>;
    /// A run that was read to be taken back.
    type TakenBack;
    /// Reads what a run touched, and plans to take it back.
    async fn prepare_undo(
        &self,
        task: &Task<'_>,
        record: &RunRecord,
    ) -> Result<(Finished, Self::TakenBack), Finished>;
    /// Takes it back as it was planned, and reads again.
    async fn undo(
        &self,
        task: &Task<'_>,
        back: Self::TakenBack,
        planned: Finished,
        answers: &Answers,
    ) -> Finished;
    /// Reads what of the playbook is there, and plans to take it away.
    async fn prepare_remove(&self, task: &Task<'_>)
    -> Result<(Finished, Self::Prepared), Finished>;
    /// Takes it away as it was planned, and reads again.
    async fn remove(
        &self,
        task: &Task<'_>,
        prepared: Self::Prepared,
        planned: Finished,
        answers: &Answers,
    ) -> Finished;
    /// Performs what was prepared and planned, and observes again.
    async fn apply(
        &self,
        task: &Task<'_>,
        prepared: Self::Prepared,
        planned: Finished,
        answers: &Answers,
    ) -> Finished;
}

/// The real engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine;

impl Pipeline for Engine {
    type Prepared = engine::Prepared;
    type TakenBack = (engine::Prepared, TakenBack);

    async fn plan(&self, task: &Task<'_>, detailed: bool) -> Finished {
        match engine::prepare(task, Purpose::Plan).await {
            Ok(prepared) => {
                let outcome = of_plan(&prepared.plan, task.strict, detailed);
                let phones = prepared.desired.phones();
                let mut refusals = guard::thresholds(task.deployment, phones, &prepared.plan);
                refusals.extend(guard::held_back(&prepared.plan, task.outside_windows));
                let requests = prepared.reader.requests();
                Finished { refusals, ..Finished::reading(prepared.plan, outcome, requests) }
            }
            Err(trouble) => Finished::failed(trouble),
        }
    }

    async fn verify(&self, task: &Task<'_>) -> Finished {
        match engine::prepare(task, Purpose::Verify).await {
            Ok(prepared) => {
                engine::remember_looks(task, &prepared);
                let mut plan = prepared.plan;
                let read = plan.not_checked.iter().all(|item| item.not_checkable);
                let complete = read && prepared.observation.troubles.is_empty();
                let waivers = waived::judge(task.waivers, task.deployment, complete, &mut plan);
                let outcome = of_verify(&plan, task.waivers, task.strict);
                if outcome == Outcome::Done && plan.steps.is_empty() {
                    engine::declared::note(task, &plan);
                }
                let finished = Finished {
                    waivers,
                    ..Finished::reading(plan, outcome, prepared.reader.requests())
                };
                prepared.observation.troubles.into_iter().fold(finished, Finished::with)
            }
            Err(trouble) => Finished::failed(trouble),
        }
    }

    async fn prepare(&self, task: &Task<'_>) -> Result<(Finished, Self::Prepared), Finished> {
        let mut prepared = engine::prepare(task, Purpose::Apply).await.map_err(Finished::failed)?;
        Ok((planned(task, &mut prepared), prepared))
    }

    async fn prepare_undo(
        &self,
        task: &Task<'_>,
        record: &RunRecord,
    ) -> Result<(Finished, Self::TakenBack), Finished> {
        let mut back = engine::undo::prepare(task, record).await.map_err(Finished::failed)?;
        Ok((planned(task, &mut back.0), back))
    }

    async fn prepare_remove(
        &self,
        task: &Task<'_>,
    ) -> Result<(Finished, Self::Prepared), Finished> {
        let mut prepared = engine::remove::prepare(task).await.map_err(Finished::failed)?;
        Ok((planned(task, &mut prepared), prepared))
    }

    async fn remove(
        &self,
        task: &Task<'_>,
        prepared: Self::Prepared,
        planned: Finished,
        answers: &Answers,
    ) -> Finished {
        let prepared = engine::Prepared { plan: planned.plan, ..prepared };
        let finished = Box::pin(engine::apply::remove::remove(task, prepared, answers)).await;
        if task.one_shot.is_none() {
            engine::declared::forget(task);
        }
        finished
    }

    async fn undo(
        &self,
        task: &Task<'_>,
        back: Self::TakenBack,
        planned: Finished,
        answers: &Answers,
    ) -> Finished {
        let (prepared, back) = back;
        let prepared = engine::Prepared { plan: planned.plan, ..prepared };
        let finished = Box::pin(engine::apply::undo::undo(task, prepared, back, answers)).await;
        engine::declared::forget(task);
        finished
    }

    async fn apply(
        &self,
        task: &Task<'_>,
        prepared: Self::Prepared,
        planned: Finished,
        answers: &Answers,
    ) -> Finished {
        let prepared = engine::Prepared { plan: planned.plan, ..prepared };
        let finished = Box::pin(engine::apply(task, prepared, answers)).await;
        let seen = finished.plan.read_back
            || finished.plan.steps.is_empty() && finished.troubles.is_empty();
        // One part alone says nothing of the playbook's other lines.
        if seen && task.one_shot.is_none() {
            engine::declared::note(task, &finished.plan);
        }
        finished
    }
}

/// The plan as it is shown: moved, and given back to the run that performs it, for it may be the largest thing there is.
fn planned(task: &Task<'_>, prepared: &mut engine::Prepared) -> Finished {
    let outcome = of_plan(&prepared.plan, task.strict, false);
    Finished::reading(std::mem::take(&mut prepared.plan), outcome, prepared.reader.requests())
}
