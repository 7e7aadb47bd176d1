//! What a run is given, and what it tells while it lasts.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;

use crate::clients::http::Http;
use crate::clients::platform::Platform;
use crate::plan::{Disturbance, Kind, OneShot};
use crate::planner::build::SqlMode;
use crate::playbook::{Deployment, SecretRef, Waivers};
use crate::trouble::Trouble;

use super::{Operator, Refusals, Stop};

/// Where secrets come from.
pub trait Secrets {
    /// Resolves a secret, once.
    fn resolve(&self, secret: &SecretRef) -> Result<SecretString, Trouble>;
    /// Whether it can be had without asking anybody (variable set, file there, command given).
    fn available(&self, secret: &SecretRef) -> bool;
}

/// What happens during a run.
#[derive(Debug, Clone)]
pub enum Event {
    /// Pages are read.
    Reading {
        /// What is read.
        what: String,
        /// Rows so far.
        done: usize,
        /// Of how many, where that is known.
        total: Option<usize>,
    },
    /// Steps are performed.
    Applying {
        /// Steps so far.
        done: usize,
        /// Of how many.
        total: usize,
        /// The step's object.
        current: String,
    },
    /// The cluster asks for patience.
    Waiting {
        /// How long.
        seconds: u64,
        /// Why.
        why: String,
    },
    /// Something to know.
    Note(String),
}

/// Hears events.
pub trait Listener {
    /// One event.
    fn event(&self, event: Event);
}

/// Why the cluster is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show what would be done.
    Plan,
    /// To judge: read-only accounts, no agents' secrets.
    Verify,
    /// To do it.
    Apply,
}

/// What a person or the command line has answered.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Disturbances that are allowed.
    pub allow: BTreeSet<Disturbance>,
    /// `--operator-done`: step id and token.
    pub operator_done: Vec<(String, String)>,
}

/// Everything one deployment's run is given.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one per flag of the command line")]
pub struct Task<'a> {
    /// The playbook.
    pub deployment: &'a Deployment,
    /// The network, with what is trusted on it.
    pub http: &'a Http,
    /// The nodes' platform shells.
    pub platform: &'a Platform,
    /// Secrets.
    pub secrets: &'a dyn Secrets,
    /// Hears what happens.
    pub listener: &'a dyn Listener,
    /// Ctrl-C and the deadline.
    pub stop: &'a Stop,
    /// Passwords refused so far, by any deployment of this call of ippactl.
    pub refusals: &'a Refusals,
    /// The deployment's state folder.
    pub state: &'a Path,
    /// Requests in flight.
    pub concurrency: usize,
    /// Warnings and what no interface can tell count.
    pub strict: bool,
    /// Write write-only values anew.
    pub rewrite_secrets: bool,
    /// Restart Finesse Tomcat although nothing is known to need it.
    pub restart_now: bool,
    /// CUCM nodes that may be rebooted where an import asks for it.
    pub reboot: &'a [String],
    /// How long deferred steps are tried again before the run ends.
    pub wait_deferred: Option<Duration>,
    /// Do so many devices first, and the others when these are as declared.
    pub canary: Option<usize>,
    /// Do only what the last run did not bring to a good end.
    pub retry_failed: bool,
    /// The part of the playbook that alone is done; all of it without one.
    pub one_shot: Option<OneShot>,
    /// Begin no further phone after this many failures.
    pub max_failures: Option<usize>,
    /// Who acts, for what persons attest.
    pub who: &'a str,
    /// Why disturbing steps may not run now; `None` inside of a window.
    pub outside_windows: Option<&'a str>,
    /// Does operator steps: a person at the terminal, or the sandbox's administrator. `None`: nobody is there.
    pub operator: Option<&'a dyn Operator>,
    /// Direct database writes.
    pub sql: SqlMode,
    /// Findings that somebody answers for.
    pub waivers: &'a Waivers,
}

impl Task<'_> {
    /// Whether steps of this kind are this run's.
    pub fn does(&self, kind: Kind) -> bool {
        self.one_shot.is_none_or(|one_shot| one_shot.does(kind))
    }
}
