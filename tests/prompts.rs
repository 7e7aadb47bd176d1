//! Everything that a person is asked at a terminal: what the screen shows then, and what each answer leads to.

use std::process::Command;

use serde_json::{Value, json};

use crate::lab::{AXL, Lab};
use crate::phone_settings;
use crate::pty::{Left, Terminal};
use crate::restarts::{OPERATOR, lab_with, restarts};

const APPLY: [&str; 2] = ["apply", "site.yaml"];

#[track_caller]
fn unwritten(lab: &Lab) {
    assert_eq!(lab.requests()["writes"], json!(0));
}

/// Nothing is broken in the middle of a word, but what is there to be copied and longer than a line.
#[track_caller]
fn fits(left: &Left) {
    let long = |line: &&String| line.split(' ').all(|word| word.len() < 72);
    let broken: Vec<_> = left.broken.iter().filter(long).collect();
    assert!(broken.is_empty(), "{broken:#?}\n{}", left.transcript);
}

/// The playbook, with a secret that is typed, or without the pins.
fn change(lab: &Lab, from: &str, to: &str) {
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    assert!(text.contains(from), "{text}");
    lab.write("site.yaml", &text.replace(from, to));
}

/// A site whose servers nobody has met.
fn strangers(more: &str) -> Lab {
    let lab = lab_with(&[], more);
    std::fs::remove_file(lab.path("state/host-keys.json")).unwrap();
    change(&lab, &lab.pins(), "");
    lab
}

