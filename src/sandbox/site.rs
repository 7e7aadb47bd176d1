//! What all connections share: the database, sessions, counters, faults and settings, the Finesse nodes, the log.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rusqlite::Connection;
use serde_json::Value;

use super::SandboxOptions;
use super::events::Log;
use super::faults::Faults;
use super::finesse::admission::Locks;
use super::finesse::cluster::Cluster;
use super::finesse::{self, keeping};
use super::from;
use super::ledger::Ledger;
use super::notifications::Notifications;
use super::pace::{Pace, Workers};
use super::platform::machines::Machines;
use super::platform::shells::Shells;
use super::record::Recorder;
use super::ris::rate::Rate;
use super::session::Sessions;
use super::settings::Settings;
use super::sso;
use super::sso::state::SignOns;
use super::tls::Door;
use super::versions;
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// The cluster behind the ports.
#[derive(Debug)]
pub struct Site {
    /// What it was started with.
    pub options: SandboxOptions,
    /// Supported AXL versions, oldest first.
    pub versions: Vec<String>,
    database: Mutex<Connection>,
    front: Mutex<Front>,
    cluster: Mutex<Cluster>,
    log: Mutex<Log>,
    /// Who serves AXL.
    pub workers: Workers,
}

/// Everything but the database and the Finesse nodes.
#[derive(Debug)]
pub struct Front {
    /// Signed-in sessions.
    pub sessions: Sessions,
    /// What was asked.
    pub ledger: Ledger,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// Switches.
    pub settings: Settings,
    /// Writes exchanges down.
    pub recorder: Option<Recorder>,
    /// Wrong tries at Finesse.
    pub finesse_locks: Locks,
    /// What goes wrong on purpose on Finesse nodes.
    pub finesse_faults: finesse::faults::Faults,
    /// What is under way of single sign-on, and its tokens.
    pub sso: SignOns,
    /// The shells' switches and accounts.
    pub shells: Shells,
    /// The machines below the nodes.
    pub machines: Machines,
    /// Certificates of nodes that were renewed, PEM.
    pub renewed: BTreeMap<String, String>,
    /// What takes handshakes, by the node's name: a renewed certificate shows at once.
    pub doors: BTreeMap<String, Vec<Door>>,
    /// Requests at `RisPort` in the last minute.
    pub ris: Rate,
    /// How fast AXL is.
    pub pace: Pace,
    /// Change notifications that wait.
    pub notifications: Notifications,
}

impl Site {
    /// A site over an open database.
    ///
    /// # Errors
    /// `sandbox-record-failed` when the folder for exchanges cannot be made, `sandbox-state-unusable` when what was
    /// kept of Finesse cannot be read.
    pub fn new(options: SandboxOptions, database: Connection) -> Result<Self, Trouble> {
        let recorder = options.record.as_deref().map(Recorder::new).transpose()?;
        let mut cluster = Cluster::new(&options.finesse);
        if let Some(hosts) = &options.sso {
            sso::seed::plant(&mut cluster, hosts);
        }
        let restored = from::nodes::restore(&database, &mut cluster, options.from.as_deref())
            .and_then(|()| keeping::restore(&database, &mut cluster));
        restored.map_err(|error| {
            Trouble::new(
                "sandbox-state-unusable",
                Outcome::Failed,
                "the sandbox's state is not right",
            )
            .because(error.to_string())
            .then("name another file, or delete this one to begin with a fresh cluster")
        })?;
        let front = Front {
            sessions: Sessions::default(),
            ledger: Ledger::default(),
            faults: Faults::default(),
            settings: Settings::default(),
            recorder,
            finesse_locks: Locks::default(),
            finesse_faults: finesse::faults::Faults::default(),
            sso: SignOns::default(),
            shells: Shells::new(&options),
            machines: Machines::default(),
            renewed: BTreeMap::new(),
            doors: BTreeMap::new(),
            ris: Rate::default(),
            pace: options.pace.clone(),
            notifications: Notifications::default(),
        };
        let workers = Workers::default();
        workers.set(options.pace.workers);
        Ok(Self {
            versions: versions::supported(&options.release),
            options,
            database: Mutex::new(database),
            front: Mutex::new(front),
            cluster: Mutex::new(cluster),
            log: Mutex::new(Log::default()),
            workers,
        })
    }

    /// The database, for one request.
    pub fn database(&self) -> MutexGuard<'_, Connection> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything else, for a moment.
    pub fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The log, for a moment.
    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The Finesse nodes as they are by now. What happens to them is kept and logged before this returns; neither
    /// the database nor the log may be held meanwhile.
    pub fn finesse<R>(&self, act: impl FnOnce(&mut Cluster, Instant) -> R) -> R {
        let mut cluster = self.cluster.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        cluster.advance(now);
        let result = act(&mut cluster, now);
        if std::mem::take(&mut cluster.unkept) {
            // A full disk must not change what a client sees; the next start shows the older state.
            drop(keeping::keep(&self.database(), &cluster));
        }
        let mut log = self.log();
        for news in &std::mem::take(&mut cluster.news) {
            log.add(news);
        }
        result
    }

    /// Another pace from now on.
    pub fn set_pace(&self, pace: Pace) {
        let mut front = self.front();
        if front.pace.workers != pace.workers {
            self.workers.set(pace.workers);
        }
        front.pace = pace;
    }

    /// Logs an event, after everything that has come due before it.
    pub fn tell(&self, kind: &'static str, fields: Value) {
        self.finesse(|cluster, now| cluster.tell(now, kind, fields));
    }
}
