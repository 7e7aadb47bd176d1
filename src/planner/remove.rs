//! What a playbook declares, taken away: subscriptions of its devices, its services, its application user. What it only
//! sets to a value stays, and is named: nobody knows what stood there before.

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::clients::axl::{ApplicationUser, DeviceKind};
use crate::plan::fingerprint::fingerprint;
use crate::plan::{
    AxlCall, Call, Change, Disturbance, Finding, Kind, NotChecked, Object, ObjectKind, Plan,
    Severity, Shown, Step, StepState,
};
use crate::playbook::{ApplyWhen, Manage, RmcmDevices};
use crate::resources::subscription::{self, Listed};
use crate::resources::{DesiredDevice, phone_apply};

use super::build::{Inputs, rules};
use super::devices::{device_step, missing, undeclared_device};

/// Builds the plan.
pub fn build(inputs: Inputs<'_>) -> Plan {
    let mut plan = Plan::default();
    plan_devices(inputs, &mut plan);
    if inputs.one_shot.is_none() {
        plan_services(inputs, &mut plan);
        plan_user(inputs, &mut plan);
    }
    plan_applies(inputs, &mut plan);
    if inputs.one_shot.is_none() {
        stays(inputs, &mut plan);
    } else {
        missing(inputs, &mut plan);
        unknown_services(inputs, &mut plan);
        plan.counts.removals = plan.steps.iter().map(|step| step.removals).sum();
    }
    plan.fingerprint = fingerprint(inputs.deployment, &plan.steps);
    plan
}

/// Devices of the roster from which something may be taken.
pub fn devices(inputs: Inputs<'_>) -> impl Iterator<Item = &DesiredDevice> {
    let devices = inputs.observation.existing(inputs.desired);
    devices.filter(|device| device.manage != Manage::Verify)
}

fn plan_devices(inputs: Inputs<'_>, plan: &mut Plan) {
    let rules = rules(inputs);
    for device in devices(inputs) {
        let state = inputs.observation.states.get(&device.name).unwrap_or_default();
        let bare = undeclared_device(&device.name, device.kind, &device.declared);
        let difference = subscription::compare(&bare, Listed::Unsubscribe, &rules, &state);
        if !difference.edits.is_empty() {
            plan.steps.push(device_step(inputs, &bare, Listed::Unsubscribe, difference));
        }
    }
}

/// A service of the command that does not exist: whoever misspelt it would read that nothing is to do.
fn unknown_services(inputs: Inputs<'_>, plan: &mut Plan) {
    for service in &inputs.desired.services {
        if inputs.observation.services.services.contains_key(&service.name) {
            continue;
        }
        plan.findings.push(Finding {
            check: "service-missing",
            severity: Severity::Warning,
            object: Object::new(ObjectKind::PhoneService, &service.name),
            field: "service".to_owned(),
            expected: Shown::text("on the cluster"),
            found: Shown::Absent,
            declared: Some(service.declared.clone()),
        });
    }
}

fn plan_services(inputs: Inputs<'_>, plan: &mut Plan) {
    let ours: BTreeSet<&str> = devices(inputs).map(|device| device.name.as_str()).collect();
    for service in &inputs.desired.services {
        let Some(found) = inputs.observation.services.services.get(&service.name) else { continue };
        let object = Object::new(ObjectKind::PhoneService, &service.name);
        let change = Change {
            field: "service".to_owned(),
            before: Shown::text("defined"),
            after: Shown::Absent,
            check: "",
            declared: service.declared.clone(),
        };
        let call = Call::Axl(AxlCall::RemovePhoneService);
        let mut step = Step::new(Kind::PhoneService, object, vec![change], call);
        step.disturbs.insert(Disturbance::Removal);
        if found.enterprise {
            step.disturbs.insert(Disturbance::ClusterWide);
        }
        let others = inputs.observation.states.beyond(|name| ours.contains(name));
        let others = others.filter(|(_, state)| {
            state.subscriptions.iter().any(|one| *one.service == *service.name)
        });
        let others: Vec<&str> = others.map(|(name, _)| name).collect();
        if let Some(first) = others.first() {
            step.state = StepState::Refused(format!(
                "{} devices beyond the playbook are subscribed to it, which would lose it: {first} among them",
                others.len()
            ));
        }
        plan.steps.push(step);
    }
}

/// What the application user has that the playbook does not declare.
pub fn foreign<'a>(inputs: Inputs<'a>, user: &'a ApplicationUser) -> Vec<&'a str> {
    let declared: BTreeSet<&str> =
        inputs.desired.devices.keys().map(CompactString::as_str).collect();
    let all = user.devices.iter().chain(&user.profiles).map(String::as_str);
    all.filter(|name| !declared.contains(name)).collect()
}

