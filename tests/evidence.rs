//! What makes a report evidence: waivers, since when a finding stands, what kind of drift it is, and the chain of kept reports.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::lab::{Lab, Ran};

const PLAYBOOK: &str = "two-node-uccx.yaml";
const WAIVERS: &str = "two-node-uccx.waivers.yaml";

/// A cluster as the playbook wants it, and a phone on which somebody has taken a subscription away.
fn lab() -> (Lab, String) {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab.run(&["apply", PLAYBOOK, "--yes", "--allow", "sql,restart"]).expect(0);
    let phone = "SEP001122330001".to_owned();
    lab.sql(&format!(
        "delete from telecastersubscribedservice where fkdevice = (select pkid from device where name = '{phone}')"
    ));
    (lab, phone)
}

fn waiver(check: &str, object: &str, expires: &str) -> String {
    format!(
        "version: 1\nwaivers:\n  - check: {check}\n    object: {object}\n    owner: jane@example.com\n    reason: moves in March\n    expires: {expires}\n"
    )
}

fn verified(lab: &Lab, words: &[&str], code: i32) -> Value {
    let words = [&["verify", PLAYBOOK, "--output", "json"], words].concat();
    lab.run(&words).expect(code).json()["deployments"][0].clone()
}

/// The findings of this check.
fn of<'a>(deployment: &'a Value, check: &str) -> Vec<&'a Value> {
    let findings = deployment["findings"].as_array().unwrap();
    findings.iter().filter(|finding| finding["check"] == check).collect()
}

#[test]
fn a_waiver_holds_until_its_day_and_hides_nothing() {
    let (lab, phone) = lab();
    let plain = verified(&lab, &[], 2);
    let check = of(&plain, "subscription-missing")[0]["check"].as_str().unwrap().to_owned();
    // Matching: it does not count, and is still there.
    lab.write(WAIVERS, &waiver(&check, "SEP0011*0001", "2999-01-31"));
    let held = verified(&lab, &[], 0);
    assert_eq!(of(&held, &check)[0]["waived"]["owner"], "jane@example.com");
    assert_eq!(held["waivers"][0]["state"], "used");
    let text = lab.run(&["verify", PLAYBOOK]).expect(0);
    assert!(text.stdout.contains("WAIVED: found, and somebody answers for it"), "{}", text.stdout);
    assert!(text.stdout.contains(&phone) && !text.stdout.contains("in sync"), "{}", text.stdout);
    // Expired: what it was for counts again, and it is a finding of its own.
    lab.write(WAIVERS, &waiver(&check, "SEP0011*0001", "2020-01-31"));
    let expired = verified(&lab, &[], 2);
    assert_eq!(of(&expired, "waiver-expired")[0]["declared"]["line"], 3);
    assert!(of(&expired, &check)[0].get("waived").is_none());
    // Unused: said; only with --strict does it count.
    lab.write(WAIVERS, &waiver("phone-web-access", "SEP99*", "2999-01-31"));
    let unused = verified(&lab, &[], 2);
    assert_eq!(of(&unused, "waiver-unused").len(), 1);
    assert_eq!(unused["waivers"][0]["state"], "unused");
    // Wrong: nothing is sent, and the line is shown.
    lab.write(WAIVERS, &waiver("phone-web-acces", "SEP99*", "2999-01-31"));
    lab.reset();
    let wrong = lab.run(&["verify", PLAYBOOK]).expect(64);
    assert!(wrong.stderr.contains("did you mean `phone-web-access`"), "{}", wrong.stderr);
    assert!(wrong.stderr.contains(&format!("{WAIVERS}:3:12")), "{}", wrong.stderr);
    assert_eq!((&lab.requests()["reads"], &lab.requests()["sql_reads"]), (&0.into(), &0.into()));
    // Elsewhere, by name.
    fs::rename(lab.path(WAIVERS), lab.path("elsewhere.yaml")).unwrap();
    verified(&lab, &[], 2);
    lab.run(&["verify", PLAYBOOK, "--waivers", "elsewhere.yaml"]).expect(64);
    let missing = lab.run(&["verify", PLAYBOOK, "--waivers", "nowhere.yaml"]).expect(64);
    assert!(missing.stderr.contains("waivers-unreadable"), "{}", missing.stderr);
}

