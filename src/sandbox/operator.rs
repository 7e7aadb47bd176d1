//! The simulated administrator: what a person does in the console, one subscription or parameter at a time.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use super::axl::{Fault, vendor_config};
use super::phones;
use super::settings::{SelfCareValue, Settings, UrlEncoding, UrlSeparator};
use super::soap::Node;
use super::state::new_pkid;

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Subscribes a device, or updates its one subscription to a service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Device or device profile.
    pub device: String,
    /// Service.
    pub service: String,
    /// Values by parameter name; parameters not named hold nothing afterwards.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What stands between template and values; by default `?`, or `&` when the template has a `?`.
    pub separator: Option<String>,
}

/// Takes a device's subscriptions to a service away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsubscription {
    /// Device or device profile.
    pub device: String,
    /// Service.
    pub service: String,
}

/// Edits a service parameter in place; subscribers keep their values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Service.
    pub service: String,
    /// The parameter's name now.
    pub name: String,
    /// What it becomes.
    pub definition: Definition,
}

/// A parameter's fields; what is left out stays, and for a new parameter the console's defaults apply.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Definition {
    /// New name.
    pub name: Option<String>,
    /// Display name.
    pub display_name: Option<String>,
    /// Default value.
    pub default: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Required.
    pub required: Option<bool>,
    /// Masked.
    pub password: Option<bool>,
}

/// One element of product-specific configuration at one level.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Level.
    pub scope: Scope,
    /// Phone or profile; nothing for the enterprise level.
    #[serde(default)]
    pub name: String,
    /// Element.
    pub element: String,
    /// What it becomes; none: no longer set at this level.
    pub value: Option<String>,
    /// A phone is then told, by *Apply Config*.
    #[serde(default)]
    pub apply: bool,
}

/// Levels of product-specific configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One phone.
    Phone,
    /// A common phone profile.
    CommonPhoneProfile,
    /// The enterprise phone configuration.
    Enterprise,
}

fn pkid(db: &Connection, table: &str, name: &str) -> Result<String, Fault> {
    db.query_row(&format!("select pkid from {table} where name = ?1"), [name], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Fault::not_found(table, name))
}

/// A value as the console writes it into a URL.
fn encoded(value: &str, how: UrlEncoding) -> String {
    match how {
        UrlEncoding::Percent => utf8_percent_encode(value, QUERY).to_string(),
        UrlEncoding::Plus => utf8_percent_encode(value, QUERY).to_string().replace("%20", "+"),
        UrlEncoding::None => value.to_owned(),
    }
}