/// The user's lists without the playbook's own; `None` where there is nothing of them in it.
pub fn without_own(
    inputs: Inputs<'_>,
    user: &ApplicationUser,
) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let own: BTreeSet<(&str, DeviceKind)> =
        devices(inputs).map(|device| (device.name.as_str(), device.kind)).collect();
    let rest = |list: &[String], kind| {
        let rest: Vec<String> =
            list.iter().filter(|name| !own.contains(&(name.as_str(), kind))).cloned().collect();
        (rest.len() < list.len()).then_some(rest)
    };
    (rest(&user.devices, DeviceKind::Phone), rest(&user.profiles, DeviceKind::DeviceProfile))
}

fn plan_user(inputs: Inputs<'_>, plan: &mut Plan) {
    let Some(user) = &inputs.observation.application_user else { return };
    let declared = &inputs.deployment.application_user;
    let object = Object::new(ObjectKind::ApplicationUser, &user.id);
    let change = |field: String, before: &str| Change {
        field,
        before: Shown::text(before),
        after: Shown::Absent,
        check: "",
        declared: declared.at.clone(),
    };
    let step = |changes, call| {
        let mut step = Step::new(Kind::ApplicationUser, object.clone(), changes, Call::Axl(call));
        step.disturbs.insert(Disturbance::Removal);
        step
    };
    if declared.shared {
        let (devices, profiles) = without_own(inputs, user);
        let gone = |list: &[String], rest: Option<Vec<String>>| -> Vec<String> {
            let Some(rest) = rest else { return Vec::new() };
            list.iter().filter(|name| !rest.contains(name)).cloned().collect()
        };
        let devices = gone(&user.devices, devices);
        let profiles = gone(&user.profiles, profiles);
        let devices = devices.iter().map(|name| format!("controlled device {name}"));
        let profiles = profiles.iter().map(|name| format!("controlled device profile {name}"));
        let changes: Vec<Change> =
            devices.chain(profiles).map(|field| change(field, "associated")).collect();
        if !changes.is_empty() {
            let removals = changes.len();
            let step = step(changes, AxlCall::UpdateApplicationUser);
            plan.steps.push(Step { removals, ..step });
        }
        return;
    }
    let changes = vec![change("user".to_owned(), &user.id)];
    let mut step = step(changes, AxlCall::RemoveApplicationUser);
    step.notes.push(
        "Finesse signs in to phones with it, as long as its IP Phone Agent Settings name it"
            .to_owned(),
    );
    let foreign = foreign(inputs, user);
    if let Some(first) = foreign.first() {
        step.state = StepState::Refused(format!(
            "it controls {} devices that the playbook does not declare, {first} among them; \
             application_user.shared: true takes only its own away",
            foreign.len()
        ));
    }
    plan.steps.push(step);
}

fn plan_applies(inputs: Inputs<'_>, plan: &mut Plan) {
    let apply = inputs.deployment.phone_apply.as_ref();
    let Some(apply) = apply.filter(|apply| apply.when != ApplyWhen::Never) else { return };
    let phones = plan
        .steps
        .iter()
        .filter(|step| step.kind == Kind::Subscription && step.object.kind == ObjectKind::Phone);
    let phones: Vec<Object> = phones.map(|step| step.object.clone()).collect();
    plan.steps.extend(phones.into_iter().map(|phone| phone_apply::step(apply, phone)));
}

/// Values that the playbook sets: what was there before it is not declared.
fn stays(inputs: Inputs<'_>, plan: &mut Plan) {
    let deployment = inputs.deployment;
    let rmcm = deployment.application_user.uccx_rmcm.as_ref();
    let of = |there: bool, subject: &str| there.then(|| subject.to_owned());
    let named = [
        of(deployment.phone_settings.is_some(), "phone settings (Web Access, HTTPS Server)"),
        of(deployment.certificates.is_some(), "certificates in trust stores"),
        of(deployment.finesse_settings.is_some(), "IP Phone Agent Settings of Finesse"),
        of(
            deployment.self_care.is_some(),
            "Self Care: the default server, and members of Standard CCM End Users",
        ),
        of(
            rmcm.is_some_and(|rmcm| rmcm.devices == RmcmDevices::Add),
            "devices of the RMCM user, by which UCCX controls them",
        ),
    ];
    plan.not_checked.extend(named.into_iter().flatten().map(|subject| NotChecked {
        subject,
        reason: "stays as it is: the playbook does not say what was there before; undo takes a run back".to_owned(),
        not_checkable: true,
        attested: None,
    }));
}
