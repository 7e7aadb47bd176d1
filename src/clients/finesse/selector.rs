//! Where a value stands in a document whose form only the site knows: `//name` or `/a/b`, over local names.

use super::FinesseError;
use crate::clients::xml::Element;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    names: Vec<String>,
    anywhere: bool,
}

/// What was read back of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBack {
    /// Name of the root element.
    pub root: String,
    /// Names of its children, each once.
    pub children: Vec<String>,
    /// The selected text, trimmed; `None` when there is no such element.
    pub user: Option<String>,
}

/// Names of children that are told.
const CHILDREN: usize = 40;

impl Selector {
    /// `//name`: the first element of this name anywhere; `/a/b`: the element `b` in the root `a`.
    ///
    /// # Errors
    /// [`FinesseError::Refused`] for anything else.
    pub fn new(text: &str) -> Result<Self, FinesseError> {
        let (path, anywhere) = match text.strip_prefix("//") {
            Some(name) => (name, true),
            None => (text.strip_prefix('/').unwrap_or_default(), false),
        };
        let names: Vec<String> = path.split('/').map(str::to_owned).collect();
        let good = |name: &String| {
            name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
        };
        if !names.iter().all(good) || (anywhere && names.len() != 1) {
            let shown: String = text.chars().take(60).collect();
            let why = format!("{shown:?} is neither //name nor /a/b");
            return Err(FinesseError::Refused { why });
        }
        Ok(Self { names, anywhere })
    }

    pub(super) fn read_back(&self, root: &Element) -> ReadBack {
        let mut children: Vec<String> = Vec::new();
        for child in &root.children {
            if children.len() < CHILDREN && children.iter().all(|known| **known != *child.name) {
                children.push(child.name.to_string());
            }
        }
        let user = self.find(root).map(|found| found.value().trim().to_owned());
        ReadBack { root: root.name.to_string(), children, user }
    }

    fn find<'a>(&self, root: &'a Element) -> Option<&'a Element> {
        let (first, rest) = self.names.split_first()?;
        if self.anywhere {
            return anywhere(root, first);
        }
        let root = root.name.eq_ignore_ascii_case(first).then_some(root)?;
        rest.iter().try_fold(root, |element, name| element.loose(name))
    }
}

fn anywhere<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    if element.name.eq_ignore_ascii_case(name) {
        return Some(element);
    }
    element.children.iter().find_map(|child| anywhere(child, name))
}

#[cfg(test)]
mod tests {
    use super::Selector;
    use crate::clients::xml::Element;

    #[test]
    fn anywhere_and_along_a_path() {
        let text = "<n:Settings xmlns:n='x'><auth><UserName> ippa </UserName><password>x</password></auth><auth/><uri/></n:Settings>";
        let root = Element::parse(text.as_bytes()).unwrap();
        for (selector, user) in [
            ("//username", Some("ippa")),
            ("/settings/auth/userName", Some("ippa")),
            ("/settings/userName", None),
            ("/auth/userName", None),
            ("//uri", Some("")),
            ("//auth", Some("")),
            ("//nothing", None),
        ] {
            let read = Selector::new(selector).unwrap().read_back(&root);
            assert_eq!(read.user.as_deref(), user, "{selector}");
            assert_eq!(read.children, ["auth", "uri"], "names alone, no values");
        }
    }

    #[test]
    fn nothing_else_is_a_selector() {
        for text in
            ["", "/", "//", "name", "//a/b", "/a//b", "/a/", "//*", "/a[1]", "//@id", "///a"]
        {
            assert!(Selector::new(text).is_err(), "{text}");
        }
    }
}
