//! Product-specific settings (`vendorConfig`) as text: single elements read and set, every other byte kept.
//!
//! AXL replaces the whole of it (AXL 14.0 schema, `XVendorConfig`: any elements, content unchecked), so what goes back
//! is what came, with nothing but the wanted elements changed.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::Event;

/// The value of a top-level element; `None` when it is absent, which means that this level says nothing.
pub fn value(config: &str, element: &str) -> Option<String> {
    let [value] = values(config, [element]);
    value
}

/// The values of several top-level elements, read in one go.
pub fn values<const N: usize>(config: &str, elements: [&str; N]) -> [Option<String>; N] {
    let mut found: [Option<Range<usize>>; N] = [const { None }; N];
    let taken = top_level(config, |name, place| {
        let mut places = elements.iter().zip(&mut found);
        let first = places.find(|(wanted, known)| **wanted == name && known.is_none());
        if let Some((_, known)) = first {
            *known = Some(place.inside);
        }
    });
    found.map(|inside| {
        let inside = config.get(inside.filter(|_| taken.is_some())?)?;
        // Text that is no text, e.g. with elements in it, is as good as any other wrong value.
        let text = unescape(inside.trim());
        Some(text.map_or_else(|_| inside.to_owned(), std::borrow::Cow::into_owned))
    })
}

/// The same configuration with a top-level element set, appended where it was absent. `None` when the text is not
/// well-formed: it must not be written back.
pub fn set(config: &str, element: &str, value: &str) -> Option<String> {
    let found = elements(config, element)?;
    let fresh = self::element(element, value);
    let mut text = String::with_capacity(config.len() + fresh.len());
    let mut kept = 0;
    for old in &found {
        text.push_str(config.get(kept..old.whole.start)?);
        text.push_str(&fresh);
        kept = old.whole.end;
    }
    text.push_str(config.get(kept..)?);
    if found.is_empty() {
        text.push_str(&fresh);
    }
    Some(text)
}

/// An element of this value, as [`set`] writes it.
pub fn element(element: &str, value: &str) -> String {
    format!("<{element}>{}</{element}>", escape(value))
}

/// Every top-level element of this name, from tag to tag; `None` when the text is not well-formed.
pub fn whole(config: &str, element: &str) -> Option<Vec<String>> {
    let found = elements(config, element)?;
    found.into_iter().map(|one| config.get(one.whole).map(str::to_owned)).collect()
}

/// The same configuration with the top-level elements of this name as they were: the first ones are exchanged, what is
/// too many is taken away, what is missing is appended. `None` when the text is not well-formed.
pub fn restore(config: &str, element: &str, were: &[String]) -> Option<String> {
    let found = elements(config, element)?;
    let mut text = String::with_capacity(config.len());
    let (mut kept, mut were) = (0, were.iter());
    for old in &found {
        text.push_str(config.get(kept..old.whole.start)?);
        text.extend(were.next().map(String::as_str));
        kept = old.whole.end;
    }
    text.push_str(config.get(kept..)?);
    text.extend(were.map(String::as_str));
    Some(text)
}

/// What stands inside of `<vendorConfig>` where a text is wrapped in one, else the text itself: the database's columns
/// are not documented to be either.
pub fn unwrapped(text: &str) -> &str {
    const WRAPPER: &str = "vendorConfig";
    if !text.contains(WRAPPER) {
        return text;
    }
    match elements(text, WRAPPER).as_deref() {
        Some([only]) => text.get(only.inside.clone()).unwrap_or(text),
        _ => text,
    }
}

struct Found {
    whole: Range<usize>,
    inside: Range<usize>,
}

/// Top-level elements of this local name; `None` when the text is not well-formed.
fn elements(text: &str, name: &str) -> Option<Vec<Found>> {
    let mut found = Vec::new();
    top_level(text, |own, place| {
        if own == name {
            found.push(place);
        }
    })?;
    Some(found)
}

