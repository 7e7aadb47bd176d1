//! The body of `finesse_settings`: its placeholders, and secrets typed where a placeholder belongs.

use super::diagnostic::nearest;
use super::secrecy::names_a_secret;

/// What may stand between double braces; a body needs each of them.
pub const PLACEHOLDERS: [&str; 2] = ["user", "password"];
/// Stands for a placeholder while the text around it is looked at.
const FILLED: char = '\u{1}';
/// Characters that are too few for a password: a number that switches something on.
const SWITCH: usize = 1;

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The body has no such placeholder.
    Missing(&'static str),
    /// Something else stands between double braces, with the word that was probably meant. What stands there is
    /// never told: it may be the secret.
    Unknown(Option<&'static str>),
    /// Double braces are opened and not closed.
    Open,
    /// A secret is written out.
    Literal,
}

/// Everything that is wrong with a body, each kind once.
pub fn flaws(body: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut around = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        around.push_str(before);
        let Some((inside, behind)) = after.split_once("}}") else {
            flaws.push(Flaw::Open);
            rest = after;
            break;
        };
        let name = inside.trim();
        match PLACEHOLDERS.into_iter().find(|word| *word == name) {
            Some(word) => seen.push(word),
            None => flaws.push(Flaw::Unknown(nearest(name, &PLACEHOLDERS))),
        }
        around.push(FILLED);
        rest = behind;
    }
    around.push_str(rest);
    if flaws.is_empty() {
        let missing = PLACEHOLDERS.into_iter().filter(|word| !seen.contains(word));
        flaws.extend(missing.map(Flaw::Missing));
    }
    if writes_a_secret(&around) {
        flaws.push(Flaw::Literal);
    }
    flaws.dedup();
    flaws
}

/// Whether a value stands behind a name that announces a secret: `<password>x</password>`, `password="x"`,
/// `"password": "x"`, `password=x`.
pub fn writes_a_secret(text: &str) -> bool {
    let mut start = None;
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), '\n'))) {
        if c.is_alphanumeric() || matches!(c, '_' | '-') {
            start.get_or_insert(at);
        } else if let Some(from) = start.take()
            && let (Some(before), Some(name), Some(behind)) =
                (text.get(..from), text.get(from..at), text.get(at..))
            && names_a_secret(name)
            && !before.ends_with('/')
            && value_behind(before.ends_with(['<', ':']), behind).is_some_and(is_a_secret)
        {
            return true;
        }
    }
    false
}

/// What stands behind a name: the content of an element, or the value of an attribute, a key or a field.
fn value_behind(element: bool, behind: &str) -> Option<&str> {
    let rest = behind.trim_start_matches(['"', '\'']).trim_start();
    if let Some(value) = rest.strip_prefix(['=', ':']) {
        let value = value.trim_start();
        return match value.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted.split(['"', '\'']).next(),
            None => value.split(['<', '>', '&', ',', ';', '}', ' ', '\n']).next(),
        };
    }
    // Attributes may stand between an element's name and its end.
    let inside = if element { rest.split_once('>')?.1 } else { rest.strip_prefix('>')? };
    let empty = element && rest.split('>').next().is_some_and(|tag| tag.ends_with('/'));
    let inside = inside.trim_start();
    match inside.strip_prefix("<![CDATA[") {
        _ if empty => None,
        Some(text) => text.split("]]>").next(),
        None => inside.split('<').next(),
    }
}

/// Anything but a placeholder, nothing, or a switch that merely stands under such a name.
fn is_a_secret(value: &str) -> bool {
    let value = value.trim();
    let typed = value.chars().filter(|c| *c != FILLED && !c.is_whitespace()).count();
    typed > SWITCH && !matches!(value, "true" | "false" | "null")
}

#[cfg(test)]
mod tests {
    use super::{Flaw, flaws, writes_a_secret};

    #[test]
    fn placeholders_are_found_with_and_without_blanks() {
        for body in [
            "<X><username>{{ user }}</username><password>{{ password }}</password></X>",
            "{\"user\":\"{{user}}\",\"password\":\"{{password}}\",\"enabled\":{\"password\":true}}",
            "user={{  user  }}&password={{ password }}",
            "<a:password type=\"plain\"><![CDATA[{{ password }}]]></a:password><u>{{ user }}</u>",
            "<X password='{{ password }}' user='{{ user }}'/>",
        ] {
            assert_eq!(flaws(body), [], "{body}");
        }
    }

    #[test]
    fn what_is_missing_or_misspelt() {
        assert_eq!(flaws("<u>{{ user }}</u>"), [Flaw::Missing("password")]);
        assert_eq!(flaws("<x/>"), [Flaw::Missing("user"), Flaw::Missing("password")]);
        assert_eq!(flaws("{{ user }} {{ pasword }}"), [Flaw::Unknown(Some("password"))]);
        assert_eq!(flaws("{{ user }} {{ hunter2 }}"), [Flaw::Unknown(None)]);
        assert_eq!(flaws("{{ user }} {{ password }"), [Flaw::Open]);
    }

    #[test]
    fn a_secret_written_out_is_found() {
        let user = "<u>{{ user }}</u>";
        for body in [
            "<password>hunter2</password>",
            "<password >\n  hunter2\n</password>",
            "<n:password kind=\"plain\">hunter2</n:password>",
            "<password><![CDATA[hunter2]]></password>",
            "<X password=\"hunter2\"/>",
            "\"password\": \"hunter2\"",
            "&password=hunter2",
            "<password>hunter2{{ password }}</password>",
        ] {
            let text = format!("{user}<p>{{{{ password }}}}</p>{body}");
            assert_eq!(flaws(&text), [Flaw::Literal], "{body}");
        }
        for text in [
            "/finesse/api/Password/Settings",
            "<password/>",
            "<maskPassword>1</maskPassword>",
            "the password",
            "/a?user=b",
        ] {
            assert!(!writes_a_secret(text), "{text}");
        }
        assert!(writes_a_secret("/finesse/api?password=hunter2"));
    }
}
