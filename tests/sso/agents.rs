//! Agents: their state and calls with a token and with a password, what is accepted and not effective, and who is left
//! alone.

use serde_json::json;

use super::{Site, code};

#[test]
fn a_whole_shift_with_a_token() {
    let site = Site::uccx(&[]);
    site.sign_in("1001").expect(0);
    let run = |word: &str, more: &[&str]| {
        let ran = site.run(["agent", word], "1001", &[more, &["--output", "json"]].concat());
        let document = ran.json();
        (ran.code, document)
    };
    let (ended, login) = run("login", &["--extension", "2001"]);
    assert_eq!(
        (ended, &login["result"], &login["agent"]["state"]),
        (0, &json!("reached"), &json!("NOT_READY")),
        "{login}"
    );
    let (ended, ready) = run("ready", &[]);
    assert_eq!((ended, &ready["agent"]["state"]), (0, &json!("READY")), "{ready}");
    assert_eq!(run("ready", &[]).1["result"], "already");
    site.lab.control("POST", "/finesse", &json!({ "call": { "from": "5550100", "to": "2001" } }));
    let (_, calls) = run("dialogs", &[]);
    assert_eq!(calls["dialogs"].as_array().map(Vec::len), Some(1), "{calls}");
    let (ended, answered) = run("answer", &[]);
    assert_eq!((ended, &answered["result"]), (0, &json!("reached")), "{answered}");
    let (ended, dropped) = run("drop", &[]);
    assert_eq!((ended, &dropped["result"]), (0, &json!("reached")), "{dropped}");
    assert_eq!(run("answer", &[]).1["errors"][0]["code"], "agent-no-call");
    let (ended, unknown) = run("not-ready", &["--reason", "No such reason"]);
    assert_eq!((ended, &unknown["errors"][0]["code"]), (64, &json!("agent-reason-unknown")));
    let why = unknown["errors"][0]["why"].as_str().unwrap();
    let label = why.trim_start_matches("there are ").split(" (").next().unwrap().to_owned();
    let (ended, idle) = run("not-ready", &["--reason", &label]);
    assert_eq!((ended, &idle["agent"]["state"]), (0, &json!("NOT_READY")), "{idle}");
    let (ended, called) = run("call", &["--to", "3001"]);
    assert_eq!((ended, &called["result"]), (0, &json!("reached")), "{called}");
    assert_eq!(run("drop", &[]).0, 0);
    let (_, reasons) = run("logout", &["--reason", "No such reason"]);
    let why = reasons["errors"][0]["why"].as_str().unwrap();
    let label = why.trim_start_matches("there are ").split(" (").next().unwrap().to_owned();
    let (ended, out) = run("logout", &["--reason", &label]);
    assert_eq!((ended, &out["agent"]["state"]), (0, &json!("LOGOUT")), "{out}");
    assert_eq!(run("ready", &[]).1["errors"][0]["code"], "agent-signed-out");
}

#[test]
fn the_embedded_clusters_agents_have_the_playbooks_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let playbooks = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    for part in [".yaml", ".csv", "-passwords.csv"] {
        let name = format!("two-node-uccx{part}");
        std::fs::copy(playbooks.join(&name), folder.path().join(&name)).unwrap();
    }
    let run = |playbook: &str, agent: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ippactl"));
        command.current_dir(folder.path()).args(["agent", "state", playbook, "--agent", agent]);
        command.args(["--sandbox", "--no-input", "--state-dir", "state"]);
        crate::lab::Ran::of(&command.output().unwrap())
    };
    let said = run("two-node-uccx.yaml", "1001").expect(0);
    assert!(said.stdout.contains("LOGOUT"), "{}", said.stdout);
    let typo = run("two-node-ucx.yaml", "1001").expect(64);
    assert!(typo.stderr.contains("did you mean `two-node-uccx.yaml`?"), "{}", typo.stderr);
}

#[test]
fn what_finesse_accepts_and_does_not_do_is_said() {
    let site = Site::uccx(&[]);
    site.sign_in("1001").expect(0);
    site.desk(&json!({ "ineffective": ["LOGIN"] }));
    let more = ["--extension", "2001", "--output", "json"];
    let said = site.run(["agent", "login"], "1001", &more).expect(3).json();
    assert_eq!(said["result"], "accepted but not effective");
    assert_eq!(said["agent"]["state"], "LOGOUT");
    // Whoever was accepted may come in later, and is no stranger then.
    assert!(site.lab.path("state/sso-site@cucm-pub.example.com/signed-in/1001.json").exists());
    // An answer that is lost is looked for.
    site.desk(&json!({ "ineffective": [] }));
    let fault =
        json!({ "node": "fin-a.example.com", "method": "PUT", "kind": "close-after", "times": 1 });
    site.lab.control("POST", "/finesse/faults", &fault);
    let said = site.run(["agent", "login"], "1001", &more).expect(0).json();
    assert_eq!(said["result"], "reached");
}

