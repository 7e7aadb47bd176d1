//! Phones and device profiles as they are written: read afresh, compared, what still differs written, and looked at again.
//! A lost answer needs no case of its own: the next look sees what became of it.
//!
//! Settings and subscriptions of one phone are two steps and one write, wherever the list of services is written too.

use std::collections::BTreeMap;

use crate::clients::axl::DeviceKind;
use crate::engine::observe::inputs;
use crate::journal as images;
use crate::journal::past::REFUSED;
use crate::plan::{AxlCall, Call, Kind, Object, ObjectKind, Step, StepState};
use crate::planner::devices::{undeclared_device, unlisted_as};
use crate::planner::phones;
use crate::resources::DesiredDevice;
use crate::resources::phone_settings::{self, Phone};
use crate::resources::subscription::{self, DeviceState, Difference, Listed, Rules, object};
use crate::resources::vendor_config::unwrapped;
use crate::resources::writer_rule::{Risk, Way, risk};
use crate::trouble::Trouble;

use super::run::{Aim, Ended, Run};
use super::send::{Ready, Sent};
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
    /// SQL writes that were sent. What a statement about many devices did not do is done by one of its own.
    pub(super) deltas: usize,
    /// What others had on this device before the first write.
    pub(super) others: Option<Vec<Other>>,
}

impl Work<'_> {
    pub(super) fn is_open(&self) -> bool {
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
pub(super) struct Configured {
    pub(super) phone: Phone,
    /// The inside of its `vendorConfig`.
    pub(super) config: String,
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
    pub(super) fn work<'s>(&self, steps: Vec<&'s mut Step>) -> Vec<Work<'s>> {
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
                    deltas: 0,
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

    pub(super) fn at_stake(&self, work: &Work<'_>) -> Risk {
        let state = self.prepared.observation.whole.get(work.device.name.as_str());
        state.map_or(Risk::Nothing, |state| risk(&[], &state.subscriptions, &state.rows, false))
    }

    fn device(&self, object: &Object) -> Option<(DesiredDevice, Listed)> {
        let declared = self.prepared.desired.devices.get(object.name.as_str());
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

    /// Compares one device with what was just read; what is left to write is ready to be sent.
    pub(super) async fn look(
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
            name: work.device.name.to_string(),
            edits,
            shows: phone.map(|read| shows(&edit, &read.phone.own)).unwrap_or_default(),
            settings: edit,
            elements,
            fields,
            subscriptions: state.subscriptions.len(),
            config: config
                .filter(|config| self.bulk_tells_all == Some(true) && !config.trim().is_empty())
                .map(|config| unwrapped(config).to_owned()),
            alone: work.deltas > 0,
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

    /// Notes what became of one write in the steps that it was made for.
    pub(super) fn ended(
        &mut self,
        work: &mut Work<'_>,
        sent: &Sent,
    ) -> (&'static str, Option<Trouble>) {
        if sent.alone {
            return ("unknown", None);
        }
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
}
