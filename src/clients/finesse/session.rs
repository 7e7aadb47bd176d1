//! Requests to one node: with or without the credential, what may be repeated, and what an answer's status means.

use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};

use super::{FinesseError, FinesseSettings, api_errors};
use crate::clients::account::{Account, NoReply};
use crate::clients::http::{HttpError, HttpReply, HttpRequest, LONGEST_REPLY};
use crate::clients::throttle::{Backoff, WaitCause};
use crate::clients::xml::Element;

/// The longest answer that may become a tree, in bytes.
const LONGEST_TREE: usize = 4 * 1024 * 1024;

/// One node, and one account there.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) settings: FinesseSettings,
    account: Option<Account>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    Anybody,
    Administrator,
}

impl Session {
    pub(super) fn new(settings: FinesseSettings) -> Self {
        let account = settings.account.as_ref();
        let account = account.map(|who| {
            let (endpoint, refusals) = (settings.endpoint.clone(), settings.refusals.clone());
            Account::new(who.user.clone(), who.password.clone(), endpoint, refusals)
        });
        Self { settings, account }
    }

    pub(super) fn get(&self, path: impl Into<String>) -> HttpRequest {
        HttpRequest::get(self.settings.endpoint.clone(), path)
            .header(ACCEPT, HeaderValue::from_static("application/xml"))
    }

    /// A read: repeated while the node is out of service or not there, for as long as patience lasts. What a node that
    /// does not answer took of it counts too.
    pub(super) async fn read(
        &self,
        what: &'static str,
        asker: Asker,
        request: HttpRequest,
        patience: Duration,
    ) -> Result<HttpReply, FinesseError> {
        let began = Instant::now();
        let mut backoff = Backoff::new(patience);
        loop {
            let error = match self.once(what, asker, request.clone()).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            let Some(cause) = self.worth_waiting(asker, &error) else { return Err(error) };
            if began.elapsed() > patience {
                return Err(error);
            }
            if !backoff.wait(what, cause, &self.settings.on_wait, &self.settings.stop).await {
                return Err(error);
            }
        }
    }

    /// Sends once. An answer is one of status 200 or 202.
    pub(super) async fn once(
        &self,
        what: &'static str,
        asker: Asker,
        request: HttpRequest,
    ) -> Result<HttpReply, FinesseError> {
        let sent = match (asker, &self.account) {
            (Asker::Anybody, _) => self.settings.http.send(request).await.map_err(NoReply::Http),
            (Asker::Administrator, Some(account)) => {
                account.send(&self.settings.http, request).await
            }
            (Asker::Administrator, None) => return Err(FinesseError::NoCredential { what }),
        };
        let reply = sent.map_err(|error| no_reply(what, error))?;
        tracing::debug!(endpoint = %self.settings.endpoint, what, status = reply.status, "Finesse");
        judged(what, asker, reply)
    }

    fn worth_waiting(&self, asker: Asker, error: &FinesseError) -> Option<WaitCause> {
        let unsent = matches!(
            error,
            FinesseError::Unreachable { .. } | FinesseError::Timeout { sent: false, .. }
        );
        let lost = matches!(error, FinesseError::Lost { .. } | FinesseError::Timeout { .. });
        // a lost first answer may have been a refusal: the password is not sent again
        let again = asker == Asker::Anybody || self.account.as_ref().is_some_and(Account::works);
        if unsent || (lost && again) {
            return Some(WaitCause::Network);
        }
        matches!(
            error,
            FinesseError::Starting { .. }
                | FinesseError::OutOfService { .. }
                | FinesseError::Internal { .. }
        )
        .then_some(WaitCause::OutOfService)
    }
}

