//! Reads a document into a tree, of which parts are given away, passed over or kept as rows while it is read.

use std::io::BufRead;

use compact_str::CompactString;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::leaf::{self, Leaf};
use super::rows::ROW;
use super::{Element, Rows};

/// The deepest nesting that is read.
pub(super) const DEEPEST: usize = 64;
/// The most elements that are kept, with their attributes: AXL's own limit of 8 MB allows fewer.
pub(super) const MOST_ELEMENTS: usize = 1_000_000;
/// The most attributes of one element; looking for doubles takes the square of it.
pub(super) const MOST_ATTRIBUTES: usize = 64;

const ILLEGAL: &str = "a character that XML does not allow";

/// What is to stay of an element, given those above it.
pub(super) type Keep<'k> = dyn FnMut(Element, &[Element]) -> Option<Element> + 'k;

/// Whether anybody looks at an element of this name that holds a text alone, given those above it.
pub(super) type Told<'t> = dyn Fn(&str, &[Element]) -> bool + 't;

/// Reads a document. An element that holds a text alone is passed over where it is not `told`; `keep` sees every other but
/// the root and may take it; rows of the answer named go where they are wanted.
///
/// # Errors
/// What is wrong with it, without any of its content.
pub(super) fn read(
    bytes: &[u8],
    told: &Told<'_>,
    keep: &mut Keep<'_>,
    mut wanted: Option<(&str, &mut Rows)>,
) -> Result<Element, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    if holds_illegal(text) {
        return Err(ILLEGAL.to_owned());
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut kept = 0_usize;
    // Behind a text the reader has begun the markup that ended it: nothing may be taken from it there.
    let mut between = true;
    loop {
        // Rows are taken as rows, also those without columns; what is too deep, and the root, are for the reader to judge.
        let takes = between && (1..DEEPEST).contains(&open.len());
        let next = takes.then(|| leaf::next(ahead(text, &reader))).flatten();
        if let Some((before, leaf)) = next
            && (wanted.is_none() || leaf.name != ROW)
        {
            reader.stream().consume(before.len() + leaf.length);
            append(&mut open, before)?;
            if told(leaf.name, &open) {
                kept += 1;
                kept -= close(leaf.into(), &mut open, &mut root, keep)?;
            }
            if kept > MOST_ELEMENTS {
                return Err(format!("more than {MOST_ELEMENTS} elements"));
            }
            continue;
        }
        let event = reader.read_event().map_err(|error| format!("not XML: {error}"))?;
        between = !matches!(event, Event::Text(_));
        match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err("nested too deeply".to_owned());
                }
                let element = Element::start(&start)?;
                kept += element.count;
                match &mut wanted {
                    Some((answer, rows)) if Rows::begin(&open, &element.name, answer) => {
                        let left = MOST_ELEMENTS.saturating_sub(kept);
                        kept += rows.read(text, &mut reader, open.len() + 1, left)?;
                    }
                    Some(_) | None => open.push(element),
                }
            }
            Event::Empty(start) => {
                let element = Element::start(&start)?;
                kept += element.count;
                match &mut wanted {
                    Some((answer, rows)) if Rows::begin(&open, &element.name, answer) => {
                        rows.none();
                    }
                    Some(_) | None => kept -= close(element, &mut open, &mut root, keep)?,
                }
            }
            Event::End(_) => {
                let done = open.pop().ok_or("not XML: an end without a start")?;
                kept -= close(done, &mut open, &mut root, keep)?;
            }
            Event::Text(part) => append(&mut open, &part.xml10_content())?,
            Event::CData(part) => append(&mut open, &part.xml10_content())?,
            Event::GeneralRef(reference) => append(&mut open, &resolved(&reference)?)?,
            Event::DocType(_) => return Err("it holds a document type definition".to_owned()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
        if kept > MOST_ELEMENTS {
            return Err(format!("more than {MOST_ELEMENTS} elements"));
        }
    }
    if !open.is_empty() {
        return Err("it ends too early".to_owned());
    }
    root.ok_or_else(|| "it is empty".to_owned())
}

