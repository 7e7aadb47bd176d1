//! How the phones were: registered or not, with what web server, and who was logged in, as `RisPort` told it. A phone
//! that it did not tell of stays unknown to it.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::folder::Folder;
use crate::sandbox::phones::first_configuration;
use crate::sandbox::soap::{Node, parse};

/// What is told of one phone.
#[derive(Debug, Default, Clone)]
struct Seen {
    registered: bool,
    moment: i64,
    web: String,
    user: String,
}

/// Puts what was told into the database.
pub(super) fn load(db: &Connection, folder: &Folder) -> Result<(), String> {
    let told = |error: rusqlite::Error| error.to_string();
    first_configuration(db).map_err(|fault| fault.text)?;
    db.execute("update sandbox_phone set registered = 'n'", []).map_err(told)?;
    let phones = seen(folder)?;
    for (name, phone) in &phones {
        let web = match phone.web.as_str() {
            "yes" | "true" | "1" => Some("0"),
            "no" | "false" | "0" => Some("1"),
            _ if phone.registered => Some(""),
            _ => None,
        };
        let registered = if phone.registered { "t" } else { "f" };
        db.execute(
            "update sandbox_phone set registered = ?2, webaccess = ifnull(?3, webaccess)
               where fkdevice = (select pkid from device where upper(name) = ?1)",
            params![name, registered, web],
        )
        .map_err(told)?;
    }
    // Last, because a phone with somebody logged in cannot be changed.
    for (name, phone) in phones.iter().filter(|(_, phone)| !phone.user.is_empty()) {
        let sql = "insert into sandbox_login (fkdevice, userid) select pkid, ?2 from device where upper(name) = ?1";
        db.execute(sql, params![name, phone.user]).map_err(told)?;
    }
    Ok(())
}

/// By name in capitals. Of two tellings the registered one counts, then the newer one.
fn seen(folder: &Folder) -> Result<BTreeMap<String, Seen>, String> {
    let mut phones: BTreeMap<String, Seen> = BTreeMap::new();
    let answers = folder.exchanges.iter().filter(|own| own.interface == "ris");
    for answer in answers.filter(|own| own.status == Some(200)) {
        let root = parse(&answer.said).map_err(|why| format!("RisPort: {why}"))?;
        let mut devices = Vec::new();
        of_nodes(&root, &mut devices);
        for device in devices {
            let of = |name: &str| device.value(name).unwrap_or_default().trim().to_owned();
            let phone = Seen {
                registered: of("Status").eq_ignore_ascii_case("registered"),
                moment: of("TimeStamp").parse().unwrap_or(0),
                web: of("Httpd").to_ascii_lowercase(),
                user: of("LoginUserId"),
            };
            let weight = |phone: &Seen| (phone.registered, phone.moment);
            match phones.get(&of("Name").to_ascii_uppercase()) {
                Some(known) if weight(known) >= weight(&phone) => {}
                _ => {
                    phones.insert(of("Name").to_ascii_uppercase(), phone);
                }
            }
        }
    }
    Ok(phones)
}

fn of_nodes<'a>(node: &'a Node, devices: &mut Vec<&'a Node>) {
    if node.name == "CmDevices" {
        devices.extend(&node.children);
        return;
    }
    node.children.iter().for_each(|child| of_nodes(child, devices));
}
