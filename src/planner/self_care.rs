//! The part of planning that is done for agents' access to the Self Care Portal.

use std::collections::BTreeMap;

use crate::plan::{
    Basis, Call, Kind, NotChecked, Object, ObjectKind, OperatorStep, Plan, Shown, Step,
};
use crate::playbook::{Location, Manage};
use crate::resources::self_care::{self, SelfCareSeen, TITLE};

use super::build::{Inputs, finding_of};
use super::operator;

/// The id of the step by which a person sets the default server.
pub const DEFAULT_SERVER: &str = "self-care-default-server";

/// Users of the roster, each with its first row.
fn users<'a>(
    inputs: Inputs<'a>,
    of: impl Fn(Manage) -> bool + 'a,
) -> BTreeMap<&'a str, &'a Location> {
    let rows = inputs.deployment.agents.rows.iter().rev().filter(move |row| of(row.manage));
    rows.filter_map(|row| Some((row.user.as_deref()?, &row.at))).collect()
}

/// Default server and group membership.
pub(super) fn plan(inputs: Inputs<'_>, plan: &mut Plan) {
    let (Some(declared), Some(seen)) =
        (&inputs.deployment.self_care, &inputs.observation.self_care)
    else {
        return;
    };
    if let Some(server) = &declared.default_server {
        default_server(inputs, seen, server, &declared.at, plan);
    }
    let managed = missing(inputs, seen, |manage| manage != Manage::Verify);
    plan.steps.extend(self_care::members_step(managed));
    let group = Object::new(ObjectKind::UserGroup, self_care::GROUP);
    let verified = missing(inputs, seen, |manage| manage == Manage::Verify);
    plan.findings
        .extend(verified.map(|(user, at)| finding_of(&group, &self_care::membership(user, at))));
    let unknown =
        users(inputs, |_| true).into_iter().filter(|(user, _)| !seen.users.contains(*user));
    plan.findings.extend(unknown.map(|(user, at)| self_care::unknown_user(user, at)));
}

/// Users that exist and are not in the group.
pub fn missing<'a>(
    inputs: Inputs<'a>,
    seen: &'a SelfCareSeen,
    of: impl Fn(Manage) -> bool + 'a,
) -> impl Iterator<Item = (&'a str, &'a Location)> {
    users(inputs, of)
        .into_iter()
        .filter(|(user, _)| seen.users.contains(*user) && !seen.members.contains(*user))
}

fn default_server(
    inputs: Inputs<'_>,
    seen: &SelfCareSeen,
    server: &str,
    at: &Location,
    plan: &mut Plan,
) {
    let said = inputs.deployment.dialect.self_care_parameter.as_deref();
    let known = self_care::parameter(&seen.parameters, said);
    if let Some(parameter) = known
        && let Some(value) = self_care::stored(&parameter.value, server, &seen.servers)
    {
        plan.steps.extend(self_care::server_step(parameter, &value, server, at));
        return;
    }
    let reason = match known {
        None => {
            "its internal name is not known here: dialect.self_care_parameter says it".to_owned()
        }
        Some(parameter) => format!(
            "{server} is none of the servers that the drop-down offers, and it holds {}: write the right one as default_server",
            parameter.value
        ),
    };
    let attested = inputs.observation.attested.get(DEFAULT_SERVER);
    plan.not_checked.push(NotChecked {
        subject: format!("enterprise parameter {TITLE}"),
        reason,
        not_checkable: true,
        attested: attested.map(|(_, when)| when.clone()),
    });
    if attested.is_some_and(|(values, _)| values == server) {
        return;
    }
    let by_hand = OperatorStep {
        id: DEFAULT_SERVER.to_owned(),
        console: "System > Enterprise Parameters > Self Care Portal Parameters".to_owned(),
        entries: vec![format!("{TITLE}: {server}"), "then Save and Apply Config".to_owned()],
        checked_by: "nothing: no interface tells the value".to_owned(),
        token: String::new(),
    };
    let call = Call::Operator(operator::finish(inputs, by_hand));
    let object = Object::new(ObjectKind::EnterpriseParameter, TITLE);
    let changes = vec![self_care::server_change(Shown::text("cannot tell"), server, at)];
    plan.steps.push(Step {
        basis: Basis::Remembered,
        ..Step::new(Kind::SelfCare, object, changes, call)
    });
}
