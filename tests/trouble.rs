//! A server in trouble, and sites in odd states: the message, the exit code, and that a rerun recovers.

use std::path::Path;

use serde_json::{Value, json};

use crate::lab::Lab;

pub(crate) const PLAYBOOK: &str = "two-node-uccx.yaml";
const ALL: &str = "replace-service,clear-values,cluster-wide,removal,sql";

pub(crate) fn lab() -> Lab {
    let lab = Lab::start(&[]);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab
}

pub(crate) fn converges(lab: &Lab, what: &str) {
    let applied = lab.run(&["apply", PLAYBOOK, "--yes", "--allow", ALL]);
    assert_eq!(applied.code, 0, "{what}\n{}\n{}", applied.stdout, applied.stderr);
    let planned = lab.run(&["plan", PLAYBOOK, "--detailed-exitcode"]);
    assert_eq!(planned.code, 0, "{what}\n{}\n{}", planned.stdout, planned.stderr);
    let verified = lab.run(&["verify", PLAYBOOK]);
    assert_eq!(verified.code, 0, "{what}\n{}\n{}", verified.stdout, verified.stderr);
    lab.reset();
    lab.run(&["apply", PLAYBOOK, "--yes"]).expect(0);
    assert_eq!(lab.requests()["writes"], json!(0), "{what}");
}

/// What other subscriptions than our own hold, by device.
fn others(lab: &Lab) -> Value {
    let dump = lab.dump();
    let devices = dump["devices"].as_object().unwrap();
    let others = devices.iter().map(|(name, device)| {
        let subscriptions = device["subscriptions"].as_array().unwrap();
        let other = |s: &&Value| !s["service"].as_str().unwrap().starts_with("Cisco Finesse");
        let mut kept: Vec<Value> = subscriptions.iter().filter(other).cloned().collect();
        for subscription in &mut kept {
            // An empty column and NULL are the same to a reader of SQL over AXL.
            if subscription["secure_url"].is_null() {
                subscription["secure_url"] = json!("");
            }
        }
        (name.clone(), Value::Array(kept))
    });
    Value::Object(others.collect())
}

#[test]
fn servers_that_answer_differently_are_understood() {
    for settings in [
        json!({"secure_after_axl": "null"}),
        json!({"secure_after_axl": "template"}),
        json!({"secure_after_axl": "with-values"}),
        json!({"sql_null_is_nil": true, "nil_references": true}),
        json!({"sql_null_is_nil": false, "nil_references": false}),
        json!({"answer_limit": 6000}),
        json!({"control_all_authorises": true}),
    ] {
        let lab = lab();
        lab.control("POST", "/settings", &settings);
        // A plain one whose secure URL is its service's own: what a list write may make of it is the server's affair.
        lab.sql("update telecasterservice set secureurltemplate = 'https://directory.example.com/' where name = 'Corporate Directory'");
        lab.sql("update telecastersubscribedservice set secureserviceurl = 'https://directory.example.com/' where servicename = 'Corporate Directory'");
        let before = others(&lab);
        converges(&lab, &settings.to_string());
        for (device, before) in before.as_object().unwrap() {
            assert_eq!(&others(&lab)[device], before, "{settings} {device}");
        }
    }
}

#[test]
fn a_list_write_that_never_arrived_proves_nothing() {
    for kind in ["drop-before", "500"] {
        let lab = lab();
        lab.control("POST", "/settings", &json!({"secure_after_axl": "null"}));
        lab.sql("update telecasterservice set secureurltemplate = 'https://directory.example.com/' where name = 'Corporate Directory'");
        lab.sql("update telecastersubscribedservice set secureserviceurl = 'https://directory.example.com/' where servicename = 'Corporate Directory'");
        let before = others(&lab);
        let fault = json!({"operation": "updatePhone", "times": 1, "kind": kind});
        lab.control("POST", "/faults", &fault);
        lab.run(&["apply", PLAYBOOK, "--yes", "--allow", ALL]);
        assert_eq!(others(&lab), before, "{kind}");
        converges(&lab, kind);
        assert_eq!(others(&lab), before, "{kind}");
    }
}

