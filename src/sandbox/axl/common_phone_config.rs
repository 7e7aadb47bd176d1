//! Common phone profiles and the enterprise phone configuration.

use rusqlite::{OptionalExtension, params};

use super::answer::{braced, got, listed, written};
use super::lookup::{Place, column, keyed, set, word};
use super::{Desk, Fault, vendor_config};
use crate::sandbox::soap::Node;

const PLACE: Place =
    Place { table: "commonphoneconfig", column: "name", what: "Common Phone Profile" };

fn stored(desk: &Desk<'_>, pkid: &str) -> Result<String, Fault> {
    let sql = "select xml from commonphoneconfigxml where fkcommonphoneconfig = ?1";
    Ok(desk.db.query_row(sql, [pkid], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// `getCommonPhoneConfig`.
pub fn get(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "name")?
        .ok_or_else(|| Fault::absent("Common Phone Profile"))?;
    let profile = desk.db.query_row(&format!("{COLUMNS} where p.pkid = ?1"), [&pkid], thin)?;
    Ok(got(request, profile.with(vendor_config::element(&stored(desk, &pkid)?))))
}

/// `listCommonPhoneConfig`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pattern = request.child("searchCriteria").and_then(|criteria| criteria.value("name"));
    let mut statement =
        desk.db.prepare_cached(&format!("{COLUMNS} where p.name like ?1 order by p.name"))?;
    let profiles = statement
        .query_map([pattern.unwrap_or("%")], thin)?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, profiles))
}

const COLUMNS: &str = "select p.pkid, p.name, p.description, \
(select name from typephoneservicedisplay where enum = p.tkphoneservicedisplay) from commonphoneconfig p";

fn thin(row: &rusqlite::Row<'_>) -> rusqlite::Result<Node> {
    let pkid: String = row.get(0)?;
    Ok(Node::new("commonPhoneConfig")
        .marked("uuid", braced(&pkid))
        .with(Node::maybe("name", row.get(1)?))
        .with(Node::maybe("description", row.get(2)?))
        .with(Node::maybe("phoneServiceDisplay", row.get(3)?)))
}

/// `updateCommonPhoneConfig`.
pub fn update(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PLACE, request, "name")?.ok_or_else(|| {
        Fault::not_found("Common Phone Profile", request.value("name").unwrap_or("uuid"))
    })?;
    for field in &request.children {
        match field.name.as_str() {
            "name" | "uuid" => {}
            "newName" => set(desk.db, "commonphoneconfig", "name", &pkid, &field.text)?,
            "description" => set(desk.db, "commonphoneconfig", "description", &pkid, &field.text)?,
            "phoneServiceDisplay" => {
                let number = word(desk.db, "typephoneservicedisplay", &field.text)?;
                set(desk.db, "commonphoneconfig", "tkphoneservicedisplay", &pkid, number)?;
            }
            "vendorConfig" => {
                let xml = vendor_config::merged(desk.settings, &stored(desk, &pkid)?, field);
                desk.db.execute(
                    "insert into commonphoneconfigxml (fkcommonphoneconfig, xml) values (?1, ?2)
                       on conflict (fkcommonphoneconfig) do update set xml = excluded.xml",
                    params![pkid, xml],
                )?;
            }
            other => return Err(Fault::unsimulated(other)),
        }
    }
    Ok(written(&pkid))
}

/// `getEnterprisePhoneConfig`.
pub fn get_enterprise(desk: &Desk<'_>) -> Result<Node, Fault> {
    let xml = column(desk.db, "select xml from enterprisephoneconfigxml", [])?.concat();
    let config = Node::new("enterprisePhoneConfig").with(vendor_config::element(&xml));
    Ok(Node::new("return").with(config))
}

/// `updateEnterprisePhoneConfig`.
pub fn update_enterprise(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    if let Some(sent) = request.child("vendorConfig") {
        let stored = column(desk.db, "select xml from enterprisephoneconfigxml", [])?.concat();
        let xml = vendor_config::merged(desk.settings, &stored, sent);
        desk.db.execute("update enterprisephoneconfigxml set xml = ?1", [xml])?;
    }
    Ok(Node::leaf("return", "true"))
}
