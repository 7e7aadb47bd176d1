//! Columns that tables kept by an earlier version of the sandbox lack.

use rusqlite::Connection;

/// A column that came later: its table, its name, and what it is.
const LATER: [(&str, &str, &str); 17] = [
    ("commonphoneconfig", "tkphoneservicedisplay", "integer not null default 3"),
    ("enduser", "allowcticontrolflag", "text not null default 't'"),
    ("enduser", "tkuserlocale", "integer"),
    ("numplan", "fkroutepartition", "text"),
    ("numplan", "tkpatternusage", "integer not null default 2"),
    ("numplan", "description", "text default ''"),
    ("numplan", "allowcticontrolflag", "text not null default 't'"),
    ("device", "fkcommondeviceconfig", "text"),
    ("device", "tkuserlocale", "integer"),
    ("device", "allowcticontrolflag", "text not null default 't'"),
    ("processconfig", "tkparam", "integer not null default 4"),
    ("sandbox_phone", "applied", "integer not null default 0"),
    ("sandbox_phone", "status", "text"),
    ("sandbox_phone", "httpd", "text"),
    ("sandbox_phone", "cti", "text"),
    ("sandbox_phone", "load", "text"),
    ("sandbox_phone", "node", "text"),
];

/// Adds them where the table is there and the column is not; whether any was added.
///
/// # Errors
/// The database's own.
pub fn columns(connection: &Connection) -> rusqlite::Result<bool> {
    let mut added = false;
    for (table, column, kind) in LATER {
        let there = connection.table_exists(None, table)?;
        if there && !connection.column_exists(None, table, column)? {
            connection.execute_batch(&format!("alter table {table} add column {column} {kind}"))?;
            added = true;
        }
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use super::{LATER, columns};
    use crate::sandbox::state::tables;

    #[test]
    fn a_table_of_an_earlier_version_gets_what_it_lacks() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute_batch("create table numplan (pkid text primary key, dnorpattern text not null)")
            .unwrap();
        assert!(columns(&db).unwrap());
        tables::create(&db).unwrap();
        assert!(!columns(&db).unwrap());
        for (table, column, _) in LATER {
            assert!(db.column_exists(None, table, column).unwrap(), "{table}.{column}");
        }
        let listed = "select count(*) from syscolumns where colname = 'fkroutepartition'";
        assert_eq!(db.query_row(listed, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }
}
