//! Performs steps: a fresh read, the same comparison again, the write, a look at what came of it.

use std::collections::BTreeSet;

use crate::clients::axl::{AxlError, Writer};
use crate::plan::{Call, Disturbance, Step, StepState};
use crate::trouble::Trouble;

use crate::engine::journal::Journal;
use crate::engine::observe::at_publisher;
use crate::engine::operator::OperatorTask;
use crate::engine::{Event, Prepared, Task};

/// A run that writes. The only place where a [`Writer`] is made.
pub(super) struct Run<'a> {
    /// What it was given.
    pub(super) task: &'a Task<'a>,
    /// What was read, and what is wanted.
    pub(super) prepared: Prepared,
    pub(super) writer: Writer,
    pub(super) allow: BTreeSet<Disturbance>,
    pub(super) journal: Journal,
    pub(super) writes: usize,
    pub(super) failures: usize,
    /// A whole-list write was seen to lose something of another subscription, or none was proven safe yet.
    pub(super) list: ListWrites,
}

/// What is known about whole-list writes on this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListWrites {
    /// Not yet seen on a device that had something else.
    Unproven,
    /// Seen to keep everything else.
    Keep,
    /// Seen to lose something: never used again in this run where there is anything to lose.
    Lose,
}

/// How a write ended, when it did not end well.
pub(super) enum Ended {
    /// Refused for now.
    Deferred(String),
    /// Sent, and the answer was lost: read back.
    Unknown(Trouble),
    /// Failed; the run goes on with other objects.
    Failed(Trouble),
}

impl<'a> Run<'a> {
    /// Begins to write.
    pub(super) fn new(
        task: &'a Task<'a>,
        prepared: Prepared,
        allow: BTreeSet<Disturbance>,
        journal: Journal,
    ) -> Self {
        let writer = Writer::new(prepared.reader.clone());
        let list = ListWrites::Unproven;
        Self { task, prepared, writer, allow, journal, writes: 0, failures: 0, list }
    }

    /// Writes sent so far.
    pub(super) fn writes(&self) -> usize {
        self.writes
    }

    /// Gives back what outlives the run.
    pub(super) fn into_parts(self) -> (Prepared, Journal) {
        (self.prepared, self.journal)
    }

    /// Counts a failed step; the error once there are too many.
    pub(super) fn failed(&mut self) -> Result<(), Trouble> {
        self.failures += 1;
        match self.task.max_failures {
            Some(most) if self.failures >= most => Err(Trouble::new(
                "too-many-failures",
                crate::outcome::Outcome::Failed,
                format!("{} steps failed; no further one was begun", self.failures),
            )
            .because(format!("--max-failures is {most}"))
            .then("look at the failed steps, then run apply again")),
            _ => Ok(()),
        }
    }

    /// Sorts an error: what concerns the whole run is returned as such.
    pub(super) fn sort(&self, error: &AxlError) -> Result<Ended, Trouble> {
        let trouble = at_publisher(self.task, error);
        if error.concerns_the_run() {
            Err(trouble)
        } else if error.deferred() {
            Ok(Ended::Deferred(trouble.why))
        } else if error.outcome_unknown() {
            Ok(Ended::Unknown(trouble))
        } else {
            Ok(Ended::Failed(trouble))
        }
    }

    /// Leaves a step to whoever does operator steps.
    pub(super) async fn by_operator(
        &mut self,
        step: &mut Step,
        tasks: &[OperatorTask],
    ) -> Result<(), Trouble> {
        let Call::Operator(operator_step) = &step.call else { return Ok(()) };
        let done = match self.task.operator {
            Some(operator) => {
                self.journal.intent("operator", &[&operator_step.id])?;
                operator.perform(operator_step, tasks).await?
            }
            None => false,
        };
        step.state = if done { StepState::Done } else { StepState::Operator };
        Ok(())
    }

    pub(super) fn applying(&self, done: usize, total: usize, step: &Step) {
        let current = step.object.to_string();
        self.task.listener.event(Event::Applying { done, total, current });
    }
}
