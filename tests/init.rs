//! `init`: the wizard at a terminal, the same by flags alone, and what it never does: overwrite, or write a secret.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::lab::{AXL, Lab, Ran};
use crate::pty::{Left, Terminal};

impl Lab {
    /// `--pin` for the publisher.
    fn pin(&self) -> String {
        format!("cucm-pub.example.com:8443={}", self.certificate_print("cucm-pub.example.com:8443"))
    }
}

/// A folder of the laboratory for one run.
fn folder(lab: &Lab, name: &str) -> std::path::PathBuf {
    let folder = lab.path(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn at(lab: &Lab, name: &str, words: &[&str]) -> Command {
    let mut command = lab.command(words);
    command.current_dir(folder(lab, name));
    command
}

fn run(lab: &Lab, name: &str, words: &[&str]) -> Ran {
    Ran::of(&at(lab, name, words).output().unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Answers in their order: what is asked, and what is typed.
fn answer(terminal: &Terminal, answers: &[(&str, &str)]) {
    for (question, text) in answers {
        terminal.asks(question);
        terminal.types(text);
    }
}

/// Nothing is broken in the middle of a line at 80 columns.
#[track_caller]
fn fits(left: &Left) {
    assert!(left.broken.is_empty(), "{:#?}\n{}", left.broken, left.transcript);
}

const TRUST: &str = "Trust this certificate from now on? [y/N]";

/// What the wizard asks before it looks, and the server's certificate.
const SITE: [(&str, &str); 5] = [
    ("publisher: ", "cucm-pub.example.com"),
    ("deployment [cucm-pub]: ", "emea-prod"),
    ("AXL user: ", "axladmin"),
    ("its password [env:AXL_PASSWORD]: ", ""),
    (TRUST, "y"),
];

const REST: [(&str, &str); 12] = [
    ("primary node [old-fin.example.com]: ", "fin-a.example.com"),
    ("secondary node [none]: ", "fin-b.example.com"),
    ("product [uccx]: ", ""),
    ("release: ", "12.5(1)SU3"),
    ("phone service [Cisco Finesse]: ", "Finesse \"1\""),
    // Refused by the rules of playbooks, and asked for again.
    ("phone service [Cisco Finesse]: ", "Finesse # 1"),
    ("application user [ippa]: ", ""),
    ("subscription [manual]: ", "manuel"),
    ("subscription [manual]: ", ""),
    ("sign-in [administrator,agent,sign-in]: ", "id-extension"),
    ("phone settings [phones]: ", ""),
    ("roster [subscribed]: ", ""),
];

const FLAGS: [&str; 26] = [
    "--publisher",
    "cucm-pub.example.com",
    "--deployment",
    "emea-prod",
    "--axl-user",
    "axladmin",
    "--axl-password",
    "env:AXL_PASSWORD",
    "--finesse",
    "fin-a.example.com",
    "--finesse-secondary",
    "fin-b.example.com",
    "--product",
    "uccx",
    "--release",
    "12.5(1)SU3",
    "--service",
    "Finesse # 1",
    "--sign-in",
    "id-extension",
    "--also",
    "finesse-settings",
    "--finesse-os-user",
    "osadmin",
    "--roster",
    "subscribed",
];

#[test]
fn the_same_playbook_comes_of_answers_and_of_flags() {
    let lab = Lab::start(&[]);
    lab.reset();
    let terminal = Terminal::start(at(&lab, "typed", &["init"]));
    terminal.asks("publisher: ");
    terminal.types("");
    terminal.shows("an answer is needed");
    answer(&terminal, &SITE);
    answer(&terminal, &REST);
    answer(
        &terminal,
        &[
            ("also [finesse-settings,certificates]: ", "finesse-settings"),
            ("OS user [none]: ", "osadmin"),
        ],
    );
    let left = terminal.ends().expect(0);
    fits(&left);
    assert!(left.transcript.contains("did you mean manual?"), "{}", left.transcript);
    assert!(left.transcript.ends_with("next: ippactl plan emea-prod.yaml"), "{}", left.transcript);
    assert!(!left.has(AXL) && !left.has("Conformance1"), "{}", left.transcript);
    assert_eq!(lab.requests()["writes"], 0, "a look writes nothing");

    let words: Vec<&str> = ["init"].into_iter().chain(FLAGS).collect();
    run(&lab, "flags", &words).expect(0);
    for name in ["emea-prod.yaml", "emea-prod.csv"] {
        let text = |of: &str| fs::read_to_string(lab.path(of).join(name)).unwrap();
        assert_eq!(text("typed"), text("flags"), "{name}");
        assert!(!text("typed").contains(AXL), "{name}");
    }
    assert_eq!(names(&lab.path("flags")), ["emea-prod.csv", "emea-prod.yaml"]);
    run(&lab, "flags", &["validate", "emea-prod.yaml", "--strict"]).expect(0);
    // The first plan meets Finesse.
    let terminal = Terminal::start(at(&lab, "flags", &["plan", "emea-prod.yaml"]));
    answer(&terminal, &[(TRUST, "y"), (TRUST, "y")]);
    let plan = terminal.ends().expect(0);
    assert!(plan.transcript.contains("Finesse # 1"), "{}", plan.transcript);

    let before = fs::read_to_string(lab.path("flags/emea-prod.csv")).unwrap();
    let again = run(&lab, "flags", &words).expect(64);
    assert!(again.stderr.contains("error[file-exists]"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(lab.path("flags/emea-prod.csv")).unwrap(), before);
}

#[test]
fn ctrl_c_at_any_question_leaves_no_file() {
    let lab = Lab::start(&[]);
    let pin = lab.pin();
    let words = ["init", "--pin", &pin];
    let terminal = Terminal::start(at(&lab, "a", &words));
    answer(&terminal, &SITE[..2]);
    terminal.asks("AXL user: ");
    terminal.interrupts();
    let left = terminal.ends().expect(130);
    assert!(left.transcript.contains("nothing was written"), "{}", left.transcript);
    let words: Vec<&str> = ["init", "--pin", &pin].into_iter().chain(FLAGS).collect();
    let terminal = Terminal::start(at(&lab, "a", &words));
    answer(&terminal, &[("application user [ippa]: ", ""), ("subscription [manual]: ", "")]);
    terminal.asks("phone settings [phones]: ");
    terminal.interrupts();
    terminal.ends().expect(130);
    assert!(names(&lab.path("a")).is_empty());
}

#[test]
fn a_list_is_pasted_and_a_password_is_typed_for_the_look_alone() {
    let lab = Lab::start(&[]);
    let mut flags = FLAGS.to_vec();
    flags.truncate(FLAGS.len() - 2);
    let pin = lab.pin();
    let words: Vec<&str> =
        ["init", "--pin", &pin, "--subscription", "manual"].into_iter().chain(flags).collect();
    let mut command = at(&lab, "a", &words);
    command.env_remove("AXL_PASSWORD");
    let terminal = Terminal::start(command);
    terminal.asks_quietly("Password of axladmin at cucm-pub.example.com");
    terminal.types(AXL);
    answer(
        &terminal,
        &[
            ("application user [ippa]: ", ""),
            ("phone settings [phones]: ", "no"),
            ("roster [subscribed]: ", "paste"),
        ],
    );
    terminal.shows("Paste the list, then an empty line:");
    terminal.types("sep001122330001,1001,2001\r");
    terminal.shows("did you mean SEP001122330001?");
    terminal.types("SEP001122330001,1001,2001\rSEP001122330002,1002,2002\r");
    let left = terminal.ends().expect(0);
    fits(&left);
    assert!(!left.has(AXL), "{}", left.transcript);
    assert!(
        left.transcript.contains("next: set AXL_PASSWORD of the environment"),
        "{}",
        left.transcript
    );
    let roster = fs::read_to_string(lab.path("a/emea-prod.csv")).unwrap();
    assert_eq!(
        roster,
        "device,id,extension\nSEP001122330001,1001,2001\nSEP001122330002,1002,2002\n"
    );
    assert!(!fs::read_to_string(lab.path("a/emea-prod.yaml")).unwrap().contains(AXL));
}

#[test]
fn without_a_terminal_one_error_names_every_flag_that_is_missing() {
    let lab = Lab::start(&[]);
    let missing = |words: &[&str], flags: &str| {
        let ran = run(&lab, "a", words).expect(64);
        assert!(ran.stderr.contains(&format!("not given: {flags}\n")), "{}", ran.stderr);
    };
    missing(&["init"], "--publisher, --axl-user, --product, --release");
    missing(&["init", "--offline"], "--publisher, --axl-user, --finesse, --product, --release");
    missing(&["init", "--publisher", "a.example.com", "--axl-user", "x"], "--product, --release");
    let wrong = run(
        &lab,
        "a",
        &["init", "--axl-password", "hunter2", "--publisher", "a", "--axl-user", "x"],
    )
    .expect(64);
    assert!(
        !wrong.stderr.contains("hunter2") && wrong.stderr.contains("env:NAME"),
        "{}",
        wrong.stderr
    );
    let words: Vec<&str> =
        ["init", "--phone-settings", "yes", "--offline"].into_iter().chain(FLAGS).collect();
    let wrong = run(&lab, "a", &words).expect(64);
    assert!(wrong.stderr.contains("--phone-settings cannot be used"), "{}", wrong.stderr);
    assert!(names(&lab.path("a")).is_empty());
}

#[test]
fn a_cluster_that_nobody_can_look_at_is_said_and_the_answers_are_written() {
    let lab = Lab::start(&[]);
    let mut flags = FLAGS.to_vec();
    flags.truncate(FLAGS.len() - 2);
    // Nobody listens there.
    let away = "--connect-to cucm-pub.example.com:8443=127.0.0.1:9";
    let away: Vec<&str> = away.split(' ').collect();
    for (name, more) in [("a", vec!["--offline"]), ("b", away)] {
        let out = ["init", "--output", "json", "--out", "deep/site.yaml"];
        let words: Vec<&str> = out.into_iter().chain(more).chain(flags.clone()).collect();
        // What leads to the sandbox stands behind, and the last word counts.
        let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
        command.args(&words).current_dir(folder(&lab, name)).env("AXL_PASSWORD", AXL);
        command.arg("--state-dir").arg(lab.path("state"));
        let told = Ran::of(&command.output().unwrap()).expect(0).json();
        assert_eq!(told["schema"], "ippactl.init/v1");
        assert_eq!(told["looked"], false);
        assert!(
            told["not_looked_at"][0].as_str().unwrap().starts_with("cucm-pub.example.com"),
            "{told:#}"
        );
        assert_eq!(told["files"][1]["rows"], 0);
        let next: Vec<&str> =
            told["next"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(next.last(), Some(&"ippactl validate deep/site.yaml"), "{told:#}");
        assert!(
            told["secrets"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["variable"] == "IPPA_PASSWORD" && one["available"] == false)
        );
        assert_eq!(names(&lab.path(name).join("deep")), ["site.csv", "site.yaml"]);
        run(&lab, name, &["validate", "deep/site.yaml"]).expect(0);
        let text = fs::read_to_string(lab.path(name).join("deep/site.yaml")).unwrap();
        assert!(text.contains("not looked at: cucm-pub.example.com"), "{text}");
    }
}

#[test]
fn the_sandbox_has_an_answer_to_everything() {
    let folder = tempfile::tempdir().unwrap();
    let ippactl = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
        command.args(words.split(' ')).current_dir(folder.path());
        command.env("XDG_STATE_HOME", folder.path().join("state"));
        command.stdin(std::process::Stdio::null());
        Ran::of(&command.output().unwrap())
    };
    for product in ["uccx", "ucce", "pcce"] {
        let more = format!(
            "--sandbox --deployment {product} --product {product} --sign-in all --out {product}/"
        );
        let told = ippactl(&format!("init {more}")).expect(0);
        assert!(
            told.stdout.contains(&format!("wrote {product}/{product}.yaml")),
            "{}",
            told.stdout
        );
        ippactl(&format!("validate {product}/{product}.yaml")).expect(0);
    }
    ippactl("init --sandbox").expect(0);
    ippactl("plan cucm-pub.yaml --sandbox").expect(0);
}