/// What a reader of this text has not come to yet.
pub(super) fn ahead<'x>(text: &'x str, reader: &Reader<&[u8]>) -> &'x str {
    text.len().checked_sub(reader.get_ref().len()).and_then(|at| text.get(at..)).unwrap_or_default()
}

impl Element {
    fn start(start: &BytesStart<'_>) -> Result<Self, String> {
        let attributes = attributes(start)?;
        Ok(Self {
            name: start.local_name().as_ref().into(),
            count: 1 + attributes.len(),
            attributes,
            ..Self::default()
        })
    }
}

impl From<Leaf<'_>> for Element {
    fn from(leaf: Leaf<'_>) -> Self {
        Self { name: leaf.name.into(), text: leaf.text.into(), count: 1, ..Self::default() }
    }
}

/// Puts a complete element where it belongs, and tells how many elements are no longer kept because of it.
fn close(
    done: Element,
    open: &mut [Element],
    root: &mut Option<Element>,
    keep: &mut Keep<'_>,
) -> Result<usize, String> {
    if open.is_empty() {
        if root.is_some() {
            return Err("it has two roots".to_owned());
        }
        *root = Some(done);
        return Ok(0);
    }
    let count = done.count;
    match (keep(done, open), open.last_mut()) {
        (Some(done), Some(parent)) => {
            parent.count += done.count;
            parent.children.push(done);
            Ok(0)
        }
        _ => Ok(count),
    }
}

fn append(open: &mut [Element], part: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(part),
        None if part.trim().is_empty() => {}
        None => return Err("text outside of the root".to_owned()),
    }
    Ok(())
}

/// An element's attributes by local name.
pub(super) fn attributes(
    start: &BytesStart<'_>,
) -> Result<Vec<(CompactString, CompactString)>, String> {
    let mut attributes = Vec::new();
    // Most have none.
    if start.attributes_raw().is_empty() {
        return Ok(attributes);
    }
    for attribute in start.attributes() {
        if attributes.len() >= MOST_ATTRIBUTES {
            return Err("an element with too many attributes".to_owned());
        }
        let attribute = attribute.map_err(|error| format!("not XML: {error}"))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| "a broken attribute".to_owned())?;
        if holds_illegal(&value) {
            return Err(ILLEGAL.to_owned());
        }
        attributes.push((attribute.key.local_name().as_ref().into(), value.into()));
    }
    Ok(attributes)
}

/// What a reference in a text stands for.
pub(super) fn resolved(reference: &BytesRef<'_>) -> Result<String, String> {
    let character =
        reference.resolve_char_ref().map_err(|_| "a broken character reference".to_owned())?;
    match character {
        Some(character) => {
            let text = character.to_string();
            if holds_illegal(&text) { Err(ILLEGAL.to_owned()) } else { Ok(text) }
        }
        None => resolve_xml_entity(&reference.xml10_content())
            .map(str::to_owned)
            .ok_or_else(|| "an entity that XML does not define".to_owned()),
    }
}

/// Whether a text holds a character that XML cannot carry, as it is or by reference.
pub(super) fn holds_illegal(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Without a way out of the loop, many bytes are looked at in one step.
    let control = |byte: u8| byte < b' ' && byte != b'\t' && byte != b'\n' && byte != b'\r';
    let found = |part: &[u8]| part.iter().fold(false, |found, byte| found | control(*byte));
    // U+FFFE and U+FFFF; the first byte of both begins few other characters.
    let none = |three: &[u8]| matches!(three, [0xef, 0xbf, 0xbe | 0xbf]);
    bytes.chunks(1024).any(found) || (bytes.contains(&0xef) && bytes.windows(3).any(none))
}

#[cfg(test)]
mod tests {
    use super::Element;

