//! The main job end to end: the real binary against a sandbox in a process of its own.

use std::path::Path;

use serde_json::{Value, json};

use crate::lab::Lab;

/// Each shipped playbook with its application users and phone services: what it owns.
const SHIPPED: [(&str, &[&str], &[&str]); 8] = [
    ("two-node-uccx.yaml", &["ippa"], &["Cisco Finesse", "Cisco Finesse Secondary"]),
    ("two-node-ucce.yaml", &["ippa-ucce"], &["Finesse Agent", "Finesse Agent Backup"]),
    (
        "reference.yaml",
        &["ippa-reference", "rmcm"],
        &["Cisco Finesse", "Finesse IPPA", "Finesse IPPA Secondary", "CAD IP Agent"],
    ),
    (
        "enterprise-subscription.yaml",
        &["ippa-enterprise"],
        &["Finesse for All", "Finesse for All Backup"],
    ),
    (
        "self-care.yaml",
        &["ippa-self-care"],
        &["Finesse by Self Care", "Finesse by Self Care Backup"],
    ),
    (
        "extension-mobility.yaml",
        &["ippa-mobility", "rmcm"],
        &["Finesse Mobility", "Finesse Mobility Backup"],
    ),
    ("pcce-site.yaml", &["ippa-pcce"], &["Finesse Main", "Finesse Main Backup"]),
    ("hot-desk.yaml", &["ippa-hot-desk"], &["Finesse Hot Desk", "Finesse Hot Desk Backup"]),
];
const ALL: &str = "replace-service,clear-values,cluster-wide,removal,sql,restart,phone-reset";

/// A laboratory with the shipped playbooks in it.
fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab
}

fn writes(lab: &Lab) -> u64 {
    lab.requests()["writes"].as_u64().unwrap()
}

fn apply(lab: &Lab, playbook: &str) {
    let mut words: Vec<String> =
        ["apply", playbook, "--yes", "--allow", ALL].map(str::to_owned).into();
    words.extend(by_hand(lab, playbook));
    lab.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
}

/// Does what is left to a person, and gives the flags that say so.
fn by_hand(lab: &Lab, playbook: &str) -> Vec<String> {
    let plan = lab.run(&["plan", playbook, "--output", "json"]).expect(0).json();
    let steps = plan["deployments"][0]["steps"].as_array().unwrap().clone();
    let mut flags = Vec::new();
    for step in steps.iter().filter(|step| step["kind"] == "finesse-settings") {
        let Some(id) = step["operator"]["id"].as_str() else { continue };
        let user = step["changes"][0]["after"].clone();
        let act = json!({"user": user, "password": "Conformance1"});
        lab.control("POST", "/operator/finesse-settings", &act);
        flags.push("--operator-done".to_owned());
        flags.push(format!("{id}={}", step["operator"]["token"].as_str().unwrap()));
    }
    flags
}

/// What no playbook of these tests owns: everything but the application user, the declared services and the
/// subscriptions to them.
fn foreign(dump: &Value, users: &[&str], services: &[&str]) -> Value {
    fn names(value: &Value, taken: &[&str]) -> bool {
        value.as_object().is_some_and(|row| {
            row.values().any(|cell| cell.as_str().is_some_and(|text| taken.contains(&text)))
        })
    }
    fn strip(value: &Value, taken: &[&str]) -> Value {
        match value {
            Value::Array(rows) => Value::Array(
                rows.iter().filter(|row| !names(row, taken)).map(|row| strip(row, taken)).collect(),
            ),
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .filter(|(name, _)| !taken.contains(&name.as_str()))
                    .map(|(name, value)| (name.clone(), strip(value, taken)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }
    strip(&without_settings(dump), &[users, services].concat())
}

/// Without what phone settings, Self Care and Finesse own: two elements, a parameter, a group of agents, the nodes.
fn without_settings(dump: &Value) -> Value {
    let mut dump = dump.clone();
    let sections = dump.as_object_mut().unwrap();
    sections.retain(|name, _| name != "finesse" && name != "running_phones");
    plain(&dump)
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let kept = items.iter().filter(|item| **item != json!("Standard CCM End Users"));
            Value::Array(kept.map(plain).collect())
        }
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| !name.ends_with("/SelfCarePortalDefaultServer"))
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect(),
        ),
        Value::String(text) => match without_elements(text) {
            text if text.is_empty() => Value::Null,
            text => Value::String(text),
        },
        other => other.clone(),
    }
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

