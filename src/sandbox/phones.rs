//! The phones themselves: what each one runs, which is what it was configured to when it last read its configuration.
//!
//! Source: facts/axl.md section 12 (levels and values), facts/vos.md section 7. A level counts per element: phone, then
//! common phone profile, then enterprise; what stands nowhere has the default of 7800 and 8800 phones.

use rusqlite::{Connection, OptionalExtension, params};

use super::axl::lookup::column;
use super::axl::{Fault, vendor_config};
use super::soap::Node;

/// The two settings that IPPA needs, as numbers of `vendorConfig`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// `webAccess`: 0 enabled, 1 disabled.
    pub access: String,
    /// `webProtocol`: 0 HTTP and HTTPS; which number means HTTPS only is a setting.
    pub protocol: String,
}

impl Web {
    /// Whether the phone's web server runs.
    pub fn is_enabled(&self) -> bool {
        self.access == "0"
    }
}

fn merged(levels: &[&str]) -> Web {
    // Most levels name neither: those are not taken apart.
    let names = ["webAccess", "webProtocol"];
    let telling = levels.iter().filter(|xml| names.iter().any(|name| xml.contains(name)));
    let configs: Vec<Node> = telling.map(|xml| vendor_config::element(xml)).collect();
    let first = |name: &str, default: &str| {
        let mut told = configs.iter().filter_map(|config| config.value(name).map(str::trim));
        told.find(|text| !text.is_empty()).unwrap_or(default).to_owned()
    };
    Web { access: first("webAccess", "1"), protocol: first("webProtocol", "0") }
}

/// What a phone would run if it read its configuration now.
///
/// # Errors
/// The database's fault.
pub fn effective(db: &Connection, device: &str) -> Result<Web, Fault> {
    let (shared, enterprise): (String, String) = db
        .prepare_cached(
            "select ifnull((select x.xml from commonphoneconfigxml x where x.fkcommonphoneconfig = d.fkcommonphoneconfig), ''),
               ifnull((select group_concat(xml, '') from enterprisephoneconfigxml), '') from device d where d.pkid = ?1",
        )?
        .query_row([device], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(merged(&[&ticked(db, device)?, &shared, &enterprise]))
}

/// The elements of a phone's own configuration that count: those whose *Override Common Settings* is ticked.
fn ticked(db: &Connection, device: &str) -> Result<String, Fault> {
    let xml = vendor_config::read(db, device)?;
    let unticked =
        column(db, "select element from sandbox_unticked where fkdevice = ?1", [device])?;
    if unticked.is_empty() {
        return Ok(xml);
    }
    let mut config = vendor_config::element(&xml);
    config.children.retain(|child| !unticked.contains(&child.name));
    Ok(config.inner_xml())
}

/// Gives every phone that has just come into being its first configuration.
///
/// # Errors
/// The database's fault.
pub fn first_configuration(db: &Connection) -> Result<(), Fault> {
    let list = |sql: &str| -> rusqlite::Result<Vec<(String, String)>> {
        db.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let own = list(
        "select d.pkid, d.name from device d join (select fkdevice from devicexml4k union select fkdevice from devicexml8k
           union select fkdevice from devicexml16k) x on x.fkdevice = d.pkid
           where d.tkclass = 1 and not exists (select 1 from sandbox_phone p where p.fkdevice = d.pkid)",
    )?;
    for (device, _) in own {
        let web = effective(db, &device)?;
        db.prepare_cached(
            "insert into sandbox_phone (fkdevice, webaccess, webprotocol) values (?1, ?2, ?3)",
        )?
        .execute(params![device, web.access, web.protocol])?;
    }
    // Phones without elements of their own run what their profile says: one look serves tens of thousands.
    let profiles = list(
        "select min(d.pkid), ifnull(d.fkcommonphoneconfig, '') from device d
           where d.tkclass = 1 and d.pkid not in (select fkdevice from sandbox_phone) group by 2",
    )?;
    for (device, profile) in profiles {
        let web = effective(db, &device)?;
        db.execute(
            "insert into sandbox_phone (fkdevice, webaccess, webprotocol) select d.pkid, ?2, ?3 from device d
               where d.tkclass = 1 and ifnull(d.fkcommonphoneconfig, '') = ?1 and d.pkid not in (select fkdevice from sandbox_phone)",
            params![profile, web.access, web.protocol],
        )?;
    }
    Ok(())
}

/// State of a phone beside its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// A call is in progress.
    pub busy: bool,
    /// Registered.
    pub registered: bool,
}

/// How a phone is.
///
/// # Errors
/// The database's fault.
pub fn presence(db: &Connection, device: &str) -> Result<Presence, Fault> {
    let found = db
        .prepare_cached("select busy, registered from sandbox_phone where fkdevice = ?1")?
        .query_row([device], |row| {
            Ok(Presence {
                busy: row.get::<_, String>(0)? == "t",
                registered: row.get::<_, String>(1)? == "t",
            })
        })
        .optional()?;
    Ok(found.unwrap_or(Presence { busy: false, registered: true }))
}

/// Lets a phone read its configuration; gives whether that changed what it runs.
///
/// # Errors
/// The database's fault.
pub fn read_configuration(db: &Connection, device: &str) -> Result<bool, Fault> {
    let web = effective(db, device)?;
    let changed = db
        .prepare_cached(
            "insert into sandbox_phone (fkdevice, webaccess, webprotocol, applied) values (?1, ?2, ?3, 1)
               on conflict (fkdevice) do update set webaccess = excluded.webaccess, webprotocol = excluded.webprotocol, applied = applied + 1
               where webaccess <> excluded.webaccess or webprotocol <> excluded.webprotocol",
        )?
        .execute(params![device, web.access, web.protocol])?;
    if changed == 0 {
        db.prepare_cached("update sandbox_phone set applied = applied + 1 where fkdevice = ?1")?
            .execute([device])?;
    }
    Ok(changed > 0)
}

/// What a phone runs; nothing for a device that never read a configuration.
///
/// # Errors
/// The database's fault.
pub fn running(db: &Connection, device: &str) -> Result<Option<Web>, Fault> {
    let sql = "select webaccess, webprotocol from sandbox_phone where fkdevice = ?1";
    Ok(db
        .prepare_cached(sql)?
        .query_row([device], |row| Ok(Web { access: row.get(0)?, protocol: row.get(1)? }))
        .optional()?)
}
