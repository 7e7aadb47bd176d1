//! What a newcomer sees on a terminal of 80×24: the README's tour, and what goes wrong on the way. Each screen is a transcript.

use std::path::Path;
use std::process::Command;

use crate::lab::Lab;
use crate::pty::{Left, Terminal};
use crate::shown::settled_text;

fn site(flags: &[&str]) -> Lab {
    let lab = Lab::start(flags);
    lab.playbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"));
    lab
}

/// What was on the terminal, the same on every machine; progress, which comes by the clock, left out.
fn screen(lab: &Lab, left: &Left) -> String {
    paper(&lab.path("").display().to_string(), left)
}

fn paper(folder: &str, left: &Left) -> String {
    let progress =
        |line: &&str| ["reading ", "applying ", "⠁"].iter().any(|begins| line.starts_with(begins));
    // A path that is longer than a line.
    let rest = |line: &&str| line.contains(".jsonl") && !line.starts_with("journal ");
    let lines = left.transcript.lines().filter(|line| !progress(line) && !rest(line));
    let lines: Vec<&str> = lines.collect();
    settled_text(folder, &lines.join("\n"))
}

#[test]
fn the_readmes_tour() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ippactl"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    command.args(["apply", "playbooks/two-node-uccx.yaml", "--sandbox", "--yes"]);
    command.current_dir(root).env("XDG_STATE_HOME", folder.path());
    let left = Terminal::start(command).ends().expect(0);
    assert!(left.broken.is_empty(), "{:#?}", left.broken);
    insta::assert_snapshot!("readme", paper("/nowhere", &left));
}

#[test]
fn from_a_mistake_to_a_site_and_back() {
    let lab = site(&[]);
    let name = "two-node-ucce.yaml";
    let at = |words: &[&str]| lab.at_terminal(words).ends();
    // A typing error, in the command, in the file's name, in a key.
    insta::assert_snapshot!("no-command", screen(&lab, &at(&["aply"]).expect(64)));
    insta::assert_snapshot!(
        "no-such-file",
        screen(&lab, &at(&["plan", "two-node-uce.yaml"]).expect(64))
    );
    let text = std::fs::read_to_string(lab.path(name)).unwrap();
    lab.write("typo.yaml", &text.replace("phone_services:", "phone_service:"));
    insta::assert_snapshot!("typo", screen(&lab, &at(&["plan", "typo.yaml"]).expect(64)));
    // A wrong password is tried once.
    let mut command = lab.command(&["plan", name]);
    command.env("AXL_PASSWORD", "wrong");
    let left = Terminal::start(command).ends().expect(4);
    insta::assert_snapshot!("wrong-password", screen(&lab, &left));
    // The plan, and a no.
    insta::assert_snapshot!("plan", screen(&lab, &at(&["plan", name]).expect(0)));
    let terminal = lab.at_terminal(&["apply", name]);
    terminal.asks("[y/N]");
    terminal.types("n");
    insta::assert_snapshot!("no", screen(&lab, &terminal.ends().expect(5)));
    assert_eq!(lab.requests()["writes"], 0);
    // A phone that does not exist.
    let roster = "two-node-ucce.csv";
    let rows = std::fs::read_to_string(lab.path(roster)).unwrap();
    lab.write("absent.csv", &format!("{rows}{}", absent_row(&rows)));
    lab.write("absent.yaml", &text.replace(roster, "absent.csv"));
    let left = at(&["verify", "absent.yaml"]).expect(2);
    let found = screen(&lab, &left);
    let missing = found.lines().skip_while(|line| !line.contains("SEP0011223300FF"));
    insta::assert_snapshot!("absent", missing.take(5).collect::<Vec<_>>().join("\n"));
    // Done, and taken back.
    let before = lab.dump();
    let terminal = lab.at_terminal(&["apply", name]);
    while terminal.asks_or_ends() {
        terminal.types("y");
    }
    insta::assert_snapshot!("apply", screen(&lab, &terminal.ends().expect(0)));
    let terminal = lab.at_terminal(&["undo"]);
    while terminal.asks_or_ends() {
        terminal.types("y");
    }
    insta::assert_snapshot!("undo", screen(&lab, &terminal.ends().expect(0)));
    for section in ["application_users", "phone_services", "devices"] {
        assert_eq!(before[section], lab.dump()[section], "{section}");
    }
}

/// The error and the last line: where Ctrl-C strikes differs, and so do the numbers and what is drawn between them.
fn ended(screen: &str) -> String {
    let error = screen.lines().skip_while(|line| !line.starts_with("error[")).take(4);
    let lines: Vec<&str> = error.chain(screen.lines().last()).collect();
    let digits = lines.join("\n").replace(|c: char| c.is_ascii_digit(), "#");
    digits.split("##").collect::<Vec<_>>().join("#")
}

/// A row like the first one, of a phone that is not there.
fn absent_row(rows: &str) -> String {
    let first = rows.lines().nth(1).unwrap();
    let (device, rest) = first.split_once(',').unwrap();
    assert!(device.starts_with("SEP"), "{first}");
    format!("SEP0011223300FF,{rest}\n")
}

#[test]
fn ctrl_c_in_the_middle_and_again() {
    let lab = site(&["--workers", "1", "--write-time", "150"]);
    let name = "two-node-ucce.yaml";
    let words = ["apply", name, "--yes", "--allow", "sql,removal", "--concurrency", "1"];
    let terminal = lab.at_terminal(&words);
    terminal.shows("applying ");
    terminal.interrupts();
    let left = terminal.ends().expect(130);
    insta::assert_snapshot!("ctrl-c", ended(&screen(&lab, &left)));
    // The same again finishes it.
    let left = lab.at_terminal(&words).ends().expect(0);
    assert!(left.transcript.contains("as declared"), "{}", left.transcript);
    lab.run(&["plan", name, "--detailed-exitcode"]).expect(0);
}
