//! From what is wanted and what was observed to the plan. Pure; the engine calls it before and after a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compact_str::CompactString;

use crate::clients::axl::{ApplicationUser, DeviceKind};
use crate::clients::risport::Devices;
use crate::playbook::{Deployment, Manage, Parameter, PasswordChange};
use crate::resources::application_user::{self, PasswordVerdict};
use crate::resources::certificate_trust::CertificatesSeen;
use crate::resources::desired::{DesiredService, Wanted};
use crate::resources::phone_service::{self, Candidates};
use crate::resources::self_care::SelfCareSeen;
use crate::resources::service_parameter::ParameterEdit;
use crate::resources::subscription::{DeviceState, Rules, ServiceView};
use crate::resources::writer_rule::ListWrites;
use crate::resources::{Desired, DesiredDevice, replacement};
use crate::trouble::Trouble;

use crate::plan::{
    AxlCall, Call, Change, Disturbance, Finding, Kind, LookedAt, NotChecked, Object, ObjectKind,
    OneShot, Plan, Severity, Shown, Step, StepState, fingerprint::fingerprint,
};

use super::finesse::FinesseSeen;
use super::looked_at::looked_at;
use super::phones::SettingsSeen;
use super::running::{Boxes, Told};
use super::states::States;
use super::{certificates, devices, finesse, operator, phones, rmcm, running, self_care};

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
    /// Roster devices that exist, by name, with their models.
    pub devices: BTreeMap<CompactString, (DeviceKind, Arc<str>)>,
    /// Subscriptions to the services that matter, by device.
    pub states: States,
    /// Devices of the roster on which nothing of this differs, by their places in it; none where nobody has looked.
    pub settled: Vec<bool>,
    /// All subscriptions of the devices that need a change, by device.
    pub whole: BTreeMap<String, DeviceState>,
    /// What existing subscriptions put between URL and values.
    pub separator: Option<char>,
    /// The RMCM user, if the playbook names one and it exists.
    pub rmcm: Option<ApplicationUser>,
    /// Phone settings, where the playbook speaks of them.
    pub settings: Option<SettingsSeen>,
    /// Phones and profiles that were changed and not told since, as remembered.
    pub owed_applies: BTreeSet<Object>,
    /// Phones that were told since, and what of it has not been seen, as remembered.
    pub told: BTreeMap<String, Told>,
    /// What phones of this cluster have shown of elements that AXL writes, as remembered.
    pub boxes: Option<Boxes>,
    /// What phones run just now, where RisPort was asked: of all for `verify`, else of those that were told.
    pub running: Option<Devices>,
    /// Self Care, where the playbook speaks of it.
    pub self_care: Option<SelfCareSeen>,
    /// Certificates and trust stores, where the playbook speaks of them.
    pub certificates: Option<CertificatesSeen>,
    /// Finesse, where the playbook speaks of its settings.
    pub finesse: Option<FinesseSeen>,
    /// Steps that persons have attested: for which values, and when.
    pub attested: BTreeMap<String, (String, String)>,
    /// How often each was.
    pub attestations: BTreeMap<String, u64>,
    /// What was seen of this server's list writes in this run.
    pub list_writes: ListWrites,
    /// What could not be judged.
    pub not_checked: Vec<NotChecked>,
    /// What would have ended a run that writes; `verify` goes on without it.
    pub troubles: Vec<Trouble>,
}

impl Observation {
    /// Whether there is a device of this name and kind.
    pub fn has(&self, name: &str, kind: DeviceKind) -> bool {
        self.devices.get(name).is_some_and(|(own, _)| *own == kind)
    }

    /// The devices of the roster, and whether each is there and is what the roster says. Both lists are in the order of
    /// names and gone through once: what is asked of each device of a large roster should not be looked up for itself.
    pub fn roster<'a>(
        &'a self,
        desired: &'a Desired,
    ) -> impl Iterator<Item = (&'a DesiredDevice, bool)> {
        let mut found = self.devices.iter().peekable();
        desired.devices.iter().map(move |(name, device)| {
            while found.next_if(|(own, _)| *own < name).is_some() {}
            let own = found.peek().filter(|(own, _)| *own == name);
            (device, own.is_some_and(|(_, (kind, _))| *kind == device.kind))
        })
    }

    /// Those of them that are there.
    pub fn existing<'a>(&'a self, desired: &'a Desired) -> impl Iterator<Item = &'a DesiredDevice> {
        self.roster(desired).filter(|(_, there)| *there).map(|(device, _)| device)
    }
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
    /// `--restart-now`.
    pub restart_now: bool,
    /// `--reboot`: CUCM nodes by name.
    pub reboot: &'a [String],
    /// The part that alone is planned; everything without one.
    pub one_shot: Option<OneShot>,
}

impl Inputs<'_> {
    /// Whether steps of this kind are planned.
    pub fn does(&self, kind: Kind) -> bool {
        self.one_shot.is_none_or(|one_shot| one_shot.does(kind))
    }
}

