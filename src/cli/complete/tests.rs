//! What is offered, without a shell; in real ones: tests/shells.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::source::Source;
use super::{asked, candidates};
use crate::cli::args::Cli;

/// The values that are offered, without what they mean.
fn offered(words: &[&str]) -> Vec<String> {
    let words: Vec<OsString> = ["fish"].iter().chain(words).map(OsString::from).collect();
    let told = candidates(&words).unwrap_or_default();
    told.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

/// A playbook of this repository.
fn playbook(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks").join(name).display().to_string()
}

#[test]
fn only_the_word_of_the_scripts_is_taken_for_a_shell() {
    let line = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    assert_eq!(asked(&line(&["ippactl", "__complete", "zsh"])).unwrap().len(), 1);
    assert!(asked(&line(&["ippactl", "plan", "__complete"])).is_none());
    assert!(asked(&line(&["ippactl"])).is_none());
}

#[test]
fn commands_flags_and_counted_words() {
    assert_eq!(offered(&["ver"]), ["verify"]);
    assert_eq!(offered(&["sso", "st"]), ["status"]);
    assert_eq!(offered(&["apply", "--can"]), ["--canary"]);
    assert_eq!(offered(&["plan", "--output", ""]), ["text", "json"]);
    assert_eq!(offered(&["plan", "--output=j"]), ["--output=json"]);
    assert_eq!(offered(&["init", "--sign-in", "id"]), ["id-extension"]);
    assert_eq!(offered(&["man", "sso", "ex"]), ["exec"]);
    assert!(offered(&["verify", ""]).iter().all(|word| !word.starts_with('-')));
}

#[test]
fn names_that_the_program_knows() {
    assert_eq!(
        offered(&["explain", "certificate-exp"]),
        ["certificate-expired", "certificate-expiring"]
    );
    assert_eq!(
        offered(&["apply", "--allow", "restart,re"]),
        ["restart,replace-service", "restart,removal", "restart,reboot"]
    );
    assert_eq!(offered(&["plan", "--report", "m"]), ["markdown="]);
    assert_eq!(offered(&["init", "--axl-password", "k"]), ["keyring:"]);
}

#[test]
fn rows_of_the_playbook_on_the_line() {
    let file = playbook("two-node-uccx.yaml");
    let line = |flag, typed| offered(&["subscribe", &file, flag, typed]);
    assert_eq!(line("--device", "SEP001122330001"), ["SEP001122330001"]);
    assert_eq!(line("--profile", "UDP_1001"), ["UDP_1001"]);
    assert!(line("--device", "").len() > 10);
    assert_eq!(offered(&["sso", "token", &file, "--agent", "1001"]), ["1001"]);
    assert_eq!(offered(&["self-care", &file, "--user", "agent1001"]), ["agent1001"]);
}

#[test]
fn files_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.yaml", "a.waivers.yaml", "b.yml", "c.txt", "d.json", "e\u{1b}[2J.yaml"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("more")).unwrap();
    let typed = format!("{}/", folder.path().display());
    let names = |words: &[&str]| {
        let found = offered(words).into_iter();
        found.map(|path| path.strip_prefix(&typed).unwrap_or(&path).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["plan", &typed]), ["a.yaml", "b.yml", "more/"]);
    assert_eq!(names(&["report", "merge", &typed]), ["d.json", "more/"]);
    assert_eq!(names(&["verify", "x", "--history", &typed]), ["more/"]);
    let report = format!("html={typed}c");
    assert_eq!(offered(&["plan", "--report", &report]), [format!("html={typed}c.txt")]);
}

#[test]
fn runs_and_deployments_of_the_state_folder() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    for (deployment, run) in
        [("emea@pub-a", "2026-01-01T00-00-00Z-aaaa"), ("apac@pub-b", "2026-02-01T00-00-00Z-bbbb")]
    {
        let runs = folder.path().join(deployment).join("runs");
        fs::create_dir_all(&runs).unwrap();
        fs::write(runs.join(format!("{run}.jsonl")), "").unwrap();
    }
    let newest_first = ["2026-02-01T00-00-00Z-bbbb", "2026-01-01T00-00-00Z-aaaa"];
    assert_eq!(offered(&["undo", "--state-dir", state, "2026"]), newest_first);
    assert_eq!(
        offered(&["export", &format!("--state-dir={state}"), "--deployment", ""]),
        ["apac", "emea"]
    );
    assert_eq!(offered(&["export", "--state-dir", state, "--publisher", "pub-b"]), ["pub-b"]);
}

#[test]
fn what_cannot_be_read_offers_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let text = fs::read_to_string(playbook("two-node-uccx.yaml")).unwrap();
    fs::write(path("broken.yaml"), text.replace("version: 1", "version: [")).unwrap();
    // Reading it would not end.
    fs::write(path("endless.yaml"), text.replace("roster: two-node-uccx.csv", "roster: /dev/zero"))
        .unwrap();
    for file in [path("broken.yaml"), path("endless.yaml"), path("none.yaml")] {
        assert!(offered(&["subscribe", &file, "--device", ""]).is_empty(), "{file}");
    }
    assert!(offered(&["runs", "show", "--state-dir", &path("none"), "2"]).is_empty());
    assert!(offered(&["frobnicate", "--device", "x"]).is_empty());
    assert!(candidates(&[]).is_none());
    assert!(candidates(&[OsString::from("fish")]).is_none());
    assert!(candidates(&["tcsh", "ver"].map(OsString::from)).is_none());
    assert!(candidates(&["powershell", "ver"].map(OsString::from)).is_none());
    let told = candidates(&["powershell", "=ver"].map(OsString::from)).unwrap();
    assert!(told.starts_with("verify\t"), "{told}");
}

/// A new flag is offered something, or it was decided that nothing can be known of its values.
#[test]
fn of_every_value_it_is_known_where_it_comes_from() {
    fn look(command: &Command) {
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            let known = !arg.get_possible_values().is_empty() || Source::of(arg).is_some();
            assert!(known, "{} {arg}: a row in complete/source.rs", command.get_name());
        }
        command.get_subcommands().for_each(look);
    }
    look(&Cli::command());
}
