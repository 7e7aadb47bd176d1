//! What the source is like: the largest file, the one in the middle, and which area imports which. To be read with
//! `cargo test --test main tidy -- --nocapture`.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::{IMPORTS, LONGEST, value};
use crate::source::{Source, named, sources};

/// Files by length, the shortest first.
fn by_length(all: &[Source]) -> Vec<(usize, &str)> {
    let mut lengths: Vec<(usize, &str)> =
        all.iter().map(|source| (source.text.lines().count(), source.path.as_str())).collect();
    lengths.sort_unstable();
    lengths
}

/// Which areas each area names; tests and plain values like a severity left out.
fn imported(all: &[Source]) -> BTreeMap<&str, BTreeSet<String>> {
    let areas: BTreeSet<&str> = all.iter().map(Source::area).collect();
    let mut table: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in all {
        let own = table.entry(source.area()).or_default();
        for name in named(&source.production, &source.module()).iter().filter(|n| !value(&n.path)) {
            let first = name.path.strip_prefix("crate::").and_then(|path| path.split("::").next());
            let other = first.filter(|area| areas.contains(area) && *area != source.area());
            own.extend(other.map(str::to_owned));
        }
    }
    table
}

#[test]
#[expect(clippy::print_stdout, reason = "what it counts is for people")]
fn how_large_it_is_and_what_imports_what() {
    let all = sources(&["src"]);
    let lengths = by_length(&all);
    let (longest, largest) = *lengths.last().unwrap();
    let (middle, median) = lengths[lengths.len() / 2];
    let lines: usize = lengths.iter().map(|(lines, _)| lines).sum();
    println!("{} files under src, {lines} lines", lengths.len());
    println!("largest {largest}: {longest} lines; median {median}: {middle} lines");
    assert!(longest <= LONGEST);
    let table = imported(&all);
    for (area, others) in &table {
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        println!("{area:<10} -> {}", others.join(" "));
    }
    // The table says of each area what the rules allow, and it is not empty by mistake.
    assert!(table["engine"].contains("clients") && table["planner"].contains("resources"));
    for (area, _, forbidden) in IMPORTS {
        let wrong: Vec<&&str> = forbidden
            .iter()
            .filter(|other| table.get(area).is_some_and(|own| own.contains(**other)))
            .collect();
        assert!(wrong.is_empty(), "{area} imports {wrong:?}");
    }
}
