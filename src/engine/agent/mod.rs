//! One agent, with the agent's own password or token: looks, changes the state, makes and ends calls, and looks again
//! until it is so or the time is over.

mod decision;

use std::time::Duration;

use crate::clients::finesse::{AgentClient, Code, FinesseError, StateChange};
use crate::clients::stop::Stop;
use crate::outcome::Outcome;
use crate::trouble::Trouble;

pub use crate::clients::finesse::{Action, AgentNow, Dialog, StateWord};
pub use decision::{Standing, disturbs, refusal, signed_in};

/// How often it is looked whether something has come into effect, and how long.
const EVERY: Duration = Duration::from_secs(1);
const LOOKS: usize = 15;

/// One agent at one node.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The node, with the agent's credential.
    pub client: AgentClient,
    /// Whether it is a token.
    pub bearer: bool,
    /// The agent's `loginId`.
    pub id: String,
    /// The playbook, as commands name it.
    pub playbook: &'a str,
    /// Ends waits.
    pub stop: &'a Stop,
    /// The agent's extension where this tool has signed the agent in.
    pub own: Option<String>,
    /// Somebody who is signed in may be disturbed.
    pub disturb: bool,
}

/// How something ended that Finesse has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was so before; nothing was sent.
    Already,
    /// It is so.
    Reached,
    /// It will be so after the call.
    Pending,
    /// Accepted, but not effective.
    NotEffective,
}

impl Ended {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Already => "already",
            Self::Reached => "reached",
            Self::Pending => "pending",
            Self::NotEffective => "accepted but not effective",
        }
    }

    /// How the call ends because of it. What Finesse accepts and does not do is left undone.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Already | Self::Reached | Self::Pending => Outcome::Done,
            Self::NotEffective => Outcome::Incomplete,
        }
    }
}

impl Desk<'_> {
    /// What Finesse says of the agent.
    pub async fn now(&self) -> Result<AgentNow, Trouble> {
        self.stop.check()?;
        let now = self.client.now(&self.id).await.map_err(|error| self.trouble(&error))?;
        now.ok_or_else(|| unknown(&self.id))
    }

    /// Changes the state. Nothing is sent where it is so already, or would disturb somebody.
    pub async fn change(
        &self,
        state: StateWord,
        extension: Option<String>,
        reason: Option<&str>,
    ) -> Result<(AgentNow, Ended), Trouble> {
        let before = self.now().await?;
        let reason_id = match reason {
            Some(wanted) => Some(self.reason(state, wanted).await?.id),
            None => None,
        };
        let change = StateChange { state, extension, reason_id };
        if decision::standing(&change, &before) == Standing::Reached {
            return Ok((before, Ended::Already));
        }
        let signs_in = state == StateWord::Login;
        if !signs_in && !signed_in(&before) {
            return Err(signed_out(&self.id));
        }
        if let Some(why) = disturbs(&change, &before, self.own.as_deref())
            && !self.disturb
        {
            return Err(refusal(&self.id, why));
        }
        self.stop.check()?;
        let lost = self.sent(self.client.change(&self.id, &change).await)?;
        let mut now = before;
        for _ in 0..LOOKS {
            if !self.stop.sleep(EVERY).await {
                self.stop.check()?;
            }
            now = self.now().await?;
            match decision::standing(&change, &now) {
                Standing::Reached => return Ok((now, Ended::Reached)),
                Standing::Pending => return Ok((now, Ended::Pending)),
                Standing::NotYet => {}
            }
        }
        lost.map_or(Ok((now, Ended::NotEffective)), Err)
    }

    /// Whether a write was taken. One whose answer was lost may have been: it is looked for like the others, and told
    /// when nothing is seen of it.
    fn sent(&self, result: Result<(), FinesseError>) -> Result<Option<Trouble>, Trouble> {
        match result {
            Ok(()) => Ok(None),
            Err(error) if error.outcome_unknown() => Ok(Some(self.trouble(&error))),
            Err(error) => Err(self.trouble(&error)),
        }
    }

    async fn reason(&self, state: StateWord, wanted: &str) -> Result<Code, Trouble> {
        let codes = self.client.codes(&self.id, state).await;
        let codes = codes.map_err(|error| self.trouble(&error))?;
        decision::reason(&codes, wanted).cloned().map_err(|trouble| trouble.at(self.place()))
    }

    /// The agent's calls.
    pub async fn dialogs(&self) -> Result<Vec<Dialog>, Trouble> {
        self.stop.check()?;
        self.client.dialogs(&self.id).await.map_err(|error| self.trouble(&error))
    }

    /// Makes a call, and waits until it is there.
    pub async fn call(&self, to: &str) -> Result<(Vec<Dialog>, Ended), Trouble> {
        let (extension, before) = self.at_work().await?;
        let known: Vec<String> = before.into_iter().map(|dialog| dialog.id).collect();
        let lost = self.sent(self.client.call(&self.id, &extension, to).await)?;
        let is_new = |dialog: &Dialog| !known.contains(&dialog.id);
        self.until(lost, |dialogs| dialogs.iter().any(is_new)).await
    }

    /// Answers or ends a call, and waits until that is so.
    pub async fn act(
        &self,
        action: Action,
        named: Option<&str>,
    ) -> Result<(Vec<Dialog>, Ended), Trouble> {
        let (extension, dialogs) = self.at_work().await?;
        let states: &[&str] = match action {
            Action::Answer => &["ALERTING"],
            Action::Drop => &[],
        };
        let dialog = decision::which(&dialogs, &extension, named, states);
        let dialog = dialog.map_err(|trouble| trouble.at(self.place()))?.id.clone();
        let lost = self.sent(self.client.act(&dialog, &extension, action).await)?;
        self.until(lost, |dialogs| {
            let one = dialogs.iter().find(|other| other.id == dialog);
            let state = one.and_then(|one| one.state_at(&extension));
            match action {
                Action::Answer => state.is_some_and(|state| state != "ALERTING"),
                Action::Drop => one.is_none() || matches!(state, Some("DROPPED" | "FAILED")),
            }
        })
        .await
    }

    /// Where the agent is signed in, and the calls there.
    async fn at_work(&self) -> Result<(String, Vec<Dialog>), Trouble> {
        let now = self.now().await?;
        let Some(extension) = now.user.extension.clone().filter(|_| signed_in(&now)) else {
            return Err(signed_out(&self.id));
        };
        if self.own.as_deref() != Some(extension.as_str()) && !self.disturb {
            let why = format!(
                "the agent is signed in at extension {extension}, state {}, and not by ippactl",
                now.state()
            );
            return Err(refusal(&self.id, why));
        }
        Ok((extension, self.dialogs().await?))
    }

    async fn until(
        &self,
        lost: Option<Trouble>,
        there: impl Fn(&[Dialog]) -> bool,
    ) -> Result<(Vec<Dialog>, Ended), Trouble> {
        let mut dialogs = Vec::new();
        for _ in 0..LOOKS {
            if !self.stop.sleep(EVERY).await {
                self.stop.check()?;
            }
            dialogs = self.dialogs().await?;
            if there(&dialogs) {
                return Ok((dialogs, Ended::Reached));
            }
        }
        lost.map_or(Ok((dialogs, Ended::NotEffective)), Err)
    }

    fn place(&self) -> String {
        format!("agent {}", self.id)
    }

    /// An error of Finesse, in the words of whoever the agent is.
    pub fn trouble(&self, error: &FinesseError) -> Trouble {
        trouble(error, self.bearer, &self.id, &self.client, self.playbook)
    }
}

