//! Kept tokens of agents who sign in by SSO: where they are kept, when they are refreshed, and when only a new sign-in
//! helps.

#[cfg(test)]
mod refresh_tests;

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use crate::clients::sso::{Granted, SsoError, SsoSettings, refresh};
use crate::outcome::Outcome;
use crate::playbook::RefreshForm;
use crate::trouble::Trouble;

pub use crate::clients::sso::{Claims, Life, Stage, claims};

/// An agent's tokens as they are kept.
#[derive(Clone)]
pub struct Kept {
    /// The agent, as the command line named it.
    pub agent: String,
    /// The agent's `loginId`, once Finesse has told it.
    pub login_id: Option<String>,
    /// The access token.
    pub access: SecretString,
    /// Its life.
    pub life: Life,
    /// The refresh token, when one came.
    pub refresh: Option<SecretString>,
    /// The refresh token's life, where the answer told it.
    pub refresh_life: Option<Life>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("agent", &self.agent)
            .field("login_id", &self.login_id)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

/// The right to change an agent's tokens: a locked file, which is given back when dropped.
pub type Held = std::fs::File;

/// Where tokens are kept: a file of the owner's. A keyring cannot list what it has.
pub trait TokenStore {
    /// The agent's tokens, if there are any.
    fn load(&self, agent: &str) -> Result<Option<Kept>, Trouble>;
    /// Every agent's.
    fn all(&self) -> Result<Vec<Kept>, Trouble>;
    /// Keeps them in place of those before, at once.
    fn keep(&self, kept: &Kept) -> Result<(), Trouble>;
    /// Forgets them; whether there were any.
    fn forget(&self, agent: &str) -> Result<bool, Trouble>;
    /// The right to change them; nothing while somebody else has it.
    fn hold(&self, agent: &str) -> Result<Option<Held>, Trouble>;
}

impl Kept {
    /// The tokens of a sign-in, received at this moment.
    pub fn new(agent: &str, granted: Granted, received: Timestamp) -> Self {
        Self {
            agent: agent.to_owned(),
            login_id: None,
            access: granted.access,
            life: Life { received, expires_in: granted.expires_in },
            refresh: granted.refresh,
            refresh_life: granted
                .refresh_expires_in
                .map(|expires_in| Life { received, expires_in }),
        }
    }

    /// The same after a refresh: the old refresh token stays unless a new one has come.
    #[must_use]
    pub fn refreshed(&self, granted: Granted, received: Timestamp) -> Self {
        let came = granted.refresh.is_some();
        let told = granted.refresh_expires_in.map(|expires_in| Life { received, expires_in });
        Self {
            access: granted.access,
            life: Life { received, expires_in: granted.expires_in },
            refresh: granted.refresh.or_else(|| self.refresh.clone()),
            refresh_life: if came { told } else { told.or(self.refresh_life) },
            ..self.clone()
        }
    }

    /// Whether these are other tokens.
    fn differs(&self, other: &Self) -> bool {
        self.life != other.life || self.access.expose_secret() != other.access.expose_secret()
    }

    /// Why it cannot be refreshed any more, if that is so. Both tokens have to be valid.
    pub fn dead(&self, now: Timestamp) -> Option<&'static str> {
        if self.life.stage(now) == Stage::Ended {
            return Some("the access token has ended, and a refresh needs both tokens to be valid");
        }
        if self.refresh.is_none() {
            return Some("no refresh token came with it");
        }
        let ended = self.refresh_life.is_some_and(|life| life.stage(now) == Stage::Ended);
        ended.then_some("the refresh token has ended")
    }
}

/// The command that signs an agent in.
pub fn sign_in_command(playbook: &str, agent: &str) -> String {
    format!("sign in again: ippactl sso login {playbook} --agent {agent}")
}

/// There is no token to work with, for this reason.
pub fn dead(playbook: &str, agent: &str, why: impl Into<String>) -> Trouble {
    Trouble::new("sso-refresh-dead", Outcome::Denied, "The token can no longer be refreshed")
        .at(format!("agent {agent}"))
        .because(why)
        .then(sign_in_command(playbook, agent))
}

