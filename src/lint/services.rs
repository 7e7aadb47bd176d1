//! Offline rules about phone services: hosts that phones can resolve, names that stay apart.

use core::net::IpAddr;

use crate::playbook::{Deployment, Diagnostic, FinesseNode, ServiceName, ascii_name};

use super::finding;

/// The longest name of a phone service (IP Phone Services Application Development Notes, service administration).
const LONGEST_NAME: usize = 32;

/// Adds what is wrong with hosts and names.
pub fn judge(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    hosts(deployment, found);
    names(deployment, found);
}

fn hosts(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let primary = &deployment.finesse.primary;
    let secondary = deployment.finesse.secondary.as_ref();
    for node in std::iter::once(primary).chain(secondary) {
        fqdn(node, found);
    }
    if let Some(secondary) = secondary
        && (same(&primary.service_host, &secondary.service_host) || primary.api == secondary.api)
    {
        let message = format!("both Finesse nodes are {}", secondary.service_host);
        let mut finding = finding("services-same-host", &secondary.at, message);
        finding.related.push((primary.at.clone(), "the primary".to_owned()));
        found.push(finding);
    }
}

fn fqdn(node: &FinesseNode, found: &mut Vec<Diagnostic>) {
    let host = node.service_host.as_str();
    let Some(what) = instead_of_fqdn(host) else { return };
    let message = format!("the service URL would carry {what}, `{host}`, instead of the FQDN");
    found.push(
        finding("service-url-not-fqdn", &node.at, message)
            .then("write the complete FQDN as `host`, or as `service_host` beside it"),
    );
}

/// What a host is that is no complete name.
pub fn instead_of_fqdn(host: &str) -> Option<&'static str> {
    if host.parse::<IpAddr>().is_ok() {
        Some("an address")
    } else if !host.trim_end_matches('.').contains('.') {
        Some("a short name")
    } else {
        None
    }
}

fn names(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let services = &deployment.phone_services;
    let both: Vec<(&str, &ServiceName)> = [("primary", Some(&services.primary))]
        .into_iter()
        .chain([("secondary", services.secondary.as_ref())])
        .filter_map(|(which, service)| service.map(|service| (which, service)))
        .collect();
    for (which, service) in &both {
        length(&format!("phone_services.{which}.name"), &service.name, service, found);
        if !service.name.is_empty() && ascii_name(&service.name).is_empty() {
            let message = format!("`phone_services.{which}.name` has nothing that ASCII has");
            found.push(
                finding("service-name-too-long", &service.at, message)
                    .then("CUCM keeps an ASCII name beside it: use some Latin letters or digits"),
            );
        }
        if let Some(adopt) = &service.adopt {
            length(&format!("phone_services.{which}.adopt"), adopt, service, found);
        }
    }
    if let [(_, first), (_, second)] = both.as_slice() {
        let clash = if same(&first.name, &second.name) {
            Some("both services have the same name")
        } else if same_in_ascii(&first.name, &second.name) {
            Some("both services have the same name as far as ASCII can tell them apart")
        } else if adopts(first, &second.name) || adopts(second, &first.name) {
            Some("one service adopts the name of the other")
        } else if second.adopt.as_deref().is_some_and(|name| adopts(first, name)) {
            Some("both services adopt the same service")
        } else {
            None
        };
        if let Some(message) = clash {
            let mut finding = finding("services-same-name", &second.at, message);
            finding.related.push((first.at.clone(), "the primary".to_owned()));
            found.push(finding);
        }
    }
    for (retired, at) in &services.retire {
        let own = both
            .iter()
            .find(|(_, service)| same(&service.name, retired) || adopts(service, retired));
        if let Some((which, _)) = own {
            let message = format!("`retire` names the {which} service of this playbook");
            found.push(
                finding("services-same-name", at, message)
                    .then("retire only services that phones shall no longer have"),
            );
        }
    }
}

fn length(key: &str, name: &str, service: &ServiceName, found: &mut Vec<Diagnostic>) {
    let count = name.chars().count();
    if count == 0 || count > LONGEST_NAME || name.contains('"') {
        let message = if name.contains('"') {
            format!("`{key}` has a double quote")
        } else {
            format!("`{key}` has {count} characters; 1 to {LONGEST_NAME} are possible")
        };
        found.push(finding("service-name-too-long", &service.at, message));
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn same_in_ascii(one: &str, other: &str) -> bool {
    let (one, other) = (ascii_name(one), ascii_name(other));
    !one.is_empty() && same(&one, &other)
}

fn adopts(service: &ServiceName, name: &str) -> bool {
    service.adopt.as_deref().is_some_and(|adopt| same(adopt, name))
}
