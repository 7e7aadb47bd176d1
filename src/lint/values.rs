//! Offline rules about the values of the roster: what CUCM stores, what URLs carry, who shares what.

use std::collections::BTreeMap;

use crate::playbook::{
    AgentRow, Cell, Deployment, Diagnostic, FilledBy, OneButtonSignIn, Parameter, Product,
};

use super::finding;

/// The longest value of a subscription, in characters (AXL 9.1 schema, database rules).
const LONGEST: usize = 100;

/// Adds what is wrong with the values of the roster.
pub fn judge(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let product = deployment.finesse.product;
    for row in &deployment.agents.rows {
        for (parameter, cell) in [(Parameter::Id, &row.id), (Parameter::Extension, &row.extension)]
        {
            if let Cell::Value(value) = cell {
                form(row, parameter, value, product, found);
            }
        }
    }
    shared_phones(deployment, found);
    on_several_phones(deployment, Parameter::Id, found);
    on_several_phones(deployment, Parameter::Extension, found);
}

/// The ids of the checks that a subscription's value breaks, whatever it is for; also for an agent's password once
/// it is resolved.
pub fn value_rules(value: &str) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let printable = value.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    if value.chars().count() > LONGEST || !printable || value.contains('"') {
        broken.push("subscription-value-limits");
    }
    if value.contains(['&', '#', '?', '+', '%', ' ']) {
        broken.push("subscription-value-needs-escaping");
    }
    broken
}

fn form(
    row: &AgentRow,
    parameter: Parameter,
    value: &str,
    product: Product,
    found: &mut Vec<Diagnostic>,
) {
    let name = parameter.name();
    let whose = device(row);
    let broken = value_rules(value);
    if broken.contains(&"subscription-value-limits") {
        let message = format!("CUCM does not take the `{name}` of {whose}");
        found.push(
            finding("subscription-value-limits", &row.at, message)
                .then("at most 100 printable ASCII characters, no double quote"),
        );
        return;
    }
    if broken.contains(&"subscription-value-needs-escaping") {
        let message =
            format!("the `{name}` of {whose} holds a character that URLs treat specially");
        found.push(finding("subscription-value-needs-escaping", &row.at, message));
    }
    let number = value.bytes().all(|b| b.is_ascii_digit());
    let enterprise = matches!(product, Product::Ucce | Product::Pcce);
    if parameter == Parameter::Id && enterprise && !number {
        let message = format!("the `id` of {whose} is not an agent id: it must be a number");
        found.push(finding("subscription-agent-id-form", &row.at, message));
    }
}

/// Several rows on one phone while the id or the password is filled in for them.
fn shared_phones(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let mut phones: BTreeMap<&str, Vec<&AgentRow>> = BTreeMap::new();
    for row in &deployment.agents.rows {
        if let Some(device) = &row.device {
            phones.entry(device).or_default().push(row);
        }
    }
    let password = deployment.one_button_sign_in.password != FilledBy::SignIn;
    for (device, rows) in phones {
        let (Some(first), Some(second)) = (rows.first(), rows.get(1)) else { continue };
        let id = prefilled(&deployment.one_button_sign_in, Parameter::Id, first).is_some();
        if id || password {
            let message = format!("{device} has several agents, and signs in one of them");
            let mut warning = finding("phone-shared-by-agents", &second.at, message);
            warning.related.push((first.at.clone(), "first listed".to_owned()));
            found.push(warning);
        }
    }
}

/// One id or one extension on several phones.
fn on_several_phones(deployment: &Deployment, parameter: Parameter, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, &AgentRow> = BTreeMap::new();
    for row in &deployment.agents.rows {
        let Some(value) = prefilled(&deployment.one_button_sign_in, parameter, row) else {
            continue;
        };
        if row.device.is_none() {
            continue;
        }
        let before = *first.entry(value).or_insert(row);
        if before.device != row.device {
            let message = format!(
                "{} `{}` stands on {} and on {}",
                parameter.name(),
                crate::playbook::diagnostic::shown(value),
                device(before),
                device(row)
            );
            let mut warning = finding("phone-shared-by-agents", &row.at, message);
            warning.related.push((before.at.clone(), "first listed".to_owned()));
            found.push(warning.then("give each agent one phone, or leave the value out"));
        }
    }
}

/// The value that this row stores on its phone, if it stores one.
fn prefilled<'r>(
    who: &OneButtonSignIn,
    parameter: Parameter,
    row: &'r AgentRow,
) -> Option<&'r str> {
    let cell = match parameter {
        Parameter::Id => &row.id,
        Parameter::Extension => &row.extension,
        Parameter::Password => return None,
    };
    match cell {
        Cell::Value(value) if who.filled_by(parameter) != FilledBy::SignIn => Some(value),
        Cell::Value(_) | Cell::Keep | Cell::Empty => None,
    }
}

/// How a row is named in a message.
pub(super) fn device(row: &AgentRow) -> &str {
    row.device.as_deref().or(row.device_profile.as_deref()).unwrap_or("this row")
}
