//! Writes to AXL whose answers are odd: what was done is read back before anything is repeated, and a rerun recovers.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};
use crate::wire::{Elsewhere, PAGE, answer, bomb, envelope, fault, with};

const APPLY: [&str; 5] = ["apply", "two-node-uccx.yaml", "--yes", "--timeout", "1"];
/// Every write of this playbook.
const WRITES: [&str; 6] = [
    "addAppUser",
    "addIpPhoneServices",
    "updateIpPhoneServices",
    "updatePhone",
    "updateDeviceProfile",
    "executeSQLUpdate",
];

/// A site with a short roster.
fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let rows: Vec<&str> = roster.lines().take(15).collect();
    lab.write("two-node-uccx.csv", &rows.join("\n"));
    lab
}

fn undisturbed() -> Value {
    let lab = lab();
    lab.run(&APPLY).expect(0);
    lab.dump()
}

/// An apply that meets the fault once at each of these operations.
fn disturbed(lab: &Lab, fault: &Value, operations: &[&str]) -> Ran {
    for operation in operations {
        let once = json!({"operation": operation, "times": 1});
        lab.control("POST", "/faults", &with(fault.clone(), &once));
    }
    let began = Instant::now();
    let ran = lab.run(&APPLY);
    assert!(began.elapsed() < Duration::from_mins(1), "{fault}: {}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{fault}: {}", ran.stderr);
    ran
}

/// Between a disturbed write and the next one like it, something was read.
fn read_back_first(lab: &Lab, what: &str) {
    let requests = lab.requests();
    let last = requests["last"].as_array().unwrap();
    let same = |a: &Value, b: &Value| {
        a["operation"] == b["operation"] && a["object"] == b["object"] && b["writes"] == json!(true)
    };
    for (at, entry) in last.iter().enumerate().filter(|(_, entry)| entry["injected"] == json!(true))
    {
        let after = &last[at + 1..];
        if let Some(again) = after.iter().position(|other| same(entry, other)) {
            let read = after[..again].iter().any(|other| other["writes"] == json!(false));
            assert!(read, "{what}: {} was repeated unread", entry["operation"]);
        }
    }
}

/// Run again without the fault: the same end as without trouble, and nothing left to do.
fn recovers(lab: &Lab, right: &Value, what: &str) {
    lab.control("DELETE", "/faults", &Value::Null);
    let ran = lab.run(&APPLY);
    assert_eq!(ran.code, 0, "{what}: {}\n{}", ran.stdout, ran.stderr);
    assert_eq!(&lab.dump(), right, "{what}");
    lab.reset();
    lab.run(&APPLY).expect(0);
    assert_eq!(lab.requests()["writes"], json!(0), "{what}");
}

#[test]
fn a_write_that_was_done_and_answered_oddly() {
    let right = undisturbed();
    let odd = |extra: Value| {
        let mut whole = json!({"performed": true});
        for (key, value) in extra.as_object().unwrap() {
            whole[key] = value.clone();
        }
        json!({"kind": "answer", "answer": whole})
    };
    let other = envelope("<ns:getPhoneResponse xmlns:ns='x'><return/></ns:getPhoneResponse>");
    let cases = [
        ("a page with 200", odd(json!({"text": PAGE}))),
        ("a page with 502", odd(json!({"status": 502, "text": PAGE}))),
        ("empty", odd(json!({}))),
        ("truncated", odd(json!({"text": "<soapenv:Envelope xmlns:soapenv='e'><soapenv"}))),
        ("cut off", odd(json!({"text": "<soapenv:Envelope", "cut": true}))),
        ("another operation's element", odd(json!({"text": other}))),
        ("an entity bomb", odd(json!({"text": bomb()}))),
        ("in drips", odd(json!({"filler": "x", "filler_times": 1000, "drip_ms": 100}))),
        ("no answer at all", json!({"kind": "drop-after"})),
    ];
    for (name, fault) in cases {
        let lab = lab();
        let ran = disturbed(&lab, &fault, &WRITES);
        assert!([0, 3].contains(&ran.code), "{name}: {}\n{}\n{}", ran.code, ran.stdout, ran.stderr);
        read_back_first(&lab, name);
        recovers(&lab, &right, name);
    }
}

#[test]
fn a_write_that_was_not_done_and_answered_oddly() {
    let right = undisturbed();
    let elsewhere = Elsewhere::new();
    let location = format!("https://{}/axl/", elsewhere.address);
    let moved = json!({"kind": "answer", "answer": {
        "status": 302, "headers": {"location": location},
    }});
    for (name, fault) in [
        ("a page with 200", answer(200, PAGE)),
        ("empty", answer(200, "")),
        ("closed", json!({"kind": "drop-before"})),
        ("a redirect", moved),
        ("a fault with status 200", answer(200, &fault("axlError", -1, "no"))),
    ] {
        let lab = lab();
        let ran = disturbed(&lab, &fault, &WRITES);
        assert!([0, 1, 3].contains(&ran.code), "{name}: {}\n{}", ran.code, ran.stderr);
        read_back_first(&lab, name);
        recovers(&lab, &right, name);
    }
    assert!(!elsewhere.was_called());
}

#[test]
fn a_write_that_is_refused() {
    let right = undisturbed();
    let told = |code: i64, text: &str| json!({"kind": "fault", "code": code, "text": text});
    let duplicate = "Could not insert new row - duplicate value in a UNIQUE INDEX column";
    let missing = "Missing key in referenced table for referential constraint (informix.fk_x)";
    let rule = "Directory number may not be blank when a line is associated with it";
    let cases = [
        ("-239", told(-239, duplicate), "addAppUser", 1, "error[axl-duplicate]"),
        ("5003", told(5003, "Item not valid: not found"), "updatePhone", 1, "(5003)"),
        ("-691", told(-691, missing), "executeSQLUpdate", 1, "(-691)"),
        ("a rule", told(4711, rule), "addIpPhoneServices", 1, "Directory number may not"),
        ("401", json!({"kind": "401"}), "addAppUser", 4, "error[axl-role-missing]"),
        ("403", json!({"kind": "403"}), "addAppUser", 4, "error[axl-role-missing]"),
        ("404", json!({"kind": "404"}), "updatePhone", 0, ""),
        ("429", json!({"kind": "429"}), "updatePhone", 0, ""),
        ("503", json!({"kind": "503"}), "updatePhone", 0, ""),
    ];
    for (name, fault, operation, code, says) in cases {
        let lab = lab();
        let ran = disturbed(&lab, &fault, &[operation]);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, code, "{name}: {all}");
        assert!(all.contains(says), "{name}: no {says:?} in {all}");
        recovers(&lab, &right, name);
    }
}
