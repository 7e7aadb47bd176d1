//! What really is on the cluster, held against the roster: read from the dump, with nothing of the program's.

use serde_json::Value;

use super::job::{ROSTER, password};
use crate::lab::Lab;

const SERVICES: [(&str, &str); 2] =
    [("Cisco Finesse", "fin-a.example.com"), ("Cisco Finesse Secondary", "fin-b.example.com")];

/// Everything that is not as the playbook declares it.
pub(super) fn differences(lab: &Lab) -> Vec<String> {
    let dump = lab.dump();
    let mut wrong = Vec::new();
    for (device, profile, id) in ROSTER {
        for name in [device, profile].into_iter().filter(|name| !name.is_empty()) {
            subscriptions(&dump, lab, name, id, &mut wrong);
        }
        phone(&dump, device, &mut wrong);
        member(&dump, &format!("agent{id}"), &mut wrong);
    }
    application_user(&dump, &mut wrong);
    nodes(&dump, &mut wrong);
    self_care(&dump, lab, &mut wrong);
    wrong
}

fn subscriptions(dump: &Value, lab: &Lab, device: &str, id: &str, wrong: &mut Vec<String>) {
    let extension = (id.parse::<u32>().unwrap() + 1000).to_string();
    let values = [("id", id.to_owned()), ("extension", extension), ("password", password(id))];
    let settings = lab.control("GET", "/settings", &Value::Null);
    let separator = if settings["url_separator"] == "ampersand" { "&" } else { "?" };
    let all = dump["devices"][device]["subscriptions"].as_array().cloned().unwrap_or_default();
    for (service, host) in SERVICES {
        let mut of_service = all.iter().filter(|one| one["service"] == service);
        let (Some(one), None) = (of_service.next(), of_service.next()) else {
            wrong.push(format!("{device}: not subscribed once to {service}"));
            continue;
        };
        for (field, start) in [
            ("url", format!("http://{host}:8082/fippa/#DEVICENAME#")),
            ("secure_url", format!("https://{host}:8445/fippa/#DEVICENAME#")),
        ] {
            let url = one[field].as_str().unwrap_or_default();
            let told = url.strip_prefix(&format!("{start}{separator}")).map(pairs);
            let told = told.unwrap_or_default();
            if values
                .iter()
                .any(|(name, value)| !told.contains(&((*name).to_owned(), value.clone())))
                || told.len() != values.len()
            {
                wrong.push(format!("{device}: {service} has the {field} {url}"));
            }
        }
        for (name, value) in &values {
            if one["values"][*name] != *value {
                wrong.push(format!("{device}: {service} shows {name} {}", one["values"][*name]));
            }
        }
    }
}

/// The pairs of a query string, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').map(pair).collect()
}

fn phone(dump: &Value, device: &str, wrong: &mut Vec<String>) {
    let phone = &dump["running_phones"][device];
    if phone["web"] != "enabled" || phone["https"] != "only" {
        wrong.push(format!("{device} runs {phone}"));
    }
    if phone["stale_menu"] != false {
        wrong.push(format!("{device} shows an old menu"));
    }
}

fn member(dump: &Value, user: &str, wrong: &mut Vec<String>) {
    if !holds(&dump["end_users"][user]["groups"], "Standard CCM End Users") {
        wrong.push(format!("{user} has no access to the Self Care Portal"));
    }
}

fn holds(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == name))
}

fn application_user(dump: &Value, wrong: &mut Vec<String>) {
    let user = &dump["application_users"]["ippa"];
    for (device, profile, _) in ROSTER {
        if !holds(&user["devices"], device) {
            wrong.push(format!("ippa does not control {device}"));
        }
        if !profile.is_empty() && !holds(&user["profiles"], profile) {
            wrong.push(format!("ippa does not control {profile}"));
        }
    }
    for group in ["Standard CTI Enabled", "Standard CTI Allow Control of All Devices"] {
        if !holds(&user["groups"], group) {
            wrong.push(format!("ippa is not in {group}"));
        }
    }
}

fn nodes(dump: &Value, wrong: &mut Vec<String>) {
    for (name, node) in dump["finesse"]["nodes"].as_object().unwrap() {
        if node["running"]["user"] != "ippa" || node["running"] != node["stored"] {
            wrong.push(format!("{name} stores {} and runs {}", node["stored"], node["running"]));
        }
    }
}

fn self_care(dump: &Value, lab: &Lab, wrong: &mut Vec<String>) {
    let settings = lab.control("GET", "/settings", &Value::Null);
    let name = settings["self_care_parameter"].as_str().unwrap();
    let server = "select pkid, name from processnode where description = 'Publisher'";
    let rows = lab.control("POST", "/sql", &serde_json::json!({ "sql": server }));
    let expected = match settings["self_care_value"].as_str().unwrap() {
        "key" => rows["rows"][0]["pkid"].clone(),
        "address" => rows["rows"][0]["name"].clone(),
        _ => Value::from("cucm-pub.example.com"),
    };
    let parameter =
        &dump["service_parameters"][format!("EnterpriseWideData/Enterprise Wide/{name}")];
    if parameter["paramvalue"] != expected {
        wrong.push(format!("{name} is {parameter}, not {expected}"));
    }
}
