//! `verify`, and what makes its report evidence.

use std::path::PathBuf;

use clap::Args;

/// `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Playbooks
    #[arg(required = true, value_name = "PLAYBOOK")]
    pub playbooks: Vec<String>,
    /// Findings that somebody answers for; default: NAME.waivers.yaml beside NAME.yaml
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// Where reports are kept.
    #[command(flatten)]
    pub history: History,
}

/// Where reports are kept, and under which key.
#[derive(Debug, Clone, Default, Args)]
pub struct History {
    /// Keep the report in this folder, chained to those before it; findings are told since when they stand
    #[arg(long, value_name = "DIR")]
    pub history: Option<PathBuf>,
    /// The key of the chain, so that nobody without it can make another: a file, or env:NAME
    #[arg(long, value_name = "FILE", requires = "history")]
    pub history_key: Option<String>,
}
