//! The flags of `sso` and `agent`.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum};

use super::examples;

/// One agent of one deployment.
#[derive(Debug, Args)]
pub struct OneAgent {
    /// Playbook
    #[arg(value_name = "PLAYBOOK")]
    pub playbook: String,
    /// The agent's id; on UCCE the login name will do, too
    #[arg(long, value_name = "ID", value_parser = agent_id)]
    pub agent: String,
}

/// Where a password is found; at a terminal it is asked for when none of these is given.
#[derive(Debug, Args, Default)]
pub struct Password {
    /// The password is in this environment variable
    #[arg(long, value_name = "NAME", group = "password_place")]
    pub password_env: Option<String>,
    /// The password is in this file, readable by its owner alone
    #[arg(long, value_name = "FILE", group = "password_place")]
    pub password_file: Option<String>,
    /// The password is what this command prints
    #[arg(long, value_name = "PROGRAM,…", value_delimiter = ',', group = "password_place")]
    pub password_command: Vec<String>,
}

/// `sso`.
#[derive(Debug, Subcommand)]
pub enum Sso {
    /// Sign in as an agent, and keep the tokens
    #[command(after_help = examples::SSO_LOGIN)]
    Login(Box<SsoLogin>),
    /// Whose tokens are kept, how long they live, when they are to be refreshed
    Status {
        /// Playbook
        #[arg(value_name = "PLAYBOOK")]
        playbook: String,
        /// This agent alone; exits with 4 when there is no token to work with
        #[arg(long, value_name = "ID", value_parser = agent_id)]
        agent: Option<String>,
    },
    /// The agent's token, refreshed when it is due; shown with --reveal only
    Token {
        /// Who.
        #[command(flatten)]
        who: OneAgent,
        /// Print the token
        #[arg(long)]
        reveal: bool,
    },
    /// Refresh the agent's token now
    Refresh {
        /// Who.
        #[command(flatten)]
        who: OneAgent,
        /// Go on refreshing, each time when three quarters of its life have passed, until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// Run a command that is given the agent's token, and end with its exit code
    #[command(after_help = examples::SSO_EXEC)]
    Exec {
        /// Who.
        #[command(flatten)]
        who: OneAgent,
        /// Hand the token over through a pipe instead of the variable `IPPACTL_SSO_TOKEN`: its number is in
        /// `IPPACTL_SSO_TOKEN_FD`
        #[arg(long)]
        fd: bool,
        /// The command and its arguments
        #[arg(required = true, last = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
    /// Forget the agent's tokens
    Logout {
        /// Who.
        #[command(flatten)]
        who: OneAgent,
    },
}

/// `sso login`.
#[derive(Debug, Args)]
pub struct SsoLogin {
    /// Who.
    #[command(flatten)]
    pub who: OneAgent,
    /// Sign in without a browser, at an identity provider that shows a form
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        requires = "idp_user",
        conflicts_with = "token_file"
    )]
    pub idp: Option<Idp>,
    /// The user at the identity provider: DOMAIN\user or user@domain
    #[arg(long, value_name = "USER", requires = "idp")]
    pub idp_user: Option<String>,
    /// Its password.
    #[command(flatten)]
    pub password: Password,
    /// The JSON that a browser showed is in this file; - for standard input
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<String>,
    /// Open the address in this machine's browser
    #[arg(long, conflicts_with_all = ["idp", "token_file"])]
    pub open: bool,
    /// Keep the tokens without asking Finesse whether they are this agent's
    #[arg(long)]
    pub unchecked: bool,
}

/// `--idp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Idp {
    /// Follow redirects and fill in the sign-in form
    Forms,
}

/// `agent`.
#[derive(Debug, Subcommand)]
pub enum Agent {
    /// The agent's state, extension and team
    State {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
    },
    /// Make the agent ready
    Ready {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
    },
    /// Make the agent not ready
    NotReady {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
        /// The reason code's label or id
        #[arg(long, value_name = "LABEL|ID")]
        reason: Option<String>,
    },
    /// Sign the agent in; refused while somebody is signed in as this agent
    Login {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
        /// The extension to sign in at
        #[arg(long, value_name = "NUMBER", value_parser = number)]
        extension: String,
    },
    /// Sign the agent out
    Logout {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
        /// The reason code's label or id
        #[arg(long, value_name = "LABEL|ID")]
        reason: Option<String>,
    },
    /// The agent's calls
    Dialogs {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
    },
    /// Make a call from the agent's extension
    #[command(after_help = examples::AGENT_CALL)]
    Call {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
        /// Whom to call
        #[arg(long, value_name = "NUMBER", value_parser = number)]
        to: String,
    },
    /// Answer a call
    Answer {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
        /// Which one, where several wait
        #[arg(long, value_name = "ID")]
        dialog: Option<String>,
    },
    /// End a call
    Drop {
        /// Who, and with what.
        #[command(flatten)]
        desk: AgentDesk,
        /// Which one, where there are several
        #[arg(long, value_name = "ID")]
        dialog: Option<String>,
    },
}

