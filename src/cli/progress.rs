//! Progress of long work on stderr: a bar with rate and time left on a terminal, else a line every few seconds.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::{Event, Listener};
use crate::report::sanitize::line;

use super::console::Console;

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(120);

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(5);

const COUNTED: &str = "{spinner} {prefix} {pos}/{len} [{bar:24}] {per_sec}, {eta} left  {msg}";
const UNCOUNTED: &str = "{spinner} {prefix} {pos} {per_sec}  {msg}";

/// Shows events as they come.
#[derive(Debug)]
pub struct Progress {
    console: Console,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Silent,
    Bar { bar: ProgressBar, counted: RefCell<Option<bool>> },
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
    pub fn new(console: Console, quiet: bool, on_terminal: bool) -> Self {
        let now = Instant::now();
        let form = if quiet {
            Form::Silent
        } else if on_terminal {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            Form::Bar { bar, counted: RefCell::new(None) }
        } else {
            Form::Lines(RefCell::new(Pace { began: now, last: now, phase: (String::new(), 0) }))
        };
        Self { console, form }
    }

    /// Takes the bar away, before a result or a question is shown.
    pub fn clear(&self) {
        if let Form::Bar { bar, .. } = &self.form {
            bar.finish_and_clear();
        }
    }

    fn count(&self, what: &str, done: usize, total: Option<usize>, current: &str) {
        match &self.form {
            Form::Silent => {}
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
                    Console::aside(&text);
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
            Event::Note(text) => match &self.form {
                Form::Silent => {}
                Form::Bar { bar, .. } => bar.suspend(|| self.console.note(&text)),
                Form::Lines(_) => self.console.note(&text),
            },
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
