//! The runs of a state folder: each journal's first and last line, and one whole run with all its calls.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::journal::past::Noted;
use crate::outcome::Outcome;
use crate::plan::Object;
use crate::trouble::Trouble;

use super::SCHEMA;
use super::form;
use super::seal::Seal;

/// Largest journal that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// A run as its journal tells of it.
#[derive(Debug, Clone)]
pub struct RunRecord {
    /// Its name: moment and four hexadecimal digits.
    pub id: String,
    /// The journal.
    pub path: PathBuf,
    /// The folder of its deployment and publisher.
    pub state: PathBuf,
    /// The first line.
    head: Value,
    /// How it ended; `None` when it did not live to say so.
    pub ended: Option<String>,
    /// Calls that were begun.
    pub calls: usize,
    /// Calls that did not end well.
    pub unwell: usize,
}

impl RunRecord {
    fn text(&self, name: &str) -> &str {
        self.head.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The deployment.
    pub fn deployment(&self) -> &str {
        self.text("deployment")
    }

    /// The publisher.
    pub fn publisher(&self) -> &str {
        self.text("publisher")
    }

    /// The command.
    pub fn command(&self) -> &str {
        self.text("command")
    }

    /// The playbook's file.
    pub fn playbook(&self) -> &str {
        self.text("playbook")
    }

    /// When it began, RFC 3339, UTC.
    pub fn began(&self) -> &str {
        self.text("at")
    }

    /// Who ran it.
    pub fn who(&self) -> &str {
        self.text("who")
    }

    /// The fingerprint of its plan.
    pub fn fingerprint(&self) -> &str {
        self.text("fingerprint")
    }

    /// The run that it took back.
    pub fn undoes(&self) -> Option<&str> {
        Some(self.text("undoes")).filter(|id| !id.is_empty())
    }

    /// How its secrets are sealed.
    pub fn seal(&self) -> Option<&Value> {
        self.head.get("seal").filter(|seal| !seal.is_null())
    }

    /// Every call in its order, with how each ended.
    pub fn read(&self, seal: Option<&Seal>) -> Result<Vec<Noted>, Trouble> {
        let text = read(&self.path)?;
        let mut calls: BTreeMap<u64, Noted> = BTreeMap::new();
        for line in lines(&text) {
            match event(&line) {
                "intent" => {
                    let noted = form::noted(&self.id, seal, &line);
                    calls.extend(Some(noted.ok_or_else(|| damaged(&self.path))?));
                }
                "outcome" => {
                    let number = line.get("number").and_then(Value::as_u64);
                    if let Some(call) = number.and_then(|number| calls.get_mut(&number)) {
                        call.outcome =
                            line.get("outcome").and_then(Value::as_str).map(str::to_owned);
                    }
                }
                _ => {}
            }
        }
        Ok(calls.into_values().collect())
    }
}

/// What the newest run of a deployment's folder did not bring to a good end; `None` when there was no run.
pub fn unfinished(state: &Path) -> Result<Option<BTreeSet<Object>>, Trouble> {
    let mut found = Vec::new();
    for path in entries(&state.join("runs")) {
        found.extend(record(state, &path)?);
    }
    found.sort_by(|a: &RunRecord, b| a.id.cmp(&b.id));
    let applied = |record: &&RunRecord| record.command() == "apply";
    let Some(newest) = found.iter().rfind(applied) else { return Ok(None) };
    let calls = newest.read(None)?;
    // The last call on an object says how it ended.
    let ended: BTreeMap<Object, bool> = calls
        .into_iter()
        .map(|call| (call.object, call.outcome.as_deref() == Some("done")))
        .collect();
    let mut objects: BTreeSet<Object> =
        ended.into_iter().filter(|(_, well)| !well).map(|(object, _)| object).collect();
    let text = read(&newest.path)?;
    let left = lines(&text).filter(|line| event(line) == "left");
    let retried = ["failed", "unknown", "deferred"];
    let left = left.filter(|line| {
        line.get("state").and_then(Value::as_str).is_some_and(|state| retried.contains(&state))
    });
    objects.extend(left.filter_map(|line| form::object(line.get("object")?)));
    Ok(Some(objects))
}

/// Every run of every deployment under a state folder, oldest first. Files that are no journals are passed over.
pub fn runs(folder: &Path) -> Result<Vec<RunRecord>, Trouble> {
    let mut found = Vec::new();
    for state in entries(folder) {
        for path in entries(&state.join("runs")) {
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                found.extend(record(&state, &path)?);
            }
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten();
    found.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

fn record(state: &Path, path: &Path) -> Result<Option<RunRecord>, Trouble> {
    let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else { return Ok(None) };
    let text = read(path)?;
    let mut lines = lines(&text);
    let Some(head) = lines.next().filter(|head| event(head) == "run") else { return Ok(None) };
    let (mut calls, mut unwell, mut ended) = (0, 0, None);
    for line in lines {
        match event(&line) {
            "intent" => calls += 1,
            "outcome" => {
                unwell += usize::from(line.get("outcome").and_then(Value::as_str) != Some("done"));
            }
            "end" => ended = line.get("outcome").and_then(Value::as_str).map(str::to_owned),
            _ => {}
        }
    }
    if head.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
        return Ok(None);
    }
    let (id, path, state) = (id.to_owned(), path.to_owned(), state.to_owned());
    Ok(Some(RunRecord { id, path, state, head, ended, calls, unwell }))
}

fn read(path: &Path) -> Result<String, Trouble> {
    let failed = |why: String| {
        Trouble::new("journal-unreadable", Outcome::Failed, "a run's journal cannot be read")
            .at(path.display().to_string())
            .because(why)
            .then("look at the file and who may read it")
    };
    let size = fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > LARGEST {
        return Err(failed(format!("it has {size} bytes, more than {LARGEST}")));
    }
    fs::read_to_string(path).map_err(|error| failed(error.to_string()))
}

fn damaged(path: &Path) -> Trouble {
    Trouble::new("journal-unreadable", Outcome::Failed, "a run's journal cannot be read")
        .at(path.display().to_string())
        .because("one of its lines is not what ippactl writes")
        .then("look at the file; what it would have taken back has to be done by hand")
}

/// The lines; the last one may have been cut off by the end of the process, and says nothing then.
fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map_while(|line| serde_json::from_str(line).ok())
}

fn event(line: &Value) -> &str {
    line.get("event").and_then(Value::as_str).unwrap_or_default()
}
