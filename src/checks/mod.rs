//! Live checks: what was read beside the resources, judged against the playbook. Pure; what they rest on is read by
//! [`crate::engine`]'s looks. A check that only the playbook decides is in [`crate::lint`].
//!
//! One file per subject of the table of checks, one small function per check.

pub mod app_user;
pub mod authentication_url;
pub mod cti;
pub mod extension;
pub mod firmware;
pub mod locale;
pub mod model;
pub mod phone_menu;
pub mod registration;
pub mod self_care;
pub mod agent;
pub mod codes;
pub mod maintenance;
pub mod doctor;
pub mod certificate;
pub mod service;
pub mod servlet;
pub mod settings;
pub mod sso;
pub mod waived;

use std::collections::BTreeMap;

use crate::clients::axl::DeviceKind;
use crate::lint;
use crate::plan::{Finding, NotChecked, Object, ObjectKind, Plan, Severity, Shown};
use crate::planner::build::Inputs;
use crate::playbook::Location;
use crate::resources::DesiredDevice;
use crate::trouble::Trouble;

/// What was read for the checks alone, one field per look. A look that was not taken, or failed, is `None`: its checks
/// say nothing, and whoever looked has said in `not_checked` why.
#[derive(Debug, Default)]
pub struct Seen {
    /// Lines of the roster's devices, and who else has the agents' numbers.
    pub lines: Option<extension::LinesSeen>,
    /// What the database says of the roster's devices.
    pub devices: Option<phone_menu::DevicesSeen>,
    /// Whether the roster's end users allow control from CTI.
    pub users: BTreeMap<String, bool>,
    /// What each level says of *Simplified New Call UI*.
    pub new_call: Option<phone_menu::NewCallSeen>,
    /// Enterprise parameters, and the cluster's servers.
    pub parameters: Option<authentication_url::ParametersSeen>,
    /// Finesse's users.
    pub agents: Option<agent::AgentsSeen>,
    /// How the agents of a hybrid system sign in.
    pub modes: Option<sso::ModesSeen>,
    /// Reasons that the agents' teams can choose from.
    pub codes: Option<codes::CodesSeen>,
    /// What the pages for phones answer, node by node.
    pub servlets: Vec<servlet::ServletSeen>,
    /// What the Finesse nodes' shells tell, node by node.
    pub shells: Vec<maintenance::ShellSeen>,
    /// What an earlier look has seen of nodes, by host.
    pub earlier: maintenance::Earlier,
    /// A phone that is not the application user's, and whether CUCM lets that user push to it.
    pub foreign: Option<settings::ForeignSeen>,
    /// What could not be looked at.
    pub not_checked: Vec<NotChecked>,
    /// What would have ended a run that writes.
    pub troubles: Vec<Trouble>,
}

/// Adds to the plan what the checks find.
pub fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    plan.not_checked.extend(seen.not_checked.iter().cloned());
    cucm(inputs, seen, plan);
    finesse(inputs, seen, plan);
    certificate::judge(inputs, plan);
}

/// What AXL, its database and RisPort have told.
fn cucm(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    service::judge(inputs, plan);
    app_user::judge(inputs, plan);
    extension::judge(inputs, seen, plan);
    cti::judge(inputs, seen, plan);
    registration::judge(inputs, plan);
    firmware::judge(inputs, seen, plan);
    model::judge(inputs, seen, plan);
    phone_menu::judge(inputs, seen, plan);
    locale::judge(inputs, seen, plan);
    self_care::judge(inputs, plan);
    authentication_url::judge(inputs, seen, plan);
}

/// What the Finesse nodes, their shells and their pages for phones have told.
fn finesse(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    settings::judge(inputs, seen, plan);
    maintenance::judge(inputs, seen, plan);
    agent::judge(inputs, seen, plan);
    codes::judge(inputs, seen, plan);
    servlet::judge(inputs, seen, plan);
    sso::judge(inputs, seen, plan);
}

/// What a check has found: its severity is the table's.
fn finding(
    check: &'static str,
    object: Object,
    field: impl Into<String>,
    expected: impl Into<String>,
    found: impl Into<String>,
    declared: Option<&Location>,
) -> Finding {
    Finding {
        check,
        severity: lint::check(check).map_or(Severity::Error, |check| check.severity),
        object,
        field: field.into(),
        expected: Shown::Text(expected.into()),
        found: Shown::Text(found.into()),
        declared: declared.cloned(),
    }
}

/// A device of the roster as findings name it.
fn object(kind: DeviceKind, name: &str) -> Object {
    let kind = match kind {
        DeviceKind::Phone => ObjectKind::Phone,
        DeviceKind::DeviceProfile => ObjectKind::DeviceProfile,
    };
    Object::new(kind, name)
}

/// Phones and device profiles of the roster that the cluster has.
fn existing(inputs: Inputs<'_>) -> impl Iterator<Item = &DesiredDevice> {
    inputs.observation.existing(inputs.desired)
}

/// Those of them that are phones.
fn phones(inputs: Inputs<'_>) -> impl Iterator<Item = &DesiredDevice> {
    existing(inputs).filter(|device| device.kind == DeviceKind::Phone)
}

/// What no interface tells.
fn not_checkable(subject: impl Into<String>, reason: impl Into<String>) -> NotChecked {
    NotChecked {
        subject: subject.into(),
        reason: reason.into(),
        not_checkable: true,
        attested: None,
    }
}

#[cfg(test)]
mod stage;
