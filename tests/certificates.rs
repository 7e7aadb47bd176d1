//! Certificates between CUCM and Finesse: three nodes of the one and two of the other, each way to import, and what follows.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::Lab;
use crate::restarts::{APPLY, numbers, restarts};

const EMPTY: [&str; 2] = ["--trust", "empty"];
const FINESSE: [&str; 2] = ["fin-a.example.com", "fin-b.example.com"];

/// A site that speaks of certificates and of nothing that takes long.
fn site(lab: &Lab, certificates: &str, tls: &str) {
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
agents: {{ roster: [{{ device: SEP001122330020 }}] }}
certificates: {certificates}
{tls}
"#
    );
    lab.write("site.yaml", &text);
}

fn lab(flags: &[&str], certificates: &str) -> Lab {
    let lab = Lab::start(&[&EMPTY[..], flags].concat());
    site(&lab, certificates, &lab.pins());
    lab
}

/// Finesse has the certificate interface here, which no document promises.
fn with_rest_on_finesse(lab: &Lab) {
    for node in FINESSE {
        let knobs = json!({"web": {"finesse_certificates": "works"}});
        lab.control("POST", "/ssh", &json!({"node": node, "knobs": knobs}));
    }
}

fn imports(lab: &Lab, by: Option<&str>) -> usize {
    let of = |event: &&Value| {
        event["kind"] == "certificate-imported" && by.is_none_or(|by| event["by"] == by)
    };
    lab.events().iter().filter(of).count()
}

fn found(lab: &Lab) -> Vec<String> {
    let document = lab.run(&["verify", "site.yaml", "--output", "json"]).json();
    let findings = document["deployments"][0]["findings"].as_array().unwrap().clone();
    findings.iter().map(|one| one["check"].as_str().unwrap().to_owned()).collect()
}

