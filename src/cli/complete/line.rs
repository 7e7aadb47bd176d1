//! The command line as far as it has been typed, and what it says already.

use std::path::{Path, PathBuf};

use crate::cli::args::Shell;
use crate::cli::connect::{self, files};
use crate::playbook::{self, Deployment, Files};

use super::quoting::Quoting;

/// The words after `ippactl`, as the command would get them.
#[derive(Debug)]
pub(super) struct Line {
    before: Vec<String>,
    current: String,
    quoting: Quoting,
}

impl Line {
    /// The words that a shell hands over, the last one being typed.
    pub(super) fn read(shell: Shell, typed: &[&str]) -> Option<Self> {
        let (current, before) = typed.split_last()?;
        let current = if shell == Shell::Powershell { current.strip_prefix('=')? } else { current };
        let quoting = Quoting::of(shell, current);
        Some(Self {
            before: before.iter().map(|word| quoting.read(word)).collect(),
            current: quoting.read_current(current),
            quoting,
        })
    }

    /// The word that is being typed.
    pub(super) fn current(&self) -> &str {
        &self.current
    }

    /// How the shell writes words.
    pub(super) fn quoting(&self) -> Quoting {
        self.quoting
    }

    /// All words.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.before.iter().chain([&self.current]).map(String::as_str)
    }

    /// What a flag was given.
    fn given(&self, flag: &str) -> Option<&str> {
        let attached =
            |word: &str| word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='));
        let at = self.before.iter().position(|word| word == flag || attached(word))?;
        match self.before[at].split_once('=') {
            Some((_, value)) => Some(value),
            None => self.before.get(at + 1).map(String::as_str),
        }
    }

    /// Where runs are kept, for a call with these flags.
    pub(super) fn state_folder(&self) -> Option<PathBuf> {
        let flag = self.given("--state-dir").map(expanded);
        match self.given("--sandbox-state") {
            Some(kept) if flag.is_none() => Some(expanded(&format!("{kept}.runs"))),
            _ => connect::state_folder(flag.as_deref()).ok(),
        }
    }

    /// The playbook that stands on the line, or the one that the environment names.
    pub(super) fn deployment(&self) -> Option<Deployment> {
        let on_line = self.before.iter().find(|word| is_playbook(Path::new(word.as_str())));
        let variable = || connect::variable("IPPACTL_PLAYBOOK");
        let file = on_line.cloned().or_else(variable)?;
        let path = expanded(&file);
        let text = Regular.read(path.to_str()?).ok()?;
        playbook::parse(path.to_str()?, std::str::from_utf8(&text).ok()?, &Regular).ok()
    }
}

/// Whether a file is named like a playbook.
pub(super) fn is_playbook(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_yaml =
        path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    is_yaml && !name.ends_with(".waivers.yaml")
}

/// What the shell will make of a path when the line is run.
fn expanded(path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").zip(connect::variable("HOME"));
    home.map_or_else(|| PathBuf::from(path), |(rest, home)| Path::new(&home).join(rest))
}

/// Files that cannot keep anybody waiting: no pipe, no device.
struct Regular;

impl Files for Regular {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let path = Path::new(path);
        if path.is_file() { files::read(path) } else { Err("it is no file".to_owned()) }
    }
}
