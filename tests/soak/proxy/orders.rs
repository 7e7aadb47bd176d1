//! What becomes of each request, decided in the order of arrival; and what became of it, written down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::asked::Asked;

/// When a connection or a process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The server has not seen the request.
    Before,
    /// The server has answered, and nobody gets the answer.
    After,
}

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// The process, by SIGKILL.
    Kill,
    /// The connection, by RST.
    Reset,
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Forwarded and answered.
    Pass,
    /// An end.
    Cut(When, How),
    /// This status, and nothing is forwarded.
    Refuse(u16),
    /// The answer comes late.
    Late(Duration),
    /// The answer is cut off in its body.
    Torn,
}

/// Who decides.
pub(crate) trait Decide: Send {
    /// The fate of a request: the number among all, the number among those that change something, counted from 1.
    fn decide(&mut self, all: u64, mutating: u64, asked: &Asked) -> Fate;

    /// Whether no connection to this endpoint comes about now.
    fn refuses(&self, _endpoint: &str) -> bool {
        false
    }
}

/// Everything passes.
pub(crate) struct Quiet;

impl Decide for Quiet {
    fn decide(&mut self, _all: u64, _mutating: u64, _asked: &Asked) -> Fate {
        Fate::Pass
    }
}

/// Which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The k-th that changes something.
    Write(u64),
    /// The n-th restart of a service.
    Restart(u64),
}

/// One request meets its end.
pub(crate) struct Once {
    /// Which.
    pub(crate) at: At,
    /// When.
    pub(crate) when: When,
    /// How.
    pub(crate) how: How,
    /// Restarts that have come by.
    pub(crate) restarts: u64,
    /// Done right before.
    pub(crate) first: Box<dyn FnMut(&Asked) + Send>,
}

impl Decide for Once {
    fn decide(&mut self, _all: u64, mutating: u64, asked: &Asked) -> Fate {
        self.restarts += u64::from(asked.is_restart());
        let here = match self.at {
            At::Write(number) => asked.mutating && mutating == number,
            At::Restart(number) => asked.is_restart() && self.restarts == number,
        };
        if here {
            (self.first)(asked);
            return Fate::Cut(self.when, self.how);
        }
        Fate::Pass
    }
}

/// One request and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Which run of the binary, from 1.
    pub(crate) run: u32,
    /// Since the run began.
    pub(crate) at: Duration,
    /// What it asked.
    pub(crate) asked: Asked,
    /// What was decided.
    pub(crate) fate: Fate,
    /// The server's status; nothing where it never saw the request or gave no answer.
    pub(crate) status: Option<u16>,
}

/// The orders of one program between.
pub(crate) struct Orders {
    state: Mutex<State>,
}

struct State {
    decide: Box<dyn Decide>,
    victim: Option<Pid>,
    begun: Instant,
    run: u32,
    all: u64,
    mutating: u64,
    under_way: u64,
    log: Vec<Entry>,
}

impl Orders {
    pub(crate) fn new() -> Self {
        let state = State {
            decide: Box::new(Quiet),
            victim: None,
            begun: Instant::now(),
            run: 0,
            all: 0,
            mutating: 0,
            under_way: 0,
            log: Vec::new(),
        };
        Self { state: Mutex::new(state) }
    }

    /// Another run begins under these orders.
    pub(crate) fn begin(&self, decide: Box<dyn Decide>) {
        let mut state = self.state();
        state.decide = decide;
        state.begun = Instant::now();
        (state.all, state.mutating, state.victim) = (0, 0, None);
        state.run += 1;
    }

    /// The process that a kill is meant for.
    pub(crate) fn victim(&self, process: u32) {
        self.state().victim = Pid::from_raw(i32::try_from(process).unwrap_or(0));
    }

    /// The process is no more, so that its number may be another's.
    pub(crate) fn gone(&self) {
        self.state().victim = None;
    }

    /// Decides on a request, which is under way from now on.
    pub(super) fn judge(&self, asked: Asked) -> (usize, Fate) {
        let mut state = self.state();
        state.all += 1;
        state.mutating += u64::from(asked.mutating);
        let (all, mutating) = (state.all, state.mutating);
        let fate = state.decide.decide(all, mutating, &asked);
        let (run, at) = (state.run, state.begun.elapsed());
        state.log.push(Entry { run, at, asked, fate, status: None });
        state.under_way += 1;
        (state.log.len() - 1, fate)
    }

    /// The server has answered.
    pub(super) fn answered(&self, place: usize, status: u16) {
        if let Some(entry) = self.state().log.get_mut(place) {
            entry.status = Some(status);
        }
    }

    /// Nothing more comes of a request.
    pub(super) fn over(&self) {
        self.state().under_way -= 1;
    }

    /// Ends the process. It is waited for by whoever has started it.
    pub(super) fn kill(&self) {
        let victim = self.state().victim.take();
        if let Some(victim) = victim {
            // One that ended by itself meanwhile is not yet waited for, so the number is still its own.
            kill_process(victim, Signal::KILL).unwrap();
        }
    }

    /// Whether an endpoint refuses.
    pub(super) fn refuses(&self, endpoint: &str) -> bool {
        self.state().decide.refuses(endpoint)
    }

    /// Whether a request is still between the two.
    pub(crate) fn busy(&self) -> bool {
        self.state().under_way > 0
    }

    /// How many requests the last run has made.
    pub(crate) fn asked(&self) -> u64 {
        self.state().all
    }

    /// Everything that was asked.
    pub(crate) fn log(&self) -> Vec<Entry> {
        self.state().log.clone()
    }

    /// Writes that make something and were sent again although the server had done them: what, and how often it saw it.
    pub(crate) fn repeated(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut wrong = BTreeSet::new();
        for entry in self.log() {
            let Some(once) = entry.asked.once else { continue };
            let Some(status) = entry.status else { continue };
            let (done, sent) = seen.entry(once.clone()).or_default();
            if *done > 0 {
                wrong.insert(format!("done {done} times, then sent again ({status}): {once}"));
            }
            *sent += 1;
            *done += u64::from(status == 200);
        }
        wrong.into_iter().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
