//! `capture` and `sandbox --from`: what was captured of one sandbox is a second one on which `plan` and `verify` say the
//! same, and no secret is in between.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

const PLAYBOOKS: [&str; 8] = [
    "two-node-uccx.yaml",
    "two-node-ucce.yaml",
    "reference.yaml",
    "enterprise-subscription.yaml",
    "self-care.yaml",
    "extension-mobility.yaml",
    "pcce-site.yaml",
    "hot-desk.yaml",
];
const ALL: &str = "replace-service,clear-values,cluster-wide,removal,sql,restart,phone-reset";

fn shipped() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks")
}

pub(crate) fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&shipped());
    lab
}

/// Captures a playbook's deployment into a folder of the laboratory.
pub(crate) fn capture(lab: &Lab, playbook: &str, folder: &str) -> Ran {
    lab.run(&["capture", playbook, "--out", folder])
}

/// A sandbox loaded from that folder, with the same playbooks and what the tool remembers of the first one.
pub(crate) fn loaded(lab: &Lab, folder: &str, flags: &[&str]) -> Lab {
    let from = lab.path(folder);
    let second = Lab::start(&[&["--from", from.to_str().unwrap()], flags].concat());
    second.playbooks(&shipped());
    second.remember(lab);
    second
}

/// What a command says, without when it said so.
pub(crate) fn said(lab: &Lab, command: &str, playbook: &str) -> (i32, Value) {
    let mut command = lab.command(&[command, playbook, "--output", "json"]);
    if playbook == "marked.yaml" {
        command.env("IPPA_PASSWORD", USER);
    }
    let ran = Ran::of(&command.output().unwrap());
    let mut document = ran.json();
    document["started"] = Value::Null;
    (ran.code, document)
}

#[track_caller]
fn same(live: &Lab, rehearsal: &Lab, playbook: &str, when: &str) {
    for command in ["plan", "verify"] {
        let (here, there) = (said(live, command, playbook), said(rehearsal, command, playbook));
        assert!(!here.1["deployments"][0]["counts"].is_null(), "{here:#?}");
        let (one, other) = (format!("{:#}", here.1), format!("{:#}", there.1));
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (one, other) = (lines(&one), lines(&other));
        let only = |of: &[String], not: &[String]| {
            of.iter().filter(|line| !not.contains(line)).cloned().collect::<Vec<_>>()
        };
        let differ = (only(&one, &other), only(&other, &one));
        assert!(
            here == there,
            "{command} {playbook} {when}: live {}, loaded {}: {differ:#?}",
            here.0,
            there.0
        );
    }
}

