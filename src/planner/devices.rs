//! The part of planning that is done per device: subscriptions and their values.

use std::collections::{BTreeSet, HashSet};

use compact_str::CompactString;

use crate::clients::axl::DeviceKind;
use crate::plan::{AxlCall, Call, Disturbance, Finding, Kind, Object, Plan, Severity, Shown, Step};
use crate::playbook::{Deployment, Location, Manage, Unlisted};
use crate::resources::DesiredDevice;
use crate::resources::subscription::{self, DeviceState, Difference, Listed, Rules};
use crate::resources::writer_rule::{Way, way};

use super::build::{Inputs, SqlMode, finding_of, rules};
use super::operator;

/// Names of the devices whose subscriptions have to change: those that the writer rule looks at whole. And which
/// devices of the roster are settled, in its order: nothing differs there, and nothing is found.
pub fn devices_to_change(inputs: Inputs<'_>) -> (Vec<String>, Vec<bool>) {
    let rules = rules(inputs);
    let (mut names, mut settled) = (Vec::new(), Vec::new());
    for (device, there) in inputs.observation.roster(inputs.desired) {
        let compared = there.then(|| compare(inputs, &rules, device, Listed::Roster));
        settled.push(compared.as_ref().is_some_and(Difference::is_none));
        if compared.is_some_and(|difference| !difference.edits.is_empty()) {
            names.push(device.name.to_string());
        }
    }
    if let Some(listed) = unlisted_as(inputs.deployment) {
        names.extend(undeclared(inputs, &rules).filter_map(|device| {
            let difference = compare(inputs, &rules, &device, listed);
            (!difference.edits.is_empty()).then(|| device.name.to_string())
        }));
    }
    (names, settled)
}

fn compare(
    inputs: Inputs<'_>,
    rules: &Rules,
    device: &DesiredDevice,
    listed: Listed,
) -> Difference {
    let state = inputs.observation.states.get(&device.name).unwrap_or_default();
    subscription::compare(device, listed, rules, &state)
}

/// Devices of the roster on which nothing is to do, and nothing is found that counts.
pub(super) fn in_sync(inputs: Inputs<'_>, plan: &Plan) -> Vec<CompactString> {
    let steps = plan.steps.iter().map(|step| &step.object);
    let errors = plan.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let wrong: HashSet<&Object> = steps.chain(errors.map(|finding| &finding.object)).collect();
    let devices = inputs.desired.devices.values();
    devices
        .filter(|device| !wrong.contains(&subscription::object(device.kind, &device.name)))
        .map(|device| device.name.clone())
        .collect()
}

/// Plans the devices of the roster.
pub(super) fn roster(inputs: Inputs<'_>, plan: &mut Plan) {
    let rules = rules(inputs);
    for (place, (device, there)) in inputs.observation.roster(inputs.desired).enumerate() {
        plan.counts.devices += 1;
        if inputs.observation.settled.get(place) == Some(&true) {
            continue;
        }
        if !there {
            plan.findings.push(missing_device(inputs, device));
            continue;
        }
        let difference = compare(inputs, &rules, device, Listed::Roster);
        plan.findings.extend(difference.findings.iter().cloned());
        if difference.changes.is_empty() {
            continue;
        }
        if device.manage == Manage::Verify {
            let object = subscription::object(device.kind, &device.name);
            plan.findings
                .extend(difference.changes.iter().map(|change| finding_of(&object, change)));
        } else {
            plan.steps.push(device_step(inputs, device, Listed::Roster, difference));
        }
    }
}

/// Reports devices of the roster that are not there, where nothing else is planned for them.
pub(super) fn missing(inputs: Inputs<'_>, plan: &mut Plan) {
    for (device, there) in inputs.observation.roster(inputs.desired) {
        if !there {
            plan.findings.push(missing_device(inputs, device));
        }
    }
}