/// In sync, and a second apply writes nothing.
#[track_caller]
fn converged(lab: &Lab) {
    let ran = lab.run(&["verify", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("cucm-reboot-pending"), "{}", ran.stdout);
    let before = (imports(lab, None), restarts(lab));
    lab.run(&APPLY).expect(0);
    assert_eq!((imports(lab, None), restarts(lab)), before);
}

#[test]
fn self_signed_by_rest() {
    let lab = lab(&["--cucm-nodes", "3"], "{ via: [rest] }");
    with_rest_on_finesse(&lab);
    let ran = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("CUCM nodes: cucm-pub.example.com, cucm-sub1"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Trust Verification Service"), "gentler ways first");
    let ran = lab.run(&APPLY).expect(0);
    assert!(!ran.stdout.contains("failed"), "{}", ran.stdout);
    assert_eq!(imports(&lab, Some("rest")), 2 * 3 + 3 * 2);
    let events = lab.events();
    for node in ["fin-a", "fin-b"] {
        let number = |kind: &str| *numbers(&events, kind, Some(node)).first().unwrap();
        let service: Vec<(u64, String)> = events
            .iter()
            .filter(|event| {
                event["kind"] == "service-done" && event["node"] == format!("{node}.example.com")
            })
            .map(|event| {
                (event["number"].as_u64().unwrap(), event["order"].as_str().unwrap().to_owned())
            })
            .collect();
        assert_eq!(service[0].1, "stop");
        assert_eq!(service[1].1, "start");
        assert!(number("tomcat-stopped") < service[0].0, "{events:#?}");
        assert!(service[1].0 < number("tomcat-start-begun"), "{events:#?}");
    }
    assert!(numbers(&events, "reboot-begun", None).is_empty(), "never by a plain apply");
    converged(&lab);
}

#[test]
fn self_signed_by_shell_and_by_hand() {
    let lab = lab(&["--cucm-nodes", "3"], "{ via: [shell, operator] }");
    // The shell has no name for Phone-trust that anybody could know: a person does that.
    let ran = lab.run(&APPLY).expect(3);
    assert!(ran.stdout.contains("left to an operator"), "{}", ran.stdout);
    assert_eq!(imports(&lab, Some("shell")), 6);
    assert_eq!(restarts(&lab), (0, 0), "stopped and started, not restarted");
    assert_eq!(numbers(&lab.events(), "tomcat-start-begun", None).len(), 2);
    by_hand(&lab, &["Phone-trust"], 3);
    converged(&lab);
}

#[test]
fn self_signed_all_by_hand() {
    let lab = lab(&["--cucm-nodes", "3"], "{ via: [operator] }");
    lab.run(&APPLY).expect(3);
    assert_eq!(numbers(&lab.events(), "tomcat-start-begun", None).len(), 0);
    by_hand(&lab, &["Phone-trust", "tomcat-trust"], 5);
    assert_eq!(numbers(&lab.events(), "tomcat-start-begun", None).len(), 2);
    converged(&lab);
}

#[test]
fn signed_by_an_authority_by_shell_and_by_hand() {
    for (via, stores, nodes) in [
        ("{ via: [shell, operator] }", &["Phone-trust"][..], 3),
        ("{ via: [operator] }", &["Phone-trust", "tomcat-trust"], 5),
    ] {
        let flags = ["--trust", "empty", "--cucm-nodes", "3", "--tls-profile", "ca-signed"];
        let lab = Lab::start(&flags);
        lab.write("ca.pem", lab.authority());
        site(&lab, via, "tls: { ca_files: [ca.pem] }");
        lab.run(&APPLY).expect(3);
        by_hand(&lab, stores, nodes);
        converged(&lab);
    }
}

/// Does at the console what the plan leaves to a person, as it says it there, and says so.
fn by_hand(lab: &Lab, stores: &[&str], nodes: usize) {
    let document = lab.run(&["plan", "site.yaml", "--output", "json"]).json();
    let steps = document["deployments"][0]["steps"].as_array().unwrap().clone();
    let mut words = Vec::new();
    for step in steps.iter().filter(|step| step["kind"] == "certificate-trust") {
        let Some(operator) = step["operator"].as_object() else { continue };
        let entries = operator["entries"].as_array().unwrap();
        let store = entries[0].as_str().unwrap().strip_prefix("Certificate Purpose: ").unwrap();
        assert!(stores.contains(&store), "{store}");
        for entry in &entries[1..] {
            let text = entry.as_str().unwrap();
            let file = text.strip_prefix("Upload File: ").unwrap().split(' ').next().unwrap();
            let state = std::fs::read_dir(lab.path("state")).unwrap();
            let path = state
                .map(|entry| entry.unwrap().path().join(file))
                .find(|path| path.exists())
                .unwrap();
            let pem = std::fs::read_to_string(path).unwrap();
            let node = step["object"]["name"].as_str().unwrap();
            let act = json!({"act": "import", "node": node, "store": store, "pem": pem});
            lab.control("POST", "/certificates", &act);
        }
        words.push(format!(
            "{}={}",
            operator["id"].as_str().unwrap(),
            operator["token"].as_str().unwrap()
        ));
    }
    assert_eq!(words.len(), nodes);
    let done: Vec<&str> =
        words.iter().flat_map(|word| ["--operator-done", word.as_str()]).collect();
    lab.run(&[&APPLY[..], &done].concat()).expect(0);
}

#[test]
fn signed_by_an_authority_and_renewed() {
    let flags = ["--trust", "empty", "--cucm-nodes", "3", "--tls-profile", "ca-signed"];
    let lab = Lab::start(&flags);
    with_rest_on_finesse(&lab);
    lab.write("ca.pem", lab.authority());
    site(&lab, "{ via: [rest, operator] }", "tls: { ca_files: [ca.pem] }");
    lab.run(&APPLY).expect(0);
    converged(&lab);
    lab.control("POST", "/certificates", &json!({"act": "renew", "node": FINESSE[0]}));
    lab.run(&["verify", "site.yaml"]).expect(2);
    let found_now = found(&lab);
    for check in ["phone-trust-lacks-finesse", "certificate-changed"] {
        assert!(found_now.iter().any(|one| one == check), "{check}: {found_now:?}");
    }
    let before = restarts(&lab);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), before, "Finesse itself has nothing new to read");
    converged(&lab);
}