/// No token is kept for this agent.
pub fn absent(playbook: &str, agent: &str) -> Trouble {
    Trouble::new("sso-no-token", Outcome::Denied, "No token of this agent is kept")
        .at(format!("agent {agent}"))
        .because(
            "nobody has signed in as this agent with this state folder, or the token was given up",
        )
        .then(sign_in_command(playbook, agent))
}

/// What it takes to refresh.
pub struct Refreshing<'a> {
    /// Where tokens are kept.
    pub store: &'a dyn TokenStore,
    /// The way to Finesse.
    pub settings: &'a SsoSettings,
    /// How a token is refreshed.
    pub form: RefreshForm,
    /// The playbook, as commands name it.
    pub playbook: &'a str,
}

impl fmt::Debug for Refreshing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refreshing").field("settings", self.settings).finish_non_exhaustive()
    }
}

/// A token to work with.
#[derive(Debug)]
pub struct Current {
    /// The tokens.
    pub kept: Kept,
    /// Whether they were refreshed just now.
    pub refreshed: bool,
    /// What else is to be said: why they were not refreshed, although they should have been, or that they are not kept.
    pub note: Option<String>,
}

impl Current {
    /// Tokens as they are kept.
    fn kept(kept: Kept) -> Self {
        Self { kept, refreshed: false, note: None }
    }
}

/// Another look at tokens that somebody else is changing.
const AGAIN: Duration = Duration::from_millis(50);

impl Refreshing<'_> {
    /// The agent's token, refreshed when three quarters of its life have passed.
    ///
    /// # Errors
    /// When there is none, or it has ended: with the command that signs in again.
    pub async fn current(&self, agent: &str) -> Result<Current, Trouble> {
        let kept = self.there(agent)?;
        let now = Timestamp::now();
        match kept.life.stage(now) {
            Stage::Fresh => Ok(Current::kept(kept)),
            Stage::Ended => {
                Err(dead(self.playbook, agent, kept.dead(now).unwrap_or("it has ended")))
            }
            Stage::Due => match self.refresh(&kept).await {
                Ok(current) => Ok(current),
                // It was waited for too long.
                Err(trouble) if kept.life.stage(Timestamp::now()) == Stage::Ended => Err(trouble),
                Err(trouble) => {
                    let note = left_over(&trouble, kept.life.seconds_left(Timestamp::now()));
                    Ok(Current { note: Some(note), ..Current::kept(kept) })
                }
            },
        }
    }

    /// Refreshes, and keeps what came. What somebody else has refreshed meanwhile is used as it is.
    ///
    /// # Errors
    /// When only a new sign-in helps: with its command. Or when Finesse is not able to now.
    pub async fn refresh(&self, kept: &Kept) -> Result<Current, Trouble> {
        let ask = async |from: &Kept, token: &SecretString| {
            refresh(self.settings, self.form, &from.agent, (&from.access, token)).await
        };
        self.settled(kept, ask).await
    }

    /// Waits for the right to change an agent's tokens. Nobody holds it while a person is asked.
    ///
    /// # Errors
    /// When the state folder cannot be written, or the end is asked for.
    pub async fn hold(&self, agent: &str) -> Result<Held, Trouble> {
        loop {
            self.settings.stop.check()?;
            if let Some(held) = self.store.hold(agent)? {
                return Ok(held);
            }
            self.settings.stop.sleep(AGAIN).await;
        }
    }

    fn there(&self, agent: &str) -> Result<Kept, Trouble> {
        self.store.load(agent)?.ok_or_else(|| absent(self.playbook, agent))
    }

    /// The refresh itself; `ask` asks Finesse.
    async fn settled(
        &self,
        kept: &Kept,
        ask: impl AsyncFnOnce(&Kept, &SecretString) -> Result<Granted, SsoError>,
    ) -> Result<Current, Trouble> {
        let agent = kept.agent.as_str();
        let _held = self.hold(agent).await?;
        let there = self.there(agent)?;
        let newer = there.life.received >= kept.life.received;
        if newer && there.differs(kept) && there.life.stage(Timestamp::now()) == Stage::Fresh {
            return Ok(Current::kept(there));
        }
        // What could not be kept last time is younger than what is.
        let from = if newer { there } else { kept.clone() };
        if let Some(why) = from.dead(Timestamp::now()) {
            return Err(dead(self.playbook, agent, why));
        }
        let Some(token) = &from.refresh else { return Err(absent(self.playbook, agent)) };
        self.settings.stop.check()?;
        match ask(&from, token).await {
            Ok(granted) => {
                let kept = from.refreshed(granted, Timestamp::now());
                // The token before may be dead now: this one is of use all the same.
                let note = self.store.keep(&kept).err().map(|trouble| {
                    let Trouble { what, why, .. } = trouble;
                    format!("the refreshed token is used but not kept: {what}: {why}; the one before may be dead")
                });
                Ok(Current { kept, refreshed: true, note })
            }
            // Somebody may have got ahead without the lock, on a file system that has none.
            Err(SsoError::Dead(why)) => match self.store.load(agent)? {
                Some(there)
                    if there.differs(&from)
                        && there.life.stage(Timestamp::now()) != Stage::Ended =>
                {
                    Ok(Current::kept(there))
                }
                Some(_) | None => Err(dead(self.playbook, agent, why)),
            },
            Err(error) => Err(error.trouble(&self.settings.finesse, agent)),
        }
    }
}

