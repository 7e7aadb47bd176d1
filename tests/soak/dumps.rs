//! Dumps of the cluster, held against each other: without what only counts or passes, and without what is declared.

use serde_json::{Value, json};

/// The application user that the playbook of these tests declares.
const USER: &str = "ippa";
/// Its services.
const SERVICES: [&str; 2] = ["Cisco Finesse", "Cisco Finesse Secondary"];

/// A dump without counters and without what passes by itself.
pub(crate) fn settled(mut dump: Value) -> Value {
    if let Some(finesse) = dump["finesse"].as_object_mut() {
        finesse.remove("replicating");
    }
    if let Some(phones) = dump["running_phones"].as_object_mut() {
        for phone in phones.values_mut() {
            // How often a phone was told is no state: told once more it runs the same.
            phone["applied"] = json!(phone["applied"] != json!(0));
        }
    }
    dump
}

/// Whether the nodes have come to rest.
pub(crate) fn at_rest(dump: &Value) -> bool {
    let nodes = dump["finesse"]["nodes"].as_object();
    let in_service = |node: &Value| node["in_service"] == json!(true);
    dump["finesse"]["replicating"] != json!(true)
        && nodes.is_some_and(|nodes| nodes.values().all(in_service))
}

/// What nobody has declared: everything but the application user, the services, and of the roster's phones the
/// subscriptions to these, two elements, and what they run; and the settings of Finesse.
pub(crate) fn undeclared(dump: &Value, roster: &[String]) -> Value {
    let mut dump = dump.clone();
    let remove = |section: &mut Value, names: &[&str]| {
        if let Some(section) = section.as_object_mut() {
            section.retain(|name, _| !names.contains(&name.as_str()));
        }
    };
    remove(&mut dump, &["finesse"]);
    remove(&mut dump["application_users"], &[USER]);
    remove(&mut dump["phone_services"], &SERVICES);
    for device in roster {
        remove(&mut dump["running_phones"], &[device.as_str()]);
        let device = &mut dump["devices"][device];
        if let Some(text) = device["vendor_config"].as_str() {
            device["vendor_config"] = json!(without_elements(text));
        }
        if let Some(subscriptions) = device["subscriptions"].as_array_mut() {
            let ours = |row: &Value| SERVICES.iter().any(|name| row["service"] == json!(name));
            subscriptions.retain(|row| !ours(row));
        }
    }
    dump
}

fn without_elements(text: &str) -> String {
    let mut text = text.to_owned();
    for element in ["webAccess", "webProtocol"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        while let (Some(start), Some(end)) = (text.find(&open), text.find(&close)) {
            text.replace_range(start..end + close.len(), "");
        }
    }
    text
}

/// Where two dumps differ, at most so many places.
pub(crate) fn differences(right: &Value, found: &Value, most: usize) -> Vec<String> {
    let mut places = Vec::new();
    compare("", right, found, &mut places);
    places.truncate(most);
    places
}

fn compare(path: &str, right: &Value, found: &Value, places: &mut Vec<String>) {
    match (right, found) {
        (Value::Object(one), Value::Object(other)) => {
            for name in one.keys().chain(other.keys().filter(|name| !one.contains_key(*name))) {
                compare(&format!("{path}/{name}"), &right[name], &found[name], places);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (place, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}/{place}"), one, other, places);
            }
        }
        _ if right != found => places.push(format!("{path}: {right} and not {found}")),
        _ => {}
    }
}
