//! Performs steps: a fresh read, the same comparison again, the write, a look at what came of it.

use std::collections::BTreeSet;

use crate::clients::axl::{AxlError, Writer};
use crate::engine::judge::Finished;
use crate::journal::past::REFUSED;
use crate::journal::{BY_HAND, Entry, Field, Image, Key};
use crate::plan::{Call, Finding, Object, Plan, Shown, Step, StepState};
use crate::resources::tomcat_restart::NodeSeen;
use crate::trouble::Trouble;

use crate::engine::journal::{Journal, now};
use crate::engine::observe::{at_publisher, of_publisher};
use crate::engine::operator::OperatorTask;
use crate::engine::remembered::Remembered;
use crate::engine::undo::TakenBack;
use crate::engine::{Answers, Event, Prepared, Task};

/// A run that writes. The only place where a [`Writer`] is made.
pub(super) struct Run<'a> {
    /// What it was given.
    pub(super) task: &'a Task<'a>,
    /// What was read, and what is wanted.
    pub(super) prepared: Prepared,
    pub(super) writer: Writer,
    pub(super) answers: Answers,
    pub(super) journal: Journal,
    /// What the live systems cannot tell.
    pub(super) memory: Remembered,
    /// Phones and profiles that earlier runs have changed and not told.
    pub(super) debts: BTreeSet<Object>,
    pub(super) writes: usize,
    pub(super) failures: usize,
    /// What kept restarts from being made.
    pub(super) guards: Vec<Finding>,
    /// Finesse nodes that were out of service when the run began.
    pub(super) out_of_service: BTreeSet<String>,
    /// What is wanted of the objects.
    pub(super) aim: Aim,
    /// The first few devices have been done, where some go first.
    pub(super) canaried: bool,
    /// Whether the bulk read tells a phone's configuration as `getPhone` does; `None`: not seen yet.
    pub(super) bulk_tells_all: Option<bool>,
    /// Groups of devices whose statements about many were refused.
    pub(super) refused_together: usize,
}

/// What a run wants of what it writes.
pub(super) enum Aim {
    /// What the playbook declares.
    Declared,
    /// What was there before another run.
    Before(TakenBack),
    /// That nothing of the playbook is left.
    Nothing,
}

impl Aim {
    /// The run that is taken back.
    pub(super) fn before(&self) -> Option<&TakenBack> {
        match self {
            Self::Before(back) => Some(back),
            Self::Declared | Self::Nothing => None,
        }
    }
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
        answers: Answers,
        journal: Journal,
    ) -> Self {
        let writer = Writer::new(prepared.reader.clone());
        let memory = Remembered::read(task.state);
        let debts = memory.owed_applies();
        let nodes = prepared.observation.finesse.as_ref().map(|finesse| finesse.nodes.as_slice());
        let out = |node: &&NodeSeen| node.state.as_ref().is_ok_and(|state| !state.in_service);
        let out_of_service = nodes.unwrap_or_default().iter().filter(out);
        let out_of_service = out_of_service.map(|node| node.host.clone()).collect();
        Self {
            task,
            prepared,
            writer,
            answers,
            journal,
            memory,
            debts,
            writes: 0,
            failures: 0,
            guards: Vec::new(),
            aim: Aim::Declared,
            canaried: false,
            bulk_tells_all: None,
            refused_together: 0,
            out_of_service,
        }
    }

    /// The same run with another aim.
    pub(super) fn aiming(self, aim: Aim) -> Self {
        Self { aim, ..self }
    }

    /// Ends the run: its outcome, here and in its journal.
    pub(super) fn close(self, task: &Task<'_>, mut plan: Plan, troubles: Vec<Trouble>) -> Finished {
        let Self { prepared, mut journal, writes, .. } = self;
        plan.counts.writes = writes;
        let path = journal.path().to_owned();
        let left = plan.steps.iter().filter(|step| step.state != StepState::Done);
        let left: Vec<(Object, &str)> =
            left.map(|step| (step.object.clone(), step.state.word())).collect();
        let finished = super::end(task, &prepared, plan, troubles, Some(path));
        match journal.end(finished.outcome, &left) {
            Ok(()) => finished,
            Err(trouble) => finished.with(trouble),
        }
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
        let trouble = of_publisher(self.task, error);
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
        let said = self.said_done(&operator_step.id, &operator_step.token);
        let done = match self.task.operator {
            _ if said => {
                let number = self.journal.intend_one(BY_HAND, as_planned(step))?;
                self.journal.ended(&[(number, "done")])?;
                true
            }
            Some(operator) => {
                let entry = as_planned(step);
                let number = self.journal.intend_one(BY_HAND, entry)?;
                let done = operator.perform(operator_step, tasks).await?;
                self.journal.ended(&[(number, if done { "done" } else { REFUSED })])?;
                done
            }
            None => false,
        };
        step.state = if done { StepState::Done } else { StepState::Operator };
        Ok(())
    }

    /// Notes that a step which nothing can check was said to be done for these values.
    pub(super) fn attest(&mut self, step: &Step, id: &str, values: &str) -> Result<(), Trouble> {
        let Call::Operator(operator) = &step.call else { return Ok(()) };
        if step.state != StepState::Done {
            return Ok(());
        }
        self.memory.attest(id, values, &operator.token, self.task.who, &now())
    }

    /// An error of the publisher, as it is reported.
    pub(super) fn at_publisher(&self, error: &AxlError) -> Trouble {
        at_publisher(self.task, error)
    }

    /// Tells how far a kind of steps has come.
    pub(super) fn applying(&self, done: usize, total: usize, current: impl Into<String>) {
        let current = current.into();
        self.task.listener.event(Event::Applying { done, total, current });
    }
}

/// What a step changes, in the words of the plan: where no more is known of it.
pub(super) fn as_planned(step: &Step) -> Entry {
    let image = |shown: &Shown| match shown {
        Shown::Absent => Image::Absent,
        Shown::Text(text) => Image::Text(text.clone()),
        Shown::Secret(_) => Image::Unknown,
    };
    let field = |change: &crate::plan::Change| Field {
        key: Key::own(&change.field),
        before: image(&change.before),
        after: image(&change.after),
    };
    Entry::new(&step.object, step.changes.iter().map(field))
}
