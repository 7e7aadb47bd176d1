//! The cluster's state: one SQLite database under the vendor's table and column names.

mod crowd;
pub mod grown;
pub mod lines;
pub mod rules;
pub mod seed;
mod statistics;
pub mod tables;

use std::path::Path;

use rusqlite::Connection;

use super::{SandboxOptions, phones};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// Opens the state: a file that is kept, or memory. A new one gets its tables and the seeded site.
///
/// # Errors
/// `sandbox-state-unusable` when the file cannot be opened or was written by something else.
pub fn open(options: &SandboxOptions) -> Result<Connection, Trouble> {
    let opened = || -> rusqlite::Result<Connection> {
        let mut connection = match &options.state {
            Some(path) => on_disk(path)?,
            None => in_memory()?,
        };
        connection.set_prepared_statement_cache_capacity(256);
        connection.pragma_update(None, "foreign_keys", "on")?;
        connection.pragma_update(None, "case_sensitive_like", "on")?;
        let transaction = connection.transaction()?;
        let is_new = !tables::exist(&transaction)?;
        if is_new {
            tables::create(&transaction)?;
        }
        tables::complete(&transaction)?;
        seed::types(&transaction)?;
        match &options.from {
            Some(capture) if is_new => capture.load(&transaction)?,
            None if is_new => seed::site(&transaction, options)?,
            Some(capture) => capture.is_in(&transaction)?,
            None => {}
        }
        crowd::phones(&transaction, options.extra_phones, options.extra_vendor_config)?;
        phones::first_configuration(&transaction)
            .map_err(|fault| rusqlite::Error::ToSqlConversionFailure(fault.text.into()))?;
        statistics::tell(&transaction)?;
        transaction.commit()?;
        if options.state.is_none() {
            connection.pragma_update(None, "journal_mode", "memory")?;
        }
        Ok(connection)
    };
    opened().map_err(|error| {
        let place =
            options.state.as_ref().map_or_else(String::new, |path| path.display().to_string());
        Trouble::new(
            "sandbox-state-unusable",
            Outcome::Failed,
            "the sandbox's state cannot be used",
        )
        .at(place)
        .because(error.to_string())
        .then("name another file, or delete this one to begin with a fresh cluster")
    })
}

fn on_disk(path: &Path) -> rusqlite::Result<Connection> {
    // It may hold agents' passwords: only the owner reads it, and what SQLite keeps beside it.
    #[cfg(unix)]
    {
        let mut file = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(file.create(true).append(true), 0o600);
        drop(file.open(path));
    }
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    Ok(connection)
}

fn in_memory() -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    // Fewer pages: after a write that moved some, the whole list of them is gone through.
    connection.pragma_update(None, "page_size", 16384)?;
    connection.pragma_update(None, "synchronous", "off")?;
    // Nobody sees a cluster whose filling failed: [`open`] turns the journal on after it.
    connection.pragma_update(None, "journal_mode", "off")?;
    Ok(connection)
}

/// A fresh pkid: a random uuid in lower case, without braces.
pub fn new_pkid() -> String {
    use ring::rand::SecureRandom as _;
    let mut bytes = [0_u8; 16];
    if ring::rand::SystemRandom::new().fill(&mut bytes).is_err() {
        // No randomness: the clock still tells two ids apart.
        let nanos = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos());
        bytes = nanos.to_be_bytes();
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = super::hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
