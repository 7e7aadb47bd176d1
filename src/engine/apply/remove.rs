//! Takes away what the playbook declares: subscriptions, then the services that nobody is subscribed to, then the user.

use crate::clients::axl::{ApplicationUserUpdate, AxlError};
use crate::engine::journal::{Head, Journal, Lock};
use crate::engine::judge::Finished;
use crate::engine::observe::inputs;
use crate::engine::{Answers, Prepared, Task, remove};
use crate::journal::{Entry, application_user, phone_service};
use crate::plan::{AxlCall, Call, Kind, OneShot, Step, StepState, guard};
use crate::planner::remove::{foreign, without_own};
use crate::resources::application_user::Edit;
use crate::trouble::Trouble;

use super::phones::per_device;
use super::run::{Aim, Run};
use super::{end, pending, permissions, settle};

/// Performs a prepared removal and reads again.
pub async fn remove(task: &Task<'_>, mut prepared: Prepared, answers: &Answers) -> Finished {
    let mut plan = std::mem::take(&mut prepared.plan);
    if plan.steps.is_empty() {
        return end(task, &prepared, plan, Vec::new(), None);
    }
    if task.one_shot.is_some() {
        let refused = guard::removals(task.deployment, &plan);
        if !refused.is_empty() {
            return end(task, &prepared, plan, refused, None);
        }
    }
    permissions(task, &mut plan.steps, &answers.allow);
    let begun = Lock::held(&mut prepared.lock, task.state).and_then(|lock| {
        let head = Head {
            command: task.one_shot.map_or("remove", OneShot::word),
            fingerprint: &plan.fingerprint,
            undoes: None,
        };
        Journal::begin(task, lock, head)
    });
    let journal = match begun {
        Ok(journal) => journal,
        Err(trouble) => return end(task, &prepared, plan, vec![trouble], None),
    };
    let mut run = Run::new(task, prepared, answers.clone(), journal).aiming(Aim::Nothing);
    let performed = perform(&mut run, &mut plan.steps).await;
    let mut troubles: Vec<Trouble> = performed.err().into_iter().collect();
    if troubles.is_empty() {
        troubles.extend(run.phone_applies(&mut plan.steps).await.err());
    }
    match task.stop.check() {
        Ok(()) => match remove::look(task, &mut run.prepared).await {
            Ok(()) => {
                let fresh = std::mem::take(&mut run.prepared.plan);
                settle(&mut plan, fresh, task, &answers.allow, |step| !step.is_consequence());
            }
            Err(trouble) => troubles.push(trouble),
        },
        Err(asked) if troubles.is_empty() => troubles.push(asked),
        Err(_) => {}
    }
    run.close(task, plan, troubles)
}

/// The table of contents.
async fn perform(run: &mut Run<'_>, steps: &mut [Step]) -> Result<(), Trouble> {
    run.phones(pending(steps, per_device).collect()).await?;
    for step in pending(steps, |step| step.kind == Kind::PhoneService) {
        run.remove_service(step).await?;
    }
    for step in pending(steps, |step| step.kind == Kind::ApplicationUser) {
        run.remove_user(step).await?;
    }
    Ok(())
}

impl Run<'_> {
    async fn remove_service(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.task.stop.check()?;
        self.applying(0, 1, step.object.to_string());
        let name = step.object.name.clone();
        let found = self.writer.reader().phone_service(&name).await;
        let Some(found) = found.map_err(|error| self.at_publisher(&error))? else {
            step.state = StepState::Done;
            return Ok(());
        };
        if let Some(why) = self.subscribers(&name).await? {
            step.state = StepState::Refused(why);
            return Ok(());
        }
        let entry = Entry::new(&step.object, phone_service::deleted(&found));
        let number = self.journal.intend_one("removeIpPhoneServices", entry)?;
        self.writes += 1;
        let removed = self.writer.remove_phone_service(&name).await;
        self.journal.ended_with(number, &removed, AxlError::outcome_unknown)?;
        self.removed(step, removed)
    }

    async fn remove_user(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.task.stop.check()?;
        self.applying(0, 1, step.object.to_string());
        let id = step.object.name.clone();
        let found = self.writer.reader().application_user(&id).await;
        let Some(user) = found.map_err(|error| self.at_publisher(&error))? else {
            step.state = StepState::Done;
            return Ok(());
        };
        let inputs = inputs(self.task, &self.prepared.desired, &self.prepared.observation);
        let whole = step.call == Call::Axl(AxlCall::RemoveApplicationUser);
        if whole && let Some(first) = foreign(inputs, &user).first() {
            step.state = StepState::Refused(format!(
                "it controls {first} now, which the playbook does not declare"
            ));
            return Ok(());
        }
        let (devices, profiles) = without_own(inputs, &user);
        let edit = Edit { devices, profiles, ..Edit::default() };
        let fields = if whole {
            application_user::deleted(&user)
        } else {
            self.lists_are_whole(&user, &edit).await?;
            application_user::touched(&id, Some(&user), &edit)
        };
        let call = if whole { "removeAppUser" } else { "updateAppUser" };
        let number = self.journal.intend_one(call, Entry::new(&step.object, fields))?;
        self.writes += 1;
        let Edit { devices, profiles, .. } = edit;
        let update =
            ApplicationUserUpdate { devices, profiles, ..ApplicationUserUpdate::default() };
        let removed = if whole {
            self.writer.remove_application_user(&id).await
        } else {
            self.writer.update_application_user(&id, &update).await
        };
        self.journal.ended_with(number, &removed, AxlError::outcome_unknown)?;
        self.removed(step, removed)
    }

    fn removed(&mut self, step: &mut Step, removed: Result<(), AxlError>) -> Result<(), Trouble> {
        match removed {
            Ok(()) => {
                step.state = StepState::Done;
                Ok(())
            }
            Err(error) => self.broken(step, &error),
        }
    }
}
