//! Writes subscriptions in batches: each round reads exactly the batch's devices afresh, compares, writes what
//! still differs, and looks again. A lost answer needs no case of its own: the next round sees what became of it.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};

use secrecy::SecretString;

use crate::clients::axl::{
    AxlError, DeviceKind, PhoneService, Statement, SubscribedService, Target, Writer,
};
use crate::engine::observe::{BATCH, inputs, read_whole, services};
use crate::engine::operator::OperatorTask;
use crate::plan::{Call, Disturbance, ObjectKind, Step, StepState};
use crate::planner::build::rules;
use crate::planner::devices::{undeclared_device, unlisted_as};
use crate::playbook::{Parameter, ascii_name};
use crate::resources::subscription::{self, DeviceState, Difference, Edit, Listed, Rules};
use crate::resources::writer_rule::{Way, way};
use crate::resources::{DesiredDevice, Wanted};
use crate::trouble::Trouble;

use super::run::{Ended, ListWrites, Run};
use super::statements::statements;
use super::witness::{Other, Restoration, keeps, lost, others, restless, restoration};

/// Writes per device before it counts as not coming to rest.
const WRITES: usize = 4;

/// One device of a batch.
struct Work<'s> {
    step: &'s mut Step,
    device: DesiredDevice,
    listed: Listed,
    writes: usize,
    wrote_list: bool,
    /// What a list write lost was put back once.
    restored: bool,
    /// What others had on this device before the first write.
    others: Option<Vec<Other>>,
}

/// One write, built and ready to be sent.
struct Ready {
    index: usize,
    way: Way,
    kind: DeviceKind,
    name: String,
    edits: Vec<Edit>,
    subscriptions: usize,
}

