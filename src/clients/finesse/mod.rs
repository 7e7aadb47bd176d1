//! Finesse's REST interface and its phone servlet, one node each. [`FinesseReader`] reads; [`FinesseWriter`] wraps a
//! reader and saves the phone agent settings at a path that the site has given.

mod agent;
mod agent_now;
mod api_errors;
mod connected_users;
mod dialogs;
mod decoders;
mod error;
mod reader;
mod reasons;
mod selector;
mod servlet;
mod session;
mod system_info;
mod template;
mod users;
mod writer;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod session_tests;

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

pub use agent::{Action, AgentClient, AgentCredential, StateChange, StateWord};
pub use agent_now::{AgentNow, Code};
pub use connected_users::{ConnectedUser, ConnectedUsersInfo};
pub(super) use decoders::decode;
pub use dialogs::{Dialog, Participant};
pub use error::FinesseError;
pub use reader::FinesseReader;
pub use reasons::{Category, Reason};
pub use selector::{ReadBack, Selector};
pub use servlet::ServletAnswer;
pub use system_info::{AuthMode, Heartbeat, Maintenance, NodeStatus, SystemInfo};
pub use template::Template;
pub use users::User;
pub use writer::{FinesseWriter, SaveMethod};

use crate::clients::http::Http;
use crate::clients::refusals::Refusals;
use crate::clients::stop::Stop;
use crate::clients::throttle::OnWait;
use crate::playbook::Endpoint;

/// How to reach one Finesse node.
#[derive(Clone)]
pub struct FinesseSettings {
    /// The node's API, documented at port 8445.
    pub endpoint: Endpoint,
    /// The Finesse (or Unified CCX) administrator; without one only what is public can be read.
    pub account: Option<FinesseAccount>,
    /// The HTTP client.
    pub http: Http,
    /// Longest total wait for one read that finds the node out of service; none while a restart is watched.
    pub patience: Duration,
    /// Told of every wait before it begins.
    pub on_wait: OnWait,
    /// Ends waits.
    pub stop: Stop,
    /// Passwords that were refused in this call already.
    pub refusals: Refusals,
}

/// The administrator of a Finesse node.
#[derive(Clone)]
pub struct FinesseAccount {
    /// Account.
    pub user: String,
    /// Its password.
    pub password: SecretString,
}

/// What a node told, or that it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<T> {
    /// It was told.
    Known(T),
    /// Not by this node, release or account; why. Never to be taken for "none".
    CannotTell(String),
}

impl fmt::Debug for FinesseSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FinesseSettings")
            .field("endpoint", &self.endpoint)
            .field("account", &self.account)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for FinesseAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FinesseAccount").field("user", &self.user).finish_non_exhaustive()
    }
}
