//! Calls over one authenticated session: who may be in flight, what is repeated, and when the password is sent.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::exchange::{self, Answered, Request};
use super::{AxlError, AxlSettings, FaultKind, redact};
use crate::clients::http::{HttpError, HttpReply, HttpRequest, LONGEST_REPLY};
use crate::clients::throttle::{Backoff, Wait, WaitCause};
use crate::clients::write_limit::WriteLimit;

const COOKIE_NAME: &str = "JSESSIONIDSSO";
/// How often a request is repeated whose connection failed.
const RETRIES: u32 = 2;
/// How often one request may find its session expired: nothing was done by then, and with several requests in flight
/// another one may have renewed it just before it ended again.
const RENEWALS: u32 = 4;
/// A session this long unused may have expired: the server forgets it after 30 minutes.
const MAY_HAVE_EXPIRED: Duration = Duration::from_mins(25);

/// One account on one publisher.
pub(super) struct Session {
    settings: AxlSettings,
    state: Mutex<State>,
    signing_in: tokio::sync::Mutex<()>,
    in_flight: Semaphore,
    large: Semaphore,
    writes: WriteLimit,
    requests: Mutex<BTreeMap<String, u64>>,
}

struct State {
    cookie: Option<String>,
    /// The server takes Basic and gives no cookie.
    cookieless: bool,
    account: Account,
    last_answer: Instant,
}

/// What is known of user and password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    Untried,
    Accepted,
    /// A write has been refused although reads work: no other is tried.
    ReadOnly,
    /// The password has been refused: never sent again.
    Denied,
}

impl Account {
    fn works(self) -> bool {
        matches!(self, Self::Accepted | Self::ReadOnly)
    }

    /// After a 401.
    fn refused(self, write: bool) -> Self {
        if write && self.works() { Self::ReadOnly } else { Self::Denied }
    }
}

enum Sent {
    Cookie(String),
    Password,
}

impl Session {
    pub(super) fn new(settings: AxlSettings) -> Self {
        let concurrency = settings.concurrency.max(1);
        let writes = WriteLimit::new(concurrency, settings.writes_per_minute);
        Self {
            settings,
            state: Mutex::new(State {
                cookie: None,
                cookieless: false,
                account: Account::Untried,
                last_answer: Instant::now(),
            }),
            signing_in: tokio::sync::Mutex::default(),
            in_flight: Semaphore::new(concurrency),
            large: Semaphore::new(1),
            writes,
            requests: Mutex::default(),
        }
    }

    pub(super) fn settings(&self) -> &AxlSettings {
        &self.settings
    }

