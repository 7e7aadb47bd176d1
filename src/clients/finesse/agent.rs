//! Calls that an agent makes, with the agent's own password or token: state, sign-in, and telephone calls.

use std::fmt;

use quick_xml::escape::escape;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use super::agent_now::{self, AgentNow, Code};
use super::dialogs::{self, Dialog};
use super::reader::{not_api, segment};
use super::session::{Asker, document, judged, no_reply, xml};
use super::{FinesseAccount, FinesseError};
use crate::clients::account::Account;
use crate::clients::http::{Http, HttpReply, HttpRequest};
use crate::clients::refusals::Refusals;
use crate::playbook::Endpoint;

/// What an agent signs in to the API with.
#[derive(Clone)]
pub enum AgentCredential {
    /// Id and password.
    Basic(FinesseAccount),
    /// A token of single sign-on.
    Bearer(SecretString),
}

/// A state that an agent can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateWord {
    /// Sign in.
    Login,
    /// Ready.
    Ready,
    /// Not ready.
    NotReady,
    /// Sign out.
    Logout,
}

impl StateWord {
    /// As the API writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Login => "LOGIN",
            Self::Ready => "READY",
            Self::NotReady => "NOT_READY",
            Self::Logout => "LOGOUT",
        }
    }
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// To what.
    pub state: StateWord,
    /// Where to sign in.
    pub extension: Option<String>,
    /// The object's id of the reason.
    pub reason_id: Option<String>,
}

/// What is done with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Answer it.
    Answer,
    /// End it.
    Drop,
}

impl Action {
    fn word(self) -> &'static str {
        match self {
            Self::Answer => "ANSWER",
            Self::Drop => "DROP",
        }
    }
}

/// One node, and one agent there. No call is ever repeated.
#[derive(Debug)]
pub struct AgentClient {
    endpoint: Endpoint,
    http: Http,
    who: Who,
}

enum Who {
    Basic(Account),
    Bearer(HeaderValue),
}

impl Who {
    fn bearer(token: &SecretString) -> Result<Self, FinesseError> {
        let text = SecretString::from(format!("Bearer {}", token.expose_secret()));
        let value = HeaderValue::from_str(text.expose_secret());
        let mut value = value.map_err(|_| FinesseError::Refused {
            why: "the token holds characters that cannot be sent".to_owned(),
        })?;
        value.set_sensitive(true);
        Ok(Self::Bearer(value))
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic(_) => "Basic",
            Self::Bearer(_) => "Bearer",
        })
    }
}

impl AgentClient {
    /// A client of this node.
    ///
    /// # Errors
    /// [`FinesseError::Refused`] for a token that cannot stand in a header.
    pub fn new(
        endpoint: Endpoint,
        http: Http,
        credential: AgentCredential,
        refusals: Refusals,
    ) -> Result<Self, FinesseError> {
        let who = match credential {
            AgentCredential::Basic(who) => {
                Who::Basic(Account::new(who.user, who.password, endpoint.clone(), refusals))
            }
            AgentCredential::Bearer(token) => Who::bearer(&token)?,
        };
        Ok(Self { endpoint, http, who })
    }

    /// The same node with a newer token; `None` where that is not another one.
    pub fn with_token(&self, token: &SecretString) -> Option<Self> {
        let who = Who::bearer(token).ok()?;
        let same = match (&self.who, &who) {
            (Who::Bearer(old), Who::Bearer(new)) => old == new,
            (Who::Basic(_), _) | (_, Who::Basic(_)) => true,
        };
        (!same).then(|| Self { endpoint: self.endpoint.clone(), http: self.http.clone(), who })
    }

    /// The node.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// `User/<id>`, or by login name on UCCE; `None` when Finesse says that there is no such user.
    pub async fn now(&self, id: &str) -> Result<Option<AgentNow>, FinesseError> {
        const WHAT: &str = "User";
        let path = format!("/finesse/api/User/{}", segment(id)?);
        let reply = match self.get(WHAT, path).await {
            Err(FinesseError::NotFound { .. }) => return Ok(None),
            reply => reply?,
        };
        let root = document(WHAT, &reply, WHAT)?;
        AgentNow::read(&root).map(Some).ok_or_else(|| not_api(WHAT, &reply, "it has no loginId"))
    }

