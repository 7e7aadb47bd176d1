//! One phone as `RisPort` shows it.

use rusqlite::{Connection, OptionalExtension};

use crate::sandbox::soap::Node;

/// A phone on a node.
#[derive(Debug)]
pub struct Found {
    /// Status word.
    pub status: String,
    /// The node that it is registered at; none: the publisher.
    pub at: Option<String>,
    /// The element.
    pub node: Node,
}

/// The lines of a device as `DirectoryNumber`s.
fn lines(db: &Connection, name: &str) -> rusqlite::Result<Vec<String>> {
    let mut all = db.prepare_cached(
        "select n.dnorpattern from devicenumplanmap m, numplan n, device d
           where m.fkdevice = d.pkid and n.pkid = m.fknumplan and d.name = ?1 order by m.numplanindex",
    )?;
    let found = all.query_map([name], |row| row.get(0))?;
    found.collect()
}

/// The phone of that name as it is now; nothing for a name that CUCM does not have. What somebody has set at the control
/// port counts before what follows from the rest.
///
/// # Errors
/// The database's own.
pub fn find(db: &Connection, name: &str, now: i64) -> rusqlite::Result<Option<Found>> {
    let lines = lines(db, name)?;
    db.prepare_cached(
        "select d.rowid, d.description, d.tkmodel, d.tkproduct, p.registered, p.webaccess, (select userid from sandbox_login l where l.fkdevice = d.pkid),
           (select name from typedeviceprotocol where enum = d.tkdeviceprotocol),
           (select name from typemodel where enum = d.tkmodel), p.status, p.httpd, p.cti, p.load, p.node, d.allowcticontrolflag
           from device d left join sandbox_phone p on p.fkdevice = d.pkid
           where d.name = ?1 and d.tkclass = 1 and ifnull(p.registered, 't') <> 'n'",
    )?
    .query_row([name], |row| {
        let number: i64 = row.get(0)?;
        let text = |index: usize| row.get::<_, Option<String>>(index);
        let whole = |index: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.unwrap_or(0).to_string());
        let status = match text(9)? {
            Some(set) => set,
            None if text(4)?.is_none_or(|flag| flag == "t") => "Registered".to_owned(),
            None => "UnRegistered".to_owned(),
        };
        let registered = status == "Registered";
        let web = match (registered, text(5)?.as_deref()) {
            // A phone of a capture may not have told.
            (false, _) | (true, Some("")) => "Unknown",
            (true, Some("0")) => "Yes",
            (true, _) => "No",
        };
        let web = text(10)?.unwrap_or_else(|| web.to_owned());
        let allowed = text(11)?.or(text(14)?).is_none_or(|flag| flag == "t");
        let model = text(8)?.unwrap_or_default();
        let load = if model.contains("78") { "sip78xx.12-8-1-0001-455" } else { "sip88xx.12-8-1-0001-455" };
        let load = text(12)?.unwrap_or_else(|| load.to_owned());
        let address = format!("10.20.{}.{}", number / 250 % 250, 1 + number % 250);
        let first = lines.first().map(|first| format!("{first}-{status}")).unwrap_or_default();
        let listed = lines.iter().map(|line| {
            element("item")
                .with(leaf("DirectoryNumber", line.as_str()))
                .with(leaf("Status", status.as_str()))
        });
        let ip = element("item")
            .with(leaf("IP", address))
            .with(leaf("IPAddrType", "ipv4"))
            .with(leaf("Attribute", "Unknown"));
        let reason = match status.as_str() {
            "Registered" => "0",
            "Rejected" => "14",
            _ => "13",
        };
        let node = element("item")
            .with(leaf("Name", name))
            .with(leaf("DirNumber", first))
            .with(leaf("DeviceClass", "Phone"))
            .with(leaf("Model", whole(2)?))
            .with(leaf("Product", whole(3)?))
            .with(leaf("BoxProduct", "0"))
            .with(leaf("Httpd", web))
            .with(leaf("RegistrationAttempts", "0"))
            .with(leaf("IsCtiControllable", if registered && allowed { "true" } else { "false" }))
            .with(leaf("LoginUserId", text(6)?.unwrap_or_default()))
            .with(leaf("Status", status.as_str()))
            .with(leaf("StatusReason", reason))
            .with(leaf("PerfMonObject", "2"))
            .with(leaf("DChannel", "0"))
            .with(leaf("Description", text(1)?.unwrap_or_default()))
            .with(element("H323Trunk"))
            .with(leaf("TimeStamp", (now - 3600).to_string()))
            .with(leaf("Protocol", text(7)?.unwrap_or_default()))
            .with(leaf("NumOfLines", lines.len().to_string()))
            .with(element("LinesStatus").with_all(listed))
            .with(leaf("ActiveLoadID", load))
            .with(leaf("InactiveLoadID", ""))
            .with(leaf("DownloadStatus", "None"))
            .with(leaf("DownloadFailureReason", ""))
            .with(leaf("DownloadServer", ""))
            .with(element("IPAddress").with(ip));
        Ok(Found { status, at: text(13)?, node })
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
    Found { status: "UnRegistered".to_owned(), at: None, node }
}

/// An empty element of the service.
pub fn element(name: &str) -> Node {
    Node::new(&format!("ns1:{name}"))
}

/// An element of the service that holds text.
pub fn leaf(name: &str, text: impl Into<String>) -> Node {
    Node::leaf(&format!("ns1:{name}"), text)
}
