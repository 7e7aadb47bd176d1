//! The invariants of ARCHITECTURE.md as rules: functions over one file, or over all, that give back what is wrong.

use std::collections::BTreeSet;

use crate::source::{Source, named};

/// Crates and modules that reach outside the process.
const IO: &[&str] = &[
    "tokio",
    "reqwest",
    "russh",
    "rusqlite",
    "axum",
    "hyper",
    "hyper_util",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
];

/// Paths under [`IO`] and [`IMPORTS`] that are plain values: a severity, an address as a number.
const VALUES: &[&str] = &[
    "crate::plan::Severity",
    "std::net::IpAddr",
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
    "std::net::AddrParseError",
];

/// Area, whether it may do IO, and the areas it may not import. The table is the architecture's arrows.
pub(crate) const IMPORTS: &[(&str, bool, &[&str])] = &[
    (
        "trouble",
        false,
        &[
            "playbook",
            "lint",
            "plan",
            "resources",
            "journal",
            "planner",
            "engine",
            "clients",
            "report",
            "cli",
            "sandbox",
        ],
    ),
    (
        "playbook",
        false,
        &["plan", "resources", "journal", "engine", "clients", "report", "cli", "sandbox"],
    ),
    ("lint", false, &["resources", "journal", "engine", "clients", "report", "cli", "sandbox"]),
    (
        "plan",
        false,
        &["resources", "journal", "planner", "engine", "clients", "report", "cli", "sandbox"],
    ),
    ("resources", false, &["journal", "planner", "engine", "report", "cli", "sandbox"]),
    ("journal", false, &["lint", "planner", "checks", "engine", "report", "cli", "sandbox"]),
    ("planner", false, &["checks", "engine", "report", "cli", "sandbox"]),
    ("checks", false, &["engine", "report", "cli", "sandbox"]),
    ("engine", true, &["report", "cli", "sandbox"]),
    (
        "clients",
        true,
        &["lint", "plan", "resources", "journal", "engine", "report", "cli", "sandbox"],
    ),
    ("report", true, &["resources", "clients", "cli", "sandbox"]),
    (
        "sandbox",
        true,
        &["lint", "plan", "resources", "journal", "engine", "clients", "report", "cli"],
    ),
];

pub(crate) const LONGEST: usize = 400;

pub(crate) type Rule = fn(&Source) -> Vec<String>;

/// Every rule over a single file under `src`.
pub(crate) const RULES: &[(&str, Rule)] = &[
    ("imports", imports),
    ("output", output),
    ("environment", environment),
    ("serialize", serialize),
    ("writer", writer),
    ("opening", opening),
    ("names", names),
    ("unfinished", unfinished),
    ("length", length),
];

pub(crate) fn value(path: &str) -> bool {
    VALUES.iter().any(|value| within(path, value))
}

fn within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Invariants 1 and 4: what an area may not import.
pub(crate) fn imports(source: &Source) -> Vec<String> {
    let area = source.area();
    let Some((_, io, areas)) = IMPORTS.iter().find(|(name, ..)| *name == area) else {
        return Vec::new();
    };
    let mut wrong = BTreeSet::new();
    // Areas are apart even in tests; a test may read a file.
    for name in named(&source.code, &source.module()).into_iter().filter(|n| !value(&n.path)) {
        if let Some(other) = areas.iter().find(|a| within(&name.path, &format!("crate::{a}"))) {
            wrong.insert((name.line, format!("'{area}' may not import '{other}'")));
        }
    }
    for name in named(&source.production, &source.module()).into_iter().filter(|n| !value(&n.path))
    {
        let reached = IO.iter().find(|io| within(&name.path, io) && name.path.contains("::"));
        if let (false, Some(reached)) = (io, reached) {
            wrong.insert((name.line, format!("'{area}' may not name '{reached}': it is pure")));
        }
    }
    wrong.into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path)).collect()
}

/// Invariant 2: who writes to stdout and stderr.
fn output(source: &Source) -> Vec<String> {
    if matches!(source.area(), "cli" | "report") {
        return Vec::new();
    }
    let macros = ["println", "print", "eprintln", "eprint"];
    let wrong = named(&source.production, &source.module()).into_iter().filter(|name| {
        let handle = ["std::io::stdout", "std::io::stderr"].iter().any(|h| within(&name.path, h));
        handle || name.called_as_macro && macros.contains(&name.path.as_str())
    });
    wrong
        .map(|name| {
            format!("{}:{}: only cli and report write to the terminal", source.path, name.line)
        })
        .collect()
}

