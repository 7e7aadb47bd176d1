//! Writes phones and device profiles in batches: each round reads exactly the batch's devices afresh, compares, writes
//! what still differs, and looks again. A lost answer needs no case of its own: the next round sees what became of it.
//!
//! Settings and subscriptions of one phone are two steps and one write, wherever the list of services is written too.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};

use crate::clients::axl::{DeviceKind, PhoneConfiguration};
use crate::engine::journal::now;
use crate::engine::observe::{BATCH, inputs, phone_of, read_whole, services};
use crate::journal::past::REFUSED;
use crate::journal::{self as images, Entry};
use crate::plan::{AxlCall, Call, Kind, Object, ObjectKind, Step, StepState};
use crate::planner::build::rules;
use crate::planner::devices::{undeclared_device, unlisted_as};
use crate::planner::phones;
use crate::planner::running::Told;
use crate::playbook::ApplyWhen;
use crate::resources::DesiredDevice;
use crate::resources::phone_settings::{self, Phone};
use crate::resources::subscription::{self, DeviceState, Difference, Listed, Rules, object};
use crate::resources::writer_rule::{ListWrites, Risk, Way, risk};
use crate::trouble::Trouble;

use super::run::{Aim, Ended, Run};
use super::send::{Ready, Sent, send};
use super::told_phones::shows;
use super::witness::{Other, restless};

/// Writes per device before it counts as not coming to rest.
pub(super) const WRITES: usize = 4;

/// One device of a batch, and what is still to be done on it.
pub(super) struct Work<'s> {
    pub(super) device: DesiredDevice,
    pub(super) listed: Listed,
    pub(super) subscription: Option<&'s mut Step>,
    pub(super) settings: Option<&'s mut Step>,
    pub(super) writes: usize,
    /// A whole list was sent, answered or not: what others have here is looked at.
    pub(super) sent_list: bool,
    /// A whole list was accepted once; what it could not carry is written otherwise.
    pub(super) wrote_list: bool,
    /// The last write was an accepted list and nothing else was written since: the next look shows what it does.
    pub(super) shows_list: bool,
    /// What others had on this device before the first write.
    pub(super) others: Option<Vec<Other>>,
}

impl Work<'_> {
    fn is_open(&self) -> bool {
        is_open(self.subscription.as_deref()) || is_open(self.settings.as_deref())
    }

    fn refuse(&mut self, why: &str) {
        let steps = [self.subscription.as_deref_mut(), self.settings.as_deref_mut()];
        for step in steps.into_iter().flatten().filter(|step| is_open(Some(step))) {
            step.state = StepState::Refused(why.to_owned());
        }
    }
}

/// A phone's settings as they were just read.
struct Configured {
    phone: Phone,
    /// The inside of its `vendorConfig`.
    config: String,
}

/// Whether a step waits to be performed.
pub(super) fn is_open(step: Option<&Step>) -> bool {
    step.is_some_and(|step| step.state == StepState::Planned)
}

/// Steps that are performed phone by phone.
pub(super) fn per_device(step: &Step) -> bool {
    match step.kind {
        Kind::Subscription => true,
        Kind::PhoneSettings => step.call == Call::Axl(AxlCall::UpdatePhoneSettings),
        Kind::ApplicationUser
        | Kind::RmcmUser
        | Kind::PhoneService
        | Kind::PhoneApply
        | Kind::SelfCare
        | Kind::CertificateTrust
        | Kind::FinesseSettings
        | Kind::TomcatRestart
        | Kind::CucmReboot => false,
    }
}

