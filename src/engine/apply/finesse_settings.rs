//! Makes *IP Phone Agent Settings* of Finesse: by the site's own request on the primary node, or by a person.
//!
//! That the nodes have to be restarted is noted before anything is saved, so that an interruption between the two
//! cannot lose it.

use secrecy::SecretString;

use crate::clients::finesse::{FinesseError, FinesseReader, FinesseWriter, SaveMethod, Template};
use crate::engine::journal::now;
use crate::engine::observe::finesse::{at_node, password_subject, stored};
use crate::engine::operator::OperatorTask;
use crate::outcome::Outcome;
use crate::plan::{Call, Step, StepState};
use crate::playbook::{RestartWhen, SettingsMethod, SettingsMode, SettingsRequest};
use crate::resources::finesse_settings::{SETTINGS, SUBJECT, StoredUser};
use crate::trouble::Trouble;

use super::application_user::usable;
use super::run::{Run, as_planned};

/// How often a save is sent whose answer was lost and that was not taken.
const TRIES: usize = 3;

impl Run<'_> {
    /// Performs the step.
    pub(super) async fn finesse_settings(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.applying(0, 1, SUBJECT);
        let before = self.memory.owed_restarts();
        self.owe_restarts()?;
        match step.call {
            Call::Operator(_) => self.settings_by_hand(step).await?,
            Call::Finesse(_) | Call::Axl(_) | Call::Platform(_) => self.save_settings(step).await?,
        }
        if !matches!(step.state, StepState::Done | StepState::Unknown(_)) {
            // Nothing was saved, so nothing new is owed.
            for host in self.hosts().into_iter().filter(|host| !before.contains_key(host)) {
                self.memory.restarted(&host)?;
            }
        }
        Ok(())
    }

    pub(super) fn hosts(&self) -> Vec<String> {
        let finesse = &self.task.deployment.finesse;
        let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
        nodes.map(|node| node.api.host.clone()).collect()
    }

    fn owe_restarts(&mut self) -> Result<(), Trouble> {
        let hosts = self.hosts();
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        self.memory.owe_restarts(&hosts, "IP Phone Agent Settings")
    }

    async fn settings_by_hand(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let declared = &self.task.deployment.application_user;
        let user = declared.id.clone();
        let known = self.task.secrets.available(&declared.password);
        let password = known.then(|| self.task.secrets.resolve(&declared.password)).transpose()?;
        let task = OperatorTask::FinesseSettings {
            user: user.clone(),
            password: password.clone().unwrap_or_default(),
        };
        self.by_operator(step, &[task]).await?;
        if step.state != StepState::Done {
            return Ok(());
        }
        if let Some(password) = password {
            self.memory.note(&password_subject(), &password, &now())?;
        }
        self.attest(step, SETTINGS, &user)
    }

    async fn save_settings(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let deployment = self.task.deployment;
        let Some(SettingsMode::Rest(request)) =
            deployment.finesse_settings.as_ref().map(|settings| &settings.mode)
        else {
            return Ok(());
        };
        let Some(nodes) = self.prepared.nodes.clone() else { return Ok(()) };
        let declared = &deployment.application_user;
        let password = self.task.secrets.resolve(&declared.password)?;
        usable(&declared.password, &password)?;
        for _ in 0..TRIES {
            self.save_once(step, request, (&nodes.primary, &password)).await?;
            if !self.not_taken(step, request, &declared.id).await? {
                break;
            }
        }
        if step.state == StepState::Done {
            return self.memory.note(&password_subject(), &password, &now());
        }
        if matches!(step.state, StepState::Failed(_)) { self.failed() } else { Ok(()) }
    }

    async fn save_once(
        &mut self,
        step: &mut Step,
        request: &SettingsRequest,
        (primary, password): (&FinesseReader, &SecretString),
    ) -> Result<(), Trouble> {
        let writer = FinesseWriter::new(primary.clone());
        self.task.stop.check()?;
        let number = self.journal.intend_one("save settings", as_planned(step))?;
        self.writes += 1;
        let user = &self.task.deployment.application_user.id;
        let saved = save(&writer, request, user, password).await;
        step.state = match &saved {
            Ok(()) => StepState::Done,
            Err(error) => {
                let trouble = at_node(self.task, primary, error);
                if trouble.outcome == Outcome::Denied
                    || matches!(error, FinesseError::Certificate(_) | FinesseError::Handshake(_))
                {
                    step.state = StepState::Failed(trouble.clone());
                    self.journal.ended_in(number, &step.state)?;
                    return Err(trouble);
                }
                if error.outcome_unknown() {
                    StepState::Unknown(trouble)
                } else {
                    StepState::Failed(trouble)
                }
            }
        };
        self.journal.ended_in(number, &step.state)
    }

    /// A save whose answer was lost is settled by what is stored; one that was taken has to be seen. Whether it is sure
    /// that it was not taken, so that it may be sent again.
    async fn not_taken(
        &mut self,
        step: &mut Step,
        request: &SettingsRequest,
        user: &str,
    ) -> Result<bool, Trouble> {
        let (Some(read_back), Some(nodes)) = (&request.read_back, self.prepared.nodes.clone())
        else {
            return Ok(false);
        };
        if !matches!(step.state, StepState::Done | StepState::Unknown(_)) {
            return Ok(false);
        }
        if let StoredUser::Known(found) = stored(self.task, &nodes.primary, read_back).await? {
            match (&step.state, found == user) {
                (StepState::Done, false) => {
                    step.state = StepState::Failed(not_stored(&nodes.primary.endpoint().host));
                }
                // The user name alone does not tell that the password was taken along, unless it is new too.
                (StepState::Unknown(_), true) if step.changes.iter().any(is_user) => {
                    step.state = StepState::Done;
                }
                (StepState::Unknown(_), false) => return Ok(true),
                _ => {}
            }
        }
        Ok(false)
    }

    /// Whether this run leaves restarts to somebody else.
    pub(super) fn never_restarts(&self) -> bool {
        self.task.deployment.restart.finesse_tomcat == RestartWhen::Never
    }
}

fn not_stored(host: &str) -> Trouble {
    Trouble::new(
        "write-not-seen",
        Outcome::Failed,
        format!("{SUBJECT}: {host} still has another user"),
    )
    .at(host.to_owned())
    .because("the save was accepted, and reading back shows the old user name")
    .then("look at finesse_settings of the playbook (path and body), and at the console")
}

fn is_user(change: &crate::plan::Change) -> bool {
    change.field == "user name"
}

async fn save(
    writer: &FinesseWriter,
    request: &SettingsRequest,
    user: &str,
    password: &SecretString,
) -> Result<(), FinesseError> {
    let method = match request.method {
        SettingsMethod::Put => SaveMethod::Put,
        SettingsMethod::Post => SaveMethod::Post,
    };
    let body = Template::new(&request.body)?;
    writer.save_settings(method, &request.path, &body, user, password).await
}
