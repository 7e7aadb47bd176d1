//! Agents whom this tool has signed in and not out again, kept in the state folder: `signed-in/AGENT.json` with the
//! extension. Whoever is signed in otherwise is somebody else, and is left alone.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::trouble::Trouble;

use super::{files, tokens};

const FOLDER: &str = "signed-in";

fn path(state: &Path, agent: &str) -> PathBuf {
    state.join(FOLDER).join(tokens::file_name(agent))
}

/// The extension at which this tool has signed the agent in. What cannot be read counts as nothing.
pub fn extension(state: &Path, agent: &str) -> Option<String> {
    let text = files::read_text(&path(state, agent)).ok()?;
    let document: Value = serde_json::from_str(&text).ok()?;
    let own = document.get("agent")?.as_str()? == agent;
    document.get("extension")?.as_str().filter(|_| own).map(str::to_owned)
}

/// It has signed the agent in.
pub fn note(state: &Path, agent: &str, extension: &str) -> Result<(), Trouble> {
    let text = json!({ "agent": agent, "extension": extension }).to_string();
    files::replace_private(&path(state, agent), &format!("{text}\n"))
}

/// The agent is signed out.
pub fn forget(state: &Path, agent: &str) {
    // Without the file there was nothing to forget; one that stays is told apart by its extension.
    drop(std::fs::remove_file(path(state, agent)));
}

#[cfg(test)]
mod tests {
    use super::{extension, forget, note};

    #[test]
    fn who_was_signed_in_is_known_until_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(extension(folder.path(), "1001"), None);
        note(folder.path(), "1001", "2001").unwrap();
        assert_eq!(extension(folder.path(), "1001").as_deref(), Some("2001"));
        assert_eq!(extension(folder.path(), "1002"), None);
        forget(folder.path(), "1001");
        assert_eq!(extension(folder.path(), "1001"), None);
    }
}
