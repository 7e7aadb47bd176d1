//! The words of Finesse's own errors: XML in either order and case, or JSON; never the whole body.

use serde_json::Value;

use crate::clients::http::HttpReply;
use crate::clients::xml::Element;

/// Longest text that goes into an error, in characters.
const LONGEST: usize = 300;

/// The longest body that may be an error, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// What the body says in Finesse's form; `None` when it is none.
pub(super) fn read(reply: &HttpReply) -> Option<String> {
    if reply.status < 400 || reply.body.len() > LONGEST_BODY {
        return None;
    }
    let fields = xml(&reply.body).or_else(|| json(&reply.body))?;
    let mut text = String::new();
    for field in fields.into_iter().flatten() {
        let field: String = field.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let field = field.trim();
        if !field.is_empty() {
            text.push_str(if text.is_empty() { "" } else { ": " });
            text.push_str(field);
        }
    }
    Some(text.chars().take(LONGEST).collect())
}

type Fields = [Option<String>; 3];

fn xml(body: &[u8]) -> Option<Fields> {
    let root = Element::parse(body).ok()?;
    let error = if root.name.eq_ignore_ascii_case("ApiErrors") {
        root.loose("ApiError")?
    } else if root.name.eq_ignore_ascii_case("ApiError") {
        &root
    } else {
        return None;
    };
    let field = |name| error.loose_text(name).map(str::to_owned);
    Some([field("ErrorType"), field("ErrorMessage"), field("ErrorData")])
}

fn json(body: &[u8]) -> Option<Fields> {
    let document: Value = serde_json::from_slice(body).ok()?;
    let errors = document.get("apiErrors")?;
    let error = errors.get(0).or_else(|| errors.get("apiError")).unwrap_or(errors);
    let field = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
    Some([field("errorType"), field("errorMessage"), field("errorData")])
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::{LONGEST, read};
    use crate::clients::http::HttpReply;

    fn said(body: &str) -> Option<String> {
        let body = body.as_bytes().to_vec();
        read(&HttpReply { status: 400, headers: HeaderMap::new(), body })
    }

    #[test]
    fn every_form_and_order() {
        for body in [
            "<ApiErrors><ApiError><ErrorType>Invalid Input</ErrorType><ErrorMessage>bad</ErrorMessage><ErrorData>x</ErrorData></ApiError></ApiErrors>",
            "<ApiErrors><ApiError><ErrorData>x</ErrorData><ErrorMessage>bad</ErrorMessage><ErrorType>Invalid Input</ErrorType></ApiError></ApiErrors>",
            "<apiErrors><apiError><errorData>x</errorData><errorMessage>bad</errorMessage><errorType>Invalid Input</errorType><more/></apiError></apiErrors>",
            r#"{"status":400,"apiErrors":{"errorType":"Invalid Input","errorMessage":"bad","errorData":"x"}}"#,
        ] {
            assert_eq!(said(body).as_deref(), Some("Invalid Input: bad: x"), "{body}");
        }
        let short = "<ApiErrors><ApiError><ErrorType>Forbidden</ErrorType><ErrorData/></ApiError></ApiErrors>";
        assert_eq!(said(short).as_deref(), Some("Forbidden"));
    }

    #[test]
    fn anything_else_is_not_shown() {
        for body in ["", "<html>password=hunter2</html>", "{\"a\":1}", "<ApiErrors/>", "text"] {
            assert_eq!(said(body), None, "{body}");
        }
        let long =
            format!("<ApiError><ErrorType>{}</ErrorType></ApiError>", "é".repeat(LONGEST + 9));
        assert_eq!(said(&long).unwrap().chars().count(), LONGEST);
    }
}
