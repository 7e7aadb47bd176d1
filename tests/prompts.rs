//! Everything that a person is asked at a terminal: what the screen shows then, and what each answer leads to.

use crate::lab::{AXL, Lab};
use crate::phone_settings::lab_with;
use crate::pty::Left;
use serde_json::json;

fn unwritten(lab: &Lab) {
    assert_eq!(lab.requests()["writes"], json!(0));
}

#[test]
fn a_plan_is_applied_when_the_person_says_so() {
    let lab = lab_with(&[], "");
    let answered = |answer: &str| -> Left {
        let terminal = lab.at_terminal(&["apply", "site.yaml"]);
        terminal.asks("Apply 9 steps? [y/N]");
        terminal.shows("6 phones: SEP001122330001");
        terminal.types(answer);
        terminal.ends()
    };
    let left = answered("no").expect(5);
    assert!(left.transcript.contains("Nothing was confirmed"), "{}", left.transcript);
    unwritten(&lab);
    answered("").expect(5);
    assert!(!left.broken.iter().any(|line| line.contains("[y/N]")), "{}", left.transcript);
    unwritten(&lab);
    answered("yes").expect(0);
}

#[test]
fn a_password_is_typed_unseen() {
    let lab = lab_with(&[], "");
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    lab.write("site.yaml", &text.replace("{ env: AXL_PASSWORD }", "{ prompt: true }"));
    let terminal = lab.at_terminal(&["plan", "site.yaml"]);
    terminal.asks_quietly("credentials.axl.password");
    terminal.types(AXL);
    let left = terminal.ends().expect(0);
    assert!(!left.has(AXL), "{}", left.transcript);
}

#[test]
fn ctrl_c_at_the_question_writes_nothing() {
    let lab = lab_with(&[], "");
    let terminal = lab.at_terminal(&["apply", "site.yaml"]);
    terminal.asks("Apply 9 steps? [y/N]");
    terminal.interrupts();
    let left = terminal.ends().expect(130);
    assert!(left.transcript.contains("nothing was written"), "{}", left.transcript);
    unwritten(&lab);
}
