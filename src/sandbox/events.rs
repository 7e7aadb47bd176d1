//! The event log: what happened in the cluster, in order, for tests that check orders of acts.
//!
//! | kind | fields |
//! |---|---|
//! | `settings-saved` | `node`, `user`, `changed` |
//! | `settings-replicated` | `node`, `user`: the row is on the secondary |
//! | `replication-complete` | what the shell shows |
//! | `tomcat-restart-begun`, `-stop-begun`, `-start-begun` | `node` |
//! | `tomcat-restart-done`, `tomcat-started`, `-stopped`, `-failed` | `node`, `running_user`: the process |
//! | `in-service` | `node`, `running_user`: the application |
//! | `sign-outs` | `node`, `agents`, `because`: `tomcat`, `servlet`, `phone-reset` |
//! | `sign-in` | `node`, `agent`, `device`: over the servlet |
//! | `ssh-login` | `node`, `user`, `method`, `ok` |
//! | `ctrl-c` | `node`, `user`; `command-broken-off` follows when it hit something |
//! | `service-done` | `node`, `service`, `order`: another service than Finesse Tomcat |
//! | `phone-apply` | `phone`, `how`: `apply`, `restart`, `reset`; `changed`: what it runs is new |
//! | `profile-apply` | `profile`, `how`, `phones`, `busy` |
//! | `phone-changed`, `administrator` | what the control port was told |

use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Map, Value};

/// One event.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Counts from 1, without gaps.
    pub number: u64,
    /// Milliseconds since the sandbox was started.
    pub ms: u64,
    /// What happened.
    pub kind: String,
    /// To whom, and how.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// Something that happened and is not in the log yet.
#[derive(Debug, Clone)]
pub struct News {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: &'static str,
    /// An object with the details.
    pub fields: Value,
}

impl News {
    /// News of this moment.
    pub fn now(kind: &'static str, fields: Value) -> Self {
        Self { at: Instant::now(), kind, fields }
    }
}

/// All events since the start.
#[derive(Debug)]
pub struct Log {
    begun: Instant,
    latest: Duration,
    entries: Vec<Event>,
}

impl Default for Log {
    fn default() -> Self {
        Self { begun: Instant::now(), latest: Duration::ZERO, entries: Vec::new() }
    }
}

impl Log {
    /// Adds one. Time never runs backwards in the log, even where news come late.
    pub fn add(&mut self, news: &News) {
        self.latest = self.latest.max(news.at.saturating_duration_since(self.begun));
        self.entries.push(Event {
            number: self.entries.len() as u64 + 1,
            ms: u64::try_from(self.latest.as_millis()).unwrap_or(u64::MAX),
            kind: news.kind.to_owned(),
            fields: news.fields.as_object().cloned().unwrap_or_default(),
        });
    }

    /// The events after a number.
    pub fn after(&self, number: u64) -> &[Event] {
        let from = usize::try_from(number).unwrap_or(usize::MAX).min(self.entries.len());
        &self.entries[from..]
    }
}
