//! What a started sandbox tells: for `--output json`, and for whoever reads `--ready`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// Where a sandbox answers, and what makes it trusted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ready {
    /// `host:port` as a playbook names it, and `host:port` where the sandbox answers for it: each pair is a `--connect-to`.
    pub connect_to: BTreeMap<String, String>,
    /// SHA-256 fingerprints of the certificates, by endpoint: takes the place of `tls.pins`.
    pub pins: BTreeMap<String, Vec<String>>,
    /// Where its control port listens.
    pub control: String,
    /// Host keys of the shells, by endpoint.
    pub ssh_host_keys: BTreeMap<String, HostKey>,
    /// The root of its authority, PEM; null where certificates vouch for themselves.
    pub ca: Option<String>,
    /// The certificates, by endpoint, PEM.
    pub certificates: BTreeMap<String, String>,
}

/// The host key of one shell.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HostKey {
    /// SHA-256 fingerprint as OpenSSH writes it.
    pub fingerprint: String,
    /// The line of a `known_hosts` file.
    pub known_hosts: String,
}
