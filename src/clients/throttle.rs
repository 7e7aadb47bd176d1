//! Waiting for a busy server: back-off with jitter.

use std::sync::Arc;
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};

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

    /// The same for a wait whose length somebody else has chosen.
    pub async fn wait_for(&mut self, wait: Wait, told: &OnWait, stop: &Stop) -> bool {
        let Wait { operation, cause, length } = wait;
        if length > self.left {
            return false;
        }
        self.left -= length;
        tracing::debug!(operation, ?cause, ?length, "waiting");
        told(&wait);
        stop.sleep(length).await
    }
}

/// Between nothing and `most`, so that many clients do not come back at once.
pub(super) fn jitter(most: Duration) -> Duration {
    let mut bytes = [0; 2];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        return Duration::ZERO;
    }
    most.mul_f64(f64::from(u16::from_be_bytes(bytes)) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Backoff;

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
}
