//! Takes a run back: the newest of its changes first, each object read again right before it is written, and left alone
//! where somebody has changed it since.

use crate::clients::axl::{ApplicationUserUpdate, AxlError, NewApplicationUser};
use crate::engine::journal::{Head, Journal, Lock};
use crate::engine::judge::Finished;
use crate::engine::undo::{TakenBack, present};
use crate::engine::{Answers, Prepared, Task};
use crate::journal::past::Reversal;
use crate::journal::{Entry, Field, Key, Past, application_user, self_care};
use crate::plan::{AxlCall, Call, Kind, Object, ObjectKind, Plan, Step, StepState};
use crate::planner::undo::{Present, device, members, moved, reversal};
use crate::resources::application_user::{Edit, PRESENCE_GROUP};
use crate::resources::writer_rule::ListWrites;
use crate::trouble::Trouble;

use super::phones::per_device;
use super::run::{Aim, Run};
use super::send::with_elements;
use super::{end, pending, permissions, settle};

/// Performs a prepared undo and reads again.
pub async fn undo(
    task: &Task<'_>,
    mut prepared: Prepared,
    back: TakenBack,
    answers: &Answers,
) -> Finished {
    let mut plan = std::mem::take(&mut prepared.plan);
    if plan.steps.is_empty() {
        return end(task, &prepared, plan, Vec::new(), None);
    }
    permissions(task, &mut plan.steps, &answers.allow);
    let begun = Lock::held(&mut prepared.lock, task.state).and_then(|lock| {
        let head =
            Head { command: "undo", fingerprint: &plan.fingerprint, undoes: Some(&back.run) };
        Journal::begin(task, lock, head)
    });
    let journal = match begun {
        Ok(journal) => journal,
        Err(trouble) => return end(task, &prepared, plan, vec![trouble], None),
    };
    let mut run = Run::new(task, prepared, answers.clone(), journal).aiming(Aim::Before(back));
    let mut troubles: Vec<Trouble> =
        perform(&mut run, &mut plan.steps).await.err().into_iter().collect();
    if troubles.is_empty() {
        troubles.extend(run.phone_applies(&mut plan.steps).await.err());
    }
    match task.stop.check() {
        Ok(()) => match again(&run).await {
            Ok(fresh) => settle(&mut plan, fresh, task, &answers.allow, uncovered),
            Err(trouble) => troubles.push(trouble),
        },
        Err(asked) if troubles.is_empty() => troubles.push(asked),
        Err(_) => {}
    }
    run.close(task, plan, troubles)
}

/// The table of contents of an undo: a run's, backwards.
async fn perform(run: &mut Run<'_>, steps: &mut [Step]) -> Result<(), Trouble> {
    // What is to be subscribed to, and who controls it, comes before the phones.
    for step in pending(steps, comes_back) {
        run.take_back(step).await?;
    }
    run.know_services().await?;
    for step in pending(steps, |step| step.kind == Kind::SelfCare) {
        run.take_back(step).await?;
    }
    run.phones(pending(steps, per_device).collect()).await?;
    for step in pending(steps, |step| step.kind == Kind::PhoneSettings && !per_device(step)) {
        run.take_back(step).await?;
    }
    for step in pending(steps, |step| step.kind == Kind::PhoneService) {
        run.take_back(step).await?;
    }
    let users = [Kind::RmcmUser, Kind::ApplicationUser];
    for step in pending(steps, |step| users.contains(&step.kind)) {
        run.take_back(step).await?;
    }
    Ok(())
}

/// What a second look adds: nothing that follows, and nothing for a person that the first did not name.
fn uncovered(step: &Step) -> bool {
    !step.is_consequence() && matches!(step.call, Call::Axl(_))
}

fn comes_back(step: &Step) -> bool {
    matches!(step.call, Call::Axl(AxlCall::AddPhoneService | AxlCall::AddApplicationUser))
}

async fn again(run: &Run<'_>) -> Result<Plan, Trouble> {
    let Some(back) = run.aim.before() else { return Ok(Plan::default()) };
    let present = present(run.task, run.writer.reader(), &back.past).await?;
    Ok(back.plan(run.task, &present, run.prepared.observation.list_writes))
}

