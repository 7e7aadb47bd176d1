//! Every host name of the playbook, looked up from here. A name that a connect map leads elsewhere need not exist.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::checks::doctor::{Area, Line, names::judge};
use crate::clients::names::look_up;
use crate::trouble::Trouble;

use super::Exam;

/// Looks the names up.
pub(super) async fn look(exam: &mut Exam<'_, '_>) -> Result<(), Trouble> {
    let deployment = exam.task.deployment;
    let map = &exam.task.http.settings().connect_map;
    let mapped = |host: &str| map.keys().any(|from| from.host.eq_ignore_ascii_case(host));
    let mut hosts = vec![deployment.cucm.publisher.host.clone()];
    hosts.extend(deployment.cucm.platform_ssh.iter().map(|ssh| ssh.host.clone()));
    let finesse = &deployment.finesse;
    for node in std::iter::once(&finesse.primary).chain(&finesse.secondary) {
        hosts.extend([&node.api.host, &node.ssh.host, &node.service_host].map(Clone::clone));
    }
    let mut seen = BTreeSet::new();
    hosts.retain(|host| host.parse::<IpAddr>().is_err() && seen.insert(host.clone()));
    for host in hosts {
        if mapped(&host) {
            let seen = "mapped by --connect-to or the sandbox, not looked up";
            exam.add(Line::ok(Area::Network, format!("{host} name"), seen));
            continue;
        }
        exam.begin(format!("name {host}"))?;
        let found = look_up(&host).await;
        exam.add(judge(&host, &found));
    }
    Ok(())
}