    pub(super) fn requests(&self) -> BTreeMap<String, u64> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls an operation and reads its answer. Repeated: whatever the server throttled, what was never
    /// sent, and reads whose answer was lost. A write that may have happened is never repeated.
    pub(super) async fn call<T: Answered>(
        &self,
        version: &str,
        request: &Request,
    ) -> Result<T, AxlError> {
        let mut backoff = Backoff::new(self.settings.patience);
        let mut retries = RETRIES;
        loop {
            let error = match self.admitted(version, request).await {
                Ok(answer) => {
                    if request.write {
                        self.writes.succeeded();
                    }
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let Some(cause) = self.worth_waiting(request, &error, &mut retries) else {
                return Err(self.proven(error));
            };
            let AxlSettings { on_wait, stop, .. } = &self.settings;
            let operation = request.operation;
            let goes_on = if cause == WaitCause::Throttled && request.write {
                // All writes pause together.
                let length = self.writes.throttled();
                backoff.wait_for(Wait { operation, cause, length }, on_wait, stop).await
            } else {
                backoff.wait(operation, cause, on_wait, stop).await
            };
            if !goes_on {
                return Err(stop.check().err().map_or(error, AxlError::stopped));
            }
        }
    }

    /// Why to try again after this error; `None` when not.
    pub(super) fn worth_waiting(
        &self,
        request: &Request,
        error: &AxlError,
        retries: &mut u32,
    ) -> Option<WaitCause> {
        if let AxlError::Throttled { .. } = error {
            return Some(WaitCause::Throttled);
        }
        if error.fault_kind() == Some(FaultKind::Memory) {
            return Some(WaitCause::Memory);
        }
        let unsent =
            matches!(error, AxlError::Unreachable { .. } | AxlError::Timeout { sent: false, .. });
        // a lost first answer may have been a refusal: the password is not sent again
        let lost = matches!(error, AxlError::Lost { .. })
            && !request.write
            && self.state().account.works();
        if *retries == 0 || !(unsent || lost) {
            return None;
        }
        *retries -= 1;
        Some(WaitCause::Network)
    }

    /// The error as it is told: a lost answer while nothing is known of the password may have been its refusal.
    fn proven(&self, error: AxlError) -> AxlError {
        if let AxlError::Lost { operation, .. } | AxlError::Timeout { operation, sent: true } =
            error
            && self.state().account == Account::Untried
        {
            return AxlError::FirstAnswerLost { operation, why: error.to_string() };
        }
        error
    }

    /// One try within the limits.
    async fn admitted<T: Answered>(&self, version: &str, request: &Request) -> Result<T, AxlError> {
        let closed = |_| AxlError::Refused { why: "the session is closed".to_owned() };
        let mut _write = None;
        if request.write {
            // A turn that does not come any more leaves no permit.
            _write = self.writes.acquire(&self.settings.stop).await;
            self.settings.stop.check().map_err(AxlError::stopped)?;
        }
        let _large =
            if request.large { Some(self.large.acquire().await.map_err(closed)?) } else { None };
        let _any = self.in_flight.acquire().await.map_err(closed)?;
        let started = Instant::now();
        let answer = self.authenticated(version, request).await;
        let error = answer.as_ref().err().map(ToString::to_string);
        tracing::debug!(
            operation = request.operation,
            version,
            elapsed = ?started.elapsed(),
            error,
            "AXL call"
        );
        answer
    }

    async fn authenticated<T: Answered>(
        &self,
        version: &str,
        request: &Request,
    ) -> Result<T, AxlError> {
        let mut renewals = RENEWALS;
        loop {
            let (reply, sent) = self.signed(version, request).await?;
            if let (Sent::Cookie(cookie), true) = (&sent, renewals > 0)
                && self.expired(reply.status, request.write)
            {
                tracing::debug!(operation = request.operation, "the session has expired");
                self.forget(cookie);
                renewals -= 1;
                continue;
            }
            return self.judged(request, reply);
        }
    }

    /// Sends with the session's cookie; the password only when there is none, and then one request at a time.
    async fn signed(
        &self,
        version: &str,
        request: &Request,
    ) -> Result<(HttpReply, Sent), AxlError> {
        if let Some(sent) = self.ready(request)? {
            let reply = self.post(version, request, &sent).await?;
            self.learn(&reply, &sent, request.write);
            return Ok((reply, sent));
        }
        let _turn = self.signing_in.lock().await;
        let AxlSettings { endpoint, user, password, refusals, .. } = &self.settings;
        // Another deployment of this call may be trying the same account at this moment.
        let _alone = refusals.turn(endpoint, user, password).await;
        let sent = self.ready(request)?.unwrap_or(Sent::Password);
        let reply = self.post(version, request, &sent).await?;
        // still in turn: the next must not send a password that has just been refused
        self.learn(&reply, &sent, request.write);
        Ok((reply, sent))
    }

    fn ready(&self, request: &Request) -> Result<Option<Sent>, AxlError> {
        let AxlSettings { endpoint, user, password, refusals, .. } = &self.settings;
        let mut state = self.state();
        if state.account == Account::Untried && refusals.same(endpoint, user, password).is_some() {
            state.account = Account::Denied;
        }
        if state.account == Account::Denied {
            return Err(AxlError::Denied);
        }
        if state.account == Account::ReadOnly && request.write {
            return Err(AxlError::RoleMissing { operation: request.operation });
        }
        Ok(match &state.cookie {
            Some(cookie) => Some(Sent::Cookie(cookie.clone())),
            None if state.cookieless => Some(Sent::Password),
            None => None,
        })
    }

    /// 404 says so. 401 without a password sent may mean it too; for a write only after a long pause, else the
    /// account may not write.
    fn expired(&self, status: u16, write: bool) -> bool {
        let idle = self.state().last_answer.elapsed() > MAY_HAVE_EXPIRED;
        status == 404 || (status == 401 && (!write || idle))
    }

    fn forget(&self, cookie: &str) {
        let mut state = self.state();
        if state.cookie.as_deref() == Some(cookie) {
            state.cookie = None;
        }
    }

    fn learn(&self, reply: &HttpReply, sent: &Sent, write: bool) {
        let mut state = self.state();
        if reply.status == 401 && matches!(sent, Sent::Password) {
            state.account = state.account.refused(write);
            if state.account == Account::Denied {
                let AxlSettings { endpoint, user, password, refusals, .. } = &self.settings;
                refusals.note(endpoint, user, password);
            }
        }
        if matches!(reply.status, 200 | 500) {
            if state.account == Account::Untried {
                state.account = Account::Accepted;
                let AxlSettings { endpoint, user, password, refusals, .. } = &self.settings;
                refusals.accepted(endpoint, user, password);
            }
            state.last_answer = Instant::now();
            if let Some(cookie) = session_cookie(&reply.headers) {
                state.cookie = Some(cookie);
                state.cookieless = false;
            } else if matches!(sent, Sent::Password) && state.cookie.is_none() {
                state.cookieless = true;
            }
        }
    }

    async fn post(
        &self,
        version: &str,
        request: &Request,
        sent: &Sent,
    ) -> Result<HttpReply, AxlError> {
        self.settings.stop.check().map_err(AxlError::stopped)?;
        let operation = request.operation;
        let envelope = exchange::envelope(version, request);
        if tracing::enabled!(tracing::Level::TRACE) {
            tracing::trace!(operation, body = redact::shown(envelope.as_bytes()), "AXL request");
        }
        let (name, value) = self.credential(sent)?;
        let action = format!("\"CUCM:DB ver={version} {operation}\"");
        let action = HeaderValue::from_str(&action).map_err(unsendable)?;
        let http =
            HttpRequest::post(self.settings.endpoint.clone(), "/axl/", envelope.into_bytes())
                .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8"))
                .header(ACCEPT, HeaderValue::from_static("text/xml"))
                .header(HeaderName::from_static("soapaction"), action)
                .header(name, value);
        *self
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(operation.to_owned())
            .or_default() += 1;
        let reply = self.settings.http.send(http).await.map_err(|error| told(operation, error))?;
        if tracing::enabled!(tracing::Level::TRACE) {
            let (status, body) = (reply.status, redact::shown(&reply.body));
            tracing::trace!(operation, status, body, "AXL answer");
        }
        Ok(reply)
    }

    fn credential(&self, sent: &Sent) -> Result<(HeaderName, HeaderValue), AxlError> {
        let (name, text) = match sent {
            Sent::Cookie(cookie) => (COOKIE, SecretString::from(format!("{COOKIE_NAME}={cookie}"))),
            Sent::Password => {
                let AxlSettings { user, password, .. } = &self.settings;
                let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
                let encoded = STANDARD.encode(pair.expose_secret());
                (AUTHORIZATION, SecretString::from(format!("Basic {encoded}")))
            }
        };
        let mut value = HeaderValue::from_str(text.expose_secret()).map_err(unsendable)?;
        value.set_sensitive(true);
        Ok((name, value))
    }

    fn judged<T: Answered>(&self, request: &Request, reply: HttpReply) -> Result<T, AxlError> {
        let operation = request.operation;
        match reply.status {
            401 => {
                let mut state = self.state();
                state.account = state.account.refused(request.write);
                if state.account == Account::ReadOnly {
                    return Err(AxlError::RoleMissing { operation });
                }
                Err(AxlError::Denied)
            }
            403 => Err(AxlError::NoRole),
            429 | 503 => Err(AxlError::Throttled { operation }),
            _ => T::read(request, reply),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn session_cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='))
        .find(|(name, value)| name.trim() == COOKIE_NAME && !value.trim().is_empty())
        .map(|(_, value)| value.trim().to_owned())
}

fn unsendable(_: impl std::error::Error) -> AxlError {
    AxlError::Refused { why: "a header value holds characters that cannot be sent".to_owned() }
}

fn told(operation: &'static str, error: HttpError) -> AxlError {
    match error {
        HttpError::Unreachable(why) => AxlError::Unreachable { why },
        HttpError::Certificate(rejection) => AxlError::Certificate(rejection),
        HttpError::Handshake(refusal) => AxlError::Handshake(refusal),
        HttpError::Timeout { sent } => AxlError::Timeout { operation, sent },
        HttpError::Lost(why) => AxlError::Lost { operation, why },
        HttpError::TooLarge => AxlError::TooLarge { operation, limit: LONGEST_REPLY },
        HttpError::Unusable(why) => AxlError::Refused { why },
    }
}
