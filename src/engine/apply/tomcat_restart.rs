//! Restarts Cisco Finesse Tomcat: the primary, then the gate, then the secondary; each node at most once.
//!
//! Finesse Administration Guide, Manage Finesse IP Phone Agent: the secondary only after replication is complete.

use crate::clients::finesse::{FinesseError, FinesseReader};
use crate::clients::platform::{
    PlatformAccount, RestartEnd, ServiceName, ShellError, ShellReader, ShellWriter,
};
use crate::engine::Event;
use crate::engine::journal::now;
use crate::engine::observe::finesse::node_state;
use crate::outcome::Outcome;
use crate::plan::{Kind, Step, StepState};
use crate::playbook::{BetweenNodes, FinesseNode};
use crate::resources::tomcat_restart::{self, guarded};
use crate::trouble::Trouble;

use super::gate::Gate;
use super::ordered_restart;
use super::run::Run;

impl Run<'_> {
    /// Performs the steps in order. Settings that were left to a person are waited for: a restart before them would
    /// have to be repeated.
    pub(super) async fn tomcat_restarts(&mut self, steps: &mut [Step]) -> Result<(), Trouble> {
        let unsaved = steps
            .iter()
            .any(|step| step.kind == Kind::FinesseSettings && step.state != StepState::Done);
        let imported = |host: &str| {
            let open = |step: &&Step| {
                step.kind == Kind::CertificateTrust
                    && step.object.name == host
                    && !matches!(step.state, StepState::Done | StepState::Unknown(_))
            };
            !steps.iter().any(|step| open(&step))
        };
        let waiting: Vec<String> =
            self.hosts().into_iter().filter(|host| !imported(host)).collect();
        let mut open = true;
        // What held them back in an earlier round is looked at anew.
        self.guards.clear();
        for step in steps.iter_mut().filter(|step| step.kind == Kind::TomcatRestart) {
            if step.state != StepState::Planned {
                // One that is refused, and so not restarted, keeps the next from its turn.
                open &= step.state == StepState::Done;
                continue;
            }
            if unsaved {
                let why = "the settings are not saved yet, and a restart would have to be repeated";
                step.state = StepState::Deferred(why.to_owned());
                continue;
            }
            if waiting.contains(&step.object.name) {
                let why = "its certificates are not imported yet, and a restart would have to be repeated";
                step.state = StepState::Deferred(why.to_owned());
                open = false;
                continue;
            }
            if !open {
                let why = "the primary was not restarted";
                let first = "the primary back in service and replicated";
                self.guards.push(guarded("restart-order", &step.object.name, first, why));
                step.state = StepState::Deferred("the node before it was not restarted".to_owned());
                continue;
            }
            if self.is_secondary(step) && !self.after_primary(step).await? {
                continue;
            }
            self.tomcat_restart(step).await?;
            open = step.state == StepState::Done;
        }
        Ok(())
    }

    fn is_secondary(&self, step: &Step) -> bool {
        let secondary = self.task.deployment.finesse.secondary.as_ref();
        secondary.is_some_and(|node| node.api.host == step.object.name)
    }

    /// Whether the secondary's turn has come: the primary is in service and replicated, in whichever run it was
    /// restarted, and what the playbook wants between the nodes is over.
    async fn after_primary(&mut self, step: &mut Step) -> Result<bool, Trouble> {
        self.task.stop.check()?;
        let primary = &self.task.deployment.finesse.primary;
        let Some(account) = self.platform_account()? else {
            step.state = StepState::Failed(no_account(primary));
            self.failed()?;
            return Ok(false);
        };
        let mut gate = Gate::new(self, primary, &account, true)?;
        if let Err(trouble) = gate.replicated(self).await? {
            self.ended_badly(&primary.api.host, &trouble);
            step.state = StepState::Failed(trouble);
            self.failed()?;
            return Ok(false);
        }
        self.between_nodes(step).await
    }

    /// What stands between the nodes besides the gate.
    async fn between_nodes(&mut self, step: &mut Step) -> Result<bool, Trouble> {
        match self.task.deployment.restart.between_nodes {
            BetweenNodes::Minutes(minutes) => {
                self.note(format!("{minutes} minutes until {} is restarted", step.object.name));
                self.wait_minutes(minutes).await?;
                Ok(true)
            }
            BetweenNodes::Confirm => {
                let Some(operator) = self.task.operator else { return Ok(true) };
                let question = format!("The primary is back. Restart {} now?", step.object);
                let agreed = operator.agrees(&question).await?;
                if !agreed {
                    step.state = StepState::Deferred("left for later at the terminal".to_owned());
                }
                Ok(agreed)
            }
        }
    }

    async fn tomcat_restart(&mut self, step: &mut Step) -> Result<(), Trouble> {
        self.applying(0, 1, step.object.to_string());
        self.task.stop.check()?;
        let host = step.object.name.clone();
        let deployment = self.task.deployment;
        let finesse = &deployment.finesse;
        let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
        let Some(node) = nodes.into_iter().find(|node| node.api.host == host) else {
            return Ok(());
        };
        let Some(account) = self.platform_account()? else {
            step.state = StepState::Failed(no_account(node));
            return self.failed();
        };
        let was_in_service = match self.may_restart(&host).await? {
            Ok(in_service) => in_service,
            Err(Guard { check, expected, why }) => {
                self.guards.push(guarded(check, &host, expected, &why));
                step.state = StepState::Refused(why);
                return Ok(());
            }
        };
        if self.memory.restart_begun(&host) {
            if self.out_of_service.contains(&host) {
                return self.already_restarting(step, node, &account).await;
            }
            self.note(format!(
                "an earlier run was ended while it restarted {host}; whether that came about, no interface tells"
            ));
        }
        let connected = self.task.platform.connect(&node.ssh, &account).await;
        self.note_old_algorithms();
        let shell = match connected {
            Ok(shell) => shell,
            Err(error) => return self.no_shell(step, node, &account, &error),
        };
        let mut gate = Gate::new(self, node, &account, was_in_service)?;
        let number = self.journal.intend_bare("restart Cisco Finesse Tomcat", &step.object)?;
        self.note(format!("restarting Cisco Finesse Tomcat on {host}; this takes some minutes"));
        // Not where Tomcat is stopped and started by two commands: one that is down then waits for the second.
        if was_in_service && !tomcat_restart::with_notification(step) {
            self.memory.begin_restart(&host, &now())?;
        }
        self.writes += 1;
        let ended = if tomcat_restart::with_notification(step) {
            let place = (self.task.platform, &node.ssh, &account);
            ordered_restart::perform(shell, place).await
        } else {
            restart(shell).await
        };
        let ended = match failure(node, &account, &ended) {
            Some(trouble) => {
                self.memory.not_restarted(&host)?;
                Ok(Err(trouble))
            }
            None => self.watch(&mut gate, &host, named_a_state(&ended)).await,
        };
        step.state = match &ended {
            Ok(Ok(())) => StepState::Done,
            // An end that was asked for while the node comes back leaves a restart that was begun.
            Ok(Err(trouble)) | Err(trouble) => {
                self.ended_badly(&host, trouble);
                StepState::Failed(trouble.clone())
            }
        };
        self.journal.ended_in(number, &step.state)?;
        if ended?.is_ok() { Ok(()) } else { self.failed() }
    }

    /// An earlier run has told this node to restart, and it is on its way: it is waited for, and not told again.
    async fn already_restarting(
        &mut self,
        step: &mut Step,
        node: &FinesseNode,
        account: &PlatformAccount,
    ) -> Result<(), Trouble> {
        let host = &node.api.host;
        self.note(format!("{host} restarts already, as an earlier run told it to"));
        let mut gate = Gate::new(self, node, account, true)?;
        step.state = match self.watch(&mut gate, host, true).await? {
            Ok(()) => StepState::Done,
            Err(trouble) => {
                self.ended_badly(host, &trouble);
                StepState::Failed(trouble)
            }
        };
        if step.state == StepState::Done { Ok(()) } else { self.failed() }
    }

    /// A restart that ended in what a check is about is found by that check too.
    fn ended_badly(&mut self, host: &str, trouble: &Trouble) {
        let (check, expected) = match trouble.code {
            "replication-incomplete" => ("replication-incomplete", "replicated to every node"),
            "restart-not-back" => ("restart-not-back", "back in service after its restart"),
            _ => return,
        };
        self.guards.push(guarded(check, host, expected, &trouble.why));
    }

    /// Watches a node restart. Owed no more is the restart as soon as it is sure that there was one: a node that
    /// comes back late is not restarted again.
    async fn watch(
        &mut self,
        gate: &mut Gate<'_>,
        host: &str,
        sure: bool,
    ) -> Result<Result<(), Trouble>, Trouble> {
        if !sure && let Err(trouble) = gate.went_down(self).await? {
            self.memory.not_restarted(host)?;
            return Ok(Err(trouble));
        }
        self.memory.restarted(host)?;
        gate.back(self).await
    }

    fn platform_account(&self) -> Result<Option<PlatformAccount>, Trouble> {
        let Some(credential) = &self.task.deployment.credentials.finesse_platform else {
            return Ok(None);
        };
        let password = self.task.secrets.resolve(&credential.password)?;
        Ok(Some(PlatformAccount { user: credential.user.clone(), password }))
    }

    /// Looks at every node right before the restart: whether it may be, and whether this one was in service.
    async fn may_restart(&mut self, host: &str) -> Result<Result<bool, Guard>, Trouble> {
        let Some(nodes) = self.prepared.nodes.clone() else { return Ok(Ok(true)) };
        let mut was_in_service = true;
        for node in nodes.all() {
            let name = &node.endpoint().host;
            let state = node.system_info().await.map(|info| node_state(&info));
            match state {
                Ok(state) => {
                    if let Some(mode) = state.in_maintenance() {
                        let why = format!("{name} is in maintenance mode ({mode})");
                        return Ok(Err(Guard {
                            check: "maintenance-restart",
                            expected: ENDED,
                            why,
                        }));
                    }
                    if name == host {
                        was_in_service = state.in_service;
                        self.out_of_service.extend((!was_in_service).then(|| name.clone()));
                    } else if !state.in_service {
                        return Ok(Err(no_alternate(format!(
                            "{name} is not in service ({}), so agents have nowhere to go",
                            state.said
                        ))));
                    }
                }
                Err(error) if name != host => {
                    let why = format!("{name} cannot be asked for its state: {error}");
                    return Ok(Err(no_alternate(why)));
                }
                Err(error) => {
                    was_in_service = false;
                    let starting = matches!(
                        error,
                        FinesseError::Starting { .. } | FinesseError::OutOfService { .. }
                    );
                    self.out_of_service.extend(starting.then(|| name.clone()));
                }
            }
        }
        Ok(Ok(was_in_service))
    }

    fn no_shell(
        &mut self,
        step: &mut Step,
        node: &FinesseNode,
        account: &PlatformAccount,
        error: &ShellError,
    ) -> Result<(), Trouble> {
        let trouble = at_shell(node, account, error);
        step.state = StepState::Failed(trouble.clone());
        if matches!(trouble.outcome, Outcome::Denied | Outcome::Refused) {
            return Err(trouble);
        }
        self.failed()
    }

    /// Says which old algorithms nodes have forced, once for each.
    pub(super) fn note_old_algorithms(&self) {
        for (node, algorithms) in self.task.platform.newly_forced() {
            self.note(format!(
                "{node} forces old SSH algorithms: {algorithms} (OS Administration > Security > Cipher Management)"
            ));
        }
    }

    pub(super) fn note(&self, text: String) {
        self.task.listener.event(Event::Note(text));
    }

    /// The reader of a node.
    pub(super) fn node(&self, host: &str) -> Option<FinesseReader> {
        let nodes = self.prepared.nodes.as_ref()?;
        nodes.all().find(|node| node.endpoint().host == host).cloned()
    }
}

