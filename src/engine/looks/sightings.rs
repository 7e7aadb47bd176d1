//! What is remembered from one look to the next, because a node does not tell it later: the maintenance mode it was last
//! seen in, and an inactivity timeout that an upgrade puts back. In a file of its own: what a run owes is never touched.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::checks::Seen;
use crate::checks::maintenance::Earlier;
use crate::engine::journal::now;
use crate::engine::remembered::put;
use crate::planner::build::Observation;

use super::Around;

const FILE: &str = "seen.json";
const MAINTENANCE: &str = "maintenance";
const TIMEOUTS: &str = "inactivity timeouts";

/// Gives the checks what was seen earlier.
pub(super) fn look(around: Around<'_>, seen: &mut Seen) {
    seen.earlier = earlier(&read(around.task.state));
}

/// Keeps what was seen now.
pub(super) fn keep(folder: &Path, observation: &Observation, seen: &Seen) {
    let before = read(folder);
    let mut after = before.clone();
    for node in observation.finesse.iter().flat_map(|finesse| &finesse.nodes) {
        // Of a node that does not answer the last word stays.
        let Ok(state) = &node.state else { continue };
        let mode = state.maintenance.as_ref().map(|mode| json!(mode));
        set(&mut after, MAINTENANCE, &node.host, mode);
    }
    for shell in &seen.shells {
        let (Some(timeout), Some(release)) = (shell.timeout, &shell.release) else { continue };
        let earlier = seen.earlier.timeouts.get(&shell.host);
        if !timeout.is_default() {
            let value = json!({ "release": release, "value": timeout.words() });
            set(&mut after, TIMEOUTS, &shell.host, Some(value));
        } else if earlier.is_none_or(|(before, _)| before == release) {
            // Somebody has put it back.
            set(&mut after, TIMEOUTS, &shell.host, None);
        }
    }
    if after != before
        && let Err(error) = write(folder, after)
    {
        // A folder that cannot be written tells less the next time, and nothing wrong.
        tracing::warn!(%error, "what was seen is not remembered");
    }
}

fn read(folder: &Path) -> Map<String, Value> {
    let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    match serde_json::from_str(&text) {
        Ok(Value::Object(content)) => content,
        _ => Map::new(),
    }
}

fn earlier(content: &Map<String, Value>) -> Earlier {
    let section = |name: &str| content.get(name).and_then(Value::as_object).into_iter().flatten();
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let modes = section(MAINTENANCE)
        .filter_map(|(host, mode)| Some((host.clone(), mode.as_str()?.to_owned())));
    let timeouts = section(TIMEOUTS).filter_map(|(host, own)| {
        Some((host.clone(), (text(own, "release")?, text(own, "value")?)))
    });
    Earlier { maintenance: modes.collect(), timeouts: timeouts.collect() }
}

fn set(content: &mut Map<String, Value>, section: &str, host: &str, value: Option<Value>) {
    let Value::Object(entries) = content.entry(section).or_insert_with(|| json!({})) else {
        return;
    };
    match value {
        Some(value) => drop(entries.insert(host.to_owned(), value)),
        None => drop(entries.remove(host)),
    }
    if entries.is_empty() {
        content.remove(section);
    }
}

fn write(folder: &Path, mut content: Map<String, Value>) -> std::io::Result<()> {
    content.insert("seen".to_owned(), json!(now()));
    put(folder, FILE, &Value::Object(content))
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::{MAINTENANCE, TIMEOUTS, earlier, read, set, write};

    #[test]
    fn what_was_seen_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut content = Map::new();
        set(&mut content, MAINTENANCE, "fin-a", Some(json!("IN_PROGRESS")));
        set(&mut content, TIMEOUTS, "fin-a", Some(json!({"release": "12.5", "value": "disabled"})));
        write(folder.path(), content).unwrap();
        let mut content = read(folder.path());
        let seen = earlier(&content);
        assert_eq!(seen.maintenance["fin-a"], "IN_PROGRESS");
        assert_eq!(seen.timeouts["fin-a"], ("12.5".to_owned(), "disabled".to_owned()));
        set(&mut content, MAINTENANCE, "fin-a", None);
        assert!(earlier(&content).maintenance.is_empty() && !content.contains_key(MAINTENANCE));
        let empty = earlier(&read(&folder.path().join("none")));
        assert!(empty.maintenance.is_empty() && empty.timeouts.is_empty());
    }
}
