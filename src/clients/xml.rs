//! XML as these clients need it: bodies written element by element, answers read into a small tree, or element by element
//! when they are long. What is read is bounded in depth, elements and attributes, and what XML forbids is refused.

mod body;
mod leaf;
mod reading;
mod rows;

use compact_str::CompactString;

pub(super) use body::Body;
use reading::read;
pub(super) use rows::{Row, Rows};

use super::verbatim;

/// An element of an answer. Names are local names: prefixes vary between releases.
#[derive(Default)]
pub(super) struct Element {
    pub(super) name: CompactString,
    pub(super) attributes: Vec<(CompactString, CompactString)>,
    pub(super) children: Vec<Element>,
    pub(super) text: CompactString,
    /// The text between its tags as it came, where [`Element::keep`] was asked for it.
    pub(super) kept: Option<String>,
    /// Itself and all below it, with their attributes.
    count: usize,
}

impl Element {
    /// Reads a document.
    ///
    /// # Errors
    /// What is wrong with it, without any of its content.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        read(bytes, &|_, _| true, &mut |element, _| Some(element), None)
    }

    /// Reads the answer of an operation whose rows may be many: they are not in the tree.
    ///
    /// # Errors
    /// What is wrong with it, without any of its content.
    pub(super) fn with_rows(bytes: &[u8], answer: &str) -> Result<(Self, Rows), String> {
        let mut rows = Rows::default();
        let kept = &mut |element, _: &[Self]| Some(element);
        let root = read(bytes, &|_, _| true, kept, Some((answer, &mut rows)))?;
        Ok((root, rows))
    }

    /// Reads a document whose root holds many elements of one name, whatever its case: each is given away as soon as it
    /// is complete, and the root comes back without them.
    ///
    /// # Errors
    /// What is wrong with it, without any of its content.
    pub(super) fn each(
        bytes: &[u8],
        name: &str,
        mut take: impl FnMut(Self),
    ) -> Result<Self, String> {
        let all = |_: &str, _: &[Self]| true;
        Self::unless(bytes, all, |element, above| {
            if above.len() == 1 && element.name.eq_ignore_ascii_case(name) {
                take(element);
                return None;
            }
            Some(element)
        })
    }

    /// Reads a document of which some elements are taken out. One that holds a text alone is passed over unless it is
    /// `told`; `keep` sees every complete element with those above it, the root first, and gives back what is to stay.
    ///
    /// # Errors
    /// What is wrong with it, without any of its content.
    pub(super) fn unless(
        bytes: &[u8],
        told: impl Fn(&str, &[Self]) -> bool,
        mut keep: impl FnMut(Self, &[Self]) -> Option<Self>,
    ) -> Result<Self, String> {
        read(bytes, &told, &mut keep, None)
    }

    /// Keeps what stands between the tags of the first element of this local name, byte for byte, with the
    /// prefixes that it uses and that are declared outside of it.
    ///
    /// # Errors
    /// What is wrong with the document.
    pub(super) fn keep(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
        if let Some(inside) = verbatim::between(text.trim_start_matches('\u{feff}'), name)?
            && let Some(element) = self.find(name)
        {
            element.kept = Some(inside);
        }
        Ok(())
    }

    fn find(&mut self, name: &str) -> Option<&mut Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter_mut().find_map(|child| child.find(name))
    }

    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first child of this name, whatever its case.
    pub(super) fn loose(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name))
    }

    /// The trimmed text of a child, whatever the case of its name; `None` when absent or empty.
    pub(super) fn loose_text(&self, name: &str) -> Option<&str> {
        self.loose(name).map(|child| child.value().trim()).filter(|text| !text.is_empty())
    }

    /// All children of this name, whatever its case.
    pub(super) fn loose_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// The element at the end of this path of children.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All children of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child; `None` when the child is absent, empty or nil.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(Self::value).filter(|text| !text.is_empty())
    }

    /// The text of a child as it stands: `Some("")` when empty, `None` when absent or nil.
    pub(super) fn exact(&self, name: &str) -> Option<&str> {
        self.child(name).filter(|child| !child.nil()).map(Self::value)
    }

    /// Its own text. White space counts: a value may be made of it.
    pub(super) fn value(&self) -> &str {
        if self.children.is_empty() { &self.text } else { "" }
    }

    /// An attribute by local name.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn nil(&self) -> bool {
        matches!(self.attribute("nil"), Some("true" | "1"))
    }
}

#[cfg(test)]
mod tests {
    use super::Element;
    use super::reading::{DEEPEST, MOST_ATTRIBUTES, MOST_ELEMENTS};

    #[test]
    fn local_names_nil_and_cdata() {
        let text = r#"<?xml version="1.0"?><s:a xmlns:s="x" xmlns:i="y"><ns2:b i:nil="true"/><c><![CDATA[<&]]></c></s:a>"#;
        let root = Element::parse(text.as_bytes()).unwrap();
        assert_eq!((root.name.as_str(), root.exact("b"), root.exact("c")), ("a", None, Some("<&")));
    }

    #[test]
    fn long_documents_are_given_away_in_parts() {
        let text =
            "<Users><User><id>1</id><User>inner</User></User><uri/><user><id>2</id></user></Users>";
        let mut ids = Vec::new();
        let root = Element::each(text.as_bytes(), "User", |user| {
            ids.push(user.loose_text("ID").unwrap().to_owned());
            assert_eq!(user.loose_all("uSer").count(), user.children.len() - 1);
        });
        assert_eq!(ids, ["1", "2"]);
        let names: Vec<_> = root.unwrap().children.into_iter().map(|child| child.name).collect();
        assert_eq!(names, ["uri"]);
        assert!(Element::each(b"<Users><User/>", "User", drop).is_err());
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(DEEPEST + 1), "</a>".repeat(DEEPEST + 1));
        let attributes: Vec<String> =
            (0..=MOST_ATTRIBUTES).map(|at| format!("a{at}='1'")).collect();
        let attributes = format!("<a {}/>", attributes.join(" "));
        let cases: [&str; 14] = [
            &deep,
            &attributes,
            "<a>&#0;</a>",
            "<a>&#x1f;</a>",
            "<a>\u{1}</a>",
            "<a b='&#8;'/>",
            "<a><![CDATA[\u{0}]]></a>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>&b;</a>",
            "<a><b></a></b>",
            "<a>",
            "",
            "<a/><b/>",
            "<a/>text",
        ];
        for case in cases {
            assert!(Element::parse(case.as_bytes()).is_err(), "{case}");
        }
        assert!(Element::parse(b"<a>\xff</a>").is_err());
        let fits = format!("{}{}", "<a>".repeat(DEEPEST), "</a>".repeat(DEEPEST));
        assert!(Element::parse(fits.as_bytes()).is_ok());
        assert_eq!(Element::parse(b"<a>&#9;&#10;&#13;</a>").unwrap().value(), "\t\n\r");
        let many = format!("<a>{}</a>", "<b/>".repeat(MOST_ELEMENTS));
        assert!(Element::parse(many.as_bytes()).is_err());
        let marked = format!("<a>{}</a>", "<b c='' d='' e=''/>".repeat(MOST_ELEMENTS / 4));
        assert!(Element::parse(marked.as_bytes()).is_err(), "attributes count as well");
        assert!(Element::each(marked.as_bytes(), "b", drop).is_ok());
        let mut given = 0;
        assert!(Element::each(many.as_bytes(), "b", |_| given += 1).is_ok());
        assert_eq!(given, MOST_ELEMENTS);
    }
}
