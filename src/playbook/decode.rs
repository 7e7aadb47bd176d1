//! A small decoder over the tree: known keys, words, numbers and lists, every mistake reported where it stands.

use std::ops::RangeInclusive;

use super::diagnostic::{nearest, shown};
use super::reading::{Mistake, Reading, Span};
use super::secrecy;
use super::tree::{Node, NodeKind};

/// A value with the key it stands behind.
#[derive(Debug, Clone)]
pub struct Value<'n> {
    /// The value.
    pub node: &'n Node,
    /// Its key, or the place where a list's item begins.
    pub key: Span,
    /// The keys that lead to it, e.g. `credentials.axl.user`.
    pub path: String,
}

impl Value<'_> {
    /// What to underline: a scalar itself, else the key.
    pub fn point(&self) -> Span {
        match self.node.kind {
            NodeKind::Scalar { .. } if self.node.span.end > self.node.span.start => self.node.span,
            NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_) => self.key,
        }
    }
}

/// The keys a mapping may have.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// Keys with a meaning.
    pub known: &'static [&'static str],
    /// Keys of the contract whose part is not built yet.
    pub later: &'static [&'static str],
}

/// A mapping whose keys have been looked at.
#[derive(Debug)]
pub struct Section<'n> {
    entries: &'n [(super::tree::Key, Node)],
    path: String,
    /// The keys it may have; none where any will do.
    known: &'static [&'static str],
    /// Where the section's key stands.
    pub at: Span,
}

impl<'n> Section<'n> {
    /// The value of a key, if it is there.
    pub fn get(&self, key: &str) -> Option<Value<'n>> {
        self.entries.iter().find(|(name, _)| name.text == key).map(|(name, node)| Value {
            node,
            key: name.span,
            path: join(&self.path, key),
        })
    }

    /// The value of a key that must be there.
    pub fn need(&self, reading: &mut Reading, key: &str) -> Option<Value<'n>> {
        let value = self.get(key);
        // A typing error in the key has been reported as one.
        let mistyped = |name: &str| {
            !self.known.is_empty() && !self.known.contains(&name) && nearest(name, &[key]).is_some()
        };
        if value.is_none() && !self.entries.iter().any(|(name, _)| mistyped(&name.text)) {
            let path = join(&self.path, key);
            reading.report(Mistake::new("missing-key", self.at, format!("`{path}` is missing")));
        }
        value
    }

    /// Every key with its value.
    pub fn all(&self) -> impl Iterator<Item = (&'n super::tree::Key, Value<'n>)> {
        self.entries.iter().map(|(name, node)| {
            (name, Value { node, key: name.span, path: join(&self.path, &shown(&name.text)) })
        })
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn wrong_type(reading: &mut Reading, value: &Value<'_>, wanted: &str) {
    // A password may have been typed where a mapping belongs.
    let secret = value.path.starts_with("credentials")
        || value.path == "application_user"
        || secrecy::names_a_secret(&value.path);
    if secret {
        secrecy::hide_all(reading, value.node);
    }
    let given = match &value.node.kind {
        NodeKind::Scalar { text, .. } if !secret && !value.node.is_nothing() => {
            format!("`{}`", shown(text))
        }
        NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_) => {
            value.node.kind_word().to_owned()
        }
    };
    let message = format!("`{}` must be {wanted}, not {given}", value.path);
    reading.report(Mistake::new("wrong-type", value.point(), message));
}

/// Whether a mapping has this key; `None` when it is no mapping.
pub fn has_key(value: &Value<'_>, key: &str) -> Option<bool> {
    match &value.node.kind {
        NodeKind::Map(entries) => Some(entries.iter().any(|(name, _)| name.text == key)),
        NodeKind::Scalar { .. } | NodeKind::List(_) => None,
    }
}

/// A mapping with any keys.
pub fn mapping<'n>(reading: &mut Reading, value: &Value<'n>) -> Option<Section<'n>> {
    if let NodeKind::Map(entries) = &value.node.kind {
        Some(Section { entries, path: value.path.clone(), known: &[], at: value.key })
    } else {
        wrong_type(reading, value, "a mapping (`key: value`)");
        None
    }
}

