//! Numbers and where they stand: lines of devices, `getLine`, `listLine`, `getLineGroup`, `listLineGroup`. Read-only.

use rusqlite::{Connection, OptionalExtension, Row};

use super::answer::{boolean, braced, got, listed, reference};
use super::lookup::{Place, column, keyed};
use super::{Desk, Fault};
use crate::sandbox::soap::Node;

const GROUP: Place = Place { table: "linegroup", column: "name", what: "Line Group" };

/// A number with its partition, as other objects hold it.
fn number(element: &str, row: &Row<'_>, from: usize) -> rusqlite::Result<Node> {
    let pkid: String = row.get(from)?;
    let to = row.get::<_, Option<String>>(from + 2)?.zip(row.get(from + 3)?);
    Ok(Node::new(element)
        .marked("uuid", braced(&pkid))
        .with(Node::leaf("pattern", row.get::<_, String>(from + 1)?))
        .with(reference("routePartitionName", to)))
}

/// The lines of a phone or profile, in the order of their places.
pub fn of_device(db: &Connection, device: &str) -> Result<Node, Fault> {
    let mut all = db.prepare_cached(
        "select n.pkid, n.dnorpattern, n.fkroutepartition, (select name from routepartition where pkid = n.fkroutepartition),
           m.pkid, m.numplanindex, m.label, m.display, m.displayascii, m.e164mask, m.maxnumcalls, m.busytrigger
           from devicenumplanmap m join numplan n on n.pkid = m.fknumplan where m.fkdevice = ?1 order by m.numplanindex",
    )?;
    let lines = all.query_map([device], |row| {
        let text = |at: usize| row.get::<_, Option<String>>(at);
        let whole = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, i64>(at)?.to_string());
        Ok(Node::new("line")
            .marked("uuid", braced(&row.get::<_, String>(4)?))
            .with(Node::leaf("index", whole(5)?))
            .with(Node::maybe("label", text(6)?))
            .with(Node::maybe("display", text(7)?))
            .with(number("dirn", row, 0)?)
            .with(Node::maybe("displayAscii", text(8)?))
            .with(Node::maybe("e164Mask", text(9)?))
            .with(Node::leaf("maxNumCalls", whole(10)?))
            .with(Node::leaf("busyTrigger", whole(11)?)))
    })?;
    Ok(Node::new("lines").with_all(lines.collect::<rusqlite::Result<Vec<Node>>>()?))
}

const COLUMNS: &str = "select n.pkid, n.dnorpattern, n.fkroutepartition, (select name from routepartition where pkid = n.fkroutepartition), \
n.description, (select name from typepatternusage where enum = n.tkpatternusage), n.allowcticontrolflag from numplan n";

fn thin(row: &Row<'_>) -> rusqlite::Result<Node> {
    let number = number("line", row, 0)?;
    let mut node = Node { children: Vec::new(), ..number.clone() };
    let [pattern, partition] =
        ["pattern", "routePartitionName"].map(|name| number.child(name).cloned());
    node.children.extend(pattern);
    node.children.push(Node::maybe("description", row.get(4)?));
    node.children.push(Node::maybe("usage", row.get(5)?));
    node.children.extend(partition);
    node.children.push(Node::leaf("allowCtiControlFlag", boolean(&row.get::<_, String>(6)?)));
    Ok(node)
}

/// `getLine`: by uuid, or by number and partition.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let absent = || Fault::absent("Line");
    let pkid = if let Some(uuid) = request.value("uuid") {
        super::answer::bare(uuid)
    } else {
        let partition = request.child("routePartitionName");
        let sql =
            "select n.pkid from numplan n left join routepartition p on p.pkid = n.fkroutepartition
                     where n.dnorpattern = ?1 and n.tkpatternusage = 2 and ifnull(p.name, '') = ?2";
        let name = partition.map_or("", |own| own.text.as_str());
        let pattern = request.value("pattern").unwrap_or_default();
        let found = desk.db.prepare_cached(sql)?.query_row([pattern, name], |row| row.get(0));
        found.optional()?.ok_or_else(absent)?
    };
    let found = desk
        .db
        .prepare_cached(&format!("{COLUMNS} where n.pkid = ?1"))?
        .query_row([&pkid], thin)
        .optional()?;
    let devices = column(
        desk.db,
        "select d.name from devicenumplanmap m join device d on d.pkid = m.fkdevice where m.fknumplan = ?1 order by d.name",
        [&pkid],
    )?;
    let devices = devices.into_iter().map(|name| Node::leaf("device", name));
    let line = found.ok_or_else(absent)?;
    Ok(got(request, line.with(Node::new("associatedDevices").with_all(devices))))
}

