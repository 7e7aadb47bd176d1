//! Control Center: which services of a CUCM node run. Reads alone, one node each: a node tells of itself.

mod answer;
mod error;
mod request;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod client_tests;

use std::fmt;

use secrecy::SecretString;

pub(super) use answer::decode;
pub use answer::{ServiceState, ServiceStatus};
pub use error::ControlCenterError;

use crate::clients::account::Account;
use crate::clients::http::Http;
use crate::clients::refusals::Refusals;
use crate::playbook::Endpoint;

const OPERATION: &str = "soapGetServiceStatus";

/// How to reach Control Center on one node.
#[derive(Clone)]
pub struct ControlCenterSettings {
    /// The node, port 8443.
    pub endpoint: Endpoint,
    /// Account with serviceability rights.
    pub user: String,
    /// Its password.
    pub password: SecretString,
    /// The HTTP client.
    pub http: Http,
    /// Passwords that were refused in this call already.
    pub refusals: Refusals,
}

impl fmt::Debug for ControlCenterSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlCenterSettings")
            .field("endpoint", &self.endpoint)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// The client of one node. It has no method that starts or stops anything.
#[derive(Debug)]
pub struct ControlCenter {
    settings: ControlCenterSettings,
    account: Account,
}

impl ControlCenter {
    /// A client; the connection is made when needed.
    pub fn new(settings: ControlCenterSettings) -> Self {
        let (endpoint, refusals) = (settings.endpoint.clone(), settings.refusals.clone());
        let (user, password) = (settings.user.clone(), settings.password.clone());
        Self { account: Account::new(user, password, endpoint, refusals), settings }
    }

    /// The node.
    pub fn endpoint(&self) -> &Endpoint {
        &self.settings.endpoint
    }

    /// What the node says of these services, in its own order. One that it does not know may be left out.
    pub async fn status(&self, names: &[&str]) -> Result<Vec<ServiceStatus>, ControlCenterError> {
        let body = request::envelope(names)?;
        let request = request::post(self.settings.endpoint.clone(), &body);
        let reply = self.account.send(&self.settings.http, request).await;
        let reply = reply.map_err(error::no_reply)?;
        tracing::debug!(endpoint = %self.settings.endpoint, status = reply.status, "Control Center");
        answer::read(&reply)
    }
}
