//! Cases done by several threads, in the order of the list as far as threads are free.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Does every case, so many at once; the results in the order of the cases.
pub(crate) fn each<C: Send, R: Send>(
    workers: usize,
    cases: Vec<C>,
    act: impl Fn(C) -> R + Sync,
) -> Vec<R> {
    let waiting: Mutex<VecDeque<(usize, C)>> = Mutex::new(cases.into_iter().enumerate().collect());
    let done: Mutex<Vec<(usize, R)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some((place, case)) = next else { break };
                    let result = act(case);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
