//! Writes the application user: read, unite, write the complete lists, read back.

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::{ApplicationUser, ApplicationUserUpdate, AxlError};
use crate::engine::journal::now;
use crate::engine::observe::{at_publisher, inputs};
use crate::journal::{Entry, application_user as images};
use crate::lint::{check, password_rules};
use crate::outcome::Outcome;
use crate::plan::{Severity, Step, StepState};
use crate::planner::build::wanted_user;
use crate::playbook::SecretRef;
use crate::resources::application_user::{self, Edit};
use crate::trouble::Trouble;

use super::run::{Ended, Run};

/// A lost answer is read back and repeated at most this often.
const TRIES: usize = 3;

impl Run<'_> {
    /// Performs the step.
    pub(super) async fn application_user(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.applying(0, 1, step.object.to_string());
        let id = self.task.deployment.application_user.id.clone();
        for _ in 0..TRIES {
            self.task.stop.check()?;
            // There is no version check on these lists: the read stands right before the write.
            let found = self.writer.reader().application_user(&id).await;
            let found = found.map_err(|error| at_publisher(self.task, &error))?;
            let wanted = wanted_user(
                inputs(self.task, &self.prepared.desired, &self.prepared.observation),
                true,
            );
            let (_, edit) = application_user::compare(&wanted, found.as_ref());
            if edit.is_empty() || (step.state == StepState::Done && only_password(&edit)) {
                step.state = StepState::Done;
                return Ok(());
            }
            if let Some(user) = &found {
                self.lists_are_whole(user, &edit).await?;
            }
            let password = self.password(&edit)?;
            let new =
                edit.create.then(|| application_user::creation(&wanted, secret(password.as_ref())));
            let call = if edit.create { "addAppUser" } else { "updateAppUser" };
            let fields = images::touched(&id, found.as_ref(), &images::whole(&wanted, &edit));
            let number = self.journal.intend_one(call, Entry::new(&step.object, fields))?;
            self.writes += 1;
            let written = match new {
                Some(new) => self.writer.add_application_user(&new).await,
                None => {
                    self.writer.update_application_user(&id, &update(edit, password.clone())).await
                }
            };
            self.settle_user(step, number, written, password)?;
            if !matches!(step.state, StepState::Done | StepState::Unknown(_)) {
                return self.failed();
            }
        }
        Ok(())
    }

    /// A list that is written replaces what is there. An answer that left something out must not be written back:
    /// the database's own list is the witness, where the account may read it.
    pub(super) async fn lists_are_whole(
        &self,
        user: &ApplicationUser,
        edit: &Edit,
    ) -> Result<(), Trouble> {
        if edit.devices.is_none() {
            return Ok(());
        }
        let Ok(stored) = self.writer.reader().controlled_devices(&user.id).await else {
            return Ok(());
        };
        let Some(left_out) = stored.iter().find(|device| !user.devices.contains(device)) else {
            return Ok(());
        };
        Err(Trouble::new(
            "list-incomplete",
            Outcome::Failed,
            format!("AXL does not list every controlled device of {}", user.id),
        )
        .at(left_out.clone())
        .because("the database has the device, and writing AXL's list back would take it away")
        .then("run again; if it stays, look at the application user in the console"))
    }

    fn password(&self, edit: &Edit) -> Result<Option<SecretString>, Trouble> {
        if !edit.create && !edit.password {
            return Ok(None);
        }
        let declared = &self.task.deployment.application_user.password;
        let password = self.task.secrets.resolve(declared)?;
        usable(declared, &password)?;
        Ok(Some(password))
    }

    fn settle_user(
        &mut self,
        step: &mut Step,
        number: u64,
        written: Result<(), AxlError>,
        password: Option<SecretString>,
    ) -> Result<(), Trouble> {
        let ended = written.err().map(|error| self.sort(&error)).transpose()?;
        step.state = match ended {
            None => StepState::Done,
            Some(Ended::Unknown(trouble)) => StepState::Unknown(trouble),
            Some(Ended::Deferred(why)) => StepState::Deferred(why),
            Some(Ended::Failed(trouble)) => StepState::Failed(trouble),
        };
        self.journal.ended_in(number, &step.state)?;
        if let (StepState::Done, Some(password)) = (&step.state, password) {
            let id = &step.object.name;
            let subject = format!("password of application user {id}");
            self.memory.note(&subject, &password, &now())?;
            self.prepared.password.forget();
            self.task.refusals.forget(&self.task.deployment.cucm.publisher, id);
        }
        Ok(())
    }
}

/// A written password cannot be read back, so it never shows that it is there.
fn only_password(edit: &Edit) -> bool {
    Edit { password: false, ..edit.clone() }.is_empty()
}

fn secret(password: Option<&SecretString>) -> SecretString {
    password.cloned().unwrap_or_default()
}

fn update(edit: Edit, password: Option<SecretString>) -> ApplicationUserUpdate {
    ApplicationUserUpdate {
        password,
        devices: edit.devices,
        groups: edit.groups,
        profiles: edit.profiles,
    }
}

/// The password rules again, now that the secret is known: before anything is sent.
pub(super) fn usable(declared: &SecretRef, password: &SecretString) -> Result<(), Trouble> {
    let broken = password_rules(password.expose_secret()).into_iter().filter_map(check);
    let Some(broken) = broken.into_iter().find(|check| check.severity == Severity::Error) else {
        return Ok(());
    };
    Err(Trouble::new(broken.id, Outcome::Usage, "the application user's password cannot be used")
        .at(declared.at.to_string())
        .because(broken.why)
        .then(broken.fix))
}
