//! The command line as data: every command with its usage, flags and examples, as clap knows them. `man` and
//! docs/cli.md are drawn from it, so that neither can say something else than `--help` does.

use clap::builder::PossibleValue;
use clap::{Arg, Command, CommandFactory};

use super::args::Cli;

pub mod man;
pub mod markdown;
pub mod roff;
pub mod surroundings;

/// A command.
#[derive(Debug, Clone)]
pub struct Page {
    /// `ippactl`, `sso`, `login`.
    pub words: Vec<String>,
    /// What it does.
    pub about: String,
    /// How it is called.
    pub usage: String,
    /// What is named without a flag.
    pub arguments: Vec<Item>,
    /// Flags under their headings; of the global ones the first command alone has any.
    pub groups: Vec<(String, Vec<Item>)>,
    /// The commands below it, and what each does.
    pub commands: Vec<(String, String)>,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// How it is used.
    pub examples: Vec<Example>,
}

/// A flag or an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `-v, --verbose...`.
    pub spelling: String,
    /// What it does.
    pub help: String,
    /// The words that it takes, where they are counted, and what each means.
    pub values: Vec<(String, Option<String>)>,
    /// What is taken without it.
    pub default: Option<String>,
}

/// Lines to type, and what for.
#[derive(Debug, Clone)]
pub struct Example {
    /// What for.
    pub purpose: String,
    /// The lines.
    pub lines: Vec<String>,
}

impl Page {
    /// `ippactl sso login`.
    pub fn name(&self) -> String {
        self.words.join(" ")
    }
}

/// Every command in the order of `--help`, `ippactl` itself first.
pub fn pages() -> Vec<Page> {
    let mut root = Cli::command();
    root.build();
    let mut pages = Vec::new();
    collect(&root, &[], &mut pages);
    pages
}

/// The commands below one, without clap's `help`.
fn below(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| below.get_name() != "help" && !below.is_hide_set())
}

fn collect(command: &Command, above: &[String], pages: &mut Vec<Page>) {
    let mut words = above.to_vec();
    words.push(command.get_name().to_owned());
    pages.push(page(command, words.clone()));
    for below in below(command) {
        collect(below, &words, pages);
    }
}

fn page(command: &Command, words: Vec<String>) -> Page {
    let is_root = words.len() == 1;
    let text = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string);
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let shown = |arg: &&Arg| !arg.is_hide_set() && (is_root || !above_knows(arg));
    let mut groups: Vec<(String, Vec<Item>)> = Vec::new();
    for arg in command.get_arguments().filter(shown).filter(|arg| !arg.is_positional()) {
        let heading = arg.get_help_heading().unwrap_or("Options");
        match groups.iter_mut().find(|(known, _)| known == heading) {
            Some((_, items)) => items.push(item(arg)),
            None => groups.push((heading.to_owned(), vec![item(arg)])),
        }
    }
    let after = text(command.get_after_help()).unwrap_or_default();
    let (examples, notes): (Vec<&str>, Vec<&str>) = after
        .split("\n\n")
        .filter(|part| !part.is_empty())
        .partition(|part| part.starts_with(EXAMPLES));
    Page {
        about: text(command.get_about()).unwrap_or_default(),
        usage,
        arguments: command.get_positionals().filter(shown).map(item).collect(),
        groups,
        commands: below(command)
            .map(|below| (below.get_name().to_owned(), text(below.get_about()).unwrap_or_default()))
            .collect(),
        notes: notes.into_iter().map(str::to_owned).collect(),
        examples: examples.into_iter().flat_map(read_examples).collect(),
        words,
    }
}

/// Whether a flag is described with `ippactl` itself.
fn above_knows(arg: &Arg) -> bool {
    arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str())
}

fn item(arg: &Arg) -> Item {
    let takes_value = arg.get_action().takes_values();
    let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let values = if takes_value { arg.get_possible_values() } else { Vec::new() };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let told = |word: &str| help.split(|c: char| !c.is_alphanumeric()).any(|known| known == word);
    let meaning = |value: &PossibleValue| {
        let meaning = value.get_help().map(ToString::to_string);
        meaning.filter(|meaning| !meaning.eq_ignore_ascii_case(value.get_name()))
    };
    let values: Vec<_> = values
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| (value.get_name().to_owned(), meaning(value)))
        .collect();
    // Words that mean nothing more than the text says are not said twice.
    let known = values.iter().all(|(word, meaning)| meaning.is_none() && told(word));
    let defaults = arg.get_default_values();
    let defaults: Vec<_> = defaults.iter().map(|value| value.to_string_lossy()).collect();
    Item {
        spelling: format!("{short}{arg}"),
        help: help.clone(),
        values: if known { Vec::new() } else { values },
        default: (takes_value && !defaults.is_empty()).then(|| defaults.join(", ")),
    }
}

/// How the examples of a help text begin; each has what it is for at two spaces, and its lines at four.
const EXAMPLES: &str = "Examples:\n";

fn read_examples(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in text.trim_start_matches(EXAMPLES).lines() {
        match (line.strip_prefix("    "), examples.last_mut()) {
            (Some(line), Some(example)) => example.lines.push(line.to_owned()),
            _ => examples.push(Example { purpose: line.trim().to_owned(), lines: Vec::new() }),
        }
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::pages;
    use crate::cli::args::Cli;

    #[test]
    fn every_command_says_what_it_does_and_every_flag_too() {
        let pages = pages();
        assert!(pages.len() > 50, "{}", pages.len());
        for page in &pages {
            assert!(!page.about.is_empty(), "{}", page.name());
            let flags = page.groups.iter().flat_map(|(_, items)| items);
            for item in flags.chain(&page.arguments) {
                assert!(!item.help.is_empty(), "{} {}", page.name(), item.spelling);
            }
        }
    }

    #[test]
    fn global_flags_are_told_once() {
        let pages = pages();
        let with = |flag: &str| {
            let has = |page: &&super::Page| {
                page.groups.iter().any(|(_, items)| items.iter().any(|i| i.spelling.contains(flag)))
            };
            pages.iter().filter(has).map(super::Page::name).collect::<Vec<_>>()
        };
        assert_eq!(with("--state-dir"), ["ippactl"]);
        assert_eq!(with("--help"), ["ippactl"]);
        assert_eq!(with("--canary"), ["ippactl apply"]);
    }

    #[test]
    fn every_example_is_a_line_that_is_understood() {
        let pages = pages();
        let lines: Vec<_> =
            pages.iter().flat_map(|page| &page.examples).flat_map(|e| &e.lines).collect();
        assert!(lines.len() > 20, "{}", lines.len());
        for line in lines {
            // What is piped, redirected or commented is the shell's.
            let at = line.find("ippactl ").unwrap_or_else(|| panic!("{line}"));
            let own = line[at..].split(['|', ';', '<', '>', '#', ')']).next().unwrap_or_default();
            let words = own.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
            assert!(Cli::read(words).is_ok(), "{line}");
        }
    }
}
