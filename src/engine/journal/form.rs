//! The lines of a journal: an intent as JSON, and back.

use secrecy::SecretString;
use serde_json::{Value, json};

use crate::journal::past::Noted;
use crate::journal::{Entry, Image, Kept, Key};
use crate::plan::{Object, ObjectKind};

use super::seal::Seal;

/// What turns secrets into what may be kept of them.
pub(super) struct Keeper<'a> {
    /// Recognises a secret.
    pub(super) digest: &'a dyn Fn(&SecretString) -> String,
    /// Seals one, where the playbook names a key.
    pub(super) seal: Option<&'a Seal>,
    /// The run.
    pub(super) run: &'a str,
}

/// The line of one intent.
pub(super) fn intent(keeper: &Keeper<'_>, number: u64, call: &str, entry: &Entry) -> Value {
    let fields: Vec<Value> = entry
        .fields
        .iter()
        .map(|field| {
            let place = place(keeper.run, number, &field.key);
            let mut line = json!({
                "field": field.key.field,
                "before": image(keeper, Some(&place), &field.before),
                // What was written is only recognised, never put back.
                "after": image(keeper, None, &field.after),
            });
            if !field.key.of.is_empty() {
                line["of"] = json!(field.key.of);
            }
            if field.key.copy != 1 {
                line["copy"] = json!(field.key.copy);
            }
            line
        })
        .collect();
    let mut line = json!({
        "event": "intent",
        "number": number,
        "call": call,
        "object": {"kind": entry.object.kind.word(), "name": entry.object.name},
    });
    if !fields.is_empty() {
        line["fields"] = Value::Array(fields);
    }
    line
}

fn place(run: &str, number: u64, key: &Key) -> String {
    json!([run, number, key.of, key.copy, key.field]).to_string()
}

fn image(keeper: &Keeper<'_>, sealed_for: Option<&str>, image: &Image) -> Value {
    match image {
        Image::Absent => Value::Null,
        Image::Text(text) => json!(text),
        Image::List(list) => json!(list),
        Image::Unknown => json!({"unknown": true}),
        Image::Secret(secret) => {
            let mut kept = json!({"secret": (keeper.digest)(secret)});
            let sealed =
                sealed_for.and_then(|place| keeper.seal.and_then(|seal| seal.close(place, secret)));
            if let Some(sealed) = sealed {
                kept["sealed"] = json!(sealed);
            }
            kept
        }
    }
}

/// The number and the call of an intent; `None` for a line that is none.
pub(super) fn noted(run: &str, seal: Option<&Seal>, line: &Value) -> Option<(u64, Noted)> {
    let number = line.get("number")?.as_u64()?;
    let object = object(line.get("object")?)?;
    let fields = line.get("fields").and_then(Value::as_array).into_iter().flatten();
    let fields = fields.map(|field| {
        let text = |name: &str| field.get(name).and_then(Value::as_str);
        let copy = field.get("copy").and_then(Value::as_u64).unwrap_or(1);
        let key = Key {
            of: text("of").unwrap_or_default().to_owned(),
            copy: usize::try_from(copy).ok()?,
            field: text("field")?.to_owned(),
        };
        let place = place(run, number, &key);
        let before = kept(&place, seal, field.get("before")?)?;
        Some((key, before, kept(&place, seal, field.get("after")?)?))
    });
    let fields = fields.collect::<Option<Vec<_>>>()?;
    let call = line.get("call")?.as_str()?.to_owned();
    Some((number, Noted { call, object, fields, outcome: None }))
}

/// An object, as lines name it.
pub(super) fn object(named: &Value) -> Option<Object> {
    let kind = named.get("kind")?.as_str()?;
    let kind = ObjectKind::ALL.into_iter().find(|known| known.word() == kind)?;
    Some(Object::new(kind, named.get("name")?.as_str()?))
}

fn kept(place: &str, seal: Option<&Seal>, value: &Value) -> Option<Kept> {
    Some(match value {
        Value::Null => Kept::Absent,
        Value::String(text) => Kept::Text(text.clone()),
        Value::Array(list) => {
            let texts = list.iter().map(|entry| entry.as_str().map(str::to_owned));
            Kept::List(texts.collect::<Option<Vec<_>>>()?)
        }
        Value::Object(one) => match one.get("secret") {
            Some(digest) => {
                let sealed = one.get("sealed").and_then(Value::as_str);
                let value = sealed.and_then(|sealed| seal?.open(place, sealed));
                Kept::Secret { digest: digest.as_str()?.to_owned(), value }
            }
            None => Kept::Unknown,
        },
        Value::Bool(_) | Value::Number(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::{Keeper, intent, noted};
    use crate::engine::journal::seal::Seal;
    use crate::journal::{Entry, Field, Image, Kept, Key};
    use crate::plan::{Object, ObjectKind};

    #[test]
    fn an_intent_is_read_back_and_its_secret_only_with_the_seal() {
        let seal = Seal::new(&"key".into()).unwrap();
        let keeper = Keeper { digest: &|_| "d".to_owned(), seal: Some(&seal), run: "r" };
        let key = Key { copy: 2, ..Key::of("Cisco Finesse", "URL") };
        let before = Image::Secret("u?password=hunter2".into());
        let field = Field { key: key.clone(), before, after: Image::Absent };
        let entry = Entry::new(&Object::new(ObjectKind::Phone, "SEP1"), [field]);
        let line = intent(&keeper, 7, "updatePhone", &entry);
        assert!(!line.to_string().contains("hunter2"));
        for (seal, whole) in [(Some(&seal), true), (None, false)] {
            let (number, call) = noted("r", seal, &line).unwrap();
            assert_eq!((number, call.call.as_str()), (7, "updatePhone"));
            let (read, before, after) = &call.fields[0];
            assert_eq!(*read, key);
            assert!(matches!(after, Kept::Absent));
            let secret = before.secret();
            let secret = secret.as_ref().map(ExposeSecret::expose_secret);
            assert_eq!(secret, whole.then_some("u?password=hunter2"));
        }
    }
}
