//! What the database's planner is told of the tables: the sizes of a large cluster, always the same ones.
//!
//! Without them it takes a phone service to have ten subscriptions, and sorts all hundred thousand for each page. With
//! them a page is read in the order of its key, and a statement over some devices begins with these devices. Fixed
//! figures make the same plans in every cluster and cost nothing when rows come and go.

use rusqlite::Connection;

/// Table, index, and the figures of `sqlite_stat1`: rows, then rows that have the same first column, first two columns
/// and so on.
const SIZES: [(&str, &str, &str); 32] = [
    ("device", "sqlite_autoindex_device_1", "50000 1"),
    ("device", "sqlite_autoindex_device_2", "50000 1"),
    ("devicexml4k", "sqlite_autoindex_devicexml4k_1", "50000 1"),
    ("devicexml4k", "sqlite_autoindex_devicexml4k_2", "50000 1"),
    ("devicexml8k", "sqlite_autoindex_devicexml8k_1", "5000 1"),
    ("devicexml8k", "sqlite_autoindex_devicexml8k_2", "5000 1"),
    ("devicexml16k", "sqlite_autoindex_devicexml16k_1", "1000 1"),
    ("devicexml16k", "sqlite_autoindex_devicexml16k_2", "1000 1"),
    ("telecasterservice", "sqlite_autoindex_telecasterservice_1", "20 1"),
    ("telecasterservice", "sqlite_autoindex_telecasterservice_2", "20 1"),
    ("telecasterserviceparameter", "sqlite_autoindex_telecasterserviceparameter_1", "60 1"),
    ("telecasterserviceparameter", "sqlite_autoindex_telecasterserviceparameter_2", "60 3 1"),
    ("telecastersubscribedservice", "sqlite_autoindex_telecastersubscribedservice_1", "100000 1"),
    ("telecastersubscribedservice", "subscribed_by_device", "100000 2"),
    ("telecastersubscribedservice", "subscribed_in_order", "100000 100000 1"),
    ("telecastersubscribedservice", "subscribed_by_key", "100000 1 1 1"),
    // Its rows lie in the order of their key, which has no index of its own.
    ("telecastersubscribedparameter", "telecastersubscribedparameter", "200000 1"),
    (
        "telecastersubscribedparameter",
        "sqlite_autoindex_telecastersubscribedparameter_2",
        "200000 2 1",
    ),
    ("telecastersubscribedparameter", "subscribed_parameter_by_parameter", "200000 20000"),
    ("applicationuser", "sqlite_autoindex_applicationuser_1", "20 1"),
    ("applicationuser", "sqlite_autoindex_applicationuser_2", "20 1"),
    ("applicationuserdevicemap", "sqlite_autoindex_applicationuserdevicemap_1", "50000 1"),
    ("applicationuserdevicemap", "sqlite_autoindex_applicationuserdevicemap_2", "50000 10000 1 1"),
    ("applicationuserdevicemap", "map_in_order", "50000 50000 50000 1"),
    ("applicationuserdevicemap", "map_by_device", "50000 1"),
    ("enduser", "sqlite_autoindex_enduser_1", "50000 1"),
    ("enduser", "sqlite_autoindex_enduser_2", "50000 1"),
    ("numplan", "sqlite_autoindex_numplan_1", "50000 1"),
    ("numplan", "number_by_pattern", "50000 1"),
    ("devicenumplanmap", "sqlite_autoindex_devicenumplanmap_1", "50000 1"),
    ("devicenumplanmap", "sqlite_autoindex_devicenumplanmap_2", "50000 1 1"),
    ("devicenumplanmap", "line_by_number", "50000 1"),
];

