//! The command line: one file per command, and what they share.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::engine::Refusals;
use crate::outcome::Outcome;
use crate::report::{self, json, sanitize};
use crate::trouble::Trouble;

pub mod args;
pub mod endpoint;
pub mod connect;
pub mod console;
pub mod logging;
pub mod progress;
pub mod floor;
pub mod events;
pub mod several;
pub mod confirm;
pub mod core_dumps;
pub mod interrupt;
pub mod site;
pub mod load;
pub mod ending;
pub mod waivers;
pub mod history;
pub mod embedded;
pub mod meeting;
pub mod link;
pub mod pipeline;
pub mod operator;
pub mod run;
pub mod init;
pub mod validate;
pub mod plan;
pub mod apply;
pub mod undo;
pub mod remove;
pub mod one_shot;
pub mod named;
pub mod runs;
pub mod reports;
pub mod verify;
pub mod capture;
pub mod export;
pub mod doctor;
pub mod explain;
pub mod completions;
pub mod complete;
pub mod man;
pub mod reference;
pub mod trust;
pub mod config;
pub mod login;
pub mod logout;
pub mod way;
pub mod browser;
pub mod sso;
pub mod agent;
pub mod sandbox;
// Its playbook runs `echo` for a password.
#[cfg(all(test, unix))]
mod flows;

use args::{Cli, Command, Global, Schema, Sso};
use console::Console;
use ending::{conclude, ended_by, fail, one, result_of, told};
use events::EventLog;
use floor::Floor;
use pipeline::{Engine, Pipeline};
use progress::Shared;

/// One call of ippactl.
#[derive(Debug)]
pub struct Call {
    /// The global flags.
    pub global: Global,
    /// Where is written.
    pub console: Console,
    /// Whether a person can be asked.
    pub interactive: bool,
    /// When it began, RFC 3339, UTC.
    pub started: String,
    /// The same moment, to count from.
    pub began: Instant,
    /// Passwords refused so far: no deployment of the call tries one again.
    pub refusals: Refusals,
    /// Whether a sandbox has been started for it.
    pub sandboxed: AtomicBool,
    /// Who may speak to the person.
    pub floor: Floor,
    /// What the deployments of the call share of the progress.
    pub progress: Shared,
    /// The file of `--events`.
    pub events: EventLog,
}

impl Call {
    /// A call with these flags that begins now.
    pub fn new(global: Global) -> Self {
        Self {
            console: Console::new(&global),
            interactive: connect::terminal::interactive(global.no_input),
            started: now(),
            began: Instant::now(),
            refusals: Refusals::default(),
            sandboxed: AtomicBool::new(false),
            floor: Floor::default(),
            progress: Shared::default(),
            events: EventLog::default(),
            global,
        }
    }
}

/// Runs the command line of this process to its end.
pub fn main() -> ExitCode {
    core_dumps::off();
    let line = connect::command_line();
    if let Some(asked) = complete::asked(&line) {
        return complete::answer(asked);
    }
    let code = match Cli::read(line.clone()) {
        Ok(Cli { global, command: Command::Sso { action: Sso::Exec { who, fd, command } } }) => {
            logging::start(global.verbose);
            let call = Call::new(global);
            // Whatever the command ends with, this call does too.
            match sso::exec(&call, &who, fd, &command) {
                Ok(code) => code,
                Err(failure) => ended_by(&call, "sso-exec", failure).code(),
            }
        }
        Ok(cli) => dispatch(cli, &Engine).code(),
        Err(error) => misread(&error, &line).code(),
    };
    ExitCode::from(code)
}

/// The runtime of a command that touches the network.
pub fn runtime() -> Result<tokio::runtime::Runtime, Trouble> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Trouble::new("runtime-unavailable", Outcome::Failed, "The runtime cannot be started")
            .because(error.to_string())
    })
}

