//! `--history`: where reports are kept, and under which key.

use std::path::PathBuf;

use clap::Args;

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
