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

/// Links of a page to files of this repository that are not there.
fn dead_links(path: &str, text: &str) -> Vec<String> {
    let folder = std::path::Path::new(path).parent().unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = targets
        .filter(|target| !target.contains("://"))
        .map(|target| target.split('#').next().unwrap());
    files
        .filter(|file| !file.is_empty() && !root.join(folder).join(file).exists())
        .map(|file| format!("{path}: {file}"))
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let roots =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs"];
    let wrong: Vec<String> =
        files(&roots).iter().flat_map(|(path, text)| dead_links(path, text)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!(
        dead_links("docs/x.md", "[a](nowhere.md#b) [c](../README.md)"),
        ["docs/x.md: nowhere.md"]
    );
}

#[test]
fn every_page_is_in_the_index_of_the_book() {
    let index = text("docs/README.md");
    for (path, _) in files(&["docs"]) {
        let name = path.trim_start_matches("docs/");
        let page = std::path::Path::new(name).extension().is_some_and(|ext| ext == "md");
        assert!(!page || name == "README.md" || index.contains(&format!("]({name})")), "{name}");
    }
}

/// What docs/performance.md has measured of reading 1,000 phones, as the README says it: the scripts, and ippactl.
fn measured(performance: &str) -> [String; 2] {
    let table = performance.lines().skip_while(|line| !line.starts_with("1,000 phones, "));
    let rows = table.skip(1).skip_while(|line| !line.starts_with('|')).skip(2);
    let number = |cell: &str| -> f64 { cell.split_whitespace().next().unwrap().parse().unwrap() };
    let rows: Vec<(bool, [f64; 3], String)> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let ours = format!("{}, {} of CPU, {}", cells[1], cells[2], cells[3]);
            (cells[0] == "ippactl", [1, 2, 3].map(|at| number(cells[at])), ours)
        })
        .collect();
    let peers = |at: usize| rows.iter().filter(|row| !row.0).map(move |row| row.1[at]);
    let [wall, cpu, memory] = [0, 1, 2]
        .map(|at| (peers(at).fold(f64::INFINITY, f64::min), peers(at).fold(0.0, f64::max)));
    let scripts = format!(
        "{:.1} to {:.1} s, {:.1} to {:.1} s of CPU, {} to {} MB",
        wall.0, wall.1, cpu.0, cpu.1, memory.0, memory.1
    );
    [scripts, rows.iter().find(|row| row.0).unwrap().2.clone()]
}

#[test]
fn the_readme_says_what_was_measured() {
    let [scripts, ours] = measured(&text("docs/performance.md"));
    let row = format!("| reading 1,000 phones | not measured | {scripts} | {ours} |");
    assert!(text("README.md").contains(&row), "README.md has not this row: {row}");
}
