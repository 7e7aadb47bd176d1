//! Ctrl-C and the deadline: the first asks for an orderly end, a second Ctrl-C leaves at once.

use std::time::Duration;

use crate::engine::{EndedBy, Stop};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// The deadline where there is none.
const CENTURY: Duration = Duration::from_hours(876_600);

/// How guarded work ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// By itself, or because it was asked to.
    Finished(T),
    /// A second Ctrl-C left it behind.
    Left,
}

/// Work before anything can have been written: Ctrl-C ends it at once.
pub async fn unwritten<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    tokio::select! {
        // A question that was broken off has no answer worth a word.
        biased;
        Ok(()) = tokio::signal::ctrl_c() => {
            let what = "Interrupted before anything was done";
            Err(Trouble::new("interrupted", Outcome::Interrupted, what)
                .then("run again; nothing was written"))
        }
        result = work => result.map_err(|trouble| {
            let here = trouble.outcome == Outcome::Interrupted;
            if here { trouble.then("run again; nothing was written") } else { trouble }
        }),
    }
}

/// Runs work until it ends, passing on Ctrl-C and the deadline through `stop`. `say` is told what happens.
pub async fn guard<T>(
    work: impl Future<Output = T>,
    stop: &Stop,
    deadline: Option<Duration>,
    say: impl Fn(&str),
) -> Ended<T> {
    let mut work = std::pin::pin!(work);
    let mut alarm = std::pin::pin!(tokio::time::sleep(deadline.unwrap_or(CENTURY)));
    let mut interrupted = false;
    let mut late = false;
    loop {
        tokio::select! {
            result = &mut work => return Ended::Finished(result),
            () = &mut alarm, if !late => {
                late = true;
                say("the deadline has passed; calls in flight are awaited");
                stop.set(EndedBy::Deadline);
            }
            // Where no handler can be set, the system's own one ends the process.
            Ok(()) = tokio::signal::ctrl_c() => {
                if interrupted {
                    return Ended::Left;
                }
                interrupted = true;
                say("stopping: calls in flight are awaited; Ctrl-C again leaves at once");
                stop.set(EndedBy::Person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ended, guard};
    use crate::engine::Stop;

    #[test]
    fn the_deadline_asks_and_waits() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stop = Stop::default();
        let work = async {
            while !stop.is_set() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            7
        };
        let ended = runtime.block_on(guard(work, &stop, Some(Duration::from_millis(5)), |_| {}));
        assert_eq!(ended, Ended::Finished(7));
        assert_eq!(stop.check().unwrap_err().code, "deadline-passed");
        let ended = runtime.block_on(guard(async { 8 }, &Stop::default(), None, |_| {}));
        assert_eq!(ended, Ended::Finished(8));
    }
}
