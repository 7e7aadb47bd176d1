//! End users, read-only.

use rusqlite::Row;

use super::answer::{boolean, braced, got, listed};
use super::lookup::{Place, column, keyed};
use super::{Desk, Fault};
use crate::sandbox::soap::Node;

const PLACE: Place = Place { table: "enduser", column: "userid", what: "User" };

/// `getUser`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let db = desk.db;
    let pkid = keyed(db, PLACE, request, "userid")?.ok_or_else(|| Fault::absent("User"))?;
    let mut user =
        db.prepare_cached(&format!("{COLUMNS} where u.pkid = ?1"))?.query_row([&pkid], thin)?;
    let devices = |association: i64| {
        column(
            db,
            "select d.name from enduserdevicemap m, device d where m.fkdevice = d.pkid and m.fkenduser = ?1
               and m.tkuserassociation = ?2 order by d.name",
            rusqlite::params![pkid, association],
        )
    };
    let groups = column(
        db,
        "select g.name from enduserdirgroupmap m, dirgroup g where m.fkdirgroup = g.pkid and m.fkenduser = ?1 order by g.name",
        [&pkid],
    )?;
    let ldap = column(
        db,
        "select l.name from enduser u, directorypluginconfig l where l.pkid = u.fkdirectorypluginconfig and u.pkid = ?1",
        [&pkid],
    )?;
    let extension = column(
        db,
        "select n.dnorpattern from endusernumplanmap m, numplan n where m.fknumplan = n.pkid and m.fkenduser = ?1 and m.tkdnusage = 2",
        [&pkid],
    )?;
    let profiles =
        |names: Vec<String>| names.into_iter().map(|name| Node::leaf("profileName", name));
    let after = |user: &mut Node, before: &str, node: Node| {
        let at = user.children.iter().position(|child| child.name == before);
        user.children.insert(at.unwrap_or(user.children.len()), node);
    };
    let held = devices(1)?.into_iter().map(|name| Node::leaf("device", name));
    after(&mut user, "primaryExtension", Node::new("associatedDevices").with_all(held));
    let groups =
        groups.into_iter().map(|name| Node::new("userGroup").with(Node::leaf("name", name)));
    after(&mut user, "enableCti", Node::new("associatedGroups").with_all(groups));
    after(&mut user, "status", Node::new("phoneProfiles").with_all(profiles(devices(5)?)));
    after(
        &mut user,
        "telephoneNumber",
        Node::new("ctiControlledDeviceProfiles").with_all(profiles(devices(7)?)),
    );
    user.children.push(Node::leaf("ldapDirectoryName", ldap.concat()));
    user.children.push(Node::maybe("ipccExtension", extension.into_iter().next()));
    Ok(got(request, user))
}

/// `listUser`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let empty = Node::new("searchCriteria");
    let criteria = request.child("searchCriteria").unwrap_or(&empty);
    let pattern = |name: &str| criteria.value(name).unwrap_or("%");
    if pattern("customerName") != "%" {
        return Err(Fault::unsimulated("customerName"));
    }
    let mut statement = desk.db.prepare_cached(&format!(
        "{COLUMNS} where u.firstname like ?1 and u.lastname like ?2 and u.userid like ?3 and u.department like ?4 order by u.userid"
    ))?;
    let users = statement
        .query_map(
            [pattern("firstName"), pattern("lastName"), pattern("userid"), pattern("department")],
            |row| Ok(thin(row)?.with(Node::maybe("ldapDirectoryName", row.get(11)?))),
        )?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, users))
}

const COLUMNS: &str = "select u.pkid, u.firstname, u.middlename, u.lastname, u.userid, u.mailid, u.department, \
(select n.dnorpattern from endusernumplanmap m, numplan n where m.fknumplan = n.pkid and m.fkenduser = u.pkid and m.tkdnusage = 1), \
u.allowcticontrolflag, u.status, u.telephonenumber, \
(select name from directorypluginconfig where pkid = u.fkdirectorypluginconfig) from enduser u";

fn thin(row: &Row<'_>) -> rusqlite::Result<Node> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let pkid: String = row.get(0)?;
    let mut node = Node::new("user").marked("uuid", braced(&pkid));
    for (index, name) in ["firstName", "middleName", "lastName", "userid", "mailid", "department"]
        .into_iter()
        .enumerate()
    {
        node.children.push(Node::maybe(name, text(index + 1)?));
    }
    let mut primary = Node::new("primaryExtension");
    if let Some(pattern) = text(7)? {
        primary =
            primary.with(Node::leaf("pattern", pattern)).with(Node::new("routePartitionName"));
    }
    node.children.extend([
        primary,
        Node::leaf("enableCti", boolean(&row.get::<_, String>(8)?)),
        Node::leaf("status", row.get::<_, i64>(9)?.to_string()),
        Node::maybe("telephoneNumber", text(10)?),
    ]);
    Ok(node)
}
