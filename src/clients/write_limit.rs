//! How fast writes may follow each other: so many in flight as the server bears, a pause for all of them when it says that
//! it is full, and no more in a minute than the playbook allows.
//!
//! CUCM refuses a write while change notifications wait in the cluster (AXL developer guide): what helps is that all
//! writers wait until many of them are done, and that one goes first. A pause is right when one refusal has at least
//! [`WORTH`] accepted writes beside it; it is far shorter than what waits there takes, so no time is lost by it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::stop::Stop;
use super::throttle::jitter;

/// The first pause, and the longest.
const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);
/// Accepted writes that one refusal should have beside it.
const WORTH: usize = 40;
/// One more in flight after so long without a refusal: whatever is in flight when the server is full is refused.
const CALM: Duration = Duration::from_secs(1);
/// After so many accepted writes without a refusal, the server is as it was before.
const RECOVERED: usize = 4000;

/// The limit that all writers of a session share. Cheap to clone.
#[derive(Clone)]
pub struct WriteLimit {
    shared: Arc<Shared>,
}

struct Shared {
    most: usize,
    /// Between the beginnings of two writes.
    apart: Duration,
    state: Mutex<State>,
    changed: Notify,
    /// Who waits, in the order of their coming; the first of them looks whether there is room.
    queue: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    in_flight: usize,
    /// When the limit was changed.
    changed: Instant,
    /// Accepted since the last pause began.
    accepted: usize,
    /// Refused since the last pause began.
    refused: usize,
    pause: Duration,
    until: Instant,
    /// After a pause one write goes first.
    probing: bool,
    /// When the next write may begin, where only so many may in a minute.
    next: Instant,
}

/// The right to have one write in flight, given back when dropped.
pub struct WritePermit {
    shared: Arc<Shared>,
}