#[test]
fn sessions_that_expire_in_the_middle_are_renewed() {
    let lab = lab();
    let slow = json!({"operation": "write", "times": 100_000, "kind": "slow", "slow-ms": 10});
    lab.control("POST", "/faults", &slow);
    let mut command = lab.command(&["apply", PLAYBOOK, "--yes"]);
    let mut running = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    for writes in [1, 3, 8, 16] {
        while lab.requests()["performed_writes"].as_u64().unwrap() < writes {}
        lab.control("POST", "/expire-sessions", &Value::Null);
    }
    assert!(running.wait().unwrap().success());
    let sign_ins = lab.requests()["sign_ins"]["axladmin"].as_u64().unwrap();
    assert!((5..20).contains(&sign_ins), "{sign_ins} sign-ins");
    lab.control("DELETE", "/faults", &Value::Null);
    lab.run(&["verify", PLAYBOOK]).expect(0);
}

#[test]
fn every_write_may_lose_its_answer_once() {
    for operation in [
        "addAppUser",
        "addIpPhoneServices",
        "updateIpPhoneServices",
        "updatePhone",
        "updateDeviceProfile",
        "executeSQLUpdate",
    ] {
        for kind in ["drop-after", "drop-before", "503"] {
            let lab = lab();
            lab.control(
                "POST",
                "/faults",
                &json!({"operation": operation, "times": 1, "kind": kind}),
            );
            let first = lab.run(&["apply", PLAYBOOK, "--yes", "--allow", ALL]);
            assert!(
                [0, 1, 3].contains(&first.code),
                "{operation} {kind}: {}\n{}",
                first.stdout,
                first.stderr
            );
            let what = format!("{operation} {kind}: first {}", first.stdout);
            assert!(kind == "drop-before" || first.code == 0, "{what}\n{}", first.stderr);
            converges(&lab, &what);
        }
    }
}

#[test]
fn a_read_that_fails_is_never_absent() {
    for (operation, kind) in [
        ("getAppUser", "500"),
        ("getIpPhoneServices", "500"),
        ("executeSQLQuery", "500"),
        ("executeSQLQuery", "502"),
        ("listUserGroup", "404"),
    ] {
        let lab = lab();
        let fault = json!({"operation": operation, "times": 1000, "kind": kind});
        lab.control("POST", "/faults", &fault);
        for words in [
            &["plan", PLAYBOOK, "--detailed-exitcode"][..],
            &["verify", PLAYBOOK],
            &["apply", PLAYBOOK, "--yes"],
        ] {
            let ran = lab.run(words);
            assert!(
                [1, 3].contains(&ran.code),
                "{operation} {kind} {words:?}: {}\n{}",
                ran.code,
                ran.stderr
            );
            assert!(ran.stderr.contains("error["), "{operation} {kind}: {}", ran.stderr);
        }
        assert_eq!(lab.requests()["performed_writes"], json!(0), "{operation} {kind}");
        lab.control("DELETE", "/faults", &Value::Null);
        converges(&lab, operation);
    }
}

#[test]
fn a_phone_in_use_is_deferred_and_done_by_the_next_run() {
    let lab = lab();
    lab.control("POST", "/login", &json!({"device": "SEP001122330005", "user": "agent1005"}));
    let ran = lab.run(&["apply", PLAYBOOK, "--yes", "--output", "json"]).expect(3);
    let steps = ran.json()["deployments"][0]["steps"].as_array().unwrap().clone();
    let deferred: Vec<&Value> = steps.iter().filter(|step| step["state"] == "deferred").collect();
    assert_eq!(deferred.len(), 1, "{steps:#?}");
    assert_eq!(deferred[0]["object"]["name"], "SEP001122330005");
    lab.control("POST", "/logout", &json!({"device": "SEP001122330005"}));
    converges(&lab, "after the logout");
}

#[test]
fn one_failing_phone_does_not_stop_the_others() {
    let lab = lab();
    let fault = json!({"operation": "updatePhone", "times": 1, "kind": "fault", "code": 5003, "text": "Device is broken"});
    lab.control("POST", "/faults", &fault);
    let ran = lab.run(&["apply", PLAYBOOK, "--yes", "--output", "json"]);
    let steps = ran.json()["deployments"][0]["steps"].as_array().unwrap().clone();
    let done = steps.iter().filter(|step| step["state"] == "done").count();
    assert!(done + 1 >= steps.len(), "{done} of {}", steps.len());
    converges(&lab, "after the fault");
}

