//! `verify`: drift and every check, over all playbooks of the call.

use crate::engine::judge::of_verify;
use crate::engine::{Finished, Task};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::playbook::{Deployment, Waivers};
use crate::report::scope::Shard;
use crate::report::{Report, Section, Subject};

use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::Work;
use super::several::run_all;
use super::{Call, args, history, waivers};

struct Verifying<'a> {
    flags: &'a args::Verify,
}

impl Work for Verifying<'_> {
    fn subject(&self) -> Subject {
        Subject::Verify
    }

    fn waivers(&self, deployment: &Deployment, color: bool) -> Result<Waivers, Box<Section>> {
        waivers::of(deployment, self.flags.waivers.as_deref(), color)
    }

    fn shard(&self) -> Option<Shard> {
        // Of several playbooks, deployments are split and not their devices.
        self.flags.shard.filter(|_| self.flags.several.playbooks.len() == 1)
    }

    fn of_part(&self, plan: &Plan, waivers: &Waivers, strict: bool) -> Outcome {
        of_verify(plan, waivers, strict)
    }

    async fn perform(
        &self,
        _: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        _: &Progress,
    ) -> Finished {
        pipeline.verify(task).await
    }
}

/// Verifies the playbooks, at once; Ctrl-C ends the whole call.
pub fn verify(call: &Call, pipeline: &(impl Pipeline + Sync), flags: &args::Verify) -> Report {
    let work = Verifying { flags };
    let mut report = run_all(call, pipeline, &flags.several, flags.shard, &work);
    history::keep(call, &flags.history, &mut report);
    report
}
