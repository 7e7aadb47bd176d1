//! Certificates and host keys that are trusted, as text and as fields of a JSON document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::sanitize::line;

/// What `trust` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum TrustTold {
    /// `trust show`.
    Shown {
        /// What the server shows.
        certificate: CertificateShown,
    },
    /// `trust list` and `trust remove`.
    Listed(Trusted),
}

/// The certificate that a server shows. Nothing of it is trusted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CertificateShown {
    /// The server as `host:port`.
    pub server: String,
    /// The fingerprint, `sha256:…`.
    pub sha256: String,
    /// Whom it names.
    pub subject: String,
    /// Who has signed it.
    pub issuer: String,
    /// Whether that is itself.
    pub self_signed: bool,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// From when on it is valid, RFC 3339.
    pub not_before: String,
    /// Until when.
    pub not_after: String,
}

/// What `trust list` and `trust remove` tell in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trusted {
    /// One entry for each fingerprint or file.
    pub trusted: Vec<Entry>,
    /// Whether they were taken away just now.
    pub removed: bool,
}

/// One fingerprint or file that is trusted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry {
    /// certificate, host key, authorities, known hosts.
    pub kind: String,
    /// The server as `host:port`; nothing for what holds for any.
    pub server: Option<String>,
    /// The fingerprint, or the file.
    pub what: String,
    /// terminal (accepted there), playbook, user.
    pub from: String,
    /// The file and line where it stands, or the file of the state folder.
    pub place: String,
    /// When it was accepted, RFC 3339, where that is known.
    pub accepted: Option<String>,
}

impl TrustTold {
    /// As fields of a JSON document.
    pub fn fields(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Trusted {
    /// As people read it: a fingerprint is too long for a table.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut server = None;
        for entry in &self.trusted {
            if server != Some(&entry.server) {
                let name = entry.server.as_deref().unwrap_or("any server");
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{}", line(name));
                server = Some(&entry.server);
            }
            let from = match (entry.from.as_str(), &entry.accepted) {
                ("terminal", Some(when)) => format!("accepted at a terminal {when}"),
                ("terminal", None) => "accepted at a terminal".to_owned(),
                ("user", _) => "your own".to_owned(),
                (from, _) => format!("{from} {}", entry.place),
            };
            let _ = writeln!(
                out,
                "  {:<12} {}\n  {:<12} {}",
                entry.kind,
                line(&entry.what),
                "",
                line(&from)
            );
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Trusted};

    #[test]
    fn what_is_trusted_is_grouped_by_server() {
        let entry = |kind: &str, server: Option<&str>, from: &str, accepted: Option<&str>| Entry {
            kind: kind.to_owned(),
            server: server.map(str::to_owned),
            what: format!("SHA256:{kind}\u{1b}[2J"),
            from: from.to_owned(),
            place: "site.yaml:7:3".to_owned(),
            accepted: accepted.map(str::to_owned),
        };
        let trusted = vec![
            entry("certificate", Some("a:1"), "terminal", Some("2026-01-31T09:00:00Z")),
            entry("certificate", Some("a:1"), "playbook", None),
            entry("authorities", None, "playbook", None),
        ];
        insta::assert_snapshot!(Trusted { trusted, removed: false }.text(), @r"
        a:1
          certificate  SHA256:certificate\u{1b}[2J
                       accepted at a terminal 2026-01-31T09:00:00Z
          certificate  SHA256:certificate\u{1b}[2J
                       playbook site.yaml:7:3
        any server
          authorities  SHA256:authorities\u{1b}[2J
                       playbook site.yaml:7:3
        ");
    }
}
