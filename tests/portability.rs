//! What one platform alone has stands where only that platform compiles it, and each other platform has its counterpart or a
//! reason why it needs none. Read from the source: .ci/run compiles for its own platform alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, files, sources};

/// A platform, as `cfg` sees it: family and system.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Platform(&'static str, &'static str);

const PLATFORMS: [Platform; 4] = [
    Platform("unix", "linux"),
    Platform("unix", "macos"),
    Platform("unix", "freebsd"),
    Platform("windows", "windows"),
];

/// What stands for some platforms and has no counterpart: file, what, and why none is needed.
const ALONE: &[(&str, &str, &str)] = &[
    ("src/sandbox/state/mod.rs", "in on_disk", MODE),
    ("src/engine/journal.rs", "in create_folder", MODE),
    (
        "src/engine/journal.rs",
        "in begin",
        "NTFS journals the entry of a file with the file; a folder cannot be opened to be synced",
    ),
    ("src/engine/capture/folder.rs", "in write", MODE),
    ("src/engine/capture/folder.rs", "in prepared", MODE),
    ("src/engine/remembered.rs", "in owner_only", MODE),
    ("src/cli/connect/files.rs", "in private_folder", MODE),
    ("src/cli/connect/files.rs", "in replace_private", MODE),
    ("src/cli/connect/files.rs", "in private_lock", MODE),
    ("src/cli/events.rs", "in create", MODE),
    ("src/cli/core_dumps.rs", "in off", "elsewhere there is no such limit, as its comment says"),
    (
        "src/cli/connect/terminal.rs",
        "in forget_what_was_typed",
        "without it nothing is forgotten; what is asked is shown before it is read all the same",
    ),
    ("src/cli/connect/terminal.rs", "before", "Windows changes no mode, so none is put back"),
    ("src/cli/connect/terminal.rs", "in drop", "Windows changes no mode, so none is put back"),
    ("src/cli/sso/exec.rs", "LONGEST", "used by the pipe of Unix; Windows refuses pipes"),
    ("src/cli/sso/exec.rs", "in code", "elsewhere a process is ended by a code, not by a signal"),
];

const MODE: &str = "Windows has no such bits: a file takes its folder's rights, and the user's folders are private";

/// Something under a `cfg` that names platforms.
struct Gate {
    /// The item's name, or `in NAME` of the function around it.
    what: String,
    /// Lines from the attribute to the end of what it stands on, from 0.
    lines: std::ops::Range<usize>,
    /// Where it is compiled.
    holds: BTreeSet<Platform>,
}

/// Whether a condition holds. Features and tests may be on: what matters is the platform.
fn holds(condition: &str, platform: Platform) -> bool {
    let condition = condition.trim();
    let inside = |name: &str| {
        condition.strip_prefix(name)?.trim_start().strip_prefix('(')?.strip_suffix(')')
    };
    if let Some(inner) = inside("not") {
        let named = ["unix", "windows", "target_os"].iter().any(|name| inner.contains(name));
        return !named || !holds(inner, platform);
    }
    if let Some(inner) = inside("all") {
        return parts(inner).iter().all(|part| holds(part, platform));
    }
    if let Some(inner) = inside("any") {
        return parts(inner).iter().any(|part| holds(part, platform));
    }
    match condition.split_once('=').map(|(key, value)| (key.trim(), value.trim().trim_matches('"')))
    {
        Some(("target_os", system)) => system == platform.1,
        Some(("target_family", family)) => family == platform.0,
        _ => !["unix", "windows"].contains(&condition) || condition == platform.0,
    }
}

/// The parts of a list, whose commas inside brackets do not count.
fn parts(list: &str) -> Vec<&str> {
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, char) in list.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(&list[from..]);
    found.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

fn compiled(condition: &str) -> BTreeSet<Platform> {
    PLATFORMS.into_iter().filter(|platform| holds(condition, *platform)).collect()
}

fn everywhere() -> BTreeSet<Platform> {
    PLATFORMS.into()
}

/// The name of an item, or of a field, that begins on this line.
fn name_of(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let item =
        |word: &&str| ["fn", "mod", "const", "static", "struct", "enum", "use"].contains(word);
    let field = line.trim_end().ends_with(',') && line.contains(": ");
    let at = words.iter().position(item);
    at.and_then(|at| words.get(at + 1).filter(|_| !line.trim_start().starts_with("let ")))
        .or_else(|| field.then(|| words.iter().find(|word| !word.is_empty())).flatten())
        .map(|name| (*name).to_owned())
}

