//! User groups and their end users. Application users join a group through their own request.

use super::answer::{braced, got, listed, written};
use super::lookup::{Place, by_name, column, keyed, set};
use super::{Desk, Fault, app_user};
use crate::sandbox::soap::Node;

const PLACE: Place = Place { table: "dirgroup", column: "name", what: "User Group" };
const USER: Place = Place { table: "enduser", column: "userid", what: "User" };

/// `getUserGroup`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid =
        keyed(desk.db, PLACE, request, "name")?.ok_or_else(|| Fault::absent("User Group"))?;
    let name = column(desk.db, "select name from dirgroup where pkid = ?1", [&pkid])?.concat();
    let members = column(
        desk.db,
        "select u.userid from enduserdirgroupmap m, enduser u where m.fkenduser = u.pkid and m.fkdirgroup = ?1
           union select u.name from applicationuserdirgroupmap m, applicationuser u where m.fkapplicationuser = u.pkid and m.fkdirgroup = ?1
           order by 1",
        [&pkid],
    )?;
    let members = members.into_iter().map(|id| Node::new("member").with(Node::leaf("userId", id)));
    let group = Node::new("userGroup")
        .marked("uuid", braced(&pkid))
        .with(Node::new("members").with_all(members))
        .with(Node::new("userRoles"))
        .with(Node::leaf("name", name));
    Ok(got(request, group))
}

/// `listUserGroup`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pattern = request.child("searchCriteria").and_then(|criteria| criteria.value("name"));
    let mut statement = desk
        .db
        .prepare_cached("select pkid, name from dirgroup where name like ?1 order by name")?;
    let groups = statement
        .query_map([pattern.unwrap_or("%")], |row| {
            let pkid: String = row.get(0)?;
            Ok(Node::new("userGroup")
                .marked("uuid", braced(&pkid))
                .with(Node::leaf("name", row.get::<_, String>(1)?)))
        })?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, groups))
}

/// `updateUserGroup`.
pub fn update(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "name")?
        .ok_or_else(|| Fault::not_found("User Group", request.value("name").unwrap_or("uuid")))?;
    for field in &request.children {
        match field.name.as_str() {
            "name" | "uuid" => {}
            "newName" => set(desk.db, "dirgroup", "name", &pkid, &field.text)?,
            "addMembers" => members(desk, &pkid, field, true)?,
            "removeMembers" => members(desk, &pkid, field, false)?,
            "members" => {
                desk.db.execute("delete from enduserdirgroupmap where fkdirgroup = ?1", [&pkid])?;
                members(desk, &pkid, field, true)?;
            }
            other => return Err(Fault::unsimulated(other)),
        }
    }
    Ok(written(&pkid))
}

/// Adds members that are missing, or removes members.
fn members(desk: &Desk<'_>, group: &str, list: &Node, add: bool) -> Result<(), Fault> {
    for member in list.all("member") {
        let id = member.value("userId").unwrap_or_default();
        let (map, key, user) = match by_name(desk.db, USER, id)? {
            Some(user) => ("enduserdirgroupmap", "fkenduser", user),
            None if desk.settings.groups_take_application_users => (
                "applicationuserdirgroupmap",
                "fkapplicationuser",
                by_name(desk.db, app_user::PLACE, id)?
                    .ok_or_else(|| Fault::not_found("User", id))?,
            ),
            None => return Err(Fault::not_found("User", id)),
        };
        let sql = if add {
            format!(
                "insert into {map} ({key}, fkdirgroup) select ?1, ?2 where not exists (select 1 from {map} where {key} = ?1 and fkdirgroup = ?2)"
            )
        } else {
            format!("delete from {map} where {key} = ?1 and fkdirgroup = ?2")
        };
        desk.db.prepare_cached(&sql)?.execute([user.as_str(), group])?;
    }
    Ok(())
}
