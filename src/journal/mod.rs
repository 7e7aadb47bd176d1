//! What a run notes before it writes: the object, the fields that it touches, and what stands in each before and after.
//! Pure: [`crate::engine::journal`] keeps it in a file, [`past`] reads out of it what an undo has to put back.

pub mod application_user;
pub mod phone_service;
pub mod self_care;
pub mod settings;
pub mod subscription;
pub mod kept;
pub mod past;

use secrecy::{ExposeSecret, SecretString};

use crate::plan::Object;

pub use kept::Kept;
pub use past::Past;

/// The call of what a person did at a console.
pub const BY_HAND: &str = "by hand";

/// A field of an object: `URL` of the subscription to `Cisco Finesse`, `required` of the parameter `id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The part of the object that has the field: a phone service, a service parameter, a member; may be empty.
    pub of: String,
    /// Which of several parts of one name; the first is 1.
    pub copy: usize,
    /// The field.
    pub field: String,
}

impl Key {
    /// A field of the object itself.
    pub fn own(field: impl Into<String>) -> Self {
        Self::of("", field)
    }

    /// A field of a part of the object.
    pub fn of(part: impl Into<String>, field: impl Into<String>) -> Self {
        Self { of: part.into(), copy: 1, field: field.into() }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.of.as_str(), self.copy) {
            ("", _) => f.write_str(&self.field),
            (of, 1) => write!(f, "{of}: {}", self.field),
            (of, copy) => write!(f, "{of} ({copy}): {}", self.field),
        }
    }
}

/// What stands in a field.
#[derive(Debug, Clone)]
pub enum Image {
    /// Nothing.
    Absent,
    /// A text.
    Text(String),
    /// A list whose order says nothing.
    List(Vec<String>),
    /// A secret.
    Secret(SecretString),
    /// No interface tells.
    Unknown,
}

impl Image {
    /// A text, or nothing.
    pub fn maybe(text: Option<&str>) -> Self {
        text.map_or(Self::Absent, |text| Self::Text(text.to_owned()))
    }

    /// `true` or `false`.
    pub fn flag(value: bool) -> Self {
        Self::Text(value.to_string())
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => sorted(a) == sorted(b),
            (Self::Secret(a), Self::Secret(b)) => a.expose_secret() == b.expose_secret(),
            // What nobody can tell is never known to be the same.
            _ => false,
        }
    }
}

pub(crate) fn sorted(list: &[String]) -> Vec<&String> {
    let mut list: Vec<&String> = list.iter().collect();
    list.sort();
    list
}

/// A field that a call touches.
#[derive(Debug, Clone)]
pub struct Field {
    /// The field.
    pub key: Key,
    /// What stands there.
    pub before: Image,
    /// What the call writes.
    pub after: Image,
}

/// One object that a call is about to touch.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The object.
    pub object: Object,
    /// What is touched of it; empty for what changes no configuration.
    pub fields: Vec<Field>,
}

impl Entry {
    /// An object of which no field is touched: a restart, an import, a step for a person.
    pub fn bare(object: &Object) -> Self {
        Self { object: object.clone(), fields: Vec::new() }
    }

    /// An object and the fields that differ.
    pub fn new(object: &Object, fields: impl IntoIterator<Item = Field>) -> Self {
        let fields = fields.into_iter().filter(|field| !field.before.same(&field.after));
        Self { object: object.clone(), fields: fields.collect() }
    }
}

/// An image of a URL: one with anything beyond an agent's id and extension in its query may hold a secret.
pub(crate) fn url(text: &SecretString) -> Image {
    let plain = text.expose_secret();
    let values = plain.find(['?', '&']).map_or("", |at| &plain[at + 1..]);
    let known = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        ["id", "extension"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let pairs = values.split(['?', '&']).filter(|pair| !pair.is_empty());
    let harmless = !plain.contains('@') && pairs.into_iter().all(known);
    if harmless { Image::Text(plain.to_owned()) } else { Image::Secret(text.clone()) }
}

#[cfg(test)]
mod tests {
    use super::{Image, Key, url};

    #[test]
    fn only_a_url_without_anything_secret_is_kept_as_text() {
        for text in ["", "https://f/x?id=1&extension=2", "http://f:8082/x/#DEVICENAME#&ID=1"] {
            assert!(matches!(url(&text.into()), Image::Text(_)), "{text}");
        }
        for text in
            ["https://f/x?id=1&password=2", "http://u:p@f/x", "http://f/x?pin", "x&id=1?k=2"]
        {
            assert!(matches!(url(&text.into()), Image::Secret(_)), "{text}");
        }
    }

    #[test]
    fn a_key_reads_like_the_plan() {
        assert_eq!(Key::own("enabled").to_string(), "enabled");
        assert_eq!(Key::of("Cisco Finesse", "URL").to_string(), "Cisco Finesse: URL");
        let second = Key { copy: 2, ..Key::of("CAD", "URL") };
        assert_eq!(second.to_string(), "CAD (2): URL");
    }
}
