//! `--history`: the report is kept, and told since when its findings stand.

use std::sync::Arc;

use secrecy::ExposeSecret as _;

use crate::engine::Secrets as _;
use crate::outcome::Outcome;
use crate::playbook::{Location, SecretRef, SecretSource};
use crate::report::Report;
use crate::report::history::chain::Key;
use crate::report::history::folder;
use crate::trouble::Trouble;

use super::Call;
use super::args::History;
use super::connect::secrets::Vault;

/// Keeps the report where it is asked for. A report that cannot be kept is an error beside its result.
pub fn keep(call: &Call, flags: &History, report: &mut Report) {
    let Some(dir) = &flags.history else { return };
    let kept = key(call, flags.history_key.as_deref())
        .and_then(|key| folder::keep(dir, key.as_ref(), report));
    if let Err(trouble) = kept {
        report.outcome = Outcome::winner([report.outcome, trouble.outcome]);
        report.troubles.push(trouble);
    }
}

/// The key that this names: a file, or `env:NAME`.
pub fn key(call: &Call, named: Option<&str>) -> Result<Option<Key>, Trouble> {
    let Some(named) = named else { return Ok(None) };
    let source = match named.strip_prefix("env:") {
        Some(name) => SecretSource::Env(name.to_owned()),
        None => SecretSource::File(named.to_owned()),
    };
    let at = Location { file: Arc::from("--history-key"), line: 1, column: 1 };
    let secret = SecretRef { source, purpose: "--history-key".to_owned(), at };
    let text = Vault::new(call.interactive, call.global.sandbox).resolve(&secret)?;
    if text.expose_secret().is_empty() {
        return Err(Trouble::new("history-key", Outcome::Usage, "The key of the history is empty")
            .at(named)
            .then("give a file or variable that holds the key"));
    }
    Ok(Some(Key::new(text.expose_secret().as_bytes())))
}