/// Subscribes or updates: both URLs are built anew from the templates, rows are set, nothing else changes.
///
/// # Errors
/// The database's fault, or not found.
pub fn subscribe(db: &Connection, settings: &Settings, order: &Subscription) -> Result<(), Fault> {
    let device = pkid(db, "device", &order.device)?;
    let service = pkid(db, "telecasterservice", &order.service)?;
    let (ascii, template, secure): (String, String, String) = db.query_row(
        "select nameascii, ifnull(urltemplate, ''), ifnull(secureurltemplate, '') from telecasterservice where pkid = ?1",
        [&service],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut statement = db.prepare(
        "select pkid, name from telecasterserviceparameter where fktelecasterservice = ?1 order by rowid",
    )?;
    let parameters = statement
        .query_map([&service], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    if let Some(name) =
        order.values.keys().find(|name| !parameters.iter().any(|(_, own)| own == *name))
    {
        return Err(Fault::not_found("Parameter", name));
    }
    let query: Vec<String> = parameters
        .iter()
        .filter_map(|(_, name)| {
            let value = order.values.get(name).filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", encoded(value, settings.url_encoding)))
        })
        .collect();
    let url = |template: &str| {
        let joins = settings.url_separator == UrlSeparator::Ampersand || template.contains('?');
        let usual = if joins { "&" } else { "?" };
        if template.is_empty() || query.is_empty() {
            template.to_owned()
        } else {
            let separator = order.separator.as_deref().unwrap_or(usual);
            format!("{template}{separator}{}", query.join("&"))
        }
    };
    let held: Option<String> = db
        .query_row(
            "select pkid from telecastersubscribedservice where fkdevice = ?1 and fktelecasterservice = ?2 order by urlbuttonindex",
            [&device, &service],
            |row| row.get(0),
        )
        .optional()?;
    let subscription = if let Some(held) = held {
        db.execute(
            "update telecastersubscribedservice set serviceurl = ?2, secureserviceurl = ?3 where pkid = ?1",
            params![held, url(&template), url(&secure)],
        )?;
        held
    } else {
        let fresh = new_pkid();
        db.execute(
            "insert into telecastersubscribedservice (pkid, fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, secureserviceurl)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![fresh, device, service, order.service, ascii, url(&template), url(&secure)],
        )?;
        fresh
    };
    for (parameter, name) in &parameters {
        match order.values.get(name).filter(|value| !value.is_empty()) {
            Some(value) => db.execute(
                "insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value) values (?1, ?2, ?3)
                   on conflict (fktelecastersubscribedservice, fktelecasterserviceparameter) do update set value = excluded.value",
                params![subscription, parameter, value],
            )?,
            None => db.execute(
                "delete from telecastersubscribedparameter where fktelecastersubscribedservice = ?1 and fktelecasterserviceparameter = ?2",
                params![subscription, parameter],
            )?,
        };
    }
    Ok(())
}

/// Takes the subscriptions away.
///
/// # Errors
/// The database's fault, or not found.
pub fn unsubscribe(db: &Connection, order: &Unsubscription) -> Result<(), Fault> {
    let device = pkid(db, "device", &order.device)?;
    let service = pkid(db, "telecasterservice", &order.service)?;
    let removed = db.execute(
        "delete from telecastersubscribedservice where fkdevice = ?1 and fktelecasterservice = ?2",
        [device, service],
    )?;
    if removed == 0 { Err(Fault::not_found("Subscription", &order.service)) } else { Ok(()) }
}

/// Edits a parameter in place, or adds it when the service has none of that name.
///
/// # Errors
/// The database's fault, or not found.
pub fn parameter(db: &Connection, order: &Parameter) -> Result<(), Fault> {
    let service = pkid(db, "telecasterservice", &order.service)?;
    let Definition { name, display_name, default, description, required, password } =
        &order.definition;
    let flag = |truth: &Option<bool>| truth.map(|truth| if truth { "t" } else { "f" });
    let changed = db.execute(
        "update telecasterserviceparameter set name = ifnull(?3, name), displayname = ifnull(?4, displayname), defaultvalue = ifnull(?5, defaultvalue),
           description = ifnull(?6, description), paramrequired = ifnull(?7, paramrequired), parampassword = ifnull(?8, parampassword)
           where fktelecasterservice = ?1 and name = ?2",
        params![service, order.name, name, display_name, default, description, flag(required), flag(password)],
    )?;
    if changed == 0 {
        let own = name.as_ref().unwrap_or(&order.name);
        db.execute(
            "insert into telecasterserviceparameter (fktelecasterservice, name, displayname, defaultvalue, description, paramrequired, parampassword)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                service,
                own,
                display_name.as_ref().unwrap_or(own),
                default.as_deref().unwrap_or_default(),
                description.as_deref().unwrap_or_default(),
                flag(required).unwrap_or("t"),
                flag(password).unwrap_or("f")
            ],
        )?;
    }
    Ok(())
}

/// Sets one element and leaves the others as they are. Phones notice only when they read their configuration.
///
/// # Errors
/// The database's fault, or not found.
pub fn vendor_config(db: &Connection, order: &Element) -> Result<(), Fault> {
    let owner = match order.scope {
        Scope::Phone => pkid(db, "device", &order.name)?,
        Scope::CommonPhoneProfile => pkid(db, "commonphoneconfig", &order.name)?,
        Scope::Enterprise => String::new(),
    };
    let stored: String = match order.scope {
        Scope::Phone => vendor_config::read(db, &owner)?,
        Scope::CommonPhoneProfile => {
            let sql = "select xml from commonphoneconfigxml where fkcommonphoneconfig = ?1";
            db.query_row(sql, [&owner], |row| row.get(0)).optional()?.unwrap_or_default()
        }
        Scope::Enterprise => {
            db.query_row("select xml from enterprisephoneconfigxml", [], |row| row.get(0))?
        }
    };
    let mut whole = vendor_config::element(&stored);
    let at = whole.children.iter().position(|child| child.name == order.element);
    match (at, &order.value) {
        (Some(at), Some(value)) => whole.children[at] = Node::leaf(&order.element, value.as_str()),
        (Some(at), None) => drop(whole.children.remove(at)),
        (None, Some(value)) => whole.children.push(Node::leaf(&order.element, value.as_str())),
        (None, None) => {}
    }
    let xml = whole.inner_xml();
    match order.scope {
        Scope::Phone => {
            // What is set in the console is ticked there.
            let sql = "delete from sandbox_unticked where fkdevice = ?1 and element = ?2";
            db.execute(sql, [&owner, &order.element])?;
            vendor_config::write(db, &owner, &xml)?;
            if order.apply {
                phones::read_configuration(db, &owner)?;
            }
        }
        Scope::CommonPhoneProfile => {
            db.execute(
                "insert into commonphoneconfigxml (fkcommonphoneconfig, xml) values (?1, ?2)
                   on conflict (fkcommonphoneconfig) do update set xml = excluded.xml",
                params![owner, xml],
            )?;
        }
        Scope::Enterprise => {
            db.execute("update enterprisephoneconfigxml set xml = ?1", [xml])?;
        }
    }
    Ok(())
}

/// What the drop-down of *Self Care Portal Default Server* stores for a server that stands in it under this name.
///
/// # Errors
/// The database's fault.
pub fn self_care_value(
    db: &Connection,
    settings: &Settings,
    server: &str,
) -> Result<String, Fault> {
    let stored = match settings.self_care_value {
        // The servers are then listed by address, and the publisher is the only one with a name here.
        SelfCareValue::Address if !server.starts_with("192.") => db
            .query_row("select name from processnode where description = 'Publisher'", [], |row| {
                row.get(0)
            })
            .optional()?,
        SelfCareValue::Name | SelfCareValue::Address => None,
        SelfCareValue::Key => db
            .query_row("select pkid from processnode where name = ?1", [server], |row| row.get(0))
            .optional()?,
    };
    Ok(stored.unwrap_or_else(|| server.to_owned()))
}

/// Sets an enterprise parameter.
///
/// # Errors
/// The database's fault, or not found.
pub fn enterprise_parameter(db: &Connection, name: &str, value: &str) -> Result<(), Fault> {
    let changed = db.execute(
        "update processconfig set paramvalue = ?2 where paramname = ?1 and fkprocessnode = '00000000-1111-0000-0000-000000000000'",
        [name, value],
    )?;
    if changed == 0 { Err(Fault::not_found("Enterprise Parameter", name)) } else { Ok(()) }
}
