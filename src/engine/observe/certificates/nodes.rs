//! CUCM's nodes as CUCM lists them, with the playbook's corrections, and which stored certificate is whose.

use crate::clients::axl::{Reader, StoredCertificate};
use crate::clients::tls::Presented;
use crate::engine::{Event, Task};
use crate::plan::NotChecked;
use crate::planner::build::Observation;
use crate::playbook::{Correction, Endpoint, Location};
use crate::resources::certificate_trust::Held;
use crate::trouble::Trouble;

use super::at_publisher;

/// One node.
pub(super) struct CucmNode {
    /// As CUCM lists it.
    pub(super) name: String,
    /// Where its certificate is presented.
    pub(super) endpoint: Endpoint,
    /// Where the playbook speaks of it.
    pub(super) declared: Location,
}

/// All of them but those that are left out.
pub(super) async fn cucm_nodes(
    task: &Task<'_>,
    reader: &Reader,
    observation: &mut Observation,
) -> Result<Vec<CucmNode>, Trouble> {
    let cucm = &task.deployment.cucm;
    let listed = reader.listed_servers().await.map_err(|error| at_publisher(task, &error))?;
    if listed.is_empty() {
        observation.not_checked.push(NotChecked {
            subject: "nodes of CUCM".to_owned(),
            reason: "the database does not list them: only the publisher was looked at".to_owned(),
            not_checkable: false,
            attested: None,
        });
        let (name, declared) = (cucm.publisher.host.clone(), cucm.at.clone());
        return Ok(vec![CucmNode { name, endpoint: cucm.publisher.clone(), declared }]);
    }
    let mut nodes = Vec::new();
    for server in listed {
        let entry = cucm.nodes.iter().find(|entry| entry.name.eq_ignore_ascii_case(&server.name));
        let host = match entry.map(|entry| &entry.correction) {
            Some(Correction::Skip(reason)) => {
                let text = format!("CUCM node {} is left out: {reason}", server.name);
                task.listener.event(Event::Note(text));
                continue;
            }
            Some(Correction::Address(host)) => host.clone(),
            None if same_host(&server.name, &cucm.publisher.host) => cucm.publisher.host.clone(),
            None => server.name.to_lowercase(),
        };
        nodes.push(CucmNode {
            name: server.name,
            endpoint: Endpoint { host, port: cucm.publisher.port },
            declared: entry.map_or_else(|| cucm.at.clone(), |entry| entry.at.clone()),
        });
    }
    for entry in &cucm.nodes {
        let known = nodes.iter().any(|node| node.name.eq_ignore_ascii_case(&entry.name));
        if !known && matches!(entry.correction, Correction::Address(_)) {
            let text = format!("cucm.nodes speaks of {}, which CUCM does not list", entry.name);
            task.listener.event(Event::Note(text));
        }
    }
    // The publisher first.
    nodes.sort_by_key(|node| node.endpoint.host != cucm.publisher.host);
    Ok(nodes)
}

/// A node's own certificates among those that the database has: noted for it, or presented by it. One that several
/// nodes have is noted for one of them.
pub(super) fn of_node(
    node: &CucmNode,
    rows: &[StoredCertificate],
    more: &[StoredCertificate],
    presented: Option<&Presented>,
) -> Held {
    let of_it = |row: &&StoredCertificate| {
        same_host(&row.server, &node.name)
            || same_host(&row.server, &node.endpoint.host)
            || presented.is_some_and(|shown| row.certificate.as_ref() == Some(&shown.leaf))
    };
    let own: Vec<_> =
        rows.iter().chain(more).filter(of_it).filter_map(|row| row.certificate.clone()).collect();
    if own.is_empty() {
        return Held::CannotTell("the database has no certificate for this server".to_owned());
    }
    Held::Known(own)
}

/// Whether two names are one host: equal, or one is the other's short form.
fn same_host(a: &str, b: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let address = |name: &str| name.parse::<std::net::IpAddr>().is_ok();
    let one_is_short = !address(a) && !address(b) && a.contains('.') != b.contains('.');
    a.eq_ignore_ascii_case(b) || (one_is_short && !a.is_empty() && short(a) == short(b))
}

#[cfg(test)]
mod tests {
    use super::same_host;

    #[test]
    fn a_short_name_is_its_host_and_an_address_is_nobody_elses() {
        assert!(same_host("CUCM-pub", "cucm-pub.example.com"));
        assert!(!same_host("cucm-sub1", "cucm-pub.example.com"));
        assert!(!same_host("cucm-pub.a.com", "cucm-pub.b.com"));
        assert!(!same_host("10", "10.0.0.1") && !same_host("", "cucm-pub.example.com"));
    }
}
