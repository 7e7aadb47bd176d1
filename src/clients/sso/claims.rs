//! What a token says of itself, where it is signed and not encrypted. Nothing relies on it: tokens may be opaque.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

use super::answer::shown;

/// Claims that are shown to a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Its end by its own word.
    pub ends: Option<Timestamp>,
    /// `access` or `refresh`.
    pub usage: Option<String>,
    /// Whose it is.
    pub user_id: Option<String>,
    /// The realm of that user.
    pub realm: Option<String>,
}

/// The claims of a signed token; `None` when it is opaque. The signature is not checked: the server does that.
pub fn claims(token: &str) -> Option<Claims> {
    let parts: Vec<&str> = token.split('.').collect();
    let [_, payload, _] = parts.as_slice() else { return None };
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let outer: Value = serde_json::from_slice(&payload).ok()?;
    outer.as_object()?;
    // The subject is a JSON text inside the JSON.
    let inner: Value = match outer.get("sub") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(object @ Value::Object(_)) => object.clone(),
        _ => Value::Null,
    };
    let text = |key: &str| inner.get(key).and_then(Value::as_str).map(shown);
    let seconds = outer.get("exp").and_then(Value::as_i64);
    let ends = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    Some(Claims { ends, usage: text("usage"), user_id: text("user_id"), realm: text("realm") })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::claims;

    fn signed(payload: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(r#"{"cty":"JWT","alg":"RS256"}"#), part(payload), part("sig"))
    }

    #[test]
    fn a_signed_token_tells_what_it_is() {
        let sub = r#"{\"usage\":\"access\",\"user_id\":\"agent1\",\"realm\":\"example.com\",\"expiry\":1769850300000}"#;
        let token = signed(&format!(r#"{{"iss":"ids","sub":"{sub}","exp":1769850300}}"#));
        let claims = claims(&token).unwrap();
        assert_eq!(claims.usage.as_deref(), Some("access"));
        assert_eq!(claims.user_id.as_deref(), Some("agent1"));
        assert_eq!(claims.ends.unwrap().to_string(), "2026-01-31T09:05:00Z");
    }

    #[test]
    fn an_opaque_one_does_not() {
        for token in ["", "opaque", "a.b.c", "a.b.c.d.e", &signed("[]"), &signed("text")] {
            assert_eq!(claims(token), None, "{token}");
        }
        let bare = claims(&signed(r#"{"sub":"plain"}"#)).unwrap();
        assert_eq!((bare.ends, bare.user_id), (None, None));
    }
}