fn kept(lab: &Lab, file: &str) -> Value {
    let text = std::fs::read_to_string(lab.path(&format!("state/{file}"))).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[test]
fn a_plan_is_applied_when_the_person_says_so() {
    let lab = phone_settings::lab_with(&[], "");
    let answered = |answer: &str| -> Left {
        let terminal = lab.at_terminal(&APPLY);
        terminal.asks("Apply 9 steps? [y/N]");
        terminal.shows("6 phones: SEP001122330001");
        terminal.types(answer);
        terminal.ends()
    };
    let left = answered("no").expect(5);
    assert!(left.transcript.contains("Nothing was confirmed"), "{}", left.transcript);
    fits(&left);
    unwritten(&lab);
    answered("").expect(5);
    unwritten(&lab);
    answered("yes").expect(0);
}

#[test]
fn a_disturbing_step_is_asked_about_by_itself() {
    let lab = phone_settings::lab_with(&[], "phone_settings: { scope: enterprise }\n");
    let answered = |answer: &str| -> Left {
        let terminal = lab.at_terminal(&APPLY);
        terminal.asks("Apply ");
        terminal.types("y");
        terminal.asks("Allow cluster-wide too? [y/N]");
        terminal.shows("would change something for every phone of the cluster.");
        terminal.types(answer);
        terminal.ends()
    };
    let left = answered("n").expect(5);
    fits(&left);
    assert!(left.transcript.contains("--allow cluster-wide"), "{}", left.transcript);
    // Done; that two phones have values of their own is another matter.
    let left = answered("y").expect(2);
    assert!(left.transcript.contains("1 step: 1 done"), "{}", left.transcript);
}

#[test]
fn a_password_is_typed_unseen() {
    let lab = phone_settings::lab_with(&[], "");
    change(&lab, "{ env: AXL_PASSWORD }", "{ prompt: true }");
    let terminal = lab.at_terminal(&["plan", "site.yaml"]);
    terminal.asks_quietly("Password of axladmin at cucm-pub.example.com (not shown): ");
    terminal.types(AXL);
    let left = terminal.ends().expect(0);
    assert!(!left.has(AXL), "{}", left.transcript);
    fits(&left);
}

#[test]
fn a_wrong_password_is_tried_once_and_not_asked_for_again() {
    let lab = phone_settings::lab_with(&[], "");
    change(&lab, "{ env: AXL_PASSWORD }", "{ prompt: true }");
    let terminal = lab.at_terminal(&["plan", "site.yaml"]);
    terminal.asks_quietly("(not shown): ");
    terminal.types("hunter2-wrong");
    let left = terminal.ends().expect(4);
    assert!(!left.has("hunter2"), "{}", left.transcript);
    assert_eq!(left.transcript.matches("(not shown)").count(), 1, "{}", left.transcript);
    fits(&left);
}

#[test]
fn ctrl_c_at_a_question_writes_nothing() {
    let lab = phone_settings::lab_with(&[], "");
    let interrupted = |terminal: Terminal| {
        terminal.interrupts();
        let left = terminal.ends().expect(130);
        assert!(left.transcript.contains("nothing was written"), "{}", left.transcript);
        // What is said stands on a line of its own.
        assert!(!left.transcript.contains("^Cnote") && !left.transcript.contains("^Cerror"));
        fits(&left);
        unwritten(&lab);
    };
    let terminal = lab.at_terminal(&APPLY);
    terminal.asks("Apply 9 steps? [y/N]");
    interrupted(terminal);
    change(&lab, "{ env: AXL_PASSWORD }", "{ prompt: true }");
    let terminal = lab.at_terminal(&APPLY);
    terminal.asks_quietly("(not shown): ");
    interrupted(terminal);
    change(&lab, &lab.pins(), "");
    let terminal = lab.at_terminal(&APPLY);
    terminal.asks("Trust this certificate from now on? [y/N]");
    interrupted(terminal);
    assert_eq!(kept(&lab, "pins.json"), Value::Null);
}

#[test]
fn a_first_certificate_and_a_first_host_key_are_shown_and_asked_about_once() {
    let lab = strangers(OPERATOR);
    // Refused: nothing is kept.
    let terminal = lab.at_terminal(&["plan", "site.yaml"]);
    terminal.asks("Trust this certificate from now on? [y/N]");
    terminal.shows(&lab.certificate_print("cucm-pub.example.com:8443"));
    terminal.types("n");
    let left = terminal.ends().expect(5);
    fits(&left);
    assert!(left.transcript.contains("error[certificate-unknown]"), "{}", left.transcript);
    assert_eq!(kept(&lab, "pins.json"), Value::Null);
    // Accepted: each is asked about once.
    let terminal = lab.at_terminal(&["plan", "site.yaml"]);
    for node in ["cucm-pub", "fin-a", "fin-b"] {
        terminal.asks("Trust this certificate from now on? [y/N]");
        terminal.shows(&lab.certificate_print(&format!("{node}.example.com")));
        terminal.types("y");
    }
    for node in ["fin-a", "fin-b"] {
        terminal.asks("Trust this host key from now on? [y/N]");
        terminal.shows(&format!("The shell of {node}.example.com:22 is met for the first time."));
        terminal.types("y");
    }
    let left = terminal.ends().expect(0);
    fits(&left);
    assert_eq!(kept(&lab, "pins.json")["pins"].as_object().unwrap().len(), 3);
    assert_eq!(kept(&lab, "host-keys.json")["host_keys"].as_object().unwrap().len(), 2);
    let left = lab.at_terminal(&["plan", "site.yaml"]).ends().expect(0);
    assert!(!left.transcript.contains("[y/N]"), "{}", left.transcript);
}

#[test]
fn a_first_host_key_that_is_refused_ends_it() {
    let lab = lab_with(&[], OPERATOR);
    std::fs::remove_file(lab.path("state/host-keys.json")).unwrap();
    let terminal = lab.at_terminal(&APPLY);
    terminal.asks("Trust this host key from now on? [y/N]");
    terminal.types("");
    let left = terminal.ends().expect(5);
    assert!(left.transcript.contains("add to the known hosts"), "{}", left.transcript);
    fits(&left);
    unwritten(&lab);
    assert_eq!(kept(&lab, "host-keys.json"), Value::Null);
}

#[test]
fn what_is_typed_before_a_question_answers_none() {
    let lab = strangers("");
    let command = lab.command(&["plan", "site.yaml"]);
    // The shell reads the first line, and leaves the others in the terminal before the binary begins.
    let mut shell = Command::new("sh");
    shell.args(["-c", "read -r first; exec \"$0\" \"$@\""]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    let terminal = Terminal::start(shell);
    terminal.types("go\ry\ry\ry");
    terminal.asks("Trust this certificate from now on? [y/N]");
    terminal.types("n");
    terminal.ends().expect(5);
    assert_eq!(kept(&lab, "pins.json"), Value::Null);
}

#[test]
fn an_operator_step_waits_for_the_person() {
    let lab = lab_with(&[], OPERATOR);
    let begin = || {
        let terminal = lab.at_terminal(&APPLY);
        terminal.asks("Apply ");
        terminal.types("y");
        terminal.asks("Allow restart too? [y/N]");
        terminal.types("y");
        terminal.asks("Type done once it is done, anything else to leave it: ");
        terminal.shows("IP Phone Agent Settings");
        terminal.shows("Username: ippa");
        terminal
    };
    // Left: the rest is done, nothing is restarted.
    let terminal = begin();
    terminal.types("later");
    let left = terminal.ends().expect(3);
    fits(&left);
    assert_eq!(restarts(&lab), (0, 0));
    // Done: it goes on, and asks once more before the other node.
    let terminal = lab.at_terminal(&APPLY);
    terminal.asks("Apply ");
    terminal.types("y");
    terminal.asks("Allow restart too? [y/N]");
    terminal.types("y");
    terminal.asks("Type done once it is done");
    let settings = json!({"user": "ippa", "password": "Conformance1"});
    lab.control("POST", "/operator/finesse-settings", &settings);
    terminal.types("done");
    terminal.asks("Restart Finesse node fin-b.example.com now? [y/N]");
    terminal.types("y");
    let left = terminal.ends().expect(0);
    fits(&left);
    assert!(!left.has("Conformance1"));
    assert_eq!(restarts(&lab), (1, 1));
}
