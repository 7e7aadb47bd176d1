//! The phone servlet, asked as a phone asks it: for the sign-in page alone. What it says to a phone is not kept.

use reqwest::header::{ACCEPT, ACCEPT_CHARSET, ACCEPT_LANGUAGE, HeaderName, HeaderValue};

use super::FinesseError;
use crate::clients::http::HttpRequest;
use crate::clients::xml::Element;
use crate::playbook::Endpoint;

/// What the servlet answered, as far as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServletAnswer {
    /// Name of the root element, e.g. `CiscoIPPhoneInput`.
    pub root: String,
    /// Its title.
    pub title: Option<String>,
}

const LONGEST_TITLE: usize = 100;

impl ServletAnswer {
    pub(super) fn read(root: &Element) -> Self {
        let shown = |text: &str| -> String {
            text.chars().filter(|c| !c.is_control()).take(LONGEST_TITLE).collect()
        };
        Self { root: shown(&root.name), title: root.loose_text("Title").map(shown) }
    }

    /// Whether a phone would understand it.
    pub fn phone_object(&self) -> bool {
        self.root.starts_with("CiscoIPPhone")
    }
}

/// A request for a device's sign-in page. Below that path, others sign an agent out without asking who wants it: so a
/// name that is more than letters, digits, `-` and `_` is refused.
pub(super) fn request(endpoint: Endpoint, device: &str) -> Result<HttpRequest, FinesseError> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if device.is_empty() || device.len() > 50 || !device.chars().all(letter) {
        let shown: String = device.chars().take(50).collect();
        return Err(FinesseError::Refused { why: format!("{shown:?} is not a device name") });
    }
    let phone = [
        ("x-ciscoipphonemodelname", "CP-8851"),
        ("x-ciscoipphonedisplay", "559,265,24,C"),
        ("x-ciscoipphonesdkversion", "9.3.1"),
    ];
    let request = HttpRequest::get(endpoint, format!("/fippa/{device}"))
        .header(ACCEPT, HeaderValue::from_static("x-CiscoIPPhone/*, text/*"))
        .header(ACCEPT_LANGUAGE, HeaderValue::from_static("en-US"))
        .header(ACCEPT_CHARSET, HeaderValue::from_static("utf-8,iso-8859-1;q=0.8"));
    Ok(phone.into_iter().fold(request, |request, (name, value)| {
        request.header(HeaderName::from_static(name), HeaderValue::from_static(value))
    }))
}

#[cfg(test)]
mod tests {
    use super::{ServletAnswer, request};
    use crate::clients::xml::Element;
    use crate::playbook::Endpoint;

    #[test]
    fn no_name_leads_further_than_the_sign_in_page() {
        let endpoint = || Endpoint { host: "fin-a".to_owned(), port: 8445 };
        assert!(request(endpoint(), "SEP0000DEADBEEF").is_ok());
        for name in ["", "SEP1/logout", "SEP1?id=1", "..", "SEP1%2flogout", "SEP 1", "SEP1#", "é"]
        {
            assert!(request(endpoint(), name).is_err(), "{name}");
        }
    }

    #[test]
    fn root_and_title_alone() {
        let text = "<CiscoIPPhoneInput><Title>Sign In\n</Title><Prompt>secret</Prompt></CiscoIPPhoneInput>";
        let answer = ServletAnswer::read(&Element::parse(text.as_bytes()).unwrap());
        assert_eq!(answer.title.as_deref(), Some("Sign In"));
        assert!(answer.phone_object() && !format!("{answer:?}").contains("secret"));
        let other = ServletAnswer::read(&Element::parse(b"<error/>").unwrap());
        assert_eq!((other.phone_object(), other.title), (false, None));
    }
}
