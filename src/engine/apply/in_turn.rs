//! Devices in two groups by turns: while what one group needs is written, the other one is read and compared. So a server
//! that is slow to write does not wait for us, and still no device is written from a reading that is old.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::clients::axl::{DeviceKind, PhoneConfiguration};
use crate::engine::observe::{inputs, phone_of, read_whole, services};
use crate::journal::Entry;
use crate::plan::{Object, ObjectKind, Step};
use crate::planner::build::rules;
use crate::planner::running::Told;
use crate::playbook::ApplyWhen;
use crate::resources::subscription::{DeviceState, Rules};
use crate::resources::vendor_config::unwrapped;
use crate::resources::writer_rule::{ListWrites, Way};
use crate::trouble::Trouble;

use super::phones::{Configured, Work, is_open};
use super::run::Run;
use super::send::{Ready, Sending};
use super::writing::{Ended, Writing, Written, begun_well, beside};

/// Devices of the first group. More follow while the server is quick.
const FIRST: usize = 100;
/// Most and fewest devices that join a group in its turn.
const MOST: usize = 450;
const FEWEST: usize = 25;
/// How much should pass between reading a device and the end of its group's writes, at most.
const FRESH: Duration = Duration::from_secs(8);
/// Devices that are compared before the other group's writes have their turn.
const COMPARED: usize = 4;
/// Devices that are noted in the journal at a time, for the same reason.
const INTENDED: usize = 50;
/// Groups whose statements about many devices were refused, before none is tried any more.
const REFUSALS: usize = 2;

/// Which devices are looked at next, by their places.
struct Turns {
    groups: [Vec<usize>; 2],
    now: usize,
    next: usize,
    total: usize,
    size: usize,
}

impl Turns {
    fn new(total: usize) -> Self {
        Self { groups: [Vec::new(), Vec::new()], now: 0, next: 0, total, size: FIRST }
    }

    /// The other group: those of it that are still open, and new ones. What a list could not carry is written by SQL in a
    /// device's second turn, beside the lists of others.
    fn turn(&mut self, is_open: impl Fn(usize) -> bool) -> Vec<usize> {
        self.now = 1 - self.now;
        let Some(group) = self.groups.get_mut(self.now) else { return Vec::new() };
        group.retain(|place| is_open(*place));
        // Some of them are about to be written a second time, some are only looked at once more.
        if group.len() <= 2 * self.size {
            let until = self.total.min(self.next + self.size);
            group.extend(self.next..until);
            self.next = until;
        }
        group.clone()
    }

    fn is_over(&self, is_open: impl Fn(usize) -> bool) -> bool {
        let open = self.groups.iter().flatten().any(|place| is_open(*place));
        self.next >= self.total && !open
    }

    /// A group was written so long after it was read.
    fn took(&mut self, age: Duration) {
        if age > FRESH {
            self.size = (self.size / 2).max(FEWEST);
        } else if age < FRESH / 2 {
            self.size = (self.size * 2).min(MOST);
        }
    }
}

/// A group as it was just read.
#[derive(Default)]
struct Looked {
    states: BTreeMap<String, DeviceState>,
    phones: BTreeMap<String, Configured>,
}

