//! The examples of help texts, as docs/cli.md has them: each is run as it stands, without a terminal, on one sandbox. They are
//! for people and for sites that are not here, so some end where somebody would be asked: the table says which, and where.

use crate::source::files;

use super::page::blocks;
use super::place::Place;

const PAGE: &str = "docs/cli.md";

/// What does not end with 0 here: how the line begins, its exit code, and a word of what it says.
const ENDS: &[(&str, i32, &str)] = &[
    // The first playbook leaves to somebody else that UCCX's own user controls the phones, and `apply` says so.
    ("ippactl apply site.yaml --sandbox --yes", 2, "phone-not-on-rmcm"),
    ("ippactl init --sandbox", 0, ""),
    ("ippactl init", 64, "file-exists"),
    ("ippactl plan site.yaml --no-input --detailed-exitcode", 2, "planned"),
    // Nobody is here to be asked.
    ("ippactl apply site.yaml --expect", 5, "fingerprint-stale"),
    ("ippactl apply site.yaml", 5, "no-confirmation"),
    ("ippactl app-user site.yaml", 5, "no-confirmation"),
    ("ippactl app-user --publisher", 5, "no-confirmation"),
    ("ippactl phone-settings site.yaml --device -", 5, "no-confirmation"),
    ("ippactl subscribe site.yaml --device", 1, "phone-missing"),
    ("ippactl subscribe site.yaml --roster", 0, ""),
    ("ippactl subscribe site.yaml", 5, "refused"),
    ("ippactl restart site.yaml", 64, "not restarted by this playbook"),
    // So nothing was applied, and there is nothing to take back or to export.
    ("ippactl undo", 64, "run-unknown"),
    ("ippactl verify", 2, "app-user-missing"),
    ("ippactl export", 64, "export-nothing"),
    ("ippactl report merge", 64, "report-unreadable"),
    ("ippactl report diff", 64, "report-unreadable"),
    ("ippactl login", 64, "secret-unavailable"),
    ("pass show voice/axl | ippactl login", 64, "secret-unavailable"),
    ("ippactl sso login site.yaml --agent 1001 --open", 64, "sso-answer-absent"),
    ("ippactl sso login site.yaml --agent 1001 --idp forms", 64, "sso-hosts-missing"),
    ("ippactl sso exec", 4, "sso-no-token"),
    ("ippactl agent call", 64, "secret-unavailable"),
];

/// What is not run: how the line begins, why, and who runs it.
const NOT_RUN: &[(&str, &str)] = &[
    ("ippactl sandbox", "waits for Ctrl-C; run by tests/lab.rs and docs/rehearse.md"),
    ("source <(ippactl completions", "is for a shell that is spoken to; run by tests/shells/run"),
    ("ippactl completions powershell", "is for PowerShell; run by tests/generated.rs, in no shell"),
    (
        "ippactl completions",
        "writes where a shell looks; run by tests/shells/run and tests/generated.rs",
    ),
    ("ippactl man sso login | man", "shows a page with the system's man; run by tests/shells/run"),
];

#[test]
#[expect(clippy::print_stdout, reason = "what it counts is for people")]
fn every_example_of_a_help_text_is_run() {
    let (_, text) = files(&[PAGE]).remove(0);
    let place = Place::new(&text);
    let (mut wrong, mut ran, mut left_out) = (Vec::new(), 0, Vec::new());
    let mut used = vec![false; ENDS.len()];
    for block in blocks(&text) {
        for line in block.text.lines() {
            if let Some((_, why)) = NOT_RUN.iter().find(|(begins, _)| line.starts_with(begins)) {
                left_out.push(format!("{PAGE}: {line}: {why}"));
                continue;
            }
            let row = ENDS.iter().position(|(begins, ..)| line.starts_with(begins));
            let (code, word) = row.map_or((0, ""), |row| (ENDS[row].1, ENDS[row].2));
            used.iter_mut().enumerate().for_each(|(at, used)| *used |= Some(at) == row);
            let (ended, said) = place.run(line);
            if ended != code || !said.contains(word) {
                let said: Vec<&str> =
                    said.lines().filter(|l| l.contains("error")).take(3).collect();
                wrong.push(format!(
                    "{line}\nended with {ended}, not {code} and {word:?}:\n{}",
                    said.join("\n")
                ));
            }
            ran += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
    let unused: Vec<&str> =
        ENDS.iter().zip(used).filter(|(_, used)| !used).map(|((begins, ..), _)| *begins).collect();
    assert!(unused.is_empty(), "no example begins so: {unused:?}");
    println!("{ran} examples ran, {} did not:\n{}", left_out.len(), left_out.join("\n"));
    assert!(ran > 40, "{ran} examples");
}