/// Everything under such a condition. Relies on rustfmt: what begins at a column ends with a bracket there, or with its line.
fn gates(source: &Source) -> Vec<Gate> {
    let code: Vec<&str> = source.code.lines().collect();
    let text: Vec<&str> = source.text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for at in 0..code.len() {
        let attribute = code[at].trim_start();
        let whole = attribute.starts_with("#![cfg(");
        if !whole && !attribute.starts_with("#[cfg(") {
            continue;
        }
        let condition =
            text[at].trim().split_once("cfg(").and_then(|(_, rest)| rest.strip_suffix(")]"));
        let holds = condition.map_or_else(everywhere, compiled);
        if holds.len() == PLATFORMS.len() {
            continue;
        }
        if whole {
            found.push(Gate { what: "the file".to_owned(), lines: 0..code.len(), holds });
            continue;
        }
        let subject = (at + 1..code.len()).find(|at| !code[*at].trim_start().starts_with("#["));
        let subject = subject.unwrap_or(at);
        let column = indent(code[subject]);
        let ends = |line: &str| indent(line) <= column && !line.trim().is_empty();
        let last = |line: &&str| ends(line) && line.trim_start().starts_with(['}', ')']);
        let open = code[subject].trim_end().ends_with(['{', '(', '[', '=']);
        // A chain goes on further in.
        let goes_on = code.get(subject + 1).is_some_and(|line| !ends(line));
        let rest = &code[subject + 1..];
        let end = if open {
            rest.iter().position(last).map_or(code.len(), |n| subject + n + 2)
        } else if goes_on && !code[subject].trim_end().ends_with([';', ',']) {
            rest.iter().position(|line| ends(line)).map_or(code.len(), |n| subject + n + 1)
        } else {
            subject + 1
        };
        let around = || {
            let before = code[..at].iter().rev().filter(|line| !line.trim().is_empty());
            let mut outer = before.filter(|line| indent(line) < column && line.contains("fn "));
            outer.next().and_then(|line| name_of(line)).unwrap_or_default()
        };
        let what = name_of(code[subject]).unwrap_or_else(|| format!("in {}", around()));
        found.push(Gate { what, lines: at..end, holds });
    }
    found
}

/// What has no counterpart and no reason.
fn one_sided(source: &Source, alone: &[(&str, &str, &str)]) -> Vec<String> {
    let mut covered: BTreeMap<String, BTreeSet<Platform>> = BTreeMap::new();
    for gate in gates(source) {
        // What is for tests runs where it can.
        let line = |of: &str| of.lines().nth(gate.lines.start).unwrap_or_default().to_owned();
        let tests = line(&source.production).trim().is_empty();
        if !tests && !line(&source.text).contains("(test") {
            covered.entry(gate.what).or_default().extend(gate.holds);
        }
    }
    let excused =
        |what: &str| alone.iter().any(|(path, name, _)| *path == source.path && *name == what);
    let lacks = |(what, on): (String, BTreeSet<Platform>)| {
        let missing: Vec<_> = everywhere().difference(&on).map(|platform| platform.1).collect();
        let told = format!("{}: {what} is not there on {}", source.path, missing.join(", "));
        (!missing.is_empty() && !excused(&what)).then_some(told)
    };
    covered.into_iter().filter_map(lacks).collect()
}

/// What belongs to some platforms: a beginning of a path in code, and the condition. Crates as Cargo.toml has them.
fn bound(manifest: &str) -> Vec<(String, BTreeSet<Platform>)> {
    let known = [
        ("std::os::unix", "unix"),
        ("std::os::fd", "unix"),
        ("tokio::signal::unix", "unix"),
        ("std::os::linux", "target_os = \"linux\""),
        ("std::os::windows", "windows"),
        ("tokio::signal::windows", "windows"),
        ("set_dumpable_behavior", "target_os = \"linux\""),
    ];
    let own = |(path, condition): (&str, &str)| (path.to_owned(), compiled(condition));
    let mut found: Vec<_> = known.map(own).into();
    let mut condition = None;
    for line in manifest.lines() {
        if line.starts_with('[') {
            let target = line.strip_prefix("[target.'cfg(").and_then(|rest| rest.split_once(")'."));
            condition = target.map(|(condition, _)| condition);
        } else if let (Some(condition), Some((name, _))) = (condition, line.split_once(" = ")) {
            found.push((format!("{}::", name.replace('-', "_")), compiled(condition)));
        }
    }
    found
}

