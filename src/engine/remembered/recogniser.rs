//! Recognises secrets that are noted nowhere, by a digest under the state folder's key.

use secrecy::{ExposeSecret, SecretString};

use crate::trouble::Trouble;

use super::{Remembered, digest};

/// Recognises a secret by a digest under the state folder's key.
#[derive(Debug)]
pub struct Recogniser {
    key: SecretString,
}

impl Recogniser {
    /// The digest, hexadecimal.
    pub fn digest(&self, secret: &SecretString) -> String {
        digest(self.key.expose_secret(), "journal", secret)
    }
}

impl Remembered {
    /// What recognises secrets of this state folder.
    pub fn recogniser(mut self) -> Result<Recogniser, Trouble> {
        if self.make_key() {
            self.save()?;
        }
        Ok(Recogniser { key: SecretString::from(self.key().unwrap_or_default()) })
    }
}
