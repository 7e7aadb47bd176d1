//! Files that are made from the program are what the program makes now. `IPPACTL_GENERATE=1` writes them instead.

mod keys;
mod symptoms;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use ippactl::cli::reference::{markdown, pages};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether files are written instead of compared.
#[expect(clippy::disallowed_methods, reason = "a test's own switch")]
fn generates() -> bool {
    std::env::var_os("IPPACTL_GENERATE").is_some()
}

fn printed(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ippactl")).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The files of a folder, by their names.
fn files_of(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let read = |path: &Path| {
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
    };
    entries.map(|entry| read(&entry.unwrap().path())).collect()
}

/// A folder holds these files and no others.
fn kept(folder: &str, made: &BTreeMap<String, String>) {
    let folder = root().join(folder);
    if generates() {
        fs::create_dir_all(&folder).unwrap();
        for name in files_of(&folder).keys().filter(|name| !made.contains_key(*name)) {
            fs::remove_file(folder.join(name)).unwrap();
        }
        for (name, text) in made {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let found = files_of(&folder);
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(made), "{}: just generate", folder.display());
    for (name, text) in made {
        assert!(
            found[name] == *text,
            "{}/{name} is not what is made now: just generate",
            folder.display()
        );
    }
}

#[test]
fn completions() {
    let scripts = [
        ("bash", "ippactl.bash"),
        ("zsh", "_ippactl"),
        ("fish", "ippactl.fish"),
        ("powershell", "_ippactl.ps1"),
        ("elvish", "ippactl.elv"),
    ];
    let made = scripts.map(|(shell, file)| (file.to_owned(), printed(&["completions", shell])));
    kept("completions", &made.into());
}

#[test]
fn manual_pages() {
    let folder = tempfile::tempdir().unwrap();
    printed(&["man", "--out", folder.path().to_str().unwrap()]);
    let made = files_of(folder.path());
    assert_eq!(made["ippactl-sso-login.1"], printed(&["man", "sso", "login"]));
    assert_eq!(made["ippactl.1"], printed(&["man"]));
    kept("man", &made);
}

#[test]
fn a_page_of_a_command_that_is_not_there() {
    let ippactl = || Command::new(env!("CARGO_BIN_EXE_ippactl"));
    let output = ippactl().args(["man", "sso", "frobnicate"]).output().unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no command `sso frobnicate`"));
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = ippactl().args(["man", "--out"]).arg(file.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

/// A page of the book is this text.
fn page(path: &str, made: &str) {
    let file = root().join(path);
    if generates() {
        fs::write(&file, made).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == made, "{path} is not what is made now: just generate");
}

#[test]
fn the_command_line_on_one_page() {
    page("docs/cli.md", &markdown::drawn(&pages()));
}

#[test]
fn every_check_and_error_by_its_symptom() {
    let told = serde_json::from_str(&printed(&["explain", "--output", "json"])).unwrap();
    page("docs/troubleshooting.md", &symptoms::drawn(&told));
}

#[test]
fn every_key_of_a_playbook() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let schema = serde_json::from_str(&read("schemas/playbook.json")).unwrap();
    page("docs/playbook.md", &keys::drawn(&schema, &read("playbooks/reference.yaml")));
}

#[test]
fn schemas() {
    let known = Command::new(env!("CARGO_BIN_EXE_ippactl")).args(["schema", "?"]).output().unwrap();
    let known = String::from_utf8(known.stderr).unwrap();
    let known = known.split_once("possible values: ").and_then(|(_, rest)| rest.split_once(']'));
    let words = known.unwrap().0.split(", ");
    let made = words.map(|what| (format!("{what}.json"), printed(&["schema", what])));
    kept("schemas", &made.collect());
}
