//! Host keys: the known-hosts file of the playbook or of the user, and what was accepted at a terminal, kept in
//! `host-keys.json` of the state folder: `{"host_keys": {"host:port": ["SHA256:…"]}}`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::endpoint;
use crate::clients::platform::HostKeys;
use crate::outcome::Outcome;
use crate::playbook::{Endpoint, Ssh};
use crate::trouble::Trouble;

use super::{files, variable};

const FILE: &str = "host-keys.json";

/// What is trusted: the playbook's file, else the user's own, then what was accepted.
pub fn trusted(ssh: &Ssh, state: &Path) -> Result<HostKeys, Trouble> {
    let mut texts = Vec::new();
    if let Some((path, at)) = &ssh.known_hosts {
        let text = files::read_text(Path::new(path)).map_err(|why| {
            Trouble::new("known-hosts-unusable", Outcome::Usage, format!("{path} cannot be read"))
                .at(at.to_string())
                .because(why)
                .then("correct ssh.known_hosts")
        })?;
        texts.push((path.clone(), text));
    } else if let Some(path) = own_file().filter(|path| path.exists()) {
        let shown = path.display().to_string();
        match files::read_text(&path) {
            Ok(text) => texts.push((shown, text)),
            // The user did not ask for this file; without it a host key is unknown, which is said.
            Err(why) => tracing::warn!(file = shown, why, "the known hosts cannot be read"),
        }
    }
    Ok(HostKeys::new(&texts, load(state)?))
}

fn own_file() -> Option<PathBuf> {
    let home = if cfg!(windows) { variable("USERPROFILE") } else { variable("HOME") };
    home.map(|home| Path::new(&home).join(".ssh").join("known_hosts"))
}

fn load(state: &Path) -> Result<BTreeMap<Endpoint, Vec<String>>, Trouble> {
    let path = state.join(FILE);
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    files::read_text(&path).and_then(|text| parse(&text)).map_err(|why| {
        Trouble::new(
            "host-keys-unreadable",
            Outcome::Failed,
            "The accepted host keys cannot be read",
        )
        .at(path.display().to_string())
        .because(why)
        .then("repair or remove the file; then the host keys are asked for again")
    })
}

/// Keeps one more accepted host key.
pub fn accept(state: &Path, endpoint: &Endpoint, fingerprint: &str) -> Result<(), Trouble> {
    let mut known = load(state)?;
    let own = known.entry(endpoint.clone()).or_default();
    if !own.iter().any(|known| known == fingerprint) {
        own.push(fingerprint.to_owned());
    }
    let entries: BTreeMap<String, &Vec<String>> =
        known.iter().map(|(endpoint, keys)| (endpoint.to_string(), keys)).collect();
    let mut text = format!("{:#}", json!({ "host_keys": entries }));
    text.push('\n');
    files::replace_private(&state.join(FILE), &text)
}

fn parse(text: &str) -> Result<BTreeMap<Endpoint, Vec<String>>, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let entries = document.get("host_keys").and_then(Value::as_object);
    let mut known = BTreeMap::new();
    for (name, keys) in entries.ok_or("it has no object \"host_keys\"")? {
        let endpoint = endpoint::with_port(name).map_err(|why| format!("{name}: {why}"))?;
        let keys: Option<Vec<String>> = keys
            .as_array()
            .and_then(|keys| keys.iter().map(|key| key.as_str().map(str::to_owned)).collect());
        known.insert(endpoint, keys.ok_or_else(|| format!("{name}: expected a list of SHA256:…"))?);
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::{accept, load};
    use crate::cli::endpoint::with_port;

    #[test]
    fn accepted_host_keys_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let node = with_port("fin-a.example.com:22").unwrap();
        assert!(load(folder.path()).unwrap().is_empty());
        accept(folder.path(), &node, "SHA256:abc").unwrap();
        accept(folder.path(), &node, "SHA256:abc").unwrap();
        assert_eq!(load(folder.path()).unwrap()[&node], ["SHA256:abc"]);
        std::fs::write(folder.path().join("host-keys.json"), "{}").unwrap();
        assert_eq!(load(folder.path()).unwrap_err().code, "host-keys-unreadable");
    }
}
