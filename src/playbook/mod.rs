//! Text to [`Deployment`]: pure, every mistake with file, line, column and snippet.

pub mod location;
pub mod account;
pub mod deployment;
pub mod draft;
pub mod product;
pub mod duration;
pub mod provisioning;
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
pub mod phones;
pub mod template;
pub mod finesse_settings;
pub mod restarts;
pub mod certificates;
pub mod thresholds;
pub mod journal;
pub mod limits;
pub mod sso;
pub mod lines;
pub mod places;
pub mod waivers;
pub mod windows;
pub mod requirements;
pub mod agents;
pub mod roster;
pub mod roster_csv;
pub mod document;
pub mod underline;
pub mod ascii_name;
pub mod site;

pub use account::*;
pub use ascii_name::ascii_name;
pub use certificates::{Certificates, Correction, ImportWay, NodeCorrection, TrustMode};
pub use deployment::*;
pub use diagnostic::{Diagnostic, Snippet};
pub use duration::{duration, in_words};
pub use location::Location;
pub use passwords::passwords;
pub use product::Product;
pub use provisioning::*;
pub use secret::is_keyring_name;
pub use sso::{RefreshForm, Sso};
pub use thresholds::Thresholds;
pub use underline::underline;
pub use waivers::{Waiver, Waivers, waivers, waivers_path};

#[cfg(test)]
mod tests;

use std::path::Path;

use decode::Value;
use reading::{Mistake, Reading, Span};
use tree::Node;

/// Largest file read, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

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
    parsed(file, text, files, |_| ())
}

/// The same, with something done to what the text says before it is taken for a playbook.
fn parsed(
    file: &str,
    text: &str,
    files: &dyn Files,
    prepare: impl FnOnce(&mut Node),
) -> Result<Deployment, Vec<Diagnostic>> {
    if text.len() > LARGEST {
        let mut reading = Reading::new(file, "");
        let message = format!("the file has {} bytes, more than {LARGEST}", text.len());
        reading.report(Mistake::new("too-large", Span::default(), message));
        return Err(reading.finish());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading::new(file, text);
    let root = tree::read(&mut reading);
    let Some(mut root) = root else {
        if !reading.has_mistakes() {
            let message = "the playbook is empty";
            reading.report(Mistake::new("missing-key", Span::default(), message));
        }
        return Err(reading.finish());
    };
    secrecy::hide(&mut reading, &root);
    prepare(&mut root);
    let value = Value { node: &root, key: Span::default(), path: String::new() };
    let (deployment, books) = document::deployment(&mut reading, &value, files);
    let clean = !reading.has_mistakes() && books.iter().all(|book| !book.has_mistakes());
    match deployment {
        Some(mut deployment) if clean => {
            deployment.places = places::Places::of(&reading, &root);
            for read in std::iter::once(&reading).chain(&books) {
                deployment.lines.add(read.file(), &read.text());
            }
            Ok(deployment)
        }
        _ => {
            let mut mistakes = reading.finish();
            mistakes.extend(books.into_iter().flat_map(Reading::finish));
            Err(mistakes)
        }
    }
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
