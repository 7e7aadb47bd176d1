//! The part of planning that is done for Finesse: its own settings, and the restarts that they need.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{
    Basis, Call, FinesseCall, Kind, NotChecked, Object, ObjectKind, Plan, Shown, Step, StepState,
};
use crate::playbook::{FinesseSettings, RestartWhen, SettingsMode};
use crate::resources::application_user::PasswordVerdict;
use crate::resources::finesse_settings::{self, Known, SETTINGS, StoredUser};
use crate::resources::tomcat_restart::{self, Declared, NodeSeen};

use super::build::{Inputs, finding_of};
use super::{certificates, operator};

/// What was read of Finesse, and what is remembered of it.
#[derive(Debug, Default)]
pub struct FinesseSeen {
    /// The stored user name.
    pub user: StoredUser,
    /// The stored user name on the secondary node, where it can be read.
    pub secondary_user: Option<String>,
    /// Whether the declared password is the one that was last written or attested; `None` when none was.
    pub same_password: Option<bool>,
    /// When it was, in words.
    pub written: Option<String>,
    /// The nodes, the primary first.
    pub nodes: Vec<NodeSeen>,
    /// Restarts owed, by host, with what asked for them.
    pub owed: BTreeMap<String, String>,
    /// Of these, the hosts on which the notification service is due too.
    pub notifications: BTreeSet<String>,
}

/// Settings, restarts, and what is wrong with the nodes.
pub(super) fn plan(inputs: Inputs<'_>, plan: &mut Plan) {
    let Some(seen) = &inputs.observation.finesse else { return };
    nodes(inputs, seen, plan);
    let first = plan.steps.len();
    let settings = inputs.deployment.finesse_settings.as_ref();
    let basis = settings.and_then(|made| settings_step(inputs, made, seen, plan));
    restarts(inputs, seen, basis, plan);
    if let Some(why) = wrong_primary(inputs, seen) {
        for step in plan.steps.iter_mut().skip(first) {
            step.state = StepState::Refused(why.clone());
        }
    }
}

/// The nodes disagree with the playbook on which of them is the primary: then nothing is written and restarted.
fn wrong_primary(inputs: Inputs<'_>, seen: &FinesseSeen) -> Option<String> {
    let declared = &inputs.deployment.finesse.primary.api.host;
    let other = seen.nodes.iter().find_map(|node| {
        tomcat_restart::another_primary(&node.host, node.state.as_ref().ok()?, declared)
    })?;
    Some(format!("the primary node is {other}, and the playbook says {declared}"))
}

/// Plans the settings, and says what cannot be read of them; the basis of the step that is needed.
fn settings_step(
    inputs: Inputs<'_>,
    settings: &FinesseSettings,
    seen: &FinesseSeen,
    plan: &mut Plan,
) -> Option<Basis> {
    let attested = inputs.observation.attested.get(SETTINGS);
    if let Some((subject, reason)) = finesse_settings::not_read(settings, &seen.user) {
        plan.not_checked.push(NotChecked { subject, reason, not_checkable: false, attested: None });
        return None;
    }
    if let Some((subject, reason)) = finesse_settings::not_checkable(settings, &seen.user) {
        let attested = attested.map(|(_, when)| when.clone()).or_else(|| seen.written.clone());
        plan.not_checked.push(NotChecked { subject, reason, not_checkable: true, attested });
    }
    let known = Known {
        user: &seen.user,
        attested: attested.map(|(user, _)| user.as_str()),
        same_password: seen.same_password,
        rewrite: inputs.rewrite_secrets,
    };
    let user = &inputs.deployment.application_user.id;
    let step = finesse_settings::compare(settings, user, known).map(|(changes, basis)| {
        let primary = &inputs.deployment.finesse.primary.api.host;
        let object = Object::new(ObjectKind::FinesseNode, primary);
        let call = call(inputs, settings);
        let state = match inputs.observation.password {
            Some(PasswordVerdict::Differs) if !rotates(plan) => StepState::Refused(
                "CUCM refuses the declared password, and phones would be shown one that does not work".to_owned(),
            ),
            _ => StepState::Planned,
        };
        Step { basis, state, ..Step::new(Kind::FinesseSettings, object, changes, call) }
    });
    let secondary = inputs.deployment.finesse.secondary.as_ref();
    if let (None, Some(node), Some(found)) = (&step, secondary, &seen.secondary_user) {
        let node = Object::new(ObjectKind::FinesseNode, &node.api.host);
        plan.findings.extend(finesse_settings::not_replicated(settings, node, user, found));
    }
    let basis = step.as_ref().map(|step| step.basis);
    plan.steps.extend(step);
    basis
}

/// Whether this plan writes the declared password to CUCM.
fn rotates(plan: &Plan) -> bool {
    let user = plan.steps.iter().filter(|step| step.kind == Kind::ApplicationUser);
    user.flat_map(|step| &step.changes).any(|change| matches!(change.after, Shown::Secret(_)))
}

fn call(inputs: Inputs<'_>, settings: &FinesseSettings) -> Call {
    match settings.mode {
        SettingsMode::Rest(_) => Call::Finesse(FinesseCall::SaveSettings),
        SettingsMode::Operator | SettingsMode::Elsewhere => Call::Operator(operator::finish(
            inputs,
            finesse_settings::by_hand(inputs.deployment, settings),
        )),
    }
}

/// One restart per node at most, whatever asked for it: settings of this run, or a debt of an earlier one.
fn restarts(inputs: Inputs<'_>, seen: &FinesseSeen, cause: Option<Basis>, plan: &mut Plan) {
    let restart = &inputs.deployment.restart;
    let finesse = &inputs.deployment.finesse;
    for node in std::iter::once(&finesse.primary).chain(&finesse.secondary) {
        let host = &node.api.host;
        let owed = seen.owed.contains_key(host);
        let import = certificates::import_on(plan, host);
        let notification = import.is_some() || seen.notifications.contains(host);
        let cause = cause.into_iter().chain(import).min();
        if cause.is_none() && !owed && !inputs.restart_now {
            continue;
        }
        let step = tomcat_restart::step(restart, host, owed || cause.is_some(), notification);
        if restart.finesse_tomcat == RestartWhen::Never {
            let pending = step.changes.iter().filter(|_| owed);
            plan.findings.extend(pending.map(|change| finding_of(&step.object, change)));
            continue;
        }
        let known = seen.nodes.iter().find(|node| node.host == *host);
        if finesse.secondary.is_none() {
            plan.findings.extend(tomcat_restart::alone(restart, host, known));
        }
        plan.steps.push(Step {
            basis: cause.unwrap_or(Basis::Remembered),
            notes: tomcat_restart::notes(known, finesse.secondary.is_none()),
            ..step
        });
    }
}

fn nodes(inputs: Inputs<'_>, seen: &FinesseSeen, plan: &mut Plan) {
    let finesse = &inputs.deployment.finesse;
    let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    for (node, declared) in seen.nodes.iter().zip(nodes) {
        match &node.state {
            Ok(state) => plan.findings.extend(tomcat_restart::judge(
                &node.host,
                state,
                Declared {
                    primary: &finesse.primary.api.host,
                    single: finesse.secondary.is_none(),
                    at: Some(&declared.at),
                },
            )),
            Err(why) => plan.not_checked.push(NotChecked {
                subject: format!("Finesse node {}", node.host),
                reason: why.clone(),
                not_checkable: false,
                attested: None,
            }),
        }
    }
}