#[test]
fn a_reason_is_sent_to_an_agent_who_is_not_ready_without_one() {
    let site = Site::uccx(&[]);
    site.sign_in("1001").expect(0);
    let json = ["--output", "json"];
    site.run(["agent", "login"], "1001", &["--extension", "2001"]).expect(0);
    let not_ready = |reason: &str| {
        site.run(["agent", "not-ready"], "1001", &[&["--reason", reason], &json[..]].concat())
    };
    let unknown = not_ready("No such reason").json();
    let why = unknown["errors"][0]["why"].as_str().unwrap();
    let label = why.trim_start_matches("there are ").split(" (").next().unwrap();
    // A node that is out of service for a moment is looked at again: three requests come before the write.
    let fault = json!({ "node": "fin-a.example.com", "method": "GET", "path": "/finesse/api/User/1001",
        "kind": "status", "skip": 3, "times": 2 });
    site.lab.control("POST", "/finesse/faults", &fault);
    let given = not_ready(label).expect(0).json();
    assert_eq!((&given["result"], &given["agent"]["reason"]), (&json!("reached"), &json!(label)));
    assert_eq!(not_ready(label).expect(0).json()["result"], "already");
}

#[test]
fn somebody_who_is_signed_in_elsewhere_is_left_alone() {
    let site = Site::uccx(&[]);
    site.sign_in("1007").expect(0);
    let json = ["--output", "json"];
    for (word, more) in [
        ("not-ready", &[][..]),
        ("logout", &[]),
        ("login", &["--extension", "2007"]),
        ("login", &["--extension", "2009"]),
        ("call", &["--to", "3001"]),
    ] {
        let said = site.run(["agent", word], "1007", &[more, &json].concat());
        if word == "login" && more[1] == "2007" {
            // It is so already: nothing is sent, and nobody disturbed.
            assert_eq!(said.expect(0).json()["result"], "already");
            continue;
        }
        assert_eq!((said.code, code(&said).as_str()), (5, "agent-signed-in"), "{word}");
    }
    let state = site.run(["agent", "state"], "1007", &json).expect(0).json();
    assert_eq!(state["agent"]["state"], "READY");
    site.desk(&json!({ "reasons_required": false }));
    let said = site.run(["agent", "not-ready"], "1007", &["--disturb", "--output", "json"]);
    assert_eq!(said.expect(0).json()["agent"]["state"], "NOT_READY");
}

#[test]
fn a_hybrid_system_has_both_and_login_names_are_mapped() {
    let site = Site::hybrid("1001,1003");
    let said = site.sign_in("agent1001").expect(0);
    assert!(said.stderr.contains("sso-user-id"), "{}", said.stderr);
    let more = ["--output", "json"];
    let state = site.run(["agent", "state"], "agent1001", &more).expect(0).json();
    assert_eq!((&state["agent"]["id"], &state["credential"]), (&json!("1001"), &json!("bearer")));
    let login = ["--extension", "2001", "--output", "json"];
    let login = site.run(["agent", "login"], "agent1001", &login).expect(0).json();
    assert_eq!(login["result"], "reached");
    let basic = |agent: &str, password: &str| {
        let more = ["--password-env", "AGENT_PASSWORD", "--output", "json"];
        let mut command = site.command(["agent", "state"], agent, &more);
        crate::lab::Ran::of(&command.env("AGENT_PASSWORD", password).output().unwrap())
    };
    for agent in ["1002", "agent1002"] {
        let state = basic(agent, "agent1002-password").expect(0).json();
        assert_eq!(
            (&state["agent"]["id"], &state["credential"]),
            (&json!("1002"), &json!("basic"))
        );
    }
    let wrong = basic("1002", "not-this-one").expect(4);
    assert_eq!(code(&wrong), "agent-password-refused");
    // An agent who signs in by SSO has no password.
    assert_eq!(code(&basic("1003", "agent1003-password").expect(4)), "agent-password-refused");
}
