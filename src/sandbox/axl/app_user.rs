//! Application users: controlled devices, groups and controlled profiles are replaced by what an update sends.

use rusqlite::{Row, params};

use super::answer::{boolean, flag, got, listed, written};
use super::lookup::{Place, by_name, column, keyed, set};
use super::{Desk, Fault};
use crate::sandbox::from::told;
use crate::sandbox::sha256_hex;
use crate::sandbox::soap::Node;
use crate::sandbox::state::new_pkid;

/// Where application users live.
pub const PLACE: Place = Place { table: "applicationuser", column: "name", what: "AppUser" };
const GROUP: Place = Place { table: "dirgroup", column: "name", what: "User Group" };
/// `tkuserassociation` of a controlled device.
pub const CONTROLLED_DEVICE: i64 = 1;

const FLAGS: [(&str, &str); 4] = [
    ("acceptPresenceSubscription", "acceptpresencesubscription"),
    ("acceptOutOfDialogRefer", "acceptoutofdialogrefer"),
    ("acceptUnsolicitedNotification", "acceptunsolicitednotification"),
    ("allowReplaceHeader", "allowreplaceheader"),
];

/// `addAppUser`.
pub fn add(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let user = request.child("appUser").ok_or_else(|| Fault::schema("appUser is missing"))?;
    let pkid = new_pkid();
    desk.db.execute(
        "insert into applicationuser (pkid, name) values (?1, ?2)",
        params![pkid, user.value("userid").unwrap_or_default()],
    )?;
    fields(desk, &pkid, user)?;
    Ok(written(&pkid))
}

/// `updateAppUser`.
pub fn update(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "userid")?
        .ok_or_else(|| Fault::not_found("AppUser", request.value("userid").unwrap_or("uuid")))?;
    if let Some(name) = request.value("newUserid") {
        set(desk.db, "applicationuser", "name", &pkid, name)?;
    }
    fields(desk, &pkid, request)?;
    Ok(written(&pkid))
}

/// `removeAppUser`.
pub fn remove(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "userid")?.ok_or_else(|| Fault::absent("AppUser"))?;
    let removed = desk
        .db
        .execute("delete from applicationuser where pkid = ?1 and isstandard = 'f'", [&pkid])?;
    if removed == 0 {
        return Err(Fault::rule("A standard application user cannot be deleted"));
    }
    Ok(written(&pkid))
}

fn fields(desk: &Desk<'_>, pkid: &str, user: &Node) -> Result<(), Fault> {
    for field in ["passwordCredentials", "digestCredentials"] {
        if user.child(field).is_some() {
            return Err(Fault::unsimulated(field));
        }
    }
    if let Some(password) = user.value("password") {
        if !(1..=127).contains(&password.chars().count()) {
            return Err(Fault::rule("Password must have 1 to 127 characters"));
        }
        desk.db.execute(
            "insert into sandbox_password (fkapplicationuser, sha256) values (?1, ?2)
               on conflict (fkapplicationuser) do update set sha256 = excluded.sha256",
            params![pkid, sha256_hex(password.as_bytes())],
        )?;
        told::password_written(desk.db, pkid)?;
    }
    if let Some(group) = user.value("presenceGroupName")
        && !["", "Standard Presence Group"].contains(&group)
    {
        return Err(Fault::not_found("Presence Group", group));
    }
    for (element, column) in FLAGS {
        if let Some(value) = user.value(element) {
            set(desk.db, "applicationuser", column, pkid, flag(value))?;
        }
    }
    if let Some(devices) = user.child("associatedDevices") {
        replace_devices(desk, pkid, devices.all("device"), CONTROLLED_DEVICE, 1)?;
    }
    if let Some(groups) = user.child("associatedGroups") {
        replace_groups(desk, pkid, groups)?;
    }
    if let Some(profiles) = user.child("ctiControlledDeviceProfiles") {
        replace_devices(
            desk,
            pkid,
            profiles.all("deviceProfile"),
            desk.settings.profile_association,
            254,
        )?;
    }
    Ok(())
}

