//! What phones run, held against what they were told: CUCM shows what is configured, and RisPort, of registered phones,
//! whether their web server runs.
//!
//! Whether the box *Override Common Settings* is ticked by an element that AXL writes, no source says (facts/axl.md 21,
//! question 7). A phone that was told and does not run what it was told is therefore a step for a person.

use std::collections::BTreeSet;

use crate::clients::risport::{Lookup, PhoneStatus};
use crate::plan::{
    Basis, Call, Change, Finding, Kind, NotChecked, Object, ObjectKind, OperatorStep, Plan,
    Severity, Shown, Step,
};
use crate::playbook::{ApplyWhen, Manage};
use crate::resources::DesiredDevice;
use crate::resources::phone_settings::{Phone, Setting};

use super::build::Inputs;
use super::operator;

/// What of a change is still to be seen on a phone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Web Access was written: its web server is to run.
    pub web_access: bool,
    /// The element was not there before: what comes of it shows whether AXL ticks boxes.
    pub new_web_access: bool,
    /// HTTPS Server was written where it had not been: nothing that can be read shows what comes of it.
    pub new_https_server: bool,
}

impl Told {
    /// Both together: a second change takes nothing back of the first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            web_access: self.web_access || other.web_access,
            new_web_access: self.new_web_access || other.new_web_access,
            new_https_server: self.new_https_server || other.new_https_server,
        }
    }

    /// Whether nothing is to be seen.
    pub fn is_seen(self) -> bool {
        self == Self::default()
    }
}

/// What phones of this cluster have shown of elements that AXL writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boxes {
    /// A phone took one: the box counts as ticked.
    Ticked,
    /// Phones were told, and none took it.
    NotTicked,
}

/// Whether a phone is registered and runs no web server.
pub fn is_silent(phone: Lookup<'_>) -> bool {
    matches!(phone, Lookup::Found(phone)
        if phone.status == PhoneStatus::Registered && phone.web_server == Some(false))
}

/// Whether a phone is registered and runs its web server.
pub fn is_served(phone: Lookup<'_>) -> bool {
    matches!(phone, Lookup::Found(phone)
        if phone.status == PhoneStatus::Registered && phone.web_server == Some(true))
}

/// Says of a phone that is configured as it should be what is the matter with what it runs.
pub(super) fn compare(inputs: Inputs<'_>, device: &DesiredDevice, phone: &Phone, plan: &mut Plan) {
    let running = inputs.observation.running.as_ref();
    if running.is_some_and(|running| is_silent(running.lookup(&device.name))) {
        silent(inputs, device, phone, plan);
    } else {
        unseen(inputs, device, phone, plan);
    }
}

fn told(inputs: Inputs<'_>, device: &DesiredDevice) -> Told {
    inputs.observation.told.get(device.name.as_str()).copied().unwrap_or_default()
}

fn silent(inputs: Inputs<'_>, device: &DesiredDevice, phone: &Phone, plan: &mut Plan) {
    let object = Object::new(ObjectKind::Phone, device.name.as_str());
    if !told(inputs, device).web_access {
        // What is owed to it is a step of its own, which says so.
        let owed = inputs.observation.owed_applies.contains(&object)
            && applies(inputs)
            && device.manage == Manage::All;
        plan.findings.extend((!owed).then(|| not_applied(object, device)));
        return;
    }
    plan.findings.push(Finding {
        check: "phone-web-access",
        severity: Severity::Error,
        object: object.clone(),
        field: Setting::WebAccess.title().to_owned(),
        expected: Shown::text("Enabled"),
        found: Shown::text(WITHOUT_EFFECT),
        declared: Some(device.declared.clone()),
    });
    if device.manage == Manage::All {
        let change = change(Setting::WebAccess, WITHOUT_EFFECT, device);
        plan.steps.push(Step {
            basis: Basis::Running,
            ..Step::new(Kind::PhoneSettings, object, vec![change], tick(inputs, device, phone))
        });
    }
}

