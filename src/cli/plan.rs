//! `plan`: what `apply` would do.

use crate::engine::judge::of_plan;
use crate::engine::{Finished, Task};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::playbook::Waivers;
use crate::report::scope::Shard;
use crate::report::{Report, Subject};

use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::Work;
use super::several::run_all;
use super::{Call, args, history};

struct Planning {
    detailed: bool,
    shard: Option<Shard>,
}

impl Work for Planning {
    fn subject(&self) -> Subject {
        Subject::Plan
    }

    fn shard(&self) -> Option<Shard> {
        self.shard
    }

    fn of_part(&self, plan: &Plan, _: &Waivers, strict: bool) -> Outcome {
        of_plan(plan, strict, self.detailed)
    }

    async fn perform(
        &self,
        _: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        _: &Progress,
    ) -> Finished {
        pipeline.plan(task, self.detailed).await
    }
}

/// Plans the playbooks, at once.
pub fn plan(call: &Call, pipeline: &(impl Pipeline + Sync), flags: &args::Plan) -> Report {
    let shard = flags.shard.filter(|_| flags.several.playbooks.len() == 1);
    let work = Planning { detailed: flags.detailed_exitcode, shard };
    let mut report = run_all(call, pipeline, &flags.several, flags.shard, &work);
    history::keep(call, &flags.history, &mut report);
    report
}
