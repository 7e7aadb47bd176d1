//! A group of devices whose writes are under way while something else is done.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Instant;

use futures::future::{Either, LocalBoxFuture, select};
use tokio::sync::Notify;

use super::send::{ROWS, Ready, Sending, Sent, send_all};

/// What is sent of a group, its numbers in the journal, and when the group was read.
pub(super) struct Written {
    pub(super) ready: Vec<Ready>,
    pub(super) numbers: Vec<u64>,
    pub(super) read: Instant,
}

/// Whether a group's writes are all begun: those of the next group may follow the last of them, so that no place at the
/// server is idle until every answer has come. Unless one has failed: then they wait until all is noted.
pub(super) struct Begun {
    /// Rows of writes of which some are not begun.
    left: Cell<usize>,
    all: Notify,
    failed: Cell<bool>,
    /// How all of them ended is noted.
    noted: Cell<bool>,
    notes: Notify,
}

/// What was sent, and how each of it ended, by places.
pub(super) struct Ended {
    pub(super) written: Written,
    pub(super) sent: Vec<Option<Sent>>,
    begun: Rc<Begun>,
}

/// Writes that are under way.
pub(super) struct Writing<'a> {
    sending: LocalBoxFuture<'a, Ended>,
    ended: Option<Ended>,
    begun: Rc<Begun>,
}

impl Begun {
    /// Of so many rows of writes.
    pub(super) fn of(rows: usize) -> Self {
        Self {
            left: Cell::new(rows),
            all: Notify::new(),
            failed: Cell::new(false),
            noted: Cell::new(false),
            notes: Notify::new(),
        }
    }

    /// The same writes; when the last of them was taken, its row is begun.
    pub(super) fn told_by<I: Iterator>(&self, writes: I) -> impl Iterator<Item = I::Item> {
        let mut writes = writes.fuse();
        let mut told = false;
        std::iter::from_fn(move || {
            let next = writes.next();
            if next.is_none() && !std::mem::replace(&mut told, true) {
                self.row();
            }
            next
        })
    }

    /// One of the writes has failed.
    pub(super) fn fail(&self) {
        self.failed.set(true);
    }

    /// Waits until nothing has failed that is not noted.
    pub(super) async fn settled(&self) {
        while self.failed.get() && !self.noted.get() {
            self.notes.notified().await;
        }
    }

    fn row(&self) {
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() == 0 {
            self.all.notify_one();
        }
    }
}

impl<'a> Writing<'a> {
    /// The writes of a group, if it needs any: they begin, and go on, while they are awaited or something [`beside`] them.
    pub(super) fn of(
        sending: Sending<'a>,
        before: Option<&Writing<'_>>,
        written: Written,
    ) -> Option<Self> {
        if written.ready.is_empty() {
            return None;
        }
        let begun = Rc::new(Begun::of(ROWS));
        let own = Rc::clone(&begun);
        let before = before.map(|before| Rc::clone(&before.begun));
        let sending = Box::pin(async move {
            let sending = Sending { before: before.as_deref(), ..sending };
            let sent = send_all(sending, &own, &written.ready).await;
            Ended { written, sent, begun: own }
        });
        Some(Self { sending, ended: None, begun })
    }

    /// How all of it ended.
    pub(super) async fn end(self) -> Ended {
        match self.ended {
            Some(ended) => ended,
            None => self.sending.await,
        }
    }
}

impl Ended {
    /// All of it is noted: what waits for that goes on.
    pub(super) fn noted(&self) {
        self.begun.noted.set(true);
        self.begun.notes.notify_waiters();
    }
}

/// Awaits something else while these writes go on.
pub(super) async fn beside<T>(
    writing: &mut Option<Writing<'_>>,
    other: impl Future<Output = T>,
) -> T {
    let Some(writing) = writing.as_mut().filter(|writing| writing.ended.is_none()) else {
        return other.await;
    };
    match select(&mut writing.sending, pin!(other)).await {
        Either::Left((ended, other)) => {
            writing.ended = Some(ended);
            other.await
        }
        Either::Right((output, _)) => output,
    }
}

/// Awaits that the last of these writes is begun; tells whether all went well until then.
pub(super) async fn begun_well(writing: &mut Option<Writing<'_>>) -> bool {
    let Some(writing) = writing else { return true };
    let begun = Rc::clone(&writing.begun);
    if writing.ended.is_none()
        && let Either::Left((ended, _)) =
            select(&mut writing.sending, pin!(begun.all.notified())).await
    {
        writing.ended = Some(ended);
    }
    !begun.failed.get()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Begun, Ended, Written};

    #[tokio::test]
    async fn all_is_begun_once_the_last_of_each_row_is_taken() {
        let begun = Begun::of(2);
        let mut first = begun.told_by([1, 2].into_iter());
        assert_eq!(begun.told_by(std::iter::empty::<u8>()).next(), None);
        assert_eq!((first.next(), first.next(), begun.left.get()), (Some(1), Some(2), 1));
        assert_eq!((first.next(), first.next(), begun.left.get()), (None, None, 0));
        begun.all.notified().await;
    }

    #[tokio::test]
    async fn what_has_failed_is_noted_before_others_go_on() {
        let begun = std::rc::Rc::new(Begun::of(1));
        begun.settled().await;
        begun.fail();
        let ended = Ended {
            written: Written { ready: Vec::new(), numbers: Vec::new(), read: Instant::now() },
            sent: Vec::new(),
            begun: std::rc::Rc::clone(&begun),
        };
        let mut waits = std::pin::pin!(begun.settled());
        assert!(futures::poll!(waits.as_mut()).is_pending());
        ended.noted();
        waits.await;
    }
}
