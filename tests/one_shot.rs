//! The commands that do one part alone: what each shows, that it does nothing beside its part, and nothing a second time.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};
use crate::shown::shown;

const YES: [&str; 3] = ["--yes", "--allow", "removal,sql,restart,clear-values"];

/// A site that declares everything that has a command of its own.
fn lab() -> Lab {
    let lab = Lab::start(&["--trust", "empty"]);
    for node in ["fin-a.example.com", "fin-b.example.com"] {
        let knobs = json!({"web": {"finesse_certificates": "works"}});
        lab.control("POST", "/ssh", &json!({"node": node, "knobs": knobs}));
    }
    let text = format!(
        r#"version: 1
deployment: site
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  finesse: {{ user: finadmin, password: {{ env: FINESSE_PASSWORD }} }}
  finesse_platform: {{ user: osadmin, password: {{ env: FINESSE_OS_PASSWORD }} }}
  cucm_platform: {{ user: osadmin, password: {{ env: FINESSE_OS_PASSWORD }} }}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_services: {{ primary: {{ name: Desk A }}, secondary: {{ name: Desk B }}, sql_writes: allow }}
one_button_sign_in: {{ id: administrator, extension: administrator }}
phone_settings: {{}}
phone_apply: {{ when: after-change, per_minute: 6000 }}
agents:
  roster:
    - {{ device: SEP001122330020, id: "1020", extension: "2020", user: agent1019 }}
    - {{ device: SEP001122330021, id: "1021", extension: "2021", user: agent1020 }}
finesse_settings: {{ mode: operator }}
self_care: {{}}
certificates: {{ via: [rest] }}
restart: {{ between_nodes: 0 }}
{}
"#,
        lab.pins()
    );
    lab.write("site.yaml", &text);
    lab
}

fn run(lab: &Lab, words: &[&str]) -> Ran {
    lab.run(&[words, &YES[..]].concat())
}

/// Writes of the second time, and what it says.
#[track_caller]
fn again(lab: &Lab, words: &[&str]) -> String {
    lab.reset();
    let ran = run(lab, words).expect(0);
    assert_eq!(lab.requests()["performed_writes"], 0, "{}", ran.stdout);
    ran.stdout.lines().last().unwrap_or_default().to_owned()
}

/// Parts of the cluster that differ between two dumps.
fn differing(before: &Value, after: &Value) -> Vec<String> {
    let sections = before.as_object().unwrap().keys();
    sections.filter(|section| before[*section] != after[*section]).cloned().collect()
}

#[test]
fn each_does_its_part_once_and_nothing_beside() {
    let lab = lab();
    let mut before = lab.dump();
    let mut does = |words: &[&str], sections: &[&str]| {
        let shown = shown(&lab, &[words, &YES[..]].concat());
        let after = lab.dump();
        assert_eq!(differing(&before, &after), sections, "{shown}");
        before = after;
        format!("{shown}again: {}\n", again(&lab, words))
    };
    insta::assert_snapshot!("app-user", does(&["app-user", "site.yaml"], &["application_users"]));
    insta::assert_snapshot!(
        "phone-service",
        does(&["phone-service", "site.yaml"], &["phone_services"])
    );
    insta::assert_snapshot!(
        "phone-settings",
        does(
            &["phone-settings", "site.yaml", "--device", "SEP001122330020"],
            &["devices", "running_phones"]
        )
    );
    insta::assert_snapshot!(
        "subscribe",
        does(
            &[
                "subscribe",
                "site.yaml",
                "--device",
                "SEP001122330022",
                "--id",
                "1022",
                "--extension",
                "2022"
            ],
            &["devices", "running_phones"],
        )
    );
    insta::assert_snapshot!(
        "unsubscribe",
        does(
            &["unsubscribe", "site.yaml", "--device", "SEP001122330022"],
            &["devices", "running_phones"],
        )
    );
    insta::assert_snapshot!(
        "self-care",
        does(&["self-care", "site.yaml", "--user", "agent1019"], &["end_users"])
    );
    insta::assert_snapshot!("certificates", does(&["certificates", "site.yaml"], &[]));
    insta::assert_snapshot!("restart", shown(&lab, &["restart", "site.yaml"]));
    let forced = run(&lab, &["restart", "site.yaml", "--restart-now"]).expect(0);
    assert!(forced.stdout.contains("2 steps: 2 done"), "{}", forced.stdout);
}

