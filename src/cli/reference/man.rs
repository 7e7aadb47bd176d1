//! A command's manual page.

use crate::outcome::Outcome;

use super::roff::Roff;
use super::{Item, Page, surroundings};

/// The day of this version, as CHANGELOG.md has it: nothing before it is released.
pub const RELEASED: &str = "";

/// The name of the file: `ippactl-sso-login.1`.
pub fn file_name(page: &Page) -> String {
    format!("{}.1", page.words.join("-"))
}

/// The page, for man(1).
pub fn drawn(page: &Page, all: &[Page]) -> String {
    let name = page.words.join("-");
    let mut roff = Roff::new(&name, RELEASED, concat!("ippactl ", env!("CARGO_PKG_VERSION")));
    let is_root = page.words.len() == 1;
    roff.section("Name");
    roff.text(&format!("{name} - {}", lower(&page.about)).replacen(" - ", " \u{0}", 1));
    synopsis(&mut roff, page);
    roff.section("Description");
    roff.text(&sentence(&page.about));
    if is_root {
        for paragraph in surroundings::DESCRIPTION {
            roff.paragraph(paragraph);
        }
    }
    for note in page.notes.iter().filter(|_| !is_root) {
        roff.paragraph(note);
    }
    if !page.commands.is_empty() {
        roff.section("Commands");
        for (word, about) in &page.commands {
            roff.term(&format!("{} {word}", page.name()), &sentence(about));
        }
    }
    options(&mut roff, page);
    exit_status(&mut roff, page);
    let environment = surroundings::environment(page);
    if !environment.is_empty() {
        roff.section("Environment");
        for (name, meaning) in environment {
            roff.term(name, meaning);
        }
    }
    let files = surroundings::files(page);
    if !files.is_empty() {
        roff.section("Files");
        for (path, meaning) in files {
            roff.term(path, meaning);
        }
    }
    if !page.examples.is_empty() {
        roff.section("Examples");
        for example in &page.examples {
            roff.paragraph(&example.purpose);
            roff.verbatim(&example.lines);
        }
    }
    see_also(&mut roff, page, all);
    roff.finish().replace('\u{0}', "\\- ")
}

fn synopsis(roff: &mut Roff, page: &Page) {
    roff.section("Synopsis");
    let rest = page.usage.strip_prefix(&page.name()).unwrap_or(&page.usage);
    roff.text(&format!("`{}`{rest}", page.name()));
}

fn options(roff: &mut Roff, page: &Page) {
    let groups = page.groups.iter().map(|(heading, items)| (heading.as_str(), items));
    let own = (!page.arguments.is_empty()).then_some(("Arguments", &page.arguments));
    let all: Vec<_> = own.into_iter().chain(groups).collect();
    let below = page.words.len() > 1;
    if all.is_empty() && !below {
        return;
    }
    roff.section("Options");
    for (heading, items) in &all {
        if all.len() > 1 || *heading != "Options" {
            roff.part(heading);
        }
        for item in *items {
            roff.term(&item.spelling, &meaning(item));
        }
    }
    if below {
        let elsewhere = "Flags that every command takes, such as `--output`, `--yes` and `--sandbox`, are in `ippactl`(1).";
        roff.paragraph(elsewhere);
    }
}

/// What a flag does, its words and its default.
fn meaning(item: &Item) -> String {
    let mut meaning = sentence(&item.help);
    for (word, help) in &item.values {
        meaning.extend(["\n`", word, "`"]);
        if let Some(help) = help {
            meaning.extend([": ", &lower(help)]);
        }
    }
    if let Some(default) = &item.default {
        meaning.extend(["\nDefault: `", default, "`"]);
    }
    meaning
}

fn exit_status(roff: &mut Roff, page: &Page) {
    roff.section("Exit status");
    if page.words.ends_with(&["sso".to_owned(), "exec".to_owned()]) {
        roff.text("That of the command; one of these where it could not be started:");
    }
    let mut outcomes = Outcome::BY_PRECEDENCE;
    outcomes.sort_by_key(|outcome| outcome.code());
    for outcome in outcomes {
        roff.term(&outcome.code().to_string(), &sentence(outcome.meaning()));
    }
    let order: Vec<_> = Outcome::BY_PRECEDENCE.iter().filter(|o| **o != Outcome::Done).collect();
    let order: Vec<_> = order.iter().map(|outcome| outcome.code().to_string()).collect();
    roff.paragraph(&format!("When several hold, the first of {} wins.", order.join(", ")));
}

fn see_also(roff: &mut Roff, page: &Page, all: &[Page]) {
    let words = &page.words;
    let above = (words.len() > 1).then(|| words[..words.len() - 1].join("-"));
    let below = all
        .iter()
        .filter(|other| other.words.len() == words.len() + 1 && other.words.starts_with(words));
    let mut names: Vec<String> = above.into_iter().collect();
    names.extend(below.map(|other| other.words.join("-")));
    names.extend(surroundings::related(page).iter().map(|name| format!("ippactl-{name}")));
    let mut known = std::collections::BTreeSet::new();
    names.retain(|name| *name != words.join("-") && known.insert(name.clone()));
    if names.is_empty() {
        return;
    }
    roff.section("See also");
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`(1)")).collect();
    roff.text(&names.join(", "));
}

/// Help texts have no full stop; a paragraph does.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let begun: String = match letters.next() {
        Some(first) if !text.starts_with("ippactl") => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    };
    if begun.ends_with(['.', ':', '!', '?']) { begun } else { begun + "." }
}

/// The first letter small, where it begins a word and not a name.
fn lower(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut letters = text.chars();
    let second_is_small = text.chars().nth(1).is_some_and(|c| c.is_lowercase() || c == ' ');
    match letters.next() {
        Some(first) if second_is_small => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
