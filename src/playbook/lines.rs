//! The lines of a playbook and its rosters as digests: whether a declaration is the one of another day, without keeping it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ring::digest::{SHA256, digest};

use super::location::Location;

/// A digest per line and file.
#[derive(Debug, Clone, Default)]
pub struct Lines(BTreeMap<Arc<str>, Vec<u64>>);

impl Lines {
    /// Adds a file's text.
    pub fn add(&mut self, file: &Arc<str>, text: &str) {
        self.0.insert(Arc::clone(file), text.lines().map(of).collect());
    }

    /// The digest of the line of a place.
    pub fn at(&self, location: &Location) -> Option<u64> {
        let index = usize::try_from(location.line).ok()?.checked_sub(1)?;
        self.0.get(&location.file)?.get(index).copied()
    }

    /// Those of all files.
    pub fn all(&self) -> BTreeSet<u64> {
        self.0.values().flatten().copied().collect()
    }
}

/// The first eight bytes of SHA-256: enough to tell lines apart.
fn of(line: &str) -> u64 {
    let digest = digest(&SHA256, line.trim_end().as_bytes());
    digest.as_ref().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