impl Run<'_> {
    /// Performs the steps, in batches.
    pub(super) async fn subscriptions(&mut self, steps: Vec<&mut Step>) -> Result<(), Trouble> {
        if steps.is_empty() {
            return Ok(());
        }
        self.prepared.observation.services =
            services(self.task, self.writer.reader(), &self.prepared.desired).await?;
        let rules = rules(inputs(self.task, &self.prepared.desired, &self.prepared.observation));
        let total = steps.len();
        let mut done = 0;
        let mut work: Vec<Work<'_>> =
            steps.into_iter().filter_map(|step| self.work(step)).collect();
        for batch in work.chunks_mut(BATCH) {
            if let Some(first) = batch.first() {
                self.applying(done, total, first.step);
            }
            done += batch.len();
            self.batch(batch, &rules).await?;
        }
        Ok(())
    }

    fn work<'s>(&self, step: &'s mut Step) -> Option<Work<'s>> {
        let name = &step.object.name;
        let (device, listed) = if let Some(device) = self.prepared.desired.devices.get(name) {
            (device.clone(), Listed::Roster)
        } else {
            let kind = match step.object.kind {
                ObjectKind::DeviceProfile => DeviceKind::DeviceProfile,
                ObjectKind::Phone | ObjectKind::ApplicationUser | ObjectKind::PhoneService => {
                    DeviceKind::Phone
                }
            };
            let at = &self.task.deployment.agents.at;
            (undeclared_device(name, kind, at), unlisted_as(self.task.deployment)?)
        };
        Some(Work {
            step,
            device,
            listed,
            writes: 0,
            wrote_list: false,
            restored: false,
            others: None,
        })
    }

    async fn batch(&mut self, batch: &mut [Work<'_>], rules: &Rules) -> Result<(), Trouble> {
        loop {
            let names: Vec<String> = batch
                .iter()
                .filter(|work| is_open(work))
                .map(|work| work.device.name.clone())
                .collect();
            if names.is_empty() {
                return Ok(());
            }
            self.task.stop.check()?;
            let states = read_whole(self.task, self.writer.reader(), &names).await?;
            let mut ready = Vec::new();
            for (index, work) in batch.iter_mut().enumerate().filter(|(_, work)| is_open(work)) {
                let Some(state) = states.get(&work.device.name) else { continue };
                ready.extend(self.look(index, work, rules, state).await?);
            }
            if ready.is_empty() {
                continue;
            }
            self.write(batch, ready).await?;
        }
    }

    /// Compares one device with what was just read: done, refused, or a write that is ready to be sent.
    async fn look(
        &mut self,
        index: usize,
        work: &mut Work<'_>,
        rules: &Rules,
        state: &DeviceState,
    ) -> Result<Option<Ready>, Trouble> {
        let difference = subscription::compare(&work.device, work.listed, rules, state);
        let others = others(&difference.edits, rules, state);
        if let Some(before) = &work.others {
            if work.wrote_list && !keeps(before, &others) {
                self.list = ListWrites::Lose;
                let back = restoration(before, state).filter(|_| rules.sql);
                if let Some(back) = back.filter(|_| !work.restored) {
                    work.restored = true;
                    self.put_back(&work.device.name, &back).await?;
                    return Ok(None);
                }
                work.step.state = StepState::Failed(lost(&work.device.name));
                self.failed()?;
                return Ok(None);
            }
            if work.wrote_list && !before.is_empty() && self.list == ListWrites::Unproven {
                self.list = ListWrites::Keep;
            }
        }
        if difference.edits.is_empty() {
            work.step.state = StepState::Done;
            return Ok(None);
        }
        if work.writes == 0 && self.is_refused(work.step, &difference) {
            return Ok(None);
        }
        if work.writes >= WRITES {
            work.step.state = StepState::Failed(restless(&work.device.name));
            self.failed()?;
            return Ok(None);
        }
        let mut chosen = way(&difference.edits, &state.subscriptions, &state.rows, rules.sql);
        let risky = self.list == ListWrites::Lose && !others.is_empty();
        if chosen == Way::Whole && (work.wrote_list || risky) {
            chosen = if rules.sql { Way::Delta } else { Way::Operator };
        }
        if chosen == Way::Operator {
            let Call::Operator(_) = work.step.call else {
                // What a list write could not carry; planning again makes an operator step of it.
                work.step.state = StepState::Done;
                return Ok(None);
            };
            let tasks = tasks(&work.device, &difference);
            self.by_operator(work.step, &tasks).await?;
            return Ok(None);
        }
        work.others.get_or_insert(others);
        Ok(Some(Ready {
            index,
            way: chosen,
            kind: work.device.kind,
            name: work.device.name.clone(),
            edits: difference.edits,
            subscriptions: state.subscriptions.len(),
        }))
    }

    /// Secure URLs that this server dropped from other subscriptions of a list, written back at once.
    async fn put_back(&mut self, device: &str, back: &[Restoration]) -> Result<(), Trouble> {
        self.journal.intent("secure URLs put back", &[device])?;
        for (service, pkid, secure_url) in back {
            let target = Target { device, service, subscription_pkid: Some(pkid) };
            let secure_url = SecretString::from(secure_url.as_str());
            self.writes += 1;
            let written = match Statement::set_urls(&target, None, Some(&secure_url)) {
                Ok(statement) => self.writer.execute(&statement).await.map(drop),
                Err(error) => Err(error),
            };
            // What did not come back is seen by the next look, and said there.
            if let Err(error) = written {
                drop(self.sort(&error)?);
            }
        }
        self.journal.outcomes("secure URLs put back", &[(device, "done")])
    }

    /// A device that changed since the plan may need more than was allowed.
    fn is_refused(&self, step: &mut Step, difference: &Difference) -> bool {
        let moved = difference.changes != step.changes;
        if !moved {
            return false;
        }
        let more = difference.removals > step.removals || (difference.alters && !step.alters);
        if more && !self.allow.contains(&Disturbance::Removal) {
            step.state = StepState::Refused(
                "the device changed since the plan was made, and would now lose something; plan again".to_owned(),
            );
            return true;
        }
        step.changes.clone_from(&difference.changes);
        false
    }

    async fn write(
        &mut self,
        batch: &mut [Work<'_>],
        mut ready: Vec<Ready>,
    ) -> Result<(), Trouble> {
        if self.list == ListWrites::Unproven {
            only_one_trial(&mut ready, batch);
        }
        let targets: Vec<&str> = ready.iter().map(|item| item.name.as_str()).collect();
        self.journal.intent("subscriptions", &targets)?;
        let (writer, stop) = (&self.writer, &self.task.stop);
        let services = &self.prepared.observation.services.services;
        let sent = ready.iter().map(|item| async move {
            // Nothing new is begun once the end was asked for; what is in flight is awaited.
            let result =
                if stop.is_set() { None } else { Some(send(writer, item, services).await) };
            (item, result)
        });
        let concurrency = self.task.concurrency.max(1);
        let results: Vec<_> = stream::iter(sent).buffer_unordered(concurrency).collect().await;
        let mut ended = Vec::new();
        let mut fatal = None;
        for (item, result) in results {
            let (Some(work), Some(sent)) = (batch.get_mut(item.index), result) else { continue };
            work.writes += 1;
            work.wrote_list |= item.way == Way::Whole;
            self.writes += sent.writes;
            let ending = match sent.error.as_ref().map(|error| self.sort(error)) {
                None => "done",
                Some(Ok(Ended::Unknown(_))) => "unknown",
                Some(Ok(Ended::Deferred(why))) => {
                    work.step.state = StepState::Deferred(why);
                    "deferred"
                }
                Some(Ok(Ended::Failed(trouble))) => {
                    work.step.state = StepState::Failed(trouble);
                    fatal = fatal.or(self.failed().err());
                    "failed"
                }
                Some(Err(trouble)) => {
                    work.step.state = StepState::Failed(trouble.clone());
                    fatal = Some(trouble);
                    "failed"
                }
            };
            ended.push((item.name.as_str(), ending));
        }
        self.journal.outcomes("subscriptions", &ended)?;
        fatal.map_or(Ok(()), Err)
    }
}

/// Until a list write was seen to keep what others have, only one device that has something else is tried.
fn only_one_trial(ready: &mut Vec<Ready>, batch: &[Work<'_>]) {
    let mut tried = false;
    ready.retain(|item| {
        let others = batch.get(item.index).and_then(|work| work.others.as_ref());
        let trial = item.way == Way::Whole && others.is_some_and(|others| !others.is_empty());
        let keep = !trial || !tried;
        tried |= trial;
        keep
    });
}

struct Sent {
    writes: usize,
    error: Option<AxlError>,
}

async fn send(writer: &Writer, item: &Ready, services: &BTreeMap<String, PhoneService>) -> Sent {
    let mut count = 0;
    let error = match item.way {
        Way::Whole => send_list(writer, item, &mut count).await.err(),
        Way::Delta => send_delta(writer, item, services, &mut count).await.err(),
        Way::Operator => None,
    };
    Sent { writes: count, error }
}

async fn send_list(writer: &Writer, item: &Ready, count: &mut usize) -> Result<(), AxlError> {
    let mut list = Vec::new();
    if item.subscriptions > 0 {
        let read = writer.reader().device_services(item.kind, &item.name).await?;
        list = read.unwrap_or_default();
        if list.len() != item.subscriptions {
            return Err(AxlError::Refused {
                why: format!(
                    "AXL lists {} subscriptions and the database {}; writing the list could lose one",
                    list.len(),
                    item.subscriptions
                ),
            });
        }
    }
    for edit in &item.edits {
        merge(&mut list, edit);
    }
    *count += 1;
    writer.update_device_services(item.kind, &item.name, &list).await
}

fn merge(list: &mut Vec<SubscribedService>, edit: &Edit) {
    if edit.unsubscribe {
        list.retain(|entry| entry.service != edit.service);
    } else if edit.subscribe {
        list.push(SubscribedService {
            service: edit.service.clone(),
            service_uuid: None,
            name: edit.service.clone(),
            url: edit.url.clone(),
            button_index: Some(0),
            label: None,
            name_ascii: Some(ascii_name(&edit.service)),
        });
    } else {
        for entry in list.iter_mut().filter(|entry| entry.service == edit.service) {
            if let Some(url) = &edit.url {
                entry.url = Some(url.clone());
            }
            if let Some(name) = &edit.name {
                entry.name.clone_from(name);
                entry.name_ascii = Some(ascii_name(name));
            }
        }
    }
}

async fn send_delta(
    writer: &Writer,
    item: &Ready,
    services: &BTreeMap<String, PhoneService>,
    count: &mut usize,
) -> Result<(), AxlError> {
    for edit in &item.edits {
        for statement in statements(&item.name, edit, services)? {
            *count += 1;
            writer.execute(&statement).await?;
        }
    }
    Ok(())
}

fn is_open(work: &Work<'_>) -> bool {
    work.step.state == StepState::Planned
}

fn tasks(device: &DesiredDevice, difference: &Difference) -> Vec<OperatorTask> {
    let values = || {
        Parameter::ALL.into_iter().filter_map(|parameter| match device.wanted(parameter) {
            Wanted::Value(value) => Some((parameter, value.clone())),
            Wanted::Keep | Wanted::Agent | Wanted::Nothing => None,
        })
    };
    let edits = difference.edits.iter().map(|edit| {
        if edit.unsubscribe {
            OperatorTask::Unsubscribe { device: device.name.clone(), service: edit.service.clone() }
        } else {
            OperatorTask::Subscribe {
                device: device.name.clone(),
                service: edit.service.clone(),
                values: values().collect(),
            }
        }
    });
    edits.collect()
}
