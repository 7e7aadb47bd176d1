//! Waiting for a busy server: back-off with jitter, and a limit on writes that follows what the server bears.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::Notify;

use super::stop::Stop;

/// Why we wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitCause {
    /// 503 or 429.
    Throttled,
    /// The server's memory for answers is used up.
    Memory,
    /// The connection failed before anything was sent, or a read lost its answer.
    Network,
    /// The service behind the server is starting or out of service.
    OutOfService,
}

/// One wait, told before it begins.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    /// What is being done, e.g. an AXL operation.
    pub operation: &'static str,
    /// Why.
    pub cause: WaitCause,
    /// For how long.
    pub length: Duration,
}

/// Told of every wait.
pub type OnWait = Arc<dyn Fn(&Wait) + Send + Sync>;

/// Longest total wait for one request unless set otherwise.
pub const PATIENCE: Duration = Duration::from_mins(3);

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// The waits of one request: 250 ms, doubling to 10 s, each with up to a quarter more, and an end.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
    left: Duration,
}

impl Backoff {
    /// Waits that add up to `patience` at most.
    pub fn new(patience: Duration) -> Self {
        Self { next: FIRST, left: patience }
    }

    /// The next wait; `None` when patience is at its end.
    pub fn step(&mut self) -> Option<Duration> {
        if self.left.is_zero() {
            return None;
        }
        let length = (self.next + jitter(self.next / 4)).min(self.left);
        self.left -= length;
        self.next = (self.next * 2).min(LONGEST);
        Some(length)
    }

    /// Tells of the next wait and waits; `false` when patience is at its end, or the end of the run was asked for.
    pub async fn wait(
        &mut self,
        operation: &'static str,
        cause: WaitCause,
        told: &OnWait,
        stop: &Stop,
    ) -> bool {
        let Some(length) = self.step() else { return false };
        tracing::debug!(operation, ?cause, ?length, "waiting");
        told(&Wait { operation, cause, length });
        stop.sleep(length).await
    }
}

/// Between nothing and `most`, so that many clients do not come back at once.
fn jitter(most: Duration) -> Duration {
    let mut bytes = [0; 2];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        return Duration::ZERO;
    }
    most.mul_f64(f64::from(u16::from_be_bytes(bytes)) / f64::from(u16::MAX))
}

/// How many writes may be in flight: halved when the server throttles, one more again after as many successes.
#[derive(Clone)]
pub struct WriteLimit {
    shared: Arc<Limited>,
}

struct Limited {
    most: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Clone, Copy)]
struct State {
    limit: usize,
    in_flight: usize,
    successes: usize,
}

/// The right to have one write in flight, given back when dropped.
pub struct WritePermit {
    shared: Arc<Limited>,
}

impl WriteLimit {
    /// At most this many, and never fewer than one.
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        let state = Mutex::new(State { limit: most, in_flight: 0, successes: 0 });
        Self { shared: Arc::new(Limited { most, state, freed: Notify::new() }) }
    }

    /// Waits for a permit.
    pub async fn acquire(&self) -> WritePermit {
        loop {
            let freed = self.shared.freed.notified();
            {
                let mut state = self.shared.state();
                if state.in_flight < state.limit {
                    state.in_flight += 1;
                    return WritePermit { shared: Arc::clone(&self.shared) };
                }
            }
            freed.await;
        }
    }

    /// The server asked to wait.
    pub fn throttled(&self) {
        let mut state = self.shared.state();
        state.limit = (state.limit / 2).max(1);
        state.successes = 0;
    }

    /// A write went through.
    pub fn succeeded(&self) {
        let grown = {
            let mut state = self.shared.state();
            state.successes += 1;
            let grows = state.successes >= state.limit && state.limit < self.shared.most;
            if grows {
                state.limit += 1;
                state.successes = 0;
            }
            grows
        };
        if grown {
            self.shared.freed.notify_waiters();
        }
    }

    /// How many are allowed now.
    pub fn limit(&self) -> usize {
        self.shared.state().limit
    }
}

impl Limited {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for WriteLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteLimit").field("state", &*self.shared.state()).finish_non_exhaustive()
    }
}

impl Drop for WritePermit {
    fn drop(&mut self) {
        self.shared.state().in_flight -= 1;
        self.shared.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Backoff, WriteLimit};

    #[test]
    fn waits_double_with_jitter_and_end() {
        let patience = Duration::from_mins(1);
        let mut backoff = Backoff::new(patience);
        let waits: Vec<Duration> = std::iter::from_fn(|| backoff.step()).collect();
        assert_eq!(waits.iter().sum::<Duration>(), patience);
        let base = [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000];
        for (wait, base) in waits.iter().zip(base) {
            let base = Duration::from_millis(base);
            assert!(*wait >= base && *wait <= base + base / 4, "{wait:?} for {base:?}");
        }
    }

    #[test]
    fn the_limit_halves_and_grows_back() {
        let limit = WriteLimit::new(8);
        limit.throttled();
        assert_eq!(limit.limit(), 4);
        for _ in 0..5 {
            limit.throttled();
        }
        assert_eq!(limit.limit(), 1);
        for _ in 0..200 {
            limit.succeeded();
        }
        assert_eq!(limit.limit(), 8);
    }

    #[test]
    fn a_shrunken_limit_holds_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let limit = WriteLimit::new(2);
            let first = limit.acquire().await;
            let second = limit.acquire().await;
            limit.throttled();
            drop(first);
            let early = tokio::time::timeout(Duration::from_millis(20), limit.acquire()).await;
            assert!(early.is_err(), "one is still in flight and the limit is one");
            drop(second);
            let later = tokio::time::timeout(Duration::from_secs(5), limit.acquire()).await;
            assert!(later.is_ok());
        });
    }
}
