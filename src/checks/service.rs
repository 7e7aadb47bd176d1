//! Checks of the phone services that need no more than the services themselves.

use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::resources::DesiredService;
use crate::resources::phone_service;
use crate::resources::service_url::host;

use super::finding;

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, plan: &mut Plan) {
    for service in &inputs.desired.services {
        let existing = phone_service::existing(service, &inputs.observation.services);
        let Some(existing) = existing else { continue };
        plan.findings.extend(hosts_differ(service, &existing.url, &existing.secure_url));
    }
    plan.findings.extend(single(inputs));
}

/// One service is all that the playbook declares, and Finesse says that it has two nodes.
fn single(inputs: Inputs<'_>) -> Option<Finding> {
    let services = &inputs.deployment.phone_services;
    let seen = inputs.observation.finesse.as_ref()?;
    let mut states = seen.nodes.iter().filter_map(|node| node.state.as_ref().ok());
    let secondary = states.find_map(|state| state.secondary.as_deref())?;
    services.secondary.is_none().then(|| {
        finding(
            "service-single",
            Object::new(ObjectKind::PhoneService, &services.primary.name),
            "services",
            "two, one for each Finesse node",
            format!("one, although {secondary} is the secondary node"),
            Some(&services.at),
        )
    })
}

/// Some models open the one URL and some the other: both have to lead to one node.
fn hosts_differ(service: &DesiredService, plain: &str, secure: &str) -> Option<Finding> {
    let (one, other) = (host(plain)?, host(secure)?);
    (!one.eq_ignore_ascii_case(other)).then(|| {
        finding(
            "service-hosts-differ",
            Object::new(ObjectKind::PhoneService, &service.name),
            "hosts of the two URLs",
            "one host",
            format!("{one} and {other}"),
            Some(&service.declared),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::stage::Stage;
    use crate::planner::finesse::FinesseSeen;
    use crate::resources::tomcat_restart::{NodeSeen, NodeState};

    #[test]
    fn one_service_for_two_nodes_is_found() {
        let found = |changes: &[(&str, &str)], secondary: Option<&str>| {
            let mut site = Stage::cucm(changes);
            let state =
                NodeState { secondary: secondary.map(str::to_owned), ..NodeState::default() };
            site.observation.finesse = Some(FinesseSeen {
                nodes: vec![NodeSeen {
                    host: "fin-a.example.com".to_owned(),
                    state: Ok(state),
                    users: None,
                    connected: None,
                }],
                ..FinesseSeen::default()
            });
            site.found("service-single").len()
        };
        let alone = [(", secondary: fin-b.example.com", ""), (", secondary: { name: Two }", "")];
        assert_eq!(found(&alone, Some("fin-b.example.com")), 1);
        assert_eq!(found(&alone, None), 0);
        assert_eq!(found(&[], Some("fin-b.example.com")), 0);
    }
}
