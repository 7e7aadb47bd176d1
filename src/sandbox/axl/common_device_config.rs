//! Common device configurations, read-only: what matters is the IP addressing mode.

use rusqlite::Row;

use super::answer::{braced, got, listed};
use super::lookup::{Place, keyed};
use super::{Desk, Fault};
use crate::sandbox::soap::Node;

const WHAT: &str = "Common Device Configuration";
const PLACE: Place = Place { table: "commondeviceconfig", column: "name", what: WHAT };
const COLUMNS: &str = "select c.pkid, c.name, (select name from typeuserlocale where enum = c.tkuserlocale), \
(select name from typeipaddressingmode where enum = c.tkipaddressingmode) from commondeviceconfig c";

fn read(row: &Row<'_>) -> rusqlite::Result<Node> {
    Ok(Node::new("commonDeviceConfig")
        .marked("uuid", braced(&row.get::<_, String>(0)?))
        .with(Node::leaf("name", row.get::<_, String>(1)?))
        .with(Node::maybe("userLocale", row.get(2)?))
        .with(Node::maybe("ipAddressingMode", row.get(3)?)))
}

/// `getCommonDeviceConfig`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "name")?.ok_or_else(|| Fault::absent(WHAT))?;
    let sql = format!("{COLUMNS} where c.pkid = ?1");
    Ok(got(request, desk.db.prepare_cached(&sql)?.query_row([&pkid], read)?))
}

/// `listCommonDeviceConfig`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pattern = request.child("searchCriteria").and_then(|criteria| criteria.value("name"));
    let sql = format!("{COLUMNS} where c.name like ?1 order by c.name");
    let mut all = desk.db.prepare_cached(&sql)?;
    let found =
        all.query_map([pattern.unwrap_or("%")], read)?.collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, found))
}
