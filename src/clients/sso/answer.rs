//! The JSON of the token call: tokens with the seconds that they live, or an error.

use std::fmt;

use secrecy::SecretString;
use serde_json::Value;

use super::unsaid::without;

/// The longest answer that is read, in bytes: encrypted tokens are long, but not that long.
const LONGEST: usize = 256 * 1024;
/// The longest foreign text that goes into an error, in characters.
const SHOWN: usize = 200;

/// What a successful call gives.
#[derive(Clone)]
pub struct Granted {
    /// The access token.
    pub access: SecretString,
    /// The refresh token, when one came.
    pub refresh: Option<SecretString>,
    /// Seconds that the access token lives from now on.
    pub expires_in: u64,
    /// The same of the refresh token; no published sample has it.
    pub refresh_expires_in: Option<u64>,
    /// Whose it is, when the answer says so: on UCCE this may be the login name.
    pub user_id: Option<String>,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted")
            .field("refresh", &self.refresh.is_some())
            .field("expires_in", &self.expires_in)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// Why there are no tokens in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// An error in the form of the identity service.
    Error {
        /// `error`, e.g. `invalid_client`.
        error: String,
        /// `error_description`; empty when there is none.
        description: String,
    },
    /// Something else; what is wrong with it. Nothing of the text is quoted: it may hold a token.
    Other(&'static str),
}

/// Reads an answer, or what a person has copied from a browser's window.
///
/// # Errors
/// The error that it says, or what is wrong with it.
pub fn read(body: &[u8]) -> Result<Granted, Unread> {
    read_without(body, &[])
}

/// The same; the error's words are told without these secrets.
pub(super) fn read_without(body: &[u8], secrets: &[&str]) -> Result<Granted, Unread> {
    if body.len() > LONGEST {
        return Err(Unread::Other("it is too long"));
    }
    let text = std::str::from_utf8(body).map_err(|_| Unread::Other("it is not UTF-8 text"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let document: Value =
        serde_json::from_str(text).map_err(|_| Unread::Other("it is not a JSON object"))?;
    let words = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(error) = words("error") {
        let own = [words("token"), words("refresh_token")];
        let own = own.iter().flatten().map(String::as_str);
        let secrets: Vec<&str> = secrets.iter().copied().chain(own).collect();
        let told = |text: &str| shown(&without(text, &secrets));
        let description = told(&words("error_description").unwrap_or_default());
        return Err(Unread::Error { error: told(&error), description });
    }
    if !document.is_object() {
        return Err(Unread::Other("it is not a JSON object"));
    }
    let access = words("token").ok_or(Unread::Other("it has no \"token\""))?;
    let refresh = words("refresh_token").filter(|token| !token.is_empty());
    if !token(&access) || refresh.as_deref().is_some_and(|refresh| !token(refresh)) {
        return Err(Unread::Other("its token holds characters that cannot be sent"));
    }
    let expires_in = seconds(&document, "expires_in");
    Ok(Granted {
        access: access.into(),
        refresh: refresh.map(SecretString::from),
        expires_in: expires_in.ok_or(Unread::Other("it has no \"expires_in\" in seconds"))?,
        refresh_expires_in: seconds(&document, "refresh_token_expires_in"),
        user_id: words("user_id").map(|id| shown(&id)).filter(|id| !id.is_empty()),
    })
}

/// Whether this is a complete JSON object already, so that no further line is waited for.
pub fn complete(text: &str) -> bool {
    serde_json::from_str::<Value>(text.trim()).is_ok_and(|document| document.is_object())
}

/// A number, or a number written as text; `300.0` is a whole one, too.
fn seconds(document: &Value, key: &str) -> Option<u64> {
    let value = document.get(key)?;
    let text = match value.as_str() {
        Some(text) => text.trim().to_owned(),
        None => value.as_number()?.to_string(),
    };
    let whole = text.split_once('.').filter(|(_, part)| part.bytes().all(|digit| digit == b'0'));
    whole.map_or(text.as_str(), |(whole, _)| whole).parse().ok()
}

/// What a header and a form can carry.
fn token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Foreign text of one line, bounded.
pub(super) fn shown(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = plain.take(SHOWN).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::{Unread, complete, read};

    #[test]
    fn each_published_form() {
        let plain = read(br#"{"token":"aa.bb.cc","expires_in":300}"#).unwrap();
        assert_eq!((plain.access.expose_secret(), plain.expires_in), ("aa.bb.cc", 300));
        assert!(plain.refresh.is_none() && plain.user_id.is_none());
        let user = br#" {"token":"t","expires_in":284,"user_id":"agent1","realm":"example.com","user_principal":"agent1@example.com"}
"#;
        assert_eq!(read(user).unwrap().user_id.as_deref(), Some("agent1"));
        let both = read(br#"{"token":"t","refresh_token":"r","expires_in":"300"}"#).unwrap();
        assert_eq!(both.refresh.unwrap().expose_secret(), "r");
        for (written, expected) in
            [("300.0", Some(300)), ("\"300.00\"", Some(300)), ("300.5", None), ("-1", None)]
        {
            let text = format!(r#"{{"token":"t","expires_in":{written}}}"#);
            let read = read(text.as_bytes()).ok().map(|granted| granted.expires_in);
            assert_eq!(read, expected, "{written}");
        }
    }

    #[test]
    fn an_error_is_told_in_its_words() {
        let text =
            br#"{"error":"invalid_redirectUri","error_description":"Invalid\nRedirect URI."}"#;
        let description = "Invalid Redirect URI.".to_owned();
        let error = "invalid_redirectUri".to_owned();
        assert_eq!(read(text).unwrap_err(), Unread::Error { error, description });
    }

    #[test]
    fn an_error_that_holds_a_token_is_told_without_it() {
        let text = br#"{"error":"invalid hunter2.one","error_description":"hunter2.one and hunter3","token":"hunter2.one"}"#;
        let Err(Unread::Error { error, description }) = super::read_without(text, &["hunter3"])
        else {
            panic!()
        };
        assert_eq!(
            (error.as_str(), description.as_str()),
            ("invalid (secret)", "(secret) and (secret)")
        );
        // Cut to length after it is taken out, so that no beginning is left.
        let long = format!(r#"{{"error":"{}hunter2.one"}}"#, "x".repeat(195));
        let told = format!("{:?}", super::read_without(long.as_bytes(), &["hunter2.one"]));
        assert!(!told.contains("hunt"), "{told}");
    }

    #[test]
    fn what_is_no_answer_is_not_quoted() {
        for text in [
            &b""[..],
            b"eyJ.secret.token",
            b"[1]",
            b"{\"token\":\"t\"}",
            b"{\"expires_in\":3}",
            b"{\"token\":\"a b\",\"expires_in\":3}",
            b"{\"token\":\"a\\nX: y\",\"expires_in\":3}",
            b"\xff",
        ] {
            let error = format!("{:?}", read(text).unwrap_err());
            assert!(!error.contains("secret") && error.starts_with("Other"), "{error}");
        }
    }

    #[test]
    fn no_token_is_shown() {
        let granted =
            read(br#"{"token":"hunter2","refresh_token":"hunter3","expires_in":1}"#).unwrap();
        assert!(!format!("{granted:?}").contains("hunter"));
    }

    #[test]
    fn a_pasted_answer_may_come_in_several_lines() {
        assert!(!complete("{\n  \"token\": \"t\","));
        assert!(complete("{\n  \"token\": \"t\"\n}\n"));
        assert!(!complete("7") && !complete(""));
    }
}
