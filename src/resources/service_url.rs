//! Values inside a subscription's URL: taking them apart and putting them together.
//!
//! The service's URL holds a `#` of its own (`#DEVICENAME#`), so no general URL parser fits. URLs are compared
//! by their parsed values, never as text (facts: separator and encoding are uncertain).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

use crate::playbook::Parameter;

/// Everything outside RFC 3986 "unreserved" is encoded.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A subscription's URL taken apart.
#[derive(Debug, Clone)]
pub struct ServiceUrl {
    /// The part before the values.
    pub base: String,
    /// What stands between the two, `None` without values.
    pub separator: Option<char>,
    /// Names and decoded values, in their order.
    pub values: Vec<(String, SecretString)>,
}

impl ServiceUrl {
    /// Takes `url` apart. The service's own URL is recognised first, whatever characters it holds; otherwise
    /// values begin at the first `?`.
    pub fn parse(url: &str, template: &str) -> Self {
        let (base, rest) = match url.strip_prefix(template) {
            Some(rest)
                if !template.is_empty() && (rest.is_empty() || rest.starts_with(['?', '&'])) =>
            {
                (template, rest)
            }
            _ => url.find('?').map_or((url, ""), |at| url.split_at(at)),
        };
        let values = rest
            .get(1..)
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), SecretString::from(decode(value)))
            })
            .collect();
        Self { base: base.to_owned(), separator: rest.chars().next(), values }
    }

    /// The value stored for a parameter, its exact name first, then any spelling of it.
    pub fn value(&self, parameter: Parameter) -> Option<&SecretString> {
        let by = |matches: fn(&str, &str) -> bool| {
            self.values.iter().find(|(name, _)| matches(name, parameter.name())).map(|(_, v)| v)
        };
        by(|name, wanted| name == wanted).or_else(|| by(str::eq_ignore_ascii_case))
    }

    /// Values of parameters that the service defines beyond the three; they are carried along.
    pub fn carried<'a>(
        &'a self,
        defined: &'a [String],
    ) -> impl Iterator<Item = &'a (String, SecretString)> {
        self.values.iter().filter(|(name, _)| own(name).is_none() && defined.contains(name))
    }

    /// Whether each of the three parameters stands there at most once and only under its exact name, and nothing that
    /// the service does not define.
    pub fn is_tidy(&self, defined: &[String]) -> bool {
        let mut seen = Vec::new();
        self.values.iter().all(|(name, _)| match own(name) {
            Some(parameter) => {
                let fresh = !seen.contains(&parameter);
                seen.push(parameter);
                fresh && name == parameter.name()
            }
            None => defined.contains(name),
        })
    }

    /// A stored URL without the values of the three parameters, every other character as it stands; `None` when it
    /// holds none of them.
    pub fn cleared(url: &str, template: &str) -> Option<String> {
        let parsed = Self::parse(url, template);
        let holds = |(name, value): &(String, SecretString)| {
            own(name).is_some() && !value.expose_secret().is_empty()
        };
        if !parsed.values.iter().any(holds) {
            return None;
        }
        let query = url.get(parsed.base.len()..)?;
        let foreign = |pair: &&str| {
            let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
            own(&decode(name)).is_none()
        };
        let kept: Vec<&str> = query.get(1..)?.split('&').filter(foreign).collect();
        let mut text = parsed.base;
        if !kept.is_empty() {
            text.extend(parsed.separator);
            text.push_str(&kept.join("&"));
        }
        Some(text)
    }

    /// The values alone, each that is not an agent's id or extension replaced by `(secret)`.
    pub fn shown_values(&self) -> String {
        let open = [Parameter::Id, Parameter::Extension];
        let values = self.values.iter().map(|(name, value)| {
            if open.iter().any(|p| name.eq_ignore_ascii_case(p.name())) {
                format!("{name}={}", value.expose_secret())
            } else {
                format!("{name}=(secret)")
            }
        });
        values.collect::<Vec<_>>().join("&")
    }

    /// The URL with its values as [`ServiceUrl::shown_values`] shows them.
    pub fn shown(&self) -> String {
        match self.separator {
            Some(separator) if !self.values.is_empty() => {
                format!("{}{separator}{}", self.base, self.shown_values())
            }
            _ => self.base.clone(),
        }
    }

    /// The text as it is stored.
    pub fn text(&self) -> SecretString {
        let mut text = self.base.clone();
        for (index, (name, value)) in self.values.iter().enumerate() {
            text.push(if index == 0 { self.separator.unwrap_or('?') } else { '&' });
            text.extend(utf8_percent_encode(name, VALUE));
            text.push('=');
            text.extend(utf8_percent_encode(value.expose_secret(), VALUE));
        }
        SecretString::from(text)
    }
}