fn dispatch(cli: Cli, pipeline: &(impl Pipeline + Sync)) -> Outcome {
    let Cli { global, command } = cli;
    logging::start(global.verbose);
    let mut call = Call::new(global);
    if let Some(path) = &call.global.events {
        match EventLog::create(path) {
            Ok(log) => call.events = log,
            Err(trouble) => return fail(&call, command.word(), &trouble),
        }
    }
    match &command {
        Command::Init(flags) => told(&call, "init", init::init(&call, pipeline, flags)),
        Command::Validate { playbooks } => conclude(&call, validate::validate(&call, playbooks)),
        Command::Plan(flags) => conclude(&call, plan::plan(&call, pipeline, flags)),
        Command::Apply(flags) => conclude(&call, apply::apply(&call, pipeline, flags)),
        Command::Undo(flags) => conclude(&call, undo::undo(&call, pipeline, flags)),
        Command::Remove(flags) => conclude(&call, remove::remove(&call, pipeline, flags)),
        Command::OneShot(parts) => conclude(&call, one_shot::one_shot(&call, pipeline, parts)),
        Command::Runs(flags) => one(&call, "runs", runs::runs(&call.global, flags.action.as_ref())),
        Command::Verify(flags) => conclude(&call, verify::verify(&call, pipeline, flags)),
        Command::Capture(flags) => conclude(&call, capture::capture(&call, pipeline, flags)),
        Command::Export(flags) => export::export(&call, pipeline, flags),
        Command::Doctor(flags) => conclude(&call, doctor::doctor(&call, pipeline, flags)),
        Command::Report(flags) => reports::reports(&call, &flags.action),
        Command::Schema { what } => Console::result(&schema_of(*what))
            .map_or_else(|trouble| fail(&call, "schema", &trouble), |()| Outcome::Done),
        Command::Completions { shell } => Console::result(completions::script(*shell))
            .map_or_else(|trouble| fail(&call, "completions", &trouble), |()| Outcome::Done),
        Command::Man(flags) => {
            man::man(flags).map_or_else(|trouble| fail(&call, "man", &trouble), |()| Outcome::Done)
        }
        Command::Sso { action } => told(&call, command.word(), sso::sso(&call, action)),
        Command::Agent { action } => told(&call, command.word(), agent::agent(&call, action)),
        Command::Explain { code } => one(&call, "explain", explain::explain(code.as_deref())),
        Command::Login(flags) => one(&call, "login", login::login(&call, &flags.name)),
        Command::Logout(flags) => one(&call, "logout", logout::logout(&flags.name)),
        Command::Trust { action } => told(&call, command.word(), trust::trust(&call, action)),
        Command::Config { action: args::Config::Explain { playbook } } => {
            told(&call, command.word(), config::explain(&call, playbook.as_deref()))
        }
        Command::Sandbox(flags) => {
            let ready = |text: &str, fields: &report::sandbox::Ready| {
                result_of(&call, "sandbox", text, fields)
            };
            let ended = runtime().and_then(|runtime| runtime.block_on(sandbox::run(flags, ready)));
            ended.map_or_else(|trouble| fail(&call, "sandbox", &trouble), |()| Outcome::Done)
        }
    }
}

fn schema_of(what: Schema) -> String {
    match what {
        // Written by hand, and held to the parser by tests/playbook_schema.rs and tests/formats.
        Schema::Playbook => include_str!("../../schemas/playbook.json").to_owned(),
        Schema::Report => json::schema(),
        Schema::Sso => json::schema_of::<report::sso::Tokens>("sso"),
        Schema::Agent => json::schema_of::<report::agent::AgentReport>("agent"),
        Schema::Runs => json::schema_of::<report::runs::RunsTold>("runs"),
        Schema::Explain => json::schema_of::<report::explain::Explained>("explain"),
        Schema::ReportDiff => json::schema_of::<report::diff::Differences>("report diff"),
        Schema::ReportVerifyChain => {
            json::schema_of::<report::history::folder::ChainTold>("report verify-chain")
        }
        Schema::Sandbox => json::schema_of::<report::sandbox::Ready>("sandbox"),
        Schema::Export => json::schema_of::<report::export::ExportReport>("export"),
        Schema::Init => json::schema_of::<report::init::Written>("init"),
        Schema::Config => json::schema_of::<report::config::Config>("config"),
        Schema::Trust => json::schema_of::<report::trust::TrustTold>("trust"),
        Schema::Keyring => json::schema_of::<report::keyring::KeyringTold>("keyring"),
    }
}

/// Help and version are results; everything else that clap ends with is wrong usage.
fn misread(error: &clap::Error, line: &[OsString]) -> Outcome {
    let outcome = outcome_of(error);
    if outcome == Outcome::Usage && wants_json(line) {
        let text = error.to_string();
        let message = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let what = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let trouble = Trouble::new("usage", Outcome::Usage, what).then("see ippactl --help");
        drop(Console::result(&json::failure("usage", &now(), &trouble)));
    }
    let text = error.to_string();
    if sanitize::lines(&text) == text {
        // A reader that has gone away has seen enough.
        drop(error.print());
    } else {
        Console::aside(&sanitize::lines(&text));
    }
    outcome
}

fn outcome_of(error: &clap::Error) -> Outcome {
    if error.use_stderr() { Outcome::Usage } else { Outcome::Done }
}

/// Whether JSON was asked for on a command line that cannot be parsed.
fn wants_json(line: &[OsString]) -> bool {
    line.iter().any(|word| word == "--output=json")
        || line.windows(2).any(|words| words[0] == "--output" && words[1] == "json")
}

fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    // Every moment of this clock has a four-digit year, so it can be written.
    now.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{now, outcome_of, wants_json};
    use crate::cli::args::Cli;
    use crate::outcome::Outcome;

    #[test]
    fn json_is_recognised_on_a_broken_line() {
        let line = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(wants_json(&line("ippactl --output json frobnicate")));
        assert!(wants_json(&line("ippactl frobnicate --output=json")));
        assert!(!wants_json(&line("ippactl --output text json")));
    }

    #[test]
    fn help_and_version_are_no_mistakes() {
        for (line, outcome) in [
            (["ippactl", "--help"], Outcome::Done),
            (["ippactl", "--version"], Outcome::Done),
            (["ippactl", "frobnicate"], Outcome::Usage),
        ] {
            assert_eq!(outcome_of(&Cli::read(line).unwrap_err()), outcome);
        }
    }

    #[test]
    fn times_are_rfc_3339_in_utc() {
        assert!(now().ends_with('Z') && now().len() == 20, "{}", now());
    }
}
