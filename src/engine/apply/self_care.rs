//! Writes what agents need for the Self Care Portal, and the devices of UCCX's RMCM user.

use crate::clients::axl::ApplicationUserUpdate;
use crate::engine::observe::{inputs, self_care};
use crate::engine::operator::OperatorTask;
use crate::plan::{AxlCall, Call, Step, StepState};
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
        self.journal.intent("updateServiceParameter", &[&name])?;
        self.writes += 1;
        let written = self.writer.update_enterprise_parameter(&name, &value).await;
        let word = if written.is_ok() { "done" } else { "failed" };
        self.journal.outcomes("updateServiceParameter", &[(&name, word)])?;
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
                let names: Vec<&str> = some.iter().map(String::as_str).collect();
                self.journal.intent("addMembers", &names)?;
                self.writes += 1;
                let written = self.writer.add_members(GROUP, some).await;
                let word = if written.is_ok() { "done" } else { "failed" };
                let ended: Vec<(&str, &str)> = names.iter().map(|name| (*name, word)).collect();
                self.journal.outcomes("addMembers", &ended)?;
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
            let update = ApplicationUserUpdate {
                devices: edit.devices,
                profiles: edit.profiles,
                ..ApplicationUserUpdate::default()
            };
            self.journal.intent("updateAppUser", &[&id])?;
            self.writes += 1;
            let written = self.writer.update_application_user(&id, &update).await;
            let word = if written.is_ok() { "done" } else { "failed" };
            self.journal.outcomes("updateAppUser", &[(&id, word)])?;
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