/// The one of the three parameters that a name is a spelling of.
fn own(name: &str) -> Option<Parameter> {
    Parameter::ALL.into_iter().find(|parameter| name.eq_ignore_ascii_case(parameter.name()))
}

/// The host that a URL leads to, as it is written.
pub fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    (!host.is_empty()).then_some(host)
}

/// The separator to write: the site's word, else what was seen, else what a query string needs.
pub fn separator(template: &str, said: Option<char>, seen: Option<char>) -> char {
    said.or(seen).unwrap_or(if template.contains('?') { '&' } else { '?' })
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "http://fin-a.example.com:8082/fippa/#DEVICENAME#";

    #[test]
    fn values_survive_a_round_trip() {
        let url = ServiceUrl {
            base: TEMPLATE.to_owned(),
            separator: Some('?'),
            values: vec![
                ("id".to_owned(), SecretString::from("10 01")),
                ("password".to_owned(), SecretString::from("a&b=c#d+e%")),
            ],
        };
        let text = url.text();
        assert_eq!(
            text.expose_secret(),
            &format!("{TEMPLATE}?id=10%2001&password=a%26b%3Dc%23d%2Be%25")
        );
        let again = ServiceUrl::parse(text.expose_secret(), TEMPLATE);
        assert_eq!(again.value(Parameter::Password).unwrap().expose_secret(), "a&b=c#d+e%");
        assert_eq!(again.base, TEMPLATE);
        assert!(!again.shown().contains("a&b"));
    }

    #[test]
    fn another_host_keeps_its_own_base() {
        let stale =
            ServiceUrl::parse("http://old:8082/fippa/#DEVICENAME#?ID=1&id=2&lang=en", TEMPLATE);
        assert_eq!(stale.base, "http://old:8082/fippa/#DEVICENAME#");
        assert!(!stale.is_tidy(&[]));
        assert_eq!(stale.value(Parameter::Id).unwrap().expose_secret(), "2");
        assert_eq!(stale.carried(&["lang".to_owned()]).count(), 1);
        assert_eq!(stale.carried(&[]).count(), 0);
    }

    #[test]
    fn only_values_of_the_three_are_cleared() {
        let cleared = |rest: &str| ServiceUrl::cleared(&format!("{TEMPLATE}{rest}"), TEMPLATE);
        assert_eq!(cleared("?id=1&extension=2").unwrap(), TEMPLATE);
        assert_eq!(cleared("&zone=a+b%20c&ID=1&x").unwrap(), format!("{TEMPLATE}&zone=a+b%20c&x"));
        assert_eq!(cleared("?zone=1&id=&password="), None);
        assert_eq!(cleared(""), None);
        let old = ServiceUrl::cleared("http://old/a?b=1&id=5", TEMPLATE);
        assert_eq!(old.as_deref(), Some("http://old/a?b=1"));
    }

    #[test]
    fn an_ampersand_after_the_template_is_a_separator_too() {
        let url = ServiceUrl::parse(&format!("{TEMPLATE}&id=7"), TEMPLATE);
        assert_eq!((url.separator, url.values.len()), (Some('&'), 1));
        assert_eq!(separator(TEMPLATE, None, None), '?');
        assert_eq!(separator("http://x/a?b=1", None, None), '&');
        assert_eq!(separator(TEMPLATE, Some('&'), Some('?')), '&');
    }
}