/// A mapping with these keys only.
pub fn section<'n>(reading: &mut Reading, value: &Value<'n>, keys: Keys) -> Option<Section<'n>> {
    let section = Section { known: keys.known, ..mapping(reading, value)? };
    let place = if value.path.is_empty() { "a playbook" } else { &value.path };
    for (key, node) in section.entries {
        let name = key.text.as_str();
        if keys.later.contains(&name) {
            secrecy::hide(reading, node);
            let path = join(&value.path, name);
            reading.report(
                Mistake::new(
                    "not-supported-yet",
                    key.span,
                    format!("`{path}` is not supported yet"),
                )
                .then("leave it out and do this part by hand until a later release"),
            );
        } else if !keys.known.contains(&name) {
            secrecy::hide_all(reading, node);
            let mistake = Mistake::new(
                "unknown-key",
                key.span,
                format!("`{}` is not a key of {place}", shown(name)),
            );
            let near = nearest(name, keys.known).or_else(|| nearest(name, keys.later));
            let mistake = match near {
                Some(word) => mistake.near(Some(word)),
                None => mistake.then(format!("its keys: {}", keys.known.join(", "))),
            };
            reading.report(mistake);
        }
    }
    Some(section)
}

/// Text: any scalar that is not empty, as written, quoted or not.
pub fn text(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    if let NodeKind::Scalar { text, .. } = &value.node.kind
        && !value.node.is_nothing()
    {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            let message = format!("`{}` must be text on one line, not empty", value.path);
            reading.report(Mistake::new("bad-value", value.point(), message));
            return None;
        }
        return Some(text.clone());
    }
    wrong_type(reading, value, "text");
    None
}

/// Text of one line or several.
pub fn passage(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    if let NodeKind::Scalar { text, .. } = &value.node.kind
        && !value.node.is_nothing()
    {
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.trim().is_empty() || text.chars().any(control) {
            let message = format!("`{}` must be text, not empty", value.path);
            reading.report(Mistake::new("bad-value", value.point(), message));
            return None;
        }
        return Some(text.clone());
    }
    wrong_type(reading, value, "text");
    None
}

/// One of a few words.
pub fn word<T: Copy>(reading: &mut Reading, value: &Value<'_>, words: &[(&str, T)]) -> Option<T> {
    let NodeKind::Scalar { text: given, .. } = &value.node.kind else {
        wrong_type(reading, value, "one word");
        return None;
    };
    let found = words.iter().find(|(word, _)| word == given);
    if found.is_none() {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        // Under a key named like a secret the value may be one.
        let given_as = if secrecy::names_a_secret(&value.path) {
            "this".to_owned()
        } else {
            format!("`{}`", shown(given))
        };
        reading.report(
            Mistake::new(
                "unknown-word",
                value.point(),
                format!("{given_as} is not a word for `{}`", value.path),
            )
            .near(nearest(given, &names))
            .then(format!("one of: {}", names.join(", "))),
        );
    }
    found.map(|(_, meaning)| *meaning)
}

/// `true` or `false`.
pub fn flag(reading: &mut Reading, value: &Value<'_>) -> Option<bool> {
    match &value.node.kind {
        NodeKind::Scalar { text, plain: true } if text == "true" => Some(true),
        NodeKind::Scalar { text, plain: true } if text == "false" => Some(false),
        NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_) => {
            wrong_type(reading, value, "`true` or `false`");
            None
        }
    }
}

/// A whole number within a range.
pub fn number(reading: &mut Reading, value: &Value<'_>, range: RangeInclusive<u32>) -> Option<u32> {
    let number = match &value.node.kind {
        NodeKind::Scalar { text, plain: true } if text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse::<u32>().ok()
        }
        NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_) => None,
    };
    let fits = number.filter(|number| range.contains(number));
    if fits.is_none() {
        let (from, to) = (range.start(), range.end());
        let wanted = format!("`{}` must be a whole number from {from} to {to}", value.path);
        reading.report(Mistake::new("bad-value", value.point(), wanted));
    }
    fits
}

/// The items of a list.
pub fn list<'n>(reading: &mut Reading, value: &Value<'n>) -> Option<Vec<Value<'n>>> {
    if let NodeKind::List(items) = &value.node.kind {
        let item = |(number, node): (usize, &'n Node)| Value {
            node,
            key: Span { start: node.span.start, end: node.span.start },
            path: format!("{}[{}]", value.path, number + 1),
        };
        return Some(items.iter().enumerate().map(item).collect());
    }
    wrong_type(reading, value, "a list");
    None
}

/// A list of texts with their places.
pub fn texts(reading: &mut Reading, value: &Value<'_>) -> Option<Vec<(String, Span)>> {
    let items = list(reading, value)?;
    let read = |item: &Value<'_>| Some((text(reading, item)?, item.point()));
    Some(items.iter().filter_map(read).collect())
}
