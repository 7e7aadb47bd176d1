//! docs/playbook.md: every key of a playbook, from its schema, with the part of playbooks/reference.yaml that explains it.

use serde_json::Value;

const OPENING: &str = "# Every key of a playbook

Written from [schemas/playbook.json](../schemas/playbook.json) and [playbooks/reference.yaml](../playbooks/reference.yaml) by `just generate`, and held
against them by a test. An unknown key, a key given twice and a wrong type are mistakes, shown with file, line and column. Paths are taken
from the playbook's folder. What stands in an example is the default, or one of the words that may stand there.
";

/// A key as the table has it.
struct Key {
    path: String,
    is_required: bool,
    takes: String,
    says: String,
}

/// The node that a `$ref` means.
fn resolved<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    let reference = node["allOf"][0]["$ref"].as_str().or_else(|| node["$ref"].as_str());
    match reference.and_then(|reference| reference.strip_prefix('#')) {
        Some(place) => schema.pointer(place).unwrap(),
        None => node,
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What may stand there, in words.
fn takes(schema: &Value, node: &Value) -> String {
    let of_words = |words: &Vec<Value>| {
        // A number and the same number in quotes are one word; none is what an empty cell is.
        let mut words: Vec<String> =
            words.iter().filter(|value| !value.is_null() && **value != "").map(word).collect();
        words.dedup();
        let mut once: Vec<String> = Vec::new();
        for word in words {
            if !once.contains(&word) {
                once.push(word);
            }
        }
        once.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    };
    if let Some(words) = node["enum"].as_array() {
        return of_words(words);
    }
    for (name, plain) in [
        ("secret", "a place of a secret"),
        ("account", "an account"),
        ("node", "a node"),
        ("hosts", "a host, or a list"),
        ("service", "a service"),
    ] {
        if schema["definitions"].get(name).is_some_and(|known| std::ptr::eq(known, node)) {
            return plain.to_owned();
        }
    }
    if let Some(ways) = node["anyOf"].as_array() {
        return ways
            .iter()
            .map(|way| takes(schema, resolved(schema, way)))
            .collect::<Vec<_>>()
            .join(", or ");
    }
    let range = match (node.get("minimum"), node.get("maximum")) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", {least} or more"),
        _ => String::new(),
    };
    let kind = match &node["type"] {
        Value::Array(_) => "text".to_owned(),
        kind => word(kind),
    };
    match kind.as_str() {
        "integer" => format!("a number{range}"),
        "boolean" => "`true`, `false`".to_owned(),
        "array" => format!("a list of: {}", takes(schema, resolved(schema, &node["items"]))),
        "object" => "a section".to_owned(),
        _ => "text".to_owned(),
    }
}

/// This key and all below it; a definition that many use is told once, apart.
fn collect(schema: &Value, path: &str, node: &Value, is_required: bool, into: &mut Vec<Key>) {
    let inner = resolved(schema, node);
    let mut says = word(node.get("description").unwrap_or(&inner["description"]));
    if let Some(default) = node.get("default") {
        says.extend([format!(" Default: `{}`.", word(default))]);
    }
    into.push(Key { path: path.to_owned(), is_required, takes: takes(schema, inner), says });
    if std::ptr::eq(inner, node) {
        below(schema, path, inner, into);
    }
}

fn below(schema: &Value, path: &str, node: &Value, into: &mut Vec<Key>) {
    let required = |key: &String| {
        node["required"].as_array().is_some_and(|keys| keys.iter().any(|k| k.as_str() == Some(key)))
    };
    for (key, value) in node["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        collect(schema, &path, value, required(key), into);
    }
    let items = std::iter::once(node).chain(node["anyOf"].as_array().into_iter().flatten());
    for item in items.filter_map(|way| way.get("items")) {
        let item = resolved(schema, item);
        if item["properties"].is_object() {
            below(schema, &format!("{path}[]"), item, into);
        }
    }
    for way in
        node["anyOf"].as_array().into_iter().flatten().filter(|way| way["properties"].is_object())
    {
        below(schema, path, way, into);
    }
    if node["additionalProperties"]["properties"].is_object() {
        below(schema, &format!("{path}.NAME"), &node["additionalProperties"], into);
    }
}

/// The lines of the reference playbook about this key: what stands above it, and the section itself.
fn example<'a>(reference: &'a str, key: &str) -> Vec<&'a str> {
    let lines: Vec<&str> = reference.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with(&format!("{key}:")))
        .unwrap_or_else(|| panic!("{key} is not in the reference"));
    let comment =
        |line: &&&str| line.starts_with('#') && !line.starts_with("# yaml-language-server");
    let above = lines[..at].iter().rev().take_while(comment).count();
    let inside = |line: &&&str| line.is_empty() || line.starts_with([' ', '-']);
    let length = lines[at + 1..].iter().take_while(inside).count();
    let mut own = lines[at - above..=at + length].to_vec();
    while own.last().is_some_and(|line| line.is_empty()) {
        own.pop();
    }
    own
}

fn table(keys: &[Key]) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;");
    let mut text = "| key | takes | what it says |\n|---|---|---|\n".to_owned();
    for key in keys {
        let required = if key.is_required { " (required)" } else { "" };
        let (takes, says) = (cell(&key.takes), cell(&key.says));
        text.extend([format!("| `{}`{required} | {takes} | {says} |\n", key.path)]);
    }
    text
}

/// The page.
pub(super) fn drawn(schema: &Value, reference: &str) -> String {
    // In the order of the reference.
    let mut sections: Vec<(&String, &Value)> =
        schema["properties"].as_object().unwrap().iter().collect();
    let place = |key: &str| reference.lines().position(|line| line.starts_with(&format!("{key}:")));
    sections.sort_by_key(|(key, _)| place(key));
    let required = |key: &str| schema["required"].as_array().unwrap().iter().any(|k| k == key);
    let mut page = OPENING.to_owned();
    let names = |wanted: bool| {
        let names = sections.iter().filter(|(key, _)| required(key) == wanted);
        names.map(|(key, _)| format!("[`{key}`](#{key})")).collect::<Vec<_>>().join(", ")
    };
    let (wanted, others) = (names(true), names(false));
    page.extend([format!("\nRequired: {wanted}. All others may be left out: {others}.\n")]);
    for (key, node) in sections {
        let mut keys = Vec::new();
        collect(schema, key, node, required(key), &mut keys);
        page.extend([format!(
            "\n## {key}\n\n{}\n```yaml\n{}\n```\n",
            table(&keys),
            example(reference, key).join("\n")
        )]);
    }
    for (title, name) in [
        ("An account", "account"),
        ("A place of a secret", "secret"),
        ("A node", "node"),
        ("A service", "service"),
        ("Hosts", "hosts"),
    ] {
        let node = &schema["definitions"][name];
        let mut keys = Vec::new();
        below(schema, "", node, &mut keys);
        page.extend([format!("\n## {title}\n\n{}\n", word(&node["description"]))]);
        if !keys.is_empty() {
            page.extend([format!("\n{}", table(&keys))]);
        }
    }
    page
}
