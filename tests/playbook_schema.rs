//! schemas/playbook.json is written by hand: every mapping in it has exactly the keys of a list in the parser, and every
//! playbook names it. That it judges as the parser does is shown in tests/formats/playbooks.py.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::source::files;

type Keys = BTreeSet<String>;

/// The lists of keys that the parser knows: `known: &["…"]`, of everything but waivers, which are no playbook.
fn lists_of_the_parser() -> BTreeSet<Keys> {
    let mut lists = BTreeSet::new();
    for (path, text) in files(&["src/playbook"]) {
        if path.contains("/tests") || path.ends_with("waivers.rs") || path.ends_with("decode.rs") {
            continue;
        }
        for mark in ["known: &[", "let known = &["] {
            for (at, _) in text.match_indices(mark) {
                let list = text[at + mark.len()..].split(']').next().unwrap();
                let words = list.split('"').skip(1).step_by(2).map(str::to_owned);
                lists.insert(words.collect());
            }
        }
    }
    lists
}

/// The keys of every mapping of the schema that takes no others.
fn collect(schema: &Value, lists: &mut BTreeSet<Keys>) {
    match schema {
        Value::Object(entries) => {
            if schema["additionalProperties"] == Value::Bool(false) {
                lists.insert(schema["properties"].as_object().unwrap().keys().cloned().collect());
            }
            entries.values().for_each(|below| collect(below, lists));
        }
        Value::Array(items) => items.iter().for_each(|below| collect(below, lists)),
        _ => {}
    }
}

fn set(words: &[&str]) -> Keys {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn the_schema_has_the_keys_of_the_parser() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/playbook.json"));
    let schema: Value = serde_json::from_str(&text.unwrap()).unwrap();
    let mut lists = BTreeSet::new();
    collect(&schema, &mut lists);
    let mut known = lists_of_the_parser();
    assert!(known.len() > 20, "{known:?}");
    // Rows are known by their columns, and agents' passwords have two of the places of a secret.
    known.insert(set(&["device", "device_profile", "extension", "id", "manage", "user"]));
    known.insert(set(&["device", "device_profile", "manage"]));
    known.insert(set(&["command", "file"]));
    let missing: Vec<_> = known.difference(&lists).collect();
    let unknown: Vec<_> = lists.difference(&known).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "not in the schema: {missing:?}; not in the parser: {unknown:?}"
    );
}

#[test]
fn every_playbook_names_the_schema() {
    let playbooks = files(&["playbooks"]);
    let playbooks = playbooks.iter().filter(|(path, text)| {
        let is_yaml = Path::new(path).extension().is_some_and(|extension| extension == "yaml");
        is_yaml && !path.contains("/ci/") && text.contains("version: 1")
    });
    let mut number = 0;
    for (path, text) in playbooks {
        let first = text.lines().next().unwrap();
        assert_eq!(first, "# yaml-language-server: $schema=../schemas/playbook.json", "{path}");
        number += 1;
    }
    assert!(number >= 8, "{number}");
}