/// Tells the planner.
///
/// # Errors
/// The database's own.
pub(super) fn tell(db: &Connection) -> rusqlite::Result<()> {
    // Only ANALYZE may make its table; of one table it does so without a look at the others.
    db.execute_batch("analyze sandbox_keeping; delete from sqlite_stat1")?;
    let mut insert = db.prepare("insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)")?;
    for row in SIZES {
        insert.execute(row)?;
    }
    // The figures are taken over when it is asked for next, and this asks for nothing else.
    db.execute_batch("analyze sqlite_schema")
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{SIZES, tell};
    use crate::sandbox::sql::translate;
    use crate::sandbox::state::tables;

    fn database() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        tables::create(&db).unwrap();
        tell(&db).unwrap();
        db
    }

    fn plan(db: &Connection, statement: &str) -> Vec<String> {
        let mut explained = db.prepare(&format!("explain query plan {statement}")).unwrap();
        let steps = explained.query_map([], |row| row.get(3)).unwrap();
        steps.collect::<rusqlite::Result<_>>().unwrap()
    }

    const KEY: &str = "0a1b2c3d-0000-4000-a000-00000000000f";
    const SUBSCRIPTIONS: &str = "telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice
        inner join typeclass c on c.enum = d.tkclass inner join telecasterservice t on t.pkid = s.fktelecasterservice";
    const VALUES: &str = "telecastersubscribedparameter v
        inner join telecastersubscribedservice s on s.pkid = v.fktelecastersubscribedservice
        inner join device d on d.pkid = s.fkdevice inner join telecasterservice t on t.pkid = s.fktelecasterservice
        inner join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter";
    const DEVICES: &str = "inner join device d on d.pkid = s.fkdevice";
    const CONTROLLED: &str = "applicationuserdevicemap m inner join device d on d.pkid = m.fkdevice
        inner join applicationuser u on u.pkid = m.fkapplicationuser";

    #[test]
    fn every_index_is_there() {
        let db = database();
        let sql = "select exists (select 1 from sqlite_master where type in ('index', 'table') and tbl_name = ?1 and name = ?2)";
        for (table, index, _) in SIZES {
            let there: bool = db.query_row(sql, [table, index], |row| row.get(0)).unwrap();
            assert!(there, "{index}");
        }
    }

    #[test]
    fn a_page_begins_at_its_key_and_nothing_is_sorted() {
        let db = database();
        for services in ["'Cisco Finesse'", "'Cisco Finesse', 'Weather'"] {
            for (key, columns, from) in [
                ("s.pkid", "d.name, c.name, t.name, s.serviceurl, t.urltemplate", SUBSCRIPTIONS),
                ("v.pkid", "p.pkid, p.name, v.fktelecastersubscribedservice, v.value", VALUES),
                ("v.pkid", "p.pkid, p.name, d.name", VALUES),
                ("v.pkid", "p.pkid, p.name, v.value", &VALUES.replace(DEVICES, "")),
            ] {
                let query = translate::query(&format!(
                    "select first 2000 {key}, {columns} from {from} where t.name in ({services}) and {key} > '{KEY}' order by {key}"
                ));
                let steps = plan(&db, &query.unwrap()).join("\n");
                assert!(steps.contains("pkid>?"), "{steps}");
                assert!(!steps.contains("TEMP B-TREE") && !steps.contains("SCAN"), "{steps}");
            }
        }
        let query = translate::query(&format!(
            "select first 2000 m.pkid, d.name from {CONTROLLED} where u.name in ('ippa') and m.tkuserassociation = 1 and m.pkid > '{KEY}' order by m.pkid"
        ));
        let steps = plan(&db, &query.unwrap()).join("\n");
        assert!(steps.contains("pkid>?") && !steps.contains("TEMP B-TREE"), "{steps}");
    }

    #[test]
    fn a_statement_over_some_devices_begins_with_them() {
        let db = database();
        let devices = "d.name in ('SEP1', 'SEP2', 'SEP3')";
        for statement in [
            format!("select s.pkid, d.name, t.name from {SUBSCRIPTIONS} where {devices} order by s.pkid"),
            format!("select v.pkid, p.name from {VALUES} where {devices} order by v.pkid"),
            format!(
                "insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value)
                   select s.pkid, p.pkid, 'x' from device d, telecasterservice t, telecastersubscribedservice s, telecasterserviceparameter p
                   where {devices} and t.name = 'Cisco Finesse' and s.fkdevice = d.pkid and s.fktelecasterservice = t.pkid
                   and p.fktelecasterservice = t.pkid and p.name = 'id'"
            ),
            format!(
                "update telecastersubscribedservice set serviceurl = 'x' where fkdevice in (select d.pkid from device d where {devices})
                   and fktelecasterservice = (select t.pkid from telecasterservice t where t.name = 'Cisco Finesse')"
            ),
        ] {
            let steps = plan(&db, &statement).join("\n");
            assert!(steps.contains("sqlite_autoindex_device_2 (name=?)"), "{steps}");
            assert!(steps.contains("subscribed_by_device (fkdevice=?)"), "{steps}");
        }
    }
}
