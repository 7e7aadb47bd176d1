//! The part of planning that is done for phone settings, and for telling phones to take what was changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::axl::DeviceKind;
use crate::plan::{
    AxlCall, Basis, Call, Change, Disturbance, Kind, Object, ObjectKind, OperatorStep, Plan, Shown,
    Step, StepState,
};
use crate::playbook::{ApplyWhen, Location, Manage, PhoneSettings};
use crate::resources::phone_settings::{self, Below, Difference, Phone, Setting, Values, Wanted};
use crate::resources::{DesiredDevice, phone_apply};

use super::build::{Inputs, finding_of};
use super::{operator, running};

/// What was read of phone settings.
#[derive(Debug, Default)]
pub struct SettingsSeen {
    /// Phones of the roster that exist, by name.
    pub phones: BTreeMap<String, Phone>,
    /// The profiles that they follow.
    pub profiles: BTreeMap<String, Values>,
    /// The enterprise phone configuration.
    pub enterprise: Values,
    /// The value of *HTTPS Only*: the site's word, else all that are in use.
    pub https_only_in_use: BTreeSet<String>,
}

impl SettingsSeen {
    /// The value of *HTTPS Only*, where it is known.
    pub fn https_only(&self) -> Option<&str> {
        let mut values = self.https_only_in_use.iter();
        values.next().filter(|_| values.next().is_none()).map(String::as_str)
    }
}

/// The id of the step that shows ippactl what *HTTPS Only* is.
pub const REFERENCE: &str = "https-only-reference";

/// Settings at every scope.
pub(super) fn settings(inputs: Inputs<'_>, plan: &mut Plan) {
    let (Some(settings), Some(seen)) =
        (&inputs.deployment.phone_settings, &inputs.observation.settings)
    else {
        return;
    };
    let wanted = Wanted { settings, https_only: seen.https_only() };
    let mut reference = None;
    let all = phone_settings::enterprise(wanted, &seen.enterprise);
    if all.number_needed {
        reference = first_managed(inputs, settings, seen);
    }
    let object = Object::new(ObjectKind::EnterprisePhoneConfiguration, "enterprise");
    wider(plan, object, AxlCall::UpdateEnterpriseSettings, all, Some(&settings.at));
    for (name, own) in profiles(inputs, settings, seen) {
        let difference = phone_settings::profile(wanted, name, own, &seen.enterprise);
        if difference.number_needed {
            reference = reference.or_else(|| first_managed(inputs, settings, seen));
        }
        let object = Object::new(ObjectKind::CommonPhoneProfile, name);
        wider(plan, object, AxlCall::UpdateProfileSettings, difference, None);
    }
    for (device, phone) in phones(inputs, seen) {
        if let Some(exception) = phone_settings::excepted(settings, &device.name, &phone.model) {
            plan.findings.push(phone_settings::exception(&device.name, exception));
            continue;
        }
        let difference = compare(inputs, device, phone);
        if difference.number_needed && device.manage == Manage::All {
            reference = reference.or(Some(device));
        }
        let right = difference.findings.is_empty();
        plan.findings.extend(difference.findings);
        let object = Object::new(ObjectKind::Phone, device.name.as_str());
        if difference.changes.is_empty() {
            if right && !difference.number_needed {
                running::compare(inputs, device, phone, plan);
            }
            continue;
        }
        if device.manage == Manage::Verify {
            plan.findings
                .extend(difference.changes.iter().map(|change| finding_of(&object, change)));
        } else {
            let call = Call::Axl(AxlCall::UpdatePhoneSettings);
            plan.steps.push(Step::new(Kind::PhoneSettings, object, difference.changes, call));
        }
    }
    if let Some(device) = reference {
        plan.steps.push(reference_step(inputs, device, seen, &settings.at));
    }
}

/// Compares one phone with what is wanted of it.
pub fn compare(inputs: Inputs<'_>, device: &DesiredDevice, phone: &Phone) -> Difference {
    let (Some(settings), Some(seen)) =
        (&inputs.deployment.phone_settings, &inputs.observation.settings)
    else {
        return Difference::default();
    };
    let wanted = Wanted { settings, https_only: seen.https_only() };
    let nothing = Values::default();
    let profile = seen.profiles.get(&*phone.profile).unwrap_or(&nothing);
    let below = Below { profile, enterprise: &seen.enterprise };
    phone_settings::phone(wanted, &device.name, phone, below, &device.declared)
}

/// Phones of the roster whose settings are looked at.
fn phones<'a>(
    inputs: Inputs<'a>,
    seen: &'a SettingsSeen,
) -> impl Iterator<Item = (&'a DesiredDevice, &'a Phone)> {
    let devices = inputs.desired.devices.values();
    devices
        .filter(|device| device.kind == DeviceKind::Phone && device.manage != Manage::Subscription)
        .filter_map(|device| Some((device, seen.phones.get(device.name.as_str())?)))
}

