//! Reports of real runs in every format: what was not checked is said by each, and the schema is the one that is kept.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::checks::bench::Bench;
use crate::lab::Lab;
use ippactl::report::format::Format;

/// Runs a command with a report in every format, and gives them back by the format's word.
fn reported(lab: &Lab, code: i32, words: &[&str]) -> Vec<(&'static str, String)> {
    let path = |format: Format| lab.path(&format!("report.{}", format.word()));
    let flags = Format::ALL.map(|format| format!("{}={}", format.word(), path(format).display()));
    let mut words = words.to_vec();
    words.extend(flags.iter().flat_map(|flag| ["--report", flag.as_str()]));
    lab.run(&words).expect(code);
    let read = |format: Format| (format.word(), fs::read_to_string(path(format)).unwrap());
    Format::ALL.map(read).into()
}

/// How a format says that a call was incomplete, and that one thing was not checked.
fn says_incomplete(format: &str) -> [&'static str; 2] {
    match format {
        "json" => ["\"exit_code\": 3", "\"not_checkable\": false"],
        "junit" => ["name=\"exit-code\" value=\"3\"", "<error type=\"not-checked\""],
        "sarif" => ["\"exitCode\": 3", "\"id\": \"not-checked\""],
        "csv" => ["healthy,incomplete,3,deployment", "healthy,incomplete,3,not-checked"],
        "markdown" => {
            ["incomplete (exit code 3)", "**Not checked: these reads should have worked**"]
        }
        "prometheus" => {
            [",outcome=\"incomplete\"} 3", "ippactl_not_checked{deployment=\"healthy\"} 1"]
        }
        "html" => ["data-exit-code=\"3\"", "data-not-checked=\"1\""],
        other => panic!("what does {other} say?"),
    }
}

#[test]
fn one_read_that_fails_is_said_by_every_format_although_all_else_is_in_sync() {
    let bench = Bench::healthy();
    for (format, text) in reported(&bench.lab, 0, &["verify", "site.yaml"]) {
        for said in says_incomplete(format) {
            assert!(!text.contains(said), "{format} says {said} of what is in sync");
        }
    }
    // One query of one look fails now.
    bench.lab.sql("alter table linegroupnumplanmap rename to other");
    for (format, text) in reported(&bench.lab, 3, &["verify", "site.yaml"]) {
        for said in says_incomplete(format) {
            assert!(text.contains(said), "{format} does not say {said}:\n{text}");
        }
    }
}

#[test]
fn the_kept_schema_is_the_one_that_is_printed() {
    let known = Command::new(env!("CARGO_BIN_EXE_ippactl")).args(["schema", "?"]).output().unwrap();
    let known = String::from_utf8(known.stderr).unwrap();
    let known = known.split_once("possible values: ").and_then(|(_, rest)| rest.split_once(']'));
    let known: BTreeSet<String> = known.unwrap().0.split(", ").map(str::to_owned).collect();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let kept = fs::read_dir(kept).unwrap().map(|file| file.unwrap().path());
    let kept = kept.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    assert_eq!(known, kept.collect());
    for what in known {
        kept_is_printed(&what);
    }
}

fn kept_is_printed(what: &str) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{what}.json"));
    let told = printed(&["schema", what]);
    let kept = fs::read_to_string(kept).unwrap();
    assert_eq!(kept, told, "ippactl schema {what} > schemas/{what}.json");
}

/// Runs the binary where no sandbox is needed.
fn printed(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ippactl")).args(words).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}
