//! YAML 1.2 text to a tree in which every key and value knows where it stands.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{Event, Marker, Parser, ScalarStyle, Span as Range, options};

use super::reading::{Mistake, Reading, Span};
use super::secrecy;

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The scalar; of a collection the place where it begins.
    pub span: Span,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar's text; `plain` when it is not quoted.
    Scalar {
        /// The text after unescaping.
        text: String,
        /// Not quoted, so `true`, `12` and nothing at all have a meaning of their own.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the text; each key once.
    Map(Vec<(Key, Node)>),
}

impl Node {
    /// What it is, for messages.
    pub fn kind_word(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar { .. } if self.is_nothing() => "nothing",
            NodeKind::Scalar { .. } => "a single value",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }

    /// Whether nothing was written: an empty value, `~` or `null`.
    pub fn is_nothing(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The spans of every scalar and key in it.
    pub fn scalars(&self, out: &mut Vec<Span>) {
        match &self.kind {
            NodeKind::Scalar { .. } => out.push(self.span),
            NodeKind::List(items) => items.iter().for_each(|item| item.scalars(out)),
            NodeKind::Map(entries) => {
                for (key, value) in entries {
                    out.push(key.span);
                    value.scalars(out);
                }
            }
        }
    }
}

enum Open {
    List(Vec<Node>, Span),
    Map { entries: Vec<(Key, Node)>, key: Pending, span: Span },
}

enum Pending {
    None,
    Key(Key),
    /// A key that cannot be one; its value is dropped.
    Broken,
}

/// Reads the only document of the text. Mistakes are reported to `reading`; `None` when no tree came of it.
pub fn read(reading: &mut Reading) -> Option<Node> {
    let text = reading.text();
    let mut builder = Builder { open: Vec::new(), root: None, documents: 0 };
    for next in Parser::new_from_str_with_options(
        &text,
        options! { emit_comments: false, emit_anchor_events: true },
    ) {
        match next {
            Ok((event, range)) => builder.take(reading, &text, event, range),
            Err(error) => {
                let at = offset(&text, error.marker());
                secrecy::hide_in_broken_text(reading, &text);
                reading.report(
                    Mistake::new(
                        "syntax",
                        Span { start: at, end: at },
                        format!("not valid YAML: {}", error.info()),
                    )
                    .then("check indentation, quotes and brackets here and on the line before"),
                );
                return None;
            }
        }
    }
    builder.root
}

struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, reading: &mut Reading, text: &str, event: Event<'_>, range: Range) {
        let span = Span { start: offset(text, &range.start), end: offset(text, &range.end) };
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents == 2 {
                    reading.report(
                        Mistake::new("syntax", span, "a second document begins here").then(
                            "a playbook is one YAML document; put the other into a file of its own",
                        ),
                    );
                }
            }
            Event::Anchor(..) => reading.hide(span),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                reading.hide(span);
                reading.report(
                    Mistake::new("syntax", span, "anchors and aliases are not used in a playbook")
                        .then("write the value out"),
                );
                self.place(reading, Node { kind: scalar(String::new(), true), span });
            }
            Event::Scalar(value, style, _, tag) => {
                tagged(reading, text, &range, tag.is_some());
                let plain = matches!(style, ScalarStyle::Plain);
                self.place(reading, Node { kind: scalar(value.into_owned(), plain), span });
            }
            Event::SequenceStart(_, _, tag) => {
                tagged(reading, text, &range, tag.is_some());
                self.open.push(Open::List(Vec::new(), span));
            }
            Event::MappingStart(_, _, tag) => {
                tagged(reading, text, &range, tag.is_some());
                self.open.push(Open::Map { entries: Vec::new(), key: Pending::None, span });
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List(items, span)) => {
                    self.place(reading, Node { kind: NodeKind::List(items), span });
                }
                Some(Open::Map { entries, span, .. }) => {
                    let entries = once_each(reading, entries);
                    self.place(reading, Node { kind: NodeKind::Map(entries), span });
                }
                None => {}
            },
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..) | _ => {
            }
        }
    }

    fn place(&mut self, reading: &mut Reading, node: Node) {
        match self.open.last_mut() {
            None => {
                if self.root.is_none() {
                    self.root = Some(node);
                }
            }
            Some(Open::List(items, _)) => items.push(node),
            Some(Open::Map { entries, key, .. }) => {
                match (std::mem::replace(key, Pending::None), node) {
                    (Pending::None, Node { kind: NodeKind::Scalar { text, .. }, span }) => {
                        *key = Pending::Key(Key { text, span });
                    }
                    (Pending::None, node) => {
                        secrecy::hide_all(reading, &node);
                        reading.report(Mistake::new(
                            "syntax",
                            Span { end: node.span.start, ..node.span },
                            format!("a key must be a word, this is {}", node.kind_word()),
                        ));
                        *key = Pending::Broken;
                    }
                    (Pending::Key(name), node) => entries.push((name, node)),
                    (Pending::Broken, _) => {}
                }
            }
        }
    }
}

fn scalar(text: String, plain: bool) -> NodeKind {
    NodeKind::Scalar { text, plain }
}

fn tagged(reading: &mut Reading, text: &str, range: &Range, tag: bool) {
    if tag {
        let range = range.tag_span().unwrap_or(*range);
        let span = Span { start: offset(text, &range.start), end: offset(text, &range.end) };
        // Somebody's password may begin with an exclamation mark, as it may with `&` or `*` below.
        reading.hide(span);
        reading.report(Mistake::new(
            "syntax",
            span,
            "tags (words that begin with `!`) are not used in a playbook",
        ));
    }
}

fn once_each(reading: &mut Reading, entries: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
    let mut first: HashMap<String, Span> = HashMap::new();
    let mut kept = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        if let Some(before) = first.get(&key.text) {
            let before = reading.locate(before.start);
            secrecy::hide_all(reading, &node);
            let name = super::diagnostic::shown(&key.text);
            reading.report(
                Mistake::new("duplicate-key", key.span, format!("`{name}` is given twice"))
                    .also(before, "first given"),
            );
        } else {
            first.insert(key.text.clone(), key.span);
            kept.push((key, node));
        }
    }
    kept
}

fn offset(text: &str, marker: &Marker) -> usize {
    marker
        .byte_offset()
        .unwrap_or_else(|| text.char_indices().nth(marker.index()).map_or(text.len(), |(at, _)| at))
}
