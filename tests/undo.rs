//! `undo`: what a run changed is as it was before, but for what is named; what somebody changed since stays theirs.

use std::path::Path;

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

const ALLOW: &str = "replace-service,clear-values,cluster-wide,removal,sql,restart,phone-reset";
const PLAYBOOK: &str = "two-node-uccx.yaml";

fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab
}

fn apply(lab: &Lab, playbook: &str) -> Ran {
    lab.run(&["apply", playbook, "--yes", "--allow", ALLOW])
}

fn undo(lab: &Lab) -> Ran {
    lab.run(&["undo", "--yes", "--allow", "cluster-wide,sql"])
}

/// The cluster's configuration. How often phones took theirs is left out, and an empty `vendorConfig` is none: no
/// interface writes an absent one.
fn configuration(lab: &Lab) -> Value {
    let mut dump = lab.dump();
    for phone in dump["running_phones"].as_object_mut().unwrap().values_mut() {
        phone.as_object_mut().unwrap().remove("applied");
    }
    for profile in dump["common_phone_profiles"].as_object_mut().unwrap().values_mut() {
        if profile["vendor_config"] == "" {
            profile["vendor_config"] = Value::Null;
        }
    }
    dump
}

#[track_caller]
fn same(before: &Value, after: &Value, what: &str) {
    let sections = before.as_object().unwrap().keys();
    let differ: Vec<&String> = sections.filter(|name| before[*name] != after[*name]).collect();
    assert!(
        differ.is_empty(),
        "{what}: {differ:?}\n{}\n{}",
        before[differ[0].as_str()],
        after[differ[0].as_str()]
    );
}

#[test]
fn each_shipped_playbook_is_taken_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    let mut playbooks = 0;
    for playbook in names.iter().filter(|name| name.contains(".yaml")) {
        let lab = lab();
        let before = configuration(&lab);
        let applied = apply(&lab, playbook);
        assert!([0, 3].contains(&applied.code), "{playbook}: {}{}", applied.stdout, applied.stderr);
        assert_ne!(configuration(&lab), before, "{playbook}");
        let undone = undo(&lab);
        assert_eq!(undone.code, 0, "{playbook}: {}{}", undone.stdout, undone.stderr);
        same(&before, &configuration(&lab), playbook);
        playbooks += 1;
    }
    assert!(playbooks >= 8);
}

