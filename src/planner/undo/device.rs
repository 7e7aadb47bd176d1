//! One device of a run that is taken back: its subscriptions as edits, its settings as elements.

use std::collections::BTreeMap;

use secrecy::SecretString;

use crate::journal::Kept;
use crate::journal::past::{FieldBack, Reversal, Touched};
use crate::journal::subscription::{
    ASCII_NAME, BUTTON, LABEL, NAME, PRIORITY, SECURE_URL, SUBSCRIPTION, URL, parameter,
    subscription,
};
use crate::plan::{AxlCall, Call, Disturbance, Kind, Object, ObjectKind, Plan, Step, StepState};
use crate::playbook::Parameter;
use crate::resources::subscription::{AsItWas, DeviceState, Edit};
use crate::resources::writer_rule::{ListWrites, Way, way};

use super::{SqlMode, Undoing, by_hand, changes, moved, reversal};

/// Plans one device.
pub(super) fn plan(undoing: Undoing<'_>, object: &Object, touched: &Touched, plan: &mut Plan) {
    let all = reversal(undoing, object, touched);
    if all.is_empty() {
        return;
    }
    if !all.moved.is_empty() {
        let held = changes::held(touched, &all);
        let settings = held.iter().all(|(key, ..)| key.of.is_empty());
        let call = Call::Axl(AxlCall::SubscribeWhole);
        let kind = if settings { Kind::PhoneSettings } else { Kind::Subscription };
        let mut step = Step::new(kind, object.clone(), changes::of(undoing, &held), call);
        step.state = StepState::Refused(moved(&all));
        plan.steps.push(step);
        return;
    }
    let (subscriptions, settings): (Vec<_>, Vec<_>) =
        all.put_back.iter().cloned().partition(|(key, ..)| !key.of.is_empty());
    if !subscriptions.is_empty() {
        plan.steps.push(subscription_step(undoing, object, &all, &subscriptions));
    }
    if !settings.is_empty() {
        let call = Call::Axl(AxlCall::UpdatePhoneSettings);
        let changes = changes::of(undoing, &settings);
        plan.steps.push(Step::new(Kind::PhoneSettings, object.clone(), changes, call));
    }
    if !all.lost.is_empty() {
        plan.steps.push(by_hand::lost(undoing, Kind::Subscription, object, &all.lost));
    }
}

fn subscription_step(
    undoing: Undoing<'_>,
    object: &Object,
    reversal: &Reversal,
    fields: &[FieldBack],
) -> Step {
    let nothing = DeviceState::default();
    let state = undoing.present.states.get(&object.name).unwrap_or(&nothing);
    let edits = edits(reversal, state);
    let sql = undoing.sql != SqlMode::Never;
    let way = way_back(&edits, state, sql, undoing.list_writes);
    let beyond = edits.iter().any(Edit::beyond_list);
    let changes = changes::of(undoing, fields);
    let by_axl =
        |call| Step::new(Kind::Subscription, object.clone(), changes.clone(), Call::Axl(call));
    match way {
        // What the list cannot carry is put back by SQL or not at all: not half of it.
        Way::Operator => refused(by_axl(AxlCall::SubscribeDelta)),
        Way::Whole if beyond && !sql => refused(by_axl(AxlCall::SubscribeWhole)),
        Way::Whole | Way::Delta => {
            let call =
                if way == Way::Whole { AxlCall::SubscribeWhole } else { AxlCall::SubscribeDelta };
            let mut step = by_axl(call);
            if undoing.sql == SqlMode::Ask && (way == Way::Delta || beyond) {
                step.disturbs.insert(Disturbance::Sql);
            }
            step
        }
    }
}

/// How subscriptions are put back. What a list cannot carry is written by SQL with all the rest: between a list and what
/// completes it, a subscription would hold what neither the run nor anybody before it wrote.
pub fn way_back(edits: &[Edit], state: &DeviceState, sql: bool, list: ListWrites) -> Way {
    let way = way(edits, &state.subscriptions, &state.rows, sql, list);
    if sql && edits.iter().any(Edit::beyond_list) { Way::Delta } else { way }
}

/// Why a device is left alone.
pub const NEEDS_SQL: &str = "it takes direct database writes to put back, which phone_services.sql_writes and --allow sql let happen";

fn refused(mut step: Step) -> Step {
    step.state = StepState::Refused(NEEDS_SQL.to_owned());
    step
}

/// The subscriptions' part of a reversal.
pub fn edits(reversal: &Reversal, state: &DeviceState) -> Vec<Edit> {
    let mut parts: BTreeMap<(&str, usize), Vec<&FieldBack>> = BTreeMap::new();
    for field in reversal.put_back.iter().filter(|(key, ..)| !key.of.is_empty()) {
        parts.entry((field.0.of.as_str(), field.0.copy)).or_default().push(field);
    }
    parts.into_values().filter_map(|fields| edit(&fields, state)).collect()
}

fn edit(fields: &[&FieldBack], state: &DeviceState) -> Option<Edit> {
    let (key, ..) = fields.first()?;
    let there = subscription(key, state);
    let mut edit = Edit::of(&key.of, there.map(|one| &one.pkid));
    let was = |name: &str| fields.iter().find(|(key, ..)| key.field == name).map(|(_, _, was)| was);
    match was(SUBSCRIPTION) {
        Some(Kept::Absent) => edit.unsubscribe = true,
        Some(_) => {
            let text = |name: &str| was(name).and_then(Kept::text).unwrap_or_default().to_owned();
            edit.subscribe = true;
            edit.url = was(URL).and_then(Kept::secret);
            edit.secure_url = was(SECURE_URL).and_then(Kept::secret);
            edit.as_it_was = Some(AsItWas {
                name: text(NAME),
                name_ascii: text(ASCII_NAME),
                button_index: text(BUTTON).parse().unwrap_or_default(),
                label: text(LABEL),
                priority: text(PRIORITY).parse().ok(),
                rows: fields
                    .iter()
                    .filter_map(|(key, _, was)| {
                        Some((parameter(&key.field)?.to_owned(), was.secret()?))
                    })
                    .collect(),
            });
        }
        None => {
            edit.name = was(NAME).and_then(Kept::text).map(str::to_owned);
            edit.url = was(URL).map(url);
            edit.secure_url = was(SECURE_URL).map(url);
            for (key, now, was) in fields {
                let name = parameter(&key.field);
                let known =
                    |known: &Parameter| name.is_some_and(|n| n.eq_ignore_ascii_case(known.name()));
                let Some(parameter) = Parameter::ALL.into_iter().find(known) else { continue };
                match was.secret() {
                    Some(value) => edit.rows.push((parameter, value, !matches!(now, Kept::Absent))),
                    None => edit.clear.push(parameter),
                }
            }
        }
    }
    Some(edit)
}

fn url(was: &Kept) -> SecretString {
    was.secret().unwrap_or_default()
}

/// The settings' part of a reversal: elements as they were.
pub fn elements(reversal: &Reversal) -> Vec<(String, Vec<String>)> {
    let own = reversal.put_back.iter().filter(|(key, ..)| key.of.is_empty());
    own.map(|(key, _, was)| (key.field.clone(), was.list())).collect()
}

/// Whether an object is a phone, and so has settings of its own.
pub fn has_settings(object: &Object) -> bool {
    object.kind == ObjectKind::Phone
}
