//! One agent, with the agent's own password or token: looks, changes the state, makes and ends calls, and looks again
//! until it is so or the time is over.

mod decision;
mod looks;

use crate::clients::finesse::{AgentClient, Code, FinesseError, StateChange};
use crate::clients::stop::Stop;
use crate::outcome::Outcome;
use crate::trouble::Trouble;

pub use crate::clients::finesse::{Action, AgentNow, Dialog, StateWord};
pub use decision::{Standing, disturbs, refusal, signed_in};
pub use looks::Renewal;

use looks::{EVERY, Looker, Missed};

/// One agent at one node.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The node, with the agent's credential.
    pub client: AgentClient,
    /// Whether it is a token.
    pub bearer: bool,
    /// What a kept token is renewed with while it is looked what came of a write.
    pub renewal: Option<Renewal<'a>>,
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

    /// Changes the state. Nothing is sent where it is so already, or would disturb somebody. `accepted` is called once
    /// Finesse has accepted it, before it is looked what comes of it.
    pub async fn change(
        &self,
        state: StateWord,
        extension: Option<String>,
        reason: Option<&str>,
        accepted: impl Fn() -> Result<(), Trouble>,
    ) -> Result<(AgentNow, Ended), Trouble> {
        let before = self.now().await?;
        let reason_id = match reason {
            Some(wanted) => Some(self.reason(state, wanted).await?.id),
            None => None,
        };
        let change = StateChange { state, extension, reason_id };
        if decision::already(&change, &before) {
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
        let sure = lost.is_none();
        if sure {
            accepted()?;
        }
        let mut looker = Looker::new(self);
        let look = async || {
            let now = looker.look(async |client: &AgentClient| client.now(&self.id).await).await?;
            now.ok_or_else(|| Missed::Final(unknown(&self.id)))
        };
        let seen = looks::until(self.stop, EVERY, lost, look, |now: &AgentNow| {
            match decision::standing(&change, now) {
                Standing::Reached => Some(Ended::Reached),
                Standing::Pending => Some(Ended::Pending),
                Standing::NotYet => None,
            }
        });
        let seen = seen.await?;
        if !sure {
            accepted()?;
        }
        Ok(seen)
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
        self.until(lost, |dialogs| decision::called(dialogs, &known, &extension)).await
    }

    /// Answers or ends a call, and waits until that is so.
    pub async fn act(
        &self,
        action: Action,
        named: Option<&str>,
    ) -> Result<(Vec<Dialog>, Ended), Trouble> {
        let (extension, dialogs) = self.at_work().await?;
        let dialog = decision::which(&dialogs, &extension, named, action);
        let dialog = dialog.map_err(|trouble| trouble.at(self.place()))?.id.clone();
        let lost = self.sent(self.client.act(&dialog, &extension, action).await)?;
        self.until(lost, |dialogs| decision::acted(dialogs, &dialog, &extension, action)).await
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
        ended: impl Fn(&[Dialog]) -> Option<Ended>,
    ) -> Result<(Vec<Dialog>, Ended), Trouble> {
        let mut looker = Looker::new(self);
        let look =
            async || looker.look(async |client: &AgentClient| client.dialogs(&self.id).await).await;
        let ended = |dialogs: &Vec<Dialog>| ended(dialogs);
        looks::until(self.stop, EVERY, lost, look, ended).await
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