/// A phone that took HTTPS Server from AXL while its web server ran already: nothing shows whether it has effect. Where
/// other phones have shown that such elements have none, it is one more for a person.
fn unseen(inputs: Inputs<'_>, device: &DesiredDevice, phone: &Phone, plan: &mut Plan) {
    let told = told(inputs, device);
    let without = inputs.observation.boxes == Some(Boxes::NotTicked);
    // Who has ticked the box of Web Access, which can be seen, has ticked both.
    let unseen = told.new_https_server && !told.web_access;
    if unseen && without && device.manage == Manage::All {
        let before = "HTTPS Only in CUCM; on other phones such a setting had no effect";
        let change = change(Setting::HttpsServer, before, device);
        let object = Object::new(ObjectKind::Phone, device.name.as_str());
        plan.steps.push(Step {
            basis: Basis::Remembered,
            ..Step::new(Kind::PhoneSettings, object, vec![change], tick(inputs, device, phone))
        });
    }
}

const WITHOUT_EFFECT: &str = "Enabled in CUCM, told to the phone, and without effect";

fn applies(inputs: Inputs<'_>) -> bool {
    let apply = inputs.deployment.phone_apply.as_ref();
    apply.is_some_and(|apply| apply.when != ApplyWhen::Never)
}

fn not_applied(object: Object, device: &DesiredDevice) -> Finding {
    Finding {
        check: "phone-setting-not-applied",
        severity: Severity::Warning,
        object,
        field: "web server".to_owned(),
        expected: Shown::text("running"),
        found: Shown::text("not running, although Web Access is Enabled"),
        declared: Some(device.declared.clone()),
    }
}

/// How the ids of these steps begin.
const TICK: &str = "override-";

/// Whether a step is one for a person who ticks boxes.
pub fn is_tick(step: &Step) -> bool {
    matches!(&step.call, Call::Operator(operator) if operator.id.starts_with(TICK))
}

fn tick(inputs: Inputs<'_>, device: &DesiredDevice, phone: &Phone) -> Call {
    // Where the phone itself says nothing, its profile does.
    let own = Setting::ALL.into_iter().any(|setting| phone.own.get(setting).is_some());
    let page = if own || phone.profile.is_empty() {
        format!("Device > Phone > {}", device.name)
    } else {
        format!("Device > Device Settings > Common Phone Profile > {}", phone.profile)
    };
    let step = OperatorStep {
        id: format!("{TICK}{}", device.name),
        console: format!("{page} > Product Specific Configuration Layout"),
        entries: vec![
            "Web Access: Enabled, and tick its box in the column Override Common Settings"
                .to_owned(),
            "HTTPS Server: HTTPS Only, and tick its box as well".to_owned(),
            "then Save and Apply Config; a phone that was only slow to come back needs none of this: run plan again"
                .to_owned(),
        ],
        checked_by: "asking RisPort whether the phone's web server runs".to_owned(),
        token: String::new(),
    };
    Call::Operator(operator::finish(inputs, step))
}

fn change(setting: Setting, before: &str, device: &DesiredDevice) -> Change {
    let (wanted, check) = match setting {
        Setting::WebAccess => ("Enabled", "phone-web-access"),
        Setting::HttpsServer => ("HTTPS Only", "phone-https-server"),
    };
    Change {
        field: setting.title().to_owned(),
        before: Shown::text(before),
        after: Shown::text(format!("{wanted}, with its box Override Common Settings ticked")),
        check,
        declared: device.declared.clone(),
    }
}

/// Says how many phones took HTTPS Server so that nothing shows it.
pub(super) fn https_servers(inputs: Inputs<'_>, plan: &mut Plan) {
    if inputs.observation.boxes == Some(Boxes::NotTicked) {
        // Each of them has a step.
        return;
    }
    let told = inputs.observation.told.iter().filter(|(_, told)| told.new_https_server);
    let names: BTreeSet<&str> = told.map(|(name, _)| name.as_str()).collect();
    let declared = |name: &&&str| inputs.desired.devices.contains_key(**name);
    let names: Vec<&&str> = names.iter().filter(declared).collect();
    let (Some(first), Some(_)) = (names.first(), &inputs.deployment.phone_settings) else { return };
    plan.not_checked.push(NotChecked {
        subject: "HTTPS Server as phones run it".to_owned(),
        reason: format!(
            "{} took HTTPS Only from AXL, and no interface shows whether the box Override Common Settings counts as ticked; look at {first}",
            if names.len() == 1 { "1 phone".to_owned() } else { format!("{} phones", names.len()) },
        ),
        not_checkable: true,
        attested: None,
    });
}
