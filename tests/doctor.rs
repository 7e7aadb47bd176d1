//! `doctor`: silent about a healthy cluster, and for each fault the line that names it, with a fix and the exit code.

mod faults;
mod phone;

use std::collections::VecDeque;
use std::sync::Mutex;

use ippactl::lint::{Judged, checks};
use serde_json::Value;

use crate::checks::bench::Bench;
use crate::lab::Ran;

/// What goes wrong, and what doctor has to say of it.
pub(crate) struct Fault {
    /// In a few words.
    what: &'static str,
    /// Changes the healthy cluster, the playbook, or what the run is given.
    happens: fn(&Bench),
    /// An environment variable with another value.
    env: Option<(&'static str, &'static str)>,
    /// The id of the line that names it.
    id: &'static str,
    /// Its state, and the exit code.
    ends: &'static [(&'static str, i32)],
}

impl Fault {
    /// The run of doctor after it has happened.
    fn ran(&self) -> Ran {
        let bench = healthy();
        (self.happens)(&bench);
        let mut command = bench.lab.command(&["doctor", "site.yaml", "--output", "json"]);
        if let Some((name, value)) = self.env {
            command.env(name, value);
        }
        Ran::of(&command.output().unwrap())
    }
}

/// A healthy cluster, and a playbook that names every account.
fn healthy() -> Bench {
    let bench = Bench::healthy();
    bench.rewrite(
        "cucm: { publisher: cucm-pub.example.com }",
        "cucm: { publisher: cucm-pub.example.com, platform_ssh: 'cucm-pub.example.com:22' }",
    );
    bench.rewrite(
        "  serviceability:",
        "  cucm_platform: { user: osadmin, password: { env: FINESSE_OS_PASSWORD } }\n  serviceability:",
    );
    bench
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.json()["deployments"][0]["lines"].as_array().cloned().unwrap_or_default()
}

/// Words of which one stands in each fix: a command, or where to click.
const PLACES: [&str; 12] = [
    "ssh-keygen ",
    "utils ",
    "show ",
    "set account name",
    "ippactl ",
    "OS Administration >",
    "Cisco Unified CM Administration >",
    "Cisco Unified Serviceability >",
    "Cisco Finesse Administration",
    "in the playbook",
    "credentials.",
    "Single Sign-On",
];

#[test]
fn a_healthy_cluster_is_all_well() {
    let bench = healthy();
    let before = bench.lab.dump();
    let ran = bench.lab.run(&["doctor", "site.yaml", "--output", "json"]).expect(0);
    let document = ran.json();
    assert_eq!(document["schema"], "ippactl.doctor/v1");
    let lines = lines(&ran);
    let not_well: Vec<&Value> = lines.iter().filter(|line| line["state"] != "ok").collect();
    // The one thing that no read tells.
    assert_eq!(not_well.len(), 1, "{not_well:#?}");
    assert_eq!(not_well[0]["subject"], "AXL write role");
    assert_eq!(not_well[0]["state"], "not checkable");
    for area in ["network", "cucm", "phones", "finesse", "platform"] {
        assert!(lines.iter().any(|line| line["area"] == area), "{area}");
    }
    assert_eq!(bench.lab.requests()["writes"], 0, "{}", bench.lab.requests());
    assert_eq!(bench.lab.dump(), before, "something was changed");
    let text = bench.lab.run(&["doctor", "site.yaml", "--report", "json=seen.json"]).expect(0);
    let last = text.stdout.lines().last().unwrap();
    assert!(last.starts_with("done: ") && last.contains("1 not checkable"), "{last}");
    assert!(text.stdout.contains("cucm-sub1.example.com Cisco CTIManager"), "{}", text.stdout);
    let kept: Value =
        serde_json::from_str(&std::fs::read_to_string(bench.lab.path("seen.json")).unwrap())
            .unwrap();
    assert_eq!(kept["deployments"][0]["lines"].as_array().map(Vec::len), Some(lines.len()));
}

#[test]
fn what_nobody_can_tell_counts_with_strict() {
    let bench = healthy();
    bench.lab.run(&["doctor", "site.yaml", "--strict"]).expect(3);
}

#[test]
fn each_fault_has_its_line_its_fix_and_its_code() {
    let waiting = Mutex::new(faults::FAULTS.iter().collect::<VecDeque<_>>());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(fault) = { waiting.lock().unwrap().pop_front() } {
                    let ended = std::panic::catch_unwind(|| told(fault));
                    if let Err(why) = ended {
                        let why = why.downcast_ref::<String>().cloned().unwrap_or_default();
                        wrong.lock().unwrap().push(format!("{}: {why}", fault.what));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told(fault: &Fault) {
    let ran = fault.ran();
    let lines = lines(&ran);
    let bad: Vec<&Value> = lines.iter().filter(|line| line["state"] != "ok").collect();
    let named: Vec<&Value> = lines.iter().filter(|line| line["check"] == fault.id).collect();
    let fits = |line: &Value| {
        fault.ends.iter().any(|(state, code)| line["state"] == *state && ran.code == *code)
    };
    assert!(
        named.iter().any(|line| fits(line)),
        "exit {}, no line {} {:?}: {bad:#?} {}",
        ran.code,
        fault.id,
        fault.ends,
        ran.stderr
    );
    for line in named {
        let fix = line["fix"].as_str().unwrap_or_default();
        assert!(PLACES.iter().any(|place| fix.contains(place)), "no place in the fix: {line:#}");
        assert!(
            ippactl::lint::check(fault.id).is_some()
                || ippactl::trouble::error_code(fault.id).is_some(),
            "explain does not know {}",
            fault.id
        );
    }
}

/// Checks that doctor judges: each has a fault here. Those of a phone's own web server are found in [`phone`].
#[test]
fn every_check_of_doctor_has_a_fault() {
    let judged = checks().filter(|check| check.judged == Judged::Doctor).map(|check| check.id);
    let missing: Vec<&str> = judged
        .filter(|id| {
            !faults::FAULTS.iter().any(|fault| fault.id == *id) && !id.starts_with("phone-")
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}
