//! Certificates that the user accepted at a terminal, kept in `pins.json` of the state folder:
//! `{"pins": {"host:port": ["sha256:…"]}}`, the form that `ippactl sandbox --ready` writes too.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::endpoint;
use crate::clients::tls::{Fingerprint, fingerprint_text, parse_fingerprint};
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::files;

/// Pins per endpoint.
pub type Pins = BTreeMap<Endpoint, Vec<Fingerprint>>;

const FILE: &str = "pins.json";

/// What was accepted so far; nothing when there is no such file.
pub fn load(state: &Path) -> Result<Pins, Trouble> {
    let path = state.join(FILE);
    if !path.exists() {
        return Ok(Pins::new());
    }
    files::read_text(&path).and_then(|text| parse(&text)).map_err(|why| {
        Trouble::new("pins-unreadable", Outcome::Failed, "The accepted certificates cannot be read")
            .at(path.display().to_string())
            .because(why)
            .then("repair or remove the file; then the certificates are asked for again")
    })
}

/// Keeps one more accepted certificate.
pub fn accept(state: &Path, endpoint: &Endpoint, fingerprint: Fingerprint) -> Result<(), Trouble> {
    let mut pins = load(state)?;
    let known = pins.entry(endpoint.clone()).or_default();
    if !known.contains(&fingerprint) {
        known.push(fingerprint);
    }
    let mut text = format!("{:#}", json!({ "pins": value(&pins) }));
    text.push('\n');
    files::replace_private(&state.join(FILE), &text)
}

/// Pins as JSON: `{"host:port": ["sha256:…"]}`.
pub fn value(pins: &Pins) -> Value {
    let entries = pins.iter().map(|(endpoint, known)| {
        let known: Vec<Value> = known.iter().map(|pin| fingerprint_text(pin).into()).collect();
        (endpoint.to_string(), Value::from(known))
    });
    Value::Object(entries.collect())
}

fn parse(text: &str) -> Result<Pins, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let entries =
        document.get("pins").and_then(Value::as_object).ok_or("it has no object \"pins\"")?;
    let mut pins = Pins::new();
    for (name, known) in entries {
        let endpoint = endpoint::with_port(name).map_err(|why| format!("{name}: {why}"))?;
        let known: Option<Vec<Fingerprint>> = known.as_array().and_then(|known| {
            known.iter().map(|pin| pin.as_str().and_then(parse_fingerprint)).collect()
        });
        pins.insert(endpoint, known.ok_or_else(|| format!("{name}: expected a list of sha256:…"))?);
    }
    Ok(pins)
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
