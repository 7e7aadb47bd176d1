//! Steps for a person, where no permitted interface offers the change.

use ring::digest::{SHA256, digest};

use crate::clients::axl::DeviceKind;
use crate::resources::phone_service::{self, Candidates};
use crate::resources::service_parameter::ParameterEdit;
use crate::resources::subscription::Difference;
use crate::resources::{DesiredDevice, DesiredService};

use super::build::Inputs;
use crate::plan::fingerprint::hex;
use crate::plan::{Call, Change, OperatorStep, Shown, Step};

/// A device's subscriptions, changed by hand.
pub fn subscription(
    inputs: Inputs<'_>,
    device: &DesiredDevice,
    difference: &Difference,
) -> OperatorStep {
    let menu = match device.kind {
        DeviceKind::Phone => "Device > Phone",
        DeviceKind::DeviceProfile => "Device > Device Settings > Device Profile",
    };
    let entries =
        difference.changes.iter().map(|change| entry(&change.field, &change.after)).collect();
    finish(
        inputs,
        OperatorStep {
            id: format!("subscription-{}", device.name),
            console: format!(
                "{menu} > {} > Related Links: Subscribe/Unsubscribe Services",
                device.name
            ),
            entries,
            checked_by: "reading the subscription, both URLs and the value rows back".to_owned(),
            token: String::new(),
        },
    )
}

/// Takes what only SQL could repair without loss out of a service's step, and makes steps for a person of it.
pub fn split_parameters(
    inputs: Inputs<'_>,
    service: &DesiredService,
    candidates: &Candidates,
    mut step: Step,
) -> Vec<Step> {
    let (_, edit) = phone_service::compare(service, candidates);
    let mut by_hand = Vec::new();
    for repair in edit.parameters.iter().filter(|repair| repair.needs_sql()) {
        let (ParameterEdit::Rename { new, .. } | ParameterEdit::Succeed { new, .. }) = repair
        else {
            continue;
        };
        let prefix = format!("parameter {}", new.name());
        let (mine, others) =
            step.changes.into_iter().partition(|change| change.field.starts_with(&prefix));
        step.changes = others;
        let changes: Vec<Change> = mine;
        let entries = changes.iter().map(|change| entry(&change.field, &change.after)).collect();
        let call = Call::Operator(finish(
            inputs,
            OperatorStep {
                id: format!("parameter-{}-{}", slug(&service.name), new.name()),
                console: format!(
                    "Device > Device Settings > Phone Services > {} > Parameters > Edit, then Update Subscriptions",
                    service.name
                ),
                entries,
                checked_by: "reading the service's parameters back".to_owned(),
                token: String::new(),
            },
        ));
        by_hand.push(Step {
            changes,
            call,
            disturbs: std::collections::BTreeSet::new(),
            ..step.clone()
        });
    }
    let rest = (!step.changes.is_empty()).then_some(step);
    rest.into_iter().chain(by_hand).collect()
}

fn entry(field: &str, after: &Shown) -> String {
    match after {
        Shown::Absent => format!("{field}: remove"),
        Shown::Text(text) => format!("{field}: {text}"),
        Shown::Secret(_) => format!("{field}: the declared secret"),
    }
}

/// Binds the step's token to its values; a step that was attested before gets another one.
pub(super) fn finish(inputs: Inputs<'_>, mut step: OperatorStep) -> OperatorStep {
    let times = inputs.observation.attestations.get(&step.id).copied().unwrap_or(0);
    let name = &inputs.deployment.name;
    let bound = format!("{name}\n{}\n{}\n{times}", step.id, step.entries.join("\n"));
    step.token = hex(digest(&SHA256, bound.as_bytes()).as_ref(), 4);
    step
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}
