//! The plan's fingerprint: the same on two machines, blind to secrets, times, ids and order of arrival.

use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::playbook::Deployment;

use super::{Basis, SecretNote, Shown, Step};

/// First 16 hexadecimal digits of SHA-256 over the canonical JSON of deployment, product, endpoints and steps.
pub fn fingerprint(deployment: &Deployment, steps: &[Step]) -> String {
    let observed = steps.iter().filter(|step| step.basis == Basis::Observed);
    let mut canonical: Vec<Value> = observed.map(canonical_step).collect();
    canonical.sort_by_key(Value::to_string);
    let nodes = std::iter::once(&deployment.finesse.primary).chain(&deployment.finesse.secondary);
    let endpoints: Vec<String> = std::iter::once(deployment.cucm.publisher.to_string())
        .chain(nodes.map(|node| format!("{} {}", node.api, node.service_host)))
        .collect();
    let whole = json!({
        "deployment": deployment.name,
        "endpoints": endpoints,
        "product": deployment.finesse.product.word(),
        "steps": canonical,
    });
    hex(digest(&SHA256, whole.to_string().as_bytes()).as_ref(), 8)
}

fn canonical_step(step: &Step) -> Value {
    let mut changes: Vec<Value> = step
        .changes
        .iter()
        .map(|change| json!([change.field, shown(&change.before), shown(&change.after)]))
        .collect();
    changes.sort_by_key(Value::to_string);
    let disturbs: Vec<&str> = step.disturbs.iter().map(|kind| kind.word()).collect();
    json!([step.kind.word(), step.object.kind.word(), step.object.name, changes, disturbs])
}

fn shown(value: &Shown) -> Value {
    match value {
        Shown::Absent => Value::Null,
        Shown::Text(text) => json!(text),
        Shown::Secret(SecretNote::Set) => json!({"secret": "set"}),
        Shown::Secret(SecretNote::Changes) => json!({"secret": "changes"}),
        Shown::Secret(SecretNote::CannotTell) => json!({"secret": "cannot tell"}),
    }
}

/// The first `bytes` bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8], count: usize) -> String {
    use std::fmt::Write as _;
    bytes.iter().take(count).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