/// One agent, and what the agent signs in to the API with.
#[derive(Debug, Args)]
pub struct AgentDesk {
    /// Who.
    #[command(flatten)]
    pub who: OneAgent,
    /// With the kept token of `sso login`; the default where there is one and no password is named
    #[arg(long, group = "password_place")]
    pub bearer: bool,
    /// The agent's own password.
    #[command(flatten)]
    pub password: Password,
    /// Do it although somebody is signed in as this agent
    #[arg(long)]
    pub disturb: bool,
}

impl Password {
    /// Whether a place is named.
    pub fn is_named(&self) -> bool {
        self.password_env.is_some()
            || self.password_file.is_some()
            || !self.password_command.is_empty()
    }
}

impl Agent {
    /// The word on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::State { .. } => "agent-state",
            Self::Ready { .. } => "agent-ready",
            Self::NotReady { .. } => "agent-not-ready",
            Self::Login { .. } => "agent-login",
            Self::Logout { .. } => "agent-logout",
            Self::Dialogs { .. } => "agent-dialogs",
            Self::Call { .. } => "agent-call",
            Self::Answer { .. } => "agent-answer",
            Self::Drop { .. } => "agent-drop",
        }
    }

    /// Who, and with what.
    pub fn desk(&self) -> &AgentDesk {
        match self {
            Self::State { desk }
            | Self::Ready { desk }
            | Self::NotReady { desk, .. }
            | Self::Login { desk, .. }
            | Self::Logout { desk, .. }
            | Self::Dialogs { desk }
            | Self::Call { desk, .. }
            | Self::Answer { desk, .. }
            | Self::Drop { desk, .. } => desk,
        }
    }
}

impl Sso {
    /// The word on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Login(_) => "sso-login",
            Self::Status { .. } => "sso-status",
            Self::Token { .. } => "sso-token",
            Self::Refresh { .. } => "sso-refresh",
            Self::Exec { .. } => "sso-exec",
            Self::Logout { .. } => "sso-logout",
        }
    }
}

fn agent_id(text: &str) -> Result<String, String> {
    let plain = !text.is_empty() && text.len() <= 128 && !text.chars().any(char::is_control);
    if plain && !matches!(text, "." | "..") {
        Ok(text.to_owned())
    } else {
        Err("expected an agent's id".to_owned())
    }
}

fn number(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#' | '\\' | '.');
    if !text.is_empty() && text.len() <= 50 && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("expected a telephone number: digits, +, * and #".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Agent, Sso};
    use crate::cli::args::{Cli, Command};

    fn read(line: &str) -> Result<Command, clap::Error> {
        let line = std::iter::once("ippactl").chain(line.split_whitespace());
        Cli::read(line).map(|cli| cli.command)
    }

    #[test]
    fn the_ways_to_sign_in_exclude_each_other() {
        for line in [
            "sso login a.yaml --agent 1001 --idp forms",
            "sso login a.yaml --agent 1001 --idp-user x",
            "sso login a.yaml --agent 1001 --token-file t --open",
            "sso login a.yaml --agent 1001 --idp forms --idp-user x --token-file t",
            "sso login a.yaml --agent 1001 --idp forms --idp-user x --password-env A --password-file b",
            "sso exec a.yaml --agent 1001",
            "sso login a.yaml",
            "agent login a.yaml --agent 1001",
            "agent call a.yaml --agent 1001 --to <x>",
            "agent ready a.yaml --agent 1001 --bearer --password-env A",
            "agent ready a.yaml --agent ..",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn whole_lines() {
        let login = "sso login a.yaml --agent 1001 --idp forms --idp-user u@x --password-command pass,show,x";
        let Ok(Command::Sso { action: Sso::Login(login) }) = read(login) else { panic!("login") };
        assert_eq!(login.password.password_command, ["pass", "show", "x"]);
        let exec = "sso exec a.yaml --agent 1001 --fd -- curl --version";
        let Ok(Command::Sso { action: Sso::Exec { fd: true, command, .. } }) = read(exec) else {
            panic!("exec")
        };
        assert_eq!(command, ["curl", "--version"]);
        let call = "agent call a.yaml --agent 1001 --to +420123 --disturb";
        let Ok(Command::Agent { action: Agent::Call { to, desk } }) = read(call) else {
            panic!("call")
        };
        assert!(to == "+420123" && desk.disturb && !desk.bearer);
    }
}
