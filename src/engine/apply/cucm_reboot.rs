//! Reboots CUCM nodes after an import into Phone-trust: only those that the command line names and `--allow reboot` permits,
//! one at a time, and none while replication is not good. The others stay owed.

use std::time::{Duration, Instant};

use crate::clients::platform::{PlatformAccount, RebootEnd, ShellError, ShellWriter};
use crate::clients::tls::connected;
use crate::engine::Purpose;
use crate::engine::observe::certificates::cucm_account;
use crate::outcome::Outcome;
use crate::plan::{Call, Disturbance, Kind, Object, ObjectKind, Step, StepState};
use crate::playbook::Endpoint;
use crate::resources::cucm_reboot::GENTLER;
use crate::trouble::Trouble;

use super::run::Run;

const WHAT: &str = "reboot a CUCM node";
/// A node that reboots is seen to be down within this time.
const DOWN: Duration = Duration::from_mins(10);
/// A node needs ten to thirty minutes until its services are back; no document says it.
const BACK: Duration = Duration::from_hours(1);
const FIRST_LOOK: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Longest wait for one connection.
const LIMIT: Duration = Duration::from_secs(5);

impl Run<'_> {
    /// Performs the steps: reboots that were asked for, and those that somebody says are done.
    pub(super) async fn cucm_reboots(&mut self, steps: &mut [Step]) -> Result<(), Trouble> {
        let unsaved = steps
            .iter()
            .any(|step| step.kind == Kind::CertificateTrust && step.state != StepState::Done);
        let mut open = true;
        for step in steps.iter_mut().filter(|step| step.kind == Kind::CucmReboot) {
            if step.state != StepState::Planned {
                continue;
            }
            if let Call::Operator(operator) = step.call.clone() {
                let done = self.said_done(&operator.id, &operator.token);
                step.state = if done { StepState::Done } else { StepState::Operator };
                if done {
                    self.memory.rebooted(&step.object.name)?;
                    self.attest(step, &operator.id, "rebooted")?;
                }
                if done || unsaved || !open || !self.names_it(&step.object.name).await? {
                    continue;
                }
            }
            if unsaved || !open {
                let why = if unsaved {
                    "not every certificate is imported yet"
                } else {
                    "the node before it is not back"
                };
                step.state = StepState::Deferred(why.to_owned());
                continue;
            }
            self.task.stop.check()?;
            self.applying(0, 1, step.object.to_string());
            step.state = match self.cucm_reboot(&step.object.name).await? {
                Ok(()) => StepState::Done,
                Err(trouble) => StepState::Failed(trouble),
            };
            open = step.state == StepState::Done;
            if !open {
                self.failed()?;
            }
        }
        Ok(())
    }

    /// Whether somebody at the terminal types the name of the node: only where `--allow reboot` says that this may be asked.
    async fn names_it(&self, name: &str) -> Result<bool, Trouble> {
        let allowed = self.answers.allow.contains(&Disturbance::Reboot);
        let Some(operator) = self.task.operator.filter(|_| allowed) else { return Ok(false) };
        if self.task.outside_windows.is_some() {
            return Ok(false);
        }
        for line in GENTLER {
            self.note(line.to_owned());
        }
        let question = format!("Type {name} to reboot it now, anything else to leave it: ");
        Ok(operator.types(&question).await?.as_deref() == Some(name))
    }

    async fn cucm_reboot(&mut self, name: &str) -> Result<Result<(), Trouble>, Trouble> {
        let account = match cucm_account(self.task, Purpose::Apply)? {
            Ok(account) => account,
            Err(why) => {
                let what = format!("{name} cannot be rebooted");
                let trouble = Trouble::new("platform-credential-missing", Outcome::Failed, what);
                let next =
                    "add credentials.cucm_platform, or reboot by hand and pass --operator-done";
                return Ok(Err(trouble.because(why).then(next)));
            }
        };
        let Some(web) = self.presented_at(name) else {
            let what = format!("{name} cannot be rebooted");
            return Ok(Err(Trouble::new("cucm-reboot-failed", Outcome::Failed, what)
                .because("it was not seen in this run")));
        };
        let ssh = Endpoint { host: web.host.clone(), port: self.shell_port() };
        if let Err(why) = self.cucm_replicated(&ssh, &account).await? {
            let what = format!("{name} is not rebooted while replication is not good");
            return Ok(Err(Trouble::new("cucm-reboot-failed", Outcome::Failed, what)
                .at(ssh.to_string())
                .because(why)
                .then("look at utils dbreplication runtimestate, then run apply again")));
        }
        let shell = match self.task.platform.connect(&ssh, &account).await {
            Ok(shell) => shell,
            Err(error) => return fatal(&ssh, &account, &error).map(Err),
        };
        let node = Object::new(ObjectKind::CucmNode, name);
        let number = self.journal.intend_bare(WHAT, &node)?;
        self.note(format!("rebooting {name}; this takes long"));
        self.writes += 1;
        let ended = ShellWriter::new(shell).reboot().await;
        let wrong = match &ended {
            Ok(RebootEnd::Begun) => None,
            Ok(RebootEnd::NotRecognised(said)) => Some(format!("the shell said: {said}")),
            Err(error) if error.outcome_unknown() => None,
            Err(error) => Some(error.to_string()),
        };
        let ended = match wrong {
            Some(why) => Err(why),
            None => self.watch_reboot(name, &web, &ssh, &account).await?,
        };
        self.journal.ended_with(number, &ended, |_| false)?;
        Ok(ended.map_err(|why| {
            let what = format!("the reboot of {name} did not end well");
            Trouble::new("cucm-reboot-failed", Outcome::Failed, what)
                .at(ssh.to_string())
                .because(why)
                .then("look at the node; the other nodes are left alone until the next apply")
        }))
    }

    /// Down, back, and replicated. Owed no more is the reboot as soon as the node was seen to be down.
    async fn watch_reboot(
        &mut self,
        name: &str,
        web: &Endpoint,
        ssh: &Endpoint,
        account: &PlatformAccount,
    ) -> Result<Result<(), String>, Trouble> {
        if !self.until(DOWN, web, false).await? {
            return Ok(Err("it was not seen to go down".to_owned()));
        }
        self.memory.rebooted(name)?;
        if !self.until(BACK, web, true).await? {
            return Ok(Err(format!("{web} does not answer after {} minutes", BACK.as_secs() / 60)));
        }
        let begun = Instant::now();
        let mut pause = FIRST_LOOK;
        loop {
            match self.cucm_replicated(ssh, account).await? {
                Ok(()) => break,
                Err(why) if begun.elapsed() >= BACK => return Ok(Err(why)),
                Err(_) => self.pause(pause).await?,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.note(format!("{name} is back, and replication is good on all nodes"));
        Ok(Ok(()))
    }

    /// Waits until a port answers TLS, or does not.
    async fn until(
        &mut self,
        longest: Duration,
        web: &Endpoint,
        answers: bool,
    ) -> Result<bool, Trouble> {
        let begun = Instant::now();
        let mut pause = FIRST_LOOK;
        while begun.elapsed() < longest {
            self.task.stop.check()?;
            if self.answers(web).await == answers {
                return Ok(true);
            }
            self.pause(pause).await?;
            // A short absence must not be slept through.
            pause = if answers { (pause * 2).min(LONGEST_PAUSE) } else { FIRST_LOOK };
        }
        Ok(false)
    }

    async fn answers(&self, web: &Endpoint) -> bool {
        use crate::clients::tls::{NotPresented, Offer, presented};
        let settings = self.task.http.settings();
        if connected(&settings.connect_map, web, LIMIT).await.is_err() {
            return false;
        }
        let (trust, map) = (&settings.trust, &settings.connect_map);
        match presented(trust, map, web, Offer::Rsa, LIMIT).await {
            Ok(_) | Err(NotPresented::Refused(_)) => true,
            Err(NotPresented::Unreadable(_)) => false,
        }
    }

    /// Whether replication is 2 on every node, as this one sees it.
    async fn cucm_replicated(
        &self,
        ssh: &Endpoint,
        account: &PlatformAccount,
    ) -> Result<Result<(), String>, Trouble> {
        let mut shell = match self.task.platform.connect(ssh, account).await {
            Ok(shell) => shell,
            Err(error) => return fatal(ssh, account, &error).map(|trouble| Err(trouble.why)),
        };
        let told = shell.replication().await;
        shell.close().await;
        Ok(match told {
            Ok(replication) if replication.complete() && !replication.in_progress => Ok(()),
            Ok(_) => Err("utils dbreplication runtimestate is not 2 on every node".to_owned()),
            Err(error) => Err(error.to_string()),
        })
    }

    fn presented_at(&self, name: &str) -> Option<Endpoint> {
        let seen = self.prepared.observation.certificates.as_ref()?;
        let node = seen.cucm.iter().find(|node| node.name == name)?;
        let (host, port) = node.endpoint.rsplit_once(':')?;
        let host = host.trim_matches(['[', ']']).to_owned();
        Some(Endpoint { host, port: port.parse().ok()? })
    }

    fn shell_port(&self) -> u16 {
        self.task.deployment.cucm.platform_ssh.as_ref().map_or(22, |shell| shell.port)
    }
}

/// A refused password or an unknown host key ends the run.
fn fatal(
    ssh: &Endpoint,
    account: &PlatformAccount,
    error: &ShellError,
) -> Result<Trouble, Trouble> {
    let trouble = error.trouble(format!("{ssh} as {}", account.user));
    let ends = matches!(trouble.outcome, Outcome::Denied | Outcome::Refused);
    if ends { Err(trouble) } else { Ok(trouble) }
}
