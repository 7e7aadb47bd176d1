//! `capture`: the reads of `plan` and `verify`, kept for a rehearsal on the sandbox.

use std::cell::RefCell;
use std::path::Path;

use crate::engine::capture::{self, HOLDS};
use crate::engine::{Finished, Task};
use crate::plan::Plan;
use crate::report::capture::Captured;
use crate::report::{Report, Subject};

use super::Call;
use super::args;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run_file};

struct Capturing<'a> {
    out: &'a Path,
    captured: RefCell<Option<Captured>>,
}

impl Work for Capturing<'_> {
    fn subject(&self) -> Subject {
        Subject::Capture
    }

    async fn perform(
        &self,
        _: &Call,
        _: &impl Pipeline,
        task: &Task<'_>,
        _: &Progress,
    ) -> Finished {
        let captured = match Box::pin(capture::capture(task, self.out)).await {
            Ok(captured) => captured,
            Err(trouble) => return Finished::failed(trouble),
        };
        *self.captured.borrow_mut() = Some(Captured {
            folder: captured.folder.display().to_string(),
            holds: HOLDS,
            exchanges: captured.exchanges,
            secrets: captured.secrets,
            of_agents: captured.of_agents,
            missing: captured.missing,
        });
        Finished {
            troubles: captured.troubles,
            ..Finished::reading(Plan::default(), captured.outcome, captured.requests)
        }
    }
}

/// Captures one deployment.
pub fn capture(call: &Call, pipeline: &impl Pipeline, flags: &args::Capture) -> Report {
    let work = Capturing { out: &flags.out, captured: RefCell::default() };
    let mut section = run_file(call, pipeline, &flags.playbook, &work);
    section.captured = work.captured.into_inner();
    Report::new(Subject::Capture, &call.started, vec![section])
}
