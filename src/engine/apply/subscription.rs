//! What is still to be done on one device's subscriptions, and whether what others have there was kept.

use secrecy::ExposeSecret;

use crate::engine::operator::OperatorTask;
use crate::plan::{Call, Disturbance, Step, StepState};
use crate::planner::undo::device::{NEEDS_SQL, way_back};
use crate::playbook::Parameter;
use crate::resources::subscription::{DeviceState, Difference, Edit, Rules};
use crate::resources::writer_rule::{ListWrites, Risk, Way, risk, way};
use crate::resources::{DesiredDevice, Wanted};
use crate::trouble::Trouble;

use super::phones::{WRITES, Work, is_open};
use super::run::{Aim, Run};
use super::witness::{keeps, lost, others, restless};

impl Run<'_> {
    /// Compares one device's subscriptions with what was just read: done, refused, or edits that are to be sent.
    pub(super) async fn look_at_subscriptions(
        &mut self,
        work: &mut Work<'_>,
        rules: &Rules,
        state: &DeviceState,
        difference: Difference,
    ) -> Result<Option<(Way, Vec<Edit>)>, Trouble> {
        let Work { device, subscription, writes, others: before, .. } = work;
        let shows_list = std::mem::take(&mut work.shows_list);
        let (sent_list, wrote_list) = (work.sent_list, work.wrote_list);
        let Some(step) = subscription.as_deref_mut().filter(|step| is_open(Some(step))) else {
            return Ok(None);
        };
        let others = others(&difference.edits, rules, state);
        let list = &mut self.prepared.observation.list_writes;
        // Only what is read right after an accepted list tells: later the secure URLs may be this run's own.
        if shows_list && *list == ListWrites::Unproven {
            *list = proof(rules, state);
        }
        if sent_list && before.as_ref().is_some_and(|before| !keeps(before, &others)) {
            *list = ListWrites::Lose;
            step.state = StepState::Failed(lost(&device.name));
            self.failed()?;
            return Ok(None);
        }
        let list = *list;
        if difference.edits.is_empty() {
            step.state = StepState::Done;
            return Ok(None);
        }
        if *writes == 0 && self.aim.before().is_none() && self.is_refused(step, &difference) {
            return Ok(None);
        }
        if *writes >= WRITES {
            step.state = StepState::Failed(restless(&device.name));
            self.failed()?;
            return Ok(None);
        }
        let (subscriptions, rows) = (&state.subscriptions, &state.rows);
        let mut chosen = match &self.aim {
            Aim::Before(_) => way_back(&difference.edits, state, rules.sql, list),
            Aim::Declared | Aim::Nothing => {
                way(&difference.edits, subscriptions, rows, rules.sql, list)
            }
        };
        if chosen == Way::Whole && wrote_list {
            chosen = if rules.sql { Way::Delta } else { Way::Operator };
        }
        let at_stake = risk(&difference.edits, subscriptions, rows, rules.sql);
        if chosen == Way::Whole && at_stake != Risk::Nothing && list == ListWrites::Unproven {
            // Held back until another device has shown what a list write does.
            return Ok(None);
        }
        if chosen == Way::Operator && self.aim.before().is_some() {
            step.state = StepState::Refused(NEEDS_SQL.to_owned());
            return Ok(None);
        }
        if chosen == Way::Operator {
            let Call::Operator(_) = step.call else {
                // What a list write could not carry; planning again makes an operator step of it.
                step.state = StepState::Done;
                return Ok(None);
            };
            let tasks = tasks(device, &difference);
            self.by_operator(step, &tasks).await?;
            return Ok(None);
        }
        before.get_or_insert(others);
        Ok(Some((chosen, difference.edits)))
    }

    /// A device that changed since the plan may need more than was allowed.
    fn is_refused(&self, step: &mut Step, difference: &Difference) -> bool {
        let moved = difference.changes != step.changes;
        if !moved {
            return false;
        }
        let more = difference.removals > step.removals || (difference.alters && !step.alters);
        if more && !self.answers.allow.contains(&Disturbance::Removal) {
            step.state = StepState::Refused(
                "the device changed since the plan was made, and would now lose something; plan again".to_owned(),
            );
            return true;
        }
        step.changes.clone_from(&difference.changes);
        false
    }
}

/// What a list write made of our own subscriptions' secure URLs, of which the list carries none.
fn proof(rules: &Rules, state: &DeviceState) -> ListWrites {
    let ours = |service: &str| rules.services.iter().any(|view| view.is(service));
    let written = state
        .subscriptions
        .iter()
        .filter(|written| ours(&written.service) && !written.secure_template.is_empty());
    let kept: Vec<bool> =
        written.map(|written| !written.secure_url.expose_secret().is_empty()).collect();
    match kept.as_slice() {
        [] => ListWrites::Unproven,
        kept if kept.iter().all(|kept| *kept) => ListWrites::Keep,
        _ => ListWrites::Lose,
    }
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
            OperatorTask::Unsubscribe {
                device: device.name.to_string(),
                service: edit.service.clone(),
            }
        } else {
            OperatorTask::Subscribe {
                device: device.name.to_string(),
                service: edit.service.clone(),
                values: values().collect(),
            }
        }
    });
    edits.collect()
}
