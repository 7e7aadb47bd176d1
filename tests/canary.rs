//! `--canary` and `--retry-failed`: a few first, and later only what did not end well.

use std::path::Path;

use serde_json::json;

use crate::lab::Lab;

const PLAYBOOK: &str = "two-node-ucce.yaml";

fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab
}

/// Devices that are subscribed to the playbook's service.
fn subscribed(lab: &Lab) -> usize {
    let dump = lab.dump();
    let devices = dump["devices"].as_object().unwrap().values();
    devices.filter(|device| device.to_string().contains("\"Finesse Agent\"")).count()
}

#[test]
fn a_few_go_first_and_the_others_only_when_these_are_right() {
    let words = ["apply", PLAYBOOK, "--yes", "--allow", "sql,restart", "--canary", "3"];
    let right = lab();
    let ran = right.run(&words).expect(0);
    assert!(ran.stderr.contains("3 devices first, 9 wait"), "{}", ran.stderr);
    assert_eq!(subscribed(&right), 12);
    let wrong = lab();
    let fault = json!({"operation": "updatePhone", "times": 1, "kind": "fault", "code": 5003, "text": "Device is broken"});
    wrong.control("POST", "/faults", &fault);
    let ran = wrong.run(&words).expect(1);
    assert!(ran.stderr.contains("canary-failed"), "{}", ran.stderr);
    assert!(ran.stdout.contains("not begun"), "{}", ran.stdout);
    assert_eq!(subscribed(&wrong), 2);
    wrong.run(&words).expect(0);
    assert_eq!(wrong.dump()["devices"], right.dump()["devices"]);
}

#[test]
fn only_what_failed_is_tried_again() {
    let lab = lab();
    let plain = ["apply", PLAYBOOK, "--yes", "--allow", "sql,restart"];
    let fault = json!({"operation": "updatePhone", "times": 2, "kind": "fault", "code": 5003, "text": "Device is broken"});
    lab.control("POST", "/faults", &fault);
    let ran = lab.run(&plain).expect(1);
    assert!(ran.stdout.contains("2 failed"), "{}", ran.stdout);
    assert_eq!(subscribed(&lab), 10);
    // Somebody breaks another phone meanwhile: it is not what is asked for.
    lab.sql(
        "delete from telecastersubscribedservice where fkdevice = (select pkid from device where name = 'SEP001122330036')",
    );
    let retry = [&plain[..], &["--retry-failed"]].concat();
    lab.reset();
    // What it left alone still differs, and is said.
    let ran = lab.run(&retry).expect(2);
    assert!(ran.stdout.contains("2 steps: 2 done"), "{}", ran.stdout);
    assert_eq!(subscribed(&lab), 11);
    let others = lab.dump()["devices"]["SEP001122330036"].to_string();
    assert!(!others.contains("Finesse Agent"), "{others}");
    let nothing = lab.run(&retry).expect(64);
    assert!(nothing.stderr.contains("nothing-to-retry"), "{}", nothing.stderr);
    lab.run(&plain).expect(0);
    assert_eq!(subscribed(&lab), 12);
}
