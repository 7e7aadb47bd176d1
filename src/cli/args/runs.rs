//! The flags of `undo`, `remove` and `runs`.

use clap::{Args, Subcommand};

/// `undo`.
#[derive(Debug, Args)]
pub struct Undo {
    /// The run, as `ippactl runs` names it or the beginning of its name; without it the newest one that changed something
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// The playbook of the run, where it is not where it was
    #[arg(long, value_name = "PLAYBOOK")]
    pub playbook: Option<String>,
    /// Take back only the plan with this fingerprint, the one that was reviewed
    #[arg(long, value_name = "FINGERPRINT", value_parser = super::fingerprint)]
    pub expect: Option<String>,
    /// Show what would be taken back, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// Playbook
    #[arg(value_name = "PLAYBOOK")]
    pub playbook: String,
    /// Take away only by the plan with this fingerprint, the one that was reviewed
    #[arg(long, value_name = "FINGERPRINT", value_parser = super::fingerprint)]
    pub expect: Option<String>,
    /// Show what would be taken away, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `runs`.
#[derive(Debug, Args)]
pub struct Runs {
    /// What to do; without it the runs are listed.
    #[command(subcommand)]
    pub action: Option<RunsAction>,
}

/// `runs …`.
#[derive(Debug, Subcommand)]
pub enum RunsAction {
    /// Show every call of one run: object, what was there, what was written, how it ended
    Show {
        /// The run, or the beginning of its name
        #[arg(value_name = "RUN")]
        run: String,
    },
}
