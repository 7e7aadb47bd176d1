//! What has to hold after a node's restart: the service runs, the node is in service, and its page for phones answers.
//! And before the secondary's: that the primary is so, and that the database is replicated.

use std::time::{Duration, Instant};

use crate::checks::servlet::{NOBODY, Page};
use crate::clients::finesse::FinesseReader;
use crate::clients::platform::{
    PlatformAccount, ServiceName, ServiceState, ShellError, ShellReader, UccxServer,
};
use crate::engine::looks::servlet;
use crate::engine::observe::finesse::{node_state, stored_on_secondary};
use crate::outcome::Outcome;
use crate::playbook::{FinesseNode, Product, ReadBack, SettingsMode, in_words};
use crate::resources::finesse_settings::StoredUser;
use crate::trouble::Trouble;

use super::run::Run;
use super::tomcat_restart::at_shell;

/// A node that restarts is seen to be down within this time, once its shell has ended the command.
const DOWN: Duration = Duration::from_secs(45);
/// Replication may take an hour after a set-up, and minutes after a change.
const REPLICATED: Duration = Duration::from_hours(1);
const FIRST_LOOK: Duration = Duration::from_millis(250);
/// An answer about replication that is not understood so many times in a row will not be by waiting.
const UNRECOGNISED: u32 = 6;
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The gate behind one node.
pub(super) struct Gate<'a> {
    node: &'a FinesseNode,
    account: &'a PlatformAccount,
    reader: FinesseReader,
    was_in_service: bool,
    shell: Option<ShellReader>,
    /// A phone has the name under which the page for phones is asked; not looked at yet.
    taken: Option<bool>,
    /// What was missing when it was looked at last.
    missing: String,
    /// Answers in a row that were not understood.
    unrecognised: u32,
}

impl<'a> Gate<'a> {
    /// The gate behind this node.
    pub(super) fn new(
        run: &Run<'_>,
        node: &'a FinesseNode,
        account: &'a PlatformAccount,
        was_in_service: bool,
    ) -> Result<Self, Trouble> {
        let reader = run.node(&node.api.host).ok_or_else(|| {
            Trouble::new("finesse-unknown", Outcome::Failed, "the node is not known")
                .at(node.api.to_string())
        })?;
        Ok(Self {
            node,
            account,
            reader: reader.with_patience(Duration::ZERO),
            was_in_service,
            shell: None,
            taken: None,
            missing: String::new(),
            unrecognised: 0,
        })
    }

    /// Waits until a sign of the restart is seen, where the shell gave none; the inner error says that there is none.
    pub(super) async fn went_down(
        &mut self,
        run: &Run<'_>,
    ) -> Result<Result<(), Trouble>, Trouble> {
        self.wait(run, DOWN, Look::Down).await
    }

    /// Waits until the node is back; the inner error says what does not hold.
    pub(super) async fn back(&mut self, run: &Run<'_>) -> Result<Result<(), Trouble>, Trouble> {
        let longest = run.task.deployment.restart.back_within;
        let back = self.wait(run, longest, Look::Back).await?;
        if back.is_ok() {
            run.note(format!("{} is back in service", self.node.api.host));
        }
        Ok(back)
    }

    /// Waits until the database of this node, the primary, is replicated; the inner error says what does not hold.
    pub(super) async fn replicated(
        &mut self,
        run: &Run<'_>,
    ) -> Result<Result<(), Trouble>, Trouble> {
        let replicated = self.wait(run, REPLICATED, Look::Replicated).await?;
        if replicated.is_ok() {
            run.note("replication is complete on all nodes".to_owned());
        }
        Ok(replicated)
    }

