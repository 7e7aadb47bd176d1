//! Writes what agents need for the Self Care Portal, and the devices of UCCX's RMCM user.

use crate::clients::axl::{ApplicationUserUpdate, AxlError};
use crate::engine::observe::{inputs, self_care};
use crate::engine::operator::OperatorTask;
use crate::journal::application_user as images;
use crate::journal::self_care::{MEMBER, VALUE};
use crate::journal::{Entry, Field, Image, Key};
use crate::plan::{AxlCall, Call, Object, ObjectKind, Step, StepState};
use crate::planner::rmcm;
use crate::planner::self_care::{DEFAULT_SERVER, missing};
use crate::playbook::Manage;
use crate::resources::application_user::associate;
use crate::resources::self_care::{GROUP, stored};
use crate::trouble::Trouble;

use super::run::Run;
use super::witness::restless;

/// Members added by one request.
const MEMBERS: usize = 100;
/// A lost answer is read back and repeated at most this often.
const TRIES: usize = 3;

impl Run<'_> {
    /// Performs the step.
    pub(super) async fn self_care(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.applying(0, 1, step.object.to_string());
        match &step.call {
            Call::Operator(_) => {
                let server = self.default_server();
                self.by_operator(step, &[OperatorTask::DefaultServer { server: server.clone() }])
                    .await?;
                self.attest(step, DEFAULT_SERVER, &server)
            }
            Call::Axl(AxlCall::UpdateEnterpriseParameter) => self.enterprise_parameter(step).await,
            Call::Axl(_) | Call::Finesse(_) | Call::Platform(_) => self.members(step).await,
        }
    }

    fn default_server(&self) -> String {
        let declared = self.task.deployment.self_care.as_ref();
        declared.and_then(|care| care.default_server.clone()).unwrap_or_default()
    }

    async fn enterprise_parameter(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let name = step.object.name.clone();
        let seen = self_care(self.task, self.writer.reader()).await?;
        let present = seen.parameters.iter().find(|one| one.name == name);
        let present = present.map_or("", |one| one.value.as_str());
        let Some(value) = stored(present, &self.default_server(), &seen.servers) else {
            step.state = StepState::Failed(restless(&step.object.name));
            return self.failed();
        };
        let field = Field {
            key: Key::own(VALUE),
            before: Image::Text(present.to_owned()),
            after: Image::Text(value.clone()),
        };
        let entry = Entry::new(&step.object, [field]);
        let number = self.journal.intend_one("updateServiceParameter", entry)?;
        self.writes += 1;
        let written = self.writer.update_enterprise_parameter(&name, &value).await;
        self.journal.ended_with(number, &written, AxlError::outcome_unknown)?;
        match written {
            Ok(()) => {
                step.state = StepState::Done;
                Ok(())
            }
            Err(error) => self.broken(step, &error),
        }
    }

    async fn members(&mut self, step: &mut Step) -> Result<(), Trouble> {
        for _ in 0..TRIES {
            self.task.stop.check()?;
            let seen = self_care(self.task, self.writer.reader()).await?;
            let inputs = inputs(self.task, &self.prepared.desired, &self.prepared.observation);
            let users: Vec<String> = missing(inputs, &seen, |manage| manage != Manage::Verify)
                .map(|(user, _)| user.to_owned())
                .collect();
            if users.is_empty() {
                step.state = StepState::Done;
                return Ok(());
            }
            for some in users.chunks(MEMBERS) {
                let field = |user: &String| Field {
                    key: Key::of(user, MEMBER),
                    before: Image::Absent,
                    after: Image::Text(MEMBER.to_owned()),
                };
                let group = Object::new(ObjectKind::UserGroup, GROUP);
                let entry = Entry::new(&group, some.iter().map(field));
                let number = self.journal.intend_one("addMembers", entry)?;
                self.writes += 1;
                let written = self.writer.add_members(GROUP, some).await;
                self.journal.ended_with(number, &written, AxlError::outcome_unknown)?;
                if let Err(error) = written
                    && !error.outcome_unknown()
                {
                    return self.broken(step, &error);
                }
            }
        }
        step.state = StepState::Failed(restless(&step.object.name));
        self.failed()
    }

    /// Performs the step: read, unite, write the complete lists, read back.
    pub(super) async fn rmcm_user(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let id = step.object.name.clone();
        for _ in 0..TRIES {
            self.task.stop.check()?;
            let found = self.writer.reader().application_user(&id).await;
            let found = found.map_err(|error| self.at_publisher(&error))?;
            let inputs = inputs(self.task, &self.prepared.desired, &self.prepared.observation);
            let (_, edit) = associate(&rmcm::associations(inputs), found.as_ref());
            let Some(user) = found.filter(|_| !edit.is_empty()) else {
                step.state = StepState::Done;
                return Ok(());
            };
            self.lists_are_whole(&user, &edit).await?;
            let fields = images::touched(&id, Some(&user), &edit);
            let update = ApplicationUserUpdate {
                devices: edit.devices,
                profiles: edit.profiles,
                ..ApplicationUserUpdate::default()
            };
            let entry = Entry::new(&step.object, fields);
            let number = self.journal.intend_one("updateAppUser", entry)?;
            self.writes += 1;
            let written = self.writer.update_application_user(&id, &update).await;
            self.journal.ended_with(number, &written, AxlError::outcome_unknown)?;
            if let Err(error) = written
                && !error.outcome_unknown()
            {
                return self.broken(step, &error);
            }
        }
        step.state = StepState::Failed(restless(&id));
        self.failed()
    }
}
