//! What the live systems cannot tell: a keyed digest of each write-only value that was last written.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::trouble::Trouble;

/// The state folder's memory.
#[derive(Debug, Default)]
pub struct Remembered {
    file: PathBuf,
    content: Value,
}

impl Remembered {
    /// Reads it; a folder without one remembers nothing.
    pub fn read(folder: &Path) -> Self {
        let file = folder.join("remembered.json");
        let text = fs::read_to_string(&file).unwrap_or_default();
        Self { file, content: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    /// Whether `secret` is what was last written for `subject`; `None` when nothing was.
    pub fn same(&self, subject: &str, secret: &SecretString) -> Option<bool> {
        let known = self.content.pointer(&format!("/digests/{subject}/digest"))?.as_str()?;
        Some(known == digest(self.key()?, subject, secret))
    }

    /// When it was last written, in words.
    pub fn written(&self, subject: &str) -> Option<String> {
        let when = self.content.pointer(&format!("/digests/{subject}/written"))?.as_str()?;
        Some(format!("last written by ippactl {when}"))
    }

    /// Notes that `secret` was written for `subject`. Owner-only, replaced whole.
    pub fn note(
        &mut self,
        subject: &str,
        secret: &SecretString,
        when: &str,
    ) -> Result<(), Trouble> {
        if self.key().is_none() {
            let mut key = [0_u8; 32];
            let _ = SystemRandom::new().fill(&mut key);
            self.content = json!({"key": hex(&key, key.len()), "digests": {}});
        }
        let digest = digest(self.key().unwrap_or_default(), subject, secret);
        if let Some(digests) = self.content.get_mut("digests").and_then(Value::as_object_mut) {
            digests.insert(subject.to_owned(), json!({"digest": digest, "written": when}));
        }
        self.save().map_err(|error| {
            Trouble::new("state-not-written", Outcome::Failed, "the state folder cannot be written")
                .at(self.file.display().to_string())
                .because(error.to_string())
                .then("make the folder writable, or choose another with --state-dir")
        })
    }

    fn key(&self) -> Option<&str> {
        self.content.get("key")?.as_str()
    }

    fn save(&self) -> std::io::Result<()> {
        let fresh = self.file.with_extension("new");
        let mut file = owner_only().create(true).truncate(true).write(true).open(&fresh)?;
        file.write_all(self.content.to_string().as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &self.file)
    }
}

fn digest(key: &str, subject: &str, secret: &SecretString) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(subject.as_bytes());
    context.update(&[0]);
    context.update(secret.expose_secret().as_bytes());
    hex(context.sign().as_ref(), 32)
}

/// Options that keep a new file to its owner.
pub fn owner_only() -> fs::OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has a mode to set"))]
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