pub(super) fn no_reply(what: &'static str, error: NoReply) -> FinesseError {
    match error {
        NoReply::Refused => FinesseError::Denied { what, text: String::new() },
        NoReply::Unsendable => FinesseError::Refused {
            why: "user or password hold characters that cannot be sent".to_owned(),
        },
        NoReply::Http(HttpError::Unreachable(why)) => FinesseError::Unreachable { why },
        NoReply::Http(HttpError::Certificate(rejection)) => FinesseError::Certificate(rejection),
        NoReply::Http(HttpError::Handshake(refusal)) => FinesseError::Handshake(refusal),
        NoReply::Http(HttpError::Timeout { sent }) => FinesseError::Timeout { what, sent },
        NoReply::Http(HttpError::Lost(why)) => FinesseError::Lost { what, why },
        NoReply::Http(HttpError::TooLarge) => FinesseError::TooLarge { what, limit: LONGEST_REPLY },
        NoReply::Http(HttpError::Unusable(why)) => FinesseError::Refused { why },
    }
}

pub(super) fn judged(
    what: &'static str,
    asker: Asker,
    reply: HttpReply,
) -> Result<HttpReply, FinesseError> {
    let status = reply.status;
    let words = api_errors::read(&reply);
    let own = words.is_some();
    let text = words.unwrap_or_default();
    let not_api = |why: String| Err(FinesseError::NotApi { what, status, why });
    match status {
        200 | 202 => Ok(reply),
        300..=399 => not_api(match target(&reply) {
            Some(host) => format!("a redirect to {host}, which is not followed"),
            None => "a redirect, which is not followed".to_owned(),
        }),
        401 if asker == Asker::Administrator => Err(FinesseError::Denied { what, text }),
        401 => Err(FinesseError::CredentialWanted { what }),
        403 => Err(FinesseError::Forbidden { what, text }),
        404 if own => Err(FinesseError::NotFound { what, text }),
        404 => not_api("there is no such path at this address".to_owned()),
        421 => not_api("the address is a reverse proxy's, which does not serve this".to_owned()),
        500 => Err(FinesseError::Internal { what, text }),
        502 | 504 => Err(FinesseError::Starting { what }),
        503 => Err(FinesseError::OutOfService { what, text }),
        400..=499 if own || status == 405 || status == 400 => {
            Err(FinesseError::Invalid { what, status, text })
        }
        _ => not_api("not a status of the API".to_owned()),
    }
}

/// Host and port that a redirect leads to; a query may hold secrets.
fn target(reply: &HttpReply) -> Option<String> {
    let url = Url::parse(reply.header(LOCATION)?).ok()?;
    let host = url.host_str()?;
    Some(url.port_or_known_default().map_or(host.to_owned(), |port| format!("{host}:{port}")))
}

/// The document in an answer whose root is this, whatever its case.
pub(super) fn document(
    what: &'static str,
    reply: &HttpReply,
    root: &str,
) -> Result<Element, FinesseError> {
    let document = tree(what, reply)?;
    if document.name.eq_ignore_ascii_case(root) {
        return Ok(document);
    }
    let why = format!("another element than {root}");
    Err(FinesseError::NotApi { what, status: reply.status, why })
}

/// The document in an answer, when it says that it is XML and is.
pub(super) fn tree(what: &'static str, reply: &HttpReply) -> Result<Element, FinesseError> {
    xml(what, reply)?;
    if reply.body.len() > LONGEST_TREE {
        return Err(FinesseError::TooLarge { what, limit: LONGEST_TREE });
    }
    Element::parse(&reply.body).map_err(|why| FinesseError::NotApi {
        what,
        status: reply.status,
        why,
    })
}

/// Whether an answer says that it is XML. An answer that says nothing may be.
pub(super) fn xml(what: &'static str, reply: &HttpReply) -> Result<(), FinesseError> {
    let not_api = |why: String| Err(FinesseError::NotApi { what, status: reply.status, why });
    if reply.web_page() {
        return not_api("a web page".to_owned());
    }
    let kind = reply.header(CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.is_empty() || kind.ends_with("/xml") || kind.ends_with("+xml") {
        return Ok(());
    }
    let shown: String = kind.chars().filter(|c| !c.is_control()).take(60).collect();
    not_api(format!("of type {shown} instead of XML"))
}
