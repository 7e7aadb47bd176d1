//! Who may speak to the person: one deployment at a time asks, and what the others have to say waits until it is answered.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crate::engine::Stop;

use super::console::Console;

/// How often it is looked whether the floor is free.
const EVERY: Duration = Duration::from_millis(50);

/// The floor of a call. Clones share it.
#[derive(Clone, Default)]
pub struct Floor(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Each deployment has a thread of its own, which may take the floor that it already has.
    holder: Option<(ThreadId, usize)>,
    waiting: Vec<String>,
}

/// The floor, given back when dropped.
#[must_use]
pub struct Held(Floor);

impl Floor {
    /// Takes the floor, however long that takes.
    pub fn take(&self) -> Held {
        loop {
            if let Some(held) = self.free() {
                return held;
            }
            thread::sleep(EVERY);
        }
    }

    /// Takes the floor without holding up the runtime; not when the run is to end first.
    pub async fn ask(&self, stop: &Stop) -> Option<Held> {
        loop {
            if stop.is_set() {
                return None;
            }
            if let Some(held) = self.free() {
                return Some(held);
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Writes a line to stderr, at once or when nobody of another deployment is being asked any more.
    pub fn say(&self, text: String) {
        let mut state = self.state();
        if state.holder.is_some_and(|(thread, _)| thread != thread::current().id()) {
            state.waiting.push(text);
        } else {
            Console::aside(&text);
        }
    }

    /// Whether another deployment has it.
    pub fn is_elsewhere(&self) -> bool {
        self.state().holder.is_some_and(|(thread, _)| thread != thread::current().id())
    }

    fn free(&self) -> Option<Held> {
        let own = thread::current().id();
        let mut state = self.state();
        let depth = match state.holder {
            None => 1,
            Some((thread, depth)) if thread == own => depth + 1,
            Some(_) => return None,
        };
        state.holder = Some((own, depth));
        Some(Held(self.clone()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.holder = match state.holder {
            Some((thread, depth)) if depth > 1 => Some((thread, depth - 1)),
            _ => None,
        };
        if state.holder.is_none() {
            for text in std::mem::take(&mut state.waiting) {
                Console::aside(&text);
            }
        }
    }
}

impl fmt::Debug for Floor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Floor")
    }
}

#[cfg(test)]
mod tests {
    use super::Floor;
    use crate::engine::{EndedBy, Stop};

    #[test]
    fn one_has_the_floor_and_may_take_it_twice() {
        let floor = Floor::default();
        let first = floor.take();
        let again = floor.take();
        let other = floor.clone();
        let there = std::thread::spawn(move || (other.is_elsewhere(), other.free().is_some()));
        assert_eq!(there.join().unwrap(), (true, false));
        drop(again);
        drop(first);
        let other = floor.clone();
        assert!(std::thread::spawn(move || other.free().is_some()).join().unwrap());
    }

    #[test]
    fn who_is_to_end_asks_nobody() {
        let stop = Stop::default();
        stop.set(EndedBy::Person);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert!(runtime.block_on(Floor::default().ask(&stop)).is_none());
    }
}
