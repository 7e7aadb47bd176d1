//! What the live systems cannot tell: keyed digests of write-only values, restarts and applications still owed, and
//! what persons have attested. One file per deployment and publisher, read once, replaced whole.

mod certificates;
mod phones;
mod recogniser;
mod restarts;

use std::collections::HashSet;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::trouble::Trouble;

pub use recogniser::Recogniser;

/// The state folder's memory.
#[derive(Debug, Default)]
pub struct Remembered {
    file: PathBuf,
    content: Map<String, Value>,
}

impl Remembered {
    /// Reads it; a folder without one remembers nothing.
    pub fn read(folder: &Path) -> Self {
        let file = folder.join("remembered.json");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let content = match serde_json::from_str(&text) {
            Ok(Value::Object(content)) => content,
            _ => Map::new(),
        };
        Self { file, content }
    }

    /// Whether `secret` is what was last written for `subject`; `None` when nothing was.
    pub fn same(&self, subject: &str, secret: &SecretString) -> Option<bool> {
        let known = self.entry("digests", subject)?.get("digest")?.as_str()?;
        Some(known == digest(self.key()?, subject, secret))
    }

    /// When it was last written, in words.
    pub fn written(&self, subject: &str) -> Option<String> {
        let when = self.entry("digests", subject)?.get("written")?.as_str()?;
        Some(format!("last written by ippactl {when}"))
    }

    /// Notes that `secret` was written for `subject`.
    pub fn note(
        &mut self,
        subject: &str,
        secret: &SecretString,
        when: &str,
    ) -> Result<(), Trouble> {
        self.make_key();
        let digest = digest(self.key().unwrap_or_default(), subject, secret);
        self.set("digests", subject, json!({"digest": digest, "written": when}));
        self.save()
    }

    /// Whether there was none.
    fn make_key(&mut self) -> bool {
        let new = self.key().is_none();
        if new {
            let mut key = [0_u8; 32];
            let _ = SystemRandom::new().fill(&mut key);
            self.content.insert("key".to_owned(), json!(hex(&key, key.len())));
        }
        new
    }

    /// How often a step for a person was attested; part of its token, so that a token serves once.
    pub fn attestations(&self, step: &str) -> u64 {
        let count = self.entry("attested", step).and_then(|entry| entry.get("count")?.as_u64());
        count.unwrap_or(0)
    }

    /// The values for which a step was last attested, and when, in words.
    pub fn attested(&self, step: &str) -> Option<(String, String)> {
        let entry = self.entry("attested", step)?;
        let values = entry.get("values")?.as_str()?.to_owned();
        let (who, when) = (entry.get("who")?.as_str()?, entry.get("when")?.as_str()?);
        Some((values, format!("done by {who}, {when}")))
    }

    /// Whether this token has served already.
    pub fn used_token(&self, step: &str, token: &str) -> bool {
        let used = self.entry("used tokens", step).and_then(Value::as_array);
        used.is_some_and(|tokens| tokens.iter().any(|used| used == token))
    }

    /// The token under which a step was last left to a person.
    pub fn offered(&self, step: &str) -> Option<String> {
        self.entry("offered tokens", step)?.as_str().map(str::to_owned)
    }

    /// Notes which steps are left to a person, and which tokens have served.
    pub fn offer(
        &mut self,
        left: &[(String, String)],
        used: &[(String, String)],
    ) -> Result<(), Trouble> {
        for (step, token) in left {
            self.set("offered tokens", step, json!(token));
        }
        for (step, token) in used {
            self.use_token(step, token);
        }
        if left.is_empty() && used.is_empty() { Ok(()) } else { self.save() }
    }

    fn use_token(&mut self, step: &str, token: &str) {
        let used = self.entry("used tokens", step).and_then(Value::as_array);
        let mut tokens = used.cloned().unwrap_or_default();
        if !tokens.iter().any(|used| used == token) {
            tokens.push(json!(token));
        }
        self.set("used tokens", step, Value::Array(tokens));
    }

