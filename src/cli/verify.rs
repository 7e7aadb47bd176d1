//! `verify`: drift and every check, over all playbooks of the call.

use crate::engine::{Finished, Task};
use crate::outcome::Outcome;
use crate::playbook::{Deployment, Waivers};
use crate::report::{Report, Section, Subject};

use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run};
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
pub fn verify(call: &Call, pipeline: &impl Pipeline, flags: &args::Verify) -> Report {
    let mut sections = Vec::with_capacity(flags.playbooks.len());
    for file in &flags.playbooks {
        let section = run(call, pipeline, file, &Verifying { flags });
        let interrupted = section.outcome == Outcome::Interrupted;
        sections.push(section);
        if interrupted {
            break;
        }
    }
    let mut report = Report::new(Subject::Verify, &call.started, sections);
    history::keep(call, &flags.history, &mut report);
    report
}
