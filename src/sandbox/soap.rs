//! XML in and out: one small tree for requests and replies, and the SOAP envelope around them.

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The attribute of a nil element, as it is written.
pub const NIL: &str = " xsi:nil=\"true\"";
const DEEPEST: usize = 64;
/// The most elements of one document, with their attributes.
const MOST: usize = 1_000_000;
/// The most attributes of one element; looking for doubles takes the square of it.
const MOST_ATTRIBUTES: usize = 64;

/// One element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Namespace; empty for an unqualified name.
    pub space: String,
    /// Local name.
    pub name: String,
    /// Attributes by local name (`xsi:nil` keeps its prefix); namespace declarations are left out.
    pub attributes: Vec<(String, String)>,
    /// Child elements.
    pub children: Vec<Node>,
    /// All text directly in the element.
    pub text: String,
}

impl Node {
    /// An empty element.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// An element holding text.
    pub fn leaf(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), text: text.into(), ..Self::default() }
    }

    /// An element holding text, or a nil one.
    pub fn maybe(name: &str, text: Option<String>) -> Self {
        match text {
            Some(text) => Self::leaf(name, text),
            None => Self::new(name).marked("xsi:nil", "true"),
        }
    }

    /// The same element with one more child.
    #[must_use]
    pub fn with(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// The same element with more children.
    #[must_use]
    pub fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// The same element with an attribute.
    #[must_use]
    pub fn marked(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of that name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The element as XML. Names are written as they are, so they may carry a prefix.
    pub fn xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// The children alone as XML.
    pub fn inner_xml(&self) -> String {
        let mut out = String::new();
        for child in &self.children {
            child.write(&mut out);
        }
        out
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            out.push_str(&escape(value.as_str()));
            out.push('"');
        }
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        if self.children.is_empty() {
            out.push_str(&escape(self.text.as_str()));
        }
        for child in &self.children {
            child.write(out);
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// Parses one document into its root element.
///
/// # Errors
/// What is wrong with the text, in a sentence.
pub fn parse(text: &str) -> Result<Node, String> {
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Node> = vec![Node::new("")];
    let mut most = MOST;
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        let space = match space {
            ResolveResult::Bound(space) => space.as_ref().to_owned(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(prefix) => {
                return Err(format!("prefix '{prefix}' is undeclared"));
            }
        };
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err("elements are nested too deeply".to_owned());
                }
                let node = element(&reader, &start, space, &mut most)?;
                open.push(node);
            }
            Event::Empty(start) => {
                let node = element(&reader, &start, space, &mut most)?;
                close(&mut open, node);
            }
            Event::End(_) => {
                if let Some(node) = open.pop() {
                    close(&mut open, node);
                }
            }
            Event::Text(text) => push_text(&mut open, &text.xml10_content()),
            Event::CData(text) => push_text(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(letter) => letter.to_string(),
                    None => match reference.xml10_content().as_ref() {
                        "lt" => "<".to_owned(),
                        "gt" => ">".to_owned(),
                        "amp" => "&".to_owned(),
                        "quot" => "\"".to_owned(),
                        "apos" => "'".to_owned(),
                        other => return Err(format!("entity '{other}' is undeclared")),
                    },
                };
                push_text(&mut open, &resolved);
            }
            Event::DocType(_) => return Err("a document type is not allowed".to_owned()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let mut outer = open.pop().filter(|_| open.is_empty()).ok_or("an element is not closed")?;
    match outer.children.len() {
        1 => outer.children.pop().ok_or_else(|| "no element".to_owned()),
        _ => Err("one root element is expected".to_owned()),
    }
}

fn element(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    space: String,
    most: &mut usize,
) -> Result<Node, String> {
    let mut node = Node::new(start.local_name().as_ref());
    node.space = space;
    for (index, attribute) in start.attributes().enumerate() {
        if index >= MOST_ATTRIBUTES {
            return Err("an element with too many attributes".to_owned());
        }
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (space, name) = reader.resolver().resolve_attribute(attribute.key);
        let name = match space {
            ResolveResult::Bound(space) if space.as_ref() == INSTANCE => {
                format!("xsi:{}", name.as_ref())
            }
            ResolveResult::Bound(space) => format!("{{{}}}{}", space.as_ref(), name.as_ref()),
            ResolveResult::Unbound => name.as_ref().to_owned(),
            ResolveResult::Unknown(prefix) => {
                return Err(format!("prefix '{prefix}' is undeclared"));
            }
        };
        let value =
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|e| e.to_string())?;
        node.attributes.push((name, value.into_owned()));
    }
    *most = most.checked_sub(1 + node.attributes.len()).ok_or("too many elements")?;
    Ok(node)
}

fn close(open: &mut [Node], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn push_text(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

/// Takes the one element out of a SOAP 1.1 envelope's body.
///
/// # Errors
/// What is wrong with the envelope, in a sentence.
pub fn open_envelope(text: &str) -> Result<Node, String> {
    let envelope = parse(text)?;
    if envelope.name != "Envelope" || envelope.space != SOAP {
        return Err("the root element is not a SOAP 1.1 envelope".to_owned());
    }
    let mut bodies =
        envelope.children.into_iter().filter(|child| child.name == "Body" && child.space == SOAP);
    let mut body = bodies.next().ok_or("the envelope has no body")?;
    match body.children.len() {
        1 => body.children.pop().ok_or_else(|| "the body is empty".to_owned()),
        _ => Err("the body must hold exactly one element".to_owned()),
    }
}

/// The answer to an operation; `returned` is the content of its `return` element.
pub fn reply(operation: &str, version: &str, sequence: Option<&str>, returned: Node) -> String {
    let major = version.split('.').next().and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let mut root = Node::new(&format!("ns:{operation}Response"))
        .marked("xmlns:ns", format!("http://www.cisco.com/AXL/API/{version}"));
    let mut returned = returned;
    if major >= 14 {
        root = root.marked("xmlns:xsi", INSTANCE);
    } else {
        declare_on_nil(&mut returned);
    }
    if let Some(sequence) = sequence {
        root = root.marked("sequence", sequence);
    }
    "return".clone_into(&mut returned.name);
    in_envelope(&root.with(returned))
}

/// The answer to a query.
pub fn reply_rows(version: &str, sequence: Option<&str>, rows: &str) -> String {
    const CONTENT: &str = "<return/>";
    let whole = reply("executeSQLQuery", version, sequence, Node::new("return"));
    if rows.is_empty() {
        return whole;
    }
    let (before, after) = whole.split_once(CONTENT).unwrap_or((&whole, ""));
    // Before 14 the prefix is declared where it is used. No text can hold the attribute: quotes are escaped there.
    let rows = if whole.contains(INSTANCE) {
        Cow::Borrowed(rows)
    } else {
        Cow::Owned(rows.replace(NIL, &format!("{NIL} xmlns:xsi=\"{INSTANCE}\"")))
    };
    let mut out = String::with_capacity(whole.len() + rows.len() + 16);
    out.extend([before, "<return>", &rows, "</return>", after]);
    out
}

/// Makes nil elements empty ones.
pub fn without_nil(node: &mut Node) {
    node.attributes.retain(|(name, _)| name != "xsi:nil");
    node.children.iter_mut().for_each(without_nil);
}

fn declare_on_nil(node: &mut Node) {
    if node.attribute("xsi:nil").is_some() {
        node.attributes.push(("xmlns:xsi".to_owned(), INSTANCE.to_owned()));
    }
    node.children.iter_mut().for_each(declare_on_nil);
}

/// A SOAP fault with AXL's detail.
pub fn fault(operation: &str, client: bool, code: i64, text: &str) -> String {
    let detail = Node::new("axlError")
        .with(Node::leaf("axlcode", code.to_string()))
        .with(Node::leaf("axlmessage", text))
        .with(Node::leaf("request", operation));
    in_envelope(
        &Node::new("soapenv:Fault")
            .with(Node::leaf("faultcode", if client { "soapenv:Client" } else { "soapenv:Server" }))
            .with(Node::leaf("faultstring", text))
            .with(Node::new("detail").with(detail)),
    )
}

/// An element in a SOAP 1.1 envelope.
pub fn in_envelope(content: &Node) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv=\"{SOAP}\"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>",
        content.xml()
    )
}