#[test]
fn every_shipped_playbook_converges() {
    for (playbook, ..) in SHIPPED {
        let lab = lab();
        apply(&lab, playbook);
        lab.run(&["plan", playbook, "--detailed-exitcode"]).expect(0);
        lab.run(&["verify", playbook]).expect(0);
        lab.reset();
        apply(&lab, playbook);
        assert_eq!(writes(&lab), 0, "{playbook}: {}", lab.requests());
    }
}

#[test]
fn nothing_else_is_touched() {
    for (playbook, users, services) in SHIPPED {
        let lab = lab();
        let before = foreign(&lab.dump(), users, services);
        assert!(before.to_string().contains("Weather"), "the dump speaks of other services");
        apply(&lab, playbook);
        let after = foreign(&lab.dump(), users, services);
        for (section, before) in before.as_object().unwrap() {
            assert_eq!(*before, after[section], "{playbook}: {section}");
        }
    }
}

/// A change made at another console, and what `verify` says of it.
struct Drift {
    what: &'static str,
    sql: &'static str,
    check: &'static str,
    object: &'static str,
}

const SUBSCRIPTION: &str = "fkdevice in (select pkid from device where name = 'SEP001122330003') \
     and fktelecasterservice in (select pkid from telecasterservice where name = 'Cisco Finesse')";

const DRIFTS: [Drift; 6] = [
    Drift {
        what: "unsubscribed from one service",
        sql: "delete from telecastersubscribedservice where SUBSCRIPTION",
        check: "subscription-one-service-only",
        object: "SEP001122330003",
    },
    Drift {
        what: "parameter renamed",
        sql: "update telecasterserviceparameter set name = 'ID' where name = 'id' and fktelecasterservice in \
              (select pkid from telecasterservice where name = 'Cisco Finesse')",
        check: "obsi-parameter-name",
        object: "Cisco Finesse",
    },
    Drift {
        what: "device taken from the controlled devices",
        sql: "delete from applicationuserdevicemap where fkdevice in (select pkid from device where name = \
              'SEP001122330003') and fkapplicationuser in (select pkid from applicationuser where name = 'ippa')",
        check: "phone-not-controlled",
        object: "ippa",
    },
    Drift {
        what: "group removed",
        sql: "delete from applicationuserdirgroupmap where fkapplicationuser in (select pkid from applicationuser \
              where name = 'ippa') and fkdirgroup in (select pkid from dirgroup where name = 'Standard CTI Enabled')",
        check: "app-user-groups",
        object: "ippa",
    },
    Drift {
        what: "secure URL changed",
        sql: "update telecasterservice set secureurltemplate = 'https://elsewhere.example.com:8445/fippa/#DEVICENAME#' \
              where name = 'Cisco Finesse'",
        check: "service-host-not-finesse",
        object: "Cisco Finesse",
    },
    Drift {
        what: "one value changed on one service",
        sql: "update telecastersubscribedservice set serviceurl = \
              'http://fin-a.example.com:8082/fippa/#DEVICENAME#?id=9999&extension=2003&password=demo1003' where SUBSCRIPTION",
        check: "subscription-values-differ",
        object: "SEP001122330003",
    },
];