/// Reports, and where the playbook says so changes, devices that no row names.
pub(super) fn unlisted(inputs: Inputs<'_>, plan: &mut Plan) {
    let rules = rules(inputs);
    let listed = unlisted_as(inputs.deployment);
    for device in undeclared(inputs, &rules) {
        plan.findings.push(Finding {
            check: "subscription-undeclared",
            severity: Severity::Info,
            object: subscription::object(device.kind, &device.name),
            field: "subscription".to_owned(),
            expected: Shown::Absent,
            found: Shown::text("subscribed, and on no roster row"),
            declared: None,
        });
        let Some(listed) = listed else { continue };
        let difference = compare(inputs, &rules, &device, listed);
        if !difference.edits.is_empty() {
            plan.steps.push(device_step(inputs, &device, listed, difference));
        }
    }
}

/// What to do with devices that no row names; `None` = only report them.
pub fn unlisted_as(deployment: &Deployment) -> Option<Listed> {
    match deployment.agents.unlisted {
        Unlisted::Report => None,
        Unlisted::ClearValues => Some(Listed::ClearValues),
        Unlisted::Unsubscribe => Some(Listed::Unsubscribe),
    }
}

/// A device that no row names, as it is compared.
pub fn undeclared_device(name: &str, kind: DeviceKind, declared: &Location) -> DesiredDevice {
    DesiredDevice {
        name: name.into(),
        kind,
        manage: Manage::All,
        values: [].into(),
        declared: declared.clone(),
    }
}

fn undeclared<'a>(
    inputs: Inputs<'a>,
    rules: &'a Rules,
) -> impl Iterator<Item = DesiredDevice> + 'a {
    let ours = |name: &str| rules.services.iter().any(|service| service.is(name));
    let declared = |name: &str| inputs.desired.devices.contains_key(name);
    inputs.observation.states.beyond(declared).filter_map(move |(name, state)| {
        let first = state.subscriptions.iter().find(|s| ours(&s.service))?;
        Some(undeclared_device(name, first.kind, &inputs.deployment.agents.at))
    })
}

pub(super) fn device_step(
    inputs: Inputs<'_>,
    device: &DesiredDevice,
    listed: Listed,
    difference: Difference,
) -> Step {
    let nothing = DeviceState::default();
    let whole = inputs.observation.whole.get(device.name.as_str()).unwrap_or(&nothing);
    let sql = inputs.sql != SqlMode::Never;
    let list = inputs.observation.list_writes;
    let way = way(&difference.edits, &whole.subscriptions, &whole.rows, sql, list);
    let mut disturbs = BTreeSet::new();
    if difference.removals > 0 {
        disturbs.insert(Disturbance::Removal);
    }
    if listed == Listed::ClearValues {
        disturbs.insert(Disturbance::ClearValues);
    }
    let uses_sql =
        way == Way::Delta || difference.edits.iter().any(subscription::Edit::beyond_list);
    if inputs.sql == SqlMode::Ask && uses_sql {
        disturbs.insert(Disturbance::Sql);
    }
    let call = match way {
        Way::Whole => Call::Axl(AxlCall::SubscribeWhole),
        Way::Delta => Call::Axl(AxlCall::SubscribeDelta),
        Way::Operator => Call::Operator(operator::subscription(inputs, device, &difference)),
    };
    let object = subscription::object(device.kind, &device.name);
    Step {
        disturbs,
        alters: difference.alters,
        removals: difference.removals,
        ..Step::new(Kind::Subscription, object, difference.changes, call)
    }
}

fn missing_device(inputs: Inputs<'_>, device: &DesiredDevice) -> Finding {
    let found = match inputs.observation.devices.get(&device.name) {
        None => Shown::Absent,
        Some((DeviceKind::Phone, _)) => Shown::text("a phone, not a device profile"),
        Some((DeviceKind::DeviceProfile, _)) => Shown::text("a device profile, not a phone"),
    };
    Finding {
        check: "phone-missing",
        severity: Severity::Error,
        object: subscription::object(device.kind, &device.name),
        field: "device".to_owned(),
        expected: Shown::text("on the cluster"),
        found,
        declared: Some(device.declared.clone()),
    }
}
