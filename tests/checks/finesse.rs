//! Scenarios of the checks whose facts come from Finesse: agents, modes, settings, pages for phones, shells.

use std::fs;

use serde_json::{Value, json};

use super::bench::Bench;
use super::{By, Scenario, validate, verify};

/// A notice that holds on a healthy cluster too.
const fn unless(check: &'static str, silent: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Verify, silent: Some(silent), fires: |_| () }
}

fn knobs(bench: &Bench, knobs: &Value) {
    nodes(bench, &json!({ "knobs": knobs }));
}

fn nodes(bench: &Bench, change: &Value) {
    bench.lab.control("POST", "/finesse", change);
}

fn timeout(bench: &Bench, node: &str, seconds: Option<u32>) {
    let change = json!({ "node": node, "knobs": { "inactivity_seconds": seconds } });
    bench.lab.control("POST", "/ssh", &change);
}

/// Phones without agents.
fn no_agents(bench: &Bench) {
    bench.lab.write("phones.csv", "device\nSEP001122330001\n");
    bench.rewrite("agents: { roster: agents.csv }", "agents: { phones: phones.csv }");
}

/// Files of the deployment's state folder.
fn remembered(bench: &Bench, name: &str, change: fn(&mut Value)) {
    let folders = fs::read_dir(bench.lab.path("state")).unwrap().map(Result::unwrap);
    let files = folders.map(|folder| folder.path().join(name)).filter(|file| file.exists());
    for file in files {
        let mut content: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        change(&mut content);
        fs::write(&file, content.to_string()).unwrap();
    }
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("agent-unknown", |bench| bench.roster("1009,2009", "9999,2009")),
    verify("agent-login-collision", |bench| knobs(bench, &json!({"colliding_login": true}))),
    verify("agent-locked", |bench| {
        nodes(bench, &json!({"node": "secondary", "locked": ["agent1003"]}));
    }),
    verify("agent-sso", |bench| {
        knobs(bench, &json!({"auth_mode": "HYBRID", "agents": {"1003": {"mode": "SSO"}}}));
    }),
    verify("agent-kind-unsupported", |bench| {
        knobs(bench, &json!({"agents": {"1003": {"mobile": true}}}));
    }),
    verify("agent-on-desktop", |bench| {
        let signed_in = json!([{"id": "1003", "client": "DESKTOP"}]);
        nodes(bench, &json!({"node": "secondary", "signed_in": signed_in}));
    }),
    verify("agent-seen-on-ippa", |bench| {
        let signed_in = json!([{"id": "1009", "client": "FIPPA", "device": "SEP001122330009"}]);
        nodes(bench, &json!({"node": "primary", "signed_in": signed_in}));
    }),
    verify("reason-codes-over-100", |bench| {
        knobs(bench, &json!({"codes": {"global": 8, "team": 100}}));
    }),
    verify("reason-codes-system", |bench| {
        knobs(bench, &json!({"codes": {"global": 96, "team": 3, "system": 4}}));
    }),
    verify("reason-label-too-long", |bench| {
        knobs(bench, &json!({"codes": {"global": 8, "long_label": 21}}));
    }),
    verify("supervisor-on-phone", |bench| {
        knobs(bench, &json!({"agents": {"1003": {"roles": ["Agent", "Supervisor"]}}}));
    }),
    unless("call-layout-on-phone", no_agents),
    unless("one-button-exit", |bench| {
        let section = "one_button_sign_in: { id: administrator, extension: administrator, password: sign-in }\n";
        bench.rewrite(section, "");
    }),
    unless("extension-not-verifiable", |bench| {
        let all = ["1001", "1003", "1004", "1009"].map(|id| json!({"id": id, "client": "FIPPA"}));
        nodes(bench, &json!({"node": "primary", "signed_in": all}));
    }),
    verify("maintenance-finesse", |bench| {
        let always = json!({"maintenance_elements": "always"});
        nodes(bench, &json!({"node": "secondary", "maintenance": "in-progress", "knobs": always}));
    }),
    verify("maintenance-cti", |bench| {
        let always = json!({"maintenance_elements": "always"});
        nodes(bench, &json!({"cti_maintenance": "IN_PROGRESS", "knobs": always}));
    }),
    // Seen in maintenance by one run; to the next one the node answers like a dead one.
    verify("maintenance-completed", |bench| {
        let always = json!({"maintenance_elements": "always"});
        nodes(bench, &json!({"node": "secondary", "maintenance": "in-progress", "knobs": always}));
        bench.found(By::Verify);
        nodes(bench, &json!({"node": "secondary", "maintenance": "completed"}));
    }),
    verify("inactivity-timeout", |bench| {
        bench.lab.sql("update device set tkmodel = 622 where name = 'SEP001122330003'");
        timeout(bench, "fin-b.example.com", Some(120));
    }),
    verify("inactivity-timeout-differs", |bench| {
        timeout(bench, "fin-a.example.com", Some(600));
    }),
    // The upgrade happens between two runs.
    verify("settings-lost-on-upgrade", |bench| {
        timeout(bench, "fin-a.example.com", Some(600));
        bench.found(By::Verify);
        remembered(bench, "seen.json", |seen| {
            let timeouts = &mut seen["inactivity timeouts"];
            timeouts["fin-a.example.com"]["release"] = json!("11.6.1.10000-20");
        });
        timeout(bench, "fin-a.example.com", Some(120));
    }),
    verify("ippa-settings-differ", |bench| {
        let other = json!({"user": "other", "password": "x"});
        bench.lab.control("POST", "/operator/finesse-settings", &other);
    }),
    unless("ippa-settings-not-observable", |bench| {
        let text = fs::read_to_string(bench.lab.path("site.yaml")).unwrap();
        let (before, rest) = text.split_once("finesse_settings:\n").unwrap();
        let (_, after) = rest.split_once("restart:").unwrap();
        let elsewhere = "finesse_settings: { mode: elsewhere }\nrestart:";
        bench.lab.write("site.yaml", &format!("{before}{elsewhere}{after}"));
    }),
    verify("ippa-settings-path", |bench| {
        let path = "read_back: { path: /finesse/api/IPPhoneAgentSettings";
        bench.rewrite(path, "read_back: { path: /finesse/api/Elsewhere");
    }),
    validate("ippa-settings-per-site", |bench| bench.rewrite("product: uccx", "product: pcce")),
    verify("authentication-refused", |bench| {
        // The password of another account.
        bench.rewrite(
            "id: ippa, password: { env: IPPA_PASSWORD }",
            "id: ippa, password: { env: AXL_PASSWORD }",
        );
    }),
    verify("authentication-too-broad", |bench| {
        bench.lab.control("POST", "/settings", &json!({"control_all_authorises": true}));
    }),
    verify("servlet-not-answering", |bench| {
        let fault = json!({"node": "fin-b.example.com", "path": "/fippa/SEP0000DEADBEEF",
            "kind": "status", "status": 503, "times": 100});
        bench.lab.control("POST", "/finesse/faults", &fault);
    }),
    verify("servlet-not-phone-xml", |bench| {
        nodes(bench, &json!({"node": "secondary", "tomcat": "stop"}));
    }),
    verify("servlet-real-device", |bench| {
        let taken = "update device set name = 'SEP0000DEADBEEF' where name = 'SEP001122330030'";
        bench.lab.sql(taken);
    }),
    verify("sso-mode", |bench| knobs(bench, &json!({"auth_mode": "SSO"}))),
    verify("sso-hybrid-unknown", |bench| {
        knobs(bench, &json!({"auth_mode": "HYBRID", "user_auth_mode": false}));
    }),
    verify("tomcat-restart-pending", |bench| {
        remembered(bench, "remembered.json", |memory| {
            memory["owed restarts"] = json!({"fin-a.example.com": "settings"});
        });
    }),
];