/// What a platform compiles and does not have. `around` is where the whole file is compiled.
fn unguarded(
    source: &Source,
    around: &BTreeSet<Platform>,
    bound: &[(String, BTreeSet<Platform>)],
) -> Vec<String> {
    let gates = gates(source);
    let mut wrong = Vec::new();
    for (number, line) in source.code.lines().enumerate() {
        let inside = gates.iter().filter(|gate| gate.lines.contains(&number));
        let on = inside.fold(around.clone(), |on, gate| &on & &gate.holds);
        for (path, there) in bound {
            let whole = |(at, _): (usize, &str)| {
                !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            };
            if line.match_indices(path.as_str()).any(whole) && !on.is_subset(there) {
                let where_not = on.difference(there).map(|platform| platform.1).collect::<Vec<_>>();
                wrong.push(format!(
                    "{}:{}: no {path} on {}",
                    source.path,
                    number + 1,
                    where_not.join(", ")
                ));
            }
        }
    }
    wrong
}

/// Where each file is compiled: the condition on its `mod` line, or on that of a module around it.
fn where_compiled(all: &[Source]) -> impl Fn(&str) -> BTreeSet<Platform> {
    let mut folders = Vec::new();
    for source in all {
        let stem = source.path.trim_end_matches(".rs");
        let root = ["/mod", "/lib", "/main"].iter().find_map(|name| stem.strip_suffix(name));
        let folder = root.unwrap_or(stem).to_owned();
        for gate in gates(source) {
            let subject = source.code.lines().skip(gate.lines.start + 1).take(gate.lines.len());
            if subject.into_iter().any(|line| line.contains(&format!("mod {};", gate.what))) {
                folders.push((format!("{folder}/{}", gate.what), gate.holds));
            }
        }
        // What stands above a whole file counts for the folder that it is the root of.
        let whole = gates(source).into_iter().find(|gate| gate.what == "the file");
        folders.extend(whole.map(|gate| (folder, gate.holds)));
    }
    move |path| {
        let of = |folder: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(['/', '.']))
        };
        folders
            .iter()
            .filter(|(folder, _)| of(folder))
            .fold(everywhere(), |on, (_, holds)| &on & holds)
    }
}

/// Paths and programs that some systems have no such thing as, in what is no test.
fn foreign(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = source.production.lines().zip(source.text.lines()).enumerate();
    for (number, (_, text)) in lines.filter(|(_, (code, _))| !code.trim().is_empty()) {
        for place in [
            "\"/dev/", "\"/proc/", "\"/tmp", "\"/etc/", "\"/bin/", "\"/usr/", "\"/var/", "(\"sh\")",
        ] {
            // A node's file system in the sandbox is none of this machine's.
            if text.contains(place) && source.area() != "sandbox" {
                wrong.push(format!(
                    "{}:{}: {place} is not on every system",
                    source.path,
                    number + 1
                ));
            }
        }
        let home = text.contains("\"HOME\"") && source.area() != "sandbox";
        if home && !["USERPROFILE", "LOCALAPPDATA"].iter().any(|name| source.text.contains(name)) {
            wrong.push(format!("{}:{}: Windows has no HOME", source.path, number + 1));
        }
    }
    wrong
}

fn manifest() -> String {
    files(&["Cargo.toml"]).remove(0).1
}

