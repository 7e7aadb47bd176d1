//! What a request to `RisPort` asks for, strictly.

use crate::sandbox::soap::{Node, open_envelope};

/// Namespace of the service.
pub const NAMESPACE: &str = "http://schemas.cisco.com/ast/soap";

const CRITERIA: [&str; 9] = [
    "MaxReturnedDevices",
    "DeviceClass",
    "Model",
    "Status",
    "NodeName",
    "SelectBy",
    "SelectItems",
    "Protocol",
    "DownloadStatus",
];

/// The criteria that count here.
#[derive(Debug, PartialEq, Eq)]
pub struct Criteria {
    /// Most devices returned; more are cut off without a word.
    pub most: usize,
    /// `Any`, or a status.
    pub status: String,
    /// A node's name; empty for all.
    pub node: String,
    /// Device names, exact.
    pub names: Vec<String>,
}

/// Reads a request.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn parsed(body: &[u8]) -> Result<Criteria, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the request is not UTF-8".to_owned())?;
    let call = open_envelope(text)?;
    if call.name != "selectCmDeviceExt" || call.space != NAMESPACE {
        return Err(format!("operation '{}' is unknown", call.name));
    }
    ordered(&call, &["StateInfo", "CmSelectionCriteria"])?;
    let criteria = call.child("CmSelectionCriteria").ok_or("CmSelectionCriteria is missing")?;
    ordered(criteria, &CRITERIA)?;
    let text = |name: &str| {
        let value = criteria.value(name).ok_or_else(|| format!("{name} is missing"))?;
        Ok::<_, String>(value.trim().to_owned())
    };
    if text("SelectBy")? != "Name" {
        return Err("only SelectBy Name is simulated".to_owned());
    }
    if !["Phone", "Any"].contains(&text("DeviceClass")?.as_str()) {
        return Err("only DeviceClass Phone and Any are simulated".to_owned());
    }
    if text("Model")? != "255" {
        return Err("only Model 255, any, is simulated".to_owned());
    }
    let most = text("MaxReturnedDevices")?;
    let most = most.parse().map_err(|_| format!("MaxReturnedDevices '{most}' is no number"))?;
    let items = criteria.child("SelectItems").ok_or("SelectItems is missing")?;
    let mut names = Vec::new();
    for item in items.all("item") {
        ordered(item, &["Item"])?;
        names.push(item.value("Item").ok_or("an item is empty")?.trim().to_owned());
    }
    let node = criteria.value("NodeName").unwrap_or_default().trim().to_owned();
    Ok(Criteria { most, status: text("Status")?, node, names })
}

/// Checks that the children are these, in this order, in the service's namespace.
fn ordered(node: &Node, names: &[&str]) -> Result<(), String> {
    let mut from = 0;
    for child in &node.children {
        if child.space != NAMESPACE {
            return Err(format!("element '{}' is not in the service's namespace", child.name));
        }
        let at = names.iter().skip(from).position(|name| *name == child.name);
        let at = at.ok_or_else(|| {
            format!("element '{}' is unknown or out of order in '{}'", child.name, node.name)
        })?;
        from += at + 1;
    }
    Ok(())
}
