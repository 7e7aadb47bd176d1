//! Restarts of Tomcat: in order, once, and never at the wrong time.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

pub(crate) const REST: &str = r#"
finesse_settings:
  mode: rest
  path: /finesse/api/IPPhoneAgentSettings
  body: "<IPPhoneAgentSettings><username>{{ user }}</username><password>{{ password }}</password></IPPhoneAgentSettings>"
  read_back: { path: /finesse/api/IPPhoneAgentSettings, user: "//username" }
"#;
pub(crate) const OPERATOR: &str = "\nfinesse_settings: { mode: operator }\n";
pub(crate) const APPLY: [&str; 5] = ["apply", "site.yaml", "--yes", "--allow", "restart"];

/// A site with three agents, and these sections more.
pub(crate) fn lab_with(flags: &[&str], more: &str) -> Lab {
    let lab = Lab::start(flags);
    write(&lab, more);
    lab
}

fn write(lab: &Lab, more: &str) {
    let text = format!(
        r#"version: 1
deployment: site
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  finesse: {{ user: finadmin, password: {{ env: FINESSE_PASSWORD }} }}
  finesse_platform: {{ user: osadmin, password: {{ env: FINESSE_OS_PASSWORD }} }}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_services: {{ primary: {{ name: Desk A }}, secondary: {{ name: Desk B }}, sql_writes: allow }}
agents: {{ roster: [{{ device: SEP001122330020 }}, {{ device: SEP001122330021 }}, {{ device: SEP001122330022 }}] }}
{}
{more}"#,
        lab.pins()
    );
    lab.write("site.yaml", &text);
}

/// Numbers of the events of a kind, for one node where it is named.
pub(crate) fn numbers(events: &[Value], kind: &str, node: Option<&str>) -> Vec<u64> {
    let of = |event: &&Value| {
        event["kind"] == kind
            && node.is_none_or(|node| event["node"] == format!("{node}.example.com"))
    };
    events.iter().filter(of).map(|event| event["number"].as_u64().unwrap()).collect()
}

pub(crate) fn restarts(lab: &Lab) -> (usize, usize) {
    let events = lab.events();
    let of = |node| numbers(&events, "tomcat-restart-begun", Some(node)).len();
    (of("fin-a"), of("fin-b"))
}

/// Adds a window that is closed now; the playbook before.
fn close_windows(lab: &Lab) -> String {
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    // The minute that begins twelve hours from now, or was twelve hours ago.
    let hour = (time::OffsetDateTime::now_utc().hour() + 12) % 24;
    let window =
        format!("windows: [{{ from: \"{hour:02}:00\", to: \"{hour:02}:01\", zone: UTC }}]");
    lab.write("site.yaml", &format!("{text}\n{window}\n"));
    text
}

#[test]
fn settings_primary_gate_secondary() {
    let slow =
        ["--tomcat-started-ms", "300", "--in-service-ms", "1500", "--replication-ms", "4000"];
    let lab = lab_with(&slow, REST);
    lab.run(&APPLY).expect(0);
    let events = lab.events();
    let one = |kind: &str, node: Option<&str>| {
        let found = numbers(&events, kind, node);
        assert_eq!(found.len(), 1, "{kind} {node:?}: {events:#?}");
        found[0]
    };
    let saved = one("settings-saved", None);
    let first = one("tomcat-restart-begun", Some("fin-a"));
    let back = one("in-service", Some("fin-a"));
    let second = one("tomcat-restart-begun", Some("fin-b"));
    let replicated = *numbers(&events, "replication-complete", None)
        .iter()
        .find(|number| **number > first)
        .unwrap_or_else(|| panic!("never replicated: {events:#?}"));
    assert!(saved < first && first < back, "{events:#?}");
    assert!(back < second, "the secondary went down before the primary was back: {events:#?}");
    assert!(replicated < second, "the secondary went down before it had the settings: {events:#?}");
    let running = events
        .iter()
        .rfind(|event| event["kind"] == "in-service" && event["node"] == "fin-b.example.com");
    assert_eq!(running.unwrap()["running_user"], "ippa");
}

#[test]
fn nothing_is_restarted_twice() {
    let lab = lab_with(&[], REST);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
    lab.run(&["verify", "site.yaml"]).expect(0);
    lab.reset();
    lab.run(&APPLY).expect(0);
    assert_eq!(lab.requests()["writes"], json!(0));
    assert_eq!(restarts(&lab), (1, 1));
}

#[test]
fn killed_between_save_and_restart() {
    let lab = lab_with(&[], REST);
    // The shell lets the run wait long enough to be killed.
    lab.control("POST", "/ssh", &json!({"knobs": {"prompt_delay_ms": 3000}}));
    let mut command = lab.command(&APPLY);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while numbers(&lab.events(), "settings-saved", None).is_empty() {
        assert!(running.try_wait().unwrap().is_none(), "it ended before it saved");
    }
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(restarts(&lab), (0, 0));
    lab.control("POST", "/ssh", &json!({"knobs": {"prompt_delay_ms": 0}}));
    let ran = lab.run(&["verify", "site.yaml"]);
    assert!(ran.stdout.contains("tomcat-restart-pending"), "{}", ran.stdout);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1), "a restart that was made up for is owed no more");
}

