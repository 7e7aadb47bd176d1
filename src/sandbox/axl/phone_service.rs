//! Phone services. A changed URL does not reach subscribers; a removed service takes its subscriptions along.

use rusqlite::{Row, params};

use super::answer::{boolean, braced, flag, got, listed, written};
use super::lookup::{Place, keyed, set, word};
use super::{Desk, Fault, parameter};
use crate::sandbox::soap::Node;
use crate::sandbox::state::new_pkid;

/// Where phone services live.
pub const PLACE: Place =
    Place { table: "telecasterservice", column: "name", what: "Telecaster Service" };

/// Elements that are stored as they are.
const TEXTS: [(&str, &str); 6] = [
    ("asciiServiceName", "nameascii"),
    ("serviceDescription", "description"),
    ("serviceUrl", "urltemplate"),
    ("secureServiceUrl", "secureurltemplate"),
    ("serviceVendor", "vendor"),
    ("serviceVersion", "version"),
];

/// `addIpPhoneServices`.
pub fn add(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let service = request
        .child("ipPhoneServices")
        .ok_or_else(|| Fault::schema("ipPhoneServices is missing"))?;
    let pkid = new_pkid();
    let text = |name: &str| service.value(name).unwrap_or_default();
    desk.db.execute(
        "insert into telecasterservice (pkid, name, nameascii, description, urltemplate, secureurltemplate, tkphoneservice,
           tkphoneservicecategory, vendor, version, enabled, enterprisesubscription) values (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
        params![
            pkid,
            text("serviceName"),
            text("asciiServiceName"),
            text("serviceDescription"),
            text("serviceUrl"),
            text("secureServiceUrl"),
            word(desk.db, "typephoneservice", text("serviceType"))?,
            word(desk.db, "typephoneservicecategory", text("serviceCategory"))?,
            text("serviceVendor"),
            text("serviceVersion"),
            flag(service.value("enabled").unwrap_or("true")),
            flag(text("enterpriseSubscription")),
        ],
    )?;
    if let Some(parameters) = service.child("parameters") {
        parameter::add_all(desk.db, &pkid, parameters)?;
    }
    Ok(written(&pkid))
}

/// `updateIpPhoneServices`.
pub fn update(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let db = desk.db;
    let pkid = keyed(db, PLACE, request, "serviceName")?.ok_or_else(|| {
        Fault::not_found("Telecaster Service", request.value("serviceName").unwrap_or("uuid"))
    })?;
    if let Some(name) = request.value("newServiceName") {
        set(db, "telecasterservice", "name", &pkid, name)?;
    }
    for (element, column) in TEXTS {
        if let Some(value) = request.value(element) {
            set(db, "telecasterservice", column, &pkid, value)?;
        }
    }
    for (element, column, table) in [
        ("serviceCategory", "tkphoneservicecategory", "typephoneservicecategory"),
        ("serviceType", "tkphoneservice", "typephoneservice"),
    ] {
        if let Some(value) = request.value(element) {
            set(db, "telecasterservice", column, &pkid, word(db, table, value)?)?;
        }
    }
    if let Some(value) = request.value("enabled") {
        set(db, "telecasterservice", "enabled", &pkid, flag(value))?;
    }
    if let Some(parameters) = request.child("removeParameters") {
        parameter::remove_all(db, &pkid, parameters)?;
    }
    if let Some(parameters) = request.child("addParameters") {
        parameter::add_all(db, &pkid, parameters)?;
    }
    if let Some(parameters) = request.child("parameters") {
        parameter::replace_all(desk, &pkid, parameters)?;
    }
    Ok(written(&pkid))
}

/// `removeIpPhoneServices`.
pub fn remove(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "serviceName")?
        .ok_or_else(|| Fault::absent("Telecaster Service"))?;
    desk.db.execute("delete from telecasterservice where pkid = ?1", [&pkid])?;
    Ok(written(&pkid))
}

/// `getIpPhoneServices`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "serviceName")?
        .ok_or_else(|| Fault::absent("Telecaster Service"))?;
    let service = desk
        .db
        .prepare_cached(&format!("{COLUMNS} where t.pkid = ?1"))?
        .query_row([&pkid], thin)?;
    Ok(got(request, service.with(parameter::element(desk.db, &pkid)?)))
}

/// `listIpPhoneServices`: without parameters.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let empty = Node::new("searchCriteria");
    let criteria = request.child("searchCriteria").unwrap_or(&empty);
    let mut statement = desk.db.prepare_cached(&format!(
        "{COLUMNS} where t.name like ?1 and t.description like ?2 order by t.name"
    ))?;
    let services = statement
        .query_map(
            [
                criteria.value("serviceName").unwrap_or("%"),
                criteria.value("serviceDescription").unwrap_or("%"),
            ],
            thin,
        )?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, services))
}

const COLUMNS: &str = "select t.pkid, t.name, t.nameascii, t.description, t.urltemplate, t.secureurltemplate, \
(select name from typephoneservicecategory where enum = t.tkphoneservicecategory), \
(select name from typephoneservice where enum = t.tkphoneservice), t.vendor, t.version, t.enabled, t.enterprisesubscription \
from telecasterservice t";

fn thin(row: &Row<'_>) -> rusqlite::Result<Node> {
    let pkid: String = row.get(0)?;
    let mut node = Node::new("ipPhoneServices").marked("uuid", braced(&pkid));
    for (index, name) in [
        "serviceName",
        "asciiServiceName",
        "serviceDescription",
        "serviceUrl",
        "secureServiceUrl",
        "serviceCategory",
        "serviceType",
        "serviceVendor",
        "serviceVersion",
    ]
    .into_iter()
    .enumerate()
    {
        node.children.push(Node::maybe(name, row.get(index + 1)?));
    }
    for (index, name) in [(10, "enabled"), (11, "enterpriseSubscription")] {
        node.children.push(Node::leaf(name, boolean(&row.get::<_, String>(index)?)));
    }
    Ok(node)
}