/// What keeps a node from being restarted: the check, what it wants, and what is the case.
struct Guard {
    check: &'static str,
    expected: &'static str,
    why: String,
}

const ENDED: &str = "no node in maintenance";

fn no_alternate(why: String) -> Guard {
    Guard { check: "restart-no-alternate", expected: "the other node in service", why }
}

async fn restart(shell: ShellReader) -> Result<RestartEnd, ShellError> {
    let mut writer = ShellWriter::new(shell);
    writer.restart(&ServiceName::finesse_tomcat()).await
}

/// Whether the shell itself said that the service was started anew.
fn named_a_state(ended: &Result<RestartEnd, ShellError>) -> bool {
    matches!(ended, Ok(RestartEnd::Started | RestartEnd::Starting))
}

/// Why the command did not do it; `None` when it did, or may have: the gate finds out.
fn failure(
    node: &FinesseNode,
    account: &PlatformAccount,
    ended: &Result<RestartEnd, ShellError>,
) -> Option<Trouble> {
    match ended {
        Ok(RestartEnd::Started | RestartEnd::Starting | RestartEnd::NotRecognised) => None,
        Ok(RestartEnd::Failed(line)) => Some(
            Trouble::new(
                "restart-failed",
                Outcome::Failed,
                format!("Cisco Finesse Tomcat of {} could not be restarted", node.api.host),
            )
            .at(node.ssh.to_string())
            .because(line.clone())
            .then("look at utils service list on the node, then run apply again: the restart is remembered"),
        ),
        Err(error) if error.outcome_unknown() => None,
        Err(error) => Some(at_shell(node, account, error)),
    }
}

/// An error of a shell as it is reported: with the account and the host.
pub(super) fn at_shell(
    node: &FinesseNode,
    account: &PlatformAccount,
    error: &ShellError,
) -> Trouble {
    error.trouble(format!("{} as {}", node.ssh, account.user))
}

fn no_account(node: &FinesseNode) -> Trouble {
    Trouble::new(
        "platform-credential-missing",
        Outcome::Failed,
        format!("{} cannot be restarted", node.api.host),
    )
    .because("the playbook has no credentials.finesse_platform")
    .then("add it, or write restart: { finesse_tomcat: never } and restart by hand")
}
