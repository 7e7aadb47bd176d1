//! What the documents tell to type is typed: each `sh` and `console` block of README, CONTRIBUTING, SECURITY and docs/*.md is
//! run, and each command in their sentences is at least a command line.
//!
//! The blocks of a page are run in its order, in one folder, against one sandbox: a page is a story. A line that ends with
//! `# exit code N` has to end with it, every other one with 0. What a `console` block shows is compared. A block that cannot be
//! run here says so in the line before it: `<!-- not run here: REASON; run by WHAT -->`.

mod examples;
mod page;
mod place;

use std::path::Path;

use clap::CommandFactory as _;
use ippactl::cli::args::Cli;

use crate::source::files;
use page::{Block, blocks};
use place::Place;

const CLI: &str = "docs/cli.md";

/// The documents, as they are read by people.
fn pages() -> Vec<(String, String)> {
    let roots = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs"];
    let mut found = files(&roots);
    found.retain(|(path, _)| Path::new(path).extension().is_some_and(|ext| ext == "md"));
    // Drawn from help texts, whose examples have a test of their own.
    found.retain(|(path, _)| path != CLI);
    assert!(found.len() > 10, "the documents were not found");
    found
}

/// Runs what a page tells; gives back what was wrong, how many blocks ran, and those that did not.
fn told(path: &str, text: &str) -> (Vec<String>, usize, Vec<String>) {
    let (mut wrong, mut ran, mut left_out) = (Vec::new(), 0, Vec::new());
    let mut place = None;
    for block in blocks(text) {
        let at = format!("{path}:{}", block.line);
        match &block.not_run {
            Some(why) if why.contains("; run by ") => left_out.push(format!("{at}: {why}")),
            Some(why) => wrong.push(format!("{at}: who runs it? '{why}'")),
            None => {
                let place = place.get_or_insert_with(|| Place::new(text));
                wrong.extend(run(place, &block).into_iter().map(|what| format!("{at}: {what}")));
                ran += 1;
            }
        }
    }
    (wrong, ran, left_out)
}

fn run(place: &Place, block: &Block) -> Option<String> {
    if !block.is_console {
        let (code, said) = place.run(&block.script());
        return (code != 0).then(|| format!("ended with {code}\n{}\n{said}", block.text));
    }
    block.typed().into_iter().find_map(|typed| {
        let (code, said) = place.run(&typed.command);
        if code != typed.code {
            return Some(format!(
                "{} ended with {code}, not {}\n{said}",
                typed.command, typed.code
            ));
        }
        let differs = page::difference(&typed.shown, &said)?;
        Some(format!("{}\nshows now:\n{said}\nwhere it differs: {differs}", typed.command))
    })
}

#[test]
#[expect(clippy::print_stdout, reason = "what it counts is for people")]
fn every_block_that_is_a_command_is_run() {
    let pages = pages();
    let told: Vec<_> = std::thread::scope(|scope| {
        let waiting: Vec<_> =
            pages.iter().map(|(path, text)| scope.spawn(|| told(path, text))).collect();
        waiting.into_iter().map(|page| page.join().unwrap()).collect()
    });
    let wrong: Vec<&str> = told.iter().flat_map(|(wrong, ..)| wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
    let ran: usize = told.iter().map(|(_, ran, _)| ran).sum();
    let left_out: Vec<&str> =
        told.iter().flat_map(|(.., left_out)| left_out).map(String::as_str).collect();
    println!("{ran} blocks ran, {} did not:\n{}", left_out.len(), left_out.join("\n"));
    assert!(ran > left_out.len(), "most blocks are run");
}

#[test]
fn every_command_in_a_sentence_is_a_command_line() {
    let mut wrong = Vec::new();
    let mut judged = 0;
    for (path, text) in pages() {
        for (line, words) in page::inline(&text) {
            judged += 1;
            let parsed = Cli::command().try_get_matches_from(&words);
            let refused = parsed.err().filter(|error| error.exit_code() != 0);
            if let Some(error) = refused.filter(|error| !page::names_a_command_alone(error)) {
                wrong.push(format!("{path}:{line}: {}: {error}", words.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(judged > 30, "{judged} commands were found");
}

#[test]
fn a_block_that_is_wrong_is_found() {
    let fence = "```";
    let page = |kind: &str, body: &str| format!("# A page\n\n{fence}{kind}\n{body}\n{fence}\n");
    let wrong = |text: &str| told("x.md", text).0.join("\n");
    assert!(wrong(&page("sh", "false")).contains("x.md:3: ended with 1"));
    assert!(wrong(&page("sh", "true  # exit code 2\ntrue")).contains("ended with 0, not 2"));
    assert_eq!(wrong(&page("sh", "(exit 2)  # exit code 2\ntrue")), "");
    assert!(wrong(&page("console", "$ echo a\nb")).contains("where it differs: b"));
    for shown in ["a", "a\nc", "…\na", "b\n…", "…\nc\n…"] {
        let page = page("console", &format!("$ printf 'a\\nb\\n'\n{shown}"));
        assert!(wrong(&page).contains("where it differs"), "{shown}");
    }
    assert_eq!(
        wrong(&page("console", "$ printf 'a\\nb\\nc\\n'\na\n…\n$ (exit 3)  # exit code 3")),
        ""
    );
    let marked = format!(
        "<!-- not run here: it waits -->\n{}",
        page("sh", "true").trim_start_matches("# A page\n\n")
    );
    assert!(wrong(&marked).contains("who runs it?"));
    let words = page::inline("See `ippactl plan site.yaml` and `ippactl COMMAND`, not `ippactl`.");
    assert_eq!(words, [(1, vec!["ippactl".to_owned(), "plan".into(), "site.yaml".into()])]);
}
