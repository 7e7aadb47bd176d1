//! The plan's fingerprint: the same on two machines, blind to secrets, times, ids and order of arrival.

use ring::digest::{Context, SHA256};
use serde_json::{Value, json};

use crate::playbook::Deployment;

use super::{Basis, SecretNote, Shown, Step};

/// First 16 hexadecimal digits of SHA-256 over the canonical JSON of deployment, product, endpoints and steps.
pub fn fingerprint(deployment: &Deployment, steps: &[Step]) -> String {
    let nodes = std::iter::once(&deployment.finesse.primary).chain(&deployment.finesse.secondary);
    let endpoints: Vec<String> = std::iter::once(deployment.cucm.publisher.to_string())
        .chain(nodes.map(|node| format!("{} {}", node.api, node.service_host)))
        .collect();
    let head = json!({
        "deployment": deployment.name,
        "endpoints": endpoints,
        "product": deployment.finesse.product.word(),
    });
    // The text of one step at a time: that of all steps may be the largest thing there is.
    let mut hash = Context::new(&SHA256);
    hash.update(head.to_string().trim_end_matches('}').as_bytes());
    hash.update(b",\"steps\":[");
    for (number, (name, step)) in in_order(steps).into_iter().enumerate() {
        hash.update(if number == 0 { &b""[..] } else { b"," });
        hash.update(name.as_bytes());
        hash.update(rest(step).as_bytes());
    }
    hash.update(b"]}");
    hex(hash.finish().as_ref(), 8)
}

/// The steps in the order of their texts, each with the beginning of its text: two that begin alike are rare.
fn in_order(steps: &[Step]) -> Vec<(String, &Step)> {
    let observed = steps.iter().filter(|step| step.basis == Basis::Observed);
    let mut named: Vec<(String, &Step)> = observed.map(|step| (named(step), step)).collect();
    named.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| rest(one).cmp(&rest(other))));
    named
}

fn named(step: &Step) -> String {
    let name = json!([step.kind.word(), step.object.kind.word(), step.object.name]).to_string();
    format!("{},", name.trim_end_matches(']'))
}

fn rest(step: &Step) -> String {
    let changes = step.changes.iter();
    let mut changes: Vec<String> = changes
        .map(|change| {
            json!([change.field, shown(&change.before), shown(&change.after)]).to_string()
        })
        .collect();
    changes.sort_unstable();
    let disturbs: Vec<&str> = step.disturbs.iter().map(|kind| kind.word()).collect();
    format!("[{}],{}]", changes.join(","), json!(disturbs))
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
