//! What a run has touched, folded object by object: what stood in each field before the run, and what the run may have
//! left there. Held against what stands there now, it says what can be put back.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Object, ObjectKind};

use super::{Image, Kept, Key, phone_service};

/// One call of a run as its journal has it.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The call.
    pub call: String,
    /// Its object.
    pub object: Object,
    /// The fields it touched: before and after.
    pub fields: Vec<(Key, Kept, Kept)>,
    /// How it ended, in the journal's word; `None` where the run did not live to see it.
    pub outcome: Option<String>,
}

/// A field to put back: its key, what stands there, and what stood there.
pub type FieldBack = (Key, Kept, Kept);

/// The word for a call that the server refused, so that nothing came of it.
pub const REFUSED: &str = "refused";

/// A field through a run.
#[derive(Debug, Clone)]
struct Course {
    before: Kept,
    /// Everything that the run may have left there, in order.
    later: Vec<Kept>,
}

/// One object that a run has touched.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// What it was called before, where the run renamed it.
    pub former_name: Option<String>,
    fields: BTreeMap<Key, Course>,
}

/// A run, as far as it can be undone.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// In the order in which the run came to them.
    pub objects: Vec<(Object, Touched)>,
    /// Calls that nothing can take back: restarts, imports, what persons did.
    pub others: Vec<Noted>,
}

/// What of an object is to be put back.
#[derive(Debug, Clone, Default)]
pub struct Reversal {
    /// Fields to write: what stands there, and what stood there.
    pub put_back: Vec<FieldBack>,
    /// Fields that hold neither what the run wrote nor what was there before, and what they hold.
    pub moved: Vec<(Key, Kept)>,
    /// Fields that differ from before, of which the journal does not have what stood there.
    pub lost: Vec<(Key, Kept)>,
}

impl Reversal {
    /// Nothing to say.
    pub fn is_empty(&self) -> bool {
        self.put_back.is_empty() && self.moved.is_empty() && self.lost.is_empty()
    }
}

impl Past {
    /// Folds a run's calls, in their order.
    pub fn of(calls: Vec<Noted>) -> Self {
        let mut past = Self::default();
        for call in calls {
            if call.fields.is_empty() || !reversible(&call) {
                past.others.push(call);
            } else {
                past.fold(call);
            }
        }
        past
    }

    fn fold(&mut self, call: Noted) {
        let found = self.objects.iter().position(|(object, _)| *object == call.object);
        let at = found.unwrap_or_else(|| {
            self.objects.push((call.object.clone(), Touched::default()));
            self.objects.len() - 1
        });
        let Some((object, touched)) = self.objects.get_mut(at) else { return };
        for (key, before, after) in call.fields {
            let renames = object.kind == ObjectKind::PhoneService
                && key == Key::own(phone_service::NAME)
                && matches!(before, Kept::Text(_));
            if let (true, Some(name)) = (renames, after.text()) {
                // A name that is free again may be given to something new: from now on this is the renamed one.
                touched.former_name.get_or_insert_with(|| object.name.clone());
                name.clone_into(&mut object.name);
            }
            let course = touched.fields.entry(key);
            course.or_insert_with(|| Course { before, later: Vec::new() }).later.push(after);
        }
    }

    /// One object.
    pub fn touched(&self, object: &Object) -> Option<&Touched> {
        self.objects.iter().find(|(known, _)| known == object).map(|(_, touched)| touched)
    }

    /// Every phone service whose subscriptions the run has touched.
    pub fn services(&self) -> BTreeSet<&str> {
        let devices = self.objects.iter().filter(|(object, _)| is_device(object));
        let keys = devices.flat_map(|(_, touched)| touched.keys());
        keys.map(|key| key.of.as_str()).filter(|service| !service.is_empty()).collect()
    }
}

/// Whether an object carries subscriptions.
pub fn is_device(object: &Object) -> bool {
    matches!(object.kind, ObjectKind::Phone | ObjectKind::DeviceProfile)
}

