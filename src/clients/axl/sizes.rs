//! How much is asked for at once: as much as brings an answer of a few megabytes, and never again what was too much.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Bytes of an answer that are aimed at: CUCM gives 8 MB at most, and 16 MB to everybody together.
const AIM: usize = 2 * 1024 * 1024;
/// The next answer is at most so many times as long as the last one: rows differ.
const GROWTH: usize = 4;

/// Sizes of reads, each by what its rows are made into.
#[derive(Debug, Default)]
pub(super) struct Sizes(Mutex<BTreeMap<&'static str, Size>>);

#[derive(Debug, Clone, Copy)]
struct Size {
    now: usize,
    most: usize,
}

impl Sizes {
    /// How many to ask for; so many where nothing is known yet.
    pub(super) fn of<T>(&self, first: usize) -> usize {
        self.with::<T, _>(first, |size| size.now)
    }

    /// So many were asked for, and the answer that brought all of them had so many bytes.
    pub(super) fn answered<T>(&self, asked: usize, bytes: usize) {
        let fitting = asked.saturating_mul(AIM) / bytes.max(1);
        let (least, most) = (asked / GROWTH, asked.saturating_mul(GROWTH));
        self.with::<T, _>(asked, |size| {
            size.now = fitting.clamp(least, most).min(size.most).max(1);
        });
    }

    /// The server bears no more than so many.
    pub(super) fn too_large<T>(&self, fewer: usize) {
        self.with::<T, _>(fewer, |size| {
            size.most = size.most.min(fewer);
            size.now = size.now.min(fewer);
        });
    }

    fn with<T, R>(&self, first: usize, then: impl FnOnce(&mut Size) -> R) -> R {
        let mut sizes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = Size { now: first, most: usize::MAX };
        then(sizes.entry(std::any::type_name::<T>()).or_insert(unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::{AIM, Sizes};

    #[test]
    fn pages_follow_the_bytes_of_answers_up_to_what_was_too_much() {
        let sizes = Sizes::default();
        assert_eq!((sizes.of::<u8>(2000), sizes.of::<u16>(100)), (2000, 100));
        sizes.answered::<u8>(2000, AIM / 2);
        assert_eq!(sizes.of::<u8>(2000), 4000);
        sizes.answered::<u8>(4000, 1);
        assert_eq!(sizes.of::<u8>(2000), 16_000, "not at once");
        sizes.answered::<u8>(16_000, AIM * 2);
        assert_eq!(sizes.of::<u8>(2000), 8000);
        sizes.too_large::<u8>(700);
        sizes.answered::<u8>(700, AIM / 100);
        assert_eq!((sizes.of::<u8>(2000), sizes.of::<u16>(100)), (700, 100));
        sizes.answered::<u8>(1, AIM * 9);
        assert_eq!(sizes.of::<u8>(2000), 1);
    }
}
