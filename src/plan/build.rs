//! From what is wanted and what was observed to the plan. Pure; the engine calls it before and after a run.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::axl::{ApplicationUser, DeviceKind};
use crate::playbook::{Deployment, Location, Manage, PasswordChange, Unlisted};
use crate::resources::application_user::{self, PasswordVerdict};
use crate::resources::phone_service::{self, Candidates};
use crate::resources::subscription::{self, DeviceState, Difference, Listed, Rules, ServiceView};
use crate::resources::writer_rule::{Way, way};
use crate::resources::{Desired, DesiredDevice};

use super::operator;
use super::{
    AxlCall, Call, Change, Disturbance, Finding, Kind, NotChecked, Object, ObjectKind, Plan,
    Severity, Shown, Step, StepState, fingerprint::fingerprint,
};

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Observation {
    /// The application user, if there is one.
    pub application_user: Option<ApplicationUser>,
    /// Access control groups as listed.
    pub groups: Vec<String>,
    /// An end user has the application user's id.
    pub id_taken: bool,
    /// What is known about an existing user's password.
    pub password: Option<PasswordVerdict>,
    /// Phone services by every name that matters.
    pub services: Candidates,
    /// Roster devices that exist, by name.
    pub devices: BTreeMap<String, DeviceKind>,
    /// Subscriptions to the services that matter, by device.
    pub states: BTreeMap<String, DeviceState>,
    /// All subscriptions of the devices that need a change, by device.
    pub whole: BTreeMap<String, DeviceState>,
    /// What existing subscriptions put between URL and values.
    pub separator: Option<char>,
    /// What could not be judged.
    pub not_checked: Vec<NotChecked>,
}

/// How direct database writes are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlMode {
    /// None.
    Never,
    /// Planned, each marked as needing permission.
    Ask,
    /// As any other write.
    Allow,
}

/// The inputs of planning.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The playbook.
    pub deployment: &'a Deployment,
    /// What it wants.
    pub desired: &'a Desired,
    /// What is there.
    pub observation: &'a Observation,
    /// Direct database writes.
    pub sql: SqlMode,
    /// `--rewrite-secrets`.
    pub rewrite_secrets: bool,
}

/// Builds the plan.
pub fn build(inputs: Inputs<'_>) -> Plan {
    let mut plan = Plan { not_checked: inputs.observation.not_checked.clone(), ..Plan::default() };
    plan_application_user(inputs, &mut plan);
    plan_services(inputs, &mut plan);
    plan_devices(inputs, &mut plan);
    plan_unlisted(inputs, &mut plan);
    plan_replaced_services(inputs, &mut plan);
    let drift: Vec<Finding> = plan.steps.iter().flat_map(findings_of).collect();
    plan.findings.splice(0..0, drift);
    plan.counts.altered = plan.steps.iter().filter(|step| step.alters).count();
    plan.counts.removals = plan.steps.iter().map(|step| step.removals).sum();
    plan.fingerprint = fingerprint(inputs.deployment, &plan.steps);
    plan
}

/// What the application user should be, given what exists.
pub fn wanted_user<'a>(inputs: Inputs<'a>, managed: bool) -> application_user::Wanted<'a> {
    let of_kind = |kind: DeviceKind| {
        let exists = move |device: &&DesiredDevice| {
            device.kind == kind
                && (device.manage != Manage::Verify) == managed
                && inputs.observation.devices.get(&device.name) == Some(&kind)
        };
        let devices = inputs.desired.devices.values().filter(exists);
        devices.map(|device| (device.name.as_str(), &device.declared)).collect::<Vec<_>>()
    };
    let user = &inputs.deployment.application_user;
    let differs = inputs.observation.password == Some(PasswordVerdict::Differs);
    application_user::Wanted {
        user,
        devices: of_kind(DeviceKind::Phone),
        profiles: of_kind(DeviceKind::DeviceProfile),
        groups: application_user::resolve_groups(&inputs.observation.groups).0,
        write_password: user.password_change == PasswordChange::Rotate
            && (differs || inputs.rewrite_secrets),
    }
}

