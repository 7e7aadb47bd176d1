//! XML that is written back as it came, but for the texts that were changed: prefixes, order and the form of nothing
//! stay, comments and processing instructions do not.

use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

const DEEPEST: usize = 64;
/// The most elements of one document, with their attributes.
const MOST: usize = 1_000_000;
/// The most attributes of one element; looking for doubles takes the square of it.
const MOST_ATTRIBUTES: usize = 64;
/// Around a fragment, so that it has one root.
const WRAPPER: &str = "fragment";

/// One element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// Name with its prefix.
    name: String,
    /// Attributes, namespace declarations among them.
    pub(super) attributes: Vec<(String, String)>,
    content: Vec<Content>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Text(String),
    Element(Element),
}

impl Element {
    /// Name without its prefix.
    pub(super) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// Child elements.
    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// Child elements, to be changed.
    pub(super) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        self.content.iter_mut().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// The text of the first child of this name, in any case; empty when there is none.
    pub(super) fn text_of(&self, name: &str) -> String {
        let child = self.children().find(|child| child.local().eq_ignore_ascii_case(name));
        child.map(Self::text).unwrap_or_default()
    }

    /// All text directly in the element.
    pub(super) fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|content| match content {
            Content::Text(text) => Some(text.as_str()),
            Content::Element(_) => None,
        });
        texts.collect()
    }

    /// Replaces all text directly in the element.
    pub(super) fn set_text(&mut self, text: String) {
        self.content.retain(|content| matches!(content, Content::Element(_)));
        if !text.is_empty() {
            self.content.insert(0, Content::Text(text));
        }
    }

    /// The document.
    pub(super) fn document(&self) -> String {
        let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
        self.write(&mut out);
        out
    }

    /// What stands inside of the element.
    pub(super) fn inner(&self) -> String {
        let mut out = String::new();
        self.write_content(&mut out);
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
        if self.content.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        self.write_content(out);
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }

    fn write_content(&self, out: &mut String) {
        for content in &self.content {
            match content {
                Content::Text(text) => out.push_str(&escape(text.as_str()).replace('\r', "&#13;")),
                Content::Element(element) => element.write(out),
            }
        }
    }
}

/// Parses one document.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let outside = Element { name: String::new(), attributes: Vec::new(), content: Vec::new() };
    let mut open = vec![outside];
    let mut most = MOST;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err("elements are nested too deeply".to_owned());
                }
                open.push(element(&start, &mut most)?);
            }
            Event::Empty(start) => {
                let element = element(&start, &mut most)?;
                put(&mut open, Content::Element(element));
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    put(&mut open, Content::Element(element));
                }
            }
            Event::Text(text) => put(&mut open, Content::Text(text.xml10_content().into_owned())),
            Event::CData(text) => put(&mut open, Content::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => {
                let known = reference.resolve_char_ref().map_err(|error| error.to_string())?;
                let letter = match known {
                    Some(letter) => letter,
                    None => match reference.xml10_content().as_ref() {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        other => return Err(format!("entity '{other}' is undeclared")),
                    },
                };
                put(&mut open, Content::Text(letter.to_string()));
            }
            Event::DocType(_) => return Err("a document type is not read".to_owned()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let outside = open.pop().filter(|_| open.is_empty()).ok_or("an element is not closed")?;
    let mut roots = outside.content.into_iter().filter_map(|content| match content {
        Content::Element(element) => Some(element),
        Content::Text(_) => None,
    });
    roots.next().filter(|_| roots.next().is_none()).ok_or_else(|| "not one root".to_owned())
}

/// Parses elements that stand side by side, as configurations are stored.
pub(super) fn fragment(text: &str) -> Result<Element, String> {
    parse(&format!("<{WRAPPER}>{text}</{WRAPPER}>"))
}

fn element(start: &BytesStart<'_>, most: &mut usize) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        if attributes.len() >= MOST_ATTRIBUTES {
            return Err("an element with too many attributes".to_owned());
        }
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|error| error.to_string())?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    *most = most.checked_sub(1 + attributes.len()).ok_or("too many elements")?;
    Ok(Element { name: start.name().as_ref().to_owned(), attributes, content: Vec::new() })
}

/// Adds to the innermost open element; texts side by side are one.
fn put(open: &mut [Element], content: Content) {
    let Some(element) = open.last_mut() else { return };
    match (element.content.last_mut(), content) {
        (Some(Content::Text(before)), Content::Text(more)) => before.push_str(&more),
        (_, content) => element.content.push(content),
    }
}

#[cfg(test)]
mod tests {
    use super::{fragment, parse};

    #[test]
    fn what_is_not_changed_is_written_back() {
        let text = "<s:Envelope xmlns:s=\"e\"><s:Body>\n<row><a xsi:nil=\"true\"/><b> x &amp; y </b></row></s:Body></s:Envelope>";
        let root = parse(&format!("<!-- note --><?pi x?>{text}")).unwrap();
        assert_eq!(root.document().split_once("?>").unwrap().1, text);
        assert_eq!(root.local(), "Envelope");
    }

    #[test]
    fn entities_and_sections_are_text() {
        let root = parse("<a>&#65;<![CDATA[<b>]]>&lt;</a>").unwrap();
        assert_eq!(root.text(), "A<b><");
        assert_eq!(root.document().split_once("?>").unwrap().1, "<a>A&lt;b&gt;&lt;</a>");
    }

    #[test]
    fn hostile_documents_are_refused() {
        let attributes: Vec<String> = (0..65).map(|at| format!(" a{at}=''")).collect();
        let attributes = attributes.concat();
        assert!(parse(&format!("<a{attributes}/>")).is_err());
        assert!(parse(&format!("{}{}", "<a>".repeat(66), "</a>".repeat(66))).is_err());
        assert!(parse(&format!("<a>{}</a>", "<b/>".repeat(1_000_000))).is_err());
        assert!(parse("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_err());
    }

    #[test]
    fn fragments_have_no_root() {
        assert_eq!(fragment("<a>1</a><b/>").unwrap().inner(), "<a>1</a><b/>");
        for bad in ["<a>", "</a>", "<a></b>", "&nbsp;", "<!DOCTYPE a><a/>"] {
            assert!(fragment(bad).is_err(), "{bad}");
        }
    }
}