impl Run<'_> {
    /// Performs the steps, group by group.
    pub(super) async fn phones(&mut self, steps: Vec<&mut Step>) -> Result<(), Trouble> {
        if steps.is_empty() {
            return Ok(());
        }
        if self.aim.before().is_none() {
            self.prepared.observation.services =
                services(self.task, self.writer.reader(), &self.prepared.desired).await?;
        }
        let rules = rules(inputs(self.task, &self.prepared.desired, &self.prepared.observation));
        let mut work = self.work(steps);
        // Devices with nothing to lose come first: what a list write does is seen on them.
        work.sort_by_key(|work| self.at_stake(work));
        let (writer, services) = (self.writer.clone(), self.prepared.observation.services.clone());
        let over = Cell::new(false);
        let mut turns = Turns::new(work.len());
        let mut writing: Option<Writing<'_>> = None;
        let mut ended = Vec::new();
        let mut quiet = 0;
        while writing.is_some() || !turns.is_over(|place| open_at(&work, place)) {
            let group = turns.turn(|place| open_at(&work, place));
            self.show(&work, &group);
            quiet = if writing.is_none() { quiet + 1 } else { 0 };
            let next = beside(&mut writing, async {
                self.task.stop.check()?;
                self.journal.ended_aside(&std::mem::take(&mut ended)).await?;
                self.next(&mut work, &group, &rules, quiet).await
            });
            let next = next.await;
            // What has gone wrong with these ends the others, too.
            over.set(next.is_err());
            let mut failed = None;
            // What went wrong may end the run, or change how the next group is written.
            if !begun_well(&mut writing).await
                && let Some(earlier) = writing.take()
            {
                failed = self.take_note(&mut work, &mut turns, earlier.end().await, &mut ended);
            }
            let sending = Sending {
                writer: &writer,
                services: &services.services,
                stop: self.task.stop,
                over: &over,
                before: None,
                concurrency: self.task.concurrency.max(1),
                together: self.refused_together < REFUSALS,
            };
            let mut later = match next {
                Ok(next) if failed.is_none() => Writing::of(sending, writing.as_ref(), next),
                Ok(_) => None,
                Err(trouble) => {
                    failed = failed.or(Some(trouble));
                    None
                }
            };
            if let Some(earlier) = writing.take() {
                let own = beside(&mut later, earlier.end()).await;
                failed = self.take_note(&mut work, &mut turns, own, &mut ended).or(failed);
            }
            if let Some(trouble) = failed {
                over.set(true);
                if let Some(later) = later {
                    self.take_note(&mut work, &mut turns, later.end().await, &mut ended);
                }
                self.journal.ended(&ended)?;
                return Err(trouble);
            }
            writing = later;
        }
        self.journal.ended(&ended)
    }

    /// Reads a group, compares it, and notes what is about to be written of it.
    async fn next(
        &mut self,
        work: &mut [Work<'_>],
        group: &[usize],
        rules: &Rules,
        quiet: usize,
    ) -> Result<Written, Trouble> {
        let read = Instant::now();
        let looked = self.look_at(work, group).await?;
        let ready = self.compare(work, group, rules, looked).await?;
        // Nobody is left on whom a list write would show what it does: then it is not tried on others.
        let list = &mut self.prepared.observation.list_writes;
        if ready.is_empty() && quiet > 1 && *list == ListWrites::Unproven {
            *list = ListWrites::Lose;
        }
        Ok(Written { numbers: self.intend(&ready).await?, ready, read })
    }

    fn show(&self, work: &[Work<'_>], group: &[usize]) {
        let done = work.iter().filter(|work| !work.is_open()).count();
        if let Some(first) = group.first().and_then(|place| work.get(*place)) {
            self.applying(done, work.len(), first.device.name.clone());
        }
    }

    async fn look_at(&self, work: &[Work<'_>], group: &[usize]) -> Result<Looked, Trouble> {
        let open = || group.iter().filter_map(|place| work.get(*place)).filter(|w| w.is_open());
        let names: Vec<String> = open().map(|work| work.device.name.to_string()).collect();
        if names.is_empty() {
            return Ok(Looked::default());
        }
        let settings = open().filter(|work| is_open(work.settings.as_deref()));
        let settings: Vec<String> = settings.map(|work| work.device.name.to_string()).collect();
        let states = read_whole(self.task, self.writer.reader(), &names).await?;
        let phones = self.configured(&settings).await?;
        Ok(Looked { states, phones })
    }

    async fn configured(&self, names: &[String]) -> Result<BTreeMap<String, Configured>, Trouble> {
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found = self.writer.reader().phone_configurations(names).await;
        let found = found.map_err(|error| self.at_publisher(&error))?;
        let configured = |read: PhoneConfiguration| {
            (read.device.clone(), Configured { phone: phone_of(&read), config: read.config })
        };
        Ok(found.into_iter().map(configured).collect())
    }

    /// What is left to write of a group.
    async fn compare(
        &mut self,
        work: &mut [Work<'_>],
        group: &[usize],
        rules: &Rules,
        looked: Looked,
    ) -> Result<Vec<Ready>, Trouble> {
        self.prove_configurations(&looked.phones).await?;
        let mut ready = Vec::new();
        for (number, index) in group.iter().enumerate() {
            if number % COMPARED == 0 {
                tokio::task::yield_now().await;
            }
            let Some(work) = work.get_mut(*index).filter(|work| work.is_open()) else { continue };
            let Some(state) = looked.states.get(work.device.name.as_str()) else { continue };
            let phone = looked.phones.get(work.device.name.as_str());
            ready.extend(self.look(*index, work, rules, state, phone).await?);
        }
        Ok(ready)
    }

    /// Whether the bulk read tells a configuration as `getPhone` does is seen once, on the first phone that has any:
    /// then it is what the others' writes are merged into.
    async fn prove_configurations(
        &mut self,
        phones: &BTreeMap<String, Configured>,
    ) -> Result<(), Trouble> {
        let mut told = phones.iter().filter(|(_, phone)| !phone.config.trim().is_empty());
        let (None, Some((name, bulk))) = (self.bulk_tells_all, told.next()) else { return Ok(()) };
        let base = self.writer.reader().phone_base(name).await;
        let base = base.map_err(|error| self.at_publisher(&error))?;
        let same = |base: &str| base.trim() == unwrapped(&bulk.config).trim();
        self.bulk_tells_all = base.map(|base| same(&base.config));
        Ok(())
    }

    /// Before anything is sent it is in the journal, and noted that the phones have to be told.
    async fn intend(&mut self, ready: &[Ready]) -> Result<Vec<u64>, Trouble> {
        let mut numbers = Vec::new();
        if !ready.is_empty() {
            self.owe_applies(ready)?;
        }
        for some in ready.chunks(INTENDED) {
            let entries: Vec<Entry> = some.iter().map(Ready::entry).collect();
            numbers
                .extend(self.journal.intend_aside("subscriptions and settings", &entries).await?);
        }
        Ok(numbers)
    }

    /// Notes how the writes of a group ended; gives back what ends the run.
    fn take_note(
        &mut self,
        work: &mut [Work<'_>],
        turns: &mut Turns,
        group: Ended,
        ended: &mut Vec<(u64, &'static str)>,
    ) -> Option<Trouble> {
        group.noted();
        let Ended { written, sent, .. } = group;
        turns.took(written.read.elapsed());
        let mut fatal = None;
        let mut refused = false;
        for ((item, number), sent) in written.ready.iter().zip(&written.numbers).zip(sent) {
            let (Some(work), Some(sent)) = (work.get_mut(item.index), sent) else { continue };
            let list = item.way == Way::Whole;
            work.writes += 1;
            work.sent_list |= list;
            work.shows_list = list && sent.error.is_none();
            work.wrote_list |= work.shows_list;
            work.deltas += usize::from(item.way == Way::Delta);
            refused |= sent.alone;
            self.writes += sent.writes;
            let (ending, error) = self.ended(work, &sent);
            fatal = fatal.or(error);
            ended.push((*number, ending));
        }
        self.refused_together += usize::from(refused);
        fatal
    }

    fn owe_applies(&mut self, ready: &[Ready]) -> Result<(), Trouble> {
        let applies = self.task.deployment.phone_apply.as_ref();
        if applies.is_none_or(|apply| apply.when == ApplyWhen::Never) {
            return Ok(());
        }
        let phones = ready.iter().filter(|item| item.kind == DeviceKind::Phone);
        let phones: Vec<(Object, Told)> =
            phones.map(|item| (Object::new(ObjectKind::Phone, &item.name), item.shows)).collect();
        self.memory.owe_applies(&phones)
    }
}

fn open_at(work: &[Work<'_>], place: usize) -> bool {
    work.get(place).is_some_and(Work::is_open)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{FEWEST, FIRST, MOST, Turns};

    #[test]
    fn groups_take_turns_until_nothing_is_open() {
        let mut turns = Turns::new(650);
        assert_eq!(turns.turn(|_| true), (0..100).collect::<Vec<_>>());
        assert_eq!(turns.turn(|_| true), (100..200).collect::<Vec<_>>());
        let more: Vec<usize> = [7].into_iter().chain(200..300).collect();
        assert_eq!(turns.turn(|place| place == 7 || place >= 200), more);
        assert_eq!(turns.turn(|place| place == 7), (300..400).collect::<Vec<_>>());
        let more: Vec<usize> = more.into_iter().chain(400..500).collect();
        assert_eq!(turns.turn(|_| true), more);
        assert_eq!(turns.turn(|place| place == 7), (500..600).collect::<Vec<_>>());
        assert_eq!(turns.turn(|_| true), more, "nobody joins a group that is full");
        assert_eq!(turns.turn(|place| place == 7), (600..650).collect::<Vec<_>>());
        assert!(!turns.is_over(|place| place == 7));
        assert!(turns.is_over(|_| false));
        assert!(turns.turn(|_| false).is_empty());
    }

    #[test]
    fn a_group_is_as_large_as_the_server_is_quick() {
        let mut turns = Turns::new(10_000);
        assert_eq!(turns.size, FIRST);
        for _ in 0..9 {
            turns.took(Duration::from_secs(1));
        }
        assert_eq!(turns.size, MOST);
        turns.took(Duration::from_secs(6));
        assert_eq!(turns.size, MOST);
        for _ in 0..9 {
            turns.took(Duration::from_secs(9));
        }
        assert_eq!(turns.size, FEWEST);
    }
}