/// What is said of a token that should have been refreshed and still lives.
fn left_over(trouble: &Trouble, left: u64) -> String {
    let (what, why) = (&trouble.what, &trouble.why);
    let note = format!("{what}: {why}; what there is ends in {left} s");
    // Only a person helps then, and has that long for it.
    if trouble.outcome == Outcome::Denied { format!("{note}; {}", trouble.next) } else { note }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use secrecy::ExposeSecret as _;

    use super::Kept;
    use crate::clients::sso::Granted;

    fn granted(access: &str, refresh: Option<&str>, expires_in: u64) -> Granted {
        Granted {
            access: access.into(),
            refresh: refresh.map(Into::into),
            expires_in,
            refresh_expires_in: None,
            user_id: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_769_850_000 + second).unwrap()
    }

    #[test]
    fn the_old_refresh_token_stays_unless_a_new_one_comes() {
        let first = Kept::new("1001", granted("a1", Some("r1"), 20), at(0));
        let second = first.refreshed(granted("a2", None, 20), at(15));
        let token = |kept: &Kept| kept.refresh.as_ref().unwrap().expose_secret().to_owned();
        assert_eq!((second.access.expose_secret(), token(&second)), ("a2", "r1".to_owned()));
        assert_eq!(second.life.ends(), at(35));
        let third = second.refreshed(granted("a3", Some("r3"), 20), at(30));
        assert_eq!(token(&third), "r3");
    }

    #[test]
    fn a_refresh_needs_both_tokens() {
        let both = Kept::new("1001", granted("a", Some("r"), 20), at(0));
        assert_eq!(both.dead(at(19)), None);
        assert!(both.dead(at(20)).unwrap().contains("access token"));
        let one = Kept::new("1001", granted("a", None, 20), at(0));
        assert!(one.dead(at(1)).unwrap().contains("no refresh token"));
        let mut told = granted("a", Some("r"), 2000);
        told.refresh_expires_in = Some(10);
        assert!(Kept::new("1001", told, at(0)).dead(at(10)).unwrap().contains("refresh token"));
    }

    #[test]
    fn nothing_of_it_is_shown() {
        let kept = Kept::new("1001", granted("hunter2", Some("hunter3"), 20), at(0));
        assert!(!format!("{kept:?}").contains("hunter"));
    }
}
