//! `--canary`: a few devices first, configured, told and read back; the others only when these are as declared and
//! somebody agrees.

use std::collections::BTreeSet;

use crate::outcome::Outcome;
use crate::plan::{Kind, Object, Plan, Step, StepState};
use crate::trouble::Trouble;

use super::phones::per_device;
use super::run::Run;
use super::{again, pending};

impl Run<'_> {
    /// Performs the first few of these steps' devices. An error keeps every other device from being begun.
    pub(super) async fn canaries(
        &mut self,
        steps: &mut Vec<Step>,
        ready: impl Fn(&Step) -> bool,
    ) -> Result<(), Trouble> {
        let Some(few) = self.task.canary.filter(|_| !self.canaried) else { return Ok(()) };
        self.canaried = true;
        let waiting = steps.iter().filter(|step| step.state == StepState::Planned && ready(step));
        let all: BTreeSet<&Object> = waiting.clone().map(|step| &step.object).collect();
        if all.len() <= few {
            return Ok(());
        }
        let others = all.len() - few;
        let mut chosen: BTreeSet<Object> = BTreeSet::new();
        for step in waiting {
            if chosen.len() < few {
                chosen.insert(step.object.clone());
            }
        }
        self.note(format!("{few} devices first, {others} wait for what becomes of them"));
        let theirs = |step: &Step| {
            chosen.contains(&step.object) && (ready(step) || step.kind == Kind::PhoneApply)
        };
        let (mut mine, rest): (Vec<Step>, Vec<Step>) =
            steps.drain(..).partition(|step| theirs(step));
        let ended = self.canary(&mut mine, &chosen).await;
        mine.extend(rest);
        mine.sort_by_key(|step| step.kind);
        *steps = mine;
        ended?;
        let question = format!("The first {few} are as declared. Go on with {others} more?");
        let goes_on = match self.task.operator {
            Some(operator) => operator.agrees(&question).await?,
            // Nobody is there, and --yes has been given.
            None => true,
        };
        if goes_on {
            return Ok(());
        }
        Err(Trouble::new(
            "canary-stopped",
            Outcome::Refused,
            format!("{others} devices were not begun"),
        )
        .because("after the first few the answer was no")
        .then("look at the first few; apply again goes on, and undo takes them back"))
    }

    async fn canary(
        &mut self,
        mine: &mut Vec<Step>,
        chosen: &BTreeSet<Object>,
    ) -> Result<(), Trouble> {
        self.phones(pending(mine, per_device).collect()).await?;
        self.phone_applies(mine).await?;
        self.task.stop.check()?;
        let done = Plan { steps: mine.clone(), ..Plan::default() };
        let fresh = again(self, &done).await?;
        let differs = |step: &&Step| per_device(step) && chosen.contains(&step.object);
        let unwell = mine.iter().find(|step| step.state != StepState::Done);
        let wrong = unwell.or_else(|| fresh.steps.iter().find(differs));
        let Some(wrong) = wrong else { return Ok(()) };
        let waits = matches!(wrong.state, StepState::Deferred(_) | StepState::Operator);
        let outcome = if waits { Outcome::Incomplete } else { Outcome::Failed };
        let why = match &wrong.state {
            StepState::Failed(trouble) | StepState::Unknown(trouble) => trouble.what.clone(),
            StepState::Deferred(why) | StepState::Refused(why) => why.clone(),
            StepState::Operator => "it is left to a person".to_owned(),
            StepState::Planned | StepState::Done => {
                "reading back shows that it still differs".to_owned()
            }
        };
        Err(Trouble::new("canary-failed", outcome, format!("{} did not end well", wrong.object))
            .because(why)
            .then("the other devices were not begun; put this one right and apply again"))
    }
}