    async fn wait(
        &mut self,
        run: &Run<'_>,
        longest: Duration,
        look: Look,
    ) -> Result<Result<(), Trouble>, Trouble> {
        let begun = Instant::now();
        let mut pause = FIRST_LOOK;
        loop {
            run.task.stop.check()?;
            let holds = match look {
                Look::Down => self.is_down(run).await?,
                Look::Back => self.is_back(run).await?,
                Look::Replicated => match self.is_replicated(run).await? {
                    Verdict::Holds => true,
                    Verdict::NotYet => false,
                    Verdict::Never(trouble) => return Ok(Err(trouble)),
                },
            };
            if holds {
                return Ok(Ok(()));
            }
            let left = longest.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(Err(self.late(look, longest)));
            }
            // The last look is at the end of the time.
            run.pause(pause.min(left)).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The application is away, or the service says that it is not started.
    async fn is_down(&mut self, run: &Run<'_>) -> Result<bool, Trouble> {
        "the shell named no state, and the node was in service all the time"
            .clone_into(&mut self.missing);
        if self.was_in_service {
            let info = self.reader.system_info().await;
            if info.map_or(true, |info| !node_state(&info).in_service) {
                return Ok(true);
            }
        }
        let Some(shell) = self.shell(run).await? else { return Ok(false) };
        match shell.services().await {
            Ok(services) => {
                let state = services.state(ServiceName::finesse_tomcat().as_str());
                Ok(state.is_some_and(|state| *state != ServiceState::Started))
            }
            Err(error) => {
                self.lost(&error);
                Ok(false)
            }
        }
    }

    /// The process is started, and the application behind it answers as before.
    async fn is_back(&mut self, run: &Run<'_>) -> Result<bool, Trouble> {
        let Some(shell) = self.shell(run).await? else { return Ok(false) };
        let services = match shell.services().await {
            Ok(services) => services,
            Err(error) => {
                self.lost(&error);
                return Ok(false);
            }
        };
        let tomcat = ServiceName::finesse_tomcat();
        if services.state(tomcat.as_str()) != Some(&ServiceState::Started) {
            "Cisco Finesse Tomcat is not STARTED".clone_into(&mut self.missing);
            return Ok(false);
        }
        match self.reader.system_info().await {
            Ok(_) if !self.was_in_service => Ok(true),
            Ok(info) => {
                let state = node_state(&info);
                if !state.in_service {
                    self.missing = format!("SystemInfo says {}", state.said);
                    return Ok(false);
                }
                Ok(self.shows_its_page(run).await)
            }
            Err(error) => {
                self.missing = format!("SystemInfo does not answer: {error}");
                Ok(false)
            }
        }
    }

    /// The page for phones answers, whatever it says of a device that exists nowhere. Where a phone has that name, nothing
    /// is asked: the page could sign its agent out.
    async fn shows_its_page(&mut self, run: &Run<'_>) -> bool {
        let taken = if let Some(taken) = self.taken {
            taken
        } else {
            let devices = run.prepared.reader.devices(&[NOBODY.to_owned()]).await;
            devices.map_or(true, |devices| !devices.is_empty())
        };
        self.taken = Some(taken);
        if taken {
            return true;
        }
        match servlet::ask(&self.reader, true).await {
            Ok(Page::Phone | Page::Strange(_) | Page::Taken) => true,
            Ok(Page::Silent(why) | Page::Proxy(why)) => {
                self.missing = format!("the page for phones does not answer: {why}");
                false
            }
            Err(error) => {
                self.missing = format!("the page for phones cannot be asked: {error}");
                false
            }
        }
    }

    /// Every node's replication is good with nothing queued, and where the setting can be read it has arrived.
    async fn is_replicated(&mut self, run: &Run<'_>) -> Result<Verdict, Trouble> {
        let uccx = run.task.deployment.finesse.product == Product::Uccx;
        let Some(shell) = self.shell(run).await? else { return Ok(Verdict::NotYet) };
        match database(shell, uccx).await {
            Ok(Database::Replicated) => self.unrecognised = 0,
            Ok(Database::NotYet(why)) => {
                (self.unrecognised, self.missing) = (0, why);
                return Ok(Verdict::NotYet);
            }
            Ok(Database::Broken(why)) => return Ok(Verdict::Never(broken(self.node, why))),
            Err(error) => {
                let strange = matches!(error, ShellError::NotRecognised { .. });
                self.unrecognised = if strange { self.unrecognised + 1 } else { 0 };
                if self.unrecognised >= UNRECOGNISED {
                    return Ok(Verdict::Never(at_shell(self.node, self.account, &error)));
                }
                self.lost(&error);
                return Ok(Verdict::NotYet);
            }
        }
        let nodes = run.prepared.nodes.as_ref();
        let secondary = nodes.and_then(|nodes| nodes.secondary.clone());
        let Some((secondary, read_back)) = secondary.zip(read_back(run)) else {
            return Ok(Verdict::Holds);
        };
        let user = &run.task.deployment.application_user.id;
        match stored_on_secondary(run.task, &secondary, read_back).await? {
            StoredUser::Known(found) if found != *user => {
                "the secondary does not have the setting yet".clone_into(&mut self.missing);
                Ok(Verdict::NotYet)
            }
            StoredUser::NotRead(why) => {
                self.missing = format!("the secondary does not tell its setting: {why}");
                Ok(Verdict::NotYet)
            }
            StoredUser::Known(_) | StoredUser::CannotTell(_) | StoredUser::WrongPath(_) => {
                Ok(Verdict::Holds)
            }
        }
    }

    /// A session on the node; `None` while it cannot be had.
    async fn shell(&mut self, run: &Run<'_>) -> Result<Option<&mut ShellReader>, Trouble> {
        if self.shell.is_none() {
            let connected = run.task.platform.connect(&self.node.ssh, self.account).await;
            run.note_old_algorithms();
            match connected {
                Ok(shell) => self.shell = Some(shell),
                Err(error) if error.may_pass() => {
                    self.missing = format!("no session on {}: {error}", self.node.ssh);
                }
                Err(error) => return Err(at_shell(self.node, self.account, &error)),
            }
        }
        Ok(self.shell.as_mut())
    }

    /// A session that broke is begun anew by the next look.
    fn lost(&mut self, error: &ShellError) {
        self.shell = None;
        self.missing = error.to_string();
    }

    fn late(&self, look: Look, longest: Duration) -> Trouble {
        let time = in_words(longest);
        let host = &self.node.api.host;
        let repair = "the other node was left alone; repair this one, then run apply again";
        let (code, what, next) = match look {
            Look::Down => (
                "restart-failed",
                format!("{host} did not restart"),
                "look at the privilege level of the account (show account) and at utils service list; \
                 the restart is still owed",
            ),
            Look::Back => ("restart-not-back", format!("{host} is not back after {time}"), repair),
            Look::Replicated => (
                "replication-incomplete",
                format!("replication is not complete after {time}"),
                repair,
            ),
        };
        Trouble::new(code, Outcome::Failed, what)
            .at(host.clone())
            .because(self.missing.clone())
            .then(next)
    }
}

#[derive(Clone, Copy)]
enum Look {
    Down,
    Back,
    Replicated,
}

enum Verdict {
    Holds,
    NotYet,
    Never(Trouble),
}

fn read_back<'a>(run: &Run<'a>) -> Option<&'a ReadBack> {
    match &run.task.deployment.finesse_settings.as_ref()?.mode {
        SettingsMode::Rest(request) => request.read_back.as_ref(),
        SettingsMode::Operator | SettingsMode::Elsewhere => None,
    }
}