/// Builds the plan.
pub fn build(inputs: Inputs<'_>) -> Plan {
    let mut plan = Plan { not_checked: inputs.observation.not_checked.clone(), ..Plan::default() };
    if inputs.does(Kind::ApplicationUser) {
        plan_application_user(inputs, &mut plan);
    }
    rmcm::plan(inputs, &mut plan);
    if inputs.does(Kind::PhoneService) {
        plan_services(inputs, &mut plan);
    }
    phones::settings(inputs, &mut plan);
    running::https_servers(inputs, &mut plan);
    if inputs.does(Kind::Subscription) {
        devices::roster(inputs, &mut plan);
    } else {
        devices::missing(inputs, &mut plan);
        if inputs.does(Kind::PhoneSettings) {
            plan.counts.devices = inputs.desired.devices.len();
        }
    }
    if inputs.one_shot.is_none() {
        devices::unlisted(inputs, &mut plan);
        plan_replaced_services(inputs, &mut plan);
    } else {
        wait_for_services(inputs, &mut plan);
    }
    phones::applies(inputs, &mut plan);
    self_care::plan(inputs, &mut plan);
    certificates::plan(inputs, &mut plan);
    finesse::plan(inputs, &mut plan);
    certificates::reboots(inputs, &mut plan);
    let drift: Vec<Finding> =
        plan.steps.iter().filter(|step| step.is_drift()).flat_map(findings_of).collect();
    plan.findings.splice(0..0, drift);
    let in_sync = devices::in_sync(inputs, &plan);
    plan.counts.devices_in_sync = in_sync.len();
    // A phone counts once, whatever is altered on it; settings and their application are not counted.
    let phone = |step: &&Step| step.object.kind == ObjectKind::Phone;
    plan.counts.altered = plan.steps.iter().filter(phone).filter(|step| step.alters).count();
    plan.counts.removals = plan.steps.iter().map(|step| step.removals).sum();
    plan.fingerprint = fingerprint(inputs.deployment, &plan.steps);
    plan.looked_at = LookedAt { in_sync, ..looked_at(inputs) };
    plan
}

/// What the application user should be, given what exists.
pub fn wanted_user(inputs: Inputs<'_>, managed: bool) -> application_user::Wanted<'_> {
    let of_kind = |kind: DeviceKind| {
        let wanted = move |device: &&DesiredDevice| {
            device.kind == kind && (device.manage != Manage::Verify) == managed
        };
        let devices = inputs.observation.existing(inputs.desired).filter(wanted);
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
            carried: existing.map(phone_service::other_parameters).unwrap_or_default(),
            known_as,
            url: service.url.clone(),
            secure_url: service.secure_url.clone(),
        }
    });
    let replaced = inputs.desired.services.iter().flat_map(|service| {
        let replaced = replacement::replaced(service, &inputs.observation.services);
        let wrong = phone_service::existing(service, &inputs.observation.services)
            .filter(|existing| existing.enterprise != service.enterprise);
        replaced.chain(wrong).map(|service| service.name.clone())
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
        plan.findings.extend(phone_service::not_adopted(service, candidates));
        let step = phone_service::step(service, candidates, sql, inputs.sql == SqlMode::Ask);
        let Some(step) = step else { continue };
        if sql {
            plan.steps.push(step);
        } else {
            plan.steps.extend(operator::split_parameters(inputs, service, candidates, step));
        }
    }
}

/// Subscriptions alone rest on services that another command makes: there, as declared, with the parameters of the values
/// that are given.
fn wait_for_services(inputs: Inputs<'_>, plan: &mut Plan) {
    if !inputs.does(Kind::Subscription) {
        return;
    }
    let given = |parameter: Parameter| {
        let mut devices = inputs.desired.devices.values();
        devices.any(|device| matches!(device.wanted(parameter), Wanted::Value(_)))
    };
    let lacks = |edit: &ParameterEdit| match edit {
        ParameterEdit::Add(parameter, _) => given(*parameter),
        ParameterEdit::Exchange { old, new, .. }
        | ParameterEdit::Rename { old, new, .. }
        | ParameterEdit::Succeed { old, new, .. } => given(*new) && old.name != new.name(),
    };
    let waits = |service: &&DesiredService| {
        let (_, edit) = phone_service::compare(service, &inputs.observation.services);
        edit.create || edit.updates || edit.replace.is_some() || edit.parameters.iter().any(lacks)
    };
    let Some(first) = inputs.desired.services.iter().find(waits) else { return };
    let object = Object::new(ObjectKind::PhoneService, &first.name);
    for step in plan.steps.iter_mut().filter(|step| step.kind == Kind::Subscription) {
        step.state = StepState::Refused(format!(
            "{object} is not as it is declared: ippactl {} first",
            OneShot::PhoneService.word()
        ));
    }
}

fn plan_replaced_services(inputs: Inputs<'_>, plan: &mut Plan) {
    for service in &inputs.desired.services {
        let candidates = &inputs.observation.services;
        let about_to_be = replacement::is_of_other_kind(service, candidates)
            .then(|| replacement::aside_name(service, candidates));
        let enabled = replacement::replaced(service, candidates).filter(|old| old.enabled);
        for old in enabled.map(|old| old.name.clone()).chain(about_to_be) {
            let changes = vec![Change {
                field: "enabled".to_owned(),
                before: Shown::text("yes"),
                after: Shown::text("no"),
                check: "service-enterprise-changed",
                declared: service.declared.clone(),
            }];
            let object = Object::new(ObjectKind::PhoneService, &old);
            let call = Call::Axl(AxlCall::DisableReplacedService);
            plan.steps.push(Step {
                disturbs: BTreeSet::from([Disturbance::ReplaceService]),
                ..Step::new(Kind::PhoneService, object, changes, call)
            });
        }
    }
}

fn findings_of(step: &Step) -> Vec<Finding> {
    step.changes.iter().map(|change| finding_of(&step.object, change)).collect()
}

pub(super) fn finding_of(object: &Object, change: &Change) -> Finding {
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
