//! References to secrets: where one is found, never the secret itself.

use super::account::{SecretRef, SecretSource};
use super::decode::{self, Keys, Value};
use super::reading::{Mistake, Reading};
use super::secrecy;
use super::tree::NodeKind;

const KEYS: Keys = Keys { known: &["env", "file", "command", "prompt", "keyring"], later: &[] };
const EXAMPLE: &str = "write where it is found, for example { env: NAME } or { prompt: true }";

/// Reads a reference to a secret. File paths are joined to the playbook's folder.
pub fn secret(reading: &mut Reading, value: &Value<'_>) -> Option<SecretRef> {
    let NodeKind::Map(entries) = &value.node.kind else {
        secrecy::hide_all(reading, value.node);
        let inline = matches!(value.node.kind, NodeKind::Scalar { .. }) && !value.node.is_nothing();
        let mistake = if inline {
            let message = format!("`{}` is written into the file; secrets never are", value.path);
            Mistake::new("inline-secret", value.point(), message)
        } else {
            let message = format!("`{}` must say where the secret is found", value.path);
            Mistake::new("wrong-type", value.point(), message)
        };
        reading.report(mistake.then(EXAMPLE));
        return None;
    };
    if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.known.contains(&key.text.as_str()))
    {
        // The key may be the secret itself, so it is neither named nor shown.
        secrecy::hide_all(reading, value.node);
        let near = super::diagnostic::nearest(&key.text, KEYS.known);
        let message =
            format!("`{}` has a key that is not env, file, command, keyring or prompt", value.path);
        reading.report(Mistake::new("unknown-key", key.span, message).near(near).then(EXAMPLE));
        return None;
    }
    let section = decode::section(reading, value, KEYS)?;
    if entries.len() != 1 {
        let message = format!("`{}` must name exactly one place", value.path);
        reading.report(Mistake::new("bad-value", value.key, message).then(EXAMPLE));
        return None;
    }
    let (key, place) = section.all().next()?;
    let source = match key.text.as_str() {
        "env" => SecretSource::Env(variable(reading, &place)?),
        "file" => {
            let path = decode::text(reading, &place)?;
            SecretSource::File(super::joined(reading.file(), &path))
        }
        "command" => SecretSource::Command(command(reading, &place)?),
        "keyring" => SecretSource::Keyring(keyring(reading, &place)?),
        "prompt" => prompt(reading, &place)?,
        _ => return None,
    };
    Some(SecretRef { source, purpose: value.path.clone(), at: reading.locate(value.key.start) })
}

/// Whether a reference is one of the kinds allowed here; reports it when not.
pub fn only(
    reading: &mut Reading,
    value: &Value<'_>,
    secret: Option<SecretRef>,
) -> Option<SecretRef> {
    let secret = secret?;
    match secret.source {
        SecretSource::File(_) | SecretSource::Command(_) => Some(secret),
        SecretSource::Env(_) | SecretSource::Keyring(_) | SecretSource::Prompt => {
            let message = format!("`{}` must be a file or a command", value.path);
            reading.report(
                Mistake::new("bad-value", value.key, message)
                    .then("it holds one line `id,password` per agent"),
            );
            None
        }
    }
}

fn variable(reading: &mut Reading, place: &Value<'_>) -> Option<String> {
    let name = decode::text(reading, place)?;
    let word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !word || name.starts_with(|c: char| c.is_ascii_digit()) || name.len() > 128 {
        secrecy::hide_all(reading, place.node);
        let message = format!("`{}` is not the name of an environment variable", place.path);
        reading.report(
            Mistake::new("bad-value", place.point(), message)
                .then("letters, digits and underscores; the secret itself is never written here"),
        );
        return None;
    }
    Some(name)
}

/// Whether a secret can be kept in the keyring under this name.
pub fn is_keyring_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    (1..=64).contains(&name.len()) && name.chars().all(fits)
}

fn keyring(reading: &mut Reading, place: &Value<'_>) -> Option<String> {
    let name = decode::text(reading, place)?;
    if !is_keyring_name(&name) {
        secrecy::hide_all(reading, place.node);
        let message = format!("`{}` is no name for a secret in the keyring", place.path);
        reading.report(Mistake::new("bad-value", place.point(), message).then(
            "letters, digits and . _ - /, at most 64; the secret itself is never written here",
        ));
        return None;
    }
    Some(name)
}

fn command(reading: &mut Reading, place: &Value<'_>) -> Option<Vec<String>> {
    secrecy::hide_all(reading, place.node);
    let words = decode::texts(reading, place)?;
    if words.is_empty() {
        let message = format!("`{}` must name a program and its arguments", place.path);
        reading.report(Mistake::new("bad-value", place.key, message));
        return None;
    }
    Some(words.into_iter().map(|(word, _)| word).collect())
}

fn prompt(reading: &mut Reading, place: &Value<'_>) -> Option<SecretSource> {
    if let NodeKind::Scalar { text, plain: true } = &place.node.kind
        && text == "true"
    {
        return Some(SecretSource::Prompt);
    }
    secrecy::hide_all(reading, place.node);
    let message = format!("`{}` must be `true`", place.path);
    reading.report(Mistake::new("bad-value", place.point(), message));
    None
}
