//! Promise 10: killed anywhere, run again, the same end.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::Lab;

/// Phones of the roster in these tests.
const PHONES: usize = 20;

fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let rows: Vec<&str> = roster.lines().take(PHONES + 1).collect();
    lab.write("two-node-uccx.csv", &rows.join("\n"));
    lab
}

const APPLY: [&str; 3] = ["apply", "two-node-uccx.yaml", "--yes"];

fn performed(lab: &Lab) -> u64 {
    lab.requests()["performed_writes"].as_u64().unwrap()
}

/// An apply that is killed once the server has performed `writes` writes. Whether it was still running.
fn killed_after(lab: &Lab, writes: u64) -> bool {
    let mut command = lab.command(&APPLY);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while performed(lab) < writes {
        if running.try_wait().unwrap().is_some() {
            return false;
        }
    }
    running.kill().unwrap();
    !running.wait().unwrap().success()
}

fn uninterrupted() -> (Value, u64) {
    let lab = lab();
    lab.run(&APPLY).expect(0);
    (lab.dump(), performed(&lab))
}

#[test]
fn killed_at_ten_points_and_run_again() {
    let (right, total) = uninterrupted();
    let mut killed = 0;
    for point in 0..10 {
        let lab = lab();
        // Slow enough that the kill comes between two writes, not after the last.
        let slow = json!({"operation": "write", "times": 100_000, "kind": "slow", "slow-ms": 2});
        lab.control("POST", "/faults", &slow);
        killed += usize::from(killed_after(&lab, 1 + point * (total - 2) / 9));
        lab.control("DELETE", "/faults", &Value::Null);
        lab.run(&APPLY).expect(0);
        assert_eq!(lab.dump(), right, "killed at point {point}");
        lab.run(&["plan", "two-node-uccx.yaml", "--detailed-exitcode"]).expect(0);
    }
    assert!(killed >= 8, "only {killed} of 10 applies were killed while they ran");
}

#[test]
fn a_parameter_repair_killed_anywhere_loses_no_value() {
    // The flags of a parameter that subscribers hold values for: four writes, killed before and after each.
    let wrong = "update telecasterserviceparameter set parampassword = 't' where name = 'id'";
    let (right, _) = uninterrupted();
    for writes in 1..=4 {
        let lab = lab();
        lab.run(&APPLY).expect(0);
        lab.sql(wrong);
        let values = lab.dump();
        lab.reset();
        let slow = json!({"operation": "write", "times": 100_000, "kind": "slow", "slow-ms": 20});
        lab.control("POST", "/faults", &slow);
        killed_after(&lab, writes);
        lab.control("DELETE", "/faults", &Value::Null);
        lab.run(&APPLY).expect(0);
        assert_ne!(values, right);
        assert_eq!(lab.dump(), right, "killed after {writes} writes");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_in_order() {
    let lab = lab();
    let slow = json!({"operation": "write", "times": 100_000, "kind": "slow", "slow-ms": 20});
    lab.control("POST", "/faults", &slow);
    let mut command = lab.command(&APPLY);
    let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while performed(&lab) < 8 {}
    let interrupt = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let ran = crate::lab::Ran::of(&running.wait_with_output().unwrap()).expect(130);
    assert!(ran.stdout.contains("interrupted"), "{}", ran.stdout);
    lab.control("DELETE", "/faults", &Value::Null);
    lab.run(&APPLY).expect(0);
    assert_eq!(lab.dump(), uninterrupted().0);
}

/// A server that is too busy to answer any bulk read.
fn busy(lab: &Lab) {
    let fault = json!({"operation": "executeSQLQuery", "times": 100_000, "kind": "503"});
    lab.control("POST", "/faults", &fault);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_waiting_for_a_busy_server() {
    let lab = lab();
    busy(&lab);
    let queries = || lab.requests()["sql_reads"].as_u64().unwrap();
    let mut command = lab.command(&["verify", "two-node-uccx.yaml"]);
    let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The wait after the fifth is one of four seconds.
    while queries() < 5 {}
    let asked = Instant::now();
    let interrupt = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let ran = crate::lab::Ran::of(&running.wait_with_output().unwrap()).expect(130);
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    assert_eq!(queries(), 5, "{}", ran.stderr);
}

#[test]
fn the_deadline_ends_the_waiting_and_the_whole_call() {
    let lab = lab();
    busy(&lab);
    for words in [
        &["verify", "two-node-uccx.yaml", "two-node-uccx.yaml"][..],
        &["plan", "two-node-uccx.yaml"],
        &["apply", "two-node-uccx.yaml", "--yes"],
    ] {
        let begun = Instant::now();
        let words = [words, &["--deadline", "2"]].concat();
        let ran = lab.run(&words).expect(3);
        assert!(begun.elapsed() < Duration::from_secs(8), "{words:?} {:?}", begun.elapsed());
        assert!(ran.stderr.contains("error[deadline-passed]"), "{words:?}\n{}", ran.stderr);
    }
}