    fn shown(element: &Element) -> String {
        let inside: String = element.children.iter().map(shown).collect();
        let text = element.text.as_str();
        format!("{}[{:?}]{}{{{inside}}}", element.name, text, element.count)
    }

    /// The same document, of which nothing is a leaf: a blank in each start is for the reader alone.
    fn spread(text: &str) -> String {
        let mut all = String::new();
        for part in text.split_inclusive('>') {
            let starts = part.rfind('<').is_some_and(|at| {
                part[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic())
                    && !part.ends_with("/>")
            });
            match part.strip_suffix('>').filter(|_| starts) {
                Some(start) => all.extend([start, " >"]),
                None => all.push_str(part),
            }
        }
        all
    }

    #[test]
    fn a_leaf_is_read_as_the_reader_reads_it() {
        for text in [
            "<a><b>1</b><c/><b>2</b></a>",
            "<a>x<b>1</b>y<b> \u{159} </b>z</a>",
            "<n:a xmlns:n='x'><n:b>1</n:b>\n  <n:b></n:b>\n</n:a>",
            "<a><b>1&amp;2</b><b>&#65;</b><b><![CDATA[<3]]></b><b>4</b></a>",
            "<a><b>1\r\n2</b><b>3</b><!-- <b>4</b> --><?p <b>5</b>?></a>",
            "<a><b><c>1</c><c>2</c></b><b>]]&gt; ]]></b></a>",
            "<a>1</a>",
        ] {
            let slow = spread(text);
            assert!(!slow.contains("<b>1</b>"), "{slow}");
            let (fast, slow) = (Element::parse(text.as_bytes()), Element::parse(slow.as_bytes()));
            assert_eq!(fast.map(|root| shown(&root)), slow.map(|root| shown(&root)), "{text}");
        }
        for broken in [
            "<a><b>1</b>",
            "<a><b>1</b></c>",
            "<a></a><b>1</b>",
            "<b>1</b><a/>",
            "<a><b>1</b>&c;</a>",
        ] {
            assert!(Element::parse(broken.as_bytes()).is_err(), "{broken}");
            assert!(Element::parse(spread(broken).as_bytes()).is_err(), "{broken}");
        }
    }
    /// What may stand in an element; some of it is broken.
    const PIECES: [&str; 20] = [
        "<b>1</b>",
        "<b></b>",
        "<c/>",
        "\n  ",
        "x",
        "<d><b>1</b>",
        "</d>",
        "&amp;",
        "&#10;",
        "<!-- - -->",
        "<?p?>",
        "\r\n",
        "<![CDATA[<]]>",
        "<n:b>2</n:b>",
        "<b>1&lt;</b>",
        "\u{159}",
        "<b i='1'>3</b>",
        "</b>",
        "&x;",
        "<b>1</c>",
    ];

    #[test]
    fn any_mixture_is_read_as_the_reader_reads_it() {
        // A generator of numbers that are the same in each run (xorshift).
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut number = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % below
        };
        let (mut good, mut bad) = (0, 0);
        for _ in 0..20_000 {
            // Few of the pieces are broken by themselves.
            let mut inside = String::new();
            for _ in 0..number(9) {
                let among = if number(8) == 0 { 20 } else { 17 };
                inside.push_str(PIECES[number(among)]);
            }
            let closed = "</d>".repeat(
                inside.matches("<d>").count().saturating_sub(inside.matches("</d>").count()),
            );
            let text = format!("<a>{inside}{closed}</a>");
            let fast = Element::parse(text.as_bytes()).map(|root| shown(&root));
            let slow = Element::parse(spread(&text).as_bytes()).map(|root| shown(&root));
            assert_eq!(fast.as_ref().ok(), slow.as_ref().ok(), "{text}");
            if fast.is_ok() { good += 1 } else { bad += 1 }
        }
        assert!(good > 2_000 && bad > 2_000, "{good} {bad}");
    }
}
