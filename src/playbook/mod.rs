//! Text to [`Deployment`]: pure, every mistake with file, line, column and snippet.

pub mod deployment;
pub mod diagnostic;
pub mod passwords;
pub mod reading;
pub mod secrecy;
pub mod tree;
pub mod decode;
pub mod endpoint;
pub mod release;
pub mod secret;
pub mod connections;
pub mod sections;
pub mod agents;
pub mod roster;
pub mod roster_csv;
pub mod underline;
pub mod ascii_name;

pub use ascii_name::ascii_name;
pub use deployment::*;
pub use diagnostic::{Diagnostic, Snippet};
pub use passwords::passwords;
pub use underline::underline;

#[cfg(test)]
mod tests;

use std::path::Path;

use decode::{Keys, Value};
use diagnostic::shown;
use reading::{Mistake, Reading, Span};

/// Largest file read, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

const KEYS: Keys = Keys {
    known: &[
        "version",
        "deployment",
        "cucm",
        "finesse",
        "credentials",
        "tls",
        "application_user",
        "phone_services",
        "one_button_sign_in",
        "agents",
        "dialect",
        "limits",
    ],
    later: &[
        "ssh",
        "phone_settings",
        "phone_apply",
        "finesse_settings",
        "self_care",
        "certificates",
        "restart",
        "windows",
        "checks",
        "sso",
        "journal",
    ],
};