    /// The reason codes that this agent can give for a state.
    pub async fn codes(&self, id: &str, state: StateWord) -> Result<Vec<Code>, FinesseError> {
        const WHAT: &str = "ReasonCodes";
        let id = segment(id)?;
        let path = format!("/finesse/api/User/{id}/ReasonCodes?category={}", state.word());
        let reply = self.get(WHAT, path).await?;
        xml(WHAT, &reply)?;
        agent_now::codes(&reply.body).map_err(|why| not_api(WHAT, &reply, why))
    }

    /// The agent's calls.
    pub async fn dialogs(&self, id: &str) -> Result<Vec<Dialog>, FinesseError> {
        const WHAT: &str = "Dialogs";
        let path = format!("/finesse/api/User/{}/Dialogs", segment(id)?);
        let reply = self.get(WHAT, path).await?;
        xml(WHAT, &reply)?;
        dialogs::all(&reply.body).map_err(|why| not_api(WHAT, &reply, why))
    }

    /// Asks for a state. Finesse accepts it, and does it later or not at all: look.
    pub async fn change(&self, id: &str, change: &StateChange) -> Result<(), FinesseError> {
        let path = format!("/finesse/api/User/{}", segment(id)?);
        let request = HttpRequest::put(self.endpoint.clone(), path, body_of(change));
        self.write("the change of state", request).await
    }

    /// Asks for a call from one extension to a number.
    pub async fn call(&self, id: &str, from: &str, to: &str) -> Result<(), FinesseError> {
        let path = format!("/finesse/api/User/{}/Dialogs", segment(id)?);
        let body = format!(
            "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>{}</fromAddress><toAddress>{}</toAddress></Dialog>",
            escape(from),
            escape(to)
        );
        let request = HttpRequest::post(self.endpoint.clone(), path, body.into_bytes());
        self.write("the call", request).await
    }

    /// Asks for something to be done with a call at this extension.
    pub async fn act(
        &self,
        dialog: &str,
        extension: &str,
        action: Action,
    ) -> Result<(), FinesseError> {
        let path = format!("/finesse/api/Dialog/{}", segment(dialog)?);
        let body = format!(
            "<Dialog><targetMediaAddress>{}</targetMediaAddress><requestedAction>{}</requestedAction></Dialog>",
            escape(extension),
            action.word()
        );
        let request = HttpRequest::put(self.endpoint.clone(), path, body.into_bytes());
        self.write("the call", request).await
    }

    async fn get(&self, what: &'static str, path: String) -> Result<HttpReply, FinesseError> {
        self.send(what, HttpRequest::get(self.endpoint.clone(), path)).await
    }

    async fn write(&self, what: &'static str, request: HttpRequest) -> Result<(), FinesseError> {
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        self.send(what, request).await.map(drop)
    }

    async fn send(
        &self,
        what: &'static str,
        request: HttpRequest,
    ) -> Result<HttpReply, FinesseError> {
        let request = request.header(ACCEPT, HeaderValue::from_static("application/xml"));
        let reply = match &self.who {
            Who::Basic(account) => account.send(&self.http, request).await,
            Who::Bearer(token) => {
                let request = request.header(AUTHORIZATION, token.clone());
                self.http.send(request).await.map_err(crate::clients::account::NoReply::Http)
            }
        };
        let reply = reply.map_err(|error| no_reply(what, error))?;
        tracing::debug!(endpoint = %self.endpoint, what, status = reply.status, "Finesse");
        judged(what, Asker::Administrator, reply)
    }
}

fn body_of(change: &StateChange) -> Vec<u8> {
    let element = |name: &str, text: &Option<String>| match text {
        Some(text) => format!("<{name}>{}</{name}>", escape(text.as_str())),
        None => String::new(),
    };
    let (extension, reason) = (&change.extension, &change.reason_id);
    let inside = element("extension", extension) + &element("reasonCodeId", reason);
    format!("<User><state>{}</state>{inside}</User>", change.state.word()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{StateChange, StateWord, body_of};

    #[test]
    fn bodies_have_the_documented_form() {
        let body = |state, extension: Option<&str>, reason: Option<&str>| {
            let change = StateChange {
                state,
                extension: extension.map(str::to_owned),
                reason_id: reason.map(str::to_owned),
            };
            String::from_utf8(body_of(&change)).unwrap()
        };
        assert_eq!(
            body(StateWord::Login, Some("2001"), None),
            "<User><state>LOGIN</state><extension>2001</extension></User>"
        );
        assert_eq!(
            body(StateWord::NotReady, None, Some("2<9")),
            "<User><state>NOT_READY</state><reasonCodeId>2&lt;9</reasonCodeId></User>"
        );
        assert_eq!(body(StateWord::Logout, None, None), "<User><state>LOGOUT</state></User>");
    }
}
