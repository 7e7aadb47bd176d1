//! What `login` and `logout` tell as fields of a JSON document: never the secret.

use schemars::JsonSchema;
use serde::Serialize;

/// What `login` and `logout` tell in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeyringTold {
    /// The one entry of the keyring.
    pub keyring: KeyringEntry,
}

/// An entry of the keyring.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyringEntry {
    /// The name in `{ keyring: NAME }`.
    pub name: String,
    /// Whether something is kept under it now.
    pub kept: bool,
    /// Whether something was before.
    pub before: bool,
}

impl KeyringTold {
    /// Of this name.
    pub fn of(name: &str, kept: bool, before: bool) -> Self {
        Self { keyring: KeyringEntry { name: name.to_owned(), kept, before } }
    }
}
