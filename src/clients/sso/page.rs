//! The forms of a web page, read by a tokenizer of HTML. A pure function of bytes; scripts are not run.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

/// The longest page that is read, in bytes.
const LONGEST: usize = 2 * 1024 * 1024;
/// The most forms, and the most fields of one.
const MOST_FORMS: usize = 30;
const MOST_FIELDS: usize = 300;
/// The longest title, and the longest text that is searched for an error's words.
const TITLE: usize = 120;
const TEXT: usize = 20_000;

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its title, one line.
    pub title: String,
    /// What its links are relative to, where it is not its own address.
    pub base: Option<String>,
    /// Its forms, in order.
    pub forms: Vec<Form>,
    /// Its text outside of scripts, white space joined.
    pub text: String,
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Its id, or its name; empty when it has neither.
    pub name: String,
    /// Where it is sent; `None` is the page's own address.
    pub action: Option<String>,
    /// Whether its fields go into a body.
    pub post: bool,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field. A value may be a secret: it is not shown.
#[derive(Clone)]
pub struct Field {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// What it is for.
    pub kind: FieldKind,
}

/// What a field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Carried along.
    Hidden,
    /// Typed by a person.
    Text,
    /// Typed, and not shown.
    Password,
    /// A box or button that is chosen already.
    Chosen,
    /// A button that sends the form: the first of them is sent when somebody presses Enter.
    Submit,
    /// Another button, or a box that is not chosen: not sent.
    Unsent,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Where the reading is: inside of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    Title,
    Unshown,
    /// The tokenizer takes what stands here for words; without scripts it is a part of the page.
    NoScript,
}

/// A reading under way.
struct Reading {
    page: Page,
    /// Whether a form is open.
    open: bool,
}

/// Reads a page, as a browser without scripts does. What is too long is read in part.
pub fn read(html: &[u8]) -> Page {
    let html = html.get(..html.len().min(LONGEST)).unwrap_or_default();
    let mut reading = Reading { page: Page::default(), open: false };
    reading.read(&String::from_utf8_lossy(html), true);
    reading.page
}

impl Reading {
    /// Reads on. `outer`: what stands in a noscript is read too; in it there is no other.
    fn read(&mut self, html: &str, outer: bool) {
        let mut within = Within::Text;
        let mut unscripted = String::new();
        let mut emitter = DefaultEmitter::default();
        // What stands in a script is no element.
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => within = self.start(&tag, within),
                Token::EndTag(tag) => match text(&tag.name).to_ascii_lowercase().as_str() {
                    "form" => self.open = false,
                    "noscript" => {
                        within = Within::Text;
                        let inner = std::mem::take(&mut unscripted);
                        if outer {
                            self.read(&inner, false);
                        }
                    }
                    "title" | "script" | "style" => within = Within::Text,
                    _ => {}
                },
                Token::String(words) => match within {
                    Within::Title => add(&mut self.page.title, &text(&words.value), TITLE),
                    Within::Text => add(&mut self.page.text, &text(&words.value), TEXT),
                    Within::NoScript => unscripted.push_str(&text(&words.value)),
                    Within::Unshown => {}
                },
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        if outer && !unscripted.is_empty() {
            self.read(&unscripted, false);
        }
    }