/// `listLine`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let empty = Node::new("searchCriteria");
    let criteria = request.child("searchCriteria").unwrap_or(&empty);
    let pattern = |name: &str| criteria.value(name).unwrap_or("%");
    let mut all = desk.db.prepare_cached(&format!(
        "{COLUMNS} where n.dnorpattern like ?1 and ifnull(n.description, '') like ?2
           and (?3 = '%' or (select name from typepatternusage where enum = n.tkpatternusage) like ?3)
           and (?4 = '%' or ifnull((select name from routepartition where pkid = n.fkroutepartition), '') like ?4) order by n.dnorpattern, n.pkid"
    ))?;
    let wanted = [
        pattern("pattern"),
        pattern("description"),
        pattern("usage"),
        pattern("routePartitionName"),
    ];
    let lines = all.query_map(wanted, thin)?.collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, lines))
}

const GROUPS: &str = "select g.pkid, (select name from typedistributealgorithm where enum = g.tkdistributealgorithm), g.name from linegroup g";

fn group(row: &Row<'_>) -> rusqlite::Result<Node> {
    let next = "Try next member; then, try next group in Hunt List";
    Ok(Node::new("lineGroup")
        .marked("uuid", braced(&row.get::<_, String>(0)?))
        .with(Node::maybe("distributionAlgorithm", row.get(1)?))
        .with(Node::leaf("rnaReversionTimeOut", "10"))
        .with(Node::leaf("huntAlgorithmNoAnswer", next))
        .with(Node::leaf("huntAlgorithmBusy", next))
        .with(Node::leaf("huntAlgorithmNotAvailable", next))
        .with(Node::leaf("name", row.get::<_, String>(2)?))
        .with(Node::leaf("autoLogOffHunt", "false")))
}

/// `getLineGroup`.
pub fn get_group(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid =
        keyed(desk.db, GROUP, request, "name")?.ok_or_else(|| Fault::absent("Line Group"))?;
    let mut found = desk
        .db
        .prepare_cached(&format!("{GROUPS} where g.pkid = ?1"))?
        .query_row([&pkid], group)?;
    let mut all = desk.db.prepare_cached(
        "select n.pkid, n.dnorpattern, n.fkroutepartition, (select name from routepartition where pkid = n.fkroutepartition),
           m.pkid, m.lineselectionorder from linegroupnumplanmap m join numplan n on n.pkid = m.fknumplan
           where m.fklinegroup = ?1 order by m.lineselectionorder, n.dnorpattern",
    )?;
    let members = all.query_map([&pkid], |row| {
        Ok(Node::new("member")
            .marked("uuid", braced(&row.get::<_, String>(4)?))
            .with(Node::leaf("lineSelectionOrder", row.get::<_, i64>(5)?.to_string()))
            .with(number("directoryNumber", row, 0)?))
    })?;
    let members = Node::new("members").with_all(members.collect::<rusqlite::Result<Vec<Node>>>()?);
    let at = found.children.iter().position(|child| child.name == "name");
    found.children.insert(at.unwrap_or(0), members);
    Ok(got(request, found))
}

/// `listLineGroup`: without members.
pub fn list_groups(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pattern = request.child("searchCriteria").and_then(|criteria| criteria.value("name"));
    let mut all =
        desk.db.prepare_cached(&format!("{GROUPS} where g.name like ?1 order by g.name"))?;
    let groups =
        all.query_map([pattern.unwrap_or("%")], group)?.collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, groups))
}
