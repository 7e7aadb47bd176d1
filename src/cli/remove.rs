//! `remove`: shows what of the playbook is there, asks, takes it away, and reads again.

use crate::engine::{Answers, Finished, Task};
use crate::plan::guard;
use crate::report::{Report, Subject};

use super::confirm::consented;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run_file};
use super::{Call, args};

struct Removing<'a> {
    flags: &'a args::Remove,
}

/// Takes away what one playbook declares.
pub fn remove(call: &Call, pipeline: &impl Pipeline, flags: &args::Remove) -> Report {
    let section = run_file(call, pipeline, &flags.playbook, &Removing { flags });
    Report::new(Subject::Remove, &call.started, vec![section])
}

impl Work for Removing<'_> {
    fn subject(&self) -> Subject {
        Subject::Remove
    }

    async fn perform(
        &self,
        call: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        progress: &Progress,
    ) -> Finished {
        let (planned, prepared) = match pipeline.prepare_remove(task).await {
            Ok(prepared) => prepared,
            Err(failed) => return failed,
        };
        progress.clear();
        if let Err(trouble) = guard::expected(&planned.plan, self.flags.expect.as_deref()) {
            return planned.with(trouble);
        }
        if self.flags.dry_run {
            return planned;
        }
        let allow = match consented(call, task, &planned.plan, "Take away").await {
            Ok(allow) => allow,
            Err(trouble) => return planned.with(trouble),
        };
        let answers = Answers { allow, ..Answers::default() };
        let finished = pipeline.remove(task, prepared, planned, &answers).await;
        progress.clear();
        finished
    }
}
