//! The flags of `doctor`.

use clap::Args;

/// `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Playbooks
    #[arg(required = true, value_name = "PLAYBOOK")]
    pub playbooks: Vec<String>,
    /// Ask this many registered phones' own web servers too, 5 when no number is given; they are touched by it
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5", value_parser = clap::value_parser!(u32).range(1..))]
    pub probe_phones: Option<u32>,
    /// And whether these phones take the application user's credential, by a read that shows their screen to nobody
    #[arg(long, requires = "probe_phones")]
    pub probe_pushes: bool,
}
