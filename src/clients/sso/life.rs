//! How long a token lives, counted from the moment of its receipt: when it is to be refreshed, and when it has ended.

use std::time::Duration;

use jiff::Timestamp;

/// The longest life that is believed: a hundred days. An identity service gives two hours at most.
const LONGEST: u64 = 100 * 24 * 3600;

/// A token's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// When it was received.
    pub received: Timestamp,
    /// Seconds from then to its end.
    pub expires_in: u64,
}

/// How far a life has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing to do.
    Fresh,
    /// Three quarters have passed: it can be refreshed, and should be.
    Due,
    /// It has ended: nothing refreshes it.
    Ended,
}

impl Stage {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Due => "due",
            Self::Ended => "ended",
        }
    }
}

impl Life {
    /// Its end.
    pub fn ends(self) -> Timestamp {
        self.after(Duration::from_secs(self.expires_in.min(LONGEST)))
    }

    /// When it is to be refreshed: after 75 % of its life.
    pub fn refresh_at(self) -> Timestamp {
        self.after(Duration::from_millis(self.expires_in.min(LONGEST) * 750))
    }

    /// The same, earlier by up to a twentieth of its life, so that many tokens are not refreshed at one moment. `share` is
    /// from 0 to 1.
    pub fn refresh_at_with(self, share: f64) -> Timestamp {
        let most = Duration::from_millis(self.expires_in.min(LONGEST) * 50);
        let earlier = most.mul_f64(share.clamp(0.0, 1.0));
        self.refresh_at().checked_sub(earlier).unwrap_or(self.received)
    }

    /// How far it has got. A clock that has been set back tells nothing of the life: it counts as due.
    pub fn stage(self, now: Timestamp) -> Stage {
        if now >= self.ends() {
            Stage::Ended
        } else if now >= self.refresh_at() || now < self.received {
            Stage::Due
        } else {
            Stage::Fresh
        }
    }

    /// What is left of it, in whole seconds.
    pub fn seconds_left(self, now: Timestamp) -> u64 {
        let left = self.ends().duration_since(now).as_secs();
        u64::try_from(left).unwrap_or(0)
    }

    fn after(self, length: Duration) -> Timestamp {
        self.received.checked_add(length).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Life, Stage};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn three_quarters_of_twenty_seconds_are_fifteen() {
        let life = Life { received: at("2026-01-31T09:00:00Z"), expires_in: 20 };
        assert_eq!(life.refresh_at(), at("2026-01-31T09:00:15Z"));
        assert_eq!(life.refresh_at_with(1.0), at("2026-01-31T09:00:14Z"));
        assert_eq!(life.ends(), at("2026-01-31T09:00:20Z"));
        for (now, stage, left) in [
            ("2026-01-31T09:00:00Z", Stage::Fresh, 20),
            ("2026-01-31T09:00:14.9Z", Stage::Fresh, 5),
            ("2026-01-31T09:00:15Z", Stage::Due, 5),
            ("2026-01-31T09:00:19.999Z", Stage::Due, 0),
            ("2026-01-31T09:00:20Z", Stage::Ended, 0),
            ("2026-02-01T09:00:20Z", Stage::Ended, 0),
            ("2026-01-31T08:59:59Z", Stage::Due, 21),
        ] {
            assert_eq!(life.stage(at(now)), stage, "{now}");
            assert_eq!(life.seconds_left(at(now)), left, "{now}");
        }
    }

    #[test]
    fn no_number_of_seconds_is_too_much() {
        let life = Life { received: at("2026-01-31T09:00:00Z"), expires_in: u64::MAX };
        assert_eq!(life.stage(at("2026-01-31T10:00:00Z")), Stage::Fresh);
        let none = Life { received: at("2026-01-31T09:00:00Z"), expires_in: 0 };
        assert_eq!(none.stage(at("2026-01-31T09:00:00Z")), Stage::Ended);
        let last = Life { received: Timestamp::MAX, expires_in: 9 };
        assert_eq!(last.ends(), Timestamp::MAX);
    }
}
