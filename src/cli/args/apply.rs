//! The flags of `apply`.

use std::time::Duration;

use clap::Args;

use crate::playbook;

use super::{Several, fingerprint, step_and_token};

/// `apply`.
#[derive(Debug, Args)]
pub struct Apply {
    /// Which deployments.
    #[command(flatten)]
    pub several: Several,
    /// Apply only the plan with this fingerprint, the one that was reviewed
    #[arg(long, value_name = "FINGERPRINT", value_parser = fingerprint)]
    pub expect: Option<String>,
    /// An operator step has been done by hand; step and token are in the plan (repeatable)
    #[arg(long, value_name = "STEP=TOKEN", value_parser = step_and_token)]
    pub operator_done: Vec<(String, String)>,
    /// Write passwords again although nothing says that they changed
    #[arg(long)]
    pub rewrite_secrets: bool,
    /// Restart Finesse Tomcat although nothing is known to need it (with --allow restart)
    #[arg(long)]
    pub restart_now: bool,
    /// Reboot this CUCM node where an import of certificates asks for it (with --allow reboot; repeatable)
    #[arg(long, value_name = "NODE")]
    pub reboot: Vec<String>,
    /// Go on trying deferred steps for this long: 45s, 30m, 8h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub wait_deferred: Option<Duration>,
    /// Do this many devices first, read them back, ask, and go on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub canary: Option<u32>,
    /// Do only what the last run of this deployment did not bring to a good end
    #[arg(long)]
    pub retry_failed: bool,
    /// Give up after this many failed steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_failures: Option<u32>,
}

/// A number and its unit: `45s`, `30m`, `8h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    playbook::duration(text)
        .ok_or_else(|| format!("'{text}' is no time: a number with s, m or h, as in 8h"))
}
