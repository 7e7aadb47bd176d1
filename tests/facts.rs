//! `docs/facts-we-rely-on.md` held to the code: its form, its sources, its references, and that nothing uncertain is
//! relied on. Each rule is shown to fail on a row that breaks it.

use std::collections::{BTreeMap, BTreeSet};

use ippactl::sandbox::questions;
use serde_json::Value;

use crate::source::{Source, files, sources};

const DOCUMENT: &str = "docs/facts-we-rely-on.md";
const FACTS: [&str; 4] = ["fact", "sure, source", "in the code", "if it proves false"];
const MARKS: [&str; 3] = ["mark", "meaning", "the code"];
const SOURCES: [&str; 2] = ["key", "document"];

/// Marks that name a document by a key.
const WITH_KEY: [&str; 2] = ["D", "C"];
/// Marks that are keys themselves.
const SCHEMAS: [&str; 3] = ["S", "S7", "S9"];
const UNCERTAIN: &str = "U";

/// What keeps an uncertain fact from being relied on.
const HANDLED: [&str; 5] = ["setting", "probe", "read back", "operator", "not used"];
const QUESTION: &str = "question";

/// One fact.
struct Row {
    line: usize,
    cells: Vec<String>,
}

/// The document, read.
#[derive(Default)]
struct Document {
    rows: Vec<Row>,
    sources: BTreeSet<String>,
    wrong: Vec<String>,
}

/// What the document speaks of.
struct World {
    code: BTreeMap<String, Source>,
    playbook: Value,
    questions: BTreeSet<String>,
}

type Rule = fn(&Row, &Document, &World) -> Vec<String>;

/// Every rule over one row.
const RULES: [Rule; 6] = [cells, marks, code, handled, references, codes];

impl Document {
    fn read(text: &str) -> Self {
        let mut document = Self::default();
        let mut head: Option<Vec<String>> = None;
        for (index, line) in text.lines().enumerate() {
            let Some(inside) = line.strip_prefix('|') else {
                head = None;
                continue;
            };
            let inside = inside.trim_end().strip_suffix('|').unwrap_or(inside);
            let cells: Vec<String> = inside.split('|').map(|cell| cell.trim().to_owned()).collect();
            match &head {
                None => head = Some(cells),
                Some(_) if cells.iter().all(|cell| cell.chars().all(|c| c == '-')) => {}
                Some(head) if *head == FACTS => {
                    document.rows.push(Row { line: index + 1, cells });
                }
                Some(head) if *head == SOURCES => {
                    document.sources.extend(cells[0].split(", ").map(str::to_owned));
                }
                Some(head) if *head == MARKS => {}
                Some(_) => document.wrong.push(format!("{DOCUMENT}:{}: another table", index + 1)),
            }
        }
        document
    }

    fn judge(&self, world: &World) -> Vec<String> {
        let rows = self.rows.iter().flat_map(|row| {
            let found = RULES.iter().flat_map(|rule| rule(row, self, world));
            found.map(|why| format!("{DOCUMENT}:{}: {why}", row.line)).collect::<Vec<_>>()
        });
        let own = self.wrong.iter().cloned();
        own.chain(rows).chain(unused(self)).chain(unnamed(self, world)).collect()
    }
}

impl World {
    fn of_this_package() -> Self {
        let code = sources(&["src"]).into_iter().map(|source| (source.path.clone(), source));
        let reference = files(&["playbooks/reference.yaml"]);
        Self {
            code: code.collect(),
            playbook: serde_saphyr::from_str(&reference[0].1).unwrap(),
            questions: questions::all().map(|question| question.id.to_owned()).collect(),
        }
    }

