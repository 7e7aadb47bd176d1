//! What the live systems cannot tell: keyed digests of write-only values, restarts and applications still owed, and
//! what persons have attested. One file per deployment and publisher, read once, replaced whole.

mod certificates;
mod recogniser;
mod restarts;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::plan::{Object, ObjectKind};
use crate::planner::running::{Boxes, Told};
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

    /// Phones and profiles whose configuration was changed and that were not told to take it since.
    pub fn owed_applies(&self) -> BTreeSet<Object> {
        let kinds = [ObjectKind::Phone, ObjectKind::CommonPhoneProfile];
        let object = |text: &str| {
            kinds.into_iter().find_map(|kind| {
                let name = text.strip_prefix(kind.word())?.strip_prefix(' ')?;
                Some(Object::new(kind, name))
            })
        };
        self.section("owed applies").filter_map(|(text, _)| object(text)).collect()
    }

    /// Notes that these have to be told, before they are changed, and what of the change is to be seen on the phone.
    pub fn owe_applies(&mut self, objects: &[(Object, Told)]) -> Result<(), Trouble> {
        for (object, told) in objects {
            let name = object.to_string();
            let told = written(told.and(self.owed(&name)));
            self.set("owed applies", &name, told);
        }
        if objects.is_empty() { Ok(()) } else { self.save() }
    }

    /// These were not changed after all.
    pub fn spare(&mut self, objects: &[Object]) -> Result<(), Trouble> {
        let names: Vec<String> = objects.iter().map(Object::to_string).collect();
        self.clear("owed applies", &names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// These were told; what it changes on the phones beside them is to be seen there.
    pub fn tell(&mut self, objects: &[(Object, Vec<String>)]) -> Result<(), Trouble> {
        for (object, phones) in objects {
            let told = self.owed(&object.to_string());
            for phone in phones.iter().filter(|_| !told.is_seen()) {
                let told = told.and(self.entry("told", phone).map(read).unwrap_or_default());
                self.set("told", phone, written(told));
            }
        }
        let names: Vec<String> = objects.iter().map(|(object, _)| object.to_string()).collect();
        self.clear("owed applies", &names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Phones that were told, and what of it has not been seen.
    pub fn told(&self) -> BTreeMap<String, Told> {
        self.section("told").map(|(phone, told)| (phone.clone(), read(told))).collect()
    }

    /// What phones have shown of elements that AXL writes.
    pub fn boxes(&self) -> Option<Boxes> {
        match self.content.get("override boxes")?.as_str()? {
            "ticked" => Some(Boxes::Ticked),
            "not ticked" => Some(Boxes::NotTicked),
            _ => None,
        }
    }

    /// Notes what phones have shown. Where they took what AXL wrote, those whose web server ran already took it too.
    pub fn show_boxes(&mut self, boxes: Option<Boxes>) -> Result<(), Trouble> {
        let word = match boxes {
            Some(Boxes::Ticked) => "ticked",
            Some(Boxes::NotTicked) => "not ticked",
            None => "unknown",
        };
        self.content.insert("override boxes".to_owned(), json!(word));
        if boxes == Some(Boxes::Ticked) {
            self.see(|_, told| Told { new_https_server: false, ..told });
        }
        self.save()
    }

    /// These run their web servers.
    pub fn seen_running(&mut self, phones: &[String]) -> Result<(), Trouble> {
        let seen = |told| Told { web_access: false, new_web_access: false, ..told };
        self.see(|phone, told| if phones.contains(phone) { seen(told) } else { told });
        if phones.is_empty() { Ok(()) } else { self.save() }
    }

    /// A person has ticked the boxes of this one.
    pub fn ticked(&mut self, phone: &str) -> Result<(), Trouble> {
        self.clear("told", &[phone])
    }

    fn see(&mut self, seen: impl Fn(&String, Told) -> Told) {
        let Some(Value::Object(entries)) = self.content.get_mut("told") else { return };
        entries.retain(|phone, told| {
            let left = seen(phone, read(told));
            *told = written(left);
            !left.is_seen()
        });
    }

    /// What telling this is to show.
    pub fn owes(&self, object: &Object) -> Told {
        self.owed(&object.to_string())
    }

    fn owed(&self, object: &str) -> Told {
        self.entry("owed applies", object).map(read).unwrap_or_default()
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

/// In words: thousands of phones may wait to be told, and a map for each would be a third of what a run keeps in memory.
fn written(told: Told) -> Value {
    let words = [
        ("web access", told.web_access),
        ("new web access", told.new_web_access),
        ("new https server", told.new_https_server),
    ];
    let words: Vec<&str> = words.into_iter().filter_map(|(word, is)| is.then_some(word)).collect();
    json!(words.join(", "))
}

fn read(told: &Value) -> Told {
    let is =
        |name: &str| told.as_str().is_some_and(|words| words.split(", ").any(|word| word == name));
    Told {
        web_access: is("web access"),
        new_web_access: is("new web access"),
        new_https_server: is("new https server"),
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
    use crate::planner::running::{Boxes, Told};

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

    #[test]
    fn what_a_phone_was_told_is_remembered_until_it_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Remembered::read(folder.path());
        let phone = |name: &str| Object::new(ObjectKind::Phone, name);
        let web = Told { web_access: true, new_web_access: true, new_https_server: false };
        let https = Told { new_https_server: true, ..Told::default() };
        for (name, told) in
            [("SEP1", web), ("SEP1", https), ("SEP2", https), ("SEP3", Told::default())]
        {
            memory.owe_applies(&[(phone(name), told)]).unwrap();
        }
        for name in ["SEP1", "SEP2", "SEP3"] {
            memory.tell(&[(phone(name), vec![name.to_owned()])]).unwrap();
        }
        let mut memory = Remembered::read(folder.path());
        assert!(memory.owed_applies().is_empty());
        let told = [("SEP1".to_owned(), web.and(https)), ("SEP2".to_owned(), https)];
        assert!(memory.told().into_iter().eq(told));
        memory.seen_running(&["SEP1".to_owned()]).unwrap();
        let unseen = |memory: &Remembered| memory.told().into_keys().collect::<Vec<_>>();
        assert_eq!(unseen(&Remembered::read(folder.path())), ["SEP1", "SEP2"]);
        memory.ticked("SEP1").unwrap();
        assert_eq!(unseen(&memory), ["SEP2"]);
        memory.show_boxes(Some(Boxes::Ticked)).unwrap();
        assert!(unseen(&Remembered::read(folder.path())).is_empty());
    }
}
