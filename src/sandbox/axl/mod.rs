//! AXL's operations over the database: one file per object.

pub mod answer;
pub mod app_user;
pub mod common_device_config;
pub mod common_phone_config;
pub mod device;
pub mod end_user;
pub mod line;
pub mod lookup;
pub mod parameter;
pub mod phone_service;
pub mod process_node;
pub mod service_parameter;
pub mod subscription;
pub mod touch;
pub mod user_group;
pub mod vendor_config;

use std::cell::RefCell;

use rusqlite::Connection;
use serde_json::Value;

use super::from::coverage;
use super::settings::Settings;
use super::soap::Node;
use super::sql;
use super::state::rules;

/// A SOAP fault with AXL's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `axlcode`; none where the code is a setting (a broken database rule).
    pub code: Option<i64>,
    /// Whether `faultcode` blames the client.
    pub client: bool,
    /// `axlmessage` and `faultstring`.
    pub text: String,
}

impl Fault {
    /// A fault that blames the server.
    pub fn server(code: i64, text: impl Into<String>) -> Self {
        Self { code: Some(code), client: false, text: text.into() }
    }

    /// A fault that blames the client.
    pub fn client(code: i64, text: impl Into<String>) -> Self {
        Self { code: Some(code), client: true, text: text.into() }
    }

    /// A broken database rule; which code a real server sends with it is not known.
    pub fn rule(text: impl Into<String>) -> Self {
        Self { code: None, client: false, text: text.into() }
    }

    /// A request that breaks the schema.
    pub fn schema(text: &str) -> Self {
        Self::server(-1, format!("org.xml.sax.SAXException: {text}"))
    }

    /// A statement that Informix would not take.
    pub fn syntax(text: &str) -> Self {
        Self::server(-201, format!("A syntax error has occurred ({text})."))
    }

    /// The object of a get, apply or remove does not exist.
    pub fn absent(what: &str) -> Self {
        Self::server(5007, format!("Item not valid: The specified {what} was not found"))
    }

    /// The object of an update, or something a request refers to, does not exist.
    pub fn not_found(what: &str, name: &str) -> Self {
        Self::server(5003, format!("{what} {name} not found"))
    }

    /// A field that the schema knows and the sandbox does not simulate.
    pub fn unsimulated(field: &str) -> Self {
        Self::server(-1, format!("The sandbox does not simulate changes of {field}"))
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        rules::fault(&error)
    }
}

/// What an operation needs besides the request.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The database, inside a transaction.
    pub db: &'a Connection,
    /// The sandbox's switches.
    pub settings: &'a Settings,
    /// The cluster's release, e.g. `14.0.1.13900(155)`.
    pub release: &'a str,
    /// What happened, for the event log once the transaction is through.
    pub events: RefCell<Vec<(&'static str, Value)>>,
}

impl Desk<'_> {
    /// Notes an event.
    pub fn happened(&self, kind: &'static str, fields: Value) {
        self.events.borrow_mut().push((kind, fields));
    }
}

/// What an operation gives back.
#[derive(Debug)]
pub enum Returned {
    /// The `return` element.
    Tree(Node),
    /// What a query found.
    Rows(sql::Rows),
}

/// Runs one operation whose request has passed the schema; gives the content of `return`.
///
/// # Errors
/// The fault to answer.
pub fn perform(desk: &Desk<'_>, operation: &str, request: &Node) -> Result<Returned, Fault> {
    coverage::check(desk.db, request)?;
    if operation == "executeSQLQuery" {
        let statement = request.value("sql").unwrap_or_default();
        return sql::query(desk.db, desk.settings, statement).map(Returned::Rows);
    }
    object(desk, operation, request).map(Returned::Tree)
}

fn object(desk: &Desk<'_>, operation: &str, request: &Node) -> Result<Node, Fault> {
    match operation {
        "getCCMVersion" => Ok(Node::new("return")
            .with(Node::new("componentVersion").with(Node::leaf("version", desk.release)))),
        "addAppUser" => app_user::add(desk, request),
        "getAppUser" => app_user::get(desk, request),
        "updateAppUser" => app_user::update(desk, request),
        "listAppUser" => app_user::list(desk, request),
        "removeAppUser" => app_user::remove(desk, request),
        "addIpPhoneServices" => phone_service::add(desk, request),
        "getIpPhoneServices" => phone_service::get(desk, request),
        "updateIpPhoneServices" => phone_service::update(desk, request),
        "listIpPhoneServices" => phone_service::list(desk, request),
        "removeIpPhoneServices" => phone_service::remove(desk, request),
        "getPhone" => device::get(desk, request, device::Class::Phone),
        "updatePhone" => device::update(desk, request, device::Class::Phone),
        "listPhone" => device::list(desk, request, device::Class::Phone),
        "applyPhone" => touch::phone(desk, request, "apply"),
        "restartPhone" => touch::phone(desk, request, "restart"),
        "resetPhone" => touch::phone(desk, request, "reset"),
        "doDeviceReset" => touch::reset(desk, request),
        "applyCommonPhoneConfig" => touch::profile(desk, request, "apply"),
        "resetCommonPhoneConfig" => touch::profile(desk, request, "reset"),
        "getDeviceProfile" => device::get(desk, request, device::Class::Profile),
        "updateDeviceProfile" => device::update(desk, request, device::Class::Profile),
        "listDeviceProfile" => device::list(desk, request, device::Class::Profile),
        "getUserGroup" => user_group::get(desk, request),
        "updateUserGroup" => user_group::update(desk, request),
        "listUserGroup" => user_group::list(desk, request),
        "getUser" => end_user::get(desk, request),
        "listUser" => end_user::list(desk, request),
        "listProcessNode" => process_node::list(desk, request),
        "getCommonPhoneConfig" => common_phone_config::get(desk, request),
        "updateCommonPhoneConfig" => common_phone_config::update(desk, request),
        "listCommonPhoneConfig" => common_phone_config::list(desk, request),
        "getCommonDeviceConfig" => common_device_config::get(desk, request),
        "listCommonDeviceConfig" => common_device_config::list(desk, request),
        "getLine" => line::get(desk, request),
        "listLine" => line::list(desk, request),
        "getLineGroup" => line::get_group(desk, request),
        "listLineGroup" => line::list_groups(desk, request),
        "getEnterprisePhoneConfig" => common_phone_config::get_enterprise(desk),
        "updateEnterprisePhoneConfig" => common_phone_config::update_enterprise(desk, request),
        "getServiceParameter" => service_parameter::get(desk, request),
        "listServiceParameter" => service_parameter::list(desk, request),
        "updateServiceParameter" => service_parameter::update(desk, request),
        "executeSQLUpdate" => {
            let statement = request.value("sql").unwrap_or_default();
            let count = sql::update(desk.db, desk.settings, statement)?;
            Ok(Node::new("return").with(Node::leaf("rowsUpdated", count.to_string())))
        }
        other => Err(Fault::unsimulated(other)),
    }
}
