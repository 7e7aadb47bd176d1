//! `doctor`: one line for each thing that the other commands rest on, over all playbooks of the call.

use std::cell::RefCell;

use crate::checks::doctor::Examination;
use crate::engine::doctor::{self, Probe};
use crate::engine::{Finished, Task};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::report::{Report, Subject};

use super::Call;
use super::args;
use super::meeting::Whom;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run_file};

struct Examining {
    probe: Option<Probe>,
    examined: RefCell<Option<Examination>>,
}

impl Work for Examining {
    fn subject(&self) -> Subject {
        Subject::Doctor
    }

    fn speaks_to(&self) -> Whom {
        Whom::All
    }

    async fn perform(
        &self,
        _: &Call,
        _: &impl Pipeline,
        task: &Task<'_>,
        _: &Progress,
    ) -> Finished {
        let examined = doctor::examine(task, self.probe).await;
        let outcome = examined.examination.outcome(task.strict);
        *self.examined.borrow_mut() = Some(examined.examination);
        let finished = Finished::reading(Plan::default(), outcome, examined.requests);
        match examined.trouble {
            Some(trouble) => finished.with(trouble),
            None => finished,
        }
    }
}

/// Examines the playbooks' deployments, one after the other; Ctrl-C ends the whole call.
pub fn doctor(call: &Call, pipeline: &impl Pipeline, flags: &args::Doctor) -> Report {
    let mut sections = Vec::with_capacity(flags.playbooks.len());
    let probe = flags.probe_phones.map(|phones| Probe {
        phones: usize::try_from(phones).unwrap_or(usize::MAX),
        push: flags.probe_pushes,
    });
    for file in &flags.playbooks {
        let work = Examining { probe, examined: RefCell::default() };
        let mut section = run_file(call, pipeline, file, &work);
        section.examined = work.examined.into_inner();
        let interrupted = section.outcome == Outcome::Interrupted;
        sections.push(section);
        if interrupted {
            break;
        }
    }
    Report::new(Subject::Doctor, &call.started, sections)
}
