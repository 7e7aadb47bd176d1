//! Which parts of a playbook's text must never be shown: whatever somebody may have typed where a secret belongs.

use super::reading::{Reading, Span};
use super::tree::{Node, NodeKind};

/// Words that stand under a key named like a secret without being one.
const HARMLESS: [&str; 6] = ["administrator", "agent", "sign-in", "refuse", "rotate", "keep"];
/// The ways to say where a secret is found.
const PLACES: [&str; 4] = ["env", "file", "keyring", "prompt"];

/// Whether a key is, or was meant to be, the name of a secret.
pub fn names_a_secret(key: &str) -> bool {
    let key: String = key.to_lowercase().chars().filter(|c| c.is_alphanumeric()).take(64).collect();
    ["pass", "pwd", "pasw", "secret", "token", "passphrase"].iter().any(|part| key.contains(part))
        || strsim::damerau_levenshtein(&key, "password") <= 3
}

/// Whether a text that is no secret by its key looks as if one had got into it: something before an at sign, or
/// something behind a word that names a secret.
pub fn holds_a_secret(text: &str) -> bool {
    text.contains('@')
        || secret_begins(text)
            .and_then(|at| text.get(at..))
            .is_some_and(|rest| !rest.trim().is_empty())
}

/// Hides every value below a key that names a secret, unless it plainly says where the secret is found.
pub fn hide(reading: &mut Reading, node: &Node) {
    match &node.kind {
        NodeKind::Scalar { text, .. } if holds_a_secret(text) => reading.hide(node.span),
        NodeKind::Scalar { .. } => {}
        NodeKind::List(items) => items.iter().for_each(|item| hide(reading, item)),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                if holds_a_secret(&key.text) {
                    reading.hide(key.span);
                }
                if names_a_secret(&key.text) {
                    hide_value(reading, value);
                } else {
                    hide(reading, value);
                }
            }
        }
    }
}

/// Hides everything in a value.
pub fn hide_all(reading: &mut Reading, node: &Node) {
    let mut spans = Vec::new();
    node.scalars(&mut spans);
    for span in spans {
        reading.hide(span);
    }
}

fn hide_value(reading: &mut Reading, value: &Node) {
    match &value.kind {
        NodeKind::Scalar { text, .. } if HARMLESS.contains(&text.as_str()) => {}
        NodeKind::Scalar { .. } | NodeKind::List(_) => hide_all(reading, value),
        NodeKind::Map(entries) => {
            for (key, place) in entries {
                match (&place.kind, PLACES.contains(&key.text.as_str())) {
                    (NodeKind::Scalar { .. }, true) => {}
                    // A command's arguments are its own business; anything else is not a place.
                    (_, true) => hide_all(reading, place),
                    (_, false) => {
                        if key.text != "command" {
                            reading.hide(key.span);
                        }
                        hide_all(reading, place);
                    }
                }
            }
        }
    }
}

/// Hides what may belong to a secret in a text that is not valid YAML: from a key that names a secret up to the
/// next line that begins a key at the same or a lesser indentation. So does the body of a request.
pub fn hide_in_broken_text(reading: &mut Reading, text: &str) {
    // What stands before an at sign may be a user with a password.
    for word in text.split_whitespace().filter(|word| word.contains('@')) {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        reading.hide(Span { start, end: start + word.len() });
    }
    let mut inside: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.chars().take_while(|c| *c == ' ').count();
        if inside.is_some_and(|outer| indent <= outer && begins_a_key(line)) {
            inside = None;
        }
        if inside.is_some() {
            reading.hide(Span { start: at, end: at + line.len() });
        } else if let Some(after) = secret_begins(line).or_else(|| body_begins(line)) {
            inside = Some(indent);
            reading.hide(Span { start: at + after, end: at + line.len() });
        }
        at += line.len();
    }
}

/// Where on the line the body of a request begins.
fn body_begins(line: &str) -> Option<usize> {
    line.find("body:").map(|at| at + "body:".len())
}

fn begins_a_key(line: &str) -> bool {
    let word = line.trim_start().trim_start_matches("- ");
    let name: String =
        word.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    !name.is_empty() && word.get(name.len()..).is_some_and(|rest| rest.starts_with(':'))
}

/// Where on the line a secret may begin: behind the first word that names one.
fn secret_begins(line: &str) -> Option<usize> {
    let mut start = None;
    for (at, c) in line.char_indices().chain(std::iter::once((line.len(), '\n'))) {
        if c.is_alphanumeric() || c == '_' {
            start.get_or_insert(at);
        } else if let Some(from) = start.take()
            && line.get(from..at).is_some_and(names_a_secret)
        {
            return Some(if c == ':' { at + 1 } else { at });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{names_a_secret, secret_begins};

    #[test]
    fn misspelt_passwords_are_still_passwords() {
        for key in
            ["password", "pasword", "passwort", "Pass-Word", "pwd", "client_secret", "pssword"]
        {
            assert!(names_a_secret(key), "{key}");
        }
        for key in ["user", "publisher", "host", "deployment", "phone_services", "primary"] {
            assert!(!names_a_secret(key), "{key}");
        }
    }

    #[test]
    fn a_secret_begins_behind_its_name() {
        assert_eq!(secret_begins("  axl: { user: a, password: x"), Some(27));
        assert_eq!(secret_begins("  axl: { user: a }"), None);
    }
}
