//! Accounts, and the places where their passwords are; never a password.

use super::location::Location;

/// `credentials`; only `axl` is required so far.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The AXL account.
    pub axl: Credential,
    /// The Finesse administrator.
    pub finesse: Option<Credential>,
    /// The Finesse platform administrator.
    pub finesse_platform: Option<Credential>,
    /// The CUCM platform administrator.
    pub cucm_platform: Option<Credential>,
    /// The serviceability account; `axl` when absent.
    pub serviceability: Option<Credential>,
}

/// A user and where the password comes from.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Account name.
    pub user: String,
    /// Where the password is found.
    pub password: SecretRef,
    /// Where the credential is declared.
    pub at: Location,
}

/// Where a secret is found. Resolved by the caller, only when needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRef {
    /// The kind of place.
    pub source: SecretSource,
    /// What it is for, in the playbook's words, e.g. `application_user.password`.
    pub purpose: String,
    /// Where it is declared.
    pub at: Location,
}

/// The kinds of places a secret may be found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file, path joined to the playbook's folder; trailing line break is not part of the secret.
    File(String),
    /// A command's standard output; program and arguments, no shell.
    Command(Vec<String>),
    /// The system's keyring, under this name.
    Keyring(String),
    /// Asked for at the terminal.
    Prompt,
}
