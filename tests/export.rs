//! `export`: what a shipped playbook has made is exported to one whose plan is empty; what fits into none is listed; and no
//! secret is in any of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

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
    // Four phones of the seeded site have an older service, and are in no row of the shipped playbook.
    let (verified, rows): (Vec<&str>, Vec<&str>) =
        roster.lines().partition(|row| row.ends_with(",verify"));
    assert_eq!(verified.len(), 4, "{roster}");
    let without_last = |row: &str| row.rsplit_once(',').unwrap().0.to_owned();
    let shipped = fs::read_to_string(shipped().join("two-node-uccx.csv")).unwrap();
    assert_eq!(
        rows.into_iter().map(without_last).collect::<Vec<_>>(),
        shipped.lines().map(without_last).collect::<Vec<_>>()
    );
    // A row that is added to such a roster is subscribed without a password, and the others stay.
    let before = lab.dump();
    lab.write("exported/two-node-uccx.csv", &(roster + "SEP001122330025,,1025,2025,\n"));
    // Drift of the four stays to be told.
    lab.run(&["apply", "exported/two-node-uccx.yaml", "--yes", "--allow", ALL]).expect(2);
    plans_empty(&lab, "exported", "two-node-uccx");
    let devices = |dump: &Value| dump["devices"].as_object().unwrap().clone();
    let (old, new) = (devices(&before), devices(&lab.dump()));
    let changed: Vec<_> = new.keys().filter(|name| new[*name] != old[*name]).collect();
    assert_eq!(changed, ["SEP001122330025"]);
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

/// A playbook that says where the site is and nothing of the estate.
fn site(lab: &Lab, more: &str) {
    let text = format!(
        "version: 1\ndeployment: found\ncucm: {{ publisher: cucm-pub.example.com }}\n\
         credentials: {{ axl: {{ user: axlreader, password: {{ env: AXL_PASSWORD }} }} }}\n{more}{}\n",
        lab.pins()
    );
    lab.write("site.yaml", &text);
}

/// The reasons that are given for a name.
#[track_caller]
fn why(export: &Value, name: &str) -> String {
    let all = export["left_out"].as_array().unwrap().iter();
    let of = all.filter(|left| left["names"].as_array().unwrap().contains(&json!(name)));
    let why: Vec<&str> = of.map(|left| left["why"].as_str().unwrap()).collect();
    assert!(!why.is_empty(), "{name} is not listed: {export:#}");
    why.join(" | ")
}

#[test]
fn what_of_a_foreign_estate_fits_into_no_playbook_is_listed() {
    let lab = Lab::start(&[]);
    lab.playbooks(&shipped());
    let apply = |name: &str| lab.run(&["apply", name, "--yes", "--allow", ALL]);
    apply("two-node-uccx.yaml").expect(0);
    apply("hot-desk.yaml");
    // What people have done to it since, at other consoles and with other tools.
    for sql in [
        // One phone lost one of the two.
        "delete from telecastersubscribedservice where fkdevice = (select pkid from device where name = 'SEP001122330001')
           and fktelecasterservice = (select pkid from telecasterservice where name = 'Cisco Finesse Secondary')",
        // Two ids on one phone.
        "update telecastersubscribedservice set serviceurl = replace(serviceurl, 'id=1002', 'id=1099')
           where fkdevice = (select pkid from device where name = 'SEP001122330002')
           and fktelecasterservice = (select pkid from telecasterservice where name = 'Cisco Finesse Secondary')",
        // A value that no parameter stands for.
        "update telecastersubscribedservice set serviceurl = serviceurl || '&zone=7'
           where fkdevice = (select pkid from device where name = 'SEP001122330003')",
        // A second subscription to the same.
        "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, secureserviceurl, urlbuttonindex, urllabel, urllabelascii, priority)
           select fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, secureserviceurl, urlbuttonindex, urllabel, urllabelascii, priority
           from telecastersubscribedservice where servicename = 'Cisco Finesse' and fkdevice = (select pkid from device where name = 'SEP001122330004')",
        // A name that no roster holds.
        "update device set name = 'Lobby phone 5' where name = 'SEP001122330005'",
        // A phone that the user controls, and that nobody subscribed.
        "insert into applicationuserdevicemap (fkapplicationuser, fkdevice, tkuserassociation)
           select u.pkid, d.pkid, 1 from applicationuser u, device d where u.name = 'ippa' and d.name = 'SEP001122330039'",
        // A third node, and one without a complete name.
        "insert into telecasterservice (name, nameascii, urltemplate, secureurltemplate, tkphoneservice)
           values ('Finesse Test', 'Finesse Test', 'http://fin-test.example.com:8082/fippa/#DEVICENAME#', '', 0)",
        "insert into telecasterservice (name, nameascii, urltemplate, secureurltemplate, tkphoneservice)
           values ('Finesse Short', 'Finesse Short', 'http://fin-s:8082/fippa/#DEVICENAME#', '', 0)",
    ] {
        lab.sql(sql);
    }
    site(&lab, "");
    let text = lab.run(&["export", "site.yaml", "--out", "exported"]).expect(0);
    let json = lab.run(&["export", "site.yaml", "--out", "again", "--output", "json"]).expect(0);
    holds_no_secret(&lab, "exported", &[&text, &json]);
    plans_empty(&lab, "exported", "found");
    let export = json.json()["export"].clone();
    let playbook = text_of(&lab, "exported/found.yaml");
    for (name, words) in [
        ("SEP001122330001", "one of the two services only"),
        ("SEP001122330002", "different values"),
        ("SEP001122330003", "does not define"),
        ("SEP001122330004", "several times"),
        ("Lobby phone 5", "cannot hold such a name"),
        ("SEP001122330039", "not subscribed"),
        ("SEP001122330041", "not controlled by ippa"),
        ("Finesse Test", "a further one, on fin-test.example.com"),
        ("Finesse Short", "a short name"),
        ("Finesse Hot Desk", "--service 'Finesse Hot Desk'"),
        ("rmcm", "--app-user rmcm"),
        ("phone_settings", "are not set to"),
        ("finesse_settings", "no public interface"),
    ] {
        assert!(why(&export, name).contains(words), "{name}: {}", why(&export, name));
        assert!(playbook.contains(name), "{name} is not in the playbook: {playbook}");
    }
    assert!(
        playbook.contains("CHECK: no interface of CUCM tells product and release"),
        "{playbook}"
    );
    // Another deployment of the same nodes, by a service of its own.
    let hot = [
        "export",
        "site.yaml",
        "--service",
        "Finesse Hot Desk",
        "--out",
        "hot",
        "--output",
        "json",
    ];
    let hot = lab.run(&hot).expect(0).json();
    assert_eq!(hot["export"]["services"][1]["name"], "Finesse Hot Desk Backup", "{hot:#}");
    assert_eq!(hot["export"]["application_user"], "ippa-hot-desk");
    plans_empty(&lab, "hot", "found");
}

