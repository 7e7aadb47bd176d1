//! `remove`: what a playbook declares is gone, and what others have is as it was.

use std::path::Path;

use serde_json::Value;

use crate::lab::{Lab, Ran};

const PLAYBOOK: &str = "two-node-ucce.yaml";
const ALLOW: &str = "removal,sql";

fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab
}

fn apply(lab: &Lab) -> Ran {
    lab.run(&["apply", PLAYBOOK, "--yes", "--allow", "removal,sql,restart"])
}

fn remove(lab: &Lab) -> Ran {
    lab.run(&["remove", PLAYBOOK, "--yes", "--allow", ALLOW])
}

/// Whether two dumps have the same in these sections.
#[track_caller]
fn same(a: &Value, b: &Value, sections: &[&str]) {
    for section in sections {
        assert_eq!(a[*section], b[*section], "{section}");
    }
}

const WRITTEN: [&str; 3] = ["application_users", "phone_services", "devices"];

#[test]
fn what_the_playbook_made_is_gone_and_everything_else_is_there() {
    let lab = lab();
    let before = lab.dump();
    apply(&lab).expect(0);
    lab.run(&["remove", PLAYBOOK]).expect(5);
    // Without leave to take anything away nothing is taken.
    let applied = lab.dump();
    lab.run(&["remove", PLAYBOOK, "--yes"]).expect(5);
    same(&applied, &lab.dump(), &WRITTEN);
    let shown = lab.run(&["remove", PLAYBOOK, "--dry-run"]).expect(0);
    assert!(shown.stdout.contains("Finesse Agent Backup"), "{}", shown.stdout);
    let removed = remove(&lab).expect(0);
    assert!(removed.stdout.contains("phone services"), "{}", removed.stdout);
    same(&before, &lab.dump(), &WRITTEN);
    lab.reset();
    let again = remove(&lab).expect(0);
    assert!(again.stdout.contains("nothing of the playbook is there"), "{}", again.stdout);
    assert_eq!(lab.requests()["performed_writes"], 0);
    // And the run that took it away can be taken back.
    lab.run(&["undo", "--yes", "--allow", ALLOW]).expect(0);
    same(&applied, &lab.dump(), &WRITTEN);
    lab.run(&["plan", PLAYBOOK, "--detailed-exitcode"]).expect(0);
}

#[test]
fn a_service_and_a_user_that_others_use_stay() {
    let lab = lab();
    apply(&lab).expect(0);
    // A phone beyond the roster is subscribed, and the user controls another phone.
    lab.sql(
        "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, \
         secureserviceurl, urlbuttonindex, urllabel) select d.pkid, t.pkid, 'Theirs', 'Theirs', 'http://x/', '', 0, '' \
         from device d, telecasterservice t where d.name = 'SEP001122330003' and t.name = 'Finesse Agent'",
    );
    lab.sql(
        "insert into applicationuserdevicemap (fkapplicationuser, fkdevice, tkuserassociation) select u.pkid, d.pkid, 1 \
         from applicationuser u, device d where u.name = 'ippa-ucce' and d.name = 'SEP001122330004'",
    );
    let applied = lab.dump();
    let ran = remove(&lab).expect(5);
    for text in ["1 devices beyond the playbook are subscribed", "application_user.shared"] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
    let after = lab.dump();
    assert_eq!(after["application_users"], applied["application_users"]);
    assert_eq!(after["devices"]["SEP001122330003"], applied["devices"]["SEP001122330003"]);
    assert!(after["phone_services"]["Finesse Agent"].is_object());
    assert!(after["phone_services"]["Finesse Agent Backup"].is_null());
    // Shared: only the playbook's own phones are taken from it.
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    let shared = text.replace("  id: ippa-ucce", "  id: ippa-ucce\n  shared: true");
    assert_ne!(shared, text);
    lab.write(PLAYBOOK, &shared);
    remove(&lab).expect(5);
    let user = lab.dump()["application_users"]["ippa-ucce"].to_string();
    assert!(user.contains("SEP001122330004") && !user.contains("SEP001122330025"), "{user}");
}