/// Tells of every top-level element its local name and place; `None` when the text is not well-formed.
fn top_level(text: &str, mut take: impl FnMut(&str, Found)) -> Option<()> {
    let mut reader = Reader::from_str(text);
    let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).ok();
    let mut depth = 0_usize;
    let mut open = None;
    loop {
        let before = position(&reader)?;
        let event = reader.read_event().ok()?;
        let after = position(&reader)?;
        match event {
            Event::Start(start) => {
                if depth == 0 {
                    open = Some((start, before, after));
                }
                depth += 1;
            }
            Event::Empty(start) if depth == 0 => {
                let place = Found { whole: before..after, inside: after..after };
                take(start.local_name().as_ref(), place);
            }
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                if depth == 0
                    && let Some((start, whole, inside)) = open.take()
                {
                    let place = Found { whole: whole..after, inside: inside..before };
                    take(start.local_name().as_ref(), place);
                }
            }
            Event::DocType(_) => return None,
            Event::Eof => return (depth == 0).then_some(()),
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{restore, set, unwrapped, value, whole};

    const ODD: &str = "\n <sshAccess >1</sshAccess>\t<desktopClient a='1'><webAccess>9</webAccess></desktopClient>\
                       <webAccess/><note>a &amp; b &#x27;</note><!-- c --><webProtocol>\n0\n</webProtocol >\r\n";

    #[test]
    fn elements_are_read_at_the_top_level_only() {
        assert_eq!(value(ODD, "webAccess").as_deref(), Some(""));
        assert_eq!(value(ODD, "webProtocol").as_deref(), Some("0"));
        assert_eq!(value(ODD, "note").as_deref(), Some("a & b '"));
        assert_eq!(value(ODD, "a"), None);
        assert_eq!(value("", "webAccess"), None);
        assert_eq!(value("<a>", "a"), None);
    }

    #[test]
    fn setting_keeps_every_other_byte() {
        let set_both = set(&set(ODD, "webAccess", "0").unwrap(), "webProtocol", "1").unwrap();
        let shall = ODD
            .replace("<webAccess/>", "<webAccess>0</webAccess>")
            .replace("<webProtocol>\n0\n</webProtocol >", "<webProtocol>1</webProtocol>");
        assert_eq!(set_both, shall);
        assert_eq!(set("", "webAccess", "0").unwrap(), "<webAccess>0</webAccess>");
        assert_eq!(set("<a>1</a>", "b", "<&").unwrap(), "<a>1</a><b>&lt;&amp;</b>");
        let twice = "<webAccess>1</webAccess><x/><webAccess>1</webAccess>";
        assert_eq!(set(twice, "webAccess", "0").unwrap(), twice.replace('1', "0"));
    }

    #[test]
    fn broken_text_is_never_written_back() {
        for broken in ["<a>", "</a>", "<a></b>", "<!DOCTYPE a>"] {
            assert_eq!(set(broken, "webAccess", "0"), None, "{broken}");
        }
    }

    #[test]
    fn a_wrapped_text_is_unwrapped() {
        assert_eq!(unwrapped("<vendorConfig><a>1</a></vendorConfig>"), "<a>1</a>");
        assert_eq!(unwrapped("<a>1</a>"), "<a>1</a>");
        assert_eq!(unwrapped("<vendorConfig/>"), "");
    }

    #[test]
    fn what_was_set_is_put_back_to_the_byte() {
        for element in ["webAccess", "webProtocol", "absent"] {
            let were = whole(ODD, element).unwrap();
            let changed = set(ODD, element, "7").unwrap();
            assert_eq!(restore(&changed, element, &were).unwrap(), ODD, "{element}");
        }
        assert_eq!(restore("<a/><a/>", "a", &["<a>1</a>".to_owned()]).unwrap(), "<a>1</a>");
        assert_eq!(restore("", "a", &["<a/>".to_owned()]).unwrap(), "<a/>");
        assert!(restore("<a>", "a", &[]).is_none());
    }
}
