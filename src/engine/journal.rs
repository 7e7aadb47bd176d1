//! One file per run, JSON Lines, written ahead of every call; and the lock against two applies at once.

mod form;
pub mod runs;
pub mod seal;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};
use secrecy::SecretString;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::journal::Entry;
use crate::journal::past::REFUSED;
use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::plan::{Object, StepState};
use crate::trouble::Trouble;

use super::Task;
use super::remembered::{Recogniser, Remembered, owner_only};
use form::Keeper;
use seal::Seal;

/// What a journal's first line says it is.
const SCHEMA: &str = "ippactl.journal/v1";

/// The journal of one run. Holds the state folder's lock for as long as it lives.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    run: String,
    file: File,
    calls: u64,
    recogniser: Recogniser,
    seal: Option<Seal>,
    _lock: File,
}

/// What a run is, for its first line.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The command.
    pub command: &'a str,
    /// The fingerprint of its plan.
    pub fingerprint: &'a str,
    /// The run that it takes back.
    pub undoes: Option<&'a str>,
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
    pub fn begin(task: &Task<'_>, lock: Lock, head: Head<'_>) -> Result<Self, Trouble> {
        let deployment = task.deployment;
        let runs = task.state.join("runs");
        create_folder(&runs).map_err(|error| unwritable(&runs, &error))?;
        let seal = deployment.journal.seal.as_ref().map(|secret| task.secrets.resolve(secret));
        let seal = seal.transpose()?.and_then(|secret| Seal::new(&secret));
        let recogniser = Remembered::read(task.state).recogniser()?;
        let mut random = [0_u8; 2];
        let _ = SystemRandom::new().fill(&mut random);
        // With milliseconds, so that runs sort by their names.
        let moment = OffsetDateTime::now_utc();
        let stamp: String = format!("{}{:03}", now(), moment.millisecond())
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let stamp = stamp.replace('Z', "");
        let run = format!("{stamp}-{}", hex(&random, 2));
        let path = runs.join(format!("{run}.jsonl"));
        let opened = owner_only().create_new(true).append(true).open(&path);
        let file = opened.map_err(|error| unwritable(&path, &error))?;
        // A file that its folder forgets in a power loss was never there.
        #[cfg(unix)]
        File::open(&runs)
            .and_then(|runs| runs.sync_all())
            .map_err(|error| unwritable(&runs, &error))?;
        let mut journal = Self { path, run, file, calls: 0, recogniser, seal, _lock: lock.0 };
        journal.write(vec![json!({
            "event": "run",
            "schema": SCHEMA,
            "tool": env!("CARGO_PKG_VERSION"),
            "command": head.command,
            "deployment": deployment.name,
            "publisher": deployment.cucm.publisher.to_string(),
            "playbook": std::path::absolute(&*deployment.file).unwrap_or_default().display().to_string(),
            "fingerprint": head.fingerprint,
            "who": task.who,
            "undoes": head.undoes,
            "seal": journal.seal.as_ref().map(Seal::description),
        })])?;
        Ok(journal)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says what is about to be called on which objects, synced before it is. The numbers name the calls in
    /// [`Journal::ended`].
    pub fn intend(&mut self, call: &str, entries: &[Entry]) -> Result<Vec<u64>, Trouble> {
        let (numbers, lines) = self.intents(call, entries);
        self.write(lines)?;
        Ok(numbers)
    }

    /// The same where calls of others are under way, which do not wait for the disk.
    pub async fn intend_aside(
        &mut self,
        call: &str,
        entries: &[Entry],
    ) -> Result<Vec<u64>, Trouble> {
        let (numbers, lines) = self.intents(call, entries);
        self.write_aside(lines).await?;
        Ok(numbers)
    }

    fn intents(&mut self, call: &str, entries: &[Entry]) -> (Vec<u64>, Vec<Value>) {
        let first = self.calls + 1;
        let numbers: Vec<u64> = (first..).take(entries.len()).collect();
        let recogniser = &self.recogniser;
        let digest = |secret: &SecretString| recogniser.digest(secret);
        let keeper = Keeper { digest: &digest, seal: self.seal.as_ref(), run: &self.run };
        let lines = numbers.iter().zip(entries);
        let lines: Vec<Value> =
            lines.map(|(number, entry)| form::intent(&keeper, *number, call, entry)).collect();
        self.calls += u64::try_from(entries.len()).unwrap_or_default();
        (numbers, lines)
    }

    /// One call on one object.
    pub fn intend_one(&mut self, call: &str, entry: Entry) -> Result<u64, Trouble> {
        Ok(self.intend(call, &[entry])?.first().copied().unwrap_or_default())
    }

    /// One call that touches no field.
    pub fn intend_bare(&mut self, call: &str, object: &Object) -> Result<u64, Trouble> {
        self.intend_one(call, Entry::bare(object))
    }

    /// Says how calls ended: done, refused, unknown or deferred.
    pub fn ended(&mut self, ended: &[(u64, &str)]) -> Result<(), Trouble> {
        self.write(ended.iter().map(outcome).collect())
    }

    /// The same where calls of others are under way, which do not wait for the disk.
    pub async fn ended_aside(&mut self, ended: &[(u64, &str)]) -> Result<(), Trouble> {
        self.write_aside(ended.iter().map(outcome).collect()).await
    }

    /// Says how one call ended.
    pub fn ended_in(&mut self, number: u64, state: &StepState) -> Result<(), Trouble> {
        self.ended(&[(number, word(state))])
    }

    /// Says how one call ended that gave this answer; `unknown`: whether an error leaves open that it was done.
    pub fn ended_with<T, E>(
        &mut self,
        number: u64,
        answer: &Result<T, E>,
        unknown: impl Fn(&E) -> bool,
    ) -> Result<(), Trouble> {
        let word = match answer {
            Ok(_) => "done",
            Err(error) if unknown(error) => "unknown",
            Err(_) => REFUSED,
        };
        self.ended(&[(number, word)])
    }

    /// Says what was left undone, and how the run ended.
    pub fn end(&mut self, outcome: Outcome, left: &[(Object, &str)]) -> Result<(), Trouble> {
        let line = |(object, state): &(Object, &str)| {
            let object = json!({"kind": object.kind.word(), "name": object.name});
            json!({"event": "left", "object": object, "state": state})
        };
        let mut lines: Vec<Value> = left.iter().map(line).collect();
        lines.push(json!({"event": "end", "outcome": outcome.word()}));
        self.write(lines)
    }

    fn write(&mut self, lines: Vec<Value>) -> Result<(), Trouble> {
        if lines.is_empty() {
            return Ok(());
        }
        let written = append(&self.file, &text(lines));
        written.map_err(|error| unwritable(&self.path, &error))
    }

    async fn write_aside(&mut self, lines: Vec<Value>) -> Result<(), Trouble> {
        if lines.is_empty() {
            return Ok(());
        }
        let text = text(lines);
        let file = self.file.try_clone();
        let file = file.map_err(|error| unwritable(&self.path, &error))?;
        let written = tokio::task::spawn_blocking(move || append(&file, &text)).await;
        let written = written.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        written.map_err(|error| unwritable(&self.path, &error))
    }
}

fn outcome((number, word): &(u64, &str)) -> Value {
    json!({"event": "outcome", "number": number, "outcome": word})
}

fn text(lines: Vec<Value>) -> String {
    let at = now();
    let mut text = String::new();
    for mut line in lines {
        line["at"] = json!(at);
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text
}

fn append(mut file: &File, text: &str) -> std::io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_data()
}

/// The journal's word for how a step's call ended.
pub fn word(state: &StepState) -> &'static str {
    match state {
        StepState::Done | StepState::Planned => "done",
        StepState::Failed(_) | StepState::Refused(_) | StepState::Operator => REFUSED,
        StepState::Unknown(_) => "unknown",
        StepState::Deferred(_) => "deferred",
    }
}

/// The present moment, RFC 3339 in UTC, whole seconds.
pub fn now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}

fn create_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::new("state-not-written", Outcome::Failed, "the state folder cannot be written")
        .at(path.display().to_string())
        .because(error.to_string())
        .then("make the folder writable, or choose another with --state-dir")
}
