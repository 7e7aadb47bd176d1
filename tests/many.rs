//! Many deployments in one call, calls that are split, and their reports made into one.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};
use crate::trouble::lab;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ALL: &str = "replace-service,clear-values,cluster-wide,removal,sql,restart";

/// Everything that makes a run speak to Finesse too.
const MORE: &str = "finesse_settings: { mode: operator }\nrestart: { finesse_tomcat: never }\nself_care: { default_server: 10.0.0.10 }\nphone_settings: { scope: phones }\n";

/// The playbook for UCCX as so many deployments, each with a name of its own.
fn sites(lab: &Lab, number: usize, more: &str) -> Vec<String> {
    let text = std::fs::read_to_string(lab.path("two-node-uccx.yaml")).unwrap();
    let site = |index| {
        let name = format!("site-{index}");
        let text = text.replace("deployment: two-node-uccx", &format!("deployment: {name}"));
        let credential =
            "credentials:\n  finesse: { user: finadmin, password: { env: FINESSE_PASSWORD } }";
        let text = text.replacen("credentials:", credential, 1);
        let file = format!("{name}.yaml");
        lab.write(&file, &(text + more));
        file
    };
    (1..=number).map(site).collect()
}

fn words<'a>(command: &'a str, files: &'a [String], flags: &[&'a str]) -> Vec<&'a str> {
    let files = files.iter().map(String::as_str);
    std::iter::once(command).chain(files).chain(flags.iter().copied()).collect()
}

fn late(lab: &Lab, milliseconds: u64) {
    let axl =
        json!({"operation": "*", "kind": "slow", "times": 1_000_000, "slow-ms": milliseconds});
    lab.control("POST", "/faults", &axl);
    let finesse = json!({"kind": "delay", "times": 1_000_000, "delay_ms": milliseconds});
    lab.control("POST", "/finesse/faults", &finesse);
}

#[test]
fn a_wrong_password_is_tried_once_however_many_deployments_meet_the_host_with_it() {
    let lab = lab();
    let files = sites(&lab, 8, MORE);
    late(&lab, 50);
    let tries = |variable: &str, counter: &dyn Fn(&Value) -> Value| {
        lab.reset();
        let mut command = lab.command(&words("verify", &files, &["--output", "json"]));
        let ran = Ran::of(&command.env(variable, "NotTheOne1").output().unwrap()).expect(4);
        let counted = counter(&lab.requests());
        (ran.json()["deployments"].as_array().unwrap().len(), counted)
    };
    let axl = tries("AXL_PASSWORD", &|seen| seen["unauthorized"].clone());
    assert_eq!(axl, (8, json!({"axladmin": 1})));
    let (number, finesse) =
        tries("FINESSE_PASSWORD", &|seen| seen["finesse"]["unauthorized"].clone());
    let hosts = finesse.as_object().unwrap();
    assert!(number == 8 && !hosts.is_empty(), "{finesse}");
    assert!(hosts.values().all(|times| *times == 1), "{finesse}");
}

#[test]
fn twenty_deployments_are_read_side_by_side() {
    let lab = lab();
    let files = sites(&lab, 20, "");
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let few: Vec<&str> = roster.lines().take(4).collect();
    lab.write("few.csv", &few.join("\n"));
    for file in &files {
        let text = std::fs::read_to_string(lab.path(file)).unwrap();
        lab.write(file, &text.replace("roster: two-node-uccx.csv", "roster: few.csv"));
    }
    // The slowest has more to ask, as sites differ; one after the other would still take ten times as long.
    sites(&lab, 1, MORE);
    late(&lab, 50);
    let took = |files: &[String], events: &str| {
        let begun = Instant::now();
        let flags = ["-q", "--output", "json", "--concurrency", "1", "--events", events];
        lab.run(&words("verify", files, &flags)).expect(2);
        begun.elapsed()
    };
    // The times are told and not judged: other tests share the machine. Alone on it they are what the documents say.
    let alone = took(&files[..1], "alone.jsonl");
    let together = took(&files, "together.jsonl");
    let told = format!("one deployment {alone:?}, twenty at once {together:?}\n");
    std::io::stdout().write_all(told.as_bytes()).unwrap();
    let events = std::fs::read_to_string(lab.path("together.jsonl")).unwrap();
    let kinds = events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let kinds: Vec<String> =
        kinds.map(|event| event["event"].as_str().unwrap().to_owned()).collect();
    let first = kinds.iter().position(|kind| kind == "finished").unwrap();
    let begun = kinds.iter().take(first).filter(|kind| *kind == "started").count();
    assert_eq!(begun, 20, "so many had begun when the first was done");
}

