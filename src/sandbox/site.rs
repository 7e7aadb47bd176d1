//! What all connections share: the database, sessions, counters, faults and settings.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::SandboxOptions;
use super::faults::Faults;
use super::ledger::Ledger;
use super::record::Recorder;
use super::session::Sessions;
use super::settings::Settings;
use super::versions;
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
}

/// Everything but the database.
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
}

impl Site {
    /// A site over an open database.
    ///
    /// # Errors
    /// `sandbox-record-failed` when the folder for exchanges cannot be made.
    pub fn new(options: SandboxOptions, database: Connection) -> Result<Self, Trouble> {
        let recorder = options.record.as_deref().map(Recorder::new).transpose()?;
        let front = Front {
            sessions: Sessions::default(),
            ledger: Ledger::default(),
            faults: Faults::default(),
            settings: Settings::default(),
            recorder,
        };
        Ok(Self {
            versions: versions::supported(&options.release),
            options,
            database: Mutex::new(database),
            front: Mutex::new(front),
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
}
