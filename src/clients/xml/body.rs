//! Bodies of requests, written element by element with every value escaped.

use quick_xml::escape::partial_escape;

use super::reading::holds_illegal;

/// Children of an operation element, in the order they are added.
#[derive(Debug, Default)]
pub(in crate::clients) struct Body {
    text: String,
    illegal: Option<&'static str>,
}

impl Body {
    pub(in crate::clients) fn new() -> Self {
        Self::default()
    }

    /// `<name>value</name>`.
    pub(in crate::clients) fn text(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.element(name, None, value)
    }

    /// `<name/>`.
    pub(in crate::clients) fn empty(&mut self, name: &'static str) -> &mut Self {
        self.text(name, "")
    }

    /// The element only when there is a value.
    pub(in crate::clients) fn maybe(
        &mut self,
        name: &'static str,
        value: Option<&str>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.text(name, value);
        }
        self
    }

    /// An element with one attribute when there is a value for it.
    pub(in crate::clients) fn element(
        &mut self,
        name: &'static str,
        attribute: Option<(&str, &str)>,
        value: &str,
    ) -> &mut Self {
        self.text.push('<');
        self.text.push_str(name);
        if let Some((key, content)) = attribute {
            self.check(name, content);
            let content = quick_xml::escape::escape(content);
            self.text.extend([" ", key, "=\"", &content, "\""]);
        }
        if value.is_empty() {
            self.text.push_str("/>");
            return self;
        }
        self.check(name, value);
        self.text.push('>');
        // a bare carriage return would come out as a line feed
        self.text.push_str(&partial_escape(value).replace('\r', "&#13;"));
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
        self
    }

    /// An element with children.
    pub(in crate::clients) fn nest(
        &mut self,
        name: &'static str,
        fill: impl FnOnce(&mut Self),
    ) -> &mut Self {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
        fill(self);
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
        self
    }

    /// An element around text that is XML already, kept as it came from an answer.
    pub(in crate::clients) fn kept(&mut self, name: &'static str, inside: &str) -> &mut Self {
        self.text.extend(["<", name, ">", inside, "</", name, ">"]);
        self
    }

    /// One element per value.
    pub(in crate::clients) fn list(
        &mut self,
        name: &'static str,
        item: &'static str,
        values: &[String],
    ) -> &mut Self {
        self.nest(name, |body| {
            for value in values {
                body.text(item, value);
            }
        })
    }

    fn check(&mut self, name: &'static str, value: &str) {
        if holds_illegal(value) {
            self.illegal = Some(name);
        }
    }

    /// The text; or the name of an element whose value XML cannot carry.
    pub(in crate::clients) fn finish(self) -> Result<String, &'static str> {
        match self.illegal {
            Some(name) => Err(name),
            None => Ok(self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Body;
    use crate::clients::xml::Element;

    #[test]
    fn what_is_written_is_read_back() {
        let odd = " a&b<c>\"d'\r\n\t ]]> é";
        let mut body = Body::new();
        body.nest("root", |root| {
            root.element("a", Some(("uuid", "{<&\"'>}")), odd).empty("b");
        });
        let root = Element::parse(body.finish().unwrap().as_bytes()).unwrap();
        assert_eq!(root.child("a").unwrap().value(), odd);
        assert_eq!(root.child("a").unwrap().attribute("uuid"), Some("{<&\"'>}"));
        assert_eq!(root.exact("b"), Some(""));
        assert_eq!(root.text_of("b"), None);
        assert_eq!(root.exact("c"), None);
    }

    #[test]
    fn control_characters_are_refused_by_element_name() {
        let mut body = Body::new();
        body.text("password", "a\u{1}b");
        assert_eq!(body.finish(), Err("password"));
    }
}