/// What the node says of its databases.
enum Database {
    Replicated,
    NotYet(String),
    Broken(String),
}

/// Asks for replication in the way that the product's documents have: UCCX shows the servers of its datastore, where
/// the settings are, and what it shares with every platform only where it does not know that command.
async fn database(shell: &mut ShellReader, uccx: bool) -> Result<Database, ShellError> {
    if uccx && let Some(read) = shell.uccx_servers().await? {
        return Ok(match read.first_bad() {
            None => Database::Replicated,
            Some(UccxServer { name, state, status, queue }) => Database::NotYet(format!(
                "show uccx dbreplication servers says {state}, {status}, queue {queue} of {name}"
            )),
        });
    }
    let replication = shell.replication().await?;
    if let Some(first) = replication.broken().first() {
        return Ok(Database::Broken(format!("{}: {}", first.name, first.detail)));
    }
    Ok(if !replication.complete() || replication.in_progress {
        Database::NotYet("utils dbreplication runtimestate is not 2 on every node".to_owned())
    } else if replication.queued().is_some_and(|queued| queued > 0) {
        Database::NotYet("changes are still queued for replication".to_owned())
    } else {
        Database::Replicated
    })
}

fn broken(node: &FinesseNode, why: String) -> Trouble {
    Trouble::new(
        "replication-incomplete",
        Outcome::Failed,
        "database replication of Finesse is broken",
    )
    .at(node.ssh.to_string())
    .because(why)
    .then("repair it (utils dbreplication on the primary, or Cisco support), then run apply again")
}

impl Run<'_> {
    /// Pauses, and wakes for Ctrl-C.
    pub(super) async fn pause(&self, length: Duration) -> Result<(), Trouble> {
        self.task.stop.sleep(length).await;
        self.task.stop.check()
    }

    /// The pause between the nodes.
    pub(super) async fn wait_minutes(&self, minutes: u32) -> Result<(), Trouble> {
        self.pause(Duration::from_secs(u64::from(minutes) * 60)).await
    }
}
