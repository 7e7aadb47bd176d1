//! Writes phone settings at the wider scopes: a common phone profile, the enterprise phone configuration. Read,
//! merge, write the whole, read back.

use crate::clients::axl::AxlError;
use crate::engine::operator::OperatorTask;
use crate::journal::{Entry, settings as images};
use crate::plan::{Object, ObjectKind, Step, StepState};
use crate::planner::running::Told;
use crate::playbook::ApplyWhen;
use crate::resources::phone_settings::{self, Difference, Values, Wanted};
use crate::trouble::Trouble;

use super::run::{Ended, Run};
use super::told_phones::shows;
use super::witness::restless;

/// A lost answer is read back and repeated at most this often.
const TRIES: usize = 3;

impl Run<'_> {
    /// Performs the step.
    pub(super) async fn wider_settings(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.applying(0, 1, step.object.to_string());
        for _ in 0..TRIES {
            self.task.stop.check()?;
            let config = match self.configuration(&step.object).await {
                Ok(config) => config,
                Err(error) => return self.broken(step, &error),
            };
            let difference = self.difference(&step.object, &Values::of(&config));
            if difference.edit.is_empty() {
                self.learn(&step.object, &config);
                step.state = StepState::Done;
                return Ok(());
            }
            let Some(merged) = phone_settings::merged(&config, &difference.edit) else {
                let why = format!("vendorConfig of {} is not well-formed", step.object);
                return self.broken(step, &AxlError::Refused { why });
            };
            self.owe_apply(&step.object, shows(&difference.edit, &Values::of(&config)))?;
            let entry = Entry::new(&step.object, images::touched(&config, &difference.edit));
            let number = self.journal.intend_one("vendorConfig", entry)?;
            self.writes += 1;
            let written = if step.object.kind == ObjectKind::CommonPhoneProfile {
                self.writer.update_profile_configuration(&step.object.name, &merged).await
            } else {
                self.writer.update_enterprise_configuration(&merged).await
            };
            self.journal.ended_with(number, &written, AxlError::outcome_unknown)?;
            if let Err(error) = written {
                // A lost answer is read back by the next round.
                if !error.outcome_unknown() {
                    return self.broken(step, &error);
                }
            }
        }
        step.state = StepState::Failed(restless(&step.object.name));
        self.failed()
    }

    /// Lets a person choose *HTTPS Only* on one phone, from which its number is read.
    pub(super) async fn https_only(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let device = step.object.name.clone();
        self.by_operator(step, &[OperatorTask::HttpsOnly { device }]).await
    }

    async fn configuration(&self, object: &Object) -> Result<String, AxlError> {
        if object.kind != ObjectKind::CommonPhoneProfile {
            return self.writer.reader().enterprise_configuration().await;
        }
        let found = self.writer.reader().profile_configuration(&object.name).await?;
        found.ok_or_else(|| AxlError::Refused { why: format!("{object} is not there any more") })
    }

    fn difference(&self, object: &Object, own: &Values) -> Difference {
        let observation = &self.prepared.observation;
        let (Some(settings), Some(seen)) =
            (&self.task.deployment.phone_settings, &observation.settings)
        else {
            return Difference::default();
        };
        let wanted = Wanted { settings, https_only: seen.https_only() };
        if object.kind == ObjectKind::CommonPhoneProfile {
            phone_settings::profile(wanted, &object.name, own, &seen.enterprise)
        } else {
            phone_settings::enterprise(wanted, own)
        }
    }

    /// What phones below are compared with from now on.
    fn learn(&mut self, object: &Object, config: &str) {
        let Some(seen) = &mut self.prepared.observation.settings else { return };
        if object.kind == ObjectKind::CommonPhoneProfile {
            seen.profiles.insert(object.name.clone(), Values::of(config));
        } else {
            seen.enterprise = Values::of(config);
        }
    }

    fn owe_apply(&mut self, object: &Object, shows: Told) -> Result<(), Trouble> {
        let applies = self.task.deployment.phone_apply.as_ref();
        let owes = object.kind == ObjectKind::CommonPhoneProfile
            && applies.is_some_and(|apply| apply.when != ApplyWhen::Never);
        if owes { self.memory.owe_applies(&[(object.clone(), shows)]) } else { Ok(()) }
    }

    /// Notes an error in a step; what concerns the whole run ends it.
    pub(super) fn broken(&mut self, step: &mut Step, error: &AxlError) -> Result<(), Trouble> {
        step.state = match self.sort(error)? {
            Ended::Unknown(trouble) => StepState::Unknown(trouble),
            Ended::Deferred(why) => StepState::Deferred(why),
            Ended::Failed(trouble) => StepState::Failed(trouble),
        };
        if matches!(step.state, StepState::Failed(_)) { self.failed() } else { Ok(()) }
    }
}
