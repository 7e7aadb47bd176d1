//! docs/cli.md: the whole command line on one page.

use super::{Item, Page};

const OPENING: &str = "# The command line

Every command with its flags, as `ippactl COMMAND --help` and `man ippactl-COMMAND` show them. Written from the program by
`just generate`, and held against it by a test: change the help text in `src/cli/args`, not this file.

What comes out is on stdout, everything else on stderr. The exit codes are in [the README](../README.md#exit-codes).
";

/// The page.
pub fn drawn(pages: &[Page]) -> String {
    let mut text = String::from(OPENING);
    text.push_str("\n| command | what it does |\n|---|---|\n");
    for page in pages.iter().filter(|page| page.words.len() == 2) {
        line(
            &mut text,
            &format!("| [`{}`](#{}) | {} |", page.words[1], anchor(page), cell(&page.about)),
        );
    }
    for page in pages {
        text.push('\n');
        command(&mut text, page);
    }
    text
}

fn line(text: &mut String, more: &str) {
    text.extend([more, "\n"]);
}

fn anchor(page: &Page) -> String {
    page.words.join("-")
}

fn command(text: &mut String, page: &Page) {
    let level = "#".repeat(page.words.len().max(2));
    line(text, &format!("{level} {}\n\n{}.", page.name(), page.about.trim_end_matches('.')));
    line(text, &format!("\n```text\n{}\n```", page.usage));
    for note in &page.notes {
        line(text, &format!("\n{note}"));
    }
    if !page.arguments.is_empty() {
        table(text, "argument", &page.arguments);
    }
    for (heading, items) in &page.groups {
        let heading = if heading == "Options" { "flag" } else { heading };
        table(text, heading, items);
    }
    if page.words.len() > 1 && !page.commands.is_empty() {
        line(text, "\n| command | what it does |\n|---|---|");
        for (word, about) in &page.commands {
            let anchor = format!("{}-{word}", anchor(page));
            line(text, &format!("| [`{word}`](#{anchor}) | {} |", cell(about)));
        }
    }
    for example in &page.examples {
        let purpose = example.purpose.trim_end_matches(':');
        line(text, &format!("\n{purpose}:\n\n```sh\n{}\n```", example.lines.join("\n")));
    }
}

fn table(text: &mut String, heading: &str, items: &[Item]) {
    line(text, &format!("\n| {} | |\n|---|---|", heading.to_lowercase()));
    for item in items {
        let mut help = cell(&item.help);
        if !item.values.is_empty() {
            let words = item.values.iter().map(|(word, help)| match help {
                Some(help) => format!("`{word}` ({})", cell(help)),
                None => format!("`{word}`"),
            });
            help = format!("{help}: {}", words.collect::<Vec<_>>().join(", "));
        }
        if let Some(default) = &item.default {
            help = format!("{help} [default: `{}`]", cell(default));
        }
        line(text, &format!("| `{}` | {help} |", item.spelling.replace('|', "\\|")));
    }
}

/// Text as a cell of a table has it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
