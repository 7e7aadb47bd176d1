//! The menu of services that a phone shows: what it is subscribed to, as of when it last looked.
//!
//! What makes it look is a question that no source answers (facts/axl.md section 21, question 10), so it is a setting.
//! While phones look each time, nothing is kept here.

use rusqlite::Connection;

use super::axl::Fault;

/// What a phone's menu would hold now.
const ENTRIES: &str = "ifnull((select group_concat(s.servicename || ' ' || ifnull(s.serviceurl, '') || ' ' || ifnull(s.secureserviceurl, ''), char(10))
   from (select * from telecastersubscribedservice where fkdevice = d.pkid order by servicename, urlbuttonindex) s), '')";

/// Every phone looks.
///
/// # Errors
/// The database's fault.
pub fn read_all(db: &Connection) -> Result<(), Fault> {
    db.execute(
        &format!(
            "insert or replace into sandbox_menu (fkdevice, entries) select d.pkid, {ENTRIES} from device d where d.tkclass = 1"
        ),
        [],
    )?;
    Ok(())
}

/// One phone looks.
///
/// # Errors
/// The database's fault.
pub fn read(db: &Connection, device: &str) -> Result<(), Fault> {
    db.prepare_cached(&format!(
        "insert or replace into sandbox_menu (fkdevice, entries) select d.pkid, {ENTRIES} from device d where d.pkid = ?1"
    ))?
    .execute([device])?;
    Ok(())
}

/// Phones that show another menu than they are subscribed to.
///
/// # Errors
/// The database's own.
pub fn stale(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = format!(
        "select d.name from device d, sandbox_menu m where m.fkdevice = d.pkid and m.entries <> {ENTRIES} order by d.name"
    );
    db.prepare(&sql)?.query_map([], |row| row.get(0))?.collect()
}
