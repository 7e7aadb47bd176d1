//! One file per run, JSON Lines, written ahead of every call; and the lock against two applies at once.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::trouble::Trouble;

use super::remembered::owner_only;

/// The journal of one run. Holds the state folder's lock for as long as it lives.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    _lock: File,
}

/// The state folder's lock, taken before the cluster is read for an apply.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Takes the lock; fails at once when another apply holds it.
    pub fn take(folder: &Path) -> Result<Self, Trouble> {
        create_folder(folder).map_err(|error| unwritable(folder, &error))?;
        let path = folder.join("lock");
        let opened = owner_only().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|error| unwritable(&path, &error))?;
        file.try_lock().map_err(|error| {
            Trouble::new("locked", Outcome::Refused, "another apply of this deployment is running")
                .at(path.display().to_string())
                .because(error.to_string())
                .then("wait until it has ended")
        })?;
        Ok(Self(file))
    }
}

impl Lock {
    /// The lock that was taken before the cluster was read; taken now where it was not.
    pub fn held(lock: &mut Option<Self>, folder: &Path) -> Result<Self, Trouble> {
        lock.take().map_or_else(|| Self::take(folder), Ok)
    }
}

impl Journal {
    /// Begins a run's journal.
    pub fn begin(
        folder: &Path,
        lock: Lock,
        deployment: &str,
        fingerprint: &str,
    ) -> Result<Self, Trouble> {
        let runs = folder.join("runs");
        create_folder(&runs).map_err(|error| unwritable(&runs, &error))?;
        let mut random = [0_u8; 2];
        let _ = SystemRandom::new().fill(&mut random);
        let stamp: String = now().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
        let path = runs.join(format!("{stamp}-{}.jsonl", hex(&random, 2)));
        let opened = owner_only().create_new(true).append(true).open(&path);
        let file = opened.map_err(|error| unwritable(&path, &error))?;
        let mut journal = Self { path, file, _lock: lock.0 };
        journal.write(&[
            json!({"event": "run", "deployment": deployment, "fingerprint": fingerprint}),
        ])?;
        Ok(journal)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says what is about to be called, synced before it is.
    pub fn intent(&mut self, call: &str, targets: &[&str]) -> Result<(), Trouble> {
        let lines: Vec<Value> = targets
            .iter()
            .map(|target| json!({"event": "intent", "call": call, "target": target}))
            .collect();
        self.write(&lines)
    }

    /// Says how calls ended: target and word (done, failed, unknown, deferred).
    pub fn outcomes(&mut self, call: &str, ended: &[(&str, &str)]) -> Result<(), Trouble> {
        let lines: Vec<Value> = ended
            .iter()
            .map(|(target, word)| json!({"event": "outcome", "call": call, "target": target, "outcome": word}))
            .collect();
        self.write(&lines)
    }

    /// Says how the run ended.
    pub fn end(&mut self, outcome: Outcome) -> Result<(), Trouble> {
        self.write(&[json!({"event": "end", "outcome": outcome.word()})])
    }

    fn write(&mut self, lines: &[Value]) -> Result<(), Trouble> {
        let at = now();
        let mut text = String::new();
        for line in lines {
            let mut line = line.clone();
            line["at"] = json!(at);
            text.push_str(&line.to_string());
            text.push('\n');
        }
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|error| unwritable(&self.path, &error))
    }
}

/// The present moment, RFC 3339 in UTC, whole seconds.
pub fn now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}

fn create_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has a mode to set"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::new("state-not-written", Outcome::Failed, "the state folder cannot be written")
        .at(path.display().to_string())
        .because(error.to_string())
        .then("make the folder writable, or choose another with --state-dir")
}