/// An error of Finesse on a call that an agent makes.
pub fn trouble(
    error: &FinesseError,
    bearer: bool,
    agent: &str,
    client: &AgentClient,
    playbook: &str,
) -> Trouble {
    let place = format!("agent {agent} at {}", client.endpoint());
    match error {
        FinesseError::Denied { .. } if bearer => {
            Trouble::new("sso-token-refused", Outcome::Denied, "Finesse refuses the token")
                .at(place)
                .because(error.to_string())
                .then(format!(
                    "it has ended, or is another agent's; {}",
                    super::tokens::sign_in_command(playbook, agent)
                ))
        }
        FinesseError::Denied { .. } => Trouble::new(
            "agent-password-refused",
            Outcome::Denied,
            "Finesse refuses the agent's password",
        )
        .at(place)
        .because(error.to_string())
        .then(
            "give the agent's own password, or --bearer for an agent who signs in by SSO; it was tried once. Five wrong ones \
             lock the agent for 5 minutes, and each further try begins them anew",
        ),
        FinesseError::Invalid { .. } => {
            Trouble::new("agent-refused", Outcome::Failed, "Finesse refuses what was asked for")
                .at(place)
                .because(error.to_string())
                .then("the reason is Finesse's own: the agent's state may not allow it, or it wants --reason")
        }
        FinesseError::Unreachable { .. }
        | FinesseError::Certificate(_)
        | FinesseError::Handshake(_)
        | FinesseError::CredentialWanted { .. }
        | FinesseError::NoCredential { .. }
        | FinesseError::Forbidden { .. }
        | FinesseError::NotFound { .. }
        | FinesseError::NotApi { .. }
        | FinesseError::Starting { .. }
        | FinesseError::OutOfService { .. }
        | FinesseError::Internal { .. }
        | FinesseError::Lost { .. }
        | FinesseError::Timeout { .. }
        | FinesseError::TooLarge { .. }
        | FinesseError::Refused { .. } => error.trouble(place),
    }
}

/// Finesse has no such agent.
pub fn unknown(agent: &str) -> Trouble {
    Trouble::new("agent-not-known", Outcome::Failed, "Finesse does not know this agent")
        .at(format!("agent {agent}"))
        .because("it says that there is no such user")
        .then("give the agent id; on UCCE the login name does too")
}

fn signed_out(agent: &str) -> Trouble {
    Trouble::new("agent-signed-out", Outcome::Failed, "The agent is not signed in")
        .at(format!("agent {agent}"))
        .because("that can be asked of an agent who is signed in alone")
        .then("sign in first: ippactl agent login")
}