#[test]
fn a_run_that_was_taken_back_is_over_and_can_be_made_again() {
    let lab = lab();
    let before = configuration(&lab);
    apply(&lab, PLAYBOOK).expect(0);
    let applied = configuration(&lab);
    let shown = lab.run(&["undo", "--dry-run"]).expect(0);
    assert!(shown.stdout.contains("application user ippa"), "{}", shown.stdout);
    same(&applied, &configuration(&lab), "a dry run");
    lab.run(&["undo"]).expect(5);
    same(&applied, &configuration(&lab), "without confirmation");
    undo(&lab).expect(0);
    let again = lab.run(&["undo", "--yes"]).expect(64);
    assert!(again.stderr.contains("run-unknown"), "{}", again.stderr);
    let runs = lab.run(&["runs", "--output", "json"]).expect(0).json();
    let runs = runs["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    let named = lab.run(&["undo", runs[0]["run"].as_str().unwrap(), "--yes"]).expect(0);
    assert!(named.stdout.contains("everything is as it was"), "{}", named.stdout);
    // An undo is a run, and can be taken back by its name.
    let back = lab.run(&["undo", runs[1]["run"].as_str().unwrap(), "--yes", "--allow", "sql"]);
    // Subscriptions held passwords, which are not kept without a seal.
    let back = back.expect(3);
    assert!(back.stdout.contains("left to an operator"), "{}", back.stdout);
    let services = |dump: &Value| dump["phone_services"].clone();
    assert_eq!(services(&configuration(&lab)), services(&applied));
    apply(&lab, PLAYBOOK).expect(0);
    assert_eq!(configuration(&lab)["devices"], applied["devices"]);
    assert_ne!(configuration(&lab), before);
}

#[test]
fn what_somebody_changed_since_stays_theirs_and_everything_else_goes_back() {
    let lab = lab();
    let before = configuration(&lab);
    apply(&lab, PLAYBOOK).expect(0);
    let theirs = "update telecastersubscribedservice set serviceurl = 'http://somebody.example.com/' \
                  where fkdevice = (select pkid from device where name = 'SEP001122330003') \
                  and servicename = 'Cisco Finesse'";
    lab.sql(theirs);
    let ran = lab.run(&["undo", "--yes", "--allow", "sql", "--full"]).expect(5);
    assert!(
        ran.stdout.contains("somebody has changed it since: Cisco Finesse: URL"),
        "{}",
        ran.stdout
    );
    let after = configuration(&lab);
    let phones = |dump: &Value| dump["devices"].as_object().unwrap().clone();
    let (was, is) = (phones(&before), phones(&after));
    let differ: Vec<&String> = was.keys().filter(|name| was[*name] != is[*name]).collect();
    assert_eq!(differ, ["SEP001122330003"]);
    let theirs = is["SEP001122330003"].to_string();
    assert!(
        theirs.contains("somebody.example.com") && theirs.contains("Cisco Finesse"),
        "{theirs}"
    );
    // The services cannot go while the phone is subscribed to them, and it would lose its subscriptions.
    assert!(after["phone_services"]["Cisco Finesse Secondary"].is_object());
    assert!(ran.stdout.contains("are subscribed to it, which would lose it"), "{}", ran.stdout);
    assert_eq!(after["application_users"], before["application_users"]);
}

/// A phone that had a subscription with a password before, which the playbook writes over.
fn with_a_password(seal: &str) -> (Lab, Value) {
    let lab = lab();
    apply(&lab, PLAYBOOK).expect(0);
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    lab.write(PLAYBOOK, &format!("{text}\n{seal}\n"));
    for (column, scheme) in [("serviceurl", "http"), ("secureserviceurl", "https")] {
        lab.sql(&format!(
            "update telecastersubscribedservice set {column} = '{scheme}://old/x?id=7&password=Old5ecret' \
             where fkdevice = (select pkid from device where name = 'SEP001122330003') \
             and servicename = 'Cisco Finesse'"
        ));
    }
    let before = configuration(&lab);
    (lab, before)
}

#[test]
fn a_password_that_was_there_before_comes_back_only_from_a_seal() {
    for seal in ["", "journal: { seal: { env: JOURNAL_KEY } }"] {
        let (lab, before) = with_a_password(seal);
        let keyed = |key: &str, words: &[&str]| {
            Ran::of(&lab.command(words).env("JOURNAL_KEY", key).output().unwrap())
        };
        keyed("a key", &["apply", PLAYBOOK, "--yes", "--allow", ALLOW]).expect(0);
        assert_ne!(configuration(&lab), before);
        if !seal.is_empty() {
            // With another key nothing opens.
            let ran = keyed("another", &["undo", "--dry-run"]).expect(0);
            assert!(
                ran.stdout.contains("the journal does not have what was there"),
                "{}",
                ran.stdout
            );
        }
        let code = if seal.is_empty() { 3 } else { 0 };
        let ran = keyed("a key", &["undo", "--yes", "--allow", "sql"]).expect(code);
        if seal.is_empty() {
            assert!(ran.stdout.contains("left to an operator"), "{}", ran.stdout);
            assert!(ran.stdout.contains("Cisco Finesse: URL"), "{}", ran.stdout);
        } else {
            same(&before, &configuration(&lab), "sealed");
        }
        for entry in
            std::fs::read_dir(lab.path("state/two-node-uccx@cucm-pub.example.com/runs")).unwrap()
        {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            assert!(!text.contains("Old5ecret"), "{text}");
        }
    }
}

#[test]
fn an_undo_that_is_killed_is_finished_by_the_next() {
    let lab = lab();
    let before = configuration(&lab);
    apply(&lab, PLAYBOOK).expect(0);
    lab.reset();
    let slow = json!({"operation": "write", "times": 100_000, "kind": "slow", "slow-ms": 20});
    lab.control("POST", "/faults", &slow);
    let words = ["undo", "--yes", "--allow", "sql"];
    let mut running = lab.command(&words).stdout(std::process::Stdio::null()).spawn().unwrap();
    while lab.requests()["performed_writes"].as_u64().unwrap() < 9 {}
    running.kill().unwrap();
    running.wait().unwrap();
    lab.control("DELETE", "/faults", &Value::Null);
    // The undo that was broken off is not what is meant, and the run is named.
    let runs = lab.run(&["runs", "--output", "json"]).expect(0).json();
    assert_eq!(runs["runs"][1]["ended"], Value::Null);
    let run = runs["runs"][0]["run"].as_str().unwrap().to_owned();
    lab.run(&["undo", &run, "--yes", "--allow", "sql"]).expect(0);
    same(&before, &configuration(&lab), "killed and run again");
}

#[test]
fn runs_are_listed_and_shown_without_a_secret() {
    let lab = lab();
    apply(&lab, PLAYBOOK).expect(0);
    let list = lab.run(&["runs"]).expect(0);
    assert!(list.stdout.contains("two-node-uccx"), "{}", list.stdout);
    let all = lab.run(&["runs", "--output", "json"]).expect(0).json();
    let run = all["runs"][0]["run"].as_str().unwrap();
    let shown = lab.run(&["runs", "show", &run[..18]]).expect(0);
    for text in ["phone SEP001122330003", "Cisco Finesse: URL", "(secret)", "done"] {
        assert!(shown.stdout.contains(text), "{text}: {}", shown.stdout);
    }
    assert!(!shown.stdout.contains("Conformance1"));
    let journal = all["runs"][0]["journal"].as_str().unwrap();
    lab.run(&["runs", "show", journal]).expect(0);
    lab.run(&["runs", "show", "1999"]).expect(64);
    let other = lab.path("other.yaml");
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    std::fs::write(&other, text.replace("deployment: two-node-uccx", "deployment: other")).unwrap();
    let ran = lab.run(&["undo", "--playbook", "other.yaml", "--yes"]).expect(5);
    assert!(ran.stderr.contains("run-of-another"), "{}", ran.stderr);
}

#[test]
fn what_finesse_holds_is_named_with_who_was_there_before_and_restarts_with_nothing_to_do() {
    let lab = crate::restarts::lab_with(&[], crate::restarts::REST);
    lab.control("POST", "/operator/finesse-settings", &json!({"user": "old", "password": "x"}));
    lab.run(&crate::restarts::APPLY).expect(0);
    let settings = lab.dump()["finesse"].clone();
    let ran = lab.run(&["undo", "--yes"]).expect(3);
    for text in ["user name", "old", "left to an operator", "restart Cisco Finesse Tomcat"] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
    assert_eq!(lab.dump()["finesse"], settings, "what Finesse holds is not written");
    assert!(lab.dump()["application_users"]["ippa"].is_null());
}
