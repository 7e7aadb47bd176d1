//! `docs/guide-coverage.md` held against the code: what it names exists, and nothing that the code has is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ippactl::lint::check;
use ippactl::plan::Kind;

/// Features of the list.
const FEATURES: usize = 48;
/// Steps of the guide per procedure that no row may leave out, as `first step..last step` of its numbered ones.
const PROCEDURES: [(&str, &str, u32); 6] = [
    ("Set Up Application User, Web Access, and HTTPS Server Parameters", "", 3),
    ("Configure Finesse IP Phone Service in Unified CM", "", 10),
    ("Certificates", "Import CUCM", 6),
    ("Add Service Parameters for One Button Sign In", "", 3),
    ("Subscribe Agent Phones to Manual Subscription Service", "", 9),
    ("Set Up Agent Access to the Self Care Portal", "", 7),
];

/// The rows of the tables, under the heading that they stand below.
fn rows(text: &str) -> Vec<(String, Vec<String>)> {
    let mut heading = String::new();
    let mut rows = Vec::new();
    for line in text.lines() {
        if line.starts_with('#') {
            line.trim_start_matches('#').trim().clone_into(&mut heading);
        }
        let head = line.starts_with("|---") || line.ends_with("| by | test |");
        if line.starts_with('|') && !head {
            let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
            rows.push((heading.clone(), cells.collect()));
        }
    }
    rows
}

/// Words in code type.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Whether `module::test` is a test of this binary.
pub(crate) fn is_test(path: &str) -> bool {
    let Some((modules, name)) = path.rsplit_once("::") else { return false };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(modules.replace("::", "/"));
    let text = fs::read_to_string(file.with_extension("rs")).unwrap_or_default();
    text.contains(&format!("#[test]\nfn {name}()"))
}

/// What is wrong with the file.
fn wrong(document: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut kinds: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    let known: Vec<&str> = kinds.iter().copied().collect();
    let mut features = BTreeMap::new();
    let rows = rows(document);
    for (heading, cells) in &rows {
        let [step, what, by, test] = cells.as_slice() else {
            wrong.push(format!("{heading}: a row of {} cells", cells.len()));
            continue;
        };
        if [step, what, by, test].iter().any(|cell| cell.is_empty()) {
            wrong.push(format!("{heading} {step}: an empty cell"));
        }
        for part in by.split(';').map(str::trim) {
            for word in named(part) {
                let exists = if part.starts_with("resource ") {
                    kinds.remove(word);
                    known.contains(&word)
                } else {
                    part.starts_with("check ") && check(word).is_some()
                };
                if !exists {
                    wrong.push(format!("{heading} {step}: nothing is called {word}"));
                }
            }
        }
        if named(by).next().is_none() {
            wrong.push(format!("{heading} {step}: nobody does it"));
        }
        let tests: Vec<&str> = named(test).collect();
        if tests.is_empty() || !tests.iter().all(|test| is_test(test)) {
            wrong.push(format!("{heading} {step}: no such test: {test}"));
        }
        if heading == "The list of features" {
            *features.entry(step.clone()).or_insert(0) += 1;
        }
    }
    wrong.extend(kinds.iter().map(|kind| format!("no row has the resource {kind}")));
    for number in 1..=FEATURES {
        let id = format!("M{number:02}");
        if features.get(&id) != Some(&1) {
            wrong.push(format!("{id} has not one row"));
        }
    }
    for (procedure, prefix, last) in PROCEDURES {
        let steps: Vec<&str> = rows
            .iter()
            .filter(|(own, _)| own == procedure)
            .map(|(_, cells)| cells[0].as_str())
            .collect();
        for number in 1..=last {
            if !steps
                .iter()
                .any(|step| step.strip_prefix(prefix).is_some_and(|step| covers(step, number)))
            {
                wrong.push(format!("{procedure}: step {number} has no row"));
            }
        }
    }
    wrong
}

/// Whether `2.1, 2.2`, `1–5` or `9, note` has this step.
fn covers(step: &str, number: u32) -> bool {
    let whole = |text: &str| -> Option<u32> { text.trim().split('.').next()?.parse().ok() };
    step.split(',').any(|part| match part.split_once('–') {
        Some((first, last)) => {
            let range = whole(first).zip(whole(last));
            range.is_some_and(|(first, last)| (first..=last).contains(&number))
        }
        None => whole(part) == Some(number),
    })
}

fn file() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide-coverage.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn every_step_note_and_feature_is_done_and_proven() {
    let wrong = wrong(&file());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_missing_or_invented_is_found() {
    let text = file();
    for (from, to, found) in [
        ("| M07 |", "| M77 |", "M07 has not one row"),
        ("`phone-web-access`", "`phone-web-excess`", "nothing is called phone-web-excess"),
        ("provisioning::every_shipped", "provisioning::no_shipped", "no such test"),
        ("resource `rmcm-user`; ", "", "no row has the resource rmcm-user"),
        ("| 8 | Enable |", "| 9 | Enable |", "step 8 has no row"),
        ("| 8 | Enable |", "| 8 | |", "an empty cell"),
    ] {
        assert!(text.contains(from), "{from}");
        let wrong = wrong(&text.replace(from, to)).join("\n");
        assert!(wrong.contains(found), "{found}: {wrong}");
    }
}
