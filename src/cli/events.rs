//! The file of `--events`: everything that happens, as it happens, beside what the terminal shows.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::engine::{Event, Listener};
use crate::outcome::Outcome;
use crate::report::events::{Happened, line};
use crate::report::{Section, Subject};
use crate::trouble::Trouble;

/// The file, if one is wanted.
#[derive(Debug, Default)]
pub struct EventLog(Option<Mutex<Open>>);

#[derive(Debug)]
struct Open {
    file: File,
    path: String,
    failed: Option<String>,
}

/// The events of one deployment.
#[derive(Debug)]
pub struct Events<'a> {
    log: &'a EventLog,
    deployment: &'a str,
}

/// Two that hear the same.
#[derive(Debug)]
pub struct Tee<'a, A> {
    /// Hears it first.
    pub first: &'a A,
    /// Hears it too.
    pub second: Events<'a>,
}

impl EventLog {
    /// Begins the file anew; only its owner can read it.
    pub fn create(path: &Path) -> Result<Self, Trouble> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let path = (path, path.display().to_string());
        let file = options.open(path.0).map_err(|error| unwritable(&path.1, &error.to_string()))?;
        Ok(Self(Some(Mutex::new(Open { file, path: path.1, failed: None }))))
    }

    /// The listener of one deployment.
    pub fn of<'a>(&'a self, deployment: &'a str) -> Events<'a> {
        Events { log: self, deployment }
    }

    /// A deployment's run begins.
    pub fn started(&self, deployment: &str, subject: Subject) {
        self.write(deployment, &Happened::Started(subject));
    }

    /// A deployment's run has ended: its steps, and how.
    pub fn finished(&self, section: &Section) {
        if self.0.is_none() {
            return;
        }
        for step in &section.plan.steps {
            self.write(&section.name, &Happened::Step(step));
        }
        self.write(&section.name, &Happened::Finished(section.outcome));
    }

    /// Why not everything could be written.
    pub fn broken(&self) -> Option<Trouble> {
        let open = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        open.failed.as_ref().map(|why| unwritable(&open.path, why))
    }

    fn write(&self, deployment: &str, happened: &Happened<'_>) {
        let Some(open) = &self.0 else { return };
        let now = OffsetDateTime::now_utc();
        let now = now.replace_nanosecond(now.nanosecond() / 1_000_000 * 1_000_000).unwrap_or(now);
        let text = line(&now.format(&Rfc3339).unwrap_or_default(), deployment, happened);
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.failed.is_none()
            && let Err(error) = open.file.write_all(text.as_bytes())
        {
            open.failed = Some(error.to_string());
        }
    }
}

impl Listener for Events<'_> {
    fn event(&self, event: Event) {
        let happened = match &event {
            Event::Reading { what, done, total } => Happened::Reading(what, *done, *total),
            Event::Applying { done, total, current } => Happened::Applying(*done, *total, current),
            Event::Waiting { seconds, why } => Happened::Waiting(*seconds, why),
            Event::Note(text) => Happened::Note(text),
        };
        self.log.write(self.deployment, &happened);
    }
}

impl<A: Listener> Listener for Tee<'_, A> {
    fn event(&self, event: Event) {
        self.second.event(event.clone());
        self.first.event(event);
    }
}

fn unwritable(path: &str, why: &str) -> Trouble {
    Trouble::new("events-unwritable", Outcome::Failed, "The events cannot be written")
        .at(path)
        .because(why)
        .then("check the path of --events")
}
