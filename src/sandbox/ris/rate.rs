//! The rate that all users of `RisPort` share.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_mins(1);

/// Requests of the last minute.
#[derive(Debug, Default)]
pub struct Rate {
    taken: VecDeque<Instant>,
}

impl Rate {
    /// Takes a request, unless `most` were taken within the last minute.
    pub fn take(&mut self, now: Instant, most: usize) -> bool {
        while self.taken.front().is_some_and(|at| now.saturating_duration_since(*at) >= MINUTE) {
            self.taken.pop_front();
        }
        let fits = self.taken.len() < most;
        if fits {
            self.taken.push_back(now);
        }
        fits
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.taken.clear();
    }
}
