//! What a run makes of the shells' answers: replication asked in the product's own way, nothing concluded from what is
//! not understood, old algorithms told.

use std::fs;

use ippactl::clients::platform::{ReadCommand, ServiceState};
use ippactl::sandbox::questions;
use serde_json::{Value, json};

use crate::console::Console;
use crate::lab::Lab;
use crate::restarts::{APPLY, REST, lab_with, numbers, restarts};

const UCCX: &str = "show uccx dbreplication servers";
const PLATFORM: &str = "utils dbreplication runtimestate";

/// How often each view of replication was asked for.
fn asked(lab: &Lab) -> (usize, usize) {
    let requests = lab.requests();
    let commands = requests["ssh"]["commands"].as_array().cloned().unwrap_or_default();
    let count = |command: &str| {
        let ends = |line: &&Value| line.as_str().is_some_and(|line| line.ends_with(command));
        commands.iter().filter(ends).count()
    };
    (count(UCCX), count(PLATFORM))
}

#[test]
fn uccx_is_asked_for_the_servers_of_its_datastore() {
    let lab = lab_with(&["--replication-ms", "6000"], REST);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    let (uccx, platform) = asked(&lab);
    assert!(uccx > 1, "it has to wait: {uccx}");
    assert_eq!(platform, 0);
}

#[test]
fn uccx_without_that_command_is_asked_as_every_platform() {
    let lab = lab_with(&["--answer", "finesse-16-uccx=no-such-command"], REST);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    let (uccx, platform) = asked(&lab);
    assert!(uccx > 0 && platform > 0, "{uccx} {platform}");
}

#[test]
fn stand_alone_finesse_is_asked_for_its_replication_alone() {
    let lab = lab_with(&["--product", "ucce"], REST);
    let text = fs::read_to_string(lab.path("site.yaml")).unwrap();
    lab.write("site.yaml", &text.replace("product: uccx", "product: ucce"));
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    let (uccx, platform) = asked(&lab);
    assert_eq!(uccx, 0);
    assert!(platform > 0);
}

#[test]
fn an_answer_that_is_not_understood_is_not_complete_and_not_waited_out() {
    let lab = lab_with(&["--answer", "finesse-16-uccx=head-only"], REST);
    let ran = lab.run(&APPLY).expect(3);
    assert!(ran.stderr.contains(UCCX), "{}", ran.stderr);
    assert!(ran.stdout.contains("not recognised"), "{}", ran.stdout);
    assert_eq!(restarts(&lab), (1, 0), "the secondary was left alone");
    lab.control("POST", "/ssh", &json!({"knobs": {"uccx_servers": "table"}}));
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
}

#[test]
fn old_algorithms_that_a_node_forces_are_told_once() {
    let lab = lab_with(&[], REST);
    let knobs = json!({"narrowed": {
        "kex": ["diffie-hellman-group14-sha1"], "mac": ["hmac-sha1"],
        "cipher": ["aes128-ctr"], "host_key": ["ssh-rsa"],
    }});
    lab.control("POST", "/ssh", &json!({"node": "fin-a.example.com", "knobs": knobs}));
    lab.control(
        "POST",
        "/ssh",
        &json!({"node": "fin-b.example.com", "knobs": {"algorithms": "15"}}),
    );
    let ran = lab.run(&APPLY).expect(0);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    let told = "fin-a.example.com:22 forces old SSH algorithms";
    assert_eq!(said.matches(told).count(), 1, "{said}");
    assert!(said.contains("diffie-hellman-group14-sha1, ssh-rsa, hmac-sha1"), "{said}");
    assert!(!said.contains("fin-b.example.com:22 forces"), "{said}");
}

#[test]
fn a_row_that_comes_after_the_queue_is_empty_is_waited_for() {
    let lab = lab_with(&["--row-lag-ms", "8000"], REST);
    lab.run(&APPLY).expect(0);
    assert_eq!(restarts(&lab), (1, 1));
    let events = lab.events();
    let arrived = numbers(&events, "settings-replicated", None);
    let second = numbers(&events, "tomcat-restart-begun", Some("fin-b"));
    assert!(arrived[0] < second[0], "{events:#?}");
}

/// Whatever the answer is, a session is had and its commands are understood.
#[tokio::test]
async fn every_answer_about_sessions_lets_a_run_read() {
    let about = ["vos-12.5", "vos-12.6", "vos-12.7", "vos-12.14"];
    let asked = questions::all().filter(|one| about.iter().any(|id| one.id.starts_with(id)));
    let mut played = 0;
    for question in asked {
        for answer in question.names() {
            let node = Console::new(|knobs| (knobs.start_scale, knobs.pager_lines) = (0.0, 7));
            questions::play(&node.site, question.id, answer).unwrap();
            let mut shell = node.connect().await.unwrap();
            let list = shell.services().await.unwrap();
            let tomcat = list.state("Cisco Finesse Tomcat");
            assert_eq!(tomcat, Some(&ServiceState::Started), "{} {answer}", question.id);
            assert_eq!(list.primary, Some(true), "{} {answer}", question.id);
            assert!(shell.replication().await.unwrap().complete(), "{} {answer}", question.id);
            assert!(shell.show(ReadCommand::Myself).await.unwrap().contains("osadmin"));
            assert_eq!(node.counted().1, 1, "one credential: {} {answer}", question.id);
            played += 1;
        }
    }
    assert!(played >= 16, "{played}");
}
