//! RisPort: which phones are registered, where, and with what web server and user. Reads alone, within the rate that a
//! cluster allows to all its applications together.

mod answer;
mod budget;
mod error;
mod request;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod client_tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;

use secrecy::SecretString;

pub(super) use answer::decode;
pub use answer::{PhoneState, PhoneStatus};
pub use error::RisPortError;

use crate::clients::account::Account;
use crate::clients::http::Http;
use crate::clients::refusals::Refusals;
use crate::clients::stop::Stop;
use crate::clients::throttle::{Backoff, OnWait, Wait, WaitCause};
use crate::playbook::Endpoint;
use answer::Answer;
use budget::Budget;

/// Devices asked for at once. More are cut off, and nothing says so.
pub const MOST_DEVICES: usize = 1000;

const OPERATION: &str = "selectCmDeviceExt";
/// How often a request is repeated whose connection failed.
const RETRIES: u32 = 2;

/// How to reach RisPort.
#[derive(Clone)]
pub struct RisPortSettings {
    /// The publisher; one node answers for the cluster.
    pub endpoint: Endpoint,
    /// Account with serviceability rights.
    pub user: String,
    /// Its password.
    pub password: SecretString,
    /// The HTTP client.
    pub http: Http,
    /// How fast to ask.
    pub pace: Pace,
    /// Longest total wait for one request over the allowed rate.
    pub patience: Duration,
    /// Told of every wait before it begins.
    pub on_wait: OnWait,
    /// Ends waits.
    pub stop: Stop,
    /// Passwords that were refused in this call already.
    pub refusals: Refusals,
}

/// How fast to ask: a cluster allows 15 requests a minute unless set otherwise, to everybody together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Requests within a minute, at least 1.
    pub per_minute: usize,
    /// How long a minute is.
    pub minute: Duration,
    /// The first wait when the cluster says that it was too much; doubled each time.
    pub first_wait: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_minute: 15, minute: Duration::from_mins(1), first_wait: Duration::from_secs(30) }
    }
}

impl Pace {
    /// The same with times multiplied by this factor, for a cluster that is simulated.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let factor = if factor.is_finite() { factor.clamp(0.0001, 1000.0) } else { 1.0 };
        Self {
            minute: self.minute.mul_f64(factor),
            first_wait: self.first_wait.mul_f64(factor),
            ..self
        }
    }
}

impl fmt::Debug for RisPortSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RisPortSettings")
            .field("endpoint", &self.endpoint)
            .field("user", &self.user)
            .field("pace", &self.pace)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// The client. Cheap to clone; clones share one budget of requests and what is known of the password.
#[derive(Debug, Clone)]
pub struct RisPort {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: RisPortSettings,
    account: Account,
    budget: Budget,
}

/// What was found of the devices asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Devices {
    /// By name in capitals.
    found: BTreeMap<CompactString, PhoneState>,
    /// Call-processing nodes that did not answer, and why: a device that was not found may be registered there.
    pub silent_nodes: Vec<String>,
    /// Names, in capitals, that may have been cut off from an answer.
    uncertain: Vec<String>,
}

/// What is known of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// This.
    Found(&'a PhoneState),
    /// No node knows it: never registered, or not for long.
    Absent,
    /// Not found, but not all nodes were heard.
    CannotTell,
}

impl Devices {
    /// Devices by their names, and nodes that did not answer.
    pub fn of(states: BTreeMap<String, PhoneState>, silent_nodes: Vec<String>) -> Self {
        let found =
            states.into_iter().map(|(name, state)| (name.to_ascii_uppercase().into(), state));
        Self { found: found.collect(), silent_nodes, uncertain: Vec::new() }
    }

