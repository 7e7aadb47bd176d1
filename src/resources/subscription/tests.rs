//! What a comparison finds on a device: clearing values, and subscriptions that stand there twice.

use std::collections::BTreeMap;

use secrecy::ExposeSecret;

use super::{DeviceState, Difference, Listed, Rules, ServiceView, compare};
use crate::clients::axl::{DeviceKind, Pkid, Subscription};
use crate::playbook::{Location, Manage, SubscriptionKind};
use crate::resources::DesiredDevice;

const URL: &str = "http://fin-a.example.com:8082/fippa/#DEVICENAME#";
const SECURE: &str = "https://fin-a.example.com:8445/fippa/#DEVICENAME#";

fn rules() -> Rules {
    Rules {
        services: vec![ServiceView {
            name: "Cisco Finesse".to_owned(),
            known_as: vec!["Cisco Finesse".to_owned()],
            former: None,
            carried: Vec::new(),
            url: URL.to_owned(),
            secure_url: SECURE.to_owned(),
        }],
        retired: Vec::new(),
        subscription: SubscriptionKind::Manual,
        sql: true,
        separator_said: None,
        separator_seen: None,
    }
}

fn subscription(pkid: &str, url: &str, secure_url: &str) -> Subscription {
    Subscription {
        pkid: Pkid::of(pkid),
        device: "SEP001122334455".into(),
        kind: DeviceKind::Phone,
        service: "Cisco Finesse".into(),
        name: "My Finesse".into(),
        name_ascii: "My Finesse".into(),
        url: url.into(),
        secure_url: secure_url.into(),
        button_index: 0,
        label: "".into(),
        priority: None,
        service_priority: None,
        template: URL.into(),
        secure_template: SECURE.into(),
    }
}

fn compared(subscriptions: Vec<Subscription>, rows: &[(&str, &str)], listed: Listed) -> Difference {
    let device = DesiredDevice {
        name: "SEP001122334455".into(),
        kind: DeviceKind::Phone,
        manage: Manage::All,
        values: [].into(),
        declared: Location { file: "agents.csv".into(), line: 2, column: 1 },
    };
    let rows = rows.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let state = DeviceState { subscriptions, rows: BTreeMap::from([(Pkid::of("a"), rows)]) };
    compare(&device, listed, &rules(), &state)
}

#[test]
fn a_device_without_values_is_not_written_whatever_else_it_holds() {
    for (url, secure) in [
        (URL, SECURE),
        (URL, ""),
        ("http://old.example.com/fippa?zone=1", ""),
        ("http://old.example.com/fippa?id=&extension=", ""),
    ] {
        let empty = [("id", ""), ("zone", "1")];
        let found = compared(vec![subscription("a", url, secure)], &empty, Listed::ClearValues);
        assert!(found.changes.is_empty() && found.edits.is_empty(), "{url}: {found:?}");
    }
}

#[test]
fn only_values_are_cleared() {
    let stale = subscription("a", "http://old.example.com/fippa?ID=7&zone=1", "");
    let found = compared(vec![stale], &[("extension", "8"), ("zone", "1")], Listed::ClearValues);
    let fields: Vec<&str> = found.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["Cisco Finesse: URL", "Cisco Finesse: value extension"]);
    let [edit] = found.edits.as_slice() else { panic!("one edit") };
    let url = edit.url.as_ref().unwrap().expose_secret();
    assert_eq!(url, "http://old.example.com/fippa?zone=1");
    assert!(edit.secure_url.is_none() && edit.name.is_none() && edit.rows.is_empty());
    assert_eq!(edit.clear, [crate::playbook::Parameter::Extension]);
    assert!(found.alters);
}

#[test]
fn a_double_subscription_is_reported() {
    let twice = vec![subscription("a", URL, SECURE), subscription("b", URL, SECURE)];
    let found = compared(twice, &[], Listed::Roster);
    let checks: Vec<&str> = found.findings.iter().map(|finding| finding.check).collect();
    assert_eq!(checks, ["subscription-duplicate"]);
    let once = compared(vec![subscription("a", URL, SECURE)], &[], Listed::Roster);
    assert!(once.findings.is_empty() && once.edits.is_empty());
}