#[test]
fn every_platform_has_what_one_has() {
    let all = sources(&["src"]);
    assert!(
        all.iter().map(|source| gates(source).len()).sum::<usize>() > 20,
        "no conditions found"
    );
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|source| [one_sided(source, ALONE), foreign(source)].concat())
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_platform_compiles_what_it_does_not_have() {
    let (all, bound) = (sources(&["src", "tests", "benches"]), bound(&manifest()));
    assert!(bound.iter().any(|(path, _)| path == "rustix::"), "Cargo.toml was not understood");
    let around = where_compiled(&all);
    let wrong: Vec<String> =
        all.iter().flat_map(|source| unguarded(source, &around(&source.path), &bound)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_excuse_is_needed_and_says_why() {
    let all = sources(&["src"]);
    let bare: Vec<String> = all.iter().flat_map(|source| one_sided(source, &[])).collect();
    for (path, what, why) in ALONE {
        let begins = format!("{path}: {what} is not there");
        assert!(
            why.len() > 20 && bare.iter().any(|wrong| wrong.starts_with(&begins)),
            "{path}: {what}"
        );
    }
}

#[test]
fn each_rule_can_fail() {
    let lacking = |text: &str| one_sided(&Source::new("src/engine/x.rs", text), &[]).len();
    let half = "#[cfg(unix)]\nfn a() {\n    1;\n}\n";
    assert_eq!(lacking(half), 1);
    assert_eq!(lacking(&format!("{half}#[cfg(not(unix))]\nfn a() {{\n}}\n")), 0);
    assert_eq!(lacking(&format!("{half}#[cfg(windows)]\nfn a() {{}}\n")), 0);
    assert_eq!(lacking(&format!("{half}#[cfg(windows)]\nfn b() {{}}\n")), 2);
    assert_eq!(
        lacking("#[cfg(target_os = \"linux\")]\nfn a() {}\n#[cfg(windows)]\nfn a() {}\n"),
        1
    );
    let rest = "#[cfg(not(any(target_os = \"linux\", windows)))]\nfn a() {}\n";
    assert_eq!(
        lacking(&format!(
            "#[cfg(target_os = \"linux\")]\nfn a() {{}}\n#[cfg(windows)]\nfn a() {{}}\n{rest}"
        )),
        0
    );
    assert_eq!(lacking("fn f() {\n    #[cfg(unix)]\n    x.mode(1);\n}\n"), 1);
    assert_eq!(lacking("struct S {\n    #[cfg(unix)]\n    field: u8,\n}\n"), 1);
    assert_eq!(
        lacking("#[cfg(all(test, unix))]\nmod tests;\n#[cfg(feature = \"x\")]\nfn f() {}\n"),
        0
    );

    let bound = bound(&manifest());
    let wrong =
        |text: &str| unguarded(&Source::new("src/engine/x.rs", text), &everywhere(), &bound).len();
    assert_eq!(wrong("fn f() {\n    std::os::unix::fs::symlink(a, b);\n}\n"), 1);
    assert_eq!(wrong("fn f() {\n    #[cfg(unix)]\n    std::os::unix::fs::symlink(a, b);\n}\n"), 0);
    assert_eq!(wrong("fn f() {\n    #[cfg(unix)]\n    a();\n    rustix::fs::sync();\n}\n"), 1);
    assert_eq!(
        wrong(
            "#[cfg(unix)]\nfn f() {\n    rustix::fs::sync();\n}\nfn g() {\n    rustix::x();\n}\n"
        ),
        1
    );
    assert_eq!(wrong("#[cfg(unix)]\nfn f() {\n    linux_keyutils_keyring_store::x();\n}\n"), 1);
    assert_eq!(
        wrong(
            "#[cfg(windows)]\nfn f() {\n    #[cfg(unix)]\n    {\n        rustix::x();\n    }\n}\n"
        ),
        0
    );

    let all = [
        Source::new("tests/main.rs", "#[cfg(unix)]\nmod pty;\nmod other;\n"),
        Source::new("tests/soak/main.rs", "#![cfg(unix)]\nmod inner;\n"),
    ];
    let on = where_compiled(&all);
    assert_eq!(
        ["tests/pty.rs", "tests/pty/x.rs", "tests/soak/inner.rs"].map(|path| on(path).len()),
        [3; 3]
    );
    assert_eq!(["tests/other.rs", "tests/pty_more.rs"].map(|path| on(path).len()), [4; 2]);

    let strange = |text: &str| foreign(&Source::new("src/engine/x.rs", text)).len();
    assert_eq!(strange("const A: &str = \"/dev/tty\";\n"), 1);
    assert_eq!(strange("fn f() {\n    variable(\"HOME\");\n}\n"), 1);
    assert_eq!(strange("fn f() {\n    variable(\"HOME\"); // or USERPROFILE\n}\n"), 0);
}