/// How the files that a playbook names are read. The playbook module itself reads nothing.
pub trait Files {
    /// The bytes of a file; the path is already joined to the playbook's folder.
    ///
    /// # Errors
    /// Why it cannot be read, in a few words.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// Reads a playbook, which the user knows as `file`, and the rosters it names.
///
/// # Errors
/// Every mistake found, playbook first, then the roster files, each in the order of the text. All are errors.
pub fn parse(file: &str, text: &str, files: &dyn Files) -> Result<Deployment, Vec<Diagnostic>> {
    if text.len() > LARGEST {
        let mut reading = Reading::new(file, "");
        let message = format!("the file has {} bytes, more than {LARGEST}", text.len());
        reading.report(Mistake::new("too-large", Span::default(), message));
        return Err(reading.finish());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading::new(file, text);
    let root = tree::read(&mut reading);
    let Some(root) = root else {
        if !reading.has_mistakes() {
            let message = "the playbook is empty";
            reading.report(Mistake::new("missing-key", Span::default(), message));
        }
        return Err(reading.finish());
    };
    secrecy::hide(&mut reading, &root);
    let value = Value { node: &root, key: Span::default(), path: String::new() };
    let (deployment, books) = deployment(&mut reading, &value, files);
    let clean = !reading.has_mistakes() && books.iter().all(|book| !book.has_mistakes());
    match deployment {
        Some(deployment) if clean => Ok(deployment),
        _ => {
            let mut mistakes = reading.finish();
            mistakes.extend(books.into_iter().flat_map(Reading::finish));
            Err(mistakes)
        }
    }
}

fn deployment(
    reading: &mut Reading,
    value: &Value<'_>,
    files: &dyn Files,
) -> (Option<Deployment>, Vec<Reading>) {
    if !matches!(value.node.kind, tree::NodeKind::Map(_)) {
        let message =
            format!("a playbook is a mapping (`key: value`), not {}", value.node.kind_word());
        secrecy::hide_all(reading, value.node);
        reading.report(Mistake::new("wrong-type", Span::default(), message));
        return (None, Vec::new());
    }
    let Some(section) = decode::section(reading, value, KEYS) else { return (None, Vec::new()) };
    if let Some(value) = section.need(reading, "version") {
        let _: Option<()> = decode::word(reading, &value, &[("1", ())]);
    }
    let name = section.need(reading, "deployment").and_then(|value| name(reading, &value));
    let cucm = section.need(reading, "cucm").and_then(|value| connections::cucm(reading, &value));
    let declared = section.need(reading, "finesse");
    let finesse = declared.as_ref().and_then(|value| connections::finesse(reading, value));
    let credentials =
        section.need(reading, "credentials").and_then(|v| connections::credentials(reading, &v));
    let tls = section.get("tls").map(|value| connections::tls(reading, &value));
    let user = section
        .need(reading, "application_user")
        .and_then(|value| sections::application_user(reading, &value));
    let two_nodes = declared.as_ref().and_then(|value| has_key(value, "secondary"));
    let services_at = section.need(reading, "phone_services");
    let services =
        services_at.as_ref().and_then(|v| sections::phone_services(reading, v, two_nodes));
    let otherwise_at = reading.locate(services_at.as_ref().map_or(0, |value| value.key.start));
    let one_button = section.get("one_button_sign_in");
    let one_button =
        sections::one_button_sign_in(reading, one_button.as_ref(), otherwise_at.clone());
    let read = match section.get("agents") {
        Some(value) => agents::agents(reading, &value, files, one_button.as_ref()),
        None => without_agents(reading, one_button.as_ref(), otherwise_at),
    };
    let dialect = section.get("dialect").map(|value| sections::dialect(reading, &value));
    let limits = section.get("limits").map(|value| sections::limits(reading, &value));
    let build = || {
        Some(Deployment {
            file: reading.file().clone(),
            name: name?,
            cucm: cucm?,
            finesse: finesse?,
            credentials: credentials?,
            tls: tls.unwrap_or_else(|| Some(Tls::default()))?,
            application_user: user?,
            phone_services: services?,
            one_button_sign_in: one_button?,
            agents: read.agents?,
            dialect: dialect.unwrap_or_else(|| Some(Dialect::default()))?,
            limits: limits.unwrap_or_else(|| Some(Limits::default()))?,
        })
    };
    (build(), read.books)
}

fn without_agents(
    reading: &mut Reading,
    one_button: Option<&OneButtonSignIn>,
    at: Location,
) -> agents::Read {
    if one_button.is_some_and(|who| who.password == FilledBy::Administrator) {
        reading.report(
            Mistake::new("missing-key", Span::default(), "`agents.passwords` is missing")
                .then("one_button_sign_in.password is `administrator`"),
        );
    }
    let none = Agents { rows: Vec::new(), passwords: None, unlisted: Unlisted::Report, at };
    agents::Read { agents: Some(none), books: Vec::new() }
}

fn has_key(value: &Value<'_>, key: &str) -> Option<bool> {
    match &value.node.kind {
        tree::NodeKind::Map(entries) => Some(entries.iter().any(|(name, _)| name.text == key)),
        tree::NodeKind::Scalar { .. } | tree::NodeKind::List(_) => None,
    }
}

fn name(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let name = decode::text(reading, value)?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.len() <= 63 && !name.starts_with('-') && name.bytes().all(plain) {
        return Some(name);
    }
    let near: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(63)
        .collect();
    let near = near.trim_matches('-').to_owned();
    let message = format!("`{}` is not a deployment's name", shown(&name));
    reading.report(
        Mistake::new("bad-value", value.point(), message)
            .near((!near.is_empty() && !secrecy::holds_a_secret(&name)).then_some(near))
            .then("1 to 63 lower-case letters, digits and hyphens, no hyphen first"),
    );
    None
}

/// A path as the playbook writes it, joined to the playbook's folder.
fn joined(file: &str, path: &str) -> String {
    match Path::new(file).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.join(path).display().to_string(),
        _ => path.to_owned(),
    }
}

/// A file's text.
fn load(files: &dyn Files, path: &str) -> Result<String, String> {
    let bytes = files.read(path)?;
    if bytes.len() > LARGEST {
        return Err(format!("it has {} bytes, more than {LARGEST}", bytes.len()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let line = bytes.iter().take(error.utf8_error().valid_up_to()).filter(|b| **b == b'\n');
        format!("line {} is not UTF-8; save it as \"CSV UTF-8\"", line.count() + 1)
    })
}
