//! Writes HTML: markup is a literal of this program, everything else is escaped on its way in.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use serde::Serialize;

use crate::report::sanitize;

/// A page, or a part of one, being written.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup. It is part of the program, so nothing foreign can come in this way.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, or a quoted attribute's value, on one line.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.escaped(&sanitize::line(text))
    }

    /// Text whose line breaks stay.
    pub(super) fn lines(&mut self, text: &str) -> &mut Self {
        self.escaped(&sanitize::lines(text))
    }

    /// A whole number.
    pub(super) fn number(&mut self, number: usize) -> &mut Self {
        let _infallible = write!(self.0, "{number}");
        self
    }

    /// A length in a drawing, to a tenth.
    pub(super) fn length(&mut self, length: f64) -> &mut Self {
        let _infallible = write!(self.0, "{length:.1}");
        self
    }

    /// `<tag class="…">text</tag>`.
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        class: &'static str,
        text: &str,
    ) -> &mut Self {
        self.raw("<").raw(tag);
        if !class.is_empty() {
            self.raw(" class=\"").raw(class).raw("\"");
        }
        self.raw(">").text(text).raw("</").raw(tag).raw(">")
    }

    /// `<dt>word</dt><dd>text</dd>`; nothing where there is nothing to say.
    pub(super) fn pair(&mut self, word: &'static str, text: &str) -> &mut Self {
        if text.is_empty() {
            return self;
        }
        self.raw("<dt>").raw(word).raw("</dt><dd>").text(text).raw("</dd>")
    }

    /// Data for the page's script, which no browser runs, shows or takes for markup.
    pub(super) fn data(&mut self, id: &'static str, value: &impl Serialize) -> &mut Self {
        // Numbers, strings and lists only: this cannot fail.
        let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        let text = sanitize::json(&text)
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026");
        self.raw("<script type=\"application/json\" id=\"").raw(id).raw("\">");
        self.0.push_str(&text);
        self.raw("</script>")
    }

    /// The hash by which a policy names a style or script of the page.
    pub(super) fn hash_of(&mut self, asset: &'static str) -> &mut Self {
        self.0.push_str("'sha256-");
        STANDARD.encode_string(digest(&SHA256, asset.as_bytes()), &mut self.0);
        self.raw("'")
    }

    /// The finished text.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn escaped(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    const HOSTILE: &str = "</script><img src=x onerror='a()' title=\"&\u{202e}\u{2028}\u{1b}";

    #[test]
    fn foreign_text_is_only_text() {
        let mut html = Html::default();
        html.text(HOSTILE);
        assert_eq!(
            html.finish(),
            "&lt;/script&gt;&lt;img src=x onerror=&#39;a()&#39; title=&quot;&amp;\\u{202e}\\u{2028}\\u{1b}"
        );
    }

    #[test]
    fn data_cannot_leave_its_element_and_means_the_same() {
        let mut html = Html::default();
        html.data("x", &[HOSTILE]);
        let text = html.finish();
        let inside = text.strip_prefix("<script type=\"application/json\" id=\"x\">").unwrap();
        let inside = inside.strip_suffix("</script>").unwrap();
        assert!(!inside.contains(['<', '>', '&', '\u{2028}', '\u{202e}']), "{inside}");
        assert_eq!(serde_json::from_str::<Vec<String>>(inside).unwrap(), [HOSTILE]);
    }
}
