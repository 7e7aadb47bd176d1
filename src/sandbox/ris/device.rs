//! One phone as `RisPort` shows it.

use rusqlite::{Connection, OptionalExtension};

use crate::sandbox::soap::Node;

/// A phone on a node.
#[derive(Debug)]
pub struct Found {
    /// Status word.
    pub status: &'static str,
    /// The element.
    pub node: Node,
}

/// The phone of that name as it is now; nothing for a name that CUCM does not have.
///
/// # Errors
/// The database's own.
pub fn find(db: &Connection, name: &str, now: i64) -> rusqlite::Result<Option<Found>> {
    db.prepare_cached(
        "select d.rowid, d.description, d.tkmodel, d.tkproduct, p.registered, p.webaccess, (select userid from sandbox_login l where l.fkdevice = d.pkid),
           (select name from typedeviceprotocol where enum = d.tkdeviceprotocol),
           (select name from typemodel where enum = d.tkmodel)
           from device d left join sandbox_phone p on p.fkdevice = d.pkid
           where d.name = ?1 and d.tkclass = 1 and ifnull(p.registered, 't') <> 'n'",
    )?
    .query_row([name], |row| {
        let number: i64 = row.get(0)?;
        let registered = row.get::<_, Option<String>>(4)?.is_none_or(|flag| flag == "t");
        let access: Option<String> = row.get(5)?;
        let web = match (registered, access.as_deref()) {
            // A phone of a capture may not have told.
            (false, _) | (true, Some("")) => "Unknown",
            (true, Some("0")) => "Yes",
            (true, _) => "No",
        };
        let status = if registered { "Registered" } else { "UnRegistered" };
        let extension = 2000 + number;
        let text = |index: usize| row.get::<_, Option<String>>(index);
        let whole = |index: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.unwrap_or(0).to_string());
        let model = text(8)?.unwrap_or_default();
        let load = if model.contains("78") { "sip78xx.12-8-1-0001-455" } else { "sip88xx.12-8-1-0001-455" };
        let address = format!("10.20.{}.{}", number / 250 % 250, 1 + number % 250);
        let line = element("item")
            .with(leaf("DirectoryNumber", extension.to_string()))
            .with(leaf("Status", status));
        let ip = element("item")
            .with(leaf("IP", address))
            .with(leaf("IPAddrType", "ipv4"))
            .with(leaf("Attribute", "Unknown"));
        let node = element("item")
            .with(leaf("Name", name))
            .with(leaf("DirNumber", format!("{extension}-{status}")))
            .with(leaf("DeviceClass", "Phone"))
            .with(leaf("Model", whole(2)?))
            .with(leaf("Product", whole(3)?))
            .with(leaf("BoxProduct", "0"))
            .with(leaf("Httpd", web))
            .with(leaf("RegistrationAttempts", "0"))
            .with(leaf("IsCtiControllable", if registered { "true" } else { "false" }))
            .with(leaf("LoginUserId", text(6)?.unwrap_or_default()))
            .with(leaf("Status", status))
            .with(leaf("StatusReason", if registered { "0" } else { "13" }))
            .with(leaf("PerfMonObject", "2"))
            .with(leaf("DChannel", "0"))
            .with(leaf("Description", text(1)?.unwrap_or_default()))
            .with(element("H323Trunk"))
            .with(leaf("TimeStamp", (now - 3600).to_string()))
            .with(leaf("Protocol", text(7)?.unwrap_or_default()))
            .with(leaf("NumOfLines", "1"))
            .with(element("LinesStatus").with(line))
            .with(leaf("ActiveLoadID", load))
            .with(leaf("InactiveLoadID", ""))
            .with(leaf("DownloadStatus", "None"))
            .with(leaf("DownloadFailureReason", ""))
            .with(leaf("DownloadServer", ""))
            .with(element("IPAddress").with(ip));
        Ok(Found { status, node })
    })
    .optional()
}

/// What an old node still says of a phone that has moved.
pub fn left_behind(found: &Found, now: i64) -> Found {
    let mut node = found.node.clone();
    for child in &mut node.children {
        match child.name.as_str() {
            "ns1:Status" => "UnRegistered".clone_into(&mut child.text),
            "ns1:Httpd" => "Unknown".clone_into(&mut child.text),
            "ns1:LoginUserId" => child.text.clear(),
            "ns1:TimeStamp" => child.text = (now - 86_400).to_string(),
            _ => {}
        }
    }
    Found { status: "UnRegistered", node }
}

/// An empty element of the service.
pub fn element(name: &str) -> Node {
    Node::new(&format!("ns1:{name}"))
}

/// An element of the service that holds text.
pub fn leaf(name: &str, text: impl Into<String>) -> Node {
    Node::leaf(&format!("ns1:{name}"), text)
}
