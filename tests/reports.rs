//! Reports of real runs in every format: what was not checked is said by each.

use std::fs;

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
