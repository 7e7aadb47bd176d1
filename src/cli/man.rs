//! `man`: a manual page, or all of them as files.

use std::path::Path;

use crate::outcome::Outcome;
use crate::playbook::diagnostic::nearest;
use crate::trouble::Trouble;

use super::args::Man;
use super::console::Console;
use super::reference::{Page, man, pages};

/// Prints the page of a command, or writes pages into a folder.
pub fn man(flags: &Man) -> Result<(), Trouble> {
    let all = pages();
    let wanted = named(&all, &flags.command)?;
    let Some(folder) = &flags.out else {
        return Console::result(&man::drawn(wanted, &all));
    };
    let only = !flags.command.is_empty();
    let written = all.iter().filter(|page| !only || page.words == wanted.words);
    write(folder, written.map(|page| (man::file_name(page), man::drawn(page, &all))))
}

/// The command of these words; `ippactl` itself without any.
fn named<'a>(all: &'a [Page], words: &[String]) -> Result<&'a Page, Trouble> {
    all.iter().find(|page| page.words[1..] == *words).ok_or_else(|| {
        let asked = words.join(" ");
        let names: Vec<String> = all.iter().map(|page| page.words[1..].join(" ")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let next = match nearest(&asked, &names) {
            Some(near) => format!("did you mean `ippactl man {near}`?"),
            None => "see ippactl --help".to_owned(),
        };
        Trouble::new("usage", Outcome::Usage, format!("There is no command `{asked}`")).then(next)
    })
}

fn write(folder: &Path, pages: impl Iterator<Item = (String, String)>) -> Result<(), Trouble> {
    let unwritable = |path: &Path, error: &std::io::Error| {
        Trouble::new("file-unwritable", Outcome::Failed, "A file cannot be written")
            .at(path.display().to_string())
            .because(error.to_string())
            .then("give another folder, or look at who may write there")
    };
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    for (name, text) in pages {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}
