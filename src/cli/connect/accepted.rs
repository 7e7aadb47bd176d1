//! What was accepted at a terminal, in a file of the state folder: fingerprints per endpoint, and when each was accepted.
//! `{"WORD": {"host:port": ["…"]}, "accepted": {"host:port …": "TIME"}}`; a file without times is as good.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::cli::endpoint;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::files;

const TIMES: &str = "accepted";

/// One fingerprint, and since when it is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The fingerprint, as it is written.
    pub fingerprint: String,
    /// When it was accepted, RFC 3339; nothing where the file does not tell.
    pub when: Option<String>,
}

/// A file of fingerprints.
#[derive(Debug, Clone)]
pub struct Book {
    path: PathBuf,
    word: &'static str,
}

type Entries = BTreeMap<Endpoint, Vec<Accepted>>;

impl Book {
    /// This file of the state folder, with its entries under this word.
    pub fn new(state: &Path, file: &str, word: &'static str) -> Self {
        Self { path: state.join(file), word }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything in it; nothing when there is no such file. An error is why it cannot be read.
    pub fn read(&self) -> Result<Entries, String> {
        if !self.path.exists() {
            return Ok(Entries::new());
        }
        self.parse(&files::read_text(&self.path)?)
    }

    fn parse(&self, text: &str) -> Result<Entries, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let entries = document.get(self.word).and_then(Value::as_object);
        let entries = entries.ok_or_else(|| format!("it has no object \"{}\"", self.word))?;
        let mut known = Entries::new();
        for (name, prints) in entries {
            let endpoint = endpoint::with_port(name).map_err(|why| format!("{name}: {why}"))?;
            let one = |print: &Value| {
                let fingerprint = print.as_str()?.to_owned();
                let when = document.get(TIMES).and_then(|times| times.get(key(name, &fingerprint)));
                let when = when.and_then(Value::as_str).map(str::to_owned);
                Some(Accepted { fingerprint, when })
            };
            let prints = prints.as_array().and_then(|prints| prints.iter().map(one).collect());
            let prints =
                prints.ok_or_else(|| format!("{name}: expected a list of fingerprints"))?;
            known.insert(endpoint, prints);
        }
        Ok(known)
    }

    /// Adds a fingerprint to these entries, and writes them.
    pub fn accept(
        &self,
        mut known: Entries,
        endpoint: &Endpoint,
        fingerprint: String,
    ) -> Result<(), Trouble> {
        let own = known.entry(endpoint.clone()).or_default();
        if !own.iter().any(|known| known.fingerprint == fingerprint) {
            let now = Timestamp::now().round(jiff::Unit::Second).unwrap_or_default();
            own.push(Accepted { fingerprint, when: Some(now.to_string()) });
        }
        self.write(&known)
    }

    /// Takes an endpoint out of these entries, and writes what is left; what was taken out.
    pub fn remove(
        &self,
        mut known: Entries,
        endpoint: &Endpoint,
    ) -> Result<Vec<Accepted>, Trouble> {
        let removed = known.remove(endpoint).unwrap_or_default();
        if !removed.is_empty() {
            self.write(&known)?;
        }
        Ok(removed)
    }

    fn write(&self, known: &Entries) -> Result<(), Trouble> {
        let (mut entries, mut times) = (Map::new(), Map::new());
        for (endpoint, prints) in known {
            let name = endpoint.to_string();
            for Accepted { fingerprint, when } in prints {
                times.extend(when.as_ref().map(|when| (key(&name, fingerprint), json!(when))));
            }
            let prints: Vec<&str> = prints.iter().map(|one| one.fingerprint.as_str()).collect();
            entries.insert(name, json!(prints));
        }
        let text = format!("{:#}\n", json!({ self.word: entries, TIMES: times }));
        files::replace_private(&self.path, &text)
    }
}

fn key(name: &str, fingerprint: &str) -> String {
    format!("{name} {fingerprint}")
}

#[cfg(test)]
mod tests {
    use super::Book;
    use crate::cli::endpoint::with_port;

    #[test]
    fn what_is_accepted_is_kept_with_its_time_and_taken_out_again() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::new(folder.path(), "x.json", "words");
        let (one, other) = (with_port("a:1").unwrap(), with_port("[::1]:2").unwrap());
        std::fs::write(book.path(), r#"{"words": {"a:1": ["old"]}}"#).unwrap();
        book.accept(book.read().unwrap(), &one, "new".to_owned()).unwrap();
        book.accept(book.read().unwrap(), &one, "new".to_owned()).unwrap();
        book.accept(book.read().unwrap(), &other, "third".to_owned()).unwrap();
        let known = book.read().unwrap();
        assert_eq!(known[&one].len(), 2);
        assert_eq!(known[&one][0].when, None);
        assert!(known[&one][1].when.as_ref().unwrap().ends_with('Z'));
        assert_eq!(book.remove(known, &one).unwrap().len(), 2);
        let known = book.read().unwrap();
        assert_eq!(known.keys().collect::<Vec<_>>(), [&other]);
        assert!(book.remove(known, &one).unwrap().is_empty());
    }
}
