//! Which tables a capture tells of. A loaded cluster answers nothing about the others: absent is not the same as never
//! asked.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::sandbox::axl::Fault;
use crate::sandbox::soap::Node;
use crate::sandbox::sql::words::cut;

/// In a loaded cluster's list whatever it holds.
const LOADED: &str = "";

/// The tables that a read is about, type tables left out; the three of configurations count as one.
pub(super) fn tables(request: &Node) -> BTreeSet<String> {
    let object = ["get", "list"].iter().find_map(|kind| request.name.strip_prefix(kind));
    let tables: &[&str] = match object {
        Some("AppUser") => {
            &["applicationuser", "applicationuserdevicemap", "applicationuserdirgroupmap"]
        }
        Some("User") => &["enduser"],
        Some("UserGroup") => &["dirgroup"],
        Some("Line") => &["numplan", "routepartition"],
        Some("LineGroup") => &["linegroup", "linegroupnumplanmap"],
        Some("CommonDeviceConfig") => &["commondeviceconfig"],
        Some("IpPhoneServices") => &["telecasterservice", "telecasterserviceparameter"],
        Some("Phone" | "DeviceProfile") => return device(request),
        Some("CommonPhoneConfig") => &["commonphoneconfig", "commonphoneconfigxml"],
        Some("EnterprisePhoneConfig") => &["enterprisephoneconfigxml"],
        Some("ServiceParameter") => &["processconfig"],
        Some("ProcessNode") => &["processnode"],
        _ if request.name == "executeSQLQuery" => {
            return named(request.value("sql").unwrap_or_default());
        }
        _ => &[],
    };
    tables.iter().map(|table| (*table).to_owned()).collect()
}

fn device(request: &Node) -> BTreeSet<String> {
    let mut tables = BTreeSet::from(["device".to_owned()]);
    let tags = request.child("returnedTags");
    let asks = |name: &str| tags.is_none_or(|tags| tags.child(name).is_some());
    if request.name.starts_with("get") {
        tables.extend(asks("vendorConfig").then(|| "devicexml".to_owned()));
        tables.extend(asks("services").then(|| "telecastersubscribedservice".to_owned()));
        tables.extend(asks("lines").then(|| "devicenumplanmap".to_owned()));
    }
    tables
}

/// Every table that a statement names after `from`, `join` or a comma among them.
fn named(sql: &str) -> BTreeSet<String> {
    let words = cut(sql).unwrap_or_default();
    let mut tables = BTreeSet::new();
    let mut among = false;
    for (index, word) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| words.get(at));
        among |= word.is("from");
        among &= !(word.is("where") || word.is("on") || word.is("order"));
        let begins = before.is_some_and(|before| {
            before.is("from") || before.is("join") || (among && before.is_mark(","))
        });
        let name = word.text().to_ascii_lowercase();
        if begins && !word.is_mark("(") && !name.starts_with("type") && !name.starts_with("sys") {
            tables.insert(if name.starts_with("devicexml") {
                "devicexml".to_owned()
            } else {
                name
            });
        }
    }
    tables
}

/// Keeps which tables are told of.
///
/// # Errors
/// The database's own.
pub(super) fn keep(db: &Connection, tables: &BTreeSet<String>) -> rusqlite::Result<()> {
    let mut insert = db.prepare("insert or ignore into sandbox_captured (name) values (?1)")?;
    for name in tables.iter().map(String::as_str).chain([LOADED]) {
        insert.execute([name])?;
    }
    Ok(())
}

/// Whether the cluster came from a capture.
pub fn is_loaded(db: &Connection) -> bool {
    let sql = "select exists (select 1 from sandbox_captured)";
    db.prepare_cached(sql).and_then(|mut all| all.query_row([], |row| row.get(0))).unwrap_or(false)
}

/// Refuses a read of what a loaded cluster does not know.
///
/// # Errors
/// A fault that is neither "not found" nor one that a client works around.
pub fn check(db: &Connection, request: &Node) -> Result<(), Fault> {
    if !is_loaded(db) {
        return Ok(());
    }
    let mut known =
        db.prepare_cached("select exists (select 1 from sandbox_captured where name = ?1)")?;
    for table in tables(request) {
        if !known.query_row([&table], |row| row.get(0))? {
            let text =
                format!("The capture that this sandbox was loaded from tells nothing of {table}");
            return Err(Fault::server(-1, text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::sandbox::soap::parse;

    fn of(request: &str) -> Vec<String> {
        tables(&parse(request).unwrap()).into_iter().collect()
    }

    #[test]
    fn reads_and_their_tables() {
        let sql = "<executeSQLQuery><sql>select d.name from device d, enduser e left outer join devicexml8k x on x.fkdevice = d.pkid \
                   inner join typeclass c on c.enum = d.tkclass where d.name in ('from', 'join')</sql></executeSQLQuery>";
        assert_eq!(of(sql), ["device", "devicexml", "enduser"]);
        let phone = "<getPhone><name>x</name><returnedTags><services/></returnedTags></getPhone>";
        assert_eq!(of(phone), ["device", "telecastersubscribedservice"]);
        assert_eq!(of("<getPhone/>").len(), 4);
        assert_eq!(of("<listLine/>"), ["numplan", "routepartition"]);
        let sql = "<executeSQLQuery><sql>select c.pkid from typecertificateservice t join certificateservicecertificatemap m on m.tkcertificateservice = t.enum \
                   join certificate c on c.pkid = m.fkcertificate</sql></executeSQLQuery>";
        assert_eq!(of(sql), ["certificate", "certificateservicecertificatemap"]);
        assert_eq!(of("<updatePhone/>"), Vec::<String>::new());
    }
}