/// The rules that every device is compared by.
pub fn rules(inputs: Inputs<'_>) -> Rules {
    let services = inputs.desired.services.iter().map(|service| {
        let existing = phone_service::existing(service, &inputs.observation.services);
        let stays = existing.filter(|existing| existing.enterprise == service.enterprise);
        let mut known_as = vec![service.name.clone()];
        known_as.extend(
            service.adopt.clone().filter(|_| stays.is_some_and(|s| s.name != service.name)),
        );
        if existing.is_some() && stays.is_none() {
            known_as.clear();
        }
        // After an adoption, subscriptions may still carry the adopted name.
        ServiceView {
            name: service.name.clone(),
            former: service.adopt.clone(),
            known_as,
            url: service.url.clone(),
            secure_url: service.secure_url.clone(),
        }
    });
    let replaced = inputs.desired.services.iter().flat_map(|service| {
        let old = phone_service::replaced_name(&service.name);
        let wrong = phone_service::existing(service, &inputs.observation.services)
            .filter(|existing| existing.enterprise != service.enterprise);
        inputs
            .observation
            .services
            .services
            .contains_key(&old)
            .then_some(old)
            .into_iter()
            .chain(wrong.map(|service| service.name.clone()))
    });
    Rules {
        services: services.collect(),
        retired: inputs.desired.retired.iter().cloned().chain(replaced).collect(),
        subscription: inputs.desired.subscription,
        sql: inputs.sql != SqlMode::Never,
        separator_said: inputs.deployment.dialect.url_separator,
        separator_seen: inputs.observation.separator,
    }
}

/// Names of the devices whose subscriptions have to change: those that the writer rule looks at whole.
pub fn devices_to_change(inputs: Inputs<'_>) -> Vec<String> {
    let rules = rules(inputs);
    let roster = inputs.desired.devices.values().filter(|device| {
        exists(inputs, device) && !compare(inputs, &rules, device, Listed::Roster).edits.is_empty()
    });
    let mut names: Vec<String> = roster.map(|device| device.name.clone()).collect();
    if let Some(listed) = unlisted_as(inputs.deployment) {
        names.extend(unlisted(inputs, &rules).filter_map(|device| {
            let difference = compare(inputs, &rules, &device, listed);
            (!difference.edits.is_empty()).then_some(device.name)
        }));
    }
    names
}

fn exists(inputs: Inputs<'_>, device: &DesiredDevice) -> bool {
    inputs.observation.devices.get(&device.name) == Some(&device.kind)
}

fn compare(
    inputs: Inputs<'_>,
    rules: &Rules,
    device: &DesiredDevice,
    listed: Listed,
) -> Difference {
    let nothing = DeviceState::default();
    let state = inputs.observation.states.get(&device.name).unwrap_or(&nothing);
    subscription::compare(device, listed, rules, state)
}

fn plan_application_user(inputs: Inputs<'_>, plan: &mut Plan) {
    let observed = inputs.observation.application_user.as_ref();
    let wanted = wanted_user(inputs, true);
    let object = Object::new(ObjectKind::ApplicationUser, &wanted.user.id);
    let finding = |check, field: &str, expected, found| Finding {
        check,
        severity: Severity::Error,
        object: object.clone(),
        field: field.to_owned(),
        expected,
        found,
        declared: Some(wanted.user.at.clone()),
    };
    for group in application_user::resolve_groups(&inputs.observation.groups).1 {
        let missing = Shown::text("no such group on the cluster");
        plan.findings.push(finding(
            "app-user-groups",
            "access control group",
            Shown::text(group),
            missing,
        ));
    }
    if inputs.observation.id_taken {
        let taken = Shown::text("an end user has this id");
        plan.findings.push(finding(
            "app-user-id-taken",
            "user id",
            Shown::text("a free id"),
            taken,
        ));
        return;
    }
    if inputs.observation.password == Some(PasswordVerdict::Differs) && !wanted.write_password {
        let (shall, is) = (Shown::text("the declared password"), Shown::text("CUCM refuses it"));
        plan.findings.push(finding("authentication-refused", "password", shall, is));
    }
    if let Some(observed) = observed {
        let verify_only = wanted_user(inputs, false);
        let (changes, _) = application_user::compare(
            &application_user::Wanted { groups: Vec::new(), write_password: false, ..verify_only },
            Some(observed),
        );
        plan.findings.extend(changes.iter().map(|change| finding_of(&object, change)));
        let mut all = wanted_user(inputs, true);
        all.devices.extend(wanted_user(inputs, false).devices);
        plan.findings.extend(application_user::undeclared(&all, observed));
    }
    plan.steps.extend(application_user::step(&wanted, observed));
}

fn plan_services(inputs: Inputs<'_>, plan: &mut Plan) {
    let sql = inputs.sql != SqlMode::Never;
    for service in &inputs.desired.services {
        let candidates = &inputs.observation.services;
        if let Some(found) = phone_service::existing(service, candidates) {
            plan.findings.extend(phone_service::undeclared_parameters(service, found));
        }
        let step = phone_service::step(service, candidates, sql, inputs.sql == SqlMode::Ask);
        let Some(step) = step else { continue };
        if sql {
            plan.steps.push(step);
        } else {
            plan.steps.extend(operator::split_parameters(
                inputs.deployment,
                service,
                candidates,
                step,
            ));
        }
    }
}