/// A state that somebody left behind, made after a first apply.
const ODD: [(&str, &str); 9] = [
    (
        "another separator",
        "update telecastersubscribedservice set serviceurl = replace(serviceurl, '#?id', '#&id') where servicename = 'Cisco Finesse'",
    ),
    (
        "a parameter in capitals",
        "update telecastersubscribedservice set serviceurl = replace(serviceurl, 'id=', 'ID=') where servicename = 'Cisco Finesse'",
    ),
    (
        "percent-encoding nobody needs",
        "update telecastersubscribedservice set serviceurl = replace(serviceurl, 'id=1', 'id=%31') where servicename = 'Cisco Finesse'",
    ),
    (
        "no secure URLs",
        "update telecastersubscribedservice set secureserviceurl = null where servicename like 'Cisco Finesse%'",
    ),
    ("no value rows", "delete from telecastersubscribedparameter where value like '100%'"),
    (
        "a default value",
        "update telecasterserviceparameter set defaultvalue = '1001' where name = 'id'",
    ),
    (
        "no flags",
        "update telecasterserviceparameter set paramrequired = 'f', parampassword = 'f' where name in ('id', 'password')",
    ),
    (
        "a service switched off",
        "update telecasterservice set enabled = 'f' where name = 'Cisco Finesse Secondary'",
    ),
    (
        "subscribed twice",
        "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, urlbuttonindex) select fkdevice, fktelecasterservice, servicename, servicenameascii, 'http://old/x', 2 from telecastersubscribedservice where servicename = 'Cisco Finesse' and fkdevice in (select pkid from device where name = 'SEP001122330002')",
    ),
];

#[test]
fn odd_states_are_put_right() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    lab.write(
        PLAYBOOK,
        &format!("{text}limits: {{ max_altered_percent: 100, max_removals: 100 }}\n"),
    );
    converges(&lab, "first");
    let before = others(&lab);
    for (what, sql) in ODD {
        lab.sql(sql);
        converges(&lab, what);
        assert_eq!(others(&lab), before, "{what}");
    }
}

#[test]
fn a_service_of_the_wrong_kind_is_replaced_and_nobody_outside_is_moved() {
    let lab = lab();
    lab.sql("delete from telecastersubscribedservice where servicename = 'Cisco Finesse'");
    lab.sql("delete from telecasterserviceparameter where fktelecasterservice in (select pkid from telecasterservice where name = 'Cisco Finesse')");
    lab.sql(
        "update telecasterservice set enterprisesubscription = 't' where name = 'Cisco Finesse'",
    );
    let refused = lab.run(&["apply", PLAYBOOK, "--yes"]).expect(5);
    assert!(refused.stdout.contains("replace-service"), "{}", refused.stdout);
    converges(&lab, "enterprise flag");
    let services = lab.dump()["phone_services"].clone();
    assert_eq!(services["Cisco Finesse (old)"]["enabled"], "f");
    assert_eq!(services["Cisco Finesse"]["enterprisesubscription"], "f");
}

#[test]
fn thresholds_and_stale_fingerprints_refuse_before_the_first_write() {
    let lab = lab();
    converges(&lab, "first");
    lab.sql("update telecastersubscribedservice set serviceurl = replace(serviceurl, 'id=1', 'id=9') where servicename = 'Cisco Finesse'");
    lab.reset();
    let ran = lab.run(&["apply", PLAYBOOK, "--yes", "--allow", ALL]).expect(5);
    assert!(ran.stderr.contains("max_altered_percent"), "{}", ran.stderr);
    lab.run(&["apply", PLAYBOOK, "--yes", "--expect", "0000000000000000"]).expect(5);
    lab.run(&["plan", PLAYBOOK]).expect(0);
    assert_eq!(lab.requests()["writes"], json!(0));
}

