//! The asked-for end of a run: who asked for it, and waits that it cuts short.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// Who asked for the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// A person, with Ctrl-C.
    Person,
    /// `--deadline`.
    Deadline,
}

/// Set by the first Ctrl-C and by the deadline. No call is begun once it is set, and no wait goes on.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<Option<EndedBy>>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Stop {
    /// Asks for the end. A person's word counts more than the clock's.
    pub fn set(&self, by: EndedBy) {
        self.0.send_if_modified(|asked| {
            let news = *asked != Some(EndedBy::Person) && *asked != Some(by);
            if news {
                *asked = Some(by);
            }
            news
        });
    }

    /// Whether the end was asked for.
    pub fn is_set(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// An error once the end was asked for.
    pub fn check(&self) -> Result<(), Trouble> {
        match *self.0.borrow() {
            None => Ok(()),
            Some(by) => Err(trouble(by)),
        }
    }

    /// Waits this long; `false` at once when the end is asked for before.
    pub async fn sleep(&self, length: Duration) -> bool {
        let mut asked = self.0.subscribe();
        tokio::select! {
            biased;
            // The sender lives as long as `self`, so this ends only when the end is asked for.
            _ = asked.wait_for(Option::is_some) => false,
            () = tokio::time::sleep(length) => true,
        }
    }
}

fn trouble(by: EndedBy) -> Trouble {
    match by {
        EndedBy::Person => Trouble::new("interrupted", Outcome::Interrupted, "interrupted")
            .because("a person asked for the end")
            .then(
                "run the same command again; an apply goes on from there with the same state folder",
            ),
        EndedBy::Deadline => Trouble::new(
            "deadline-passed",
            Outcome::Incomplete,
            "the deadline passed before everything was done",
        )
        .because("no call is begun after --deadline")
        .then("run again, or give a later --deadline"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{EndedBy, Stop};
    use crate::outcome::Outcome;

    #[test]
    fn a_persons_word_counts_more_than_the_clocks() {
        let outcome = |stop: &Stop| stop.check().map_err(|trouble| trouble.outcome);
        let stop = Stop::default();
        assert_eq!(outcome(&stop), Ok(()));
        stop.set(EndedBy::Deadline);
        assert_eq!(outcome(&stop), Err(Outcome::Incomplete));
        stop.set(EndedBy::Person);
        stop.set(EndedBy::Deadline);
        assert_eq!(outcome(&stop), Err(Outcome::Interrupted));
    }

    #[tokio::test]
    async fn a_wait_ends_when_the_end_is_asked_for() {
        let stop = Stop::default();
        assert!(stop.sleep(Duration::from_millis(1)).await);
        let begun = Instant::now();
        let later = async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            stop.set(EndedBy::Person);
        };
        let (waited, ()) = tokio::join!(stop.sleep(Duration::from_mins(5)), later);
        assert!(!waited && begun.elapsed() < Duration::from_mins(1));
        assert!(!stop.sleep(Duration::from_mins(5)).await, "asked for before");
    }
}
