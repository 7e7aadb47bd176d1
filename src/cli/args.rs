//! The command line: every command and flag, its help text, and which flags exclude each other.

mod apply;
mod command;
mod doctor;
mod examples;
mod export;
mod history;
mod init;
mod keyring;
mod manual;
mod one_shot;
mod report;
mod runs;
mod sandbox;
mod several;
mod sign_in;
mod site;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, Parser, ValueEnum};

use crate::plan::Disturbance;
use crate::playbook::Endpoint;

use super::endpoint;

pub use apply::Apply;
pub use command::{Capture, Command, Config, Trust};
pub use doctor::Doctor;
pub use export::Export;
pub use history::History;
pub use init::Init;
pub use keyring::KeyringName;
pub use manual::{Man, Shell};
pub use one_shot::{Alone, Asked, Devices, Parts, Services};
pub use report::{ReportFile, Reports, ReportsAction, Schema};
pub use runs::{Remove, Runs, RunsAction, Undo};
pub use sandbox::{ProductName, Sandbox, TrustStores};
pub use several::{Plan, Several, Verify};
pub use sign_in::{Agent, AgentDesk, Idp, OneAgent, Password, Sso, SsoLogin};
pub use site::{Place, Site, place};

/// Sets up Cisco Finesse IP Phone Agent across CUCM and Finesse, keeps it in order, and proves it.
#[derive(Debug, Parser)]
#[command(name = "ippactl", version, max_term_width = 100, after_help = examples::IPPACTL)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global flags")]
#[expect(clippy::struct_excessive_bools, reason = "one per flag")]
pub struct Global {
    /// Show every object and value instead of groups
    #[arg(long, global = true)]
    pub full: bool,
    /// How the result is written to stdout
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t = Output::Text)]
    pub output: Output,
    /// Files of the report.
    #[arg(long, global = true, value_name = "FORMAT=PATH", value_parser = report::file, help = report::help())]
    pub report: Vec<ReportFile>,
    /// Write what happens to a file as well, one JSON object a line
    #[arg(long, global = true, value_name = "PATH")]
    pub events: Option<PathBuf>,
    /// Confirm the steps that disturb nothing; with --sandbox, all
    #[arg(long, global = true)]
    pub yes: bool,
    /// Confirm steps that disturb in these ways: replace-service, clear-values, cluster-wide, removal, sql, restart,
    /// phone-reset, reboot
    #[arg(long, global = true, value_name = "KIND,…", value_delimiter = ',', value_parser = disturbance)]
    pub allow: Vec<Disturbance>,
    /// Never ask, not even at a terminal
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Warnings count as drift (2), and what no interface can tell as incomplete (3)
    #[arg(long, global = true)]
    pub strict: bool,
    /// Where ippactl remembers runs and accepted certificates; default: `ippactl` in `XDG_STATE_HOME`, `~/.local/state` or
    /// `%LOCALAPPDATA%`
    #[arg(long, global = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Requests in flight at once; default: limits.concurrency of the playbook, else 8
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: Option<u16>,
    /// Give up a request after this many seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
    /// End the whole call after this many seconds: calls in flight are awaited, no other is begun, and
    /// what is missing makes it incomplete (3)
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    pub deadline: Option<u64>,
    /// When the output has colours; `NO_COLOR` is honoured
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub color: Color,
    /// Log what happens to stderr; given twice, every request, too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// No progress and no notes
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Connect elsewhere than the playbook says; names in URLs and certificates stay (repeatable)
    #[arg(long, global = true, value_name = "FROM=TO", value_parser = endpoint::mapping)]
    pub connect_to: Vec<(Endpoint, Endpoint)>,
    /// Run against the embedded cluster instead of a real one
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// Keep the embedded cluster in this file between runs
    #[arg(long, global = true, value_name = "FILE")]
    pub sandbox_state: Option<PathBuf>,
}

/// `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Where it goes to a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The flags of all commands that a command line gives, by their names with `_`; one that cannot be parsed gives none.
pub fn given(line: &[std::ffi::OsString]) -> BTreeSet<String> {
    let mut given = BTreeSet::new();
    let Ok(matches) = Cli::command().try_get_matches_from(line) else { return given };
    let mut level = Some(&matches);
    while let Some(matches) = level {
        let here = matches
            .ids()
            .map(clap::Id::as_str)
            .filter(|id| matches.value_source(id) == Some(clap::parser::ValueSource::CommandLine));
        given.extend(here.map(str::to_owned));
        level = matches.subcommand().map(|(_, below)| below);
    }
    given
}

