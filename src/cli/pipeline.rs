//! The engine as commands see it; tests of whole commands put their own in its place.

use crate::engine::judge::{of_plan, of_verify};
use crate::engine::{self, Answers, Finished, Purpose, Task};
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
    /// Performs what was prepared, and observes again.
    async fn apply(&self, task: &Task<'_>, prepared: Self::Prepared, answers: &Answers)
    -> Finished;
}

/// The real engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine;

impl Pipeline for Engine {
    type Prepared = engine::Prepared;

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
                let outcome = of_verify(&prepared.plan, task.strict);
                let finished =
                    Finished::reading(prepared.plan, outcome, prepared.reader.requests());
                prepared.observation.troubles.into_iter().fold(finished, Finished::with)
            }
            Err(trouble) => Finished::failed(trouble),
        }
    }

    async fn prepare(&self, task: &Task<'_>) -> Result<(Finished, Self::Prepared), Finished> {
        let prepared = engine::prepare(task, Purpose::Apply).await.map_err(Finished::failed)?;
        let outcome = of_plan(&prepared.plan, task.strict, false);
        let shown = Finished::reading(prepared.plan.clone(), outcome, prepared.reader.requests());
        Ok((shown, prepared))
    }

    async fn apply(
        &self,
        task: &Task<'_>,
        prepared: Self::Prepared,
        answers: &Answers,
    ) -> Finished {
        Box::pin(engine::apply(task, prepared, answers)).await
    }
}
