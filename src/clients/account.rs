//! One account at one host: its Basic credential, and the promise that a refused password is not sent again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::http::{Http, HttpError, HttpReply, HttpRequest};
use super::refusals::Refusals;
use crate::playbook::Endpoint;

/// User and password at one host, and what is known of them.
pub(super) struct Account {
    user: String,
    password: SecretString,
    standing: Mutex<Standing>,
    signing_in: tokio::sync::Mutex<()>,
    endpoint: Endpoint,
    refusals: Refusals,
}

/// What is known of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Untried,
    Accepted,
    /// Never sent again.
    Refused,
}

/// Why there is no answer to a request with a credential.
#[derive(Debug)]
pub(super) enum NoReply {
    /// The password has been refused before; nothing was sent.
    Refused,
    /// User or password cannot stand in a header; nothing was sent.
    Unsendable,
    /// The network's part.
    Http(HttpError),
}

impl Account {
    pub(super) fn new(
        user: String,
        password: SecretString,
        endpoint: Endpoint,
        refusals: Refusals,
    ) -> Self {
        Self {
            endpoint,
            refusals,
            user,
            password,
            standing: Mutex::new(Standing::Untried),
            signing_in: tokio::sync::Mutex::default(),
        }
    }

    /// Whether the password has been accepted: only then may a request whose answer was lost be sent again.
    pub(super) fn works(&self) -> bool {
        *self.standing() == Standing::Accepted
    }

    /// Sends with the credential. Until the password has been accepted, one request at a time; after a 401, none.
    pub(super) async fn send(
        &self,
        http: &Http,
        request: HttpRequest,
    ) -> Result<HttpReply, NoReply> {
        let request = request.header(AUTHORIZATION, self.credential()?);
        if self.works() {
            return self.learn(http.send(request).await);
        }
        let _turn = self.signing_in.lock().await;
        // Another deployment of this call may be trying the same account at this moment.
        let _alone = self.refusals.turn(&self.endpoint, &self.user, &self.password).await;
        let refused = self.refusals.same(&self.endpoint, &self.user, &self.password).is_some();
        if refused || *self.standing() == Standing::Refused {
            return Err(NoReply::Refused);
        }
        self.learn(http.send(request).await)
    }

    fn learn(&self, reply: Result<HttpReply, HttpError>) -> Result<HttpReply, NoReply> {
        let reply = reply.map_err(NoReply::Http)?;
        match reply.status {
            401 => {
                *self.standing() = Standing::Refused;
                self.refusals.note(&self.endpoint, &self.user, &self.password);
            }
            200..=299 => {
                let before = std::mem::replace(&mut *self.standing(), Standing::Accepted);
                if before != Standing::Accepted {
                    self.refusals.accepted(&self.endpoint, &self.user, &self.password);
                }
            }
            _ => {}
        }
        Ok(reply)
    }

    fn credential(&self) -> Result<HeaderValue, NoReply> {
        // a colon would end the user name and begin the password
        if self.user.contains(':') {
            return Err(NoReply::Unsendable);
        }
        let pair = SecretString::from(format!("{}:{}", self.user, self.password.expose_secret()));
        let text = SecretString::from(format!("Basic {}", STANDARD.encode(pair.expose_secret())));
        let mut value =
            HeaderValue::from_str(text.expose_secret()).map_err(|_| NoReply::Unsendable)?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("user", &self.user)
            .field("standing", &*self.standing())
            .finish_non_exhaustive()
    }
}