#[test]
fn changes_by_hand_are_found_and_repaired() {
    let lab = lab();
    let playbook = "two-node-uccx.yaml";
    apply(&lab, playbook);
    let right = lab.dump();
    for drift in DRIFTS {
        lab.sql(&drift.sql.replace("SUBSCRIPTION", SUBSCRIPTION));
        assert_ne!(lab.dump(), right, "{}: nothing was changed", drift.what);
        let found = lab.run(&["verify", playbook, "--output", "json"]).expect(2).json();
        let findings = found["deployments"][0]["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["check"] == drift.check);
        let finding = finding.unwrap_or_else(|| panic!("{}: {findings:#?}", drift.what));
        assert_eq!(finding["object"]["name"], drift.object, "{}", drift.what);
        assert!(finding["declared"]["line"].as_u64().unwrap() > 0, "{}", drift.what);
        assert_ne!(finding["expected"], finding["found"], "{}", drift.what);
        apply(&lab, playbook);
        lab.run(&["verify", playbook]).expect(0);
        assert_eq!(lab.dump(), right, "{}", drift.what);
    }
}

#[test]
fn a_wrong_password_is_tried_once() {
    let lab = lab();
    lab.reset();
    let mut command = lab.command(&["verify", "two-node-uccx.yaml"]);
    let ran =
        crate::lab::Ran::of(&command.env("AXL_PASSWORD", "not-it").output().unwrap()).expect(4);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said.contains("axladmin") && said.contains("cucm-pub.example.com"), "{said}");
    assert_eq!(lab.requests()["unauthorized"]["axladmin"], json!(1), "{}", lab.requests());
}

#[test]
fn a_read_only_account_verifies_and_cannot_apply() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path("two-node-uccx.yaml")).unwrap();
    lab.write("reader.yaml", &text.replace("user: axladmin", "user: axlreader"));
    lab.run(&["verify", "reader.yaml"]).expect(2);
    let ran = lab.run(&["apply", "reader.yaml", "--yes"]).expect(4);
    assert!(ran.stderr.contains("Standard AXL API Access"), "{}", ran.stderr);
}

#[test]
fn without_direct_writes_what_is_left_is_said() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path("two-node-uccx.yaml")).unwrap();
    lab.write("never.yaml", &text.replace("sql_writes: allow", "sql_writes: never"));
    let before = foreign(&lab.dump(), &["ippa"], &["Cisco Finesse", "Cisco Finesse Secondary"]);
    let ran = lab.run(&["apply", "never.yaml", "--yes", "--output", "json"]).expect(3);
    assert!(ran.stdout.contains("Subscribe/Unsubscribe"), "{}", ran.stdout);
    assert_eq!(lab.requests()["sql_writes"], json!(0), "{}", lab.requests());
    let after = foreign(&lab.dump(), &["ippa"], &["Cisco Finesse", "Cisco Finesse Secondary"]);
    assert_eq!(before, after);
}

#[test]
fn a_lost_answer_is_read_back() {
    let lab = lab();
    for operation in [
        "addAppUser",
        "addIpPhoneServices",
        "updateIpPhoneServices",
        "updatePhone",
        "executeSQLUpdate",
    ] {
        lab.control(
            "POST",
            "/faults",
            &json!({"operation": operation, "times": 1, "kind": "drop-after"}),
        );
    }
    apply(&lab, "two-node-uccx.yaml");
    lab.run(&["verify", "two-node-uccx.yaml"]).expect(0);
}

#[test]
fn a_throttling_server_is_waited_for() {
    let lab = lab();
    lab.control("POST", "/faults", &json!({"operation": "updatePhone", "times": 3, "kind": "503"}));
    apply(&lab, "two-node-uccx.yaml");
    lab.run(&["verify", "two-node-uccx.yaml"]).expect(0);
}

#[test]
fn without_direct_writes_the_sandbox_administrator_does_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    for entry in std::fs::read_dir(shipped).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let text = text
            .replace("sql_writes: allow", "sql_writes: never")
            .replace("sql_writes: ask", "sql_writes: never");
        std::fs::write(folder.path().join(entry.file_name()), text).unwrap();
    }
    for (playbook, ..) in SHIPPED {
        let run = |words: &[&str]| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ippactl"));
            command.current_dir(folder.path()).args(words).args(["--sandbox", "--sandbox-state"]);
            crate::lab::Ran::of(&command.arg(format!("{playbook}.db")).output().unwrap())
        };
        let ran = run(&["apply", playbook, "--yes"]).expect(0);
        // The others leave it at the default, which the sandbox's --yes allows.
        let never = ["two-node-uccx.yaml", "two-node-ucce.yaml", "reference.yaml"];
        if never.contains(&playbook) {
            assert!(ran.stderr.contains("the sandbox's administrator does"), "{}", ran.stderr);
        }
        run(&["plan", playbook, "--detailed-exitcode"]).expect(0);
        run(&["verify", playbook]).expect(0);
    }
}
