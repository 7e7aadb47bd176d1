//! `verify`: drift and every check, over all playbooks of the call.

use crate::engine::{Finished, Task};
use crate::outcome::Outcome;
use crate::report::{Report, Subject};

use super::Call;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run};

struct Verifying;

impl Work for Verifying {
    fn subject(&self) -> Subject {
        Subject::Verify
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

/// Verifies the playbooks, one after the other; Ctrl-C ends the whole call.
pub fn verify(call: &Call, pipeline: &impl Pipeline, playbooks: &[String]) -> Report {
    let mut sections = Vec::with_capacity(playbooks.len());
    for file in playbooks {
        let section = run(call, pipeline, file, &Verifying);
        let interrupted = section.outcome == Outcome::Interrupted;
        sections.push(section);
        if interrupted {
            break;
        }
    }
    Report::new(Subject::Verify, &call.started, sections)
}
