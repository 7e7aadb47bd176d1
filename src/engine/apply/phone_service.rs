//! Writes a phone service's definition, and repairs its parameters without losing a subscriber's value.

use crate::clients::axl::{AxlError, PhoneServiceUpdate, Pkid, ServiceParameter, Statement};
use crate::engine::observe::{at_publisher, services};
use crate::engine::operator::OperatorTask;
use crate::journal::{Entry, phone_service as images};
use crate::plan::{Call, Step, StepState};
use crate::planner::build::SqlMode;
use crate::playbook::{Parameter, ascii_name};
use crate::resources::DesiredService;
use crate::resources::phone_service::{self, Edit};
use crate::resources::service_parameter::{ParameterEdit, corrected, definition, superseded};
use crate::trouble::Trouble;

use super::run::{Ended, Run};

/// A lost answer is read back and repeated at most this often.
const TRIES: usize = 3;

impl Run<'_> {
    /// Performs the step.
    pub(super) async fn phone_service(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.applying(0, 1, step.object.to_string());
        let named = |service: &&DesiredService| service.name == step.object.name;
        let Some(wanted) = self.prepared.desired.services.iter().find(named).cloned() else {
            return Ok(());
        };
        for _ in 0..TRIES {
            self.task.stop.check()?;
            let candidates =
                services(self.task, self.writer.reader(), &self.prepared.desired).await?;
            let (_, mut edit) = phone_service::compare(&wanted, &candidates);
            if let Call::Operator(_) = step.call {
                let tasks = by_hand(&wanted, &edit);
                return self.by_operator(step, &tasks).await;
            }
            if self.task.sql == SqlMode::Never {
                edit.parameters.retain(|repair| !repair.needs_sql());
            }
            if edit.is_empty() {
                step.state = StepState::Done;
                return Ok(());
            }
            let found = phone_service::existing(&wanted, &candidates);
            let entries = images::entries(&wanted, found, &edit);
            let numbers = self.journal.intend("phone service", &entries)?;
            let written = self.write_service(&wanted, &edit).await;
            let ended = written.err().map(|error| self.sort(&error)).transpose()?;
            step.state = match ended {
                None => StepState::Done,
                Some(Ended::Unknown(trouble)) => StepState::Unknown(trouble),
                Some(Ended::Deferred(why)) => StepState::Deferred(why),
                Some(Ended::Failed(trouble)) => StepState::Failed(trouble),
            };
            let ended = crate::engine::journal::word(&step.state);
            let ended: Vec<_> = numbers.iter().map(|number| (*number, ended)).collect();
            self.journal.ended(&ended)?;
            if !matches!(step.state, StepState::Done | StepState::Unknown(_)) {
                return self.failed();
            }
        }
        Ok(())
    }

    /// Switches a replaced service off; it stays, with the subscribers outside the roster.
    pub(super) async fn disable_replaced(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let name = step.object.name.clone();
        let found = self.writer.reader().phone_service(&name).await;
        let found = found.map_err(|error| at_publisher(self.task, &error))?;
        if let Some(service) = found.filter(|service| service.enabled) {
            let update =
                PhoneServiceUpdate { enabled: Some(false), ..PhoneServiceUpdate::default() };
            let entry = Entry::new(&step.object, images::updated(&service, &update));
            let number = self.journal.intend_one("updateIpPhoneServices", entry)?;
            self.writes += 1;
            let written = self.writer.update_phone_service(&name, &update).await;
            self.journal.ended_with(number, &written, AxlError::outcome_unknown)?;
            if let Err(error) = written {
                step.state = match self.sort(&error)? {
                    Ended::Deferred(why) => StepState::Deferred(why),
                    Ended::Unknown(trouble) => StepState::Unknown(trouble),
                    Ended::Failed(trouble) => StepState::Failed(trouble),
                };
                return self.failed();
            }
        }
        step.state = StepState::Done;
        Ok(())
    }

    async fn write_service(
        &mut self,
        wanted: &DesiredService,
        edit: &Edit,
    ) -> Result<(), AxlError> {
        if let Some(old) = &edit.replace {
            let aside = PhoneServiceUpdate {
                new_name: Some(old.clone()),
                ascii_name: Some(ascii_name(old)),
                ..PhoneServiceUpdate::default()
            };
            self.writes += 1;
            self.writer.update_phone_service(&edit.existing, &aside).await?;
        }
        if edit.create || edit.replace.is_some() {
            self.writes += 1;
            return self.writer.add_phone_service(&phone_service::creation(wanted)).await;
        }
        let mut update = edit.update.clone();
        for repair in &edit.parameters {
            match repair {
                ParameterEdit::Add(parameter, required) => {
                    update.add_parameters.push(definition(*parameter, *required));
                }
                ParameterEdit::Exchange { old, new, required } => {
                    update.remove_parameters.push(old.clone());
                    update.add_parameters.push(corrected(old, *new, *required));
                }
                ParameterEdit::Rename { .. } | ParameterEdit::Succeed { .. } => {}
            }
        }
        if edit.updates || !update.add_parameters.is_empty() {
            self.writes += 1;
            self.writer.update_phone_service(&edit.existing, &update).await?;
        }
        for repair in &edit.parameters {
            match repair {
                ParameterEdit::Rename { old, new, .. } => {
                    self.rename(&old.pkid, new.name()).await?;
                }
                ParameterEdit::Succeed { old, new, required } => {
                    let right = corrected(old, *new, *required);
                    self.succeed(&wanted.name, old, *new, right).await?;
                }
                ParameterEdit::Add(..) | ParameterEdit::Exchange { .. } => {}
            }
        }
        Ok(())
    }

    pub(super) async fn rename(&mut self, pkid: &Pkid, name: &str) -> Result<(), AxlError> {
        self.writes += 1;
        self.writer.execute(&Statement::rename_parameter(pkid, name)?).await.map(drop)
    }

    /// Four writes, each of which leaves every value where the next run finds it: put the wrong parameter
    /// aside, define the right one, move the values, remove the empty one.
    pub(super) async fn succeed(
        &mut self,
        service: &str,
        old: &ServiceParameter,
        slot: Parameter,
        right: ServiceParameter,
    ) -> Result<(), AxlError> {
        let aside = superseded(slot);
        if old.name != aside {
            self.rename(&old.pkid, &aside).await?;
        }
        let name = right.name.clone();
        let mut successor = self.parameter(service, &name).await?;
        if successor.is_none() {
            let add_parameters = vec![right];
            let update = PhoneServiceUpdate { add_parameters, ..PhoneServiceUpdate::default() };
            self.writes += 1;
            self.writer.update_phone_service(service, &update).await?;
            successor = self.parameter(service, &name).await?;
        }
        let Some(successor) = successor else {
            return Err(AxlError::Refused { why: format!("parameter {name} was not created") });
        };
        self.writes += 2;
        self.writer.execute(&Statement::move_values(&old.pkid, &successor.pkid)?).await?;
        let remove_parameters = vec![ServiceParameter { name: aside, ..old.clone() }];
        let update = PhoneServiceUpdate { remove_parameters, ..PhoneServiceUpdate::default() };
        self.writer.update_phone_service(service, &update).await
    }

    async fn parameter(
        &self,
        service: &str,
        name: &str,
    ) -> Result<Option<ServiceParameter>, AxlError> {
        let service = self.writer.reader().phone_service(service).await?;
        Ok(service.and_then(|service| service.parameters.into_iter().find(|p| p.name == name)))
    }
}

fn by_hand(wanted: &DesiredService, edit: &Edit) -> Vec<OperatorTask> {
    let tasks = edit.parameters.iter().filter_map(|repair| match repair {
        ParameterEdit::Rename { old, new, required }
        | ParameterEdit::Succeed { old, new, required } => Some(OperatorTask::Parameter {
            service: wanted.name.clone(),
            name: old.name.clone(),
            parameter: *new,
            required: *required,
        }),
        ParameterEdit::Add(..) | ParameterEdit::Exchange { .. } => None,
    });
    tasks.collect()
}
