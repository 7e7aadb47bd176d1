//! Finesse's own settings: saved by request or by a person, once, and only on a ground that holds.

use serde_json::json;

use crate::lab::Ran;
use crate::restarts::{APPLY, OPERATOR, REST, lab_with, numbers, restarts};

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
fn a_read_that_failed_is_neither_in_sync_nor_a_ground_for_a_write() {
    let lab = lab_with(&[], REST);
    let broken = json!({"method": "GET", "path": "/finesse/api/IPPhoneAgentSettings", "kind": "status", "status": 500, "times": 100});
    lab.run(&APPLY).expect(0);
    lab.control("POST", "/finesse/faults", &broken);
    for words in [&["plan", "site.yaml"][..], &["verify", "site.yaml"], &APPLY] {
        let ran = lab.run(words).expect(3);
        assert!(ran.stdout.contains("IP Phone Agent Settings"), "{}", ran.stdout);
    }
    // Nor with a memory that knows of no earlier save.
    for folder in std::fs::read_dir(lab.path("state")).unwrap().flatten() {
        let memory = folder.path().join("remembered.json");
        if memory.exists() {
            std::fs::remove_file(memory).unwrap();
        }
    }
    lab.run(&APPLY).expect(3);
    assert_eq!(restarts(&lab), (1, 1));
    assert_eq!(numbers(&lab.events(), "settings-saved", None).len(), 1);
}

#[test]
fn a_secondary_that_answers_no_question_of_configuration() {
    let lab = lab_with(&[], REST);
    let closed = json!({"node": "fin-b.example.com", "path": "/finesse/api/IPPhoneAgentSettings", "kind": "status", "status": 403, "times": 1000});
    lab.control("POST", "/finesse/faults", &closed);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&["verify", "site.yaml"]).expect(0);
}

#[test]
fn a_password_that_cucm_refuses_is_not_given_to_finesse() {
    let lab = lab_with(&[], REST);
    lab.run(&APPLY).expect(0);
    let mut command = lab.command(&APPLY);
    let ran = Ran::of(&command.env("IPPA_PASSWORD", "Another1").output().unwrap()).expect(5);
    assert!(ran.stdout.contains("CUCM refuses the declared password"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&["verify", "site.yaml"]).expect(0);
}

#[test]
fn a_secret_is_rewritten_once_when_asked() {
    let lab = lab_with(&[], REST);
    lab.run(&[&APPLY[..], &["--rewrite-secrets"]].concat()).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    lab.run(&[&APPLY[..], &["--rewrite-secrets"]].concat()).expect(0);
    assert_eq!(restarts(&lab), (2, 2));
    assert_eq!(numbers(&lab.events(), "settings-saved", None).len(), 2);
}
