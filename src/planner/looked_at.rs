//! What was looked at while planning, as evidence: nodes, devices that exist, certificates that were shown.

use crate::plan::{LookedAt, ObjectKind, ShownCertificate};
use crate::resources::certificate_trust::NodeSeen;

use super::build::Inputs;

/// What the observation has of it.
pub(super) fn looked_at(inputs: Inputs<'_>) -> LookedAt {
    let observation = inputs.observation;
    let publisher = &inputs.deployment.cucm.publisher.host;
    let mut seen = LookedAt {
        devices: inputs.desired.devices.keys().cloned().collect(),
        absent: inputs
            .desired
            .devices
            .keys()
            .filter(|name| !observation.devices.contains_key(name.as_str()))
            .cloned()
            .collect(),
        ..LookedAt::default()
    };
    let Some(certificates) = &observation.certificates else { return seen };
    let cucm = certificates.cucm.iter().map(|node| (ObjectKind::CucmNode, node));
    let finesse = certificates.finesse.iter().map(|node| (ObjectKind::FinesseNode, node));
    for (kind, node) in cucm.chain(finesse) {
        match &node.presented {
            Ok(presented) => seen.certificates.push(shown(kind, node, &presented.leaf)),
            Err(why) => seen.silent.push((node.name.clone(), why.clone())),
        }
        if kind == ObjectKind::CucmNode && node.name != *publisher {
            seen.cucm_nodes.push(node.name.clone());
        }
    }
    seen
}

fn shown(
    kind: ObjectKind,
    node: &NodeSeen,
    leaf: &crate::clients::certificate::Certificate,
) -> ShownCertificate {
    ShownCertificate {
        kind,
        node: node.name.clone(),
        subject: leaf.subject.clone(),
        issuer: leaf.issuer.clone(),
        from: leaf.from.clone(),
        until: leaf.until.clone(),
        fingerprint: leaf.fingerprint_text(),
    }
}
