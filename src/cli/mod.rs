//! The command line: one file per command, and what they share.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::engine::Refusals;
use crate::outcome::Outcome;
use crate::report::{Report, Subject, json, sanitize, terminal as text};
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
pub mod load;
pub mod waivers;
pub mod history;
pub mod embedded;
pub mod meeting;
pub mod link;
pub mod pipeline;
pub mod operator;
pub mod run;
pub mod validate;
pub mod plan;
pub mod apply;
pub mod undo;
pub mod remove;
pub mod runs;
pub mod reports;
pub mod verify;
pub mod capture;
pub mod doctor;
pub mod explain;
pub mod trust;
pub mod way;
pub mod browser;
pub mod sso;
pub mod agent;
pub mod sandbox;
// Its playbook runs `echo` for a password.
#[cfg(all(test, unix))]
mod flows;

use args::{Cli, Command, Global, Output, Schema, Sso, Trust};
use console::Console;
use events::EventLog;
use floor::Floor;
use pipeline::{Engine, Pipeline};
use progress::Shared;
use way::Failure;

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
        Command::Validate { playbooks } => conclude(&call, validate::validate(&call, playbooks)),
        Command::Plan(flags) => conclude(&call, plan::plan(&call, pipeline, flags)),
        Command::Apply(flags) => conclude(&call, apply::apply(&call, pipeline, flags)),
        Command::Undo(flags) => conclude(&call, undo::undo(&call, pipeline, flags)),
        Command::Remove(flags) => conclude(&call, remove::remove(&call, pipeline, flags)),
        Command::Runs(flags) => one(&call, "runs", runs::runs(&call.global, flags.action.as_ref())),
        Command::Verify(flags) => conclude(&call, verify::verify(&call, pipeline, flags)),
        Command::Capture(flags) => conclude(&call, capture::capture(&call, pipeline, flags)),
        Command::Doctor(flags) => conclude(&call, doctor::doctor(&call, pipeline, flags)),
        Command::Report(flags) => reports::reports(&call, &flags.action),
        Command::Schema { what } => Console::result(&schema_of(*what))
            .map_or_else(|trouble| fail(&call, "schema", &trouble), |()| Outcome::Done),
        Command::Sso { action } => told(&call, command.word(), sso::sso(&call, action)),
        Command::Agent { action } => told(&call, command.word(), agent::agent(&call, action)),
        Command::Explain { code } => one(&call, "explain", explain::explain(code.as_deref())),
        Command::Trust { action: Trust::Show { server } } => {
            let shown =
                runtime().and_then(|runtime| runtime.block_on(trust::show(&call.global, server)));
            one(&call, "trust", shown)
        }
        Command::Sandbox(flags) => {
            let ready =
                |text: &str, fields: &serde_json::Value| result_of(&call, "sandbox", text, fields);
            let ended = runtime().and_then(|runtime| runtime.block_on(sandbox::run(flags, ready)));
            ended.map_or_else(|trouble| fail(&call, "sandbox", &trouble), |()| Outcome::Done)
        }
    }
}

fn schema_of(what: Schema) -> String {
    match what {
        Schema::Report => json::schema(),
        Schema::Sso => json::schema_of::<crate::report::sso::Tokens>("sso"),
        Schema::Agent => json::schema_of::<crate::report::agent::AgentReport>("agent"),
    }
}

/// Writes what a command of one agent shows, or why it shows nothing.
fn told(call: &Call, command: &str, shown: Result<sso::Shown, Failure>) -> Outcome {
    match shown {
        Ok((text, fields, outcome)) => ended(call, command, outcome, &text, &fields)
            .map_or_else(|trouble| fail(call, command, &trouble), |()| outcome),
        Err(failure) => ended_by(call, command, failure),
    }
}

fn ended_by(call: &Call, command: &str, failure: Failure) -> Outcome {
    match failure {
        Failure::Trouble(trouble) => fail(call, command, &trouble),
        // Told as `validate` tells it.
        Failure::Invalid(section) => {
            conclude(call, Report::new(Subject::Validate, &call.started, vec![*section]))
        }
    }
}