fn apply(lab: &Lab, playbook: &str) -> Ran {
    let mut words: Vec<String> =
        ["apply", playbook, "--yes", "--allow", ALL].map(str::to_owned).into();
    let plan = lab.run(&["plan", playbook, "--output", "json"]).expect(0).json();
    for step in plan["deployments"][0]["steps"].as_array().unwrap() {
        let Some(id) = step["operator"]["id"].as_str() else { continue };
        if step["kind"] == "finesse-settings" {
            let user = step["changes"][0]["after"].clone();
            let act = json!({"user": user, "password": "Conformance1"});
            lab.control("POST", "/operator/finesse-settings", &act);
            words.push("--operator-done".to_owned());
            words.push(format!("{id}={}", step["operator"]["token"].as_str().unwrap()));
        }
    }
    lab.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_loaded_capture_plans_and_verifies_as_the_cluster_did() {
    for playbook in PLAYBOOKS {
        let live = lab();
        capture(&live, playbook, "before").expect(0);
        let rehearsal = loaded(&live, "before", &[]);
        same(&live, &rehearsal, playbook, "before");
        drop(rehearsal);
        apply(&live, playbook).expect(0);
        let captured = capture(&live, playbook, "after").expect(0);
        let passwords = shipped().join("two-node-uccx-passwords.csv");
        let fills = captured.stdout.contains("--agent-passwords");
        let flags = ["--agent-passwords", passwords.to_str().unwrap()];
        let rehearsal = loaded(&live, "after", if fills { &flags } else { &[] });
        same(&live, &rehearsal, playbook, "after");
    }
}

#[test]
fn what_was_captured_can_be_rehearsed_to_the_end() {
    for playbook in ["two-node-uccx.yaml", "reference.yaml"] {
        let live = lab();
        capture(&live, playbook, "site").expect(0);
        let rehearsal = loaded(&live, "site", &[]);
        let before = live.dump();
        apply(&rehearsal, playbook).expect(0);
        let (_, plan) = said(&rehearsal, "plan", playbook);
        assert_eq!(plan["deployments"][0]["steps"], json!([]), "{playbook}: {plan:#}");
        assert_eq!(live.dump(), before, "{playbook}: the rehearsal stays on the sandbox");
        // What is foreign on the captured phones is still there, as it was.
        let weather = |lab: &Lab| {
            let dump = lab.dump();
            let devices = dump["devices"].as_object().unwrap().clone();
            let names: Vec<String> = devices.keys().cloned().collect();
            let mut found = BTreeMap::new();
            for name in names {
                for own in devices[&name]["subscriptions"].as_array().unwrap() {
                    if own["service"] == "Corporate Directory" {
                        found.insert(name.clone(), own.clone());
                    }
                }
            }
            found
        };
        for (device, subscription) in weather(&rehearsal) {
            assert_eq!(weather(&live)[&device], subscription, "{playbook}");
        }
    }
}

const AGENT: &str = "Ag9ntZzz&<Mark>'er% 3";
const FOREIGN: &str = "F0reignQq&<Mark>'er% 4";
const DEVICE: &str = "D3viceYy&<Mark>er% 5";
const SAVED: &str = "S4vedXxx&<Mark>'er% 6";
const USER: &str = "Us3rWwww&<Mark>'er% 2";
const FLAGGED: &str = "Flagged-Marker-7";

/// Every spelling of a secret that a file could hold.
fn spellings(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    vec![
        secret.to_owned(),
        percent.to_lowercase(),
        percent,
        xml.replace('\'', "&apos;"),
        xml.replace('\'', "&#39;"),
        xml.replace('&', "&amp;"),
        xml,
        serde_json::to_string(secret).unwrap().trim_matches('"').to_owned(),
        STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        STANDARD.encode(format!("axladmin:{secret}")).trim_end_matches('=').to_owned(),
        STANDARD.encode(format!("finadmin:{secret}")).trim_end_matches('=').to_owned(),
        // The longest piece between the characters that URL and XML cut at.
        secret
            .split(['&', '<', '>', '\'', '%', ' '])
            .max_by_key(|part| part.len())
            .unwrap()
            .to_owned(),
    ]
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, String::from_utf8(fs::read(entry.path()).unwrap()).unwrap())
        })
        .collect()
}

/// A deployment with secrets wherever a secret can stand, already applied.
fn marked() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&shipped());
    let rest = "finesse_settings:\n  mode: rest\n  path: /finesse/api/IPPhoneAgentSettings\n  \
        body: \"<IPPhoneAgentSettings><username>{{ user }}</username><password>{{ password }}</password></IPPhoneAgentSettings>\"\n  \
        read_back: { path: /finesse/api/IPPhoneAgentSettings, user: //username }\n";
    let site = fs::read_to_string(lab.path("two-node-uccx.yaml")).unwrap();
    let accounts = "  finesse: { user: finadmin, password: { env: FINESSE_PASSWORD } }\n  \
        finesse_platform: { user: osadmin, password: { env: FINESSE_OS_PASSWORD } }\n  \
        serviceability: { user: risreader, password: { env: RIS_PASSWORD } }\n";
    let site = site.replace("credentials:\n", &format!("credentials:\n{accounts}"));
    let phones = "phone_settings: { scope: phones }\ndialect: { https_only_value: 1 }\n";
    lab.write("marked.yaml", &format!("{site}\n{rest}{phones}"));
    let passwords: Vec<String> = (1001..=1024).map(|id| format!("{id},\"{AGENT}{id}\"")).collect();
    lab.write("two-node-uccx-passwords.csv", &format!("id,password\n{}\n", passwords.join("\n")));
    let apply = ["apply", "marked.yaml", "--yes", "--allow", ALL];
    let mut command = lab.command(&apply);
    Ran::of(&command.env("IPPA_PASSWORD", USER).output().unwrap()).expect(0);
    let (foreign, device) = (FOREIGN.replace('\'', "''"), DEVICE.replace('\'', "''"));
    let device = device.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for sql in [
        format!(
            "update telecastersubscribedparameter set value = '{foreign}' where fktelecasterserviceparameter in \
             (select pkid from telecasterserviceparameter where name = 'zip')"
        ),
        format!(
            "update telecastersubscribedservice set serviceurl = serviceurl || '&password={foreign}&pin={}&x={foreign}' \
             where servicename in ('Weather', 'Corporate Directory')",
            utf8_percent_encode(FOREIGN, NON_ALPHANUMERIC)
        ),
        format!(
            "update telecasterservice set urltemplate = 'https://u:{FLAGGED}@weather.example.com/today?token={FLAGGED}' where name = 'Weather'"
        ),
        format!(
            "update telecasterserviceparameter set parampassword = 't', defaultvalue = '{FLAGGED}' where name = 'zip'"
        ),
        "delete from devicexml4k".to_owned(),
        format!(
            "insert into devicexml4k (fkdevice, xml) select pkid, '<webAccess>0</webAccess><webProtocol>1</webProtocol>\
             <sshPwd>{device}</sshPwd><a><adminPassword>{device}</adminPassword></a><wifiKey1 secret=\"{device}\">{device}</wifiKey1>' \
             from device where tkclass = 1"
        ),
        format!("update commonphoneconfigxml set xml = xml || '<unlockPwd>{device}</unlockPwd>'"),
        format!(
            "update enterprisephoneconfigxml set xml = xml || '<snmpCommunity>{device}</snmpCommunity>'"
        ),
    ] {
        lab.sql(&sql);
    }
    lab.control("POST", "/operator/finesse-settings", &json!({"user": "ippa", "password": SAVED}));
    lab
}

