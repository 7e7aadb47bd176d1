//! How a playbook is laid out: comments, indentation, and values on one line where they fit. How a text is quoted is
//! serde-saphyr's word.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_saphyr::{DoubleQuoted, FlowSeq};

use crate::report::sanitize;

/// Longest line, in characters; a comment that would end behind it goes above its key.
const WIDTH: usize = 110;
/// Where comments behind keys begin at the earliest, as in the shipped playbooks.
const NOTES: usize = 45;

/// A value of the playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text, quoted where YAML would take it for something else.
    Text(String),
    /// Text that people expect in quotes, like a release.
    Quoted(String),
    /// A word, number or flag that stands as it is.
    Word(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// On one line.
    fn flow(&self) -> String {
        match self {
            Self::Text(text) => text_of(text),
            Self::Quoted(text) => quoted(text),
            Self::Word(word) => word.clone(),
            Self::List(items) => {
                format!("[{}]", items.iter().map(Self::flow).collect::<Vec<_>>().join(", "))
            }
            Self::Map(entries) if entries.is_empty() => "{}".to_owned(),
            Self::Map(entries) => {
                let pair =
                    |(key, value): &(String, Self)| format!("{}: {}", name(key), value.flow());
                format!("{{ {} }}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn nothing(&self) -> bool {
        match self {
            Self::Text(_) | Self::Quoted(_) | Self::Word(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }
}

/// A text as it may stand anywhere, also between the brackets of a list.
fn text_of(text: &str) -> String {
    // What would turn a line around for who reads it is written out, which is possible in quotes only.
    if sanitize::line(text) != text {
        return quoted(text);
    }
    inner(serde_saphyr::to_string(&FlowSeq([text])))
}

fn quoted(text: &str) -> String {
    let quoted = inner(serde_saphyr::to_string(&FlowSeq([DoubleQuoted(text)])));
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        let one = c.to_string();
        if sanitize::line(&one) == one {
            out.push(c);
        } else {
            // Writing to a String cannot fail.
            let _infallible = write!(out, "\\U{:08X}", u32::from(c));
        }
    }
    out
}

/// What stands between the brackets of a list of one.
fn inner(list: Result<String, serde_saphyr::ser::Error>) -> String {
    let list = list.unwrap_or_default();
    let list = list.trim_end_matches('\n');
    let inner = list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or_default().to_owned()
}

/// A key: a word as it is, anything else in quotes.
fn name(key: &str) -> String {
    let word = key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if word { key.to_owned() } else { quoted(key) }
}

/// A section of the top level, its notes taken by path.
pub(super) fn section(
    out: &mut String,
    key: &str,
    value: &Value,
    notes: &BTreeMap<String, Vec<String>>,
) {
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            line(out, 0, &format!("{}:", name(key)));
            block(out, 1, key, entries, notes);
        }
        Value::Text(_) | Value::Quoted(_) | Value::Word(_) | Value::List(_) | Value::Map(_) => {
            line(out, 0, &format!("{}: {}", name(key), value.flow()));
        }
    }
}

fn block(
    out: &mut String,
    depth: usize,
    path: &str,
    entries: &[(String, Value)],
    notes: &BTreeMap<String, Vec<String>>,
) {
    let heads: Vec<(String, bool)> =
        entries.iter().map(|(key, value)| head(depth, key, value)).collect();
    let note =
        |key: &str| notes.get(&format!("{path}.{key}")).map(Vec::as_slice).unwrap_or_default();
    let fits = |head: &str, text: &[String]| matches!(text, [one] if head.chars().count().max(NOTES) + one.chars().count() + 4 <= WIDTH);
    let behind = entries.iter().zip(&heads).filter(|((key, _), (head, _))| fits(head, note(key)));
    let column = behind.map(|(_, (head, _))| head.chars().count()).max().unwrap_or(0) + 2;
    let column = column.clamp(NOTES, WIDTH);
    for ((key, value), (head, whole)) in entries.iter().zip(&heads) {
        let lines = note(key);
        if fits(head, lines) {
            let note = sanitize::line(lines.first().map_or("", String::as_str));
            line(out, 0, &format!("{head:<column$}# {note}"));
        } else {
            comment(out, depth, lines);
            line(out, 0, head);
        }
        if *whole {
            continue;
        }
        match value {
            Value::Map(inner) => block(out, depth + 1, &format!("{path}.{key}"), inner, notes),
            Value::List(items) => {
                for item in items {
                    line(out, depth + 1, &format!("- {}", item.flow()));
                }
            }
            Value::Text(_) | Value::Quoted(_) | Value::Word(_) => {}
        }
    }
}

/// The line a key begins with, and whether its value is whole with it.
fn head(depth: usize, key: &str, value: &Value) -> (String, bool) {
    let indent = "  ".repeat(depth);
    let whole = format!("{indent}{}: {}", name(key), value.flow());
    let maps =
        matches!(value, Value::List(items) if items.iter().any(|i| matches!(i, Value::Map(_))));
    let scalar = matches!(value, Value::Text(_) | Value::Quoted(_) | Value::Word(_));
    if scalar || value.nothing() || (!maps && whole.chars().count() <= WIDTH) {
        (whole, true)
    } else {
        (format!("{indent}{}:", name(key)), false)
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(text);
    out.push('\n');
}

/// Lines of a comment, each broken where it is too long.
pub(super) fn comment(out: &mut String, depth: usize, lines: &[String]) {
    for text in lines {
        let text = sanitize::line(text);
        if text.is_empty() {
            line(out, depth, "#");
        }
        for part in broken(&text, WIDTH - 2 * depth - 2) {
            line(out, depth, &format!("# {part}"));
        }
    }
}

/// An item of a list among comments.
pub(super) fn item(out: &mut String, text: &str) {
    for (number, part) in broken(&sanitize::line(text), WIDTH - 6).iter().enumerate() {
        let mark = if number == 0 { '-' } else { ' ' };
        line(out, 0, &format!("#   {mark} {part}"));
    }
}

fn broken(text: &str, width: usize) -> Vec<String> {
    if text.chars().count() <= width {
        return if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    }
    let mut parts = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(last) = parts.last_mut() else { break };
        let longer = last.chars().count() + 1 + word.chars().count();
        if last.is_empty() || longer <= width {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        } else {
            parts.push(word.to_owned());
        }
    }
    parts
}