impl WriteLimit {
    /// At most so many in flight, never fewer than one, and so many in a minute.
    pub fn new(most: usize, per_minute: Option<u32>) -> Self {
        let most = most.max(1);
        let now = Instant::now();
        let apart = per_minute.map(|number| Duration::from_mins(1) / number.max(1));
        let state = State {
            limit: most,
            in_flight: 0,
            changed: now,
            accepted: 0,
            refused: 0,
            pause: SHORTEST,
            until: now,
            probing: false,
            next: now,
        };
        let shared = Shared {
            most,
            apart: apart.unwrap_or_default(),
            state: Mutex::new(state),
            changed: Notify::new(),
            queue: tokio::sync::Mutex::new(()),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Waits for a permit; `None` when the end of the run is asked for before.
    ///
    /// First come, first served: a statement about many devices would else wait until nobody else writes.
    pub async fn acquire(&self, stop: &Stop) -> Option<WritePermit> {
        let first = self.shared.queue.lock().await;
        loop {
            let changed = self.shared.changed.notified();
            let wait = {
                let mut state = self.shared.state();
                let pause = state.until.saturating_duration_since(Instant::now());
                let most = if state.probing { 1 } else { state.limit };
                if pause.is_zero() && state.in_flight < most {
                    state.in_flight += 1;
                    break;
                }
                if pause.is_zero() { None } else { Some(pause) }
            };
            match wait {
                Some(pause) if !stop.sleep(pause).await => return None,
                Some(_) => {}
                None => changed.await,
            }
        }
        drop(first);
        let permit = WritePermit { shared: Arc::clone(&self.shared) };
        let turn = self.shared.state().turn(self.shared.apart);
        if turn.is_zero() || stop.sleep(turn).await { Some(permit) } else { None }
    }

    /// The server refused a write for now: how long all writes pause.
    pub fn throttled(&self) -> Duration {
        let mut state = self.shared.state();
        let now = Instant::now();
        if now >= state.until {
            state.begin_pause(now);
        } else {
            // It was in flight when the pause began.
            state.refused += 1;
        }
        state.until.saturating_duration_since(now)
    }

    /// A write was accepted.
    pub fn succeeded(&self) {
        self.shared.state().accept(self.shared.most);
        self.shared.changed.notify_waiters();
    }

    /// How many are allowed now.
    pub fn limit(&self) -> usize {
        self.shared.state().limit
    }
}

impl State {
    fn begin_pause(&mut self, now: Instant) {
        if self.refused > 0 {
            // What is accepted until the server is full again grows with the pause.
            let wanted = self.pause.saturating_mul(count(self.refused * WORTH));
            let fitting = wanted / count(self.accepted).max(1);
            let (shorter, longer) = (self.pause / 2, self.pause * 2);
            self.pause = fitting.clamp(shorter, longer).clamp(SHORTEST, LONGEST);
        }
        self.limit = (self.limit / 2).max(1);
        self.refused = 1;
        self.accepted = 0;
        self.changed = now;
        self.probing = true;
        self.until = now + self.pause + jitter(self.pause / 4);
    }

    fn accept(&mut self, most: usize) {
        self.accepted += 1;
        self.probing = false;
        if self.accepted >= RECOVERED {
            self.pause = SHORTEST;
            self.refused = 0;
        }
        let now = Instant::now();
        if self.limit < most && now.saturating_duration_since(self.changed) >= CALM {
            self.limit += 1;
            self.changed = now;
        }
    }

    /// How long until this write's turn, of so many in a minute.
    fn turn(&mut self, apart: Duration) -> Duration {
        if apart.is_zero() {
            return Duration::ZERO;
        }
        let now = Instant::now();
        let mine = self.next.max(now);
        self.next = mine + apart;
        mine - now
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Shared {
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
        self.shared.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::future::join_all;
    use tokio::time::{Instant, timeout};

    use super::WriteLimit;
    use crate::clients::stop::{EndedBy, Stop};

    /// With a clock that jumps to whatever is waited for.
    fn in_no_time<F: Future>(body: F) -> F::Output {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().start_paused(true).build().unwrap().block_on(body)
    }

    #[test]
    fn the_limit_halves_and_grows_back() {
        in_no_time(async {
            let limit = WriteLimit::new(8, None);
            limit.throttled();
            limit.throttled();
            assert_eq!(limit.limit(), 4, "two of one pause count once");
            for _ in 0..5 {
                tokio::time::advance(Duration::from_secs(13)).await;
                limit.throttled();
            }
            assert_eq!(limit.limit(), 1);
            for _ in 0..200 {
                limit.succeeded();
            }
            assert_eq!(limit.limit(), 1, "a server is not well again at once");
            for _ in 0..7 {
                tokio::time::advance(Duration::from_secs(1)).await;
                limit.succeeded();
            }
            assert_eq!(limit.limit(), 8);
        });
    }

    #[test]
    fn a_shrunken_limit_holds_back_and_one_goes_first_after_a_pause() {
        in_no_time(async {
            let stop = Stop::default();
            let limit = WriteLimit::new(4, None);
            let first = limit.acquire(&stop).await;
            let pause = limit.throttled();
            drop(first);
            let begun = Instant::now();
            let probe = limit.acquire(&stop).await;
            assert!(begun.elapsed() >= pause);
            assert!(timeout(Duration::from_secs(9), limit.acquire(&stop)).await.is_err());
            limit.succeeded();
            drop(probe);
            assert!(timeout(Duration::from_secs(9), limit.acquire(&stop)).await.is_ok());
        });
    }

    #[test]
    fn who_waits_longer_goes_first() {
        in_no_time(async {
            let (limit, stop) = (WriteLimit::new(1, None), Stop::default());
            let held = limit.acquire(&stop).await;
            let order = std::sync::Mutex::new(Vec::new());
            let waits = async {
                drop(limit.acquire(&stop).await);
                order.lock().unwrap().push("who waits");
            };
            let comes = async {
                drop(held);
                drop(limit.acquire(&stop).await);
                order.lock().unwrap().push("who comes");
            };
            futures::join!(waits, comes);
            assert_eq!(*order.lock().unwrap(), ["who waits", "who comes"]);
        });
    }

    #[test]
    fn no_wait_outlasts_the_end_of_the_run() {
        in_no_time(async {
            let stop = Stop::default();
            let limit = WriteLimit::new(1, None);
            limit.throttled();
            stop.set(EndedBy::Person);
            assert!(limit.acquire(&stop).await.is_none());
        });
    }

    #[test]
    fn no_more_begin_in_a_minute_than_the_playbook_allows() {
        in_no_time(async {
            let stop = Stop::default();
            let limit = WriteLimit::new(8, Some(120));
            let begun = Instant::now();
            for _ in 0..60 {
                drop(limit.acquire(&stop).await);
            }
            let passed = begun.elapsed();
            assert!(
                passed > Duration::from_secs(29) && passed < Duration::from_secs(31),
                "{passed:?}"
            );
        });
    }

    /// A server that has room for so many change notifications and works them off at a rate.
    struct Server {
        outstanding: f64,
        seen: Instant,
    }

    impl Server {
        fn takes(&mut self, room: f64, rate: f64) -> bool {
            let now = Instant::now();
            let done = (now - self.seen).as_secs_f64() * rate;
            (self.outstanding, self.seen) = ((self.outstanding - done).max(0.0), now);
            let takes = self.outstanding <= room;
            self.outstanding += f64::from(u8::from(takes));
            takes
        }
    }

    #[test]
    fn a_full_server_is_kept_busy_and_is_hardly_ever_asked_in_vain() {
        for (rate, writes) in
            [(20.0, 4000), (50.0, 8000), (60.0, 3000), (150.0, 20_000), (300.0, 30_000)]
        {
            in_no_time(async {
                let (limit, stop) = (WriteLimit::new(8, None), Stop::default());
                let server =
                    std::sync::Mutex::new(Server { outstanding: 0.0, seen: Instant::now() });
                let counts = std::sync::Mutex::new((0_u32, 0_u32));
                let begun = Instant::now();
                let worker = || async {
                    loop {
                        let permit = limit.acquire(&stop).await;
                        if counts.lock().unwrap().0 >= writes {
                            break;
                        }
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        let takes = server.lock().unwrap().takes(1500.0, rate);
                        drop(permit);
                        if takes {
                            counts.lock().unwrap().0 += 1;
                            limit.succeeded();
                        } else {
                            counts.lock().unwrap().1 += 1;
                            tokio::time::sleep(limit.throttled()).await;
                        }
                    }
                };
                join_all((0..8).map(|_| worker())).await;
                let (accepted, refused) = *counts.lock().unwrap();
                let passed = begun.elapsed().as_secs_f64();
                let drained = f64::from(accepted) - server.lock().unwrap().outstanding;
                let share = f64::from(refused) / f64::from(accepted + refused);
                assert!(drained / passed >= 0.95 * rate, "{rate}: {drained} in {passed}");
                assert!(share < 0.05, "{rate}: {refused} refused, {accepted} accepted");
            });
        }
    }
}