impl Run<'_> {
    /// Performs the steps, in batches.
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
        let total = work.len();
        let mut done = 0;
        for batch in work.chunks_mut(BATCH) {
            if let Some(first) = batch.first() {
                let name = first.device.name.clone();
                self.applying(done, total, name);
            }
            done += batch.len();
            self.batch(batch, &rules).await?;
        }
        Ok(())
    }

    fn work<'s>(&self, steps: Vec<&'s mut Step>) -> Vec<Work<'s>> {
        let mut work: Vec<Work<'s>> = Vec::new();
        let mut places: BTreeMap<Object, usize> = BTreeMap::new();
        for step in steps {
            let place = if let Some(place) = places.get(&step.object) {
                *place
            } else {
                let Some((device, listed)) = self.device(&step.object) else { continue };
                places.insert(step.object.clone(), work.len());
                work.push(Work {
                    device,
                    listed,
                    subscription: None,
                    settings: None,
                    writes: 0,
                    sent_list: false,
                    wrote_list: false,
                    shows_list: false,
                    others: None,
                });
                work.len() - 1
            };
            let Some(item) = work.get_mut(place) else { continue };
            if step.kind == Kind::PhoneSettings {
                item.settings = Some(step);
            } else {
                item.subscription = Some(step);
            }
        }
        work
    }

    fn at_stake(&self, work: &Work<'_>) -> Risk {
        let state = self.prepared.observation.whole.get(&work.device.name);
        state.map_or(Risk::Nothing, |state| risk(&[], &state.subscriptions, &state.rows, false))
    }

    fn device(&self, object: &Object) -> Option<(DesiredDevice, Listed)> {
        let declared = self.prepared.desired.devices.get(&object.name);
        if let (Some(device), Aim::Declared) = (declared, &self.aim) {
            return Some((device.clone(), Listed::Roster));
        }
        let kind = if object.kind == ObjectKind::DeviceProfile {
            DeviceKind::DeviceProfile
        } else {
            DeviceKind::Phone
        };
        let device = undeclared_device(&object.name, kind, &self.task.deployment.agents.at);
        let listed = match self.aim {
            Aim::Before(_) => Listed::Roster,
            Aim::Nothing => Listed::Unsubscribe,
            Aim::Declared => unlisted_as(self.task.deployment)?,
        };
        Some((device, listed))
    }

    async fn batch(&mut self, batch: &mut [Work<'_>], rules: &Rules) -> Result<(), Trouble> {
        loop {
            let open = || batch.iter().filter(|work| work.is_open());
            let names: Vec<String> = open().map(|work| work.device.name.clone()).collect();
            if names.is_empty() {
                return Ok(());
            }
            self.task.stop.check()?;
            let settings = open().filter(|work| is_open(work.settings.as_deref()));
            let settings: Vec<String> = settings.map(|work| work.device.name.clone()).collect();
            let states = read_whole(self.task, self.writer.reader(), &names).await?;
            let phones = self.configured(&settings).await?;
            let mut ready = Vec::new();
            for (index, work) in batch.iter_mut().enumerate().filter(|(_, work)| work.is_open()) {
                let Some(state) = states.get(&work.device.name) else { continue };
                let phone = phones.get(&work.device.name);
                ready.extend(self.look(index, work, rules, state, phone).await?);
            }
            if ready.is_empty() {
                // Nobody is left on whom a list write would show what it does: then it is not tried on others.
                if batch.iter().any(Work::is_open)
                    && self.prepared.observation.list_writes == ListWrites::Unproven
                {
                    self.prepared.observation.list_writes = ListWrites::Lose;
                }
                continue;
            }
            self.write(batch, ready).await?;
        }
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

    /// Compares one device with what was just read; what is left to write is ready to be sent.
    async fn look(
        &mut self,
        index: usize,
        work: &mut Work<'_>,
        rules: &Rules,
        state: &DeviceState,
        phone: Option<&Configured>,
    ) -> Result<Option<Ready>, Trouble> {
        let object = object(work.device.kind, &work.device.name);
        let config = phone.map(|read| read.config.as_str());
        let back = match self.device_back(&object, state, config).transpose() {
            Ok(back) => back,
            Err(why) => {
                work.refuse(&why);
                return Ok(None);
            }
        };
        let difference = match &back {
            Some(back) => Difference { edits: back.edits.clone(), ..Difference::default() },
            None => subscription::compare(&work.device, work.listed, rules, state),
        };
        let list = self.look_at_subscriptions(work, rules, state, difference).await?;
        if list.is_none() && is_open(work.subscription.as_deref()) {
            // Held back, and its settings with it: one write does both.
            return Ok(None);
        }
        let elements = back.as_ref().map_or_else(Vec::new, |back| back.elements.clone());
        let edit = if back.is_some() {
            self.look_back_at_settings(work, &elements)?;
            Vec::new()
        } else {
            self.look_at_settings(work, phone.map(|read| &read.phone))?
        };
        let settings = is_open(work.settings.as_deref());
        if list.is_none() && edit.is_empty() && (elements.is_empty() || !settings) {
            return Ok(None);
        }
        let (way, edits) = list.unwrap_or((Way::Operator, Vec::new()));
        let fields = if let Some(entry) = back.and_then(|back| back.entry) {
            entry.fields
        } else {
            let list = way == Way::Whole;
            let subscriptions = images::subscription::touched(&edits, list, state);
            let settings = images::settings::touched(config.unwrap_or_default(), &edit);
            subscriptions.into_iter().chain(settings).collect()
        };
        Ok(Some(Ready {
            index,
            way,
            kind: work.device.kind,
            name: work.device.name.clone(),
            edits,
            shows: phone.map(|read| shows(&edit, &read.phone.own)).unwrap_or_default(),
            settings: edit,
            elements,
            fields,
            subscriptions: state.subscriptions.len(),
        }))
    }

    /// What is left to put back of a phone's settings: whether that may be tried again.
    fn look_back_at_settings(
        &mut self,
        work: &mut Work<'_>,
        elements: &[(String, Vec<String>)],
    ) -> Result<(), Trouble> {
        let open = |step: &&mut Step| is_open(Some(step));
        let Some(step) = work.settings.as_deref_mut().filter(open) else { return Ok(()) };
        if elements.is_empty() {
            step.state = StepState::Done;
        } else if work.writes >= WRITES {
            step.state = StepState::Failed(restless(&work.device.name));
            return self.failed();
        }
        Ok(())
    }

    fn look_at_settings(
        &mut self,
        work: &mut Work<'_>,
        phone: Option<&Phone>,
    ) -> Result<phone_settings::Edit, Trouble> {
        let Some(step) = work.settings.as_deref_mut().filter(|step| is_open(Some(step))) else {
            return Ok(Vec::new());
        };
        let inputs = inputs(self.task, &self.prepared.desired, &self.prepared.observation);
        let Some(phone) = phone else {
            step.state = StepState::Failed(restless(&work.device.name));
            self.failed()?;
            return Ok(Vec::new());
        };
        let difference = phones::compare(inputs, &work.device, phone);
        if difference.edit.is_empty() {
            step.state = StepState::Done;
            return Ok(Vec::new());
        }
        if work.writes >= WRITES {
            step.state = StepState::Failed(restless(&work.device.name));
            self.failed()?;
            return Ok(Vec::new());
        }
        step.changes = difference.changes;
        Ok(difference.edit)
    }

    async fn write(&mut self, batch: &mut [Work<'_>], ready: Vec<Ready>) -> Result<(), Trouble> {
        self.owe_applies(&ready)?;
        let entries: Vec<Entry> = ready.iter().map(Ready::entry).collect();
        let numbers = self.journal.intend("subscriptions and settings", &entries)?;
        let (writer, stop) = (&self.writer, &self.task.stop);
        let services = &self.prepared.observation.services.services;
        let sent = ready.iter().zip(numbers).map(|(item, number)| async move {
            // Nothing new is begun once the end was asked for; what is in flight is awaited.
            let result =
                if stop.is_set() { None } else { Some(send(writer, item, services).await) };
            (item, number, result)
        });
        let concurrency = self.task.concurrency.max(1);
        let results: Vec<_> = stream::iter(sent).buffer_unordered(concurrency).collect().await;
        let mut ended = Vec::new();
        let mut fatal = None;
        for (item, number, result) in results {
            let (Some(work), Some(sent)) = (batch.get_mut(item.index), result) else { continue };
            work.writes += 1;
            let list = item.way == Way::Whole;
            work.sent_list |= list;
            work.shows_list = list && sent.error.is_none();
            work.wrote_list |= work.shows_list;
            self.writes += sent.writes;
            let (ending, error) = self.ended(work, &sent);
            fatal = fatal.or(error);
            ended.push((number, ending));
        }
        self.journal.ended(&ended)?;
        fatal.map_or(Ok(()), Err)
    }

    /// Notes what became of one write in the steps that it was made for.
    fn ended(&mut self, work: &mut Work<'_>, sent: &Sent) -> (&'static str, Option<Trouble>) {
        let Some(error) = &sent.error else { return ("done", None) };
        let (state, ending, mut fatal) = match self.sort(error) {
            Ok(Ended::Unknown(_)) => return ("unknown", None),
            Ok(Ended::Deferred(why)) => (StepState::Deferred(why), "deferred", None),
            Ok(Ended::Failed(trouble)) => (StepState::Failed(trouble), REFUSED, None),
            Err(trouble) => (StepState::Failed(trouble.clone()), REFUSED, Some(trouble)),
        };
        let steps = [
            work.subscription.as_deref_mut().filter(|_| sent.subscription),
            work.settings.as_deref_mut().filter(|_| sent.settings),
        ];
        for step in steps.into_iter().flatten().filter(|step| is_open(Some(step))) {
            step.state = state.clone();
        }
        if ending == REFUSED && fatal.is_none() {
            fatal = self.failed().err();
        }
        (ending, fatal)
    }

    /// Before a phone is changed it is noted that it has to be told.
    fn owe_applies(&mut self, ready: &[Ready]) -> Result<(), Trouble> {
        let applies = self.task.deployment.phone_apply.as_ref();
        if applies.is_none_or(|apply| apply.when == ApplyWhen::Never) {
            return Ok(());
        }
        let phones = ready.iter().filter(|item| item.kind == DeviceKind::Phone);
        let phones: Vec<(Object, Told)> =
            phones.map(|item| (Object::new(ObjectKind::Phone, &item.name), item.shows)).collect();
        self.memory.owe_applies(&phones, &now())
    }
}
