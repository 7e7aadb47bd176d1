//! `report` and `schema`, and the files of `--report`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::report::format::Format;

use super::examples;

/// `report`.
#[derive(Debug, Args)]
pub struct Reports {
    /// What to do.
    #[command(subcommand)]
    pub action: ReportsAction,
}

/// What `report` does.
#[derive(Debug, Subcommand)]
pub enum ReportsAction {
    /// Make one report of several: of shards, of sites, or of one alone to render it in another format
    #[command(after_help = examples::MERGE)]
    Merge {
        /// Reports that were kept as JSON
        #[arg(required = true, value_name = "REPORT")]
        reports: Vec<PathBuf>,
    },
    /// What came, went and changed between two reports; exits with 2 where they differ
    #[command(after_help = examples::DIFF)]
    Diff {
        /// The earlier one, kept as JSON
        #[arg(value_name = "EARLIER")]
        earlier: PathBuf,
        /// The later one
        #[arg(value_name = "LATER")]
        later: PathBuf,
    },
    /// Look whether a history was edited, shortened or made anew
    VerifyChain {
        /// A folder of --history
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The key of the chain: a file, or env:NAME
        #[arg(long, value_name = "FILE")]
        history_key: Option<String>,
        /// A head that a run printed; it has to be in the chain
        #[arg(long, value_name = "HEAD")]
        head: Option<String>,
    },
}

/// `schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// A playbook, for editors and other tools
    Playbook,
    /// Every report: of `plan`, `apply`, `verify`, `doctor` and all others that take --report
    Report,
    /// What `sso` commands tell of tokens
    Sso,
    /// What `agent` commands tell
    Agent,
    /// What `runs` and `runs show` tell
    Runs,
    /// What `explain` tells
    Explain,
    /// What `report diff` tells
    ReportDiff,
    /// What `report verify-chain` tells
    ReportVerifyChain,
    /// What `sandbox` tells, and the file of its --ready
    Sandbox,
    /// What `init` tells
    Init,
    /// What `export` tells
    Export,
    /// What `config explain` tells
    Config,
    /// What `trust` tells
    Trust,
    /// What `login` and `logout` tell
    Keyring,
}

/// A file of `--report`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// How it is written.
    pub format: Format,
    /// Where.
    pub path: PathBuf,
}

/// The help text of `--report`, with every format.
pub(super) fn help() -> String {
    let words = Format::ALL.map(Format::word);
    let (last, others) = words.split_last().unwrap_or((&"", &[]));
    let words = others.join(", ");
    format!("Write the result to a file as well, as {words} or {last} (repeatable)")
}

/// `FORMAT=PATH`.
pub(super) fn file(text: &str) -> Result<ReportFile, String> {
    let words = || Format::ALL.map(Format::word).join(", ");
    let (word, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or_else(|| "expected FORMAT=PATH, for example json=report.json".to_owned())?;
    let format = Format::ALL.into_iter().find(|format| format.word() == word);
    let format = format.ok_or_else(|| format!("`{word}` is no format; there are {}", words()))?;
    Ok(ReportFile { format, path: PathBuf::from(path) })
}
