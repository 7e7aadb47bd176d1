//! `vendorConfig` on phones and profiles: stored as text in one of three tables, by size.

use rusqlite::{Connection, OptionalExtension, params};

use super::Fault;
use crate::sandbox::settings::{Settings, VendorConfig};
use crate::sandbox::soap::{Node, parse};

const TABLES: [(&str, usize); 3] =
    [("devicexml4k", 4_000), ("devicexml8k", 8_000), ("devicexml16k", usize::MAX)];

/// What a device holds, as XML without a wrapper; empty for nothing.
pub fn read(db: &Connection, device: &str) -> Result<String, Fault> {
    let sql = "select xml from devicexml4k where fkdevice = ?1 union all select xml from devicexml8k where fkdevice = ?1
       union all select xml from devicexml16k where fkdevice = ?1";
    Ok(db
        .prepare_cached(sql)?
        .query_row([device], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}

/// Stores what a device holds; empty removes it.
pub fn write(db: &Connection, device: &str, xml: &str) -> Result<(), Fault> {
    for (table, _) in TABLES {
        db.prepare_cached(&format!("delete from {table} where fkdevice = ?1"))?
            .execute([device])?;
    }
    if xml.is_empty() {
        return Ok(());
    }
    db.prepare_cached(&format!("insert into {} (fkdevice, xml) values (?1, ?2)", table(xml)))?
        .execute(params![device, xml])?;
    Ok(())
}

/// Where a configuration of this size is.
pub fn table(xml: &str) -> &'static str {
    TABLES.into_iter().find(|(_, most)| xml.len() <= *most).unwrap_or(TABLES[2]).0
}

/// The element for an answer.
pub fn element(xml: &str) -> Node {
    match parse(&format!("<vendorConfig>{xml}</vendorConfig>")) {
        Ok(node) => node,
        Err(_) => Node::leaf("vendorConfig", xml),
    }
}

/// What is stored after `sent` has been written over `stored`: the sent elements alone, or merged by name.
pub fn merged(settings: &Settings, stored: &str, sent: &Node) -> String {
    match settings.vendor_config {
        VendorConfig::Replace => stripped(sent).inner_xml(),
        VendorConfig::Merge => {
            let mut whole = element(stored);
            for child in stripped(sent).children {
                match whole.children.iter_mut().find(|own| own.name == child.name) {
                    Some(own) => *own = child,
                    None => whole.children.push(child),
                }
            }
            whole.inner_xml()
        }
    }
}

/// Elements that a device did not have before come without the tick that makes them count.
pub fn leave_unticked(
    db: &Connection,
    device: &str,
    before: &str,
    after: &str,
) -> Result<(), Fault> {
    let held = element(before);
    for fresh in element(after).children.iter().filter(|child| held.child(&child.name).is_none()) {
        db.execute(
            "insert or ignore into sandbox_unticked (fkdevice, element) values (?1, ?2)",
            [device, fresh.name.as_str()],
        )?;
    }
    Ok(())
}

/// Without the white space between elements.
fn stripped(node: &Node) -> Node {
    let mut out = node.clone();
    if !out.children.is_empty() {
        out.text.clear();
        out.children = out.children.iter().map(stripped).collect();
    }
    out
}