/// Profiles that phones of the roster follow which are neither excepted nor only verified.
fn profiles<'a>(
    inputs: Inputs<'a>,
    settings: &'a PhoneSettings,
    seen: &'a SettingsSeen,
) -> BTreeMap<&'a str, &'a Values> {
    phones(inputs, seen)
        .filter(|(device, phone)| {
            device.manage == Manage::All
                && phone_settings::excepted(settings, &device.name, &phone.model).is_none()
        })
        .filter_map(|(_, phone)| {
            let (name, values) = seen.profiles.get_key_value(&*phone.profile)?;
            Some((name.as_str(), values))
        })
        .collect()
}

fn first_managed<'a>(
    inputs: Inputs<'a>,
    settings: &'a PhoneSettings,
    seen: &'a SettingsSeen,
) -> Option<&'a DesiredDevice> {
    let mut phones = phones(inputs, seen);
    let managed = phones.find(|(device, phone)| {
        device.manage == Manage::All
            && phone_settings::excepted(settings, &device.name, &phone.model).is_none()
    });
    managed.map(|(device, _)| device)
}

fn wider(
    plan: &mut Plan,
    object: Object,
    call: AxlCall,
    difference: Difference,
    unapplied: Option<&Location>,
) {
    plan.findings.extend(difference.findings);
    let mut changes = difference.changes;
    if changes.is_empty() {
        return;
    }
    // AXL has no apply for the enterprise level: what is left to do is part of what is shown.
    changes.extend(unapplied.map(|at| Change {
        field: "left to do".to_owned(),
        before: Shown::Absent,
        after: Shown::text("phones take it when they are reset; this scope has no apply"),
        check: "phone-setting-not-applied",
        declared: at.clone(),
    }));
    plan.steps.push(Step {
        disturbs: BTreeSet::from([Disturbance::ClusterWide]),
        ..Step::new(Kind::PhoneSettings, object, changes, Call::Axl(call))
    });
}

/// Nobody documents the number of *HTTPS Only*: it is read from a phone on which a person has chosen it.
fn reference_step(
    inputs: Inputs<'_>,
    device: &DesiredDevice,
    seen: &SettingsSeen,
    at: &Location,
) -> Step {
    let title = Setting::HttpsServer.title();
    let change = Change {
        field: title.to_owned(),
        before: Shown::text("not HTTPS Only, and its number is not known"),
        after: Shown::text("HTTPS Only"),
        check: "phone-https-server",
        declared: at.clone(),
    };
    let step = OperatorStep {
        id: REFERENCE.to_owned(),
        console: format!(
            "Device > Phone > {} > Product Specific Configuration Layout",
            device.name
        ),
        entries: if seen.https_only_in_use.is_empty() {
            vec![
                format!("{title}: HTTPS Only, with its box in the column Override Common Settings"),
                "then Save and Apply Config; or write the number as dialect.https_only_value"
                    .to_owned(),
            ]
        } else {
            let used: Vec<&str> = seen.https_only_in_use.iter().map(String::as_str).collect();
            vec![
                format!("numbers in use on this cluster: {}", used.join(", ")),
                format!("write the one that means {title} HTTPS Only as dialect.https_only_value"),
                "a model with another one: leave it out by phone_settings.except".to_owned(),
            ]
        },
        checked_by: "reading the phones".to_owned(),
        token: String::new(),
    };
    let object = Object::new(ObjectKind::Phone, device.name.as_str());
    let call = Call::Operator(operator::finish(inputs, step));
    Step::new(Kind::PhoneSettings, object, vec![change], call)
}

/// One step for every phone or profile on which something is changed, and for those remembered.
pub(super) fn applies(inputs: Inputs<'_>, plan: &mut Plan) {
    let Some(apply) = &inputs.deployment.phone_apply else { return };
    if apply.when == ApplyWhen::Never {
        return;
    }
    let changed = plan.steps.iter().filter(|step| {
        // Whoever ticks boxes applies as well.
        !running::is_tick(step)
            && !matches!(step.state, StepState::Refused(_))
            && matches!(step.kind, Kind::PhoneSettings | Kind::Subscription)
            && matches!(step.object.kind, ObjectKind::Phone | ObjectKind::CommonPhoneProfile)
    });
    let changed: BTreeSet<Object> = changed.map(|step| step.object.clone()).collect();
    let mut owed: Vec<Object> =
        inputs.observation.owed_applies.difference(&changed).cloned().collect();
    // What another run owes to phones that this one does not speak of is left to others.
    owed.retain(|object| {
        inputs.one_shot.is_none() || inputs.desired.devices.contains_key(object.name.as_str())
    });
    plan.steps.extend(changed.into_iter().map(|object| phone_apply::step(apply, object)));
    plan.steps.extend(
        owed.into_iter()
            .map(|object| Step { basis: Basis::Remembered, ..phone_apply::step(apply, object) }),
    );
}
