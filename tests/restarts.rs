//! Finesse's own settings and the restarts that they need: in order, once, and never at the wrong time.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

const REST: &str = r#"
finesse_settings:
  mode: rest
  path: /finesse/api/IPPhoneAgentSettings
  body: "<IPPhoneAgentSettings><username>{{ user }}</username><password>{{ password }}</password></IPPhoneAgentSettings>"
  read_back: { path: /finesse/api/IPPhoneAgentSettings, user: "//username" }
"#;
const OPERATOR: &str = "\nfinesse_settings: { mode: operator }\n";
const APPLY: [&str; 5] = ["apply", "site.yaml", "--yes", "--allow", "restart"];

/// A site with three agents, and these sections more.
fn lab_with(flags: &[&str], more: &str) -> Lab {
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
fn numbers(events: &[Value], kind: &str, node: Option<&str>) -> Vec<u64> {
    let of = |event: &&Value| {
        event["kind"] == kind
            && node.is_none_or(|node| event["node"] == format!("{node}.example.com"))
    };
    events.iter().filter(of).map(|event| event["number"].as_u64().unwrap()).collect()
}

fn restarts(lab: &Lab) -> (usize, usize) {
    let events = lab.events();
    let of = |node| numbers(&events, "tomcat-restart-begun", Some(node)).len();
    (of("fin-a"), of("fin-b"))
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
fn a_changed_user_is_found_and_put_right() {
    let lab = lab_with(&[], REST);
    lab.run(&APPLY).expect(0);
    lab.control("POST", "/operator/finesse-settings", &json!({"user": "other", "password": "x"}));
    let found = lab.run(&["verify", "site.yaml", "--output", "json"]).expect(2).json();
    let findings = found["deployments"][0]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["check"] == "ippa-settings-differ");
    let finding = finding.unwrap_or_else(|| panic!("{findings:#?}"));
    assert_eq!((&finding["expected"], &finding["found"]), (&json!("ippa"), &json!("other")));
    lab.run(&APPLY).expect(0);
    lab.run(&["verify", "site.yaml"]).expect(0);
    assert_eq!(restarts(&lab), (2, 2));
}

#[test]
fn what_cannot_be_read_back_is_said_and_not_repeated() {
    let lab = lab_with(&["--unobservable-settings"], REST);
    lab.run(&APPLY).expect(0);
    let ran = lab.run(&["verify", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("NOT CHECKABLE"), "{}", ran.stdout);
    assert!(ran.stdout.contains("IP Phone Agent Settings"), "{}", ran.stdout);
    lab.run(&["verify", "site.yaml", "--strict"]).expect(3);
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
    lab.run(&APPLY).expect(0);
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
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    // The minute that begins twelve hours from now, or was twelve hours ago.
    let hour = (time::OffsetDateTime::now_utc().hour() + 12) % 24;
    let window =
        format!("windows: [{{ from: \"{hour:02}:00\", to: \"{hour:02}:01\", zone: UTC }}]");
    lab.write("site.yaml", &format!("{text}\n{window}\n"));
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
fn a_step_for_a_person_without_one() {
    let lab = lab_with(&[], OPERATOR);
    let plan = lab.run(&["plan", "site.yaml", "--output", "json"]).expect(0).json();
    let steps = plan["deployments"][0]["steps"].as_array().unwrap().clone();
    let step = steps.iter().find(|step| step["kind"] == "finesse-settings").unwrap();
    assert!(step["operator"]["console"].as_str().unwrap().contains("IP Phone Agent Settings"));
    let token = step["operator"]["token"].as_str().unwrap().to_owned();
    // Nobody is there: everything else is done, the restart is not.
    let ran = lab.run(&APPLY).expect(3);
    assert!(ran.stdout.contains(&token), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (0, 0));
    assert!(lab.dump().to_string().contains("Desk A"));
    // Another token, then the right one, then the right one again.
    let said = |token: &str| {
        [&APPLY[..], &["--operator-done", &format!("finesse-settings={token}")]]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let run = |words: Vec<String>| lab.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    run(said("00000000")).expect(5);
    assert_eq!(restarts(&lab), (0, 0));
    lab.control(
        "POST",
        "/operator/finesse-settings",
        &json!({"user": "ippa", "password": "Conformance1"}),
    );
    run(said(&token)).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    let ran = run(said(&token)).expect(5);
    assert!(ran.stderr.contains("used before"), "{}", ran.stderr);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
    let ran = lab.run(&["verify", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("attested"), "{}", ran.stdout);
    lab.run(&["verify", "site.yaml", "--strict"]).expect(3);
}

#[test]
fn a_single_node_is_restarted_with_a_warning() {
    let lab = lab_with(&["--finesse-secondary", "none"], REST);
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let text = text
        .replace(", secondary: fin-b.example.com", "")
        .replace(", secondary: { name: Desk B }", "");
    lab.write("site.yaml", &text);
    let ran = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("no second node"), "{}", ran.stdout);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 0));
    lab.run(&["verify", "site.yaml"]).expect(0);
}