#[test]
fn finesse_settings_are_a_persons_step_and_then_restarts() {
    let lab = lab();
    run(&lab, &["app-user", "site.yaml"]).expect(0);
    let left = run(&lab, &["finesse-settings", "site.yaml", "--output", "json"]).expect(3).json();
    assert_eq!(left["schema"], "ippactl.finesse-settings/v1");
    let steps = left["deployments"][0]["steps"].as_array().unwrap().clone();
    let step = steps.iter().find(|step| step["kind"] == "finesse-settings").unwrap();
    let token = step["operator"]["token"].as_str().unwrap();
    let entered = json!({"user": "ippa", "password": "Conformance1"});
    lab.control("POST", "/operator/finesse-settings", &entered);
    let done = format!("finesse-settings={token}");
    let words = ["finesse-settings", "site.yaml", "--operator-done", &done];
    let shown = shown(&lab, &[&words[..], &YES[..]].concat()).replace(token, "TOKEN");
    insta::assert_snapshot!("finesse-settings", shown);
    again(&lab, &["finesse-settings", "site.yaml"]);
}

/// The site of [`lab`], said by flags.
fn flags(lab: &Lab) -> Vec<String> {
    let pin = lab.certificate_print("cucm-pub.example.com:8443");
    let pin = format!("cucm-pub.example.com:8443={pin}");
    let words = [
        ["--publisher", "cucm-pub.example.com"],
        ["--axl-user", "axladmin"],
        ["--pin", &pin],
        ["--finesse", "fin-a.example.com"],
        ["--finesse-secondary", "fin-b.example.com"],
        ["--product", "uccx"],
        ["--release", "12.5(1)SU3"],
        ["--service", "Desk A"],
        ["--secondary-service", "Desk B"],
        ["--sql-writes", "allow"],
    ];
    words.concat().into_iter().map(str::to_owned).collect()
}

fn piped(lab: &Lab, words: &[&str], text: &str) -> Ran {
    let mut command = lab.command(&[words, &YES[..]].concat());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever is refused before it is read has closed its end.
    drop(std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()));
    Ran::of(&child.wait_with_output().unwrap())
}

#[test]
fn flags_alone_are_enough_and_undo_finds_what_they_did() {
    let lab = lab();
    run(&lab, &["phone-service", "site.yaml"]).expect(0);
    let before = lab.dump();
    let flags = flags(&lab);
    let site: Vec<&str> = flags.iter().map(String::as_str).collect();
    let one = ["subscribe", "--device", "SEP001122330030", "--id", "1030", "--extension", "2030"];
    let words = [&one[..], &site[..]].concat();
    let first = run(&lab, &words).expect(0);
    assert!(first.stdout.contains("2 steps: 2 done"), "{}", first.stdout);
    again(&lab, &words);
    let journal = first.stdout.lines().find_map(|line| line.strip_prefix("journal ")).unwrap();
    let name = std::path::Path::new(journal).file_stem().unwrap().to_str().unwrap();
    let ran = run(&lab, &["undo", name]).expect(0);
    assert!(ran.stdout.contains("SEP001122330030"), "{}{}", ran.stderr, ran.stdout);
    // The phone has been told twice.
    assert_eq!(differing(&before, &lab.dump()), ["running_phones"]);
    // And what is missing is named.
    let ran = lab.run(&[
        "subscribe",
        "--device",
        "SEP001122330030",
        "--publisher",
        "cucm-pub.example.com",
    ]);
    let ran = ran.expect(64);
    assert!(ran.stderr.contains("--axl-user is needed"), "{}", ran.stderr);
    let password = ["--axl-password", "hunter2"];
    let ran = lab.run(&[&one[..], &site[..], &password[..]].concat()).expect(64);
    assert!(
        !ran.stderr.contains("hunter2") && ran.stderr.contains("inline-secret"),
        "{}",
        ran.stderr
    );
    let ran = lab.run(&[&["subscribe", "site.yaml"], &site[..]].concat()).expect(64);
    assert!(ran.stderr.contains("both say where the site is"), "{}", ran.stderr);
}

