//! Host keys: the known-hosts file of the playbook or of the user, and what was accepted at a terminal, kept in
//! `host-keys.json` of the state folder: `{"host_keys": {"host:port": ["SHA256:…"]}}`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::clients::platform::HostKeys;
use crate::outcome::Outcome;
use crate::playbook::{Endpoint, Ssh};
use crate::trouble::Trouble;

use super::accepted::{Accepted, Book};
use super::{files, variable};

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

/// The user's own known hosts.
pub fn own_file() -> Option<PathBuf> {
    let home = if cfg!(windows) { variable("USERPROFILE") } else { variable("HOME") };
    home.map(|home| Path::new(&home).join(".ssh").join("known_hosts"))
}

/// The file of what was accepted.
pub fn book(state: &Path) -> Book {
    Book::new(state, "host-keys.json", "host_keys")
}

/// What was accepted so far, as it is written.
pub fn accepted(state: &Path) -> Result<BTreeMap<Endpoint, Vec<Accepted>>, Trouble> {
    let book = book(state);
    book.read().map_err(|why| {
        Trouble::new(
            "host-keys-unreadable",
            Outcome::Failed,
            "The accepted host keys cannot be read",
        )
        .at(book.path().display().to_string())
        .because(why)
        .then("repair or remove the file; then the host keys are asked for again")
    })
}

fn load(state: &Path) -> Result<BTreeMap<Endpoint, Vec<String>>, Trouble> {
    let prints = |known: Vec<Accepted>| known.into_iter().map(|one| one.fingerprint).collect();
    Ok(accepted(state)?.into_iter().map(|(endpoint, known)| (endpoint, prints(known))).collect())
}

/// Keeps one more accepted host key.
pub fn accept(state: &Path, endpoint: &Endpoint, fingerprint: &str) -> Result<(), Trouble> {
    book(state).accept(accepted(state)?, endpoint, fingerprint.to_owned())
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