    /// Notes that somebody says a step was done for these values.
    pub fn attest(
        &mut self,
        step: &str,
        values: &str,
        token: &str,
        who: &str,
        when: &str,
    ) -> Result<(), Trouble> {
        let count = self.attestations(step) + 1;
        let entry = json!({"values": values, "who": who, "when": when, "count": count});
        self.set("attested", step, entry);
        self.use_token(step, token);
        self.save()
    }

    fn section(&self, section: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.content.get(section).and_then(Value::as_object).into_iter().flatten()
    }

    fn entry(&self, section: &str, name: &str) -> Option<&Value> {
        self.content.get(section)?.as_object()?.get(name)
    }

    fn set(&mut self, section: &str, name: &str, value: Value) {
        let entries = self.content.entry(section).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(entries) = entries {
            entries.insert(name.to_owned(), value);
        }
    }

    fn clear(&mut self, section: &str, names: &[&str]) -> Result<(), Trouble> {
        let Some(Value::Object(entries)) = self.content.get_mut(section) else { return Ok(()) };
        let before = entries.len();
        let names: HashSet<&str> = names.iter().copied().collect();
        entries.retain(|name, _| !names.contains(name.as_str()));
        if entries.len() == before { Ok(()) } else { self.save() }
    }

    fn key(&self) -> Option<&str> {
        self.content.get("key")?.as_str()
    }

    fn save(&self) -> Result<(), Trouble> {
        self.replace().map_err(|error| {
            Trouble::new("state-not-written", Outcome::Failed, "the state folder cannot be written")
                .at(self.file.display().to_string())
                .because(error.to_string())
                .then("make the folder writable, or choose another with --state-dir")
        })
    }

    fn replace(&self) -> std::io::Result<()> {
        let fresh = self.file.with_extension("new");
        let file = owner_only().create(true).truncate(true).write(true).open(&fresh)?;
        let mut file = BufWriter::with_capacity(1 << 16, file);
        serde_json::to_writer(&mut file, &self.content)?;
        file.into_inner()?.sync_all()?;
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

/// Replaces a file of the state folder whole.
pub(super) fn put(folder: &Path, name: &str, content: &Value) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let file = folder.join(name);
    let fresh = file.with_extension("new");
    let mut new = owner_only().create(true).truncate(true).write(true).open(&fresh)?;
    new.write_all(content.to_string().as_bytes())?;
    fs::rename(&fresh, &file)
}

/// Options that keep a new file to its owner.
pub fn owner_only() -> fs::OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has a mode to set"))]
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::Remembered;
    use crate::plan::{Object, ObjectKind};
    use crate::planner::running::Told;

    #[test]
    fn what_was_noted_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Remembered::read(folder.path());
        let secret = "hunter2".into();
        memory.note("password of a/b~c", &secret, "2026-01-01T00:00:00Z").unwrap();
        let phone = |name: &str| Object::new(ObjectKind::Phone, name);
        let profile = Object::new(ObjectKind::CommonPhoneProfile, "Standard Profile");
        let seen = Told::default();
        let owed = [(phone("SEP1"), seen), (phone("SEP2"), seen), (profile.clone(), seen)];
        memory.owe_applies(&owed).unwrap();
        memory.spare(&[phone("SEP1")]).unwrap();
        memory.owe_restarts(&["fin-a"], "settings").unwrap();
        memory.attest("finesse-settings", "user ippa", "aa", "root", "now").unwrap();
        let memory = Remembered::read(folder.path());
        assert_eq!(memory.same("password of a/b~c", &secret), Some(true));
        assert_eq!(memory.same("password of a/b~c", &"other".into()), Some(false));
        assert_eq!(memory.same("password of x", &secret), None);
        assert!(memory.owed_applies().into_iter().eq([phone("SEP2"), profile]));
        assert_eq!(memory.owed_restarts()["fin-a"], "settings");
        assert_eq!(memory.attestations("finesse-settings"), 1);
        assert!(memory.used_token("finesse-settings", "aa"));
        assert!(!memory.used_token("finesse-settings", "bb"));
        let text = std::fs::read_to_string(folder.path().join("remembered.json")).unwrap();
        assert!(!text.contains("hunter2"));
    }
}