/// A document without what differs from run to run.
fn bare(mut document: Value) -> Value {
    let fields = document.as_object_mut().unwrap();
    fields.remove("started");
    fields.remove("tool");
    for deployment in document["deployments"].as_array_mut().unwrap() {
        deployment["counts"].as_object_mut().unwrap().remove("requests");
    }
    document
}

fn merged_is_whole(lab: &Lab, command: &str, playbook: &[String], code: i32) -> Value {
    let whole = lab.run(&words(command, playbook, &["--output", "json"])).expect(code).json();
    let parts: Vec<String> = (1..=4).map(|index| format!("part-{index}.json")).collect();
    for (index, part) in (1..).zip(&parts) {
        let (shard, report) = (format!("{index}/4"), format!("json={part}"));
        lab.run(&words(command, playbook, &["--shard", &shard, "--report", &report]));
    }
    let mut given = vec!["report", "merge", "--output", "json"];
    given.extend(parts.iter().map(String::as_str));
    let merged = lab.run(&given).expect(code).json();
    assert_eq!(bare(merged), bare(whole.clone()), "{command}");
    given.pop();
    let lacking = lab.run(&given).expect(3);
    assert!(lacking.stdout.contains("Part 4 of 4 is missing"), "{}", lacking.stdout);
    whole
}

#[test]
fn the_parts_of_a_deployment_merged_are_the_report_of_one_run() {
    let lab = lab();
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    // A phone that does not exist, and two with one extension.
    let rows = roster.replace("330004,UDP_1004,1004,2004", "330004,UDP_1004,1004,2003");
    lab.write("two-node-uccx.csv", &format!("{}\nSEP0000000000AA,,1005,2099,\n", rows.trim_end()));
    let files = sites(&lab, 1, MORE);
    let whole = merged_is_whole(&lab, "verify", &files, 2);
    let checks: Vec<&str> = whole["deployments"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["check"].as_str())
        .collect();
    for check in ["phone-missing", "subscription-undeclared", "app-user-missing"] {
        assert!(checks.contains(&check), "{check} of {checks:?}");
    }
    merged_is_whole(&lab, "plan", &files, 0);
    let part = std::fs::read_to_string(lab.path("part-2.json")).unwrap();
    let part: Value = serde_json::from_str(&part).unwrap();
    let (part, whole) = (&part["deployments"][0], &whole["deployments"][0]);
    assert_eq!(part["scope"]["shard"], json!({"index": 2, "of": 4}));
    assert_eq!(part["fingerprint"], whole["fingerprint"]);
    let number = |one: &Value| one["steps"].as_array().unwrap().len();
    assert!(0 < number(part) && 2 * number(part) < number(whole));
    lab.write("two-node-uccx.csv", &roster);
    let plain = sites(&lab, 1, "");
    lab.run(&words("apply", &plain, &["--yes", "--allow", ALL])).expect(0);
    lab.sql("update telecastersubscribedservice set serviceurl = replace(serviceurl, 'id=100', 'id=900') where servicename = 'Cisco Finesse' and serviceurl like '%id=100%'");
    lab.sql("delete from telecastersubscribedservice where servicename = 'Cisco Finesse Secondary' and fkdevice in (select pkid from device where name in ('SEP001122330009', 'SEP001122330017'))");
    merged_is_whole(&lab, "verify", &plain, 2);
}

