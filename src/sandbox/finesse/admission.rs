//! Who may ask a Finesse node what, and when a user is locked.
//!
//! Source: facts/finesse.md sections 2, 17. Locks count per node, user and kind of API; a request without
//! credentials counts nothing, and a locked administrator's further tries do not prolong the lock.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::knobs::{AuthMode, Knobs};
use super::roster;
use crate::sandbox::options::Administrator;
use crate::sandbox::session::basic;
use crate::sandbox::sso::desktop::bearer;
use crate::sandbox::sso::tokens::{Tokens, Usage};

/// The two groups of APIs that lock apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Configuration.
    Configuration,
    /// Serviceability.
    Serviceability,
    /// Desktop.
    Desktop,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A request without credentials.
    Nobody,
    /// An administrator.
    Administrator(String),
    /// An agent, by id.
    Agent(String),
    /// A token that is wrong, has ended, or is of somebody who does not use single sign-on.
    Ended,
    /// Wrong, or locked; the user named.
    Wrong(String),
}

/// Wrong tries so far.
#[derive(Debug, Default)]
pub struct Locks {
    wrong: BTreeMap<(String, Group, String), (u32, Option<Instant>)>,
}

/// What a lock is made of.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Wrong passwords that lock.
    pub after: u32,
    /// How long.
    pub lasts: Duration,
    /// Who the agents are.
    pub knobs: Knobs,
}

impl Locks {
    /// Admits or refuses a request to a node.
    pub fn admit(
        &mut self,
        (headers, tokens): (&HeaderMap, &Tokens),
        (node, group): (&str, Group),
        administrators: &[Administrator],
        rule: &Rule,
    ) -> Caller {
        let Some(header) = headers.get(AUTHORIZATION) else { return Caller::Nobody };
        if let Some(token) = bearer(headers) {
            let grant = tokens.check(token, Usage::Access);
            let agent = grant.and_then(|grant| roster::find(&rule.knobs, &grant.agent));
            let agent =
                agent.filter(|own| roster::mode(&rule.knobs, own) != Some(AuthMode::NonSso));
            return agent.map_or(Caller::Ended, |agent| Caller::Agent(agent.id));
        }
        let Some((user, password)) = header.to_str().ok().and_then(basic) else {
            return Caller::Wrong(String::new());
        };
        let key = (node.to_owned(), group, user.clone());
        let now = Instant::now();
        let (count, locked) = self.wrong.get(&key).copied().unwrap_or_default();
        if locked.is_some_and(|until| until > now) {
            if group == Group::Desktop {
                // An agent's every try, even with the right password, begins the time anew.
                self.wrong.insert(key, (count, Some(now + rule.lasts)));
            }
            return Caller::Wrong(user);
        }
        // Somebody who uses single sign-on has no password here, and is locked elsewhere.
        let agent = roster::find(&rule.knobs, &user);
        if agent.is_some_and(|own| roster::mode(&rule.knobs, &own) == Some(AuthMode::Sso)) {
            return Caller::Wrong(user);
        }
        let count = if locked.is_some() { 0 } else { count };
        let administrator =
            administrators.iter().any(|own| own.user == user && own.password == password);
        let agent =
            roster::find(&rule.knobs, &user).filter(|agent| roster::knows(agent, &password));
        if administrator || agent.is_some() {
            self.wrong.remove(&key);
            return agent.map_or(Caller::Administrator(user), |agent| Caller::Agent(agent.id));
        }
        let count = count + 1;
        let until = (count >= rule.after).then(|| now + rule.lasts);
        self.wrong.insert(key, (count, until));
        Caller::Wrong(user)
    }

    /// Locks users of a node, or, with none named, nobody any more.
    pub fn set(&mut self, node: &str, users: &[String], lasts: Duration) {
        self.wrong.retain(|(own, group, _), _| own != node || *group != Group::Desktop);
        let until = Some(Instant::now() + lasts);
        for user in users {
            self.wrong.insert((node.to_owned(), Group::Desktop, user.clone()), (5, until));
        }
    }

    /// Users locked now, as `node user`.
    pub fn locked(&self) -> Vec<String> {
        let now = Instant::now();
        let locked = self.wrong.iter().filter(|(_, (_, until))| until.is_some_and(|u| u > now));
        locked.map(|((node, _, user), _)| format!("{node} {user}")).collect()
    }
}
