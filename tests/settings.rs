//! `config explain` and `trust`: where settings and trust come from, as a person and as a program reads it. No network.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lab::Ran;

const PRINT: &str = "sha256:abababababababababababababababababababababababababababababababab";
const OTHER: &str = "sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd";
const KEY: &str = "SHA256:hnGhAmMkCrAWpAgjAXpzpysH5IwahTKreGqBWr/M3IU";

/// A folder with a playbook, and a state folder in which something was accepted.
fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "site.yaml",
        &format!(
            r#"version: 1
deployment: site
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials:
  axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }}
  finesse: {{ user: finadmin, password: {{ command: [touch, ran] }} }}
  finesse_platform: {{ user: osadmin, password: {{ prompt: true }} }}
application_user: {{ id: ippa, password: {{ keyring: ippactl-test/none }} }}
phone_services: {{ primary: {{ name: Desk A }}, secondary: {{ name: Desk B }} }}
limits: {{ concurrency: 4 }}
tls:
  pins:
    "cucm-pub.example.com:8443": ["{PRINT}"]
  ca_files: [ca.pem]
ssh: {{ known_hosts: hosts }}
"#
        ),
    );
    write("ca.pem", "");
    write("hosts", "");
    let pins = json!({
        "pins": { "fin-a.example.com:8445": [OTHER], "cucm-pub.example.com:8443": [OTHER] },
        "accepted": { format!("fin-a.example.com:8445 {OTHER}"): "2026-01-31T09:00:00Z" },
    });
    write("state/ippactl/pins.json", &pins.to_string());
    let keys = json!({ "host_keys": { "fin-a.example.com:22": [KEY] } });
    write("state/ippactl/host-keys.json", &keys.to_string());
    folder
}

fn command(site: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    command.args(words).current_dir(site.path()).stdin(Stdio::null()).env_clear();
    command.env("XDG_STATE_HOME", site.path().join("state")).env("HOME", site.path());
    command.env("AXL_PASSWORD", "hunter2").env("USER", "alice");
    command
}

fn run(site: &TempDir, words: &[&str]) -> Ran {
    Ran::of(&command(site, words).output().unwrap())
}

fn setting<'a>(document: &'a Value, name: &str) -> &'a Value {
    let settings = document["settings"].as_array().unwrap();
    let found = settings.iter().find(|setting| setting["setting"] == name);
    found.unwrap_or_else(|| panic!("no {name}: {document:#}"))
}

