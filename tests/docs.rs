//! What the documents say, held against the program.

use ippactl::outcome::Outcome;

use crate::source::files;

fn text(path: &str) -> String {
    let found = files(&[path]);
    assert!(!found.is_empty(), "{path} is missing");
    found[0].1.clone()
}

/// Rows of the README's table of exit codes: code and meaning.
fn exit_codes(readme: &str) -> Vec<(String, String)> {
    let table = readme.lines().skip_while(|line| !line.starts_with("| code | meaning |")).skip(2);
    table
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            (cells[0].to_owned(), cells[1].to_owned())
        })
        .collect()
}

#[test]
fn the_readme_has_every_exit_code() {
    let mut outcomes = Outcome::BY_PRECEDENCE;
    outcomes.sort_by_key(|outcome| outcome.code());
    let expected: Vec<_> =
        outcomes.iter().map(|o| (o.code().to_string(), o.meaning().to_owned())).collect();
    assert_eq!(exit_codes(&text("README.md")), expected);
}

#[test]
fn the_readme_names_only_playbooks_that_exist() {
    let readme = text("README.md");
    let names: Vec<&str> = readme
        .split(|c: char| c.is_whitespace() || "`()[]".contains(c))
        .filter(|word| word.starts_with("playbooks/"))
        .collect();
    assert!(!names.is_empty());
    for name in names {
        // What the program shows may name a line of it.
        let (file, _) = name.split_once(':').unwrap_or((name, ""));
        assert!(!files(&[file.trim_end_matches('/')]).is_empty(), "README.md names {name}");
    }
}

#[test]
fn the_newest_entry_of_the_changelog_is_this_version() {
    let changelog = text("CHANGELOG.md");
    let newest = changelog.lines().find_map(|line| line.strip_prefix("## ")).unwrap();
    assert!(newest.starts_with(env!("CARGO_PKG_VERSION")), "{newest}");
}

#[test]
fn manual_pages_have_the_day_of_the_release() {
    let changelog = text("CHANGELOG.md");
    let newest = changelog.lines().find_map(|line| line.strip_prefix("## ")).unwrap();
    let day = newest.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap();
    let day = if day == "not released" { "" } else { day };
    assert_eq!(ippactl::cli::reference::man::RELEASED, day);
}
