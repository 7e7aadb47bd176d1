//! Service parameters. Removing one, or replacing the list, takes subscribers' values along.

use rusqlite::{Connection, params};

use super::answer::{boolean, braced, flag};
use super::lookup::column;
use super::{Desk, Fault};
use crate::sandbox::soap::Node;

/// Adds all parameters in `list`.
pub fn add_all(db: &Connection, service: &str, list: &Node) -> Result<(), Fault> {
    for entry in list.all("parameter") {
        let text = |name: &str| entry.value(name).unwrap_or_default();
        db.prepare_cached(
            "insert into telecasterserviceparameter (fktelecasterservice, name, displayname, defaultvalue, description, paramrequired, parampassword)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            service,
            text("name"),
            text("displayName"),
            text("default"),
            text("description"),
            flag(entry.value("paramRequired").unwrap_or("true")),
            flag(text("paramPassword")),
        ])?;
    }
    Ok(())
}

/// Removes all parameters named in `list`.
pub fn remove_all(db: &Connection, service: &str, list: &Node) -> Result<(), Fault> {
    for entry in list.all("parameter") {
        let name = entry.value("name").unwrap_or_default();
        let removed = db.execute(
            "delete from telecasterserviceparameter where fktelecasterservice = ?1 and name = ?2",
            [service, name],
        )?;
        if removed == 0 {
            return Err(Fault::not_found("Parameter", name));
        }
    }
    Ok(())
}

/// Replaces the whole list: every row made anew, or (a setting) kept where the name stays.
pub fn replace_all(desk: &Desk<'_>, service: &str, list: &Node) -> Result<(), Fault> {
    if desk.settings.kept_parameters {
        let held = column(
            desk.db,
            "select name from telecasterserviceparameter where fktelecasterservice = ?1",
            [service],
        )?;
        let mut fresh = Node::new("parameters");
        for entry in list.all("parameter") {
            let name = entry.value("name").unwrap_or_default();
            if held.iter().any(|own| own == name) {
                edit(desk.db, service, name, entry)?;
            } else {
                fresh.children.push(entry.clone());
            }
        }
        for name in
            held.iter().filter(|name| !list.all("parameter").any(|e| e.value("name") == Some(name)))
        {
            desk.db.execute(
                "delete from telecasterserviceparameter where fktelecasterservice = ?1 and name = ?2",
                [service, name],
            )?;
        }
        return add_all(desk.db, service, &fresh);
    }
    desk.db.execute(
        "delete from telecasterserviceparameter where fktelecasterservice = ?1",
        [service],
    )?;
    add_all(desk.db, service, list)
}

fn edit(db: &Connection, service: &str, name: &str, entry: &Node) -> Result<(), Fault> {
    let text = |name: &str| entry.value(name).unwrap_or_default();
    db.execute(
        "update telecasterserviceparameter set displayname = ?3, defaultvalue = ?4, description = ?5, paramrequired = ?6, parampassword = ?7
           where fktelecasterservice = ?1 and name = ?2",
        params![
            service,
            name,
            text("displayName"),
            text("default"),
            text("description"),
            flag(entry.value("paramRequired").unwrap_or("true")),
            flag(text("paramPassword"))
        ],
    )?;
    Ok(())
}

/// The `parameters` element of a service.
pub fn element(db: &Connection, service: &str) -> Result<Node, Fault> {
    let mut statement = db.prepare_cached(
        "select pkid, name, displayname, defaultvalue, description, paramrequired, parampassword
           from telecasterserviceparameter where fktelecasterservice = ?1 order by rowid",
    )?;
    let entries = statement
        .query_map([service], |row| {
            let pkid: String = row.get(0)?;
            let mut node = Node::new("parameter").marked("uuid", braced(&pkid));
            for (index, name) in
                ["name", "displayName", "default", "description"].into_iter().enumerate()
            {
                node.children.push(Node::maybe(name, row.get(index + 1)?));
            }
            for (index, name) in [(5, "paramRequired"), (6, "paramPassword")] {
                node.children.push(Node::leaf(name, boolean(&row.get::<_, String>(index)?)));
            }
            Ok(node)
        })?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(Node::new("parameters").with_all(entries))
}
