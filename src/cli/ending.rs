//! How a call ends: its result on stdout and in the files of `--report`, its errors on stderr.

use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::outcome::Outcome;
use crate::report::json::Fields;
use crate::report::{Report, Subject, json, terminal as text};
use crate::trouble::Trouble;

use super::args::Output;
use super::console::Console;
use super::way::Failure;
use super::{Call, sso};

/// Writes what a command of one agent shows, or why it shows nothing.
pub fn told(call: &Call, command: &str, shown: Result<sso::Shown, Failure>) -> Outcome {
    match shown {
        Ok((text, fields, outcome)) => ended(call, command, outcome, &text, &fields)
            .map_or_else(|trouble| fail(call, command, &trouble), |()| outcome),
        Err(failure) => ended_by(call, command, failure),
    }
}

/// Writes why a command of one agent shows nothing.
pub fn ended_by(call: &Call, command: &str, failure: Failure) -> Outcome {
    match failure {
        Failure::Trouble(trouble) => fail(call, command, &trouble),
        // Told as `validate` tells it.
        Failure::Invalid(section) => {
            conclude(call, Report::new(Subject::Validate, &call.started, vec![*section]))
        }
    }
}

/// Writes a report: errors to stderr, the result to stdout and to every `--report`.
pub fn conclude(call: &Call, mut report: Report) -> Outcome {
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
        Output::Text => Console::page(&text::result(&report, call.console.result)),
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
pub fn one(call: &Call, command: &str, shown: Result<(String, impl Fields), Trouble>) -> Outcome {
    match shown.and_then(|(text, fields)| result_of(call, command, &text, &fields)) {
        Ok(()) => Outcome::Done,
        Err(trouble) => fail(call, command, &trouble),
    }
}

/// Writes what a command found that shows a single thing and is done.
pub fn result_of(
    call: &Call,
    command: &str,
    text: &str,
    fields: &impl Fields,
) -> Result<(), Trouble> {
    ended(call, command, Outcome::Done, text, fields)
}

/// Writes what a command found that shows a single thing and ends like this.
pub fn ended(
    call: &Call,
    command: &str,
    outcome: Outcome,
    text: &str,
    fields: &impl Fields,
) -> Result<(), Trouble> {
    match call.global.output {
        Output::Text => Console::page(text),
        Output::Json => Console::result(&json::single(command, &call.started, outcome, fields)),
    }
}

/// Writes why a command has nothing to show.
pub fn fail(call: &Call, command: &str, trouble: &Trouble) -> Outcome {
    call.console.error(trouble);
    if call.global.output == Output::Json
        && let Err(unwritable) = Console::result(&json::failure(command, &call.started, trouble))
    {
        call.console.error(&unwritable);
    }
    trouble.outcome
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
pub fn placed(path: &Path, content: &str) -> std::io::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::placed;

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
}
