//! How many requests a minute may be sent, and how long to wait when that was too much after all.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{OPERATION, Pace};
use crate::clients::throttle::{OnWait, Wait, WaitCause};

/// Requests of the last minute. Shared by all clones of a client: the first to come is the first to go.
#[derive(Debug)]
pub(super) struct Budget {
    pace: Pace,
    sent: Mutex<VecDeque<Instant>>,
}

impl Budget {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, sent: Mutex::default() }
    }

    /// Waits until one more may be sent, and counts it.
    pub(super) async fn take(&self, told: &OnWait) {
        let mut sent = self.sent.lock().await;
        while sent.len() >= self.pace.per_minute.max(1) {
            let Some(oldest) = sent.front() else { break };
            let length = self.pace.minute.saturating_sub(oldest.elapsed());
            if length.is_zero() {
                sent.pop_front();
            } else {
                told(&Wait { operation: OPERATION, cause: WaitCause::Throttled, length });
                tokio::time::sleep(length).await;
            }
        }
        sent.push_back(Instant::now());
    }
}

/// Waits that double, and an end.
#[derive(Debug)]
pub(super) struct Doubling {
    next: Duration,
    left: Duration,
}

impl Doubling {
    pub(super) fn new(first: Duration, patience: Duration) -> Self {
        Self { next: first, left: patience }
    }

    /// The next wait; `None` when patience is at its end.
    pub(super) fn step(&mut self) -> Option<Duration> {
        let length = self.next.min(self.left);
        self.left -= length;
        self.next = self.next.saturating_mul(2);
        (!length.is_zero()).then_some(length)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::{Budget, Doubling};
    use crate::clients::risport::Pace;
    use crate::clients::throttle::OnWait;

    #[tokio::test]
    async fn no_minute_has_more_than_allowed() {
        let pace = Pace { per_minute: 3, minute: Duration::from_millis(200), ..Pace::default() };
        let budget = Budget::new(pace);
        let waits = Arc::new(AtomicUsize::new(0));
        let told = Arc::clone(&waits);
        let told: OnWait = Arc::new(move |_| {
            told.fetch_add(1, Ordering::Relaxed);
        });
        let begun = Instant::now();
        let mut times = Vec::new();
        for _ in 0..7 {
            budget.take(&told).await;
            times.push(begun.elapsed());
        }
        assert!(times[2] < Duration::from_millis(150), "{times:?}");
        for (early, late) in times.iter().zip(times.iter().skip(3)) {
            assert!(late.saturating_sub(*early) >= Duration::from_millis(195), "{times:?}");
        }
        assert!(waits.load(Ordering::Relaxed) >= 2);
    }

    #[test]
    fn waits_double_within_patience() {
        let seconds = Duration::from_secs;
        let mut waits = Doubling::new(seconds(30), seconds(180));
        let steps: Vec<Duration> = std::iter::from_fn(|| waits.step()).collect();
        assert_eq!(steps, [seconds(30), seconds(60), seconds(90)]);
        assert_eq!(Doubling::new(seconds(30), Duration::ZERO).step(), None);
    }
}
