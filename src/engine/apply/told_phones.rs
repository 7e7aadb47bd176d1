//! What comes of telling a phone: its web server has to run. A phone on which it does not is one for a person, who ticks
//! the boxes *Override Common Settings*.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::engine::observe::running;
use crate::engine::operator::OperatorTask;
use crate::engine::{Event, Purpose};
use crate::plan::{Basis, Kind, Object, ObjectKind, Step, StepState};
use crate::planner::running::{Boxes, Told, is_served, is_silent, is_tick};
use crate::resources::phone_settings::{Edit, Setting, Values};
use crate::trouble::Trouble;

use super::run::Run;

/// How long a phone is given to take its configuration and to register again. No source says; one that takes longer is
/// seen by the next run.
const COMES_BACK: Duration = Duration::from_mins(1);
const FIRST_LOOK: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How often RisPort is asked that does not tell.
const LOOKS: usize = 3;

/// What of an edit is to be seen on a phone, where this was its level before.
pub(super) fn shows(edit: &Edit, own: &Values) -> Told {
    let written = |setting| edit.iter().any(|(edited, _)| *edited == setting);
    let new = |setting| written(setting) && own.get(setting).is_none();
    Told {
        web_access: written(Setting::WebAccess),
        new_web_access: new(Setting::WebAccess),
        new_https_server: new(Setting::HttpsServer),
    }
}

impl Run<'_> {
    /// The roster's phones that are told together with this.
    pub(super) fn told_with(&self, object: &Object) -> Vec<String> {
        if object.kind != ObjectKind::CommonPhoneProfile {
            return vec![object.name.clone()];
        }
        let seen = self.prepared.observation.settings.as_ref();
        let phones = seen.into_iter().flat_map(|seen| &seen.phones);
        let follows = phones.filter(|(_, phone)| *phone.profile == *object.name);
        follows.map(|(name, _)| name.clone()).collect()
    }

    /// Phones that run no web server yet, of those that are to be told of Web Access: what becomes of them shows whether an
    /// element counts that AXL has written. One whose web server runs already shows nothing.
    pub(super) async fn witnesses(&self, steps: &[Step]) -> Result<BTreeSet<String>, Trouble> {
        let web = |step: &&Step| self.memory.owes(&step.object).new_web_access;
        let names = steps.iter().filter(|step| step.kind == Kind::PhoneApply).filter(web);
        let names: Vec<String> = names.flat_map(|step| self.told_with(&step.object)).collect();
        Ok(running(self.task, Purpose::Apply, &names).await?.map_or_else(
            |_| BTreeSet::new(),
            |devices| {
                let silent = |name: &String| is_silent(devices.lookup(name));
                names.iter().filter(|name| silent(name)).cloned().collect()
            },
        ))
    }

    /// Waits for phones that AXL has told, and notes what the witnesses among them show of the elements that it writes.
    pub(super) async fn phones_told(
        &mut self,
        phones: &BTreeSet<String>,
        witnesses: &BTreeSet<String>,
    ) -> Result<(), Trouble> {
        let before = self.memory.told();
        if !self.phones_back(phones).await? {
            // A look that failed shows nothing of phones.
            return Ok(());
        }
        let after = self.memory.told();
        let told = |name: &&String| before.contains_key(*name) && phones.contains(*name);
        let unseen = |name: &&String| after.get(*name).is_some_and(|told| told.web_access);
        let (silent, served): (Vec<_>, Vec<_>) = witnesses.iter().filter(told).partition(unseen);
        match (served.is_empty(), silent.is_empty()) {
            (true, true) => Ok(()),
            (false, true) => self.memory.show_boxes(Some(Boxes::Ticked)),
            (true, false) => self.memory.show_boxes(Some(Boxes::NotTicked)),
            (false, false) => self.memory.show_boxes(None),
        }
    }

    /// Waits for the web servers of these phones, as far as RisPort tells. Those that run are remembered no more; for
    /// those that do not, the next plan has a step. Whether RisPort has told.
    async fn phones_back(&mut self, phones: &BTreeSet<String>) -> Result<bool, Trouble> {
        let (begun, mut pause) = (Instant::now(), FIRST_LOOK);
        let mut failed = 0;
        loop {
            self.task.stop.check()?;
            let told = self.memory.told();
            let told =
                phones.iter().filter(|name| told.get(*name).is_some_and(|told| told.web_access));
            let told: Vec<String> = told.cloned().collect();
            if told.is_empty() {
                return Ok(true);
            }
            let Ok(devices) = running(self.task, Purpose::Apply, &told).await? else {
                failed += 1;
                if failed == LOOKS {
                    // Why RisPort does not tell is said when the plan is made anew.
                    return Ok(false);
                }
                self.pause(pause).await?;
                continue;
            };
            let of = |is: fn(_) -> bool| -> Vec<String> {
                told.iter().filter(|name| is(devices.lookup(name))).cloned().collect()
            };
            self.memory.seen_running(&of(is_served))?;
            let silent = of(is_silent).len();
            if silent == 0 || begun.elapsed() >= COMES_BACK {
                return Ok(true);
            }
            self.task.listener.event(Event::Waiting {
                seconds: pause.as_secs(),
                why: format!("for phones that were told and run no web server yet: {silent}"),
            });
            self.pause(pause).await?;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    /// Lets a person tick the boxes on phones that were told and run without.
    pub(super) async fn tick_boxes(&mut self, steps: &mut [Step]) -> Result<(), Trouble> {
        let mut done = BTreeSet::new();
        for step in steps.iter_mut().filter(|step| waits(step)) {
            let tasks = self.boxes(&step.object.name);
            self.by_operator(step, &tasks).await?;
            if step.state == StepState::Done {
                // What nothing shows is taken from whoever has done it.
                if step.basis == Basis::Remembered {
                    self.memory.ticked(&step.object.name)?;
                }
                done.insert(step.object.name.clone());
            }
        }
        self.phones_back(&done).await?;
        // Who has ticked the one box of a phone that now runs its web server has ticked the other.
        let left = self.memory.told();
        let seen = |name: &&String| left.get(*name).is_some_and(|told| !told.web_access);
        done.iter().filter(seen).try_for_each(|phone| self.memory.ticked(phone))
    }

    fn boxes(&self, device: &str) -> Vec<OperatorTask> {
        let seen = self.prepared.observation.settings.as_ref();
        let Some((seen, phone)) = seen.and_then(|seen| Some((seen, seen.phones.get(device)?)))
        else {
            return Vec::new();
        };
        let set = Setting::ALL.into_iter().filter_map(|setting| {
            let value = phone.own.get(setting).or(match setting {
                Setting::WebAccess => None,
                Setting::HttpsServer => seen.https_only(),
            })?;
            Some(OperatorTask::TickOverride {
                device: device.to_owned(),
                element: setting.element(),
                value: value.to_owned(),
            })
        });
        set.collect()
    }
}

/// Whether boxes wait to be ticked.
pub(super) fn waits(step: &Step) -> bool {
    step.state == StepState::Planned && is_tick(step)
}
