//! `apply`: plan, confirm, perform, and observe again.

use crate::engine::{Answers, Finished, Task};
use crate::plan::guard;
use crate::report::{Report, Subject};

use super::confirm::consented;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::Work;
use super::several::run_all;
use super::{Call, args};

struct Applying<'a> {
    flags: &'a args::Apply,
}

/// Applies the playbooks, at once; a person is asked of one after the other.
pub fn apply(call: &Call, pipeline: &(impl Pipeline + Sync), flags: &args::Apply) -> Report {
    run_all(call, pipeline, &flags.several, None, &Applying { flags })
}

impl Work for Applying<'_> {
    fn subject(&self) -> Subject {
        Subject::Apply
    }

    fn writes(&self) -> bool {
        true
    }

    fn prepare<'t>(&'t self, task: &mut Task<'t>) {
        task.rewrite_secrets = self.flags.rewrite_secrets;
        task.restart_now = self.flags.restart_now;
        task.reboot = &self.flags.reboot;
        task.wait_deferred = self.flags.wait_deferred;
        task.canary = self.flags.canary.and_then(|number| usize::try_from(number).ok());
        task.retry_failed = self.flags.retry_failed;
        task.max_failures = self.flags.max_failures.and_then(|number| usize::try_from(number).ok());
    }

    async fn perform(
        &self,
        call: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        progress: &Progress,
    ) -> Finished {
        let (planned, prepared) = match pipeline.prepare(task).await {
            Ok(prepared) => prepared,
            Err(failed) => return failed,
        };
        progress.clear();
        if let Err(trouble) = guard::expected(&planned.plan, self.flags.expect.as_deref()) {
            return planned.with(trouble);
        }
        let mut answers =
            Answers { operator_done: self.flags.operator_done.clone(), ..Answers::default() };
        answers.allow = match consented(call, task, &planned.plan, "Apply").await {
            Ok(allow) => allow,
            Err(trouble) => return planned.with(trouble),
        };
        let finished = pipeline.apply(task, prepared, planned, &answers).await;
        progress.clear();
        finished
    }
}