#[test]
fn wrong_passwords_are_tried_once() {
    let lab = lab_with(&[], REST);
    let mut command = lab.command(&APPLY);
    let ran = Ran::of(&command.env("FINESSE_PASSWORD", "not-it").output().unwrap()).expect(4);
    assert!(ran.stderr.contains("finadmin") && ran.stderr.contains("fin-a"), "{}", ran.stderr);
    let counted = lab.requests();
    assert_eq!(
        counted["finesse"]["unauthorized"],
        json!({"finadmin@fin-a.example.com": 1}),
        "{counted:#}"
    );

    let lab = lab_with(&[], REST);
    let mut command = lab.command(&APPLY);
    let ran = Ran::of(&command.env("FINESSE_OS_PASSWORD", "not-it").output().unwrap()).expect(4);
    assert!(ran.stderr.contains("osadmin") && ran.stderr.contains("fin-a"), "{}", ran.stderr);
    let refused =
        lab.events().into_iter().filter(|e| e["kind"] == "ssh-login" && e["ok"] == json!(false));
    assert_eq!(refused.count(), 1, "{:#?}", lab.events());
    assert_eq!(restarts(&lab), (0, 0));
    // The right password the next time: the restart that is owed is made.
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
}

#[test]
fn maintenance_mode_refuses_the_restart_alone() {
    let lab = lab_with(&[], REST);
    lab.control(
        "POST",
        "/finesse",
        &json!({"node": "fin-b.example.com", "maintenance": "in-progress", "knobs": {"maintenance_elements": "always"}}),
    );
    let ran = lab.run(&APPLY).expect(5);
    assert!(ran.stdout.contains("maintenance mode"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (0, 0));
    assert!(lab.dump().to_string().contains("Desk A"), "the rest was done");
}

#[test]
fn nobody_is_thrown_out_without_leave() {
    let lab = lab_with(&[], REST);
    let agents = json!([{"id": "1001", "client": "FIPPA", "device": "SEP001122330001"}]);
    lab.control("POST", "/finesse", &json!({"node": "fin-a.example.com", "signed_in": agents}));
    let ran = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("1 connected"), "{}", ran.stdout);
    let ran = lab.run(&["apply", "site.yaml", "--yes"]).expect(5);
    assert!(ran.stdout.contains("--allow restart"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (0, 0));
    assert_eq!(numbers(&lab.events(), "settings-saved", None).len(), 1, "the save disturbs nobody");
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
}

#[test]
fn outside_of_the_windows_nothing_disturbs() {
    let lab = lab_with(&[], REST);
    let text = close_windows(&lab);
    let ran = lab.run(&APPLY).expect(5);
    assert!(ran.stdout.contains("outside of the windows"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (0, 0));
    lab.write(
        "site.yaml",
        &format!("{text}\nwindows: [{{ from: \"00:00\", to: \"00:00\", zone: UTC }}]\n"),
    );
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
}

#[test]
fn swapped_nodes_are_left_alone() {
    for more in [REST, OPERATOR] {
        let lab = lab_with(&[], more);
        let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
        let swapped = text.replace(
            "primary: fin-a.example.com, secondary: fin-b.example.com",
            "primary: fin-b.example.com, secondary: fin-a.example.com",
        );
        lab.write("site.yaml", &swapped);
        let ran = lab.run(&APPLY).expect(5);
        assert!(ran.stdout.contains("the primary node is fin-a.example.com"), "{}", ran.stdout);
        assert_eq!(restarts(&lab), (0, 0));
        assert_eq!(numbers(&lab.events(), "settings-saved", None).len(), 0);
    }
}

#[test]
fn a_restart_is_made_when_asked_whoever_makes_the_settings() {
    for more in ["", "\nfinesse_settings: { mode: elsewhere }\n"] {
        let lab = lab_with(&[], more);
        lab.run(&[&APPLY[..], &["--restart-now"]].concat()).expect(0);
        assert_eq!(restarts(&lab), (1, 1), "{more}");
    }
}

#[test]
fn a_primary_that_is_back_is_not_restarted_again_while_it_replicates() {
    let lab = lab_with(&["--replication-ms", "8000"], REST);
    let mut command = lab.command(&APPLY);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = || numbers(&lab.events(), "tomcat-restart-begun", Some("fin-a")).pop();
    let back = |begun: u64| {
        let back = numbers(&lab.events(), "in-service", Some("fin-a"));
        back.into_iter().any(|number| number > begun)
    };
    while !begun().is_some_and(back) {
        assert!(running.try_wait().unwrap().is_none(), "it ended before the primary was back");
    }
    // A look at the primary later, it waits for the replication.
    std::thread::sleep(std::time::Duration::from_secs(1));
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(restarts(&lab), (1, 0), "{:#?}", lab.events());
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
}

#[test]
fn a_restart_that_the_shell_refuses_is_not_taken_for_one() {
    let lab = lab_with(&[], REST);
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    // An account of privilege level 0, to which the shell names no state.
    lab.write("site.yaml", &text.replace("osadmin", "osreader"));
    let ran = lab.run(&APPLY).expect(1);
    assert!(ran.stdout.contains("fin-a.example.com did not restart"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (0, 0));
    lab.write("site.yaml", &text);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1), "it was still owed");
}

/// What a node lacks after its restart, how the sandbox is told, and what the message names.
const NOT_BACK: [(&str, &str, &str); 2] = [
    ("proxy-alone", "SystemInfo does not answer", "502"),
    ("out-of-service", "SystemInfo says OUT_OF_SERVICE", "OUT_OF_SERVICE"),
];

#[test]
fn a_primary_that_does_not_come_back_leaves_the_secondary_alone() {
    for (end, why, word) in NOT_BACK {
        let lab = lab_with(&[], &format!("{REST}\nrestart: {{ back_within: 2s }}\n"));
        lab.control("POST", "/finesse", &json!({"knobs": {"restarts_end": end}}));
        not_back(&lab, why, word);
        // The restart was made: none is owed, and the secondary's turn comes once the primary is repaired.
        lab.control("POST", "/finesse", &json!({"knobs": {"restarts_end": "in-service"}}));
        lab.control("POST", "/finesse", &json!({"node": "primary", "tomcat": "restart"}));
        let primary =
            || lab.control("GET", "/finesse", &json!({}))["nodes"]["fin-a.example.com"].clone();
        while primary()["in_service"] != json!(true) {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        lab.run(&APPLY).expect(0);
        assert_eq!(restarts(&lab), (2, 1), "one by hand, none of the tool's again");
    }
}

/// The run fails, names what is missing, and stops before the secondary.
fn not_back(lab: &Lab, why: &str, word: &str) {
    let ran = lab.run(&[&APPLY[..], &["--output", "json"]].concat()).expect(1);
    let document = ran.json();
    let text = document.to_string();
    assert!(text.contains("fin-a.example.com is not back after 2 seconds"), "{document:#}");
    assert!(text.contains(why) && text.contains(word), "{why}: {document:#}");
    assert!(text.contains("the other node was left alone"), "{document:#}");
    let findings = document["deployments"][0]["findings"].as_array().unwrap();
    let found = |check: &str| {
        let own = findings.iter().find(|finding| finding["check"] == check);
        own.unwrap_or_else(|| panic!("no {check}: {document:#}"))
    };
    assert_eq!(found("restart-not-back")["object"]["name"], "fin-a.example.com");
    assert_eq!(found("restart-order")["object"]["name"], "fin-b.example.com");
    assert_eq!(restarts(lab), (1, 0), "{:#?}", lab.events());
}

#[test]
fn a_node_whose_page_for_phones_is_silent_is_not_back() {
    let lab = lab_with(&[], &format!("{REST}\nrestart: {{ back_within: 2s }}\n"));
    let silent = json!({
        "node": "fin-a.example.com", "path": "/fippa/", "kind": "html", "status": 502, "times": 1000,
    });
    lab.control("POST", "/finesse/faults", &silent);
    not_back(&lab, "the page for phones does not answer", "fin-a");
}

#[test]
fn a_node_that_comes_back_late_but_in_time_is_waited_for() {
    let slow = ["--tomcat-started-ms", "200", "--in-service-ms", "1500"];
    let lab = lab_with(&slow, &format!("{REST}\nrestart: {{ back_within: 20s }}\n"));
    let ran = lab.run(&[&APPLY[..], &["--output", "json"]].concat()).expect(0);
    assert!(!ran.stdout.contains("restart-not-back"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (1, 1));
}

#[test]
fn a_plan_says_that_the_windows_are_closed() {
    let lab = lab_with(&[], REST);
    close_windows(&lab);
    let ran = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("apply would refuse: 2 of"), "{}", ran.stdout);
}

#[test]
fn a_single_node_is_restarted_with_a_warning() {
    // What the replication commands show of one server is an open question.
    for answer in ["a-row", "no-row", "a-sentence"] {
        a_single_node(&format!("--answer=vos-12.8={answer}"));
    }
}

fn a_single_node(answer: &str) {
    let lab = lab_with(&["--finesse-secondary", "none", answer], REST);
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let text = text
        .replace(", secondary: fin-b.example.com", "")
        .replace(", secondary: { name: Desk B }", "");
    lab.write("site.yaml", &text);
    let ran = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("no second node"), "{}", ran.stdout);
    assert!(ran.stdout.contains("restart-single-node"), "{}", ran.stdout);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 0));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
    lab.run(&["verify", "site.yaml"]).expect(0);
}
