//! Several deployments in one call: each on a thread of its own, so that none waits for another's files, names or answers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::outcome::Outcome;
use crate::report::merge::{Part, holder};
use crate::report::scope::Shard;
use crate::report::{Report, Section};
use crate::trouble::Trouble;

use super::Call;
use super::args::Several;
use super::load::{Loaded, load};
use super::pipeline::Pipeline;
use super::run::{Work, run};

/// A run's futures are deep, and a thread has less room than the first one.
const STACK: usize = 16 * 1024 * 1024;

/// A playbook that validates, or what is reported of it.
type Read = Result<Loaded, Box<Section>>;

/// Runs all playbooks of a call; one section each, in the order of the command line.
pub fn run_all(
    call: &Call,
    pipeline: &(impl Pipeline + Sync),
    several: &Several,
    shard: Option<Shard>,
    work: &(impl Work + Sync),
) -> Report {
    let files = &several.playbooks;
    let mut read: Vec<Read> =
        files.iter().map(|file| load(file, call.console.aside.color)).collect();
    let mut part = None;
    if let Some(shard) = shard {
        let names: Vec<String> = read.iter().map(|read| name(read).to_owned()).collect();
        if read.len() > 1 {
            let mut keep = names.iter().map(|name| holder(name, shard.of) == shard.index);
            read.retain(|_| keep.next().unwrap_or(true));
        }
        part = Some(Part { index: shard.index, of: shard.of, deployments: names });
    }
    if work.writes() {
        refuse_all(&mut read);
    }
    let sections = match read.len() {
        0 => Vec::new(),
        1 if files.len() == 1 => {
            read.into_iter().map(|read| section(call, pipeline, read, work)).collect()
        }
        _ => side_by_side(call, pipeline, read, usize::from(several.at_once), work),
    };
    let mut report = Report::new(work.subject(), &call.started, sections);
    report.closing = part.as_ref().map(|part| format!("part {} of {}", part.index, part.of));
    report.part = part;
    report
}

fn name(read: &Read) -> &str {
    match read {
        Ok(loaded) => &loaded.deployment.name,
        Err(section) => &section.name,
    }
}

fn section(call: &Call, pipeline: &impl Pipeline, read: Read, work: &impl Work) -> Section {
    match read {
        Ok(loaded) => run(call, pipeline, loaded, work),
        Err(section) => *section,
    }
}

fn side_by_side(
    call: &Call,
    pipeline: &(impl Pipeline + Sync),
    read: Vec<Read>,
    at_once: usize,
    work: &(impl Work + Sync),
) -> Vec<Section> {
    call.progress.several(read.len(), call.global.quiet);
    let tasks: Vec<Mutex<Option<Read>>> =
        read.into_iter().map(|read| Mutex::new(Some(read))).collect();
    let done: Mutex<BTreeMap<usize, Section>> = Mutex::default();
    let (next, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    let take_turns = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(index) else { return };
            let Some(read) = task.lock().unwrap_or_else(PoisonError::into_inner).take() else {
                continue;
            };
            let section = if ended.load(Ordering::Relaxed) {
                Section::of(name(&read), not_begun())
            } else {
                section(call, pipeline, read, work)
            };
            if section.outcome == Outcome::Interrupted {
                ended.store(true, Ordering::Relaxed);
            }
            call.progress.one_done(&call.floor);
            done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, section);
        }
    };
    thread::scope(|scope| {
        let threads = (0..at_once.min(tasks.len())).map(|_| {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take_turns).is_ok()
        });
        // Where the system gives no thread, they run one after the other.
        if threads.filter(|begun| *begun).count() == 0 {
            take_turns();
        }
    });
    call.progress.clear();
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn not_begun() -> Trouble {
    Trouble::new("interrupted", Outcome::Interrupted, "Interrupted before it was begun")
        .then("run the same command again: it reads first and finishes what is missing")
}

/// A call that writes begins with none of its playbooks when one does not validate, or two are of one deployment.
fn refuse_all(read: &mut [Read]) {
    let mut known: BTreeMap<(String, String), String> = BTreeMap::new();
    for one in read.iter_mut() {
        let Ok(loaded) = one else { continue };
        let deployment = &loaded.deployment;
        let publisher = deployment.cucm.publisher.host.to_lowercase();
        let (key, file) = ((deployment.name.clone(), publisher), deployment.file.to_string());
        if let Some(first) = known.insert(key, file.clone()) {
            let what = "Two playbooks of the call are of one deployment";
            let trouble = Trouble::new("deployment-twice", Outcome::Usage, what)
                .at(file)
                .because(format!(
                    "{first} has the same name and publisher, and so the same state folder"
                ))
                .then("give each deployment once, or apply one after the other");
            *one = Err(Box::new(Section::of(&deployment.name, trouble)));
        }
    }
    if !read.iter().any(Result::is_err) {
        return;
    }
    for one in read.iter_mut() {
        if let Ok(loaded) = one {
            let what = "Not begun, because another playbook of the call is refused";
            let trouble = Trouble::new("another-playbook-refused", Outcome::Usage, what)
                .at(loaded.deployment.file.to_string())
                .then("correct the other playbook, or leave it out");
            *one = Err(Box::new(Section::of(&loaded.deployment.name, trouble)));
        }
    }
}