#[test]
fn two_applies_at_once_are_kept_apart() {
    let lab = lab();
    lab.control(
        "POST",
        "/faults",
        &json!({"operation": "write", "times": 1000, "kind": "slow", "slow-ms": 20}),
    );
    let mut first = lab
        .command(&["apply", PLAYBOOK, "--yes"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while lab.requests()["performed_writes"].as_u64().unwrap() < 2 {}
    let second = lab.run(&["apply", PLAYBOOK, "--yes"]).expect(5);
    assert!(second.stderr.contains("error[locked]"), "{}", second.stderr);
    assert!(first.wait().unwrap().success());
}

#[test]
fn a_wrong_password_is_tried_once_for_all_deployments_of_the_call() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    lab.write("other.yaml", &text.replace("deployment: two-node-uccx", "deployment: other"));
    let mut command = lab.command(&["verify", PLAYBOOK, "other.yaml", "--output", "json"]);
    let output = command.env("AXL_PASSWORD", "not-the-one").output().unwrap();
    let ran = crate::lab::Ran::of(&output).expect(4);
    for deployment in ran.json()["deployments"].as_array().unwrap() {
        assert_eq!(deployment["errors"][0]["code"], "axl-credential-refused", "{deployment}");
    }
    assert_eq!(lab.requests()["unauthorized"]["axladmin"], json!(1), "{}", lab.requests());
    converges(&lab, "with the right one");
    let mut command = lab.command(&["verify", PLAYBOOK, "other.yaml"]);
    let output = command.env("IPPA_PASSWORD", "NotTheOne1").output().unwrap();
    crate::lab::Ran::of(&output).expect(2);
    assert_eq!(lab.requests()["authenticate_failures"]["ippa"], json!(1), "{}", lab.requests());
}

#[test]
fn a_name_that_is_not_ascii_gets_an_ascii_name() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    lab.write(
        PLAYBOOK,
        &text.replace("{ name: Cisco Finesse Secondary }", "{ name: Finesse Žluťoučký Süd }"),
    );
    converges(&lab, "names");
    let dump = lab.dump();
    assert_eq!(
        dump["phone_services"]["Finesse Žluťoučký Süd"]["nameascii"], "Finesse Zlutoucky Sud",
        "{}",
        dump["phone_services"]
    );
    assert!(!lab.dump().to_string().contains(r#""name_ascii":"Finesse Ž"#));
}

#[test]
fn a_replaced_service_is_kept_under_a_free_name() {
    let lab = lab();
    lab.sql("delete from telecastersubscribedservice where servicename = 'Cisco Finesse'");
    lab.sql("delete from telecasterserviceparameter where fktelecasterservice in (select pkid from telecasterservice where name = 'Cisco Finesse')");
    lab.sql(
        "update telecasterservice set enterprisesubscription = 't' where name = 'Cisco Finesse'",
    );
    lab.sql("update telecasterservice set name = 'Cisco Finesse (old)' where name = 'Corporate Directory'");
    let before = lab.dump()["phone_services"]["Cisco Finesse (old)"].clone();
    let planned = lab.run(&["plan", PLAYBOOK]).expect(0);
    assert!(planned.stdout.contains("Cisco Finesse (old 2)"), "{}", planned.stdout);
    converges(&lab, "replacement");
    let services = lab.dump()["phone_services"].clone();
    assert_eq!(services["Cisco Finesse (old 2)"]["enabled"], "f");
    assert_eq!(services["Cisco Finesse"]["enterprisesubscription"], "f");
    assert_eq!(services["Cisco Finesse (old)"], before, "somebody else's");
}

#[test]
fn phones_without_values_are_not_written_when_values_are_cleared() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    lab.write(PLAYBOOK, &text.replace("agents:\n", "agents:\n  unlisted: clear-values\n"));
    converges(&lab, "first");
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let rows: Vec<&str> = roster.lines().collect();
    // One phone with its values falls off the roster, and one without.
    lab.sql("delete from telecastersubscribedparameter where fktelecastersubscribedservice in (select s.pkid from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice where d.name = 'SEP001122330002')");
    lab.sql("update telecastersubscribedservice set serviceurl = 'http://old.example.com/x', secureserviceurl = null where servicename like 'Cisco Finesse%' and fkdevice in (select pkid from device where name = 'SEP001122330002')");
    let kept: Vec<&str> =
        rows.iter().enumerate().filter(|(n, _)| ![1, 2].contains(n)).map(|(_, row)| *row).collect();
    lab.write("two-node-uccx.csv", &kept.join("\n"));
    let before = lab.dump()["devices"]["SEP001122330002"].clone();
    let planned = lab.run(&["plan", PLAYBOOK, "--full"]).expect(0);
    assert!(planned.stdout.contains("phone SEP001122330001  [clear-values"), "{}", planned.stdout);
    assert!(!planned.stdout.contains("SEP001122330002"), "{}", planned.stdout);
    converges(&lab, "cleared");
    assert_eq!(lab.dump()["devices"]["SEP001122330002"], before);
}
