//! docs/cli.md: the whole command line on one page.

use super::{Item, Page};

const OPENING: &str = "# The command line

Every command with its flags, as `ippactl COMMAND --help` and `man ippactl-COMMAND` show them. Written from the program by
`just generate`, and held against it by a test: change the help text in `src/cli/args`, not this file.

What comes out is on stdout, everything else on stderr. The exit codes are in [the README](../README.md#exit-codes).
";

/// Flags that most commands have under this heading stand in a section of their own.
const SITE: &str = "Without a playbook";

/// What these flags have in common: so many commands take them.
const MANY: usize = 5;

/// The flags of [`SITE`] that many commands take.
fn of_the_site(pages: &[Page]) -> Vec<Item> {
    let under = |page: &Page| {
        let groups = page.groups.iter().filter(|(heading, _)| heading == SITE);
        groups.flat_map(|(_, items)| items.clone()).collect::<Vec<_>>()
    };
    let all: Vec<Item> = pages.iter().flat_map(under).collect();
    let mut shared: Vec<Item> = Vec::new();
    for item in &all {
        let is_new = !shared.contains(item);
        if is_new && all.iter().filter(|other| *other == item).count() >= MANY {
            shared.push(item.clone());
        }
    }
    shared
}

/// The page.
pub fn drawn(pages: &[Page]) -> String {
    let site = of_the_site(pages);
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
        command(&mut text, page, &site);
        if page.words.len() == 1 {
            line(&mut text, "\n## Where the site is\n");
            line(
                &mut text,
                "For commands that can do without a playbook: what it says in `cucm`, `finesse`, `credentials` and `tls`.",
            );
            table(&mut text, "flag", &site);
        }
    }
    text
}

fn line(text: &mut String, more: &str) {
    text.extend([more, "\n"]);
}

fn anchor(page: &Page) -> String {
    page.words.join("-")
}

fn command(text: &mut String, page: &Page, site: &[Item]) {
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
        let own: Vec<Item> = items.iter().filter(|item| !site.contains(item)).cloned().collect();
        if own.len() < items.len() {
            line(
                text,
                "\nAnd, without a playbook, the flags that say [where the site is](#where-the-site-is).",
            );
        }
        if !own.is_empty() {
            table(text, if heading == "Options" { "flag" } else { heading }, &own);
        }
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
