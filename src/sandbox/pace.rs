//! How fast AXL is: so many requests are served at a time, each for so long, and the others wait in their order.
//!
//! A request holds a place and no lock while its time passes. What a timer is late at one request is made up for at the
//! next, so that places that are always taken serve exactly as many as they should.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The most that is made up for.
const LATE: Duration = Duration::from_millis(10);

/// What AXL bears. Without any of it, as much as the machine does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pace {
    /// Requests served at a time; none: all.
    pub workers: Option<NonZeroUsize>,
    /// How long a write takes.
    pub write_ms: u64,
    /// How long a read takes.
    pub read_ms: u64,
    /// A write is refused while more change notifications than these are outstanding; none: never.
    pub notifications: Option<u64>,
    /// Change notifications that leave in a second.
    pub drain: u64,
}

impl Pace {
    /// How long a request takes.
    pub fn of(&self, writes: bool) -> Duration {
        Duration::from_millis(if writes { self.write_ms } else { self.read_ms })
    }
}

/// The places at which requests are served.
#[derive(Debug, Default)]
pub struct Workers {
    crew: Mutex<Option<Arc<Crew>>>,
}

#[derive(Debug)]
struct Crew {
    places: Arc<Semaphore>,
    /// When each place that nobody holds should have become free.
    free: Mutex<Vec<Instant>>,
}

impl Workers {
    /// So many from now on; none: as many as there are requests. Requests that are served or wait are left alone.
    pub fn set(&self, number: Option<NonZeroUsize>) {
        let crew = number.map(|number| {
            Arc::new(Crew {
                places: Arc::new(Semaphore::new(number.get())),
                free: Mutex::new(vec![Instant::now(); number.get()]),
            })
        });
        *self.crew.lock().unwrap_or_else(PoisonError::into_inner) = crew;
    }

    /// Waits for a place.
    pub async fn place(&self) -> Place {
        let now = Instant::now();
        let crew = self.crew.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(crew) = crew else { return Place { held: None, until: now } };
        let Ok(permit) = Arc::clone(&crew.places).acquire_owned().await else {
            return Place { held: None, until: now };
        };
        let free = {
            let mut free = crew.free.lock().unwrap_or_else(PoisonError::into_inner);
            let first = free.iter().enumerate().min_by_key(|(_, at)| **at).map(|(at, _)| at);
            first.map_or(now, |at| free.swap_remove(at))
        };
        let mut place = Place { held: Some((crew, permit)), until: free };
        // It may have been left before its time was over.
        sleep_until(free).await;
        place.until = free.max(now).max(Instant::now().checked_sub(LATE).unwrap_or(now));
        place
    }
}

/// A place that is held until this is dropped.
#[derive(Debug)]
pub struct Place {
    held: Option<(Arc<Crew>, OwnedSemaphorePermit)>,
    until: Instant,
}

impl Place {
    /// Lets so much time pass since the request's turn came.
    pub async fn serve(&mut self, takes: Duration) {
        self.until += takes;
        if !takes.is_zero() {
            sleep_until(self.until).await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((crew, _)) = &self.held {
            crew.free.lock().unwrap_or_else(PoisonError::into_inner).push(self.until);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::Workers;

    const WRITE: Duration = Duration::from_millis(20);

    fn block<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn so_many_are_served_at_a_time_and_no_time_is_lost_between_them() {
        let workers = Arc::new(Workers::default());
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let took = block(async {
            workers.set(NonZeroUsize::new(4));
            let begun = Instant::now();
            let all: Vec<_> = (0..80)
                .map(|_| {
                    let (workers, now, most) = (workers.clone(), now.clone(), most.clone());
                    tokio::spawn(async move {
                        let mut place = workers.place().await;
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        place.serve(WRITE).await;
                        now.fetch_sub(1, Ordering::SeqCst);
                    })
                })
                .collect();
            for one in all {
                one.await.unwrap();
            }
            begun.elapsed()
        });
        assert_eq!(most.load(Ordering::SeqCst), 4);
        // 80 writes by four workers, 20 ms each: 400 ms. Timers that were late twenty times would make it more.
        assert!(took >= Duration::from_millis(399), "{took:?}");
        assert!(took < Duration::from_millis(600), "{took:?}");
    }

    #[test]
    fn who_leaves_early_frees_nothing_early() {
        let workers = Workers::default();
        block(async {
            workers.set(NonZeroUsize::new(1));
            let begun = Instant::now();
            let gone = async {
                let mut place = workers.place().await;
                place.serve(Duration::from_millis(60)).await;
            };
            assert!(tokio::time::timeout(Duration::from_millis(5), gone).await.is_err());
            drop(workers.place().await);
            assert!(begun.elapsed() >= Duration::from_millis(59), "{:?}", begun.elapsed());
            workers.set(None);
            let (one, two) = (workers.place().await, workers.place().await);
            assert!(one.held.is_none() && two.held.is_none());
        });
    }
}