fn replace_devices<'a>(
    desk: &Desk<'_>,
    pkid: &str,
    names: impl Iterator<Item = &'a Node>,
    association: i64,
    class: i64,
) -> Result<(), Fault> {
    desk.db
        .prepare_cached("delete from applicationuserdevicemap where fkapplicationuser = ?1 and tkuserassociation = ?2")?
        .execute(params![pkid, association])?;
    let mut insert = desk.db.prepare_cached(
        "insert into applicationuserdevicemap (fkapplicationuser, fkdevice, tkuserassociation)
           select ?1, pkid, ?3 from device where name = ?2 and tkclass = ?4",
    )?;
    for (index, name) in names.enumerate() {
        if desk.settings.device_limit.is_some_and(|most| index >= most) {
            return Err(Fault::rule("Maximum number of associated devices exceeded"));
        }
        if insert.execute(params![pkid, name.text, association, class])? == 0 {
            return Err(Fault::not_found("Device", &name.text));
        }
    }
    Ok(())
}

fn replace_groups(desk: &Desk<'_>, pkid: &str, groups: &Node) -> Result<(), Fault> {
    let mut wanted = Vec::new();
    for group in groups.all("userGroup") {
        let name = group.value("name").unwrap_or_default();
        wanted.push(
            by_name(desk.db, GROUP, name)?.ok_or_else(|| Fault::not_found("User Group", name))?,
        );
    }
    let held = column(
        desk.db,
        "select fkdirgroup from applicationuserdirgroupmap where fkapplicationuser = ?1",
        [pkid],
    )?;
    for group in held.iter().filter(|group| !wanted.contains(group)) {
        desk.db.execute(
            "delete from applicationuserdirgroupmap where fkapplicationuser = ?1 and fkdirgroup = ?2",
            [pkid, group],
        )?;
    }
    for group in wanted.iter().filter(|group| !held.contains(group)) {
        desk.db.execute(
            "insert into applicationuserdirgroupmap (fkapplicationuser, fkdirgroup) values (?1, ?2)",
            [pkid, group],
        )?;
    }
    Ok(())
}

/// `getAppUser`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "userid")?.ok_or_else(|| Fault::absent("AppUser"))?;
    let mut user =
        desk.db.prepare_cached(&format!("{COLUMNS} where pkid = ?1"))?.query_row([&pkid], thin)?;
    let devices = |association: i64| {
        column(
            desk.db,
            "select d.name from applicationuserdevicemap m, device d
               where m.fkdevice = d.pkid and m.fkapplicationuser = ?1 and m.tkuserassociation = ?2 order by d.name",
            params![pkid, association],
        )
    };
    let groups = column(
        desk.db,
        "select g.name from applicationuserdirgroupmap m, dirgroup g
           where m.fkdirgroup = g.pkid and m.fkapplicationuser = ?1 order by g.name",
        [&pkid],
    )?;
    let names = |list: Vec<String>, child: &'static str| {
        list.into_iter().map(move |name| Node::leaf(child, name))
    };
    user.children.push(
        Node::new("associatedDevices").with_all(names(devices(CONTROLLED_DEVICE)?, "device")),
    );
    user.children.push(Node::new("associatedGroups").with_all(
        groups.into_iter().map(|name| Node::new("userGroup").with(Node::leaf("name", name))),
    ));
    user.children.push(Node::new("associatedCapfProfiles"));
    user.children.push(
        Node::new("ctiControlledDeviceProfiles")
            .with_all(names(devices(desk.settings.profile_association)?, "deviceProfile")),
    );
    Ok(got(request, user))
}

/// `listAppUser`: without devices, groups and profiles.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pattern = request.child("searchCriteria").and_then(|criteria| criteria.value("userid"));
    let mut statement =
        desk.db.prepare_cached(&format!("{COLUMNS} where name like ?1 order by name"))?;
    let users = statement
        .query_map([pattern.unwrap_or("%")], thin)?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, users))
}

const COLUMNS: &str = "select pkid, name, presencegroup, acceptpresencesubscription, acceptoutofdialogrefer, \
acceptunsolicitednotification, allowreplaceheader, isstandard from applicationuser";

fn thin(row: &Row<'_>) -> rusqlite::Result<Node> {
    let flag = |index: usize| row.get::<_, String>(index).map(|flag| boolean(&flag));
    let pkid: String = row.get(0)?;
    Ok(Node::new("appUser")
        .marked("uuid", super::answer::braced(&pkid))
        .with(Node::leaf("userid", row.get::<_, String>(1)?))
        .with(Node::leaf("presenceGroupName", row.get::<_, String>(2)?))
        .with(Node::leaf("acceptPresenceSubscription", flag(3)?))
        .with(Node::leaf("acceptOutOfDialogRefer", flag(4)?))
        .with(Node::leaf("acceptUnsolicitedNotification", flag(5)?))
        .with(Node::leaf("allowReplaceHeader", flag(6)?))
        .with(Node::leaf("isStandard", flag(7)?)))
}