#[test]
fn the_wrong_certificate_under_the_right_name() {
    let lab = lab(&["--cucm-nodes", "3"], "{ via: [rest, operator] }");
    let act = json!({"act": "import", "store": "Phone-trust", "name": FINESSE[0]});
    lab.control("POST", "/certificates", &act);
    lab.run(&["verify", "site.yaml"]).expect(2);
    let found = found(&lab);
    for check in ["phone-trust-lacks-finesse", "certificate-changed", "trust-same-name"] {
        assert!(found.iter().any(|one| one == check), "{check}: {found:?}");
    }
    let ran = lab.run(&["plan", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("delete first"), "{}", ran.stdout);
}

#[test]
fn a_kill_before_the_restart_keeps_what_is_owed() {
    let lab = lab(&[], "{ via: [rest] }");
    with_rest_on_finesse(&lab);
    let mut command = lab.command(&APPLY);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let in_cucm =
        |event: &Value| event["kind"] == "certificate-imported" && event["store"] == "Phone-trust";
    // By then Finesse has all of its own.
    while !lab.events().iter().any(in_cucm) {
        assert!(begun.elapsed() < Duration::from_mins(2), "nothing was imported");
    }
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(numbers(&lab.events(), "tomcat-stop-begun", None).len(), 0, "killed too late");
    assert!(found(&lab).iter().any(|check| check == "notification-restart-pending"));
    lab.run(&APPLY).expect(0);
    assert_eq!(numbers(&lab.events(), "tomcat-start-begun", None).len(), 2);
    converged(&lab);
}

/// A cluster that was just given certificates, and so owes a reboot of each CUCM node.
fn with_debts(flags: &[&str]) -> Lab {
    let lab = lab(flags, "{ finesse_tomcat_trust: skip, via: [rest] }");
    lab.run(&APPLY).expect(0);
    lab
}

#[test]
fn cucm_is_rebooted_only_by_name_and_with_leave() {
    let lab = with_debts(&["--cucm-nodes", "3"]);
    let node = "cucm-sub1.example.com";
    let ran = lab.run(&[&APPLY[..], &["--reboot", node]].concat()).expect(5);
    assert!(ran.stdout.contains("--allow reboot"), "{}", ran.stdout);
    assert!(numbers(&lab.events(), "reboot-begun", None).is_empty());
    let allowed = ["apply", "site.yaml", "--yes", "--allow", "reboot"];
    lab.run(&allowed).expect(0);
    assert!(numbers(&lab.events(), "reboot-begun", None).is_empty(), "no node was named");
    let ran = lab.run(&[&allowed[..], &["--reboot", node]].concat()).expect(0);
    assert!(ran.stderr.contains("is back, and replication is good"), "{}", ran.stderr);
    assert_eq!(numbers(&lab.events(), "reboot-begun", None).len(), 1);
    assert_eq!(numbers(&lab.events(), "reboot-begun", Some("cucm-sub1")).len(), 1);
    let ran = lab.run(&["verify", "site.yaml"]).expect(0);
    assert!(ran.stdout.contains("2 CUCM nodes"), "two are still owed: {}", ran.stdout);
}

#[test]
fn a_reboot_made_by_hand_is_said_to_be_done() {
    let lab = with_debts(&[]);
    assert!(found(&lab).iter().any(|check| check == "cucm-reboot-pending"));
    let document = lab.run(&["plan", "site.yaml", "--output", "json"]).json();
    let steps = document["deployments"][0]["steps"].as_array().unwrap().clone();
    let words: Vec<String> = steps
        .iter()
        .map(|step| &step["operator"])
        .map(|step| format!("{}={}", step["id"].as_str().unwrap(), step["token"].as_str().unwrap()))
        .collect();
    assert_eq!(words.len(), 2);
    let done: Vec<&str> =
        words.iter().flat_map(|word| ["--operator-done", word.as_str()]).collect();
    lab.run(&[&APPLY[..], &done].concat()).expect(0);
    assert!(!found(&lab).iter().any(|check| check == "cucm-reboot-pending"));
    lab.run(&["plan", "site.yaml", "--detailed-exitcode"]).expect(0);
}

#[test]
fn the_authority_alone_does_not_do_for_phones() {
    let lab = Lab::start(&["--trust", "empty", "--cucm-nodes", "1", "--tls-profile", "ca-signed"]);
    lab.write("ca.pem", lab.authority());
    site(
        &lab,
        "{ finesse_tomcat_trust: skip, cucm_phone_trust: verify }",
        "tls: { ca_files: [ca.pem] }",
    );
    let chain = lab.certificate("fin-a.example.com:8445");
    let issuer = chain.rfind("-----BEGIN").map(|at| &chain[at..]).unwrap();
    let act = json!({"act": "import", "store": "Phone-trust", "pem": issuer});
    lab.control("POST", "/certificates", &act);
    assert!(found(&lab).iter().any(|check| check == "phone-trust-only-ca"));
}

#[test]
fn who_may_only_read_finds_it_and_says_what_nobody_tells() {
    let lab = lab(&[], "{ finesse_tomcat_trust: verify, cucm_phone_trust: verify }");
    let mut command = lab.command(&["verify", "site.yaml", "--output", "json"]);
    let output = command.env_remove("FINESSE_OS_PASSWORD").output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let not_checked = document["deployments"][0]["not_checked"].to_string();
    assert!(not_checked.contains("tomcat-trust of Finesse node fin-a"), "{not_checked}");
    let findings = document["deployments"][0]["findings"].to_string();
    assert!(findings.contains("phone-trust-lacks-finesse"), "{findings}");
    assert_eq!(imports(&lab, None), 0);
    let steps = document["deployments"][0]["steps"].to_string();
    assert!(!steps.contains("certificate-trust"), "{steps}");
}

#[test]
fn without_the_section_nothing_is_read() {
    let lab = lab(&[], "{}");
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    lab.write("site.yaml", &text.replace("certificates: {}\n", ""));
    let ran = lab.run(&["verify", "site.yaml"]);
    assert!(!ran.stdout.contains("ertificate"), "{}", ran.stdout);
    assert!(!lab.events().iter().any(|event| event.to_string().contains("show cert")));
}
