//! Runs as their journals tell of them: a list, and one run with all its calls.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::engine::journal::runs::RunRecord;
use crate::journal::past::Noted;
use crate::journal::{Kept, Key};
use crate::plan::Shown;

use super::sanitize::line;
use super::style::count;
use super::table;

/// Fields of a call that are shown; JSON has them all.
const MOST_FIELDS: usize = 12;

fn ended(record: &RunRecord) -> &str {
    record.ended.as_deref().unwrap_or("broken off")
}

/// A table of runs, the newest last.
pub fn list(all: &[RunRecord]) -> String {
    if all.is_empty() {
        return "no runs\n".to_owned();
    }
    let head = ["run", "command", "deployment", "began", "calls", "not well", "ended"];
    let row = |record: &RunRecord| {
        let command = match record.undoes() {
            Some(run) => format!("{} of {run}", record.command()),
            None => record.command().to_owned(),
        };
        let cells = [
            record.id.as_str(),
            &command,
            record.deployment(),
            record.began(),
            &record.calls.to_string(),
            &record.unwell.to_string(),
            ended(record),
        ];
        cells.map(|cell| line(cell).into_owned())
    };
    table::drawn(head, all.iter().map(row))
}

/// The list for JSON.
pub fn fields(all: &[RunRecord]) -> RunsTold {
    let listed = |record: &RunRecord| RunListed { head: head(record), calls: record.calls };
    RunsTold::List(RunList { runs: all.iter().map(listed).collect() })
}

/// What `runs` and `runs show` tell in JSON.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RunsTold {
    /// All runs.
    List(RunList),
    /// One run.
    Shown(Box<RunShown>),
}

/// What `runs` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunList {
    /// The runs of the state folder, the newest last.
    pub runs: Vec<RunListed>,
}

/// One run of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunListed {
    /// The run.
    #[serde(flatten)]
    pub head: RunHead,
    /// How many calls it made.
    pub calls: usize,
}

/// What `runs show` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunShown {
    /// The run.
    pub run: WholeRun,
}

/// One run with its calls.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WholeRun {
    /// The run.
    #[serde(flatten)]
    pub head: RunHead,
    /// Its calls that write, in the order in which they were made.
    pub calls: Vec<CallMade>,
}

/// One run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunHead {
    /// Its name.
    pub run: String,
    /// The command that made it.
    pub command: String,
    /// The run that it took back, of `undo`.
    pub undoes: Option<String>,
    /// The deployment.
    pub deployment: String,
    /// CUCM's publisher.
    pub publisher: String,
    /// The playbook's file.
    pub playbook: String,
    /// When it began, RFC 3339.
    pub began: String,
    /// Who made it.
    pub who: String,
    /// The fingerprint of its plan.
    pub fingerprint: String,
    /// Whether secrets that were there before are kept, encrypted.
    pub sealed: bool,
    /// How many of its calls did not end well.
    pub not_well: usize,
    /// How it ended; null when it was broken off.
    pub ended: Option<String>,
    /// The file of its journal.
    pub journal: String,
}

/// One call that writes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CallMade {
    /// The operation.
    pub call: String,
    /// What it was about.
    pub object: ObjectNamed,
    /// What stood there, and what was written.
    pub fields: Vec<FieldWritten>,
    /// How it ended; null when no answer was seen.
    pub outcome: Option<String>,
}

/// An object of the cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ObjectNamed {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

/// One field of an object.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FieldWritten {
    /// The field.
    pub field: String,
    /// What stood there: null where nothing did, `(secret)`, `(unknown)`, a text or a list of texts.
    pub before: Value,
    /// What was written, likewise.
    pub after: Value,
}

fn head(record: &RunRecord) -> RunHead {
    RunHead {
        run: record.id.clone(),
        command: record.command().to_owned(),
        undoes: record.undoes().map(str::to_owned),
        deployment: record.deployment().to_owned(),
        publisher: record.publisher().to_owned(),
        playbook: record.playbook().to_owned(),
        began: record.began().to_owned(),
        who: record.who().to_owned(),
        fingerprint: record.fingerprint().to_owned(),
        sealed: record.seal().is_some(),
        not_well: record.unwell,
        ended: record.ended.clone(),
        journal: record.path.display().to_string(),
    }
}

/// One run, call by call.
pub fn run(record: &RunRecord, calls: &[Noted]) -> String {
    let mut out = String::new();
    let mut say = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    let what = match record.undoes() {
        Some(run) => format!("{} of {run}", record.command()),
        None => record.command().to_owned(),
    };
    say(&format!("run {}: {} of {}", line(&record.id), line(&what), line(record.deployment())));
    for (word, text) in [
        ("playbook", record.playbook()),
        ("publisher", record.publisher()),
        ("began", record.began()),
        ("by", record.who()),
        ("plan", record.fingerprint()),
        ("ended", ended(record)),
    ] {
        say(&format!("  {word:<10} {}", line(text)));
    }
    let secrets = if record.seal().is_some() { "sealed" } else { "not kept" };
    say(&format!("  {:<10} {secrets}", "secrets"));
    say("");
    for call in calls {
        let outcome = call.outcome.as_deref().unwrap_or("no answer seen");
        say(&format!(
            "{}  {}  {}",
            line(&call.object.to_string()),
            line(&call.call),
            line(outcome)
        ));
        for (key, before, after) in call.fields.iter().take(MOST_FIELDS) {
            say(&format!("    {}", line(&field(key, before, after))));
        }
        let more = call.fields.len().saturating_sub(MOST_FIELDS);
        if more > 0 {
            say(&format!("    … and {}", count(more, "more field")));
        }
    }
    say(&count(calls.len(), "call"));
    out
}

fn field(key: &Key, before: &Kept, after: &Kept) -> String {
    let mut text = key.to_string();
    let _infallible = write!(text, "  {} → {}", word(before), word(after));
    text
}

fn word(kept: &Kept) -> String {
    match kept.shown() {
        Shown::Absent => "absent".to_owned(),
        Shown::Text(text) if text.is_empty() => "empty".to_owned(),
        Shown::Text(text) => text,
        Shown::Secret(_) => "(secret)".to_owned(),
    }
}

/// One run for JSON.
pub fn run_fields(record: &RunRecord, calls: &[Noted]) -> RunsTold {
    let value = |kept: &Kept| match kept {
        Kept::Absent => Value::Null,
        Kept::List(list) => json!(list),
        Kept::Text(text) => json!(text),
        Kept::Secret { .. } => json!("(secret)"),
        Kept::Unknown => json!("(unknown)"),
    };
    let field = |(key, before, after): &(Key, Kept, Kept)| FieldWritten {
        field: key.to_string(),
        before: value(before),
        after: value(after),
    };
    let calls = calls.iter().map(|call| CallMade {
        call: call.call.clone(),
        object: ObjectNamed { kind: call.object.kind.word(), name: call.object.name.clone() },
        fields: call.fields.iter().map(field).collect(),
        outcome: call.outcome.clone(),
    });
    RunsTold::Shown(Box::new(RunShown {
        run: WholeRun { head: head(record), calls: calls.collect() },
    }))
}