#[test]
fn deployments_are_split_among_calls_and_come_back_in_order() {
    let lab = lab();
    let files = sites(&lab, 5, "");
    let whole = merged_is_whole(&lab, "verify", &files, 2);
    let names: Vec<_> =
        whole["deployments"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(json!(names), json!(["site-1", "site-2", "site-3", "site-4", "site-5"]));
    let twice = lab.run(&["report", "merge", "part-1.json", "part-1.json"]).expect(64);
    assert!(twice.stderr.contains("part 1 of 4 is there twice"), "{}", twice.stderr);
}

#[test]
fn several_are_applied_each_for_itself_and_none_when_one_is_refused() {
    let lab = lab();
    let mut files = vec!["two-node-uccx.yaml".to_owned()];
    let flags = ["--yes", "--allow", ALL, "--events", "events.jsonl"];
    files.push("no-such.yaml".to_owned());
    let refused = lab.run(&words("apply", &files, &flags)).expect(64);
    assert!(refused.stderr.contains("another-playbook-refused"), "{}", refused.stderr);
    files[1] = "two-node-uccx.yaml".to_owned();
    let twice = lab.run(&words("apply", &files, &flags)).expect(64);
    assert!(twice.stderr.contains("deployment-twice"), "{}", twice.stderr);
    assert_eq!(lab.requests()["writes"], 0);
    for (flag, value) in [("--expect", "0123456789abcdef"), ("--canary", "2"), ("--reboot", "x")] {
        let ran = lab.run(&words("apply", &files, &[flag, value])).expect(64);
        assert!(ran.stderr.contains("one deployment"), "{}", ran.stderr);
    }
    files[1] = "two-node-ucce.yaml".to_owned();
    let applied = lab.run(&words("apply", &files, &flags)).expect(0);
    let last = applied.stdout.lines().last().unwrap();
    assert!(last.contains("two-node-uccx ") && last.contains("two-node-ucce "), "{last}");
    let events = std::fs::read_to_string(lab.path("events.jsonl")).unwrap();
    assert!(!events.contains("Conformance1") && !events.contains(crate::lab::AXL));
    let events: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for name in ["two-node-uccx", "two-node-ucce"] {
        let own: Vec<_> = events.iter().filter(|event| event["deployment"] == name).collect();
        assert_eq!(own.first().unwrap()["event"], "started");
        let end = own.last().unwrap();
        assert_eq!((&end["event"], &end["exit_code"]), (&json!("finished"), &json!(0)));
        for kind in ["reading", "applying", "step"] {
            assert!(own.iter().any(|event| event["event"] == kind), "{name} {kind}");
        }
        assert!(own.iter().all(|event| event["schema"] == "ippactl.event/v1"));
    }
    lab.run(&words("plan", &files, &["--detailed-exitcode"])).expect(0);
    let stdout = lab.run(&["verify", "two-node-ucce.yaml", "--events", "-"]).expect(64);
    assert!(stdout.stderr.contains("stdout is the result"), "{}", stdout.stderr);
}

#[cfg(unix)]
#[test]
fn the_scripts_of_the_pipelines_split_and_merge() {
    let lab = lab();
    let files = sites(&lab, 3, "");
    let program = env!("CARGO_BIN_EXE_ippactl");
    let ways: Vec<String> =
        lab.endpoints().iter().map(|(from, to)| format!("--connect-to {from}={to}")).collect();
    let script = |name: &str, words: &[&str]| {
        let mut command = std::process::Command::new("sh");
        command.arg(Path::new(ROOT).join("playbooks/ci").join(name)).args(words);
        command.current_dir(lab.path("")).env("IPPACTL", program).env("FORMATS", "json");
        command.env("AXL_PASSWORD", crate::lab::AXL).env("IPPA_PASSWORD", "Conformance1");
        command.env("FINESSE_PASSWORD", crate::lab::AXL);
        command.env("FLAGS", format!("--state-dir state {}", ways.join(" ")));
        Ran::of(&command.output().unwrap())
    };
    for index in ["1", "2", "3"] {
        let part = script(
            "shard.sh",
            &words(index, &["3".to_owned()], &[&files[0], &files[1], &files[2]]),
        );
        assert!([0, 2].contains(&part.code), "{part:?}");
    }
    script("merge.sh", &["parts/part-1.json", "parts/part-2.json", "parts/part-3.json"]).expect(2);
    let report = std::fs::read_to_string(lab.path("report/ippactl.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["deployments"].as_array().unwrap().len(), 3);
    script("merge.sh", &["parts/part-1.json", "parts/part-3.json"]).expect(3);
}