    /// Whether this text stands in a file of these areas.
    fn has(&self, areas: &[&str], text: &str) -> bool {
        let mut of = self.code.values().filter(|source| areas.contains(&source.area()));
        of.any(|source| source.text.contains(text))
    }
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Marks of a row, each with its keys.
fn marks_of(row: &Row) -> Vec<(&str, Vec<&str>)> {
    let cell = row.cells.get(1).map_or("", String::as_str);
    let parts = cell.split(" · ").map(|part| part.split_once(' ').unwrap_or((part, "")));
    parts
        .map(|(mark, keys)| (mark, keys.split(", ").filter(|key| !key.is_empty()).collect()))
        .collect()
}

/// `word: reference` at the end of a row, in the order written.
fn ends(row: &Row) -> Vec<(&str, Vec<&str>)> {
    let cell = row.cells.last().map_or("", String::as_str);
    let parts =
        cell.split("; ").filter_map(|part| part.split_once(": `").map(|(word, _)| (word, part)));
    let known = |word: &str| HANDLED.contains(&word) || word == QUESTION;
    parts.filter(|(word, _)| known(word)).map(|(word, part)| (word, quoted(part))).collect()
}

fn cells(row: &Row, _: &Document, _: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    if row.cells.len() != FACTS.len() {
        wrong.push(format!("{} cells instead of {}", row.cells.len(), FACTS.len()));
    }
    if row.cells.iter().any(String::is_empty) {
        wrong.push("an empty cell".to_owned());
    }
    wrong
}

fn marks(row: &Row, document: &Document, _: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for (mark, keys) in marks_of(row) {
        let with_key = WITH_KEY.contains(&mark);
        if !with_key && !SCHEMAS.contains(&mark) && mark != UNCERTAIN {
            wrong.push(format!("'{mark}' is no mark"));
        } else if with_key == keys.is_empty() {
            wrong.push(format!("mark {mark} with {} sources", keys.len()));
        }
        let unknown = keys.into_iter().filter(|key| !document.sources.contains(*key));
        wrong.extend(unknown.map(|key| format!("source {key} is not among the sources")));
    }
    wrong
}

fn code(row: &Row, _: &Document, world: &World) -> Vec<String> {
    let cell = row.cells.get(2).map_or("", String::as_str);
    let references = quoted(cell);
    if references.is_empty() || references.iter().any(|text| !text.starts_with("src/")) {
        return vec!["the code is not named by src/….rs or src/….rs::item".to_owned()];
    }
    references.into_iter().filter_map(|text| missing(text, world)).collect()
}

/// Why a reference names nothing.
fn missing(reference: &str, world: &World) -> Option<String> {
    let (path, item) = reference.split_once("::").map_or((reference, None), |(p, i)| (p, Some(i)));
    let Some(source) = world.code.get(path) else { return Some(format!("{path} does not exist")) };
    let item = item?;
    (!defines(&source.production, item)).then(|| format!("{path} has no {item}"))
}

/// Whether the code defines an item or a variant of this name. Relies on rustfmt, as `source` does.
fn defines(code: &str, item: &str) -> bool {
    const WORDS: [&str; 7] = ["fn", "struct", "enum", "const", "static", "type", "trait"];
    let mut inside = None;
    for line in code.lines() {
        let indent = line.len() - line.trim_start().len();
        let words: Vec<&str> = line
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .collect();
        let named = |pair: &[&str]| WORDS.contains(&pair[0]) && pair[1] == item;
        if words.windows(2).any(named) {
            return true;
        }
        if inside.is_some_and(|outer| indent == outer + 4) && words.first() == Some(&item) {
            return true;
        }
        if words.contains(&"enum") && line.ends_with('{') {
            inside = Some(indent);
        } else if inside == Some(indent) && line.trim_start().starts_with('}') {
            inside = None;
        }
    }
    false
}

fn handled(row: &Row, _: &Document, _: &World) -> Vec<String> {
    let uncertain = marks_of(row).iter().any(|(mark, _)| *mark == UNCERTAIN);
    let ends = ends(row);
    let held = ends.iter().any(|(word, of)| HANDLED.contains(word) && !of.is_empty());
    let bare = uncertain && !held;
    bare.then(|| format!("uncertain, and none of {}", HANDLED.join(", "))).into_iter().collect()
}

fn references(row: &Row, _: &Document, world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for (word, of) in ends(row) {
        for reference in of {
            let why = match word {
                "setting" => {
                    let pointer = format!("/{}", reference.replace('.', "/"));
                    let there = world.playbook.pointer(&pointer).is_some();
                    (!there).then(|| "no such key in playbooks/reference.yaml".to_owned())
                }
                "operator" => no_step(reference, world),
                "not used" => used(reference, world),
                QUESTION => {
                    let known = world.questions.contains(reference);
                    (!known).then(|| "the sandbox has no such question".to_owned())
                }
                _ if reference.contains("::") => missing(reference, world),
                _ => Some("no code item".to_owned()),
            };
            wrong.extend(why.map(|why| format!("{word} {reference}: {why}")));
        }
    }
    wrong
}

/// `id`, or `kind-<what>` for ids that are made of names.
fn no_step(id: &str, world: &World) -> Option<String> {
    let literal = match id.split_once('<') {
        Some((kind, _)) => format!("\"{kind}{{"),
        None => format!("\"{id}\""),
    };
    let there = world.has(&["planner", "resources"], &literal);
    (!there).then(|| "no step for a person has this id".to_owned())
}

/// A word of an interface that the sandbox plays and nothing that speaks to a real server has.
fn used(text: &str, world: &World) -> Option<String> {
    if world.has(&["clients", "engine", "planner", "resources"], text) {
        return Some("it is used".to_owned());
    }
    (!world.has(&["sandbox"], text)).then(|| "the sandbox does not know it either".to_owned())
}

/// Codes of errors, findings and steps that a row promises.
fn codes(row: &Row, _: &Document, world: &World) -> Vec<String> {
    let cell = row.cells.last().map_or("", String::as_str);
    let promised = cell.split("; ").filter(|part| !part.starts_with(QUESTION)).flat_map(quoted);
    let code = |text: &&str| {
        text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let areas = ["clients", "engine", "planner", "resources", "lint", "cli", "playbook"];
    let known = |text: &&str| world.has(&areas, &format!("\"{text}\""));
    let used =
        |text: &&str| ends(row).iter().any(|(word, of)| *word == "not used" && of.contains(text));
    let wrong = promised.filter(code).filter(|text| !known(text) && !used(text));
    wrong.map(|text| format!("`{text}` is no code of an error, a finding or a step")).collect()
}

fn unused(document: &Document) -> Vec<String> {
    let mut used = BTreeSet::new();
    for (mark, keys) in document.rows.iter().flat_map(marks_of) {
        used.extend(keys);
        used.extend(SCHEMAS.contains(&mark).then_some(mark));
    }
    let unused = document.sources.iter().filter(|key| !used.contains(key.as_str()));
    unused.map(|key| format!("{DOCUMENT}: no row names source {key}")).collect()
}

fn unnamed(document: &Document, world: &World) -> Vec<String> {
    let all = document.rows.iter().flat_map(ends);
    let named: BTreeSet<&str> =
        all.filter(|(word, _)| *word == QUESTION).flat_map(|(_, of)| of).collect();
    let unnamed = world.questions.iter().filter(|id| !named.contains(id.as_str()));
    unnamed.map(|id| format!("{DOCUMENT}: no row names question {id}")).collect()
}

#[test]
fn every_fact_has_a_source_a_place_and_what_happens_if_it_is_false() {
    let text = files(&[DOCUMENT]).remove(0).1;
    let document = Document::read(&text);
    assert!(document.rows.len() > 100, "{} rows", document.rows.len());
    let wrong = document.judge(&World::of_this_package());
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// A small world, a document of these rows, and what is wrong with it.
fn judged(rows: &[&str]) -> Vec<String> {
    let client = "/// Faults.\npub enum Fault {\n    /// Absent.\n    NotFound,\n}\n\
                  fn ask(what: &str) {\n    say(\"axl-fault\")\n}\n\
                  #[cfg(test)]\nmod tests {\n    fn only_in_a_test() {}\n}\n";
    let plan = "const STEP: &str = \"by-hand\";\nfn id() { format!(\"subscription-{}\", 1) }\n";
    let sandbox = "const PATH: &str = \"/certmgr\"; const SHELL: &str = \"say\";\n";
    let code = [
        ("src/clients/axl.rs", client),
        ("src/planner/step.rs", plan),
        ("src/sandbox/web.rs", sandbox),
    ];
    let world = World {
        code: code.iter().map(|(p, text)| ((*p).to_owned(), Source::new(p, text))).collect(),
        playbook: serde_json::json!({"dialect": {"url_separator": "auto"}}),
        questions: BTreeSet::from(["axl-1".to_owned()]),
    };
    let head = format!("| {} |\n|---|---|---|---|\n", FACTS.join(" | "));
    let sources =
        "\n| key | document |\n|---|---|\n| S | the schema |\n| guide, code | a guide; code |\n";
    let all = "| all | S · D guide · C code | `src/clients/axl.rs` | told; question: `axl-1` |";
    let rows = [&[all], rows].concat().join("\n");
    Document::read(&format!("{head}{rows}\n{sources}")).judge(&world)
}

#[test]
fn good_rows_pass() {
    let good = [
        "| a | S | `src/clients/axl.rs::ask`, `src/clients/axl.rs::Fault` | `axl-fault`, and `by-hand` |",
        "| b | U | `src/clients/axl.rs::NotFound` | told; setting: `dialect.url_separator` |",
        "| c | D guide · U | `src/clients/axl.rs` | told; probe: `src/clients/axl.rs::ask` |",
        "| d | U | `src/clients/axl.rs` | told; read back: `src/clients/axl.rs::ask` |",
        "| e | U | `src/clients/axl.rs` | told; operator: `by-hand`, `subscription-<device>` |",
        "| f | U | `src/clients/axl.rs` | told; not used: `certmgr`; question: `axl-1` |",
    ];
    assert_eq!(judged(&good), Vec::<String>::new());
}

#[test]
fn each_rule_can_fail() {
    for (row, why) in [
        ("| a |  | `src/clients/axl.rs` | told |", "an empty cell"),
        ("| a | S | `src/clients/axl.rs` |  |", "an empty cell"),
        ("| a | S | `src/clients/axl.rs` |", "3 cells"),
        ("| a | X | `src/clients/axl.rs` | told |", "'X' is no mark"),
        ("| a | D | `src/clients/axl.rs` | told |", "mark D with 0 sources"),
        ("| a | S guide | `src/clients/axl.rs` | told |", "mark S with 1 sources"),
        ("| a | D book | `src/clients/axl.rs` | told |", "source book is not among"),
        ("| a | S | somewhere | told |", "the code is not named"),
        ("| a | S | `axl.rs` | told |", "the code is not named"),
        ("| a | S | `src/clients/gone.rs` | told |", "does not exist"),
        ("| a | S | `src/clients/axl.rs::say` | told |", "has no say"),
        ("| a | S | `src/clients/axl.rs::only_in_a_test` | told |", "has no only_in_a_test"),
        ("| a | U | `src/clients/axl.rs` | told |", "uncertain, and none of"),
        (
            "| a | S · U | `src/clients/axl.rs` | told; question: `axl-1` |",
            "uncertain, and none of",
        ),
        ("| a | U | `src/clients/axl.rs` | told; hope: `src/clients/axl.rs::ask` |", "uncertain"),
        ("| a | U | `src/clients/axl.rs` | told; setting: `dialect.gone` |", "no such key"),
        ("| a | U | `src/clients/axl.rs` | told; probe: `src/clients/axl.rs` |", "no code item"),
        (
            "| a | U | `src/clients/axl.rs` | told; read back: `src/clients/axl.rs::no` |",
            "has no no",
        ),
        ("| a | U | `src/clients/axl.rs` | told; operator: `gone` |", "no step for a person"),
        ("| a | U | `src/clients/axl.rs` | told; operator: `gone-<x>` |", "no step for a person"),
        ("| a | U | `src/clients/axl.rs` | told; not used: `say` |", "it is used"),
        ("| a | U | `src/clients/axl.rs` | told; not used: `paws` |", "does not know it"),
        ("| a | S | `src/clients/axl.rs` | told; question: `axl-2` |", "no such question"),
        ("| a | S | `src/clients/axl.rs` | `axl-gone` |", "is no code of an error"),
    ] {
        let wrong = judged(&[row]);
        assert!(wrong.iter().any(|found| found.contains(why)), "{row}: {wrong:?}");
    }
}

#[test]
fn a_source_or_a_question_that_no_row_names_is_found() {
    let world = World {
        code: BTreeMap::new(),
        playbook: Value::Null,
        questions: BTreeSet::from(["axl-1".to_owned()]),
    };
    let document = Document::read("| key | document |\n|---|---|\n| guide | a guide |\n");
    let wrong = document.judge(&world).join("\n");
    assert!(wrong.contains("no row names source guide"), "{wrong}");
    assert!(wrong.contains("no row names question axl-1"), "{wrong}");
}

#[test]
fn a_table_of_another_form_is_found() {
    let document = Document::read("| fact | source |\n|---|---|\n| a | S |\n");
    assert!(document.rows.is_empty() && document.wrong.len() == 1, "{:?}", document.wrong);
}
