//! The safe credential test: asks CUCM's phone authentication page what it would tell a phone.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::http::{Http, HttpError, HttpReply, HttpRequest};
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// What the page said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialVerdict {
    /// User and password are right and the device is associated.
    Accepted,
    /// One of them is not.
    Refused,
    /// The answer is neither; why.
    CannotTell(String),
}

/// One try for this user, password and device: a POST of the form to `/ccmcip/authenticate.jsp` on the publisher.
/// Nobody sees it, nothing is pushed.
///
/// # Errors
/// When there is no connection, or the certificate is not trusted. An answer that does not come is
/// [`CredentialVerdict::CannotTell`]: the password may have been tried, so it is not tried again.
pub async fn test(
    http: &Http,
    endpoint: &Endpoint,
    user: &str,
    password: &SecretString,
    device: &str,
) -> Result<CredentialVerdict, Trouble> {
    let form = SecretString::from(format!(
        "UserID={}&Password={}&devicename={}",
        utf8_percent_encode(user, FORM),
        utf8_percent_encode(password.expose_secret(), FORM),
        utf8_percent_encode(device, FORM)
    ));
    let body = form.expose_secret().as_bytes().to_vec();
    let request = HttpRequest::post(endpoint.clone(), "/ccmcip/authenticate.jsp", body).header(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8"),
    );
    match http.send(request).await {
        Ok(reply) => Ok(verdict(&reply)),
        Err(HttpError::Certificate(rejection)) => Err(rejection.trouble()),
        Err(HttpError::Handshake(refusal)) => Err(refusal.trouble(endpoint.to_string())),
        Err(
            error @ (HttpError::Lost(_) | HttpError::TooLarge | HttpError::Timeout { sent: true }),
        ) => Ok(CredentialVerdict::CannotTell(error.to_string())),
        Err(
            error @ (HttpError::Unreachable(_)
            | HttpError::Unusable(_)
            | HttpError::Timeout { sent: false }),
        ) => Err(Trouble::new(
            "phone-authentication-unreachable",
            Outcome::Incomplete,
            "CUCM's phone authentication page cannot be reached",
        )
        .at(endpoint.to_string())
        .because(error.to_string())
        .then("check host name, port and firewall; nothing was sent")),
    }
}

/// Only the exact words count: phones are as strict.
fn verdict(reply: &HttpReply) -> CredentialVerdict {
    if reply.status != 200 {
        return CredentialVerdict::CannotTell(format!("HTTP {}", reply.status));
    }
    let text = String::from_utf8_lossy(&reply.body);
    match text.trim().to_ascii_uppercase().as_str() {
        "AUTHORIZED" => CredentialVerdict::Accepted,
        "UN-AUTHORIZED" => CredentialVerdict::Refused,
        "ERROR" => CredentialVerdict::CannotTell("the page says ERROR".to_owned()),
        _ => CredentialVerdict::CannotTell("the page says something else".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::{CredentialVerdict, verdict};
    use crate::clients::http::HttpReply;

    fn said(status: u16, body: &str) -> CredentialVerdict {
        let body = body.as_bytes().to_vec();
        verdict(&HttpReply { status, headers: HeaderMap::new(), body })
    }

    #[test]
    fn only_the_exact_words_count() {
        assert_eq!(said(200, "\r\nAUTHORIZED\n"), CredentialVerdict::Accepted);
        assert_eq!(said(200, "Un-Authorized"), CredentialVerdict::Refused);
        for (status, body) in [
            (200, "ERROR"),
            (200, ""),
            (200, "<html>AUTHORIZED</html>"),
            (200, "AUTHORIZED AUTHORIZED"),
            (302, "AUTHORIZED"),
            (401, "UN-AUTHORIZED"),
        ] {
            assert!(
                matches!(said(status, body), CredentialVerdict::CannotTell(_)),
                "{status} {body}"
            );
        }
    }
}
