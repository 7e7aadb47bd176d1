//! `export`: what a shipped playbook has made is exported to one whose plan is empty; what fits into none is listed; and no
//! secret is in any of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::lab::{Lab, Ran};

const ALL: &str = "replace-service,clear-values,cluster-wide,removal,sql,restart,phone-reset";

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks")
}

/// Every text that an export has made.
fn made(lab: &Lab, folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(lab.path(folder)).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| (path.display().to_string(), fs::read_to_string(&path).unwrap());
    entries.map(text).collect()
}

#[track_caller]
fn holds_no_secret(lab: &Lab, folder: &str, outputs: &[&Ran]) {
    let passwords = fs::read_to_string(shipped().join("two-node-uccx-passwords.csv")).unwrap();
    let passwords = passwords.lines().skip(1).filter_map(|row| row.split_once(','));
    let secrets: Vec<&str> = passwords
        .map(|(_, password)| password)
        .chain(["Conformance1", "Conformance2", crate::lab::AXL])
        .collect();
    assert!(secrets.len() > 20);
    let outputs = outputs.iter().flat_map(|ran| [&ran.stdout, &ran.stderr]).cloned();
    let outputs = outputs.map(|text| ("output".to_owned(), text));
    for (name, text) in made(lab, folder).into_iter().chain(outputs) {
        let found = secrets.iter().find(|secret| text.contains(**secret));
        assert_eq!(found, None, "in {name}:\n{text}");
    }
}

/// Plans the exported playbook, without any password but that of the account that reads.
#[track_caller]
fn plans_empty(lab: &Lab, folder: &str, name: &str) -> Value {
    let path = format!("{folder}/{name}.yaml");
    let mut command = lab.command(&["plan", &path, "--output", "json"]);
    for variable in ["IPPA_PASSWORD", "FINESSE_PASSWORD", "FINESSE_OS_PASSWORD"] {
        command.env_remove(variable);
    }
    let plan = Ran::of(&command.output().unwrap()).expect(0).json();
    let steps = plan["deployments"][0]["steps"].as_array().unwrap().clone();
    assert!(steps.is_empty(), "{name}: {steps:#?}");
    plan
}

/// Applies a shipped playbook to a cluster of its own, exports what is there then, and looks at it.
#[track_caller]
fn exported_plans_empty(name: &str, user: &str) -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&shipped());
    let playbook = format!("{name}.yaml");
    let applied = lab.run(&["apply", &playbook, "--yes", "--allow", ALL]);
    // What only a person can do is left.
    assert!([0, 3].contains(&applied.code), "{applied:?}");
    let text = lab.run(&["export", &playbook, "--out", "exported"]).expect(0);
    assert!(text.stdout.contains("a plan of it changes nothing"), "{}", text.stdout);
    let json = lab.run(&["export", &playbook, "--out", "again", "--output", "json"]).expect(0);
    plans_empty(&lab, "exported", name);
    holds_no_secret(&lab, "exported", &[&text, &json]);
    let found = json.json();
    assert_eq!(found["schema"], "ippactl.export/v1");
    let export = &found["export"];
    assert_eq!(export["application_user"], user, "{export:#}");
    assert_eq!(export["services"].as_array().unwrap().len(), 2, "{export:#}");
    assert!(export["devices"].as_u64().unwrap() > 0, "{export:#}");
    // The same estate makes the same files.
    let texts = |folder| made(&lab, folder).into_iter().map(|(_, text)| text);
    assert_eq!(texts("exported").collect::<BTreeSet<_>>(), texts("again").collect());
    lab
}

fn text_of(lab: &Lab, path: &str) -> String {
    fs::read_to_string(lab.path(path)).unwrap()
}

#[test]
fn passwords_that_are_stored_are_kept_and_phones_have_their_profiles() {
    let lab = exported_plans_empty("two-node-uccx", "ippa");
    let playbook = text_of(&lab, "exported/two-node-uccx.yaml");
    assert!(playbook.contains("  passwords: keep"), "{playbook}");
    let roster = text_of(&lab, "exported/two-node-uccx.csv");
    let shipped = fs::read_to_string(shipped().join("two-node-uccx.csv")).unwrap();
    let without_user = shipped.lines().map(|row| row.rsplit_once(',').unwrap().0.to_owned() + "\n");
    let without_user: String = without_user.collect();
    assert_eq!(roster, without_user);
    // A row that is added to such a roster is subscribed without a password, and the others stay.
    let more = roster + "SEP001122330020,,1020,2020\n";
    lab.write("exported/two-node-uccx.csv", &more);
    lab.run(&["apply", "exported/two-node-uccx.yaml", "--yes", "--allow", ALL]).expect(0);
    lab.run(&["verify", "exported/two-node-uccx.yaml"]).expect(0);
}

#[test]
fn ids_and_extensions_of_ucce() {
    exported_plans_empty("two-node-ucce", "ippa-ucce");
}

#[test]
fn the_reference() {
    exported_plans_empty("reference", "ippa-reference");
}

#[test]
fn services_of_every_phone() {
    exported_plans_empty("enterprise-subscription", "ippa-enterprise");
}

#[test]
fn services_that_agents_subscribe_to() {
    exported_plans_empty("self-care", "ippa-self-care");
}

#[test]
fn device_profiles() {
    exported_plans_empty("extension-mobility", "ippa-mobility");
}

#[test]
fn a_site_of_pcce() {
    exported_plans_empty("pcce-site", "ippa-pcce");
}

#[test]
fn phones_without_values() {
    exported_plans_empty("hot-desk", "ippa-hot-desk");
}
