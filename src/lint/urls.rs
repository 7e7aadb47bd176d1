//! The URLs of a phone service, and how long a subscription's may become with its values.

use crate::playbook::{
    AgentRow, Cell, Deployment, Diagnostic, FilledBy, Parameter, ServiceName, SubscriptionKind,
};

use super::finding;

/// The longest URL of a service or a subscription, in characters (AXL 7.1 and 9.1 schemas, database rules).
pub const LONGEST_URL: usize = 512;

/// URL and secure URL of the service of a Finesse node.
pub fn service_urls(host: &str) -> [String; 2] {
    [
        format!("http://{host}:8082/fippa/#DEVICENAME#"),
        format!("https://{host}:8445/fippa/#DEVICENAME#"),
    ]
}

/// The longer of the two URLs of a subscription with these values, where CUCM does not take it: its characters.
pub fn too_long<'v>(
    host: &str,
    values: impl Iterator<Item = (Parameter, &'v str)>,
) -> Option<usize> {
    let longest = service_urls(host).iter().map(String::len).max().unwrap_or_default();
    // A separator, the name, an equals sign, and the value.
    let query: usize =
        values.map(|(parameter, value)| 2 + parameter.name().len() + encoded(value)).sum();
    Some(longest + query).filter(|length| *length > LONGEST_URL)
}

/// Characters of a value inside a URL: all but letters, digits and `-._~` take three.
fn encoded(value: &str) -> usize {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    value.bytes().map(|byte| if unreserved(byte) { 1 } else { 3 }).sum()
}

/// Adds the rows whose values make a URL too long, once per service. Passwords are not at hand here.
pub fn judge(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let services = &deployment.phone_services;
    if services.subscription == SubscriptionKind::Enterprise {
        return;
    }
    let finesse = &deployment.finesse;
    let secondary = finesse.secondary.as_ref().zip(services.secondary.as_ref());
    let nodes = [(&finesse.primary, &services.primary)].into_iter().chain(secondary);
    let nodes: Vec<(&str, &ServiceName)> =
        nodes.map(|(node, service)| (node.service_host.as_str(), service)).collect();
    for row in &deployment.agents.rows {
        for (host, service) in &nodes {
            let Some(length) = too_long(host, values(deployment, row)) else { continue };
            found.push(finding(
                "subscription-value-limits",
                &row.at,
                refusal(super::values::device(row), &service.name, length),
            ));
        }
    }
}

/// What is said of a URL of this length.
pub fn refusal(device: &str, service: &str, length: usize) -> String {
    format!(
        "the URL of {device} to `{service}` would have {length} characters; {LONGEST_URL} are possible"
    )
}

fn values<'r>(
    deployment: &Deployment,
    row: &'r AgentRow,
) -> impl Iterator<Item = (Parameter, &'r str)> {
    let who = &deployment.one_button_sign_in;
    [(Parameter::Id, &row.id), (Parameter::Extension, &row.extension)]
        .into_iter()
        .filter(|(parameter, _)| who.filled_by(*parameter) == FilledBy::Administrator)
        .filter_map(|(parameter, cell)| match cell {
            Cell::Value(value) => Some((parameter, value.as_str())),
            Cell::Keep | Cell::Empty => None,
        })
}