#[test]
fn no_secret_is_in_a_capture_and_the_plan_is_the_same() {
    let live = marked();
    let mut command = live.command(&["capture", "marked.yaml", "--out", "site", "-vvv"]);
    let ran = Ran::of(&command.env("IPPA_PASSWORD", USER).output().unwrap()).expect(0);
    let mut outputs = files(&live.path("site"));
    outputs.push(("stdout".to_owned(), ran.stdout.clone()));
    outputs.push(("stderr".to_owned(), ran.stderr.clone()));
    let mut found = Vec::new();
    for (name, text) in &outputs {
        for secret in [AGENT, FOREIGN, DEVICE, SAVED, USER, FLAGGED] {
            let hit =
                spellings(secret).into_iter().find(|spelling| text.contains(spelling.as_str()));
            found.extend(hit.map(|spelling| format!("{name}: {spelling}")));
        }
        assert!(!text.contains("Basic ") && !text.contains("JSESSIONID"), "{name}");
        let account = text.contains(crate::lab::AXL);
        assert!(!account, "{name} holds the password of an account");
    }
    assert_eq!(found, Vec::<String>::new());
    let whole: String = outputs.iter().map(|(_, text)| text.as_str()).collect();
    for spoken in
        ["sshPwd", "adminPassword", "snmpCommunity", "unlockPwd", "captured-0001", "Weather", "zip"]
    {
        assert!(whole.contains(spoken), "nothing speaks of {spoken}: this test looks at nothing");
    }
    // With agents' passwords put back, everything is in order as it is live; without, their values differ.
    let passwords = live.path("two-node-uccx-passwords.csv");
    let yaml = fs::read_to_string(live.path("marked.yaml")).unwrap();
    let rehearse = |flags: &[&str]| {
        let rehearsal = loaded(&live, "site", flags);
        let pins = yaml.lines().find(|line| line.starts_with("tls:")).unwrap();
        rehearsal.write("marked.yaml", &yaml.replace(pins, &rehearsal.pins()));
        fs::copy(&passwords, rehearsal.path("two-node-uccx-passwords.csv")).unwrap();
        rehearsal
    };
    let rehearsal = rehearse(&["--agent-passwords", passwords.to_str().unwrap()]);
    same(&live, &rehearsal, "marked.yaml", "with passwords");
    let (_, plan) = said(&rehearsal, "plan", "marked.yaml");
    assert_eq!(plan["deployments"][0]["counts"]["devices_in_sync"], json!(28), "{plan:#}");
    let placeholders = rehearse(&[]);
    let (_, plan) = said(&placeholders, "plan", "marked.yaml");
    assert_eq!(plan["deployments"][0]["counts"]["altered"], json!(24), "{plan:#}");
}