#[test]
fn each_setting_tells_where_it_came_from_and_what_it_took_the_place_of() {
    let site = site();
    let words = ["config", "explain", "site.yaml", "--output", "json"];
    let document = run(&site, &words).expect(0).json();
    assert_eq!(document["schema"], "ippactl.config/v1");
    let origin = |name: &str| setting(&document, name)["origin"].clone();
    assert_eq!(origin("state folder")["name"], "XDG_STATE_HOME");
    assert_eq!(origin("timeout")["kind"], "default");
    assert_eq!(setting(&document, "concurrency")["value"], "4");
    assert_eq!(
        origin("concurrency"),
        json!({"kind": "playbook", "name": "limits.concurrency", "declared": {"file": "site.yaml", "line": 11, "column": 11}})
    );
    assert_eq!(setting(&document, "who, in the journal")["value"], "alice");
    let available = |name: &str| setting(&document, name)["available"].clone();
    assert_eq!(available("credentials.axl.password"), true);
    assert_eq!(available("credentials.finesse.password"), true);
    assert!(!site.path().join("ran").exists(), "a command was run to be explained");
    assert_eq!(available("credentials.finesse_platform.password"), false);
    assert_eq!(available("application_user.password"), false);
    let pinned = setting(&document, "certificate of cucm-pub.example.com:8443");
    assert_eq!(pinned["value"], "pinned, and accepted: either is trusted");
    assert_eq!(origin("certificate of fin-a.example.com:8445")["kind"], "terminal");
    assert_eq!(origin("certificate of fin-b.example.com:8445")["name"], "tls.ca_files");
    assert_eq!(origin("known hosts")["declared"]["line"], 16);
    // Flags take the place of all else, and say of what.
    let flags =
        ["--timeout", "60", "--concurrency", "3", "--color", "always", "--state-dir", "elsewhere"];
    let mut command = command(&site, &[&words[..], &flags].concat());
    command.env("NO_COLOR", "1").env("HTTPS_PROXY", "http://me:hunter3@proxy.example.com:3128");
    let ran = Ran::of(&command.output().unwrap()).expect(0);
    assert!(!ran.stdout.contains("hunter"), "{}", ran.stdout);
    let document = ran.json();
    let told = |name: &str| {
        let setting = setting(&document, name);
        (setting["origin"]["name"].clone(), setting["overrides"].to_string())
    };
    assert_eq!(told("timeout").0, "--timeout");
    assert_eq!(
        told("concurrency"),
        (json!("--concurrency"), r#"["4 at site.yaml:11:11"]"#.to_owned())
    );
    assert_eq!(told("colour"), (json!("--color"), r#"["off, as NO_COLOR is set"]"#.to_owned()));
    assert_eq!(told("state folder").0, "--state-dir");
    assert_eq!(setting(&document, "proxy")["value"], "…@proxy.example.com:3128");
    // A playbook that does not validate is told as validate tells it.
    std::fs::write(site.path().join("wrong.yaml"), "version: 1\n").unwrap();
    run(&site, &["config", "explain", "wrong.yaml"]).expect(64);
}

#[test]
fn what_was_accepted_is_listed_with_its_origin_and_forgotten() {
    let site = site();
    let list = run(&site, &["trust", "list", "site.yaml"]).expect(0).stdout;
    for line in [
        &format!("fin-a.example.com:8445\n  certificate  {OTHER}\n"),
        "accepted at a terminal 2026-01-31T09:00:00Z\n",
        &format!("  host key     {KEY}\n               accepted at a terminal\n"),
        &format!("  certificate  {PRINT}\n               playbook site.yaml:14:5\n"),
        "any server\n  authorities  ca.pem\n               playbook site.yaml:15:14\n",
        "  known hosts  hosts\n               playbook site.yaml:16:21\n",
    ] {
        assert!(list.contains(line), "{line}\nis not in\n{list}");
    }
    let words = ["trust", "list", "--output", "json"];
    assert_eq!(run(&site, &words).json()["trusted"].as_array().unwrap().len(), 3);
    let near = run(&site, &["trust", "remove", "fin-a.exmaple.com:8445"]).expect(64);
    assert!(near.stderr.contains("did you mean fin-a.example.com:8445?"), "{}", near.stderr);
    let words = ["trust", "remove", "fin-a.example.com:8445", "--output", "json"];
    let removed = run(&site, &words).expect(0).json();
    assert_eq!(
        (&removed["removed"], &removed["trusted"][0]["what"]),
        (&json!(true), &json!(OTHER))
    );
    let ran = run(&site, &["trust", "remove", "fin-a.example.com:22"]).expect(0);
    assert!(ran.stdout.contains(KEY), "{}", ran.stdout);
    run(&site, &["trust", "remove", "fin-a.example.com:22"]).expect(64);
    let left = run(&site, &["trust", "list", "--output", "json"]).json();
    assert_eq!(left["trusted"].as_array().unwrap().len(), 1);
    // A broken file is never taken for an empty one, nor written over.
    std::fs::write(site.path().join("state/ippactl/host-keys.json"), "{").unwrap();
    run(&site, &["trust", "list"]).expect(1);
    run(&site, &["trust", "remove", "cucm-pub.example.com:8443"]).expect(1);
    let pins = std::fs::read_to_string(site.path().join("state/ippactl/pins.json")).unwrap();
    assert!(pins.contains(OTHER), "{pins}");
}

#[test]
fn slips_of_the_finger_find_their_word() {
    let site = site();
    for (words, near) in [
        (&["aply", "site.yaml"][..], "'apply'"),
        (&["plan", "site.yaml", "--snadbox"], "'--sandbox'"),
        (&["explain", "subscription-mising"], "did you mean subscription-missing?"),
    ] {
        let ran = run(&site, words).expect(64);
        assert!(ran.stderr.contains(near), "{}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn the_table_fits_a_terminal() {
    use crate::pty::Terminal;
    for words in [&["config", "explain", "site.yaml"][..], &["trust", "list", "site.yaml"]] {
        let left = Terminal::start(command(&site(), words)).ends().expect(0);
        let long: Vec<_> = left.broken.iter().filter(|line| !line.contains("sha256:")).collect();
        assert!(long.is_empty(), "{long:#?}");
    }
}
