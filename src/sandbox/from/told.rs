//! Answers that are given again as they were captured, for as long as nobody has changed what they are about: verdicts of
//! the authentication page, a `RisPort` that refused, objects of Finesse nodes.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::coverage;
use super::folder::{Exchange, Folder};
use crate::sandbox::ris::exchange::fault;

const VERDICT: &str = "authenticate";
const RIS: &str = "ris";
const FINESSE: &str = "finesse";

/// A captured answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Status.
    pub status: u16,
    /// Media type.
    pub media: String,
    /// Body.
    pub body: String,
}

/// Keeps what will be told again.
pub(super) fn keep(db: &Connection, folder: &Folder) -> rusqlite::Result<()> {
    let mut insert = db.prepare(
        "insert or replace into sandbox_told (subject, name, status, media, body) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut put = |subject: &str, name: &str, exchange: &Exchange| {
        let (status, media) = (exchange.status.unwrap_or(0), &exchange.content_type);
        insert.execute(params![subject, name, status, media, exchange.said]).map(drop)
    };
    let (mut ris, mut failed) = (false, None);
    let mut tried = BTreeSet::new();
    for exchange in &folder.exchanges {
        match exchange.interface.as_str() {
            "authenticate" => {
                let field = |name: &str| {
                    let value = exchange.asked.split('&').find_map(|pair| pair.strip_prefix(name));
                    crate::sandbox::authenticate::decoded(value.unwrap_or_default())
                };
                let (user, device) = (field("UserID="), field("devicename="));
                // The first one is about the password, a later one about its device.
                if tried.insert(user.clone()) {
                    put(VERDICT, &user, exchange)?;
                }
                put(VERDICT, &of_device(&user, &device), exchange)?;
            }
            "ris" if exchange.status == Some(200) => ris = true,
            "ris" => failed = Some(exchange),
            "finesse" | "finesse-settings" => {
                put(FINESSE, &format!("{}{}", exchange.endpoint, exchange.path), exchange)?;
            }
            _ => {}
        }
    }
    match failed {
        Some(exchange) if !ris => put(RIS, "", exchange),
        Some(_) | None => Ok(()),
    }?;
    if !ris && failed.is_none() {
        // A status that asks for patience would be waited for.
        let nothing =
            fault("The capture that this sandbox was loaded from tells nothing of RisPort");
        let sql = "insert into sandbox_told (subject, name, status, media, body) values (?1, '', 500, '', ?2)";
        db.execute(sql, [RIS, &nothing])?;
    }
    Ok(())
}

/// The name of what is told of a user and one device.
fn of_device(user: &str, device: &str) -> String {
    format!("{user}\u{1f}{device}")
}

fn find(db: &Connection, subject: &str, name: &str) -> rusqlite::Result<Option<Told>> {
    db.prepare_cached(
        "select status, media, body from sandbox_told where subject = ?1 and name = ?2",
    )?
    .query_row([subject, name], |row| {
        Ok(Told { status: row.get(0)?, media: row.get(1)?, body: row.get(2)? })
    })
    .optional()
}

/// What the page says of this user and device: as captured, for another device as for the first one, and of a user of a loaded cluster whose password was never tried,
/// that it cannot tell. `None`: the page judges.
///
/// # Errors
/// The database's own.
pub fn verdict(
    db: &Connection,
    user: &str,
    device: &str,
) -> rusqlite::Result<Option<(u16, &'static str)>> {
    let word = |text: &str| match text {
        "AUTHORIZED" => "AUTHORIZED",
        "UN-AUTHORIZED" => "UN-AUTHORIZED",
        _ => "ERROR",
    };
    let own = find(db, VERDICT, &of_device(user, device))?;
    if let Some(told) = own.map_or_else(|| find(db, VERDICT, user), |own| Ok(Some(own)))? {
        let status = if told.status == 0 { 504 } else { told.status };
        return Ok(Some((status, word(&told.body))));
    }
    let sql = "select exists (select 1 from applicationuser u where u.name = ?1 and not exists
                 (select 1 from sandbox_password p where p.fkapplicationuser = u.pkid))";
    let untried = db.prepare_cached(sql)?.query_row([user], |row| row.get::<_, bool>(0))?;
    Ok((untried && coverage::is_loaded(db)).then_some((200, "ERROR")))
}

/// From now on the page judges this user.
///
/// # Errors
/// The database's own.
pub fn password_written(db: &Connection, user: &str) -> rusqlite::Result<()> {
    db.execute(
        "delete from sandbox_told where subject = ?1 and exists (select 1 from applicationuser u where u.pkid = ?2
           and (u.name = sandbox_told.name or u.name || char(31) = substr(sandbox_told.name, 1, length(u.name) + 1)))",
        [VERDICT, user],
    )
    .map(drop)
}

/// How `RisPort` refuses; `None`: it answers.
///
/// # Errors
/// The database's own.
pub fn ris(db: &Connection) -> rusqlite::Result<Option<Told>> {
    let told = find(db, RIS, "")?;
    Ok(told.map(|told| Told { status: if told.status == 0 { 504 } else { told.status }, ..told }))
}

/// What the nodes' objects were, by node (`host:port`) and path.
///
/// # Errors
/// The database's own.
pub fn finesse(db: &Connection, node: &str) -> rusqlite::Result<Vec<(String, Told)>> {
    let mut all = db.prepare_cached(
        "select substr(name, length(?2) + 1), status, media, body from sandbox_told
           where subject = ?1 and substr(name, 1, length(?2)) = ?2",
    )?;
    let found = all.query_map([FINESSE, node], |row| {
        let told = Told { status: row.get(1)?, media: row.get(2)?, body: row.get(3)? };
        Ok((row.get(0)?, told))
    })?;
    found
        .filter(|found| {
            found.as_ref().is_ok_and(|(path, _): &(String, Told)| path.starts_with('/'))
                || found.is_err()
        })
        .collect()
}

/// Forgets what a node's objects were, but for these paths.
///
/// # Errors
/// The database's own.
pub fn forget<'a>(
    db: &Connection,
    node: &str,
    still: impl Iterator<Item = &'a String>,
) -> rusqlite::Result<()> {
    let still: Vec<&String> = still.collect();
    for (path, _) in finesse(db, node)? {
        if !still.contains(&&path) {
            let sql = "delete from sandbox_told where subject = ?1 and name = ?2";
            db.execute(sql, params![FINESSE, format!("{node}{path}")])?;
        }
    }
    Ok(())
}