impl Cli {
    /// Parses the whole command line, program name first, and refuses flags that contradict each other.
    pub fn read<T: Into<std::ffi::OsString> + Clone>(
        line: impl IntoIterator<Item = T>,
    ) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(line)?;
        let refuse = |kind, text: &str| Err(Self::command().error(kind, text));
        let global = &cli.global;
        // Checked here because clap does not see a global flag that stands before the command as present after it.
        if global.quiet && global.verbose > 0 {
            return refuse(ErrorKind::ArgumentConflict, "--quiet and --verbose exclude each other");
        }
        if global.sandbox && !global.connect_to.is_empty() {
            return refuse(
                ErrorKind::ArgumentConflict,
                "--sandbox and --connect-to exclude each other",
            );
        }
        if global.sandbox_state.is_some() && !global.sandbox {
            return refuse(ErrorKind::MissingRequiredArgument, "--sandbox-state needs --sandbox");
        }
        let alone = matches!(
            cli.command,
            Command::Sandbox(_) | Command::Trust { .. } | Command::Login(_) | Command::Logout(_)
        );
        if global.sandbox && alone {
            let text = format!("--sandbox has no use with `{}`", cli.command.word());
            return refuse(ErrorKind::ArgumentConflict, &text);
        }
        if !global.report.is_empty() && !cli.command.reports() {
            let text = format!("`{}` makes no report", cli.command.word());
            return refuse(ErrorKind::ArgumentConflict, &text);
        }
        if global.sandbox && matches!(&cli.command, Command::Init(init) if init.offline) {
            return refuse(
                ErrorKind::ArgumentConflict,
                "--sandbox and --offline exclude each other",
            );
        }
        if let Some(text) = several::refused(global, &cli.command) {
            return refuse(ErrorKind::ArgumentConflict, &text);
        }
        Ok(cli)
    }
}

fn disturbance(word: &str) -> Result<Disturbance, String> {
    Disturbance::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
        let words: Vec<_> = Disturbance::ALL.iter().map(|kind| kind.word()).collect();
        format!("expected one of: {}", words.join(", "))
    })
}

fn fingerprint(text: &str) -> Result<String, String> {
    let fits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("expected the 16 hexadecimal digits that plan prints".to_owned())
    }
}

fn step_and_token(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((step, token)) if !step.is_empty() && !token.is_empty() => {
            Ok((step.to_owned(), token.to_owned()))
        }
        _ => Err("expected STEP=TOKEN as the plan prints them".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use super::{Cli, Command};
    use crate::plan::Disturbance;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::read(std::iter::once("ippactl").chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_that_contradict_each_other_are_refused_wherever_they_stand() {
        for line in [
            "-q validate a.yaml -v",
            "--sandbox plan a.yaml --connect-to a:1=b:2",
            "plan a.yaml --sandbox-state x",
            "sandbox --sandbox",
            "explain --report json=x",
            "init --sandbox --offline",
            "init --single-node --finesse a --finesse-secondary b",
        ] {
            let kind = read(line).map(|_| ()).unwrap_err().kind();
            assert!(
                matches!(kind, ErrorKind::ArgumentConflict | ErrorKind::MissingRequiredArgument),
                "{line}: {kind}"
            );
        }
    }

    #[test]
    fn values_are_checked() {
        for line in [
            "plan a.yaml --allow everything",
            "plan a.yaml --report pdf=x",
            "plan a.yaml --report json=",
            "apply a.yaml --expect 12",
            "apply a.yaml --operator-done x",
            "apply a.yaml --max-failures 0",
            "plan a.yaml --connect-to a:1",
            "plan a.yaml --timeout 0",
            "plan",
            "",
            "frobnicate",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_whole_line() {
        let line = "apply a.yaml --yes --allow removal,sql --allow clear-values --operator-done s-1=t --expect 0123456789ABCDEF";
        let cli = read(line).unwrap();
        assert_eq!(
            cli.global.allow,
            [Disturbance::Removal, Disturbance::Sql, Disturbance::ClearValues]
        );
        let Command::Apply(apply) = cli.command else { panic!("not apply") };
        assert_eq!(apply.operator_done, [("s-1".to_owned(), "t".to_owned())]);
        assert_eq!(apply.expect.as_deref(), Some("0123456789abcdef"));
    }

    #[test]
    fn an_unknown_format_is_told_the_known_ones() {
        let error = read("plan a.yaml --report pdf=x").map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("there are json"), "{error}");
    }
}
