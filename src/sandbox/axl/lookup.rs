//! Finding rows by name or uuid.

use rusqlite::{Connection, OptionalExtension, params};

use super::Fault;
use super::answer::bare;
use crate::sandbox::soap::Node;

/// Where a kind of object lives.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Column of the name.
    pub column: &'static str,
    /// What a fault calls it.
    pub what: &'static str,
}

/// The pkid of the object that a request names by `key` or `uuid`.
pub fn keyed(
    db: &Connection,
    place: Place,
    request: &Node,
    key: &str,
) -> Result<Option<String>, Fault> {
    match (request.value("uuid"), request.value(key)) {
        (Some(uuid), _) => by_id(db, place, uuid),
        (None, Some(name)) => by_name(db, place, name),
        (None, None) => Ok(None),
    }
}

/// The pkid of the object of that name.
pub fn by_name(db: &Connection, place: Place, name: &str) -> Result<Option<String>, Fault> {
    let sql = format!("select pkid from {} where {} = ?1", place.table, place.column);
    Ok(db.prepare_cached(&sql)?.query_row([name], |row| row.get(0)).optional()?)
}

fn by_id(db: &Connection, place: Place, uuid: &str) -> Result<Option<String>, Fault> {
    let sql = format!("select pkid from {} where pkid = ?1", place.table);
    Ok(db.prepare_cached(&sql)?.query_row([bare(uuid)], |row| row.get(0)).optional()?)
}

/// The pkid that a reference element means: by its uuid where it has one, else by its name; none when empty.
pub fn referred(db: &Connection, place: Place, node: &Node) -> Result<Option<String>, Fault> {
    let found = match node.attribute("uuid") {
        Some(uuid) => by_id(db, place, uuid)?,
        None if node.text.is_empty() => return Ok(None),
        None => by_name(db, place, &node.text)?,
    };
    found.map(Some).ok_or_else(|| Fault::not_found(place.what, &node.text))
}

/// The number of an enumeration's word.
pub fn word(db: &Connection, table: &str, text: &str) -> Result<i64, Fault> {
    let sql = format!("select enum from {table} where name = ?1");
    db.prepare_cached(&sql)?
        .query_row([text], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Fault::server(-1, format!("'{text}' is not a value of {table}")))
}

/// Sets one column of one row.
pub fn set(
    db: &Connection,
    table: &str,
    column: &str,
    pkid: &str,
    value: impl rusqlite::ToSql,
) -> Result<(), Fault> {
    let sql = format!("update {table} set {column} = ?2 where pkid = ?1");
    db.prepare_cached(&sql)?.execute(params![pkid, value])?;
    Ok(())
}

/// The first column of all rows, as text.
pub fn column(
    db: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<String>, Fault> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
