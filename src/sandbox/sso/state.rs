//! What passes between Finesse, the Identity Service and the identity provider: ids that are good once, for a while.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::tokens::Tokens;
use crate::sandbox::state::new_pkid;

/// How long a person may take to sign in.
pub const PATIENCE: Duration = Duration::from_mins(15);

/// Things under ids that are good once.
#[derive(Debug)]
pub struct Once<T>(BTreeMap<String, (Instant, T)>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// An id that cannot be guessed.
pub fn fresh() -> String {
    new_pkid().replace('-', "")
}

impl<T> Once<T> {
    /// Keeps a thing for a while and gives its id.
    pub fn give(&mut self, thing: T, lasts: Duration) -> String {
        let now = Instant::now();
        self.0.retain(|_, (until, _)| *until > now);
        let id = fresh();
        self.0.insert(id.clone(), (now + lasts, thing));
        id
    }

    /// The thing under an id, for the one time.
    pub fn take(&mut self, id: &str) -> Option<T> {
        let (until, thing) = self.0.remove(id)?;
        (until > Instant::now()).then_some(thing)
    }

    /// The thing under an id, which stays.
    pub fn look(&self, id: &str) -> Option<&T> {
        self.0.get(id).filter(|(until, _)| *until > Instant::now()).map(|(_, thing)| thing)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// A call for a token that led to a sign-in.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The query to come back with.
    pub query: String,
    /// The refresh token is to be handed out, and no cookie set.
    pub handed_out: bool,
}

/// A request to the identity provider.
#[derive(Debug, Clone)]
pub struct SamlRequest {
    /// Its id.
    pub id: String,
    /// As it was sent.
    pub text: String,
    /// The session that it belongs to.
    pub session: String,
    /// Where Finesse wants the answer.
    pub redirect_uri: String,
    /// What Finesse sent along.
    pub state: String,
}

/// What the identity provider says.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// The request that it answers.
    pub request: String,
    /// Id of the agent who signed in.
    pub agent: String,
}

/// A sign-in that is on its way back to Finesse.
#[derive(Debug, Clone)]
pub struct Relay {
    /// The session that it belongs to.
    pub session: String,
    /// Where Finesse wants the answer.
    pub redirect_uri: String,
    /// What Finesse sent along.
    pub state: String,
    /// Id of the agent who signed in.
    pub agent: String,
}

/// An authorization code.
#[derive(Debug, Clone)]
pub struct Code {
    /// Where it may be used.
    pub redirect_uri: String,
    /// Id of the agent who signed in.
    pub agent: String,
}

/// A pair of tokens that waits to be fetched.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Access token.
    pub access: String,
    /// Refresh token.
    pub refresh: String,
}

/// Everything.
#[derive(Debug, Default)]
pub struct SignOns {
    /// Calls for a token, by what comes back as `state`.
    pub wanted: Once<Wanted>,
    /// Requests to the identity provider, by `RelayState`.
    pub requests: Once<SamlRequest>,
    /// Assertions, by id.
    pub assertions: Once<Assertion>,
    /// Sign-ins on their way back, by `uniqueId`.
    pub relays: Once<Relay>,
    /// Authorization codes.
    pub codes: Once<Code>,
    /// Tokens that wait, by `state`.
    pub pairs: Once<Pair>,
    /// Forms of the identity provider that were shown.
    pub contexts: Once<()>,
    /// Who is signed in at the identity provider, by cookie.
    pub sessions: Once<String>,
    /// Wrong passwords there, by agent.
    pub wrong: BTreeMap<String, u32>,
    /// Tokens.
    pub tokens: Tokens,
}

impl SignOns {
    /// Everybody is signed out at the identity provider.
    pub fn forget_sessions(&mut self) {
        self.sessions.clear();
        self.wrong.clear();
    }
}
