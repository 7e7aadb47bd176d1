//! The commands, as they are typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::playbook::Endpoint;

use super::{
    Agent, Apply, Doctor, Export, Init, KeyringName, Man, Parts, Plan, Remove, Reports, Runs,
    Sandbox, Schema, Shell, Sso, Undo, Verify, endpoint, examples,
};

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a first playbook: asks one thing at a time, and looks at the cluster without changing it
    Init(Box<Init>),
    /// Check playbooks offline: syntax, types and every rule that needs no cluster
    #[command(after_help = examples::VALIDATE)]
    Validate {
        /// Playbooks
        #[arg(required = true, value_name = "PLAYBOOK")]
        playbooks: Vec<String>,
    },
    /// Show what apply would do; writes nothing
    #[command(after_help = examples::PLAN)]
    Plan(Plan),
    /// Plan, confirm, perform, and observe again
    #[command(after_help = examples::APPLY)]
    Apply(Apply),
    /// Put back what a run changed, where it still holds what the run wrote
    #[command(after_help = examples::UNDO)]
    Undo(Undo),
    /// Take away what a playbook declares, nothing else
    #[command(after_help = examples::REMOVE)]
    Remove(Remove),
    /// List the runs that were made, or show one
    Runs(Runs),
    /// One part alone.
    #[command(flatten)]
    OneShot(Box<Parts>),
    /// Report drift and run every check; cannot write, needs no agent secrets
    #[command(after_help = examples::VERIFY)]
    Verify(Verify),
    /// Keep every read of plan and verify in a folder, without secrets, to rehearse on the sandbox; cannot write
    #[command(after_help = examples::CAPTURE)]
    Capture(Capture),
    /// Write the playbook and roster of an estate that is there already; cannot write to it
    #[command(after_help = examples::EXPORT)]
    Export(Box<Export>),
    /// Look at everything that the other commands rest on, each with its fix; cannot write
    #[command(after_help = examples::DOCTOR)]
    Doctor(Doctor),
    /// Read kept reports: merge several, compare two, look whether a history is whole
    Report(Reports),
    /// Print the JSON Schema of a playbook, or of the JSON that ippactl writes
    #[command(after_help = examples::SCHEMA)]
    Schema {
        /// Which document
        #[arg(value_enum, value_name = "WHAT")]
        what: Schema,
    },
    /// Print the script that makes a shell complete commands, flags, playbooks, devices, runs and checks
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// Which shell
        #[arg(value_enum, value_name = "SHELL")]
        shell: Shell,
    },
    /// Print the manual page of a command, or write all pages into a folder
    #[command(after_help = examples::MAN)]
    Man(Man),
    /// Explain a check or an error code: what it means, why, what to do about it
    #[command(after_help = examples::EXPLAIN)]
    Explain {
        /// A check's id or an error's code; without it all are listed
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Show, list and forget certificates and host keys
    Trust {
        /// What to do.
        #[command(subcommand)]
        action: Trust,
    },
    /// Show which setting came from where
    Config {
        /// What to do.
        #[command(subcommand)]
        action: Config,
    },
    /// Keep a secret in the system's keyring, for `{ keyring: NAME }` in a playbook; asks for it, or takes standard input
    #[command(after_help = examples::LOGIN)]
    Login(KeyringName),
    /// Take a secret out of the system's keyring
    Logout(KeyringName),
    /// Tokens of agents who sign in by SSO: fetch, keep, refresh, hand on
    Sso {
        /// What to do.
        #[command(subcommand)]
        action: Sso,
    },
    /// One agent, with the agent's own password or token: state, sign-in, calls
    Agent {
        /// What to do.
        #[command(subcommand)]
        action: Agent,
    },
    /// Run the embedded cluster on loopback until Ctrl-C
    #[command(after_help = examples::SANDBOX)]
    Sandbox(Box<Sandbox>),
}

impl Command {
    /// Whether it ends in a report, which `--report` writes to files.
    pub fn reports(&self) -> bool {
        matches!(self, Self::Validate { .. } | Self::Report(_)) || self.runs()
    }

    /// Whether it is a run over deployments, which has events.
    pub fn runs(&self) -> bool {
        match self {
            Self::Plan(_)
            | Self::Apply(_)
            | Self::Undo(_)
            | Self::Remove(_)
            | Self::OneShot(_)
            | Self::Verify(_)
            | Self::Capture(_)
            | Self::Doctor(_) => true,
            Self::Init(_)
            | Self::Validate { .. }
            | Self::Runs(_)
            | Self::Report(_)
            | Self::Export(_)
            | Self::Schema { .. }
            | Self::Completions { .. }
            | Self::Man(_)
            | Self::Explain { .. }
            | Self::Trust { .. }
            | Self::Config { .. }
            | Self::Login(_)
            | Self::Logout(_)
            | Self::Sso { .. }
            | Self::Agent { .. }
            | Self::Sandbox(_) => false,
        }
    }

    /// The word on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Validate { .. } => "validate",
            Self::Plan(_) => "plan",
            Self::Apply(_) => "apply",
            Self::Undo(_) => "undo",
            Self::Remove(_) => "remove",
            Self::OneShot(parts) => parts.one_shot().word(),
            Self::Runs(_) => "runs",
            Self::Verify(_) => "verify",
            Self::Capture(_) => "capture",
            Self::Export(_) => "export",
            Self::Doctor(_) => "doctor",
            Self::Report(_) => "report",
            Self::Schema { .. } => "schema",
            Self::Completions { .. } => "completions",
            Self::Man(_) => "man",
            Self::Explain { .. } => "explain",
            Self::Trust { .. } => "trust",
            Self::Config { .. } => "config",
            Self::Login(_) => "login",
            Self::Logout(_) => "logout",
            Self::Sso { action } => action.word(),
            Self::Agent { action } => action.word(),
            Self::Sandbox(_) => "sandbox",
        }
    }
}

/// `capture`.
#[derive(Debug, Args)]
pub struct Capture {
    /// Playbook
    #[arg(value_name = "PLAYBOOK")]
    pub playbook: String,
    /// A new or empty folder; it will hold names, ids, extensions and host names of the site, and no passwords
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `config`.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// List every setting that can come from several places: its value, where it came from, what it took the place of
    Explain {
        /// A playbook: its settings, too, and where its secrets are, never what they are
        #[arg(value_name = "PLAYBOOK")]
        playbook: Option<String>,
    },
}

/// `trust`.
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// List the certificates and host keys that are trusted: those accepted at a terminal, and those of a playbook
    List {
        /// A playbook: its pins, certificates and known hosts, too
        #[arg(value_name = "PLAYBOOK")]
        playbook: Option<String>,
    },
    /// Forget the certificate and the host key of a server that were accepted at a terminal
    Remove {
        /// The server, as `trust list` names it
        #[arg(value_name = "HOST:PORT", value_parser = endpoint::with_port)]
        server: Endpoint,
    },
    /// Show a server's certificate and the lines that pin it
    #[command(after_help = examples::TRUST_SHOW)]
    Show {
        /// The server
        #[arg(value_name = "HOST:PORT", value_parser = endpoint::with_port)]
        server: Endpoint,
    },
}