#[test]
fn a_capture_writes_nothing_anywhere_else() {
    let live = lab();
    let playbook = fs::read_to_string(live.path("reference.yaml")).unwrap();
    live.write("reference.yaml", &playbook.replace("user: axladmin", "user: axlreader"));
    live.reset();
    let before = live.dump();
    capture(&live, "reference.yaml", "site").expect(0);
    assert_eq!(live.requests()["writes"], json!(0));
    assert_eq!(live.dump(), before);
    let kept = fs::read_dir(live.path("state")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(kept.collect::<Vec<_>>(), ["host-keys.json"], "nothing is remembered");
    // What somebody wrote down from the capture works with the same account names.
    let rehearsal = loaded(&live, "site", &[]);
    rehearsal.write("reader.yaml", &{
        let text = fs::read_to_string(rehearsal.path("reference.yaml")).unwrap();
        text.replace("user: axladmin", "user: axlreader")
    });
    assert_eq!(
        said(&rehearsal, "verify", "reader.yaml").0,
        said(&live, "verify", "reference.yaml").0
    );
}

fn nodes(lab: &Lab, change: &Value) {
    lab.control("POST", "/finesse", change);
}

#[test]
fn nodes_and_phones_are_as_they_were() {
    let live = marked();
    live.control("POST", "/settings", &json!({"sql_null_is_nil": true, "nil_references": false}));
    nodes(
        &live,
        &json!({"node": "primary", "maintenance": "in-progress",
            "signed_in": [{"id": "1001", "client": "DESKTOP"}, {"id": "1002", "client": "FIPPA"}],
            "knobs": {"maintenance_elements": "always", "auth_mode": "HYBRID"}}),
    );
    nodes(&live, &json!({"node": "secondary", "out_of_service": true, "heartbeat": false}));
    for (phone, state) in [("SEP001122330001", false), ("SEP001122330002", true)] {
        live.control("POST", "/phones", &json!({"phone": phone, "registered": state}));
    }
    live.sql("update sandbox_phone set webaccess = '1' where fkdevice in (select pkid from device where name in ('SEP001122330002', 'SEP001122330003'))");
    live.sql("insert into sandbox_login (fkdevice, userid) select pkid, 'agent1004' from device where name = 'SEP001122330004'");
    let captured = Ran::of(
        &live
            .command(&["capture", "marked.yaml", "--out", "site"])
            .env("IPPA_PASSWORD", USER)
            .output()
            .unwrap(),
    );
    assert!(captured.stdout.contains("ris"), "{}", captured.stdout);
    let passwords = live.path("two-node-uccx-passwords.csv");
    let rehearsal = loaded(&live, "site", &["--agent-passwords", passwords.to_str().unwrap()]);
    let yaml = fs::read_to_string(live.path("marked.yaml")).unwrap();
    let pins = yaml.lines().find(|line| line.starts_with("tls:")).unwrap();
    rehearsal.write("marked.yaml", &yaml.replace(pins, &rehearsal.pins()));
    fs::copy(&passwords, rehearsal.path("two-node-uccx-passwords.csv")).unwrap();
    same(&live, &rehearsal, "marked.yaml", "with nodes and phones in trouble");
    let (_, verified) = said(&rehearsal, "verify", "marked.yaml");
    let text = verified.to_string();
    assert!(text.contains("SEP001122330003"), "a silent web server is found: {text}");
    let devices = rehearsal.dump();
    assert_eq!(devices["devices"]["SEP001122330004"]["logged_in"], json!("agent1004"));
}

#[test]
fn a_kept_rehearsal_goes_on_where_it_was() {
    let live = lab();
    capture(&live, "two-node-uccx.yaml", "site").expect(0);
    let kept = live.path("kept.db");
    let state = ["--state", kept.to_str().unwrap()];
    let first = loaded(&live, "site", &state);
    apply(&first, "two-node-uccx.yaml").expect(0);
    drop(first);
    let again = loaded(&live, "site", &state);
    let (code, plan) = said(&again, "plan", "two-node-uccx.yaml");
    assert_eq!((code, &plan["deployments"][0]["steps"]), (0, &json!([])), "{plan:#}");
    let seeded = again.dump();
    assert!(seeded["devices"].get("SEP001122330048").is_none(), "nothing of the seed is in it");
}
