//! `services` of a phone or device profile: what is sent replaces the whole list, values and all.

use rusqlite::{Connection, params};

use super::answer::braced;
use super::lookup::{column, referred, set};
use super::{Desk, Fault, phone_service};
use crate::sandbox::settings::{SecureUrl, ServicesUpdate};
use crate::sandbox::soap::Node;

/// Replaces all subscriptions of a device. Whether one whose service and button stay keeps its row is a setting.
pub fn replace(desk: &Desk<'_>, device: &str, services: &Node) -> Result<(), Fault> {
    let mut held = match desk.settings.services_update {
        ServicesUpdate::Replace => Vec::new(),
        ServicesUpdate::KeepRows => rows(desk.db, device)?,
    };
    let mut taken: Vec<(String, i64)> = Vec::new();
    let mut wanted = Vec::new();
    for entry in services.all("service") {
        let reference = entry
            .child("telecasterServiceName")
            .ok_or_else(|| Fault::schema("telecasterServiceName is missing"))?;
        let service = referred(desk.db, phone_service::PLACE, reference)?
            .ok_or_else(|| Fault::not_found("Telecaster Service", ""))?;
        let asked = entry.value("urlButtonIndex").and_then(|text| text.trim().parse().ok());
        let mut index: i64 = asked.unwrap_or(0);
        // A second subscription to one service gets the next index.
        while taken.contains(&(service.clone(), index)) {
            index += 1;
        }
        taken.push((service.clone(), index));
        wanted.push((service, entry, index));
    }
    held.retain(|row| taken.contains(&(row.service.clone(), row.index)));
    // A statement of one row each: a list is short.
    for pkid in column(
        desk.db,
        "select pkid from telecastersubscribedservice where fkdevice = ?1",
        [device],
    )? {
        if !held.iter().any(|row| row.pkid == pkid) {
            desk.db
                .prepare_cached("delete from telecastersubscribedservice where pkid = ?1")?
                .execute([pkid])?;
        }
    }
    for (service, entry, index) in wanted {
        match held.iter().find(|row| row.service == service && row.index == index) {
            Some(row) => keep(desk, &row.pkid, entry)?,
            None => insert(desk, device, &service, entry, index)?,
        }
    }
    Ok(())
}

/// A subscription as it stands.
struct Row {
    pkid: String,
    service: String,
    index: i64,
}

fn rows(db: &Connection, device: &str) -> Result<Vec<Row>, Fault> {
    let sql = "select pkid, fktelecasterservice, urlbuttonindex from telecastersubscribedservice where fkdevice = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map([device], |row| {
        Ok(Row { pkid: row.get(0)?, service: row.get(1)?, index: row.get(2)? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// What an entry says of a subscription that keeps its row; its values, secure URL and priority stay.
fn keep(desk: &Desk<'_>, pkid: &str, entry: &Node) -> Result<(), Fault> {
    let name = entry.value("name").unwrap_or_default();
    for (column, value) in [
        ("servicename", Some(name)),
        ("servicenameascii", Some(entry.value("serviceNameAscii").unwrap_or(name))),
        ("serviceurl", entry.value("url")),
        ("urllabel", entry.value("urlLabel")),
    ] {
        if let Some(value) = value {
            set(desk.db, "telecastersubscribedservice", column, pkid, value)?;
        }
    }
    Ok(())
}

fn insert(
    desk: &Desk<'_>,
    device: &str,
    service: &str,
    entry: &Node,
    index: i64,
) -> Result<(), Fault> {
    let (template, secure_template): (String, String) = desk
        .db
        .prepare_cached("select ifnull(urltemplate, ''), ifnull(secureurltemplate, '') from telecasterservice where pkid = ?1")?
        .query_row([service], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let url = entry.value("url").map_or_else(|| template.clone(), str::to_owned);
    let secure = match desk.settings.secure_after_axl {
        SecureUrl::Null => None,
        SecureUrl::Template => Some(secure_template),
        SecureUrl::WithValues => {
            let values = url.strip_prefix(template.as_str()).unwrap_or_default();
            Some(format!("{secure_template}{values}"))
        }
    };
    let name = entry.value("name").unwrap_or_default();
    let label = entry.value("urlLabel").unwrap_or_default();
    let ascii: String = label.chars().filter(char::is_ascii).collect();
    desk.db
        .prepare_cached(
            "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl,
               secureserviceurl, urlbuttonindex, urllabel, urllabelascii) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            device,
            service,
            name,
            entry.value("serviceNameAscii").unwrap_or(name),
            url,
            secure,
            index,
            label,
            ascii,
        ])?;
    Ok(())
}

/// The `services` element of a device: no values, no secure URL.
pub fn element(db: &Connection, device: &str) -> Result<Node, Fault> {
    let mut statement = db.prepare_cached(
        "select s.pkid, t.pkid, t.name, s.servicename, s.serviceurl, s.urlbuttonindex, s.urllabel, s.servicenameascii,
           (select name from typephoneservice where enum = t.tkphoneservice),
           (select name from typephoneservicecategory where enum = t.tkphoneservicecategory), t.vendor, t.version, s.priority
           from telecastersubscribedservice s, telecasterservice t
           where s.fktelecasterservice = t.pkid and s.fkdevice = ?1 order by s.rowid",
    )?;
    let entries = statement
        .query_map([device], |row| {
            let text = |index: usize| row.get::<_, Option<String>>(index);
            let pkid: String = row.get(0)?;
            let service: String = row.get(1)?;
            Ok(Node::new("service")
                .marked("uuid", braced(&pkid))
                .with(
                    Node::leaf("telecasterServiceName", row.get::<_, String>(2)?)
                        .marked("uuid", braced(&service)),
                )
                .with(Node::maybe("name", text(3)?))
                .with(Node::maybe("url", text(4)?))
                .with(Node::leaf("urlButtonIndex", row.get::<_, i64>(5)?.to_string()))
                .with(Node::maybe("urlLabel", text(6)?))
                .with(Node::maybe("serviceNameAscii", text(7)?))
                .with(Node::maybe("phoneService", text(8)?))
                .with(Node::maybe("phoneServiceCategory", text(9)?))
                .with(Node::maybe("vendor", text(10)?))
                .with(Node::maybe("version", text(11)?))
                .with(Node::leaf("priority", row.get::<_, i64>(12)?.to_string())))
        })?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(Node::new("services").with_all(entries))
}
