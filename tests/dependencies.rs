//! What deny.toml says of licences, bans and sources, held against every package of the lock file, on every platform. The
//! lists are read from deny.toml alone: `just deny` holds them with the full tool, and the advisories, too.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::source::files;

struct Package {
    name: String,
    version: String,
    licence: String,
    /// `None`: of this repository.
    source: Option<String>,
}

/// Every package that any platform or feature needs.
fn packages() -> Vec<Package> {
    let metadata = |more: &[&str]| {
        let words = ["metadata", "--locked", "--all-features", "--format-version", "1"];
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(words).args(more).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
    };
    // Packages of other platforms may not have been fetched yet.
    let offline = metadata(&["--offline"]);
    let output = if offline.status.success() { offline } else { metadata(&[]) };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let package = |own: &Value| Package {
        name: text(&own["name"]),
        version: text(&own["version"]),
        licence: text(&own["license"]),
        source: own["source"].as_str().map(str::to_owned),
    };
    read["packages"].as_array().unwrap().iter().map(package).collect()
}

/// deny.toml, as far as its lists go.
struct Policy(String);

impl Policy {
    fn read() -> Self {
        let found = files(&["deny.toml"]);
        let lines = found[0].1.lines().filter(|line| !line.trim_start().starts_with('#'));
        Self(lines.fold(String::new(), |text, line| text + line + "\n"))
    }

    fn section(&self, name: &str) -> &str {
        let head = format!("[{name}]\n");
        let (_, rest) = self.0.split_once(&head).unwrap_or_else(|| panic!("no [{name}]"));
        rest.split("\n[").next().unwrap()
    }

    /// The items of a list: strings, or inline tables as their text.
    fn list(&self, section: &str, key: &str) -> Vec<&str> {
        let lists = self.section(section).split_once(&format!("{key} = [")).map(|(_, rest)| rest);
        let list = lists.unwrap_or_else(|| panic!("no list {key} in [{section}]"));
        let (ends, open) =
            if list.trim_start().starts_with('{') { ("\n]", '{') } else { ("]", '"') };
        let list = list.split(ends).next().unwrap();
        let items: Vec<&str> = match open {
            '{' => list.lines().map(str::trim).filter(|line| line.starts_with('{')).collect(),
            _ => list.split('"').skip(1).step_by(2).collect(),
        };
        assert!(!items.is_empty(), "{key} in [{section}] is empty");
        items
    }

    fn word(&self, section: &str, key: &str) -> &str {
        let line = self.section(section).lines().find_map(|l| l.strip_prefix(&format!("{key} = ")));
        line.unwrap_or_else(|| panic!("no {key} in [{section}]")).trim_matches('"')
    }
}

/// A field of an inline table.
fn field<'a>(table: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = table.split_once(&format!("{key} = \""))?;
    rest.split('"').next()
}

/// Whether an SPDX expression can be met with these licences: `(MIT OR Apache-2.0) AND ISC`, older ones with `/`.
fn met(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at, allowed) && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut good = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        good |= both(words, at, allowed);
    }
    good
}

fn both(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut good = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        good &= one(words, at, allowed);
    }
    good
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let good = either(words, at, allowed);
        *at += 1;
        return good;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return allowed.contains(&format!("{word} WITH {exception}").as_str());
    }
    allowed.contains(&word)
}

#[test]
fn every_licence_is_allowed() {
    let policy = Policy::read();
    let allowed = policy.list("licenses", "allow");
    let all = packages();
    assert!(all.len() > 100, "{} packages are not all", all.len());
    let wrong: Vec<String> = all
        .iter()
        .filter(|package| !met(&package.licence, &allowed))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.licence))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Each of them is needed, so that the list stays the truth.
    for licence in &allowed {
        let others: Vec<&str> = allowed.iter().copied().filter(|own| own != licence).collect();
        assert!(all.iter().any(|own| !met(&own.licence, &others)), "nothing needs {licence}");
    }
}

#[test]
fn nothing_banned_is_there_and_nothing_comes_from_elsewhere() {
    let policy = Policy::read();
    let all = packages();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in &all {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    let mut once = 0;
    for ban in policy.list("bans", "deny") {
        let name = field(ban, "crate").unwrap();
        let found = versions.get(name).map_or(0, Vec::len);
        if ban.contains("deny-multiple-versions = true") {
            once += 1;
            assert_eq!(found, 1, "{name} is there once: {versions:?}");
        } else {
            assert_eq!(found, 0, "{name} is there: {}", field(ban, "reason").unwrap_or_default());
        }
    }
    assert!(once > 2, "nothing that has to be there only once");
    assert_eq!(policy.word("sources", "unknown-registry"), "deny");
    assert_eq!(policy.word("sources", "unknown-git"), "deny");
    assert_eq!(
        all.iter().filter(|own| own.source.is_none()).count(),
        1,
        "a package of another folder"
    );
    // Where nobody names another one, the only registry is cargo's own.
    let sources: BTreeSet<&str> = all.iter().filter_map(|own| own.source.as_deref()).collect();
    assert!(
        sources.len() == 1 && sources.iter().all(|own| own.starts_with("registry+")),
        "{sources:?}"
    );
    let named = files(&["Cargo.toml", ".cargo/config.toml"]);
    for (path, text) in &named {
        for word in ["registry =", "[registries", "[source", "git = ", "[patch"] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn expressions_are_understood() {
    let allowed = ["MIT", "ISC", "Apache-2.0"];
    for good in
        ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-2.0", "(GPL-3.0 OR MIT) AND ISC", "A WITH B OR MIT"]
    {
        assert!(met(good, &allowed), "{good}");
    }
    for bad in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "MIT WITH B", "MIT MIT"]
    {
        assert!(!met(bad, &allowed), "{bad}");
    }
}
