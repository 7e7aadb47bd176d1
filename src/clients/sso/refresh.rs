//! A token's refresh: the documented form in a body, and a tech-note's form in the URL.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use super::{SsoError, SsoSettings, TOKEN, Unread, answer, bytes, encoded};
use crate::clients::http::{HttpReply, HttpRequest};
use crate::playbook::RefreshForm;

use super::answer::Granted;

/// Asks for a new access token. Sent once: a refresh whose answer was lost may have been done.
///
/// # Errors
/// [`SsoError::Dead`] when only a new sign-in helps.
pub async fn refresh(
    settings: &SsoSettings,
    form: RefreshForm,
    agent: &str,
    (access, refresh): (&SecretString, &SecretString),
) -> Result<Granted, SsoError> {
    let request = request(settings, form, agent, (access, refresh));
    let reply = settings.http.send(request).await.map_err(SsoError::Http)?;
    tracing::debug!(endpoint = %settings.finesse, status = reply.status, "refresh of a token");
    read(&reply, &[access.expose_secret(), refresh.expose_secret()])
}

fn request(
    settings: &SsoSettings,
    form: RefreshForm,
    agent: &str,
    (access, refresh): (&SecretString, &SecretString),
) -> HttpRequest {
    let refresh = ("refresh-token", refresh.expose_secret());
    let request = match form {
        RefreshForm::Post => {
            let body = encoded([("token", access.expose_secret()), refresh]);
            HttpRequest::post(settings.finesse.clone(), TOKEN, bytes(&body))
                .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
        }
        RefreshForm::Get => {
            let query = encoded([("cc_username", agent), refresh]);
            let path = format!("{TOKEN}?{}", query.expose_secret());
            HttpRequest::get(settings.finesse.clone(), path)
        }
    };
    request.header(ACCEPT, HeaderValue::from_static("application/json"))
}

/// What an answer means; told without these secrets. Pure.
fn read(reply: &HttpReply, secrets: &[&str]) -> Result<Granted, SsoError> {
    let answer = || answer::read_without(&reply.body, secrets);
    let dead = |why: String| Err(SsoError::Dead(why));
    match reply.status {
        200 => match answer() {
            Ok(granted) => Ok(granted),
            Err(Unread::Error { error, description }) => dead(format!("{error} {description}")),
            Err(Unread::Other(_)) => dead("a page to sign in at was the answer".to_owned()),
        },
        300..=399 => dead("the answer leads to the sign-in".to_owned()),
        status @ 400..=499 => match answer() {
            Err(Unread::Error { error, description }) => {
                dead(format!("HTTP {status}: {error} {description}"))
            }
            _ => dead(format!("HTTP {status}")),
        },
        status => Err(SsoError::Unable(status)),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::read;
    use crate::clients::http::HttpReply;
    use crate::clients::sso::SsoError;

    fn told(status: u16, body: &str) -> Result<bool, SsoError> {
        let body = body.as_bytes().to_vec();
        let reply = HttpReply { status, headers: HeaderMap::new(), body };
        read(&reply, &["hunter2"]).map(|granted| granted.refresh.is_some())
    }

    #[test]
    fn tokens_come_with_a_new_refresh_token_or_without() {
        assert!(!told(200, r#"{"token":"t","expires_in":300}"#).unwrap());
        assert!(told(200, r#"{"token":"t","refresh_token":"r","expires_in":300}"#).unwrap());
    }

    #[test]
    fn a_refusal_is_told_without_the_tokens() {
        for status in [200, 401] {
            let error = told(status, r#"{"error":"invalid_token","error_description":"hunter2"}"#);
            let why = error.unwrap_err().to_string();
            assert!(why.ends_with("invalid_token (secret)"), "{why}");
        }
    }

    #[test]
    fn pages_redirects_and_refusals_mean_a_new_sign_in() {
        for (status, body) in [
            (200, "<html>sign in</html>"),
            (302, ""),
            (400, ""),
            (401, r#"{"error":"invalid_token"}"#),
        ] {
            assert!(matches!(told(status, body), Err(SsoError::Dead(_))), "{status} {body}");
        }
        for status in [500, 502, 503] {
            assert!(matches!(told(status, "<html>"), Err(SsoError::Unable(_))), "{status}");
        }
    }
}