    /// What is known of this device; case does not count.
    pub fn lookup(&self, name: &str) -> Lookup<'_> {
        let mut name = CompactString::from(name);
        name.make_ascii_uppercase();
        let uncertain = || self.uncertain.iter().any(|uncertain| *uncertain == name);
        match self.found.get(&name) {
            Some(phone) => Lookup::Found(phone),
            None if self.silent_nodes.is_empty() && !uncertain() => Lookup::Absent,
            None => Lookup::CannotTell,
        }
    }

    /// Everything found, by name in capitals.
    pub fn found(&self) -> impl Iterator<Item = (&str, &PhoneState)> {
        self.found.iter().map(|(name, phone)| (name.as_str(), phone))
    }
}

impl RisPort {
    /// A client; connections are made when needed.
    pub fn new(settings: RisPortSettings) -> Self {
        let (endpoint, refusals) = (settings.endpoint.clone(), settings.refusals.clone());
        let (user, password) = (settings.user.clone(), settings.password.clone());
        let account = Account::new(user, password, endpoint, refusals);
        let budget = Budget::new(settings.pace);
        Self { shared: Arc::new(Shared { settings, account, budget }) }
    }

    /// What the cluster knows of these devices, by exact names, any number of them: 1000 a request.
    ///
    /// # Errors
    /// [`RisPortError::Refused`] for a name with a wildcard in it.
    pub async fn select_devices(&self, names: &[String]) -> Result<Devices, RisPortError> {
        let mut wanted: Vec<String> = names.iter().map(|name| name.to_ascii_uppercase()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut devices = Devices::default();
        for names in wanted.chunks(MOST_DEVICES) {
            self.select(names, &mut devices).await?;
        }
        devices.silent_nodes.sort_unstable();
        devices.silent_nodes.dedup();
        Ok(devices)
    }

    /// A device can stand under several nodes and fill the answer twice, so what is missing in a full one is asked for
    /// again, as long as that finds anything.
    async fn select(&self, names: &[String], devices: &mut Devices) -> Result<(), RisPortError> {
        let mut missing = names.to_vec();
        loop {
            let answer = self.ask(&missing).await?;
            let before = missing.len();
            devices.silent_nodes.extend(answer.silent_nodes);
            for (name, phone) in answer.phones {
                answer::keep_better(&mut devices.found, name, phone);
            }
            missing.retain(|name| !devices.found.contains_key(name.as_str()));
            let full = answer.rows >= MOST_DEVICES || answer.rows < answer.announced;
            if !full || missing.is_empty() {
                return Ok(());
            }
            if missing.len() == before {
                devices.uncertain.append(&mut missing);
                return Ok(());
            }
        }
    }

    async fn ask(&self, names: &[String]) -> Result<Answer, RisPortError> {
        let Shared { settings, account, budget } = &*self.shared;
        let body = request::envelope(names)?;
        let mut slow = budget::Doubling::new(settings.pace.first_wait, settings.patience);
        let mut quick = Backoff::new(settings.patience);
        let mut retries = RETRIES;
        loop {
            budget.take(&settings.on_wait).await;
            let request = request::post(settings.endpoint.clone(), &body);
            let reply = account.send(&settings.http, request).await;
            let error = match reply.map_err(error::no_reply).and_then(|reply| answer::read(&reply))
            {
                Ok(answer) => {
                    tracing::debug!(asked = names.len(), rows = answer.rows, "RisPort");
                    return Ok(answer);
                }
                Err(error) => error,
            };
            if matches!(error, RisPortError::Throttled) {
                let Some(length) = slow.step() else { return Err(error) };
                (settings.on_wait)(&Wait {
                    operation: OPERATION,
                    cause: WaitCause::Throttled,
                    length,
                });
                if !settings.stop.sleep(length).await {
                    return Err(error);
                }
                continue;
            }
            // a lost first answer may have been a refusal: the password is not sent again
            let again = error.unsent() || (error.lost() && account.works());
            if retries == 0 || !again {
                return Err(error);
            }
            retries -= 1;
            if !quick.wait(OPERATION, WaitCause::Network, &settings.on_wait, &settings.stop).await {
                return Err(error);
            }
        }
    }
}
