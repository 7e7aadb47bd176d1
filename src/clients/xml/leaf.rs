//! Elements that stand as nearly all do: a name without attributes, a text without markup, an end. They are taken from the
//! text as it stands; whatever differs is left to the reader of XML, which says what it is.

use memchr::memchr3;

/// An element that holds a text alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Leaf<'x> {
    /// Its local name.
    pub(super) name: &'x str,
    pub(super) text: &'x str,
    /// Bytes of it, tags included.
    pub(super) length: usize,
}

/// What stands for a character in every document.
const ENTITIES: [(&str, char); 5] =
    [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&apos;", '\'')];

impl<'x> Leaf<'x> {
    /// The one that begins here, without references and what is to be normalised.
    pub(super) fn at(rest: &'x str) -> Option<Self> {
        let inside = rest.strip_prefix('<')?;
        let end = inside.bytes().position(|byte| !of_name(byte))?;
        let (name, inside) = inside.split_at_checked(end)?;
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        let (text, end) = until_markup(inside.strip_prefix('>')?)?;
        let behind = end.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
        let (prefix, local) = name.split_once(':').unwrap_or(("-", name));
        let usual = !prefix.is_empty() && !local.is_empty() && !local.contains(':');
        usual.then_some(Self { name: local, text, length: rest.len() - behind.len() })
    }
}

/// The next element, if it is one that begins behind nothing but text as it stands; and that text.
pub(super) fn next(rest: &str) -> Option<(&str, Leaf<'_>)> {
    let (before, rest) = until_markup(rest)?;
    Some((before, Leaf::at(rest)?))
}

/// Takes the element of this name that begins here; its text goes to `text`. Gives what stands behind it.
pub(super) fn take<'x>(rest: &'x str, name: &str, text: &mut String) -> Option<&'x str> {
    let inside = rest.strip_prefix('<')?.strip_prefix(name)?;
    let Some(inside) = inside.strip_prefix('>') else { return inside.strip_prefix("/>") };
    let before = text.len();
    let behind = append(inside, name, text);
    if behind.is_none() {
        text.truncate(before);
    }
    behind
}

/// The text up to the end of the element of this name.
fn append<'x>(mut rest: &'x str, name: &str, text: &mut String) -> Option<&'x str> {
    loop {
        let (part, end) = until_markup(rest)?;
        text.push_str(part);
        if let Some(end) = end.strip_prefix("</") {
            return end.strip_prefix(name)?.strip_prefix('>');
        }
        let known =
            |(entity, character): &(&str, char)| Some((*character, end.strip_prefix(*entity)?));
        let (character, behind) = ENTITIES.iter().find_map(known)?;
        text.push(character);
        rest = behind;
    }
}

/// What is text as it stands, and the rest.
fn until_markup(rest: &str) -> Option<(&str, &str)> {
    rest.split_at_checked(memchr3(b'<', b'&', b'\r', rest.as_bytes())?)
}

fn of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::{Leaf, next, take};

    #[test]
    fn only_what_is_as_nearly_all_are_is_a_leaf() {
        let leaf = |name, text, length| Some(Leaf { name, text, length });
        assert_eq!(Leaf::at("<a>1</a><b/>"), leaf("a", "1", 8));
        assert_eq!(Leaf::at("<n:a.b> \u{159} </n:a.b>"), leaf("a.b", " \u{159} ", 19));
        assert_eq!(Leaf::at("<a></a>"), leaf("a", "", 7));
        for other in [
            "",
            "<",
            "<a",
            "<a>",
            "<a>1",
            "<a>1<",
            "<a>1</",
            "<a>1</a",
            "text<a>1</a>",
            " <a>1</a>",
            "<a/>",
            "<a >1</a>",
            "<a b='1'>1</a>",
            "<a>1</a >",
            "<a>1</b>",
            "<a>1</ab>",
            "<a><b/></a>",
            "<a>1&amp;</a>",
            "<a>1\r\n</a>",
            "<a><![CDATA[1]]></a>",
            "<!-- a -->",
            "<?a?>",
            "</a>",
            "<1>1</1>",
            "<:a>1</:a>",
            "<a:>1</a:>",
            "<a:b:c>1</a:b:c>",
            "<\u{159}>1</\u{159}>",
            "<>1</>",
        ] {
            assert_eq!(Leaf::at(other), None, "{other}");
        }
    }

    #[test]
    fn a_leaf_may_stand_behind_text() {
        let next = |rest| next(rest).map(|(before, leaf)| (before, leaf.name, leaf.text));
        assert_eq!(next("\n  <a>1</a>"), Some(("\n  ", "a", "1")));
        assert_eq!(next("<a>1</a>"), Some(("", "a", "1")));
        for other in ["\r\n<a>1</a>", "1&amp;<a>1</a>", "\n</a>", "\n<a/>", "1"] {
            assert_eq!(next(other), None, "{other}");
        }
    }

    #[test]
    fn a_text_is_taken_whole_or_not_at_all() {
        let taken = |rest: &'static str| {
            let mut text = "before ".to_owned();
            let behind = take(rest, "a", &mut text);
            (behind, text)
        };
        let all = "&lt;b&gt; &amp;lt; &quot;\u{159}&apos;";
        let text = "before <b> &lt; \"\u{159}'".to_owned();
        let whole: &'static str = format!("<a>{all}</a>rest").leak();
        assert_eq!(taken(whole), (Some("rest"), text));
        assert_eq!(taken("<a/>rest"), (Some("rest"), "before ".to_owned()));
        for other in [
            "<a>1&#10;2</a>",
            "<a>1&nbsp;</a>",
            "<a>1&lt</a>",
            "<a>&amp;<b/></a>",
            "<a>1</b>",
            "<a>1\r</a>",
            "<ab>1</ab>",
            "<a>1",
        ] {
            assert_eq!(taken(other), (None, "before ".to_owned()), "{other}");
        }
    }
}