    /// An element begins; where the reading is then.
    fn start(&mut self, tag: &StartTag<()>, within: Within) -> Within {
        let name = text(&tag.name).to_ascii_lowercase();
        match name.as_str() {
            "form" if self.page.forms.len() < MOST_FORMS => {
                // A form inside a form is none; the first of them goes on.
                if !self.open {
                    self.page.forms.push(form(tag));
                }
                self.open = true;
            }
            "input" | "button" => {
                if let Some(form) = self.page.forms.last_mut().filter(|_| self.open)
                    && form.fields.len() < MOST_FIELDS
                {
                    form.fields.extend(field(&name, tag));
                }
            }
            "base" if self.page.base.is_none() => self.page.base = attribute(tag, "href"),
            "title" if self.page.title.is_empty() => return Within::Title,
            "noscript" => return Within::NoScript,
            "script" | "style" if !tag.self_closing => return Within::Unshown,
            _ => {}
        }
        within
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Adds words, white space joined and control characters taken out, up to so many characters.
fn add(to: &mut String, words: &str, most: usize) {
    for word in words.split(|c: char| c.is_whitespace() || c.is_control()) {
        let room = most.saturating_sub(to.chars().count());
        if word.is_empty() || room == 0 {
            continue;
        }
        if !to.is_empty() {
            to.push(' ');
        }
        to.extend(word.chars().take(room));
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| text(&value.value))
}

fn form(tag: &StartTag<()>) -> Form {
    let name = attribute(tag, "id").filter(|id| !id.is_empty()).or_else(|| attribute(tag, "name"));
    let method = attribute(tag, "method").unwrap_or_default();
    Form {
        name: name.unwrap_or_default(),
        action: attribute(tag, "action").filter(|action| !action.trim().is_empty()),
        post: method.trim().eq_ignore_ascii_case("post"),
        fields: Vec::new(),
    }
}

fn field(element: &str, tag: &StartTag<()>) -> Option<Field> {
    let name = attribute(tag, "name").filter(|name| !name.is_empty())?;
    let kind = attribute(tag, "type").unwrap_or_default().trim().to_ascii_lowercase();
    let chosen = attribute(tag, "checked").is_some();
    let disabled = attribute(tag, "disabled").is_some();
    let kind = match (element, kind.as_str()) {
        _ if disabled => FieldKind::Unsent,
        (_, "button" | "image" | "reset" | "file") => FieldKind::Unsent,
        ("button", _) | (_, "submit") => FieldKind::Submit,
        (_, "hidden") => FieldKind::Hidden,
        (_, "password") => FieldKind::Password,
        (_, "checkbox" | "radio") if chosen => FieldKind::Chosen,
        (_, "checkbox" | "radio") => FieldKind::Unsent,
        _ => FieldKind::Text,
    };
    let value = attribute(tag, "value").unwrap_or_default();
    Some(Field { name, value, kind })
}

#[cfg(test)]
mod tests {
    use super::{FieldKind, read};

    #[test]
    fn a_sign_in_form_is_read_with_all_that_it_carries() {
        let page = read(
            br#"<!DOCTYPE html><html><head><title>Sign &amp; in
              </title><script>var a = '<form id="no"><input name="password">';</script></head>
              <body><!-- <form id="hidden"> --><form method='POST' id=loginForm action="/adfs/ls/?a=1&amp;b=2">
              <input type="email" name="UserName" value=""><input name=Password type=password>
              <input type=hidden name=AuthMethod value="FormsAuthentication"/>
              <input type=checkbox name=Kmsi value=true><input type=checkbox name=Yes checked>
              <span>Sign in</span><button name=go>Go</button><input type=submit name=s></form>
              <form id="options"><input type=hidden name=AuthMethod></form></body>"#,
        );
        assert_eq!(page.title, "Sign & in");
        assert_eq!(page.text, "Sign in Go");
        assert_eq!(page.forms.len(), 2);
        let form = &page.forms[0];
        assert_eq!(form.action.as_deref(), Some("/adfs/ls/?a=1&b=2"));
        assert!(form.post && form.name == "loginForm");
        let kinds: Vec<_> = form.fields.iter().map(|f| (f.name.as_str(), f.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("UserName", FieldKind::Text),
                ("Password", FieldKind::Password),
                ("AuthMethod", FieldKind::Hidden),
                ("Kmsi", FieldKind::Unsent),
                ("Yes", FieldKind::Chosen),
                ("go", FieldKind::Submit),
                ("s", FieldKind::Submit),
            ]
        );
    }

    #[test]
    fn a_page_that_sends_itself_is_the_same_with_scripts_and_without() {
        let fields = r#"<input type="hidden" name="SAMLResponse" value="PHNhbWw+&#43;"/><input type="hidden" name="RelayState" value="r"/>"#;
        let to = r#"action="https://ids.example.com:8553/ids/saml/response" method="post""#;
        for html in [
            format!("<html><body onload='document.forms[0].submit()'><form {to}>{fields}</form>"),
            format!(
                "<form name=hiddenform {to}>{fields}<noscript><p>Press</p><input type=submit></noscript></form><script>window.setTimeout('document.forms[0].submit()', 0);</script>"
            ),
        ] {
            let page = read(html.as_bytes());
            assert_eq!(page.forms.len(), 1, "{html}");
            assert_eq!(page.forms[0].fields[0].value, "PHNhbWw++");
        }
    }

    #[test]
    fn what_stands_in_a_noscript_belongs_to_the_page() {
        let whole = read(
            b"<body><noscript><p>No scripts</p><form method=post action=/go><input type=hidden name=SAMLResponse value=S>\
              </form></noscript><form id=second></form>",
        );
        assert_eq!(whole.forms.len(), 2);
        assert_eq!(
            (whole.forms[0].action.as_deref(), whole.forms[0].fields.len()),
            (Some("/go"), 1)
        );
        assert_eq!(whole.text, "No scripts");
        let within = read(
            b"<form method=post><input type=hidden name=RelayState><noscript><input type=hidden name=SAMLResponse value=S>\
              </noscript><input type=hidden name=last></form>",
        );
        let names: Vec<_> =
            within.forms[0].fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["RelayState", "SAMLResponse", "last"]);
        // One that is not closed, and one inside of another.
        assert_eq!(read(b"<noscript><form id=a>").forms.len(), 1);
        assert!(read("<noscript>".repeat(3000).as_bytes()).forms.is_empty());
    }

    #[test]
    fn anything_can_be_read() {
        for html in [&b""[..], b"\xff\xfe", b"<form", b"<input name=a>", b"<form><form></form>"] {
            let page = read(html);
            assert!(page.forms.len() <= 1 && page.title.is_empty());
        }
        let many = read("<form><input name=a>".repeat(2000).as_bytes());
        assert_eq!((many.forms.len(), many.forms[0].fields.len()), (1, 300));
        let title = read(format!("<title>{}\u{1b}[2J</title>", "x ".repeat(500)).as_bytes()).title;
        assert!(title.chars().count() <= 241 && !title.contains('\u{1b}'));
    }

    #[test]
    fn values_are_not_shown() {
        let page = read(b"<form><input type=hidden name=SAMLResponse value=hunter2></form>");
        assert!(!format!("{page:?}").contains("hunter2"));
    }
}
