//! Access and refresh tokens: made, looked at, refreshed, ended. Only digests are kept.
//!
//! Source: facts/finesse.md sections 10.1 to 10.3. A pair is a session; access tokens that were refreshed from it belong to it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::jws::Signer;
use super::knobs::{Look, SignOnKnobs};
use super::state::{Pair, fresh};
use crate::sandbox::sha256_hex;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// Calls.
    Access,
    /// New access tokens.
    Refresh,
}

/// What is known of a token.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Id of the agent.
    pub agent: String,
    /// What it is for.
    pub usage: Usage,
    /// When it ends.
    pub until: Instant,
    session: u64,
}

impl Grant {
    /// Seconds that are left.
    pub fn left(&self) -> u64 {
        let left = self.until.saturating_duration_since(Instant::now());
        // A life of 20 seconds is told as 20, a moment after it began.
        left.as_secs() + u64::from(left.subsec_millis() > 0)
    }
}

/// Whom tokens are about, and who makes them.
#[derive(Debug, Clone)]
pub struct About {
    /// Id of the agent.
    pub agent: String,
    /// The name that tokens have for the agent.
    pub user_id: String,
    /// Domain of the agent.
    pub realm: String,
    /// Principal of the agent.
    pub upn: String,
    /// Host of the Identity Service.
    pub issuer: String,
    /// The registered client.
    pub client: &'static str,
}

/// All tokens that were ever given and have not been forgotten.
#[derive(Debug, Default)]
pub struct Tokens {
    grants: BTreeMap<String, Grant>,
    next: u64,
    /// Signs, once somebody wanted a signed token.
    pub signer: Option<Signer>,
}

impl Tokens {
    /// What is known of a token that is still good for this.
    pub fn check(&self, token: &str, usage: Usage) -> Option<&Grant> {
        let grant = self.grants.get(&sha256_hex(token.as_bytes()))?;
        (grant.usage == usage && grant.until > Instant::now()).then_some(grant)
    }

    /// Whether a session has an access token that is still good.
    fn live(&self, session: u64) -> bool {
        let now = Instant::now();
        self.grants.values().any(|grant| {
            grant.session == session && grant.usage == Usage::Access && grant.until > now
        })
    }

    /// A new session.
    pub fn pair(&mut self, about: &About, knobs: &SignOnKnobs) -> Option<Pair> {
        self.next += 1;
        let session = self.next;
        Some(Pair {
            access: self.mint(about, Usage::Access, session, knobs)?,
            refresh: self.mint(about, Usage::Refresh, session, knobs)?,
        })
    }

    /// The session of a refresh token, where both tokens are still good; without an access token, the session's own counts.
    pub fn refreshable(&self, access: Option<&str>, refresh: &str) -> Option<String> {
        let refresh = self.check(refresh, Usage::Refresh)?;
        let both = match access {
            Some(access) => self.check(access, Usage::Access)?.session == refresh.session,
            None => self.live(refresh.session),
        };
        both.then(|| refresh.agent.clone())
    }

    /// A new access token from a good refresh token, and a new refresh token where there is to be one.
    pub fn refresh(
        &mut self,
        about: &About,
        (access, refresh): (Option<&str>, &str),
        knobs: &SignOnKnobs,
    ) -> Option<(String, Option<String>)> {
        let session = self.check(refresh, Usage::Refresh)?.session;
        if let Some(access) = access.filter(|_| knobs.refresh_ends_old) {
            self.grants.remove(&sha256_hex(access.as_bytes()));
        }
        let fresh = self.mint(about, Usage::Access, session, knobs)?;
        if !knobs.new_refresh_token {
            return Some((fresh, None));
        }
        self.grants.remove(&sha256_hex(refresh.as_bytes()));
        let next = self.mint(about, Usage::Refresh, session, knobs)?;
        Some((fresh, Some(next)))
    }

    /// Ends tokens of this kind, of one agent or of all.
    pub fn end(&mut self, usage: Usage, agent: Option<&str>) -> usize {
        let before = self.grants.len();
        self.grants
            .retain(|_, own| own.usage != usage || agent.is_some_and(|agent| own.agent != agent));
        before - self.grants.len()
    }

    /// What is known of all tokens.
    pub fn told(&self) -> Vec<Value> {
        let tell = |grant: &Grant| {
            let usage = if grant.usage == Usage::Access { "access" } else { "refresh" };
            json!({ "agent": grant.agent, "usage": usage, "left_s": grant.left(), "session": grant.session })
        };
        self.grants.values().map(tell).collect()
    }

    fn mint(
        &mut self,
        about: &About,
        usage: Usage,
        session: u64,
        knobs: &SignOnKnobs,
    ) -> Option<String> {
        let life = match usage {
            Usage::Access => knobs.access_s,
            Usage::Refresh => knobs.refresh_s,
        };
        let spent = if usage == Usage::Access { knobs.spent_s.min(life) } else { 0 };
        let token = match knobs.tokens {
            Look::Opaque => opaque(),
            Look::Signed => self.signer.as_ref()?.sign(&claims(about, usage, (life, spent)))?,
        };
        let until = Instant::now() + Duration::from_secs(life - spent);
        let grant = Grant { agent: about.agent.clone(), usage, until, session };
        self.grants.insert(sha256_hex(token.as_bytes()), grant);
        Some(token)
    }
}

/// Text that says nothing, with every letter that a form has to write otherwise.
fn opaque() -> String {
    loop {
        let digest =
            |_| ring::digest::digest(&ring::digest::SHA256, fresh().as_bytes()).as_ref().to_vec();
        let bytes: Vec<u8> = (0..4).flat_map(digest).collect();
        let token = STANDARD.encode(bytes);
        if token.contains('+') && token.contains('/') {
            return token;
        }
    }
}

fn claims(about: &About, usage: Usage, (life, spent): (u64, u64)) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let issued = now.saturating_sub(spent);
    let word = if usage == Usage::Access { "access" } else { "refresh" };
    let mut subject = json!({
        "scope": "", "rt": "", "ids_id": about.issuer, "client_id": about.client, "token": fresh(),
        "expiry": (issued + life) * 1000, "usage": word, "ver": "1.0",
    });
    if usage == Usage::Access {
        subject["user_id"] = json!(about.user_id);
        subject["realm"] = json!(about.realm);
        subject["upn"] = json!(about.upn);
    }
    json!({
        "iss": about.issuer, "sub": subject.to_string(), "exp": issued + life, "iat": issued, "jti": fresh(),
    })
}
