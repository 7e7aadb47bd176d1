//! Progress of long work on stderr: a bar with rate and time left on a terminal, else a line every few seconds.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::{Event, Listener, Stop};
use crate::report::sanitize::line;

use super::Call;
use super::connect::terminal;
use super::console::Console;
use super::floor::{Floor, Held};

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(120);

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(5);

const COUNTED: &str = "{spinner} {prefix} {pos}/{len} [{bar:24}] {per_sec}, {eta} left  {msg}";
const UNCOUNTED: &str = "{spinner} {prefix} {pos} {per_sec}  {msg}";

const DEPLOYMENTS: &str = "{spinner} {pos}/{len} deployments [{bar:24}] {elapsed}  {msg}";

/// What the deployments of a call share: whether there are several, their one bar, and what was said to all of them.
#[derive(Debug, Default)]
pub struct Shared {
    several: AtomicBool,
    done: AtomicU64,
    bar: Mutex<Option<ProgressBar>>,
    said: Mutex<Vec<String>>,
}

impl Shared {
    /// So many deployments run at once.
    pub fn several(&self, number: usize, quiet: bool) {
        self.several.store(true, Ordering::Relaxed);
        if quiet || !terminal::stderr_is_terminal() {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(number as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(DEPLOYMENTS) {
            bar.set_style(style);
        }
        *self.bar() = Some(bar);
    }

    /// Whether there are several.
    pub fn are_several(&self) -> bool {
        self.several.load(Ordering::Relaxed)
    }

    /// One of them has ended.
    pub fn one_done(&self, floor: &Floor) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = self.bar().as_ref().filter(|_| !floor.is_elsewhere()) {
            bar.set_position(done);
        }
    }

    /// All of them have.
    pub fn clear(&self) {
        if let Some(bar) = self.bar().take() {
            bar.finish_and_clear();
        }
    }

    /// Says once what each deployment would say.
    pub fn once(&self, call: &Call, text: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if !said.iter().any(|known| known == text) {
            said.push(text.to_owned());
            call.console.note(text);
        }
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows events as they come.
#[derive(Debug)]
pub struct Progress {
    console: Console,
    form: Form,
    /// The deployment, where there are several.
    name: Option<String>,
    floor: Floor,
}

#[derive(Debug)]
enum Form {
    Silent,
    Bar {
        bar: ProgressBar,
        counted: RefCell<Option<bool>>,
    },
    /// One bar for all deployments.
    Shared(ProgressBar),
    Lines(RefCell<Pace>),
}

#[derive(Debug)]
struct Pace {
    began: Instant,
    last: Instant,
    /// What is counted, and how far it was when it began to be counted.
    phase: (String, usize),
}

impl Progress {
    /// A bar on a terminal, lines elsewhere, nothing with `--quiet`.
    pub fn new(call: &Call, deployment: &str) -> Self {
        let now = Instant::now();
        let shared = call.progress.bar().clone();
        let form = match (call.global.quiet, terminal::stderr_is_terminal(), shared) {
            (true, ..) => Form::Silent,
            (false, true, Some(bar)) => Form::Shared(bar),
            (false, true, None) => {
                let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
                Form::Bar { bar, counted: RefCell::new(None) }
            }
            (false, false, _) => {
                Form::Lines(RefCell::new(Pace { began: now, last: now, phase: (String::new(), 0) }))
            }
        };
        let name = call.progress.are_several().then(|| deployment.to_owned());
        Self { console: call.console, form, name, floor: call.floor.clone() }
    }

    /// Takes the bar away, before a result or a question is shown.
    pub fn clear(&self) {
        match &self.form {
            Form::Bar { bar, .. } => bar.finish_and_clear(),
            // The others go on drawing when the question is answered.
            Form::Shared(bar) => bar.suspend(|| ()),
            Form::Silent | Form::Lines(_) => {}
        }
    }

    /// The floor for a question, which says whose it is; nothing when the run is to end before it is free.
    pub async fn floor(&self, stop: &Stop) -> Option<Held> {
        let held = self.floor.ask(stop).await?;
        self.introduce();
        Some(held)
    }

    /// The same, however long that takes.
    pub fn hold(&self) -> Held {
        let held = self.floor.take();
        self.introduce();
        held
    }

    /// Something to know, with the deployment's name where there are several.
    pub fn note(&self, text: &str) {
        let text = self.named(text);
        let Some(line) = self.console.noted(&text) else { return };
        match &self.form {
            Form::Silent => {}
            Form::Bar { bar, .. } | Form::Shared(bar) => bar.suspend(|| self.floor.say(line)),
            Form::Lines(_) => self.floor.say(line),
        }
    }

    fn introduce(&self) {
        self.clear();
        if let Some(name) = &self.name {
            Console::aside(&format!("{}:\n", line(name)));
        }
    }

    fn named(&self, text: &str) -> String {
        self.name.as_ref().map_or_else(|| text.to_owned(), |name| format!("{name}: {text}"))
    }

    fn count(&self, what: &str, done: usize, total: Option<usize>, current: &str) {
        match &self.form {
            Form::Silent => {}
            Form::Shared(bar) => {
                if !self.floor.is_elsewhere() {
                    let of = total.map_or(String::new(), |total| format!("/{total}"));
                    let text = self.named(&format!("{what} {done}{of} {current}"));
                    bar.set_message(line(&text).into_owned());
                }
            }
            Form::Bar { bar, counted } => {
                if counted.replace(Some(total.is_some())) != Some(total.is_some())
                    || bar.is_finished()
                {
                    let template = if total.is_some() { COUNTED } else { UNCOUNTED };
                    bar.reset();
                    bar.enable_steady_tick(TICK);
                    if let Ok(style) = ProgressStyle::with_template(template) {
                        bar.set_style(style);
                    }
                }
                if bar.prefix() != what {
                    bar.reset_eta();
                    bar.set_prefix(line(what).into_owned());
                }
                bar.set_length(total.unwrap_or(done) as u64);
                bar.set_position(done as u64);
                bar.set_message(line(current).into_owned());
            }
            Form::Lines(pace) => {
                if let Some(text) =
                    pace.borrow_mut().line(Instant::now(), what, done, total, current)
                {
                    self.floor.say(self.named(&text));
                }
            }
        }
    }
}

impl Pace {
    /// The line that is due now, if one is.
    fn line(
        &mut self,
        now: Instant,
        what: &str,
        done: usize,
        total: Option<usize>,
        current: &str,
    ) -> Option<String> {
        if self.phase.0 != what {
            self.phase = (what.to_owned(), done);
            self.began = now;
        }
        if now.duration_since(self.last) < EVERY {
            return None;
        }
        self.last = now;
        let counted = match total {
            Some(total) => format!("{done} of {total}"),
            None => done.to_string(),
        };
        let left = self
            .left(now, done, total)
            .map(|left| format!(", about {} s left", left.as_secs()))
            .unwrap_or_default();
        let current =
            if current.is_empty() { String::new() } else { format!(": {}", line(current)) };
        Some(format!("{} {counted}{left}{current}\n", line(what)))
    }

    fn left(&self, now: Instant, done: usize, total: Option<usize>) -> Option<Duration> {
        let made = u32::try_from(done.checked_sub(self.phase.1)?).ok().filter(|made| *made > 0)?;
        let rest = u32::try_from(total?.checked_sub(done)?).ok()?;
        now.duration_since(self.began).checked_div(made)?.checked_mul(rest)
    }
}

impl Listener for Progress {
    fn event(&self, event: Event) {
        match event {
            Event::Reading { what, done, total } => {
                self.count(&format!("reading {what}"), done, total, "");
            }
            Event::Applying { done, total, current } => {
                self.count("applying", done, Some(total), &current);
            }
            Event::Waiting { seconds, why } => {
                self.event(Event::Note(format!("waiting {seconds} s: {why}")));
            }
            Event::Note(text) => self.note(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Pace;

    #[test]
    fn one_line_every_few_seconds_with_count_and_time_left() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut pace = Pace { began: start, last: start, phase: (String::new(), 0) };
        assert_eq!(pace.line(start, "applying", 0, Some(40), ""), None);
        assert_eq!(pace.line(after(4), "applying", 8, Some(40), ""), None);
        let line = pace.line(after(5), "applying", 10, Some(40), "phone SEP0").unwrap();
        assert_eq!(line, "applying 10 of 40, about 15 s left: phone SEP0\n");
        assert_eq!(pace.line(after(6), "applying", 12, Some(40), ""), None);
        assert_eq!(
            pace.line(after(11), "reading phones", 3, None, "").unwrap(),
            "reading phones 3\n"
        );
    }
}
