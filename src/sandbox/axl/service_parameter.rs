//! Service and enterprise parameters.

use rusqlite::{OptionalExtension, Row};

use super::answer::{bare, braced, got, listed, written};
use super::lookup::set;
use super::{Desk, Fault};
use crate::sandbox::soap::Node;

/// `listServiceParameter`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let empty = Node::new("searchCriteria");
    let criteria = request.child("searchCriteria").unwrap_or(&empty);
    let pattern = |name: &str| criteria.value(name).unwrap_or("%");
    let mut statement = desk.db.prepare_cached(&format!(
        "{COLUMNS} and n.name like ?1 and s.name like ?2 order by n.name, s.name, c.paramname"
    ))?;
    let parameters = statement
        .query_map([pattern("processNodeName"), pattern("service")], whole)?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, parameters))
}

const COLUMNS: &str = "select c.pkid, n.name, c.paramname, s.name, c.paramvalue, p.name, n.pkid \
from processconfig c, processnode n, typeservice s, typeparam p \
where c.fkprocessnode = n.pkid and c.tkservice = s.enum and c.tkparam = p.enum";

fn whole(row: &Row<'_>) -> rusqlite::Result<Node> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let pkid: String = row.get(0)?;
    let node: String = row.get(6)?;
    let place = Node::leaf("processNodeName", row.get::<_, String>(1)?);
    Ok(Node::new("serviceParameter")
        .marked("uuid", braced(&pkid))
        .with(place.marked("uuid", braced(&node)))
        .with(Node::maybe("name", text(2)?))
        .with(Node::maybe("service", text(3)?))
        .with(Node::maybe("value", text(4)?))
        .with(Node::maybe("valueType", text(5)?)))
}

/// `getServiceParameter`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = found(desk, request)?.ok_or_else(|| Fault::absent("Service Parameter"))?;
    let sql = format!("{COLUMNS} and c.pkid = ?1");
    Ok(got(request, desk.db.query_row(&sql, [pkid], whole)?))
}

/// The parameter that a request names by uuid, or by node, name and service.
fn found(desk: &Desk<'_>, request: &Node) -> Result<Option<String>, Fault> {
    let text = |name: &str| request.value(name).unwrap_or_default();
    let found = match request.value("uuid") {
        Some(uuid) => desk
            .db
            .query_row("select pkid from processconfig where pkid = ?1", [bare(uuid)], |row| row.get(0))
            .optional()?,
        None => desk
            .db
            .query_row(
                "select c.pkid from processconfig c, processnode n, typeservice s where c.fkprocessnode = n.pkid and c.tkservice = s.enum
                   and n.name = ?1 and c.paramname = ?2 and s.name = ?3",
                [text("processNodeName"), text("name"), text("service")],
                |row| row.get(0),
            )
            .optional()?,
    };
    Ok(found)
}

/// `updateServiceParameter`.
pub fn update(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let name = request.value("name").unwrap_or("uuid");
    let pkid = found(desk, request)?.ok_or_else(|| Fault::not_found("Service Parameter", name))?;
    if let Some(value) = request.value("value") {
        set(desk.db, "processconfig", "paramvalue", &pkid, value)?;
    }
    Ok(written(&pkid))
}
