//! What `init` has written, as text and as fields of a JSON document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::sanitize::line;
use super::style::count;

/// What `init` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Written {
    /// The files, the playbook first.
    pub files: Vec<FileView>,
    /// Whether the cluster was looked at.
    pub looked: bool,
    /// What could not be looked at, and why.
    pub not_looked_at: Vec<String>,
    /// What is on the cluster and in no playbook.
    pub left_out: Vec<String>,
    /// Warnings of `validate`.
    pub warnings: Vec<String>,
    /// Where the playbook finds its secrets.
    pub secrets: Vec<SecretView>,
    /// What to do next, in order; the last is a command.
    pub next: Vec<String>,
}

/// A file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FileView {
    /// Its path.
    pub path: String,
    /// playbook or roster.
    pub kind: String,
    /// Rows of a roster.
    pub rows: Option<usize>,
}

/// The place of a secret.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct SecretView {
    /// What it is for, in the playbook's words.
    pub purpose: String,
    /// An environment variable.
    pub variable: Option<String>,
    /// A file.
    pub file: Option<String>,
    /// An entry of the keyring.
    pub keyring: Option<String>,
    /// Whether it is there: a variable that is set, a file that you alone can read, a command. One that is typed is not.
    pub available: bool,
}

impl Written {
    /// As text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let mut put = |text: &str| {
            let _infallible = writeln!(out, "{}", line(text));
        };
        for file in &self.files {
            let rows = file.rows.map(|rows| format!(", {}", count(rows, "row")));
            put(&format!("wrote {}: the {}{}", file.path, file.kind, rows.unwrap_or_default()));
        }
        for what in &self.not_looked_at {
            put(&format!("not looked at: {what}"));
        }
        for what in &self.left_out {
            put(&format!("left out: {what}"));
        }
        for what in &self.warnings {
            put(&format!("warning: {what}"));
        }
        for step in &self.next {
            put(&format!("next: {step}"));
        }
        out
    }

    /// As fields of a JSON document.
    pub fn fields(&self) -> Value {
        // Strings, numbers and flags only: this cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{FileView, SecretView, Written};

    #[test]
    fn what_was_written_and_what_comes_next() {
        let written = Written {
            files: vec![
                FileView { path: "emea.yaml".into(), kind: "playbook".into(), rows: None },
                FileView { path: "emea.csv".into(), kind: "roster".into(), rows: Some(1) },
            ],
            looked: false,
            not_looked_at: vec!["pub: --offline".into()],
            left_out: vec!["service \u{1b}[2J".into()],
            warnings: Vec::new(),
            secrets: vec![SecretView {
                purpose: "credentials.axl.password".into(),
                variable: Some("AXL_PASSWORD".into()),
                file: None,
                keyring: None,
                available: true,
            }],
            next: vec!["export IPPA_PASSWORD=…".into(), "ippactl plan emea.yaml".into()],
        };
        insta::assert_snapshot!(written.text(), @r"
        wrote emea.yaml: the playbook
        wrote emea.csv: the roster, 1 row
        not looked at: pub: --offline
        left out: service \u{1b}[2J
        next: export IPPA_PASSWORD=…
        next: ippactl plan emea.yaml
        ");
        assert_eq!(written.fields()["files"][1]["rows"], 1);
    }
}
