//! `__complete SHELL WORD…`: what a shell may offer in place of the last word. The scripts of `completions` call it.
//!
//! Subcommands, flags and counted words come from clap's own tree; what else a value may be is looked up here, by the name
//! that `--help` gives the value. Nothing is asked, spoken to or kept. What cannot be had gives no candidates: a shell has
//! no place for an error.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Arg, Command, CommandFactory, ValueEnum as _};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::report::sanitize;

use super::args::{Cli, Shell};

mod line;
mod names;
mod quoting;
mod source;

use line::Line;
use source::Source;

/// The first word, which no help text mentions.
const WORD: &str = "__complete";

/// What a shell asks, when it is a shell that asks.
pub fn asked(line: &[OsString]) -> Option<&[OsString]> {
    match line {
        [_, word, rest @ ..] if word == WORD => Some(rest),
        _ => None,
    }
}

/// Answers with one candidate a line: the value and, for shells that show it, a tab and what it means.
pub fn answer(words: &[OsString]) -> ExitCode {
    let candidates = candidates(words).unwrap_or_default();
    // A shell that has gone away has seen enough.
    drop(std::io::stdout().lock().write_all(candidates.as_bytes()));
    ExitCode::SUCCESS
}

fn candidates(words: &[OsString]) -> Option<String> {
    let (shell, typed) = words.split_first()?;
    let shell = Shell::from_str(shell.to_str()?, false).ok()?;
    let typed: Option<Vec<&str>> = typed.iter().map(|word| word.to_str()).collect();
    let line = Arc::new(Line::read(shell, &typed?)?);
    let mut command = fitted(Cli::command(), &line);
    let mut args = vec![OsString::from("ippactl")];
    args.extend(line.words().map(OsString::from));
    let current = args.len() - 1;
    let found = clap_complete::engine::complete(&mut command, args, current, None).ok()?;
    let mut lines = String::new();
    for candidate in offered(&line, found) {
        lines.push_str(&candidate);
        lines.push('\n');
    }
    Some(lines)
}

/// Every argument is told what it may be.
fn fitted(command: Command, line: &Arc<Line>) -> Command {
    command.mut_args(|arg| with_source(arg, line)).mut_subcommands(|below| fitted(below, line))
}

fn with_source(arg: Arg, line: &Arc<Line>) -> Arg {
    let Some(source) = Source::of(&arg) else { return arg };
    let line = Arc::clone(line);
    arg.add(ArgValueCompleter::new(move |typed: &std::ffi::OsStr| source.candidates(typed, &line)))
}

/// The lines that are printed. Flags are offered to whoever begins one, or where there is nothing else.
fn offered(line: &Line, found: Vec<CompletionCandidate>) -> Vec<String> {
    let is_flag = |candidate: &CompletionCandidate| {
        candidate.get_value().to_str().is_some_and(|value| value.starts_with('-') && value != "-")
    };
    let only_values = line.current().is_empty() && found.iter().any(|found| !is_flag(found));
    let wanted = found.into_iter().filter(|candidate| !only_values || !is_flag(candidate));
    wanted.filter_map(|candidate| shown(line, &candidate)).collect()
}

/// A name that would command the terminal, or be two lines, is not offered.
fn shown(line: &Line, candidate: &CompletionCandidate) -> Option<String> {
    let value = candidate.get_value().to_str()?;
    if sanitize::line(value) != value {
        return None;
    }
    let value = line.quoting().written(value);
    let meaning = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    let meaning = meaning.lines().next().unwrap_or_default();
    Some(match sanitize::line(meaning).as_ref() {
        "" => value,
        _ if line.quoting().values_only() => value,
        meaning => format!("{value}\t{meaning}"),
    })
}

#[cfg(test)]
mod tests;
