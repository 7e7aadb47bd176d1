//! AXL, CUCM's SOAP interface, and the database behind it. [`Reader`] reads; [`Writer`] wraps a reader and writes.

mod answers;
mod bulk;
mod certificates;
mod configuration;
mod decoders;
mod device_facts;
mod error;
mod estate;
mod exchange;
mod fault;
mod lines;
mod many_rows;
mod pages;
mod phone_configurations;
mod pkid;
mod process_nodes;
mod query;
mod reader;
mod records;
mod redact;
mod requests;
mod row;
mod self_care;
mod session;
mod sizes;
mod statement;
mod under_way;
mod version;
mod writer;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod bench;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod ending_tests;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod pages_tests;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod session_tests;

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

pub use certificates::StoredCertificate;
pub use configuration::{ApplyRequest, PhoneBase, PhoneConfiguration};
pub(super) use decoders::{decode, subscriptions, values};
pub use device_facts::{DeviceFact, DeviceFacts, Facts};
pub use error::{AxlError, FaultKind};
pub use estate::ListedService;
pub use lines::{Line, LinesOf};
pub use many_rows::{UrlsOf, ValueOf};
pub use pages::Pages;
pub use phone_configurations::Configurations;
pub use pkid::Pkid;
pub use process_nodes::ProcessNode;
pub use reader::Reader;
pub use records::*;
pub use self_care::{EnterpriseParameter, ListedServer};
pub use statement::{NewSubscription, Statement, Target};
pub use writer::Writer;

use crate::clients::http::Http;
use crate::clients::refusals::Refusals;
use crate::clients::stop::Stop;
use crate::clients::throttle::OnWait;
use crate::playbook::Endpoint;

/// How to reach AXL.
#[derive(Clone)]
pub struct AxlSettings {
    /// The publisher.
    pub endpoint: Endpoint,
    /// Account.
    pub user: String,
    /// Its password.
    pub password: SecretString,
    /// `11.5`, `12.0`, `12.5`, `14.0` or `15.0`; negotiated when absent.
    pub version: Option<String>,
    /// The HTTP client.
    pub http: Http,
    /// Requests in flight, at least 1.
    pub concurrency: usize,
    /// Writes that may begin in a minute; `None` = as many as the server takes.
    pub writes_per_minute: Option<u32>,
    /// Longest total wait for one request that the server throttles, [`crate::clients::throttle::PATIENCE`]
    /// unless there is a reason.
    pub patience: Duration,
    /// Told of every wait before it begins.
    pub on_wait: OnWait,
    /// Once it is set no call is begun and no wait goes on.
    pub stop: Stop,
    /// Passwords refused so far, by any deployment of this call of ippactl.
    pub refusals: Refusals,
}

impl fmt::Debug for AxlSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AxlSettings")
            .field("endpoint", &self.endpoint)
            .field("user", &self.user)
            .field("version", &self.version)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
