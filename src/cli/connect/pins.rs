//! Certificates that the user accepted at a terminal, kept in `pins.json` of the state folder:
//! `{"pins": {"host:port": ["sha256:…"]}}`, the form that `ippactl sandbox --ready` writes too, and the times beside it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::clients::tls::{Fingerprint, fingerprint_text, parse_fingerprint};
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::accepted::{Accepted, Book};

/// Pins per endpoint.
pub type Pins = BTreeMap<Endpoint, Vec<Fingerprint>>;

/// The file.
pub fn book(state: &Path) -> Book {
    Book::new(state, "pins.json", "pins")
}

/// What was accepted so far, as it is written.
pub fn accepted(state: &Path) -> Result<BTreeMap<Endpoint, Vec<Accepted>>, Trouble> {
    book(state).read().map_err(|why| unreadable(state, why))
}

/// What was accepted so far; nothing when there is no such file.
pub fn load(state: &Path) -> Result<Pins, Trouble> {
    let typed = |(endpoint, known): (Endpoint, Vec<Accepted>)| {
        let prints = known.iter().map(|one| parse_fingerprint(&one.fingerprint));
        let prints: Option<Vec<Fingerprint>> = prints.collect();
        let why = || unreadable(state, format!("{endpoint}: expected a list of sha256:…"));
        Ok((endpoint.clone(), prints.ok_or_else(why)?))
    };
    accepted(state)?.into_iter().map(typed).collect()
}

fn unreadable(state: &Path, why: String) -> Trouble {
    Trouble::new("pins-unreadable", Outcome::Failed, "The accepted certificates cannot be read")
        .at(book(state).path().display().to_string())
        .because(why)
        .then("repair or remove the file; then the certificates are asked for again")
}

/// Keeps one more accepted certificate.
pub fn accept(state: &Path, endpoint: &Endpoint, fingerprint: Fingerprint) -> Result<(), Trouble> {
    book(state).accept(accepted(state)?, endpoint, fingerprint_text(&fingerprint))
}

/// Pins as JSON: `{"host:port": ["sha256:…"]}`.
pub fn value(pins: &Pins) -> Value {
    let entries = pins.iter().map(|(endpoint, known)| {
        let known: Vec<Value> = known.iter().map(|pin| fingerprint_text(pin).into()).collect();
        (endpoint.to_string(), Value::from(known))
    });
    Value::Object(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::{accept, load};
    use crate::cli::endpoint::with_port;

    #[test]
    fn accepted_pins_are_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let pub_ = with_port("pub.example.com:8443").unwrap();
        assert!(load(folder.path()).unwrap().is_empty());
        accept(folder.path(), &pub_, [7; 32]).unwrap();
        accept(folder.path(), &pub_, [7; 32]).unwrap();
        accept(folder.path(), &with_port("[::1]:8445").unwrap(), [8; 32]).unwrap();
        let pins = load(folder.path()).unwrap();
        assert_eq!(pins[&pub_], [[7; 32]]);
        assert_eq!(pins.len(), 2);
    }

    #[test]
    fn a_broken_file_is_never_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pins.json"), r#"{"pins": {"pub:1": "x"}}"#).unwrap();
        assert_eq!(load(folder.path()).unwrap_err().code, "pins-unreadable");
    }
}