#[test]
fn an_export_writes_nowhere_but_into_a_folder_of_its_own() {
    let lab = Lab::start(&[]);
    lab.playbooks(&shipped());
    let before = lab.dump();
    // As seeded: an old service without an HTTPS URL, and no user that could push.
    let pin =
        format!("cucm-pub.example.com:8443={}", lab.certificate_print("cucm-pub.example.com:8443"));
    let flags =
        ["export", "--publisher", "cucm-pub.example.com", "--axl-user", "axlreader", "--pin", &pin];
    let seeded = lab.run(&[&flags[..], &["--out", "seeded"]].concat()).expect(0);
    assert_eq!(lab.dump(), before, "nothing is changed");
    for words in [
        "phone service Cisco Finesse: secure URL",
        "none could be told",
        "jtapi",
        "SEP001122330013",
    ] {
        assert!(seeded.stdout.contains(words), "{words}: {}", seeded.stdout);
    }
    let playbook = text_of(&lab, "seeded/cucm-pub.yaml");
    assert!(playbook.contains("CHECK: no user is in both groups"), "{playbook}");
    lab.run(&["validate", "seeded/cucm-pub.yaml"]).expect(0);
    // Only what was said would change does.
    let plan = lab.run(&["plan", "seeded/cucm-pub.yaml", "--output", "json"]).expect(0).json();
    let steps = plan["deployments"][0]["steps"].as_array().unwrap();
    let objects: BTreeSet<_> =
        steps.iter().map(|step| step["object"]["name"].as_str().unwrap()).collect();
    assert_eq!(objects, BTreeSet::from(["Cisco Finesse", "ippa"]));
    let again =
        lab.run(&[&flags[..], &["--out", "seeded", "--output", "json"]].concat()).expect(64).json();
    assert_eq!(again["errors"][0]["code"], "export-folder-used");
    let user = lab.run(&[&flags[..], &["--out", "x", "--app-user", "nobody"]].concat()).expect(64);
    assert!(user.stderr.contains("export-app-user"), "{}", user.stderr);
    lab.sql("update telecasterservice set urltemplate = 'http://elsewhere/' where name = 'Cisco Finesse'");
    let nothing =
        lab.run(&[&flags[..], &["--out", "x", "--output", "json"]].concat()).expect(64).json();
    assert_eq!(nothing["deployments"][0]["errors"][0]["code"], "export-nothing", "{nothing:#}");
    assert!(!lab.path("x").exists(), "nothing is left behind");
    lab.run(&["export", "--out", "x"]).expect(64);
}