impl Run<'_> {
    /// The services as they are now: their parameters' keys are named by statements.
    async fn know_services(&mut self) -> Result<(), Trouble> {
        let Some(back) = self.aim.before() else { return Ok(()) };
        let mut services = std::collections::BTreeMap::new();
        for name in back.past.services() {
            let found = self.writer.reader().phone_service(name).await;
            let found = found.map_err(|error| self.at_publisher(&error))?;
            services.extend(found.map(|service| (name.to_owned(), service)));
        }
        self.prepared.observation.services.services = services;
        Ok(())
    }

    /// Puts one object back that is no device.
    async fn take_back(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.task.stop.check()?;
        self.applying(0, 1, step.object.to_string());
        let Some((present, reversal)) = self.look_back(&step.object).await? else {
            step.state = StepState::Done;
            return Ok(());
        };
        if !reversal.moved.is_empty() {
            step.state = StepState::Refused(moved(&reversal));
            return Ok(());
        }
        if reversal.put_back.is_empty() {
            step.state = StepState::Done;
            return Ok(());
        }
        if let Some(why) = self.in_the_way(step, &present, &reversal).await? {
            step.state = StepState::Refused(why);
            return Ok(());
        }
        let number = self.journal.intend_one("undo", entry(&step.object, &reversal))?;
        let written = self.write_back(step, &present, &reversal).await;
        self.journal.ended_with(number, &written, AxlError::outcome_unknown)?;
        match written {
            Ok(()) => {
                step.state = StepState::Done;
                Ok(())
            }
            Err(error) => self.broken(step, &error),
        }
    }

    /// What of one object is to be put back, read afresh.
    async fn look_back(&self, object: &Object) -> Result<Option<(Present, Reversal)>, Trouble> {
        let Some(back) = self.aim.before() else { return Ok(None) };
        let Some(touched) = back.past.touched(object) else { return Ok(None) };
        let one = Past { objects: vec![(object.clone(), touched.clone())], others: Vec::new() };
        let present = present(self.task, self.writer.reader(), &one).await?;
        let digest = |secret: &secrecy::SecretString| back.digest(secret);
        let undoing = back.undoing(self.task, &present, ListWrites::default(), &digest);
        let reversal = reversal(undoing, object, touched);
        Ok(Some((present, reversal)))
    }

    /// What others would lose.
    async fn in_the_way(
        &self,
        step: &Step,
        present: &Present,
        reversal: &Reversal,
    ) -> Result<Option<String>, Trouble> {
        if step.call == Call::Axl(AxlCall::RemovePhoneService) {
            return self.subscribers(&step.object.name).await;
        }
        let updates = step.call == Call::Axl(AxlCall::UpdatePhoneService);
        let found = updates.then(|| self.parameters_in_the_way(&step.object, present, reversal));
        Ok(found.flatten())
    }

    /// Deleting a service takes every subscription to it along.
    pub(super) async fn subscribers(&self, service: &str) -> Result<Option<String>, Trouble> {
        let names = [service.to_owned()];
        let page = self.writer.reader().some_subscriptions(&names).await;
        let page = page.map_err(|error| self.at_publisher(&error))?;
        let more = if page.next.is_some() { " and more" } else { "" };
        let mut devices: Vec<&str> = page.rows.iter().map(|row| row.device.as_str()).collect();
        devices.sort_unstable();
        devices.dedup();
        let some = devices.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        Ok(devices.first().map(|_| {
            format!(
                "{} devices{more} are subscribed to it, which would lose it: {some}",
                devices.len()
            )
        }))
    }

    async fn write_back(
        &mut self,
        step: &Step,
        present: &Present,
        reversal: &Reversal,
    ) -> Result<(), AxlError> {
        let name = &step.object.name;
        match &step.call {
            Call::Axl(AxlCall::RemoveApplicationUser) => {
                self.writes += 1;
                self.writer.remove_application_user(name).await
            }
            Call::Axl(AxlCall::AddApplicationUser) => self.user_again(name, reversal).await,
            Call::Axl(AxlCall::AddPhoneService) => self.service_again(reversal).await,
            Call::Axl(AxlCall::UpdateApplicationUser) => {
                self.lists_back(name, present, reversal).await
            }
            Call::Axl(AxlCall::RemovePhoneService) => {
                self.writes += 1;
                self.writer.remove_phone_service(name).await
            }
            Call::Axl(AxlCall::UpdatePhoneService) => {
                self.service_back(&step.object, present, reversal).await
            }
            Call::Axl(AxlCall::RemoveMembers) => {
                self.writes += 1;
                self.writer.remove_members(name, &members(reversal)).await
            }
            Call::Axl(AxlCall::UpdateEnterpriseParameter) => {
                let was =
                    reversal.put_back.iter().find(|(key, ..)| *key == Key::own(self_care::VALUE));
                let value = was.and_then(|(_, _, was)| was.text()).unwrap_or_default();
                self.writes += 1;
                self.writer.update_enterprise_parameter(name, value).await
            }
            Call::Axl(_) | Call::Finesse(_) | Call::Platform(_) | Call::Operator(_) => {
                self.elements_back(&step.object, present, reversal).await
            }
        }
    }

    /// The user as it was, with the playbook's password.
    async fn user_again(&mut self, id: &str, reversal: &Reversal) -> Result<(), AxlError> {
        let declared = &self.task.deployment.application_user;
        let password = match self.task.secrets.resolve(&declared.password) {
            Ok(password) if declared.id == id => password,
            Ok(_) => {
                return Err(AxlError::Refused { why: format!("nobody knows a password for {id}") });
            }
            Err(trouble) => return Err(AxlError::Refused { why: trouble.why }),
        };
        let list = |field: &str| {
            let was = reversal.put_back.iter().find(|(key, ..)| *key == Key::own(field));
            was.map(|(_, _, was)| was.list()).unwrap_or_default()
        };
        let group =
            reversal.put_back.iter().find(|(key, ..)| *key == Key::own(application_user::PRESENCE));
        let group = group.and_then(|(_, _, was)| was.text()).unwrap_or(PRESENCE_GROUP);
        let new = NewApplicationUser {
            id: id.to_owned(),
            password,
            presence_group: group.to_owned(),
            devices: list(application_user::DEVICES),
            groups: list(application_user::GROUPS),
            profiles: list(application_user::PROFILES),
        };
        self.writes += 1;
        self.writer.add_application_user(&new).await
    }

    async fn lists_back(
        &mut self,
        id: &str,
        present: &Present,
        reversal: &Reversal,
    ) -> Result<(), AxlError> {
        let list = |field: &str| {
            let was = reversal.put_back.iter().find(|(key, ..)| *key == Key::own(field));
            was.map(|(_, _, was)| was.list())
        };
        let edit = Edit {
            devices: list(application_user::DEVICES),
            groups: list(application_user::GROUPS),
            profiles: list(application_user::PROFILES),
            ..Edit::default()
        };
        if let Some(user) = present.users.get(id)
            && let Err(trouble) = self.lists_are_whole(user, &edit).await
        {
            return Err(AxlError::Refused { why: trouble.what });
        }
        let Edit { devices, groups, profiles, .. } = edit;
        let update = ApplicationUserUpdate { password: None, devices, groups, profiles };
        self.writes += 1;
        self.writer.update_application_user(id, &update).await
    }

    async fn elements_back(
        &mut self,
        object: &Object,
        present: &Present,
        reversal: &Reversal,
    ) -> Result<(), AxlError> {
        let profile = object.kind == ObjectKind::CommonPhoneProfile;
        let config =
            if profile { present.profiles.get(&object.name) } else { Some(&present.enterprise) };
        let config = config.and_then(|config| with_elements(config, &device::elements(reversal)));
        let Some(config) = config else {
            let why = format!("vendorConfig of {object} is not well-formed");
            return Err(AxlError::Refused { why });
        };
        self.writes += 1;
        if profile {
            self.writer.update_profile_configuration(&object.name, &config).await
        } else {
            self.writer.update_enterprise_configuration(&config).await
        }
    }
}

/// What is put back, for the journal of the undo.
pub(super) fn entry(object: &Object, reversal: &Reversal) -> Entry {
    let fields = reversal.put_back.iter().map(|(key, now, was)| Field {
        key: key.clone(),
        before: now.image(),
        after: was.image(),
    });
    Entry::new(object, fields)
}