#[test]
fn devices_come_from_standard_input() {
    let lab = lab();
    run(&lab, &["phone-service", "site.yaml"]).expect(0);
    let piped = |words: &[&str], text: &str| piped(&lab, words, text);
    let names = "SEP001122330020\nSEP001122330021\n\n";
    let ran = piped(&["subscribe", "site.yaml", "--device", "-"], names).expect(0);
    assert!(ran.stdout.contains("4 steps: 4 done"), "{}", ran.stdout);
    let rows = "device,id,extension\nSEP001122330031,1031,2031\nSEP001122330032,,2032\n";
    let ran = piped(&["subscribe", "site.yaml", "--roster", "-"], rows).expect(0);
    assert!(ran.stdout.contains("4 steps: 4 done"), "{}", ran.stdout);
    let ran =
        piped(&["subscribe", "site.yaml", "--roster", "-"], "device,nam\nSEP001122330031,1\n");
    let ran = ran.expect(64);
    assert!(ran.stderr.contains("(standard input):1:8"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_is_said() {
    let lab = lab();
    let refused = shown(&lab, &["subscribe", "site.yaml", "--device", "SEP001122330020", "--yes"]);
    insta::assert_snapshot!("subscribe-without-services", refused);
    run(&lab, &["phone-service", "site.yaml"]).expect(0);
    let absent = ["subscribe", "site.yaml", "--device", "SEP0011223300FF", "--yes"];
    insta::assert_snapshot!("a-phone-that-does-not-exist", shown(&lab, &absent));
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let unfit = |from: &str, to: &str, words: &[&str]| {
        assert!(text.contains(from));
        lab.write("other.yaml", &text.replace(from, to));
        lab.run(words).expect(64).stderr
    };
    let one = ["--device", "SEP001122330020"];
    let sign_in = "one_button_sign_in: { id: administrator, extension: administrator }";
    let enterprise =
        text.replace("{ name: Desk B }, sql", "{ name: Desk B }, subscription: enterprise, sql");
    lab.write("enterprise.yaml", &enterprise.replace(sign_in, ""));
    let ran = lab.run(&[&["subscribe", "enterprise.yaml"], &one[..]].concat()).expect(64);
    assert!(ran.stderr.contains("Single phones are not subscribed here"), "{}", ran.stderr);
    let scope = "phone_settings: { scope: enterprise }";
    let words = [&["phone-settings", "other.yaml"], &one[..]].concat();
    assert!(unfit("phone_settings: {}", scope, &words).contains("not those of single phones"));
    let never = "restart: { finesse_tomcat: never }";
    let words = ["restart", "other.yaml"];
    assert!(unfit("restart: { between_nodes: 0 }", never, &words).contains("not restarted by"));
    let other = ["subscribe", "site.yaml", "--device", "SEP001122330020", "--id", "9"];
    insta::assert_snapshot!("not-what-the-roster-says", shown(&lab, &other));
}

#[test]
fn careless_hands_do_no_harm() {
    let lab = lab();
    run(&lab, &["phone-service", "site.yaml"]).expect(0);
    run(&lab, &["subscribe", "site.yaml"]).expect(0);
    let before = lab.dump();
    // A pipe with nothing in it is not everything.
    for text in ["", "\n \n", "# nobody\n"] {
        let ran = piped(&lab, &["unsubscribe", "site.yaml", "--device", "-"], text).expect(64);
        assert!(ran.stderr.contains("No device is named"), "{}", ran.stderr);
    }
    // More is taken away than the playbook allows.
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    lab.write("few.yaml", &format!("{text}limits: {{ max_removals: 3 }}\n"));
    let ran = run(&lab, &["unsubscribe", "few.yaml"]).expect(5);
    assert!(ran.stderr.contains("threshold-removals"), "{}", ran.stderr);
    let ran = lab.run(&["unsubscribe", "few.yaml", "--dry-run"]).expect(0);
    for said in ["apply would refuse: 4 subscriptions", "fingerprint ", "4 steps planned"] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    // What a playbook says is not said again, nor a password.
    let words = ["unsubscribe", "site.yaml", "--axl-password", "hunter2"];
    let ran = run(&lab, &words).expect(64);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    // A name that leads out of the state folder.
    let flags = flags(&lab);
    let site: Vec<&str> = flags.iter().map(String::as_str).collect();
    let escape = [&["phone-service"], &site[..], &["--deployment", "../../evil"]].concat();
    run(&lab, &escape).expect(64);
    assert!(!lab.path("../evil@cucm-pub.example.com").exists());
    // A service that is not there.
    let other = ["--publisher", "cucm-pub.example.com", "--axl-user", "axladmin"];
    let other = [&other[..], &site[4..8], &site[10..14], &["--service", "No Such"]].concat();
    let ran = run(&lab, &[&["unsubscribe", "--device", "SEP001122330020"], &other[..]].concat());
    assert!(ran.stdout.contains("service-missing"), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(differing(&before, &lab.dump()), Vec::<String>::new());
    // Of a subscription that is there, what is not named stays.
    let ran = run(
        &lab,
        &[&["subscribe", "--device", "SEP001122330020", "--id", "7"], &site[..]].concat(),
    );
    let ran = ran.expect(0);
    assert!(ran.stdout.contains("as declared"), "{}", ran.stdout);
    let state = lab.dump()["devices"]["SEP001122330020"].to_string();
    assert!(state.contains("id=7") && state.contains("extension=2020"), "{state}");
    // A list of devices will do where values are of no account.
    let list = "device\nSEP001122330021\n";
    piped(&lab, &["unsubscribe", "site.yaml", "--roster", "-"], list).expect(0);
    // And by flags alone the columns say who fills in what.
    let rows = "device,id,extension\nSEP001122330031,1031,2031\n";
    piped(&lab, &[&["subscribe", "--roster", "-"], &site[..]].concat(), rows).expect(0);
    let state = lab.dump()["devices"]["SEP001122330031"].to_string();
    assert!(state.contains("id=1031&extension=2031"), "{state}");
}