/// Invariant 3: who reads the environment, the keyring, the terminal.
fn environment(source: &Source) -> Vec<String> {
    if source.path == "src/cli/connect.rs" || source.path.starts_with("src/cli/connect/") {
        return Vec::new();
    }
    let sources = [
        "std::env",
        "rpassword",
        "keyring_core",
        "linux_keyutils_keyring_store",
        "std::io::stdin",
        "std::io::IsTerminal",
    ];
    let wrong = named(&source.production, &source.module()).into_iter().filter(|name| {
        // Arguments are main's own business, and constants are not read from anywhere.
        let arguments = matches!(source.area(), "main" | "cli")
            && ["std::env::args", "std::env::args_os"].contains(&name.path.as_str());
        name.path.contains("::")
            && sources.iter().any(|s| within(&name.path, s))
            && !arguments
            && !within(&name.path, "std::env::consts")
    });
    wrong
        .map(|name| {
            format!("{}:{}: only cli/connect reads '{}'", source.path, name.line, name.path)
        })
        .collect()
}

/// Invariant 5: who may be serialised.
fn serialize(source: &Source) -> Vec<String> {
    if matches!(source.area(), "report" | "sandbox") {
        return Vec::new();
    }
    let names = named(&source.production, &source.module());
    names
        .into_iter()
        .filter(|name| name.path.rsplit("::").next() == Some("Serialize"))
        .map(|name| format!("{}:{}: 'Serialize' lives in report", source.path, name.line))
        .collect()
}

/// Promise 7: only `apply` ever holds something that can write.
fn writer(source: &Source) -> Vec<String> {
    let may = source.area() == "clients"
        || source.path == "src/engine/apply.rs"
        || source.path.starts_with("src/engine/apply/");
    let names = named(&source.production, &source.module());
    names
        .into_iter()
        .filter(|name| !may && name.path.ends_with("Writer::new") && !name.path.contains("csv"))
        .map(|name| format!("{}:{}: only engine/apply makes a Writer", source.path, name.line))
        .collect()
}

/// Invariant 7: a file says what it owns.
pub(crate) fn opening(source: &Source) -> Vec<String> {
    let says =
        source.text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 4);
    if says {
        Vec::new()
    } else {
        vec![format!("{}:1: the file does not open with '//!'", source.path)]
    }
}

/// Invariant 7: a thing without a name is a thing not yet understood.
pub(crate) fn names(source: &Source) -> Vec<String> {
    let vague =
        ["util", "utils", "helper", "helpers", "common", "misc", "manager", "imp", "prelude"];
    // The last word names the thing: common_phone_config is a configuration, string_utils are utils.
    let parts = source.path.trim_end_matches(".rs").split('/');
    parts
        .filter_map(|part| part.rsplit('_').next())
        .filter(|word| vague.contains(word))
        .map(|word| format!("{}: '{word}' is no name for a file", source.path))
        .collect()
}

/// Invariant 7: nothing is left half done.
pub(crate) fn unfinished(source: &Source) -> Vec<String> {
    let names = named(&source.code, &source.module());
    names
        .into_iter()
        .filter(|name| {
            name.called_as_macro && ["todo", "unimplemented", "dbg"].contains(&name.path.as_str())
        })
        .map(|name| format!("{}:{}: '{}!' is left over", source.path, name.line, name.path))
        .collect()
}

/// Invariant 8: no catch-all.
pub(crate) fn length(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    if lines > LONGEST {
        vec![format!("{}: {lines} lines: find the second concept", source.path)]
    } else {
        Vec::new()
    }
}

/// A file that no `mod` line names is not compiled, and nothing says so.
pub(crate) fn orphans(all: &[Source]) -> Vec<String> {
    let mut declared = BTreeSet::new();
    for source in all {
        let words: Vec<&str> = source.code.split_whitespace().collect();
        for pair in words.windows(2).filter(|pair| pair[0] == "mod") {
            let mut path = source.module().join("/");
            path.push('/');
            path.push_str(pair[1].trim_end_matches(';'));
            declared.insert(path.trim_start_matches('/').to_owned());
        }
    }
    all.iter()
        .filter(|source| {
            !source.module().is_empty() && !declared.contains(&source.module().join("/"))
        })
        .map(|source| format!("{}: no 'mod' line names this file", source.path))
        .collect()
}

/// Invariant 9: a kind of resource has a file of its own.
pub(crate) fn kinds_without_a_file(kinds: &[&str], paths: &[&str]) -> Vec<String> {
    let name = |kind: &str| kind.replace('-', "_");
    kinds
        .iter()
        .filter(|kind| {
            let file = format!("src/resources/{}", name(kind));
            !paths.iter().any(|p| *p == format!("{file}.rs") || p.starts_with(&format!("{file}/")))
        })
        .map(|kind| format!("src/resources/{}.rs: the kind '{kind}' has no file", name(kind)))
        .collect()
}

/// A file must read the same on any machine.
pub(crate) fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let homes = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/")];
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| homes.iter().any(|home| line.contains(home)))
        .map(|(at, _)| format!("{path}:{}: names a path of one machine", at + 1))
        .collect()
}