fn plan_replaced_services(inputs: Inputs<'_>, plan: &mut Plan) {
    for service in &inputs.desired.services {
        let old = phone_service::replaced_name(&service.name);
        let candidates = &inputs.observation.services;
        let about_to_be = phone_service::existing(service, candidates)
            .is_some_and(|existing| existing.enterprise != service.enterprise);
        let enabled = candidates.services.get(&old).is_some_and(|old| old.enabled);
        if about_to_be || enabled {
            plan.steps.push(Step {
                kind: Kind::PhoneService,
                object: Object::new(ObjectKind::PhoneService, &old),
                changes: vec![Change {
                    field: "enabled".to_owned(),
                    before: Shown::text("yes"),
                    after: Shown::text("no"),
                    check: "service-enterprise-changed",
                    declared: service.declared.clone(),
                }],
                disturbs: BTreeSet::from([Disturbance::ReplaceService]),
                call: Call::Axl(AxlCall::DisableReplacedService),
                alters: false,
                removals: 0,
                state: StepState::Planned,
            });
        }
    }
}

fn plan_devices(inputs: Inputs<'_>, plan: &mut Plan) {
    let rules = rules(inputs);
    for device in inputs.desired.devices.values() {
        plan.counts.devices += 1;
        if !exists(inputs, device) {
            plan.findings.push(missing_device(inputs, device));
            continue;
        }
        let difference = compare(inputs, &rules, device, Listed::Roster);
        plan.findings.extend(difference.findings.iter().cloned());
        if difference.changes.is_empty() {
            plan.counts.devices_in_sync += 1;
        } else if device.manage == Manage::Verify {
            let object = subscription::object(device.kind, &device.name);
            plan.findings
                .extend(difference.changes.iter().map(|change| finding_of(&object, change)));
        } else {
            plan.steps.push(device_step(inputs, device, Listed::Roster, difference));
        }
    }
}

fn plan_unlisted(inputs: Inputs<'_>, plan: &mut Plan) {
    let rules = rules(inputs);
    let listed = unlisted_as(inputs.deployment);
    for device in unlisted(inputs, &rules) {
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
        name: name.to_owned(),
        kind,
        manage: Manage::All,
        values: BTreeMap::new(),
        declared: declared.clone(),
    }
}

fn unlisted<'a>(inputs: Inputs<'a>, rules: &'a Rules) -> impl Iterator<Item = DesiredDevice> + 'a {
    let ours = |name: &String| rules.services.iter().any(|service| service.known_as.contains(name));
    inputs.observation.states.iter().filter_map(move |(name, state)| {
        let first = state.subscriptions.iter().find(|s| ours(&s.service))?;
        let declared = inputs.desired.devices.contains_key(name);
        (!declared).then(|| undeclared_device(name, first.kind, &inputs.deployment.agents.at))
    })
}

fn device_step(
    inputs: Inputs<'_>,
    device: &DesiredDevice,
    listed: Listed,
    difference: Difference,
) -> Step {
    let nothing = DeviceState::default();
    let whole = inputs.observation.whole.get(&device.name).unwrap_or(&nothing);
    let sql = inputs.sql != SqlMode::Never;
    let way = way(&difference.edits, &whole.subscriptions, &whole.rows, sql);
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
    Step {
        kind: Kind::Subscription,
        object: subscription::object(device.kind, &device.name),
        call: match way {
            Way::Whole => Call::Axl(AxlCall::SubscribeWhole),
            Way::Delta => Call::Axl(AxlCall::SubscribeDelta),
            Way::Operator => Call::Operator(operator::subscription(inputs, device, &difference)),
        },
        changes: difference.changes,
        disturbs,
        alters: difference.alters,
        removals: difference.removals,
        state: StepState::Planned,
    }
}

fn missing_device(inputs: Inputs<'_>, device: &DesiredDevice) -> Finding {
    let found = match inputs.observation.devices.get(&device.name) {
        None => Shown::Absent,
        Some(DeviceKind::Phone) => Shown::text("a phone, not a device profile"),
        Some(DeviceKind::DeviceProfile) => Shown::text("a device profile, not a phone"),
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

fn findings_of(step: &Step) -> Vec<Finding> {
    step.changes.iter().map(|change| finding_of(&step.object, change)).collect()
}

fn finding_of(object: &Object, change: &Change) -> Finding {
    Finding {
        check: change.check,
        severity: crate::lint::check(change.check).map_or(Severity::Error, |check| check.severity),
        object: object.clone(),
        field: change.field.clone(),
        expected: change.after.clone(),
        found: change.before.clone(),
        declared: Some(change.declared.clone()),
    }
}