/// What a person entered, and what the platform keeps, is named instead.
fn reversible(call: &Noted) -> bool {
    let kinds = [ObjectKind::FinesseNode, ObjectKind::CucmNode];
    call.call != super::BY_HAND && !kinds.contains(&call.object.kind)
}

impl Touched {
    /// The fields.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.fields.keys()
    }

    /// What stood in a field before the run.
    pub fn before(&self, key: &Key) -> Option<&Kept> {
        self.fields.get(key).map(|course| &course.before)
    }

    /// Whether the run made the object or part that this field says the existence of.
    pub fn is_new(&self, key: &Key) -> bool {
        matches!(self.before(key), Some(Kept::Absent))
    }

    /// Holds it against what is there; `exists` is the field that says whether a part is there at all.
    pub fn reversal(
        &self,
        exists: &str,
        present: &dyn Fn(&Key) -> Image,
        digest: &dyn Fn(&secrecy::SecretString) -> String,
    ) -> Reversal {
        let mut reversal = Reversal::default();
        let new = |key: &Key| {
            let exists = Key { field: exists.to_owned(), ..key.clone() };
            self.is_new(&exists)
        };
        for (key, course) in &self.fields {
            let now = Kept::of(&present(key), digest);
            let course = &if new(key) { course.of_new() } else { course.clone() };
            if matches!(course.before, Kept::Unknown) {
                reversal.lost.push((key.clone(), now));
            } else if now.same(&course.before) {
            } else if !course.explains(&now) {
                reversal.moved.push((key.clone(), now));
            } else if course.before.is_whole() {
                reversal.put_back.push((key.clone(), now, course.before.clone()));
            } else {
                reversal.lost.push((key.clone(), now));
            }
        }
        let untold = |key: &Key| matches!(self.before(key), Some(Kept::Unknown));
        reversal.without_halves(exists, &untold);
        reversal
    }
}

impl Course {
    /// The same of a part that the run has made: what was read of it later was there because of the run.
    fn of_new(&self) -> Self {
        let later = std::iter::once(&self.before).chain(&self.later).cloned().collect();
        Self { before: Kept::Absent, later }
    }

    /// Whether the run can have left this. A call that was refused may have done a part of its work.
    fn explains(&self, now: &Kept) -> bool {
        let last_is_open = matches!(self.later.last(), Some(Kept::Unknown));
        last_is_open || self.later.iter().any(|left| left.same(now))
    }
}