/// Writes a report: errors to stderr, the result to stdout and to every `--report`.
fn conclude(call: &Call, mut report: Report) -> Outcome {
    report.strict |= call.global.strict;
    if call.sandboxed.load(Ordering::Relaxed) && call.global.sandbox_state.is_none() {
        let forgotten = "the sandbox's cluster is forgotten now, --sandbox-state FILE keeps it";
        let before = report.closing.take().into_iter();
        let all: Vec<String> = before.chain([forgotten.to_owned()]).collect();
        report.closing = Some(all.join(" · "));
    }
    if let Some(trouble) = call.events.broken() {
        report.outcome = Outcome::winner([report.outcome, trouble.outcome]);
        report.troubles.push(trouble);
    }
    if call.global.output == Output::Text {
        Console::aside(&text::errors(&report, call.console.aside));
    }
    for file in &call.global.report {
        if let Err(trouble) = write(&file.path, &file.format.render(&report)) {
            call.console.error(&trouble);
            report.outcome = Outcome::winner([report.outcome, trouble.outcome]);
        }
    }
    let written = match call.global.output {
        Output::Text => Console::result(&text::result(&report, call.console.result)),
        Output::Json => Console::document(&report),
    };
    match written {
        Ok(()) => report.outcome,
        Err(trouble) => {
            call.console.error(&trouble);
            Outcome::winner([report.outcome, trouble.outcome])
        }
    }
}

/// Writes what a command that shows a single thing found.
fn one(call: &Call, command: &str, shown: Result<(String, serde_json::Value), Trouble>) -> Outcome {
    match shown.and_then(|(text, fields)| result_of(call, command, &text, &fields)) {
        Ok(()) => Outcome::Done,
        Err(trouble) => fail(call, command, &trouble),
    }
}

fn result_of(
    call: &Call,
    command: &str,
    text: &str,
    fields: &serde_json::Value,
) -> Result<(), Trouble> {
    ended(call, command, Outcome::Done, text, fields)
}

/// Writes what a command found that shows a single thing and ends like this.
fn ended(
    call: &Call,
    command: &str,
    outcome: Outcome,
    text: &str,
    fields: &serde_json::Value,
) -> Result<(), Trouble> {
    match call.global.output {
        Output::Text => Console::result(text),
        Output::Json => Console::result(&json::single(command, &call.started, outcome, fields)),
    }
}

fn fail(call: &Call, command: &str, trouble: &Trouble) -> Outcome {
    call.console.error(trouble);
    if call.global.output == Output::Json
        && let Err(unwritable) = Console::result(&json::failure(command, &call.started, trouble))
    {
        call.console.error(&unwritable);
    }
    trouble.outcome
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

fn write(path: &Path, content: &str) -> Result<(), Trouble> {
    placed(path, content).map_err(|error| {
        Trouble::new("report-unwritable", Outcome::Failed, "The report cannot be written")
            .at(path.display().to_string())
            .because(error.to_string())
            .then("check the path of --report; the result itself is complete")
    })
}

/// Puts a file in its place whole: whoever reads it sees the old one or the new one, never a part.
fn placed(path: &Path, content: &str) -> std::io::Result<()> {
    // What a link points at is replaced, and not the link.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // A pipe or a device takes what is written, and cannot be replaced.
    if path.exists() && !path.is_file() {
        return std::fs::write(&path, content);
    }
    let Some(name) = path.file_name() else { return std::fs::write(&path, content) };
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let kept = std::fs::write(&beside, content).and_then(|()| std::fs::rename(&beside, &path));
    if kept.is_err() {
        // Nothing is left behind; that it could not be written is what is told.
        drop(std::fs::remove_file(&beside));
    }
    kept
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

    use super::{now, outcome_of, placed, wants_json};
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
    fn a_file_is_put_in_its_place_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.prom");
        for content in ["a longer text\n", "b\n"] {
            placed(&path, content).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
        assert!(placed(&folder.path().join("absent/report"), "x").is_err());
        assert!(placed(folder.path(), "x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn times_are_rfc_3339_in_utc() {
        assert!(now().ends_with('Z') && now().len() == 20, "{}", now());
    }
}
