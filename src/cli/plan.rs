//! `plan`: what `apply` would do.

use crate::engine::{Finished, Task};
use crate::report::{Report, Subject};

use super::Call;
use super::args;
use super::history;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run};

struct Planning {
    detailed: bool,
}

impl Work for Planning {
    fn subject(&self) -> Subject {
        Subject::Plan
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

/// Plans one playbook.
pub fn plan(call: &Call, pipeline: &impl Pipeline, flags: &args::Plan) -> Report {
    let section =
        run(call, pipeline, &flags.playbook, &Planning { detailed: flags.detailed_exitcode });
    let mut report = Report::new(Subject::Plan, &call.started, vec![section]);
    history::keep(call, &flags.history, &mut report);
    report
}
