//! Runs as their journals tell of them: a list, and one run with all its calls.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

use crate::engine::journal::runs::RunRecord;
use crate::journal::past::Noted;
use crate::journal::{Kept, Key};
use crate::plan::Shown;

use super::sanitize::line;
use super::style::count;

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
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["run", "command", "deployment", "began", "calls", "not well", "ended"]);
    for record in all {
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
        table.add_row(cells.map(|cell| line(cell).into_owned()));
    }
    format!("{}\n", table.trim_fmt())
}

/// The list for JSON.
pub fn fields(all: &[RunRecord]) -> Value {
    json!({"runs": all.iter().map(head).collect::<Vec<_>>()})
}

fn head(record: &RunRecord) -> Value {
    json!({
        "run": record.id,
        "command": record.command(),
        "undoes": record.undoes(),
        "deployment": record.deployment(),
        "publisher": record.publisher(),
        "playbook": record.playbook(),
        "began": record.began(),
        "who": record.who(),
        "fingerprint": record.fingerprint(),
        "sealed": record.seal().is_some(),
        "calls": record.calls,
        "not_well": record.unwell,
        "ended": record.ended,
        "journal": record.path.display().to_string(),
    })
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
pub fn run_fields(record: &RunRecord, calls: &[Noted]) -> Value {
    let value = |kept: &Kept| match kept {
        Kept::Absent => Value::Null,
        Kept::List(list) => json!(list),
        Kept::Text(text) => json!(text),
        Kept::Secret { .. } => json!("(secret)"),
        Kept::Unknown => json!("(unknown)"),
    };
    let calls = calls.iter().map(|call| {
        let fields = call.fields.iter().map(|(key, before, after)| {
            json!({"field": key.to_string(), "before": value(before), "after": value(after)})
        });
        json!({
            "call": call.call,
            "object": {"kind": call.object.kind.word(), "name": call.object.name},
            "fields": fields.collect::<Vec<_>>(),
            "outcome": call.outcome,
        })
    });
    let mut fields = head(record);
    fields["calls"] = Value::Array(calls.collect());
    json!({"run": fields})
}
