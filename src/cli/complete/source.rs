//! What the value of an argument may be, by the name that `--help` gives it.

use std::ffi::OsStr;
use std::path::Path;

use clap::Arg;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter as _};

use crate::cli::reference;
use crate::lint;
use crate::plan::Disturbance;
use crate::report::format::Format;
use crate::trouble::error_codes;

use super::line::{Line, is_playbook};
use super::names;

/// Where candidates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Playbooks,
    Reports,
    Files,
    Folders,
    Formats,
    Kinds,
    Codes,
    Places,
    Commands,
    Runs,
    Deployments,
    Publishers,
    Servers,
    Devices,
    Profiles,
    Agents,
    Users,
    Words(&'static [&'static str]),
    /// Words, or a file.
    WordsOrFile(&'static [&'static str]),
    /// Nothing that could be known.
    Free,
}

/// By the value's name.
const BY_NAME: &[(&[&str], Source)] = &[
    (&["PLAYBOOK"], Source::Playbooks),
    (&["REPORT", "EARLIER", "LATER"], Source::Reports),
    (&["FILE", "PATH", "FILE|DIR"], Source::Files),
    (&["DIR"], Source::Folders),
    (&["FORMAT=PATH"], Source::Formats),
    (&["KIND,…"], Source::Kinds),
    (&["CODE"], Source::Codes),
    (&["PLACE"], Source::Places),
    (&["RUN"], Source::Runs),
    (&["HOST:PORT"], Source::Servers),
    (
        &[
            "AGENT,…",
            "EXTENSION",
            "FINGERPRINT",
            "FROM=TO",
            "HEAD",
            "HOST",
            "HOST|none",
            "HOST:PORT=sha256:…",
            "HOST[:PORT]",
            "I/N",
            "ID",
            "IP",
            "LABEL|ID",
            "LIMIT",
            "MIN..MAX",
            "MS",
            "N",
            "NAME",
            "NAME=VALUE",
            "NODE",
            "NUMBER",
            "PER_SECOND",
            "PORT",
            "PROGRAM,…",
            "QUESTION=ANSWER",
            "RELEASE",
            "SECONDS",
            "STEP=TOKEN",
            "TIME",
            "USER",
            "[NODE=]PROFILE",
        ],
        Source::Free,
    ),
];

/// By the argument itself, where the value's name says too little.
const BY_ID: &[(&str, Source)] = &[
    ("deployment", Source::Deployments),
    ("publisher", Source::Publishers),
    ("device", Source::Devices),
    ("profile", Source::Profiles),
    ("agent", Source::Agents),
    ("user", Source::Users),
    ("command", Source::Commands),
    ("finesse_settings_path", Source::Free),
    ("subscription", Source::Words(&["manual", "enterprise", "self-care"])),
    ("sign_in", Source::Words(&["id-extension", "all", "agent", "nothing"])),
    ("phone_settings", Source::Words(&["phones", "common-phone-profile", "enterprise", "no"])),
    (
        "also",
        Source::Words(&[
            "finesse-settings",
            "certificates",
            "finesse-settings,certificates",
            "none",
        ]),
    ),
];

impl Source {
    /// Of an argument; `None` where clap knows its words.
    pub(super) fn of(arg: &Arg) -> Option<Self> {
        if !arg.get_action().takes_values() || !arg.get_possible_values().is_empty() {
            return None;
        }
        let id = arg.get_id().as_str();
        let name = arg.get_value_names().and_then(<[_]>::first).map(clap::builder::Str::as_str);
        if name == Some("WORD|FILE") {
            return Some(Self::WordsOrFile(&["subscribed", "empty"]));
        }
        let by_id = BY_ID.iter().find(|(known, _)| *known == id).map(|(_, source)| *source);
        let by_name = || {
            let found = BY_NAME.iter().find(|(names, _)| name.is_some_and(|n| names.contains(&n)));
            found.map(|(_, source)| *source)
        };
        by_id.or_else(by_name)
    }

