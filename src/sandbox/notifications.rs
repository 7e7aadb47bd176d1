//! Change notifications that wait in the cluster: each write adds one, they leave at a fixed rate, and while more than a
//! limit are outstanding a write is refused (facts/axl.md section 6).

use std::time::Instant;

use serde::Serialize;

const SECOND: u128 = 1_000_000_000;

/// What is outstanding.
#[derive(Debug, Clone, Copy)]
pub struct Notifications {
    outstanding: u64,
    most: u64,
    sent: u64,
    /// Billionths of the notification that leaves next.
    part: u128,
    seen: Instant,
}

impl Default for Notifications {
    fn default() -> Self {
        Self { outstanding: 0, most: 0, sent: 0, part: 0, seen: Instant::now() }
    }
}

/// How it stands, for the control port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Notifications that wait.
    pub outstanding: u64,
    /// The most that ever waited, since the counters were reset.
    pub most: u64,
    /// Those that have left, since the counters were reset.
    pub sent: u64,
}

impl Notifications {
    /// Whether one more write is refused.
    pub fn refuse(&mut self, now: Instant, limit: Option<u64>, drain: u64) -> bool {
        self.pass(now, drain);
        limit.is_some_and(|limit| self.outstanding > limit)
    }

    /// A write has been performed. Without a limit nothing is kept.
    pub fn add(&mut self, now: Instant, limit: Option<u64>, drain: u64) {
        self.pass(now, drain);
        if limit.is_some() {
            self.outstanding += 1;
            self.most = self.most.max(self.outstanding);
        }
    }

    /// How it stands by now.
    pub fn standing(&mut self, now: Instant, drain: u64) -> Standing {
        self.pass(now, drain);
        Standing { outstanding: self.outstanding, most: self.most, sent: self.sent }
    }

    /// Begins to count anew; what is outstanding stays.
    pub fn reset(&mut self) {
        self.most = self.outstanding;
        self.sent = 0;
    }

    /// Lets those leave whose time has come. Nothing is saved up while nothing waits.
    fn pass(&mut self, now: Instant, drain: u64) {
        let passed = now.saturating_duration_since(self.seen).as_nanos();
        self.seen = self.seen.max(now);
        self.part += passed * u128::from(drain);
        let due = u64::try_from(self.part / SECOND).unwrap_or(u64::MAX).min(self.outstanding);
        self.outstanding -= due;
        self.sent += due;
        self.part = if self.outstanding == 0 { 0 } else { self.part % SECOND };
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Notifications;

    #[test]
    fn one_too_many_is_refused_until_one_has_left() {
        let mut own = Notifications::default();
        let begun = Instant::now();
        for _ in 0..4 {
            assert!(!own.refuse(begun, Some(3), 10));
            own.add(begun, Some(3), 10);
        }
        assert!(own.refuse(begun, Some(3), 10));
        assert!(own.refuse(begun + Duration::from_millis(99), Some(3), 10));
        let later = begun + Duration::from_millis(100);
        assert!(!own.refuse(later, Some(3), 10));
        own.add(later, Some(3), 10);
        assert!(own.refuse(later, Some(3), 10));
        let standing = own.standing(later, 10);
        assert_eq!((standing.outstanding, standing.most, standing.sent), (4, 4, 1));
    }

    #[test]
    fn they_leave_at_the_rate_however_often_somebody_looks() {
        for step in [1, 7, 333] {
            let mut own = Notifications::default();
            let begun = Instant::now();
            for _ in 0..1000 {
                own.add(begun, Some(5000), 300);
            }
            let mut at = 0;
            while at + step <= 1998 {
                at += step;
                own.standing(begun + Duration::from_millis(at), 300);
            }
            let end = begun + Duration::from_secs(2);
            assert_eq!(own.standing(end, 300).outstanding, 400, "every {step} ms");
        }
    }

    #[test]
    fn an_empty_queue_saves_nothing_up() {
        let mut own = Notifications::default();
        let later = Instant::now() + Duration::from_mins(1);
        own.add(later, Some(0), 1);
        assert!(own.refuse(later + Duration::from_millis(999), Some(0), 1));
        assert!(!own.refuse(later + Duration::from_secs(1), Some(0), 1));
        let mut unlimited = Notifications::default();
        unlimited.add(later, None, 0);
        assert_eq!(unlimited.standing(later, 0).outstanding, 0);
    }
}