impl Reversal {
    /// A part that is gone comes back whole or not at all; one that goes takes everything along, known or not.
    /// What no interface tells does not keep it.
    fn without_halves(&mut self, exists: &str, untold: &dyn Fn(&Key) -> bool) {
        let part = |key: &Key| (key.of.clone(), key.copy);
        let ends = |key: &Key, before: &Kept| key.field == exists && matches!(before, Kept::Absent);
        let leaving: BTreeSet<_> = self
            .put_back
            .iter()
            .filter(|(key, _, before)| ends(key, before))
            .map(|(key, ..)| part(key))
            .collect();
        self.lost.retain(|(key, _)| {
            !leaving.contains(&part(key)) && !leaving.contains(&(String::new(), 1))
        });
        let lacking = self.lost.iter().filter(|(key, _)| !untold(key));
        let lacking: BTreeSet<_> = lacking.map(|(key, _)| part(key)).collect();
        let half: BTreeSet<_> = self
            .put_back
            .iter()
            .filter(|(key, now, _)| key.field == exists && matches!(now, Kept::Absent))
            .map(|(key, ..)| part(key))
            .filter(|part| lacking.contains(part))
            .collect();
        self.put_back.retain(|(key, ..)| !half.contains(&part(key)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Noted, Past, Reversal};
    use crate::journal::{Image, Kept, Key};
    use crate::plan::{Object, ObjectKind};

    fn text(text: &str) -> Kept {
        Kept::Text(text.to_owned())
    }

    fn noted(object: &Object, fields: &[(&str, Kept, Kept)]) -> Noted {
        let fields = fields.iter().cloned();
        let fields = fields.map(|(name, a, b)| (Key::of("S", name), a, b)).collect();
        Noted { call: "x".to_owned(), object: object.clone(), fields, outcome: None }
    }

    fn reversal(calls: Vec<Noted>, now: &[(&str, Image)]) -> Reversal {
        let past = Past::of(calls);
        let present = |key: &Key| {
            let found = now.iter().find(|(name, _)| *name == key.field);
            found.map_or(Image::Absent, |(_, image)| image.clone())
        };
        past.objects[0].1.reversal("subscription", &present, &|_| "d".to_owned())
    }

    fn phone() -> Object {
        Object::new(ObjectKind::Phone, "SEP1")
    }

    #[test]
    fn what_the_run_wrote_is_put_back_and_what_somebody_else_wrote_is_not() {
        let calls = || {
            vec![
                noted(&phone(), &[("URL", text("a"), text("b"))]),
                noted(&phone(), &[("URL", text("b"), text("c")), ("name", text("n"), text("m"))]),
            ]
        };
        for written in ["b", "c"] {
            let now =
                [("URL", Image::Text(written.to_owned())), ("name", Image::Text("n".to_owned()))];
            let reversal = reversal(calls(), &now);
            assert_eq!(reversal.put_back.len(), 1, "{written}");
            assert!(reversal.put_back[0].2.same(&text("a")));
            assert!(reversal.moved.is_empty() && reversal.lost.is_empty());
        }
        let now = [("URL", Image::Text("d".to_owned())), ("name", Image::Text("m".to_owned()))];
        let reversal = reversal(calls(), &now);
        assert_eq!((reversal.moved.len(), reversal.put_back.len()), (1, 1));
    }

    #[test]
    fn a_subscription_comes_back_whole_or_not_at_all() {
        let gone = || Kept::Absent;
        let secret = |value: Option<&str>| Kept::Secret {
            digest: "d".to_owned(),
            value: value.map(Into::into),
        };
        let call = |url| {
            vec![noted(
                &phone(),
                &[("subscription", text("subscribed"), gone()), ("URL", url, gone())],
            )]
        };
        let kept = reversal(call(secret(Some("u"))), &[]);
        assert_eq!((kept.put_back.len(), kept.lost.len()), (2, 0));
        let left_out = reversal(call(secret(None)), &[]);
        assert_eq!((left_out.put_back.len(), left_out.lost.len()), (0, 1));
    }

    #[test]
    fn what_the_run_made_goes_with_all_that_nobody_can_tell() {
        let call = noted(
            &phone(),
            &[
                ("subscription", Kept::Absent, text("subscribed")),
                ("URL", Kept::Unknown, Kept::Unknown),
            ],
        );
        let reversal =
            reversal(vec![call], &[("subscription", Image::Text("subscribed".to_owned()))]);
        assert_eq!((reversal.put_back.len(), reversal.lost.len()), (1, 0));
    }

    #[test]
    fn a_renamed_service_is_told_from_the_new_one_of_its_name() {
        let service = |name: &str| Object::new(ObjectKind::PhoneService, name);
        let call = |object: &Object, before, after| Noted {
            call: "x".to_owned(),
            object: object.clone(),
            fields: vec![(Key::own("name"), before, after)],
            outcome: Some("done".to_owned()),
        };
        let past = Past::of(vec![
            call(&service("A"), text("A"), text("A (old)")),
            call(&service("A"), Kept::Absent, text("A")),
        ]);
        let names: Vec<&str> =
            past.objects.iter().map(|(object, _)| object.name.as_str()).collect();
        assert_eq!(names, ["A (old)", "A"]);
        assert_eq!(past.objects[0].1.former_name.as_deref(), Some("A"));
    }
}
