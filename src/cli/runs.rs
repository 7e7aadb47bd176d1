//! `runs` and `runs show`: what the journals of a state folder tell. And the choice of the run that `undo` takes back.

use std::path::{Path, PathBuf};

use crate::engine::journal::runs::{RunRecord, runs as read_runs};
use crate::outcome::Outcome;
use crate::playbook::diagnostic::nearest;
use crate::report::runs as drawn;
use crate::trouble::Trouble;

use super::args::{Global, RunsAction};
use super::link::kept_folder;

/// Lists the runs, or shows one. As text and as fields of a JSON document.
pub fn runs(
    global: &Global,
    action: Option<&RunsAction>,
) -> Result<(String, drawn::RunsTold), Trouble> {
    let all = all(global)?;
    match action {
        None => Ok((drawn::list(&all), drawn::fields(&all))),
        Some(RunsAction::Show { run }) => {
            let record = named(&all, run)?;
            let calls = record.read(None)?;
            Ok((drawn::run(record, &calls), drawn::run_fields(record, &calls)))
        }
    }
}

/// Every run of the state folder.
pub fn all(global: &Global) -> Result<Vec<RunRecord>, Trouble> {
    read_runs(&folder(global)?)
}

fn folder(global: &Global) -> Result<PathBuf, Trouble> {
    kept_folder(global)?.ok_or_else(|| {
        Trouble::new("runs-forgotten", Outcome::Usage, "A sandbox that is not kept has no runs")
            .because("its cluster and its journals last as long as the command that started it")
            .then("give --sandbox-state FILE, here and to the run before")
    })
}

/// The run of this name, or of this journal: reports name it by its path.
pub fn named<'a>(all: &'a [RunRecord], name: &str) -> Result<&'a RunRecord, Trouble> {
    let journal = Path::new(name);
    let stem = journal.file_stem().and_then(|stem| stem.to_str());
    let is_journal = journal.extension().is_some_and(|extension| extension == "jsonl");
    let name = stem.filter(|_| is_journal).unwrap_or(name);
    let begins = |record: &&RunRecord| record.id.starts_with(name);
    let mut found = all.iter().filter(begins);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(_)) if one.id == name => Ok(one),
        (None, _) => {
            let ids: Vec<&str> = all.iter().map(|record| record.id.as_str()).collect();
            let next = match nearest(name, &ids) {
                Some(near) => format!("did you mean {near}? `ippactl runs` lists all"),
                None => "see `ippactl runs`".to_owned(),
            };
            Err(unknown(format!("There is no run {name}"), &next))
        }
        (Some(_), Some(_)) => {
            Err(unknown(format!("Several runs begin with {name}"), "give more of the name"))
        }
    }
}

/// The newest run that changed something and was not taken back.
pub fn newest(all: &[RunRecord]) -> Result<&RunRecord, Trouble> {
    let undone = |record: &RunRecord| all.iter().any(|other| other.undoes() == Some(&record.id));
    let open =
        |record: &&RunRecord| record.calls > 0 && record.undoes().is_none() && !undone(record);
    let Some(newest) = all.iter().rfind(open) else {
        let next = "run apply first; a run that was taken back once is named: ippactl undo RUN";
        return Err(unknown("There is no run to take back".to_owned(), next));
    };
    let other = |record: &&RunRecord| record.state != newest.state;
    if all.iter().filter(open).any(|record| other(&record)) {
        let next = format!("name the run; the newest is {} of {}", newest.id, newest.deployment());
        return Err(unknown("Runs of several deployments could be meant".to_owned(), &next));
    }
    Ok(newest)
}

fn unknown(what: String, next: &str) -> Trouble {
    Trouble::new("run-unknown", Outcome::Usage, what).then(next.to_owned())
}
