//! Phones that have to be told to take what was changed, and what of that has not been seen on them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Remembered;
use crate::plan::{Object, ObjectKind};
use crate::planner::running::{Boxes, Told};
use crate::trouble::Trouble;

impl Remembered {
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
    // A file of before was written in maps: what waits in it to be seen is not lost.
    let map = told.get("shows").unwrap_or(told);
    let is = |name: &str| match told.as_str() {
        Some(words) => words.split(", ").any(|word| word == name),
        None => map.get(name).and_then(Value::as_bool).unwrap_or_default(),
    };
    Told {
        web_access: is("web access"),
        new_web_access: is("new web access"),
        new_https_server: is("new https server"),
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::remembered::Remembered;
    use crate::plan::{Object, ObjectKind};
    use crate::planner::running::{Boxes, Told};

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

    #[test]
    fn what_was_written_in_maps_is_still_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = r#"{"owed applies": {"phone SEP1": {"when": "now", "shows":
            {"web access": true, "new web access": false, "new https server": true}}},
            "told": {"SEP2": {"web access": false, "new web access": false, "new https server": true}}}"#;
        std::fs::write(folder.path().join("remembered.json"), file).unwrap();
        let memory = Remembered::read(folder.path());
        let https = Told { new_https_server: true, ..Told::default() };
        let owed = Object::new(ObjectKind::Phone, "SEP1");
        assert!(memory.owed_applies().contains(&owed));
        assert_eq!(memory.owes(&owed), Told { web_access: true, ..https });
        assert!(memory.told().into_iter().eq([("SEP2".to_owned(), https)]));
    }
}