    /// What begins like what was typed.
    pub(super) fn candidates(self, typed: &OsStr, line: &Line) -> Vec<CompletionCandidate> {
        let begun = typed.to_str().unwrap_or_default();
        let all = match self {
            Self::Playbooks => return paths(typed, |path| is_playbook(path) && path.is_file()),
            Self::Reports => return paths(typed, |path| has_extension(path, "json")),
            Self::Files => return paths(typed, |_| true),
            Self::Folders => return paths(typed, Path::is_dir),
            Self::Formats => return formats(begun),
            Self::Places => return places(begun),
            Self::WordsOrFile(words) => {
                let files = paths(typed, |path| has_extension(path, "csv"));
                return beginning(begun, plain(words)).chain(files).collect();
            }
            Self::Kinds => kinds(line),
            Self::Words(words) => plain(words),
            Self::Codes => codes(),
            Self::Commands => commands(line),
            Self::Runs => names::runs(line),
            Self::Deployments => names::deployments(line),
            Self::Publishers => names::publishers(line),
            Self::Servers => names::servers(line),
            Self::Devices => names::devices(line),
            Self::Profiles => names::profiles(line),
            Self::Agents => names::agents(line),
            Self::Users => names::users(line),
            Self::Free => Vec::new(),
        };
        beginning(begun, all).collect()
    }
}

fn beginning(
    begun: &str,
    all: Vec<CompletionCandidate>,
) -> impl Iterator<Item = CompletionCandidate> {
    all.into_iter()
        .filter(move |one| one.get_value().to_str().is_some_and(|value| value.starts_with(begun)))
}

fn plain(words: &[&str]) -> Vec<CompletionCandidate> {
    words.iter().map(|word| CompletionCandidate::new(*word)).collect()
}

/// A value with what it means.
pub(super) fn told(value: impl Into<String>, meaning: impl Into<String>) -> CompletionCandidate {
    CompletionCandidate::new(value.into()).help(Some(meaning.into().into()))
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}

/// Files, and the folders that lead to them.
fn paths(
    typed: &OsStr,
    wanted: impl Fn(&Path) -> bool + Send + Sync + 'static,
) -> Vec<CompletionCandidate> {
    PathCompleter::any().filter(wanted).complete(typed)
}

/// Candidates that stand behind a word.
fn behind(word: &str, found: Vec<CompletionCandidate>) -> Vec<CompletionCandidate> {
    found.into_iter().map(|one| one.add_prefix(word)).collect()
}

fn formats(begun: &str) -> Vec<CompletionCandidate> {
    if let Some((format, path)) = begun.split_once('=') {
        return behind(&format!("{format}="), paths(OsStr::new(path), |_| true));
    }
    let words = Format::ALL.map(|format| CompletionCandidate::new(format!("{}=", format.word())));
    beginning(begun, words.into()).collect()
}

fn places(begun: &str) -> Vec<CompletionCandidate> {
    if let Some(path) = begun.strip_prefix("file:") {
        return behind("file:", paths(OsStr::new(path), |_| true));
    }
    let all = vec![
        told("env:", "a variable of the environment"),
        told("file:", "a file that only you can read"),
        told("keyring:", "the system's keyring"),
        told("command:", "what a program prints"),
        told("prompt", "asked for at the terminal"),
    ];
    beginning(begun, all).collect()
}

/// Kinds that are not allowed already.
fn kinds(line: &Line) -> Vec<CompletionCandidate> {
    let given = line.current().rsplit_once(',').map_or("", |(given, _)| given);
    let given: Vec<&str> = given.split(['=', ',']).collect();
    let words = Disturbance::ALL.map(Disturbance::word);
    let left: Vec<&str> = words.into_iter().filter(|word| !given.contains(word)).collect();
    plain(&left)
}

/// Checks and error codes; one that is both is offered once.
fn codes() -> Vec<CompletionCandidate> {
    let checks = lint::checks().map(|check| (check.id, check.title));
    let codes = error_codes().map(|code| (code.code, code.title));
    let all: std::collections::BTreeMap<_, _> = codes.chain(checks).collect();
    all.into_iter().map(|(id, title)| told(id, title)).collect()
}

/// The commands that a manual page is asked for, below those that are named already.
fn commands(line: &Line) -> Vec<CompletionCandidate> {
    let mut words: Vec<&str> = line.words().skip_while(|word| *word != "man").collect();
    if words.pop().is_none() || words.is_empty() {
        return Vec::new();
    }
    let pages = reference::pages();
    let above = pages.iter().find(|page| page.words[1..] == words[1..]);
    let below = above.map(|page| page.commands.clone()).unwrap_or_default();
    below.into_iter().map(|(word, about)| told(word, about)).collect()
}