#[test]
fn drift_is_told_from_a_newer_declaration() {
    let (lab, phone) = lab();
    let kind = |lab: &Lab, object: &str| {
        let seen = verified(lab, &[], 2);
        let findings = seen["findings"].as_array().unwrap();
        let own = findings.iter().find(|finding| finding["object"]["name"] == object);
        own.unwrap_or_else(|| panic!("nothing of {object}"))["drift"].clone()
    };
    assert_eq!(kind(&lab, &phone), "changed outside");
    // A row that is newer than the last apply.
    let roster = fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let row = roster.lines().find(|line| line.contains("SEP001122330002")).unwrap();
    let newer = roster.replace(row, &row.replace("2002", "2902"));
    assert!(newer != roster);
    lab.write("two-node-uccx.csv", &newer);
    assert_eq!(kind(&lab, "SEP001122330002"), "pending");
    // Somebody who remembers nothing can only say so.
    fs::remove_dir_all(lab.path("state")).unwrap();
    assert_eq!(kind(&lab, &phone), "unknown");
}

#[test]
fn findings_are_dated_and_an_edited_or_rebuilt_chain_is_found() {
    let (lab, phone) = lab();
    lab.write("key", "a key of this test\n");
    let keep = ["--history", "kept", "--history-key", "key"];
    let verify =
        |code| -> Ran { lab.run(&[&["verify", PLAYBOOK][..], &keep].concat()).expect(code) };
    let first = verified(&lab, &keep, 2);
    let finding = |deployment: &Value| {
        let own = deployment["findings"].as_array().unwrap().iter();
        own.clone().find(|finding| finding["object"]["name"] == *phone).unwrap().clone()
    };
    let seen = finding(&first)["first_seen"].clone();
    assert!(seen.is_string() && finding(&first).get("last_ok").is_none(), "{}", finding(&first));
    let second = verified(&lab, &keep, 2);
    assert_eq!(finding(&second)["first_seen"], seen);
    // Put right and broken again: it has a new beginning, and was all right between.
    lab.run(&["apply", PLAYBOOK, "--yes", "--allow", "sql,restart"]).expect(0);
    let printed = verify(0);
    let head =
        printed.stdout.lines().find_map(|line| line.strip_prefix("history 3 reports: head "));
    let head =
        head.unwrap_or_else(|| panic!("{}", printed.stdout)).split(',').next().unwrap().to_owned();
    lab.sql(&format!(
        "delete from telecastersubscribedservice where fkdevice = (select pkid from device where name = '{phone}')"
    ));
    let fourth = verified(&lab, &keep, 2);
    assert!(finding(&fourth)["last_ok"].is_string(), "{}", finding(&fourth));
    let check = |words: &[&str], code| {
        lab.run(&[&["report", "verify-chain", "kept"][..], words].concat()).expect(code)
    };
    check(&["--history-key", "key", "--head", &head], 0);
    let without = check(&[], 0);
    assert!(without.stdout.contains("not checked: the heads"), "{}", without.stdout);
    // What differs between two of them.
    let differs =
        lab.run(&["report", "diff", "kept/000003-verify.json", "kept/000004-verify.json"]);
    assert!(differs.expect(2).stdout.contains(&phone));
    lab.run(&["report", "diff", "kept/000003-verify.json", "kept/000003-verify.json"]).expect(0);
    // One byte.
    let path = lab.path("kept/000002-verify.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen(&phone, "SEP001122330009", 1)).unwrap();
    let edited = check(&["--history-key", "key"], 1);
    assert!(edited.stdout.contains("000002-verify.json has been changed"), "{}", edited.stdout);
    fs::write(&path, text).unwrap();
    // All of it, made anew without the key.
    let refused = lab.run(&["verify", PLAYBOOK, "--history", "kept"]).expect(64);
    assert!(refused.stderr.contains("history-key"), "{}", refused.stderr);
    fs::rename(lab.path("kept"), lab.path("true")).unwrap();
    lab.run(&["verify", PLAYBOOK, "--history", "kept"]).expect(2);
    assert!(check(&["--history-key", "key"], 1).stdout.contains("made without the key"));
    assert!(check(&["--head", &head], 1).stdout.contains("it is another one"));
}
