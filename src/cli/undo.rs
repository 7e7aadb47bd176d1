//! `undo`: shows what a run has left, asks, puts back what was there before, and reads again.

use crate::engine::journal::runs::RunRecord;
use crate::engine::{Answers, Finished, Task};
use crate::plan::guard;
use crate::report::{Report, Section, Subject};

use super::confirm::consented;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run_file};
use super::{Call, args, runs};

struct Undoing<'a> {
    flags: &'a args::Undo,
    record: &'a RunRecord,
}

/// Takes one run back.
pub fn undo(call: &Call, pipeline: &impl Pipeline, flags: &args::Undo) -> Report {
    let report = |section| Report::new(Subject::Undo, &call.started, vec![section]);
    let all = match runs::all(&call.global) {
        Ok(all) => all,
        Err(trouble) => return report(Section::of("undo", trouble)),
    };
    let chosen = match &flags.run {
        Some(name) => runs::named(&all, name),
        None => runs::newest(&all),
    };
    let record = match chosen {
        Ok(record) => record,
        Err(trouble) => return report(Section::of("undo", trouble)),
    };
    let playbook = flags.playbook.as_deref().unwrap_or_else(|| record.playbook());
    report(run_file(call, pipeline, playbook, &Undoing { flags, record }))
}

impl Work for Undoing<'_> {
    fn subject(&self) -> Subject {
        Subject::Undo
    }

    async fn perform(
        &self,
        call: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        progress: &Progress,
    ) -> Finished {
        call.console.note(&format!(
            "taking back run {} of {}, {}",
            self.record.id,
            self.record.deployment(),
            self.record.began()
        ));
        let (planned, prepared) = match pipeline.prepare_undo(task, self.record).await {
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
        let allow = match consented(call, task, &planned.plan, "Take back").await {
            Ok(allow) => allow,
            Err(trouble) => return planned.with(trouble),
        };
        let answers = Answers { allow, ..Answers::default() };
        let finished = pipeline.undo(task, prepared, planned, &answers).await;
        progress.clear();
        finished
    }
}
