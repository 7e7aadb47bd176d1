//! Holds the source to the rules, and proves that each rule can fail and lets good code pass.

mod figures;
mod held;

use std::collections::BTreeSet;

use ippactl::plan::Kind;

use crate::rules::{
    IMPORTS, LONGEST, RULES, Rule, imports, kinds_without_a_file, length, machine_paths, names,
    opening, orphans, unfinished,
};
use crate::source::{Source, files, sources};

fn tidy(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_source_keeps_the_rules() {
    let all = sources(&["src"]);
    assert!(all.len() > 10, "the source was not found");
    let wrong = all.iter().flat_map(|source| RULES.iter().flat_map(move |(_, rule)| rule(source)));
    tidy(&wrong.chain(orphans(&all)).collect::<Vec<_>>());
}

#[test]
fn tests_open_and_end_as_the_source_does() {
    let rules: [Rule; 4] = [opening, names, unfinished, length];
    let all = sources(&["tests"]);
    let wrong: Vec<_> =
        all.iter().flat_map(|source| rules.iter().flat_map(move |rule| rule(source))).collect();
    tidy(&wrong);
}

#[test]
fn every_area_is_in_the_import_table() {
    let all = sources(&["src"]);
    let free = ["cli", "lib", "main", "outcome"];
    let known = |area: &str| free.contains(&area) || IMPORTS.iter().any(|(name, ..)| *name == area);
    let wrong: Vec<String> = all
        .iter()
        .filter(|s| !known(s.area()))
        .map(|s| format!("{}: which area?", s.path))
        .collect();
    tidy(&wrong);
}

#[test]
fn every_kind_has_its_file() {
    let all = sources(&["src/resources"]);
    let paths: Vec<&str> = all.iter().map(|source| source.path.as_str()).collect();
    // Before the first resource is written there is only mod.rs.
    if paths != ["src/resources/mod.rs"] {
        tidy(&kinds_without_a_file(&Kind::ALL.map(Kind::word), &paths));
    }
}

#[test]
fn nothing_names_a_path_of_one_machine() {
    let roots = [
        "src",
        "tests",
        "playbooks",
        "docs",
        "README.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "packaging",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "justfile",
        "deny.toml",
        ".ci/run",
    ];
    let all = files(&roots);
    tidy(&all.iter().flat_map(|(path, text)| machine_paths(path, text)).collect::<Vec<_>>());
}

#[test]
fn each_rule_can_fail() {
    let long = "//! A file of many lines.\n".repeat(LONGEST + 1);
    let bad: &[(&str, &str, &str, &str)] = &[
        (
            "imports",
            "src/resources/x.rs",
            "use crate::{plan, engine::apply};",
            "'resources' may not import 'engine'",
        ),
        (
            "imports",
            "src/plan/x.rs",
            "fn f() { std::fs::read(p); }",
            "'plan' may not name 'std::fs'",
        ),
        (
            "imports",
            "src/lint/x.rs",
            "use std::{fmt, net::TcpStream};",
            "'lint' may not name 'std::net'",
        ),
        ("imports", "src/playbook/x.rs", "use tokio::spawn;", "'playbook' may not name 'tokio'"),
        (
            "imports",
            "src/sandbox/a/x.rs",
            "use super::super::super::clients::axl;",
            "'sandbox' may not import 'clients'",
        ),
        (
            "imports",
            "src/clients/x.rs",
            "use crate::sandbox;",
            "'clients' may not import 'sandbox'",
        ),
        ("output", "src/engine/x.rs", "fn f() { println!(); }", "only cli and report"),
        ("output", "src/clients/x.rs", "use std::io::{Read, stderr};", "only cli and report"),
        (
            "environment",
            "src/cli/plan.rs",
            "fn f() { std::env::var(n); }",
            "only cli/connect reads 'std::env::var'",
        ),
        ("environment", "src/engine/x.rs", "use rpassword::prompt_password;", "only cli/connect"),
        (
            "serialize",
            "src/plan/x.rs",
            "#[derive(Debug, serde::Serialize)] struct S;",
            "lives in report",
        ),
        ("writer", "src/engine/verify.rs", "fn f() { axl::Writer::new(r); }", "only engine/apply"),
        ("opening", "src/x.rs", "use a;\n", "does not open"),
        ("names", "src/cli/string_utils.rs", "", "'utils' is no name"),
        (
            "unfinished",
            "src/x.rs",
            "#[cfg(test)]\nmod tests {\n    fn f() { todo!() }\n}",
            "'todo!' is left over",
        ),
        ("length", "src/x.rs", &long, "find the second concept"),
    ];
    for (rule, path, text, expected) in bad {
        let (_, run) = RULES.iter().find(|(name, _)| name == rule).unwrap();
        let said = run(&Source::new(path, text)).join("\n");
        assert!(said.contains(expected), "{rule} on {text:?} said {said:?}");
    }
    let proven: BTreeSet<&str> = bad.iter().map(|(rule, ..)| *rule).collect();
    assert!(RULES.iter().all(|(name, _)| proven.contains(name)), "a rule without a bad sample");

    let source =
        Source::new("src/resources/phone.rs", "//! a\n\nuse crate::plan;\nuse crate::engine;\n");
    assert_eq!(imports(&source), ["src/resources/phone.rs:4: 'resources' may not import 'engine'"]);
    let two = [Source::new("src/lib.rs", "pub mod a;"), Source::new("src/a/b.rs", "")];
    assert_eq!(orphans(&two), ["src/a/b.rs: no 'mod' line names this file"]);
    assert_eq!(kinds_without_a_file(&["phone-service"], &["src/resources/phone.rs"]).len(), 1);
    assert_eq!(
        machine_paths("x", concat!("a\nb /ro", "ot/c")),
        ["x:2: names a path of one machine"]
    );
}

#[test]
fn the_rules_let_good_code_pass() {
    let good = [
        (
            "src/plan/x.rs",
            "//! Says a thing.\n// std::fs::read, println!()\nfn f() { \"tokio::spawn\"; }\n",
        ),
        (
            "src/playbook/common_phone_config.rs",
            "//! Says a thing.\nuse std::net::Ipv6Addr;\nuse crate::plan::Severity;\n",
        ),
        ("src/plan/y.rs", "//! Says a thing.\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"),
        ("src/cli/connect.rs", "//! Says a thing.\nfn f() { std::env::var(n); println!(); }\n"),
        ("src/report/json.rs", "//! Says a thing.\nuse serde::Serialize;\n"),
        ("src/engine/apply.rs", "//! Says a thing.\nfn f() { Writer::new(r); }\n"),
    ];
    for (path, text) in good {
        let source = Source::new(path, text);
        let wrong: Vec<_> = RULES.iter().flat_map(|(_, rule)| rule(&source)).collect();
        tidy(&wrong);
    }
}
