//! The body of a save, as the site has found it: XML with `{{ user }}` and `{{ password }}` where the values go.

use std::fmt;

use quick_xml::escape::escape;
use secrecy::{ExposeSecret, SecretString};

use super::FinesseError;
use crate::clients::xml::Element;

/// A body with places for user and password.
#[derive(Clone)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    User,
    Password,
}

impl Template {
    /// Reads a body that holds both places, any number of times each, and is XML once they are filled.
    ///
    /// # Errors
    /// [`FinesseError::Refused`] otherwise.
    pub fn new(text: &str) -> Result<Self, FinesseError> {
        let refused =
            |why: &str| FinesseError::Refused { why: format!("the body of a save {why}") };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) =
                after.split_once("}}").ok_or_else(|| refused("has a {{ without a }}"))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(match name.trim() {
                "user" => Part::User,
                "password" => Part::Password,
                _ => {
                    return Err(refused(
                        "has a place that is neither {{ user }} nor {{ password }}",
                    ));
                }
            });
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let template = Self { parts };
        if !template.parts.contains(&Part::User) || !template.parts.contains(&Part::Password) {
            return Err(refused("needs both {{ user }} and {{ password }}"));
        }
        let sample = template.fill("u", &SecretString::from("p"))?;
        Element::parse(sample.expose_secret().as_bytes())
            .map_err(|why| refused(&format!("is no XML: {why}")))?;
        Ok(template)
    }

    /// The body, with the values escaped.
    pub(super) fn fill(
        &self,
        user: &str,
        password: &SecretString,
    ) -> Result<SecretString, FinesseError> {
        let illegal = |c: char| (c < ' ' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
        for (what, value) in [("user", user), ("password", password.expose_secret())] {
            if value.chars().any(illegal) {
                let why = format!("the {what} holds a control character");
                return Err(FinesseError::Refused { why });
            }
        }
        let body: String = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str().into(),
                Part::User => escape(user),
                Part::Password => escape(password.expose_secret()),
            })
            .collect();
        Ok(body.into())
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::Template;
    use crate::clients::xml::Element;

    #[test]
    fn values_are_escaped_wherever_they_stand() {
        let text = "<X a=\"{{user}}\"><u>{{ user }}</u><p>{{  password }}</p></X>";
        let odd = "<&>\"' {{ user }} é";
        let body = Template::new(text).unwrap().fill(odd, &odd.into()).unwrap();
        let root = Element::parse(body.expose_secret().as_bytes()).unwrap();
        assert_eq!(root.attribute("a"), Some(odd));
        assert_eq!((root.text_of("u"), root.text_of("p")), (Some(odd), Some(odd)));
        let template = Template::new(text).unwrap();
        assert!(template.fill("a\n", &"p".into()).is_err());
        assert!(template.fill("a", &"p\u{0}".into()).is_err());
    }

    #[test]
    fn a_body_that_cannot_be_right_is_refused() {
        for text in [
            "",
            "<X><u>{{ user }}</u></X>",
            "<X><p>{{ password }}</p></X>",
            "<X><u>{{ user }}</u><p>{{ password }}</p>",
            "<X><u>{{ user }}</u><p>{{ password</p></X>",
            "<X><u>{{ user }}</u><p>{{ password }}</p><q>{{ pin }}</q></X>",
            "user={{ user }}&password={{ password }}",
        ] {
            assert!(Template::new(text).is_err(), "{text}");
        }
    }
}
