//! What the shells share: switches, accounts, wrong tries.
//!
//! Source: facts/vos.md section 2.4: a locked account looks like a wrong password, and unlocks only by waiting.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::algorithms::Profile;
use super::knobs::{Knobs, Layout};
use super::{Kind, Station};
use crate::sandbox::SandboxOptions;
use crate::sandbox::finesse::cluster::release;
use crate::sandbox::options::PlatformAccount;

/// All shells.
#[derive(Debug)]
pub struct Shells {
    knobs: BTreeMap<String, Knobs>,
    finesse: Vec<PlatformAccount>,
    publisher: Vec<PlatformAccount>,
    wrong: BTreeMap<(String, String), (u32, Option<Instant>)>,
}

impl Shells {
    /// The shells of these nodes, each like its release.
    pub fn new(options: &SandboxOptions) -> Self {
        let of = |text: &str| {
            let release = release(text);
            let layout = if release < (10, 0) { Layout::Oldest } else { Layout::Current };
            Knobs { algorithms: Profile::of(release), layout, ..Knobs::default() }
        };
        let nodes = std::iter::once(&options.finesse.primary).chain(&options.finesse.secondary);
        let mut knobs: BTreeMap<String, Knobs> =
            nodes.map(|node| (node.host.clone(), of(&options.finesse.release))).collect();
        for host in options.cucm_hosts() {
            knobs.insert(host.to_owned(), of(&options.release));
        }
        if let Some(publisher) = &options.publisher_ssh {
            knobs.entry(publisher.host.clone()).or_insert_with(|| of(&options.release));
        }
        Self {
            knobs,
            finesse: options.finesse.platform.clone(),
            publisher: options.publisher_platform.clone(),
            wrong: BTreeMap::new(),
        }
    }

    /// Switches by host.
    pub fn all(&self) -> &BTreeMap<String, Knobs> {
        &self.knobs
    }

    /// Switches of one node.
    pub fn knobs(&self, host: &str) -> Knobs {
        self.knobs.get(host).cloned().unwrap_or_default()
    }

    /// State that CUCM's replication is to show, whatever happens.
    pub fn cucm_replication(&self) -> Option<u8> {
        self.knobs.values().find_map(|own| own.cucm_replication)
    }

    /// Sets the switches of one node.
    pub fn set(&mut self, host: &str, knobs: Knobs) {
        self.knobs.insert(host.to_owned(), knobs);
    }

    /// Uses up one dropped restart of a node, where there is one left.
    pub fn drops_restart(&mut self, host: &str) -> bool {
        let Some(knobs) = self.knobs.get_mut(host).filter(|own| own.drop_during_restart > 0) else {
            return false;
        };
        knobs.drop_during_restart -= 1;
        true
    }

    /// Tries a password; gives the account's level.
    pub fn login(&mut self, station: &Station, user: &str, password: &str) -> Option<u8> {
        let knobs = self.knobs(&station.host);
        let key = (station.host.clone(), user.to_owned());
        let now = Instant::now();
        let (count, locked) = self.wrong.get(&key).copied().unwrap_or_default();
        if locked.is_some_and(|until| until > now) {
            return None;
        }
        let count = if locked.is_some() { 0 } else { count };
        let accounts = match station.kind {
            Kind::Finesse(_) => &self.finesse,
            Kind::Publisher | Kind::Subscriber => &self.publisher,
        };
        let found = accounts.iter().find(|own| own.user == user && own.password == password);
        if let Some(account) = found {
            self.wrong.remove(&key);
            return Some(account.level);
        }
        let count = count + 1;
        let locks = knobs.locking && count >= knobs.lock_after;
        let until = locks.then(|| now + Duration::from_millis(knobs.lock_ms));
        self.wrong.insert(key, (count, until));
        None
    }

    /// Accounts locked now, as `user@host`.
    pub fn locked(&self) -> Vec<String> {
        let now = Instant::now();
        let locked = self.wrong.iter().filter(|(_, (_, until))| until.is_some_and(|u| u > now));
        locked.map(|((host, user), _)| format!("{user}@{host}")).collect()
    }
}
