//! CUCM's services: which have to run where.

use crate::clients::control_center::{ServiceState, ServiceStatus};

use super::{Area, Line};

const CHECK: &str = "cucm-service-stopped";
/// Where services are activated and started by hand.
const FEATURE: &str = "Tools > Control Center - Feature Services";
const NETWORK: &str = "Tools > Control Center - Network Services";

/// On which nodes a service has to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// On the publisher.
    Publisher,
    /// Wherever it was activated, and on one node at least.
    Activated,
    /// On every node.
    Everywhere,
}

/// A service that IPPA needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// Its name.
    pub name: &'static str,
    /// Where it has to run.
    pub place: Where,
    console: &'static str,
}

const fn needed(name: &'static str, place: Where, console: &'static str) -> Needed {
    Needed { name, place, console }
}

/// Services that IPPA needs; Extension Mobility only where the roster has device profiles.
pub fn all(profiles: bool) -> Vec<Needed> {
    let mut all = vec![
        needed("Cisco AXL Web Service", Where::Publisher, FEATURE),
        needed("Cisco CTIManager", Where::Activated, FEATURE),
        needed("Cisco RIS Data Collector", Where::Everywhere, NETWORK),
        needed("Cisco Trust Verification Service", Where::Everywhere, NETWORK),
        needed("Cisco Certificate Change Notification", Where::Everywhere, NETWORK),
    ];
    if profiles {
        all.push(needed("Cisco Extension Mobility", Where::Activated, FEATURE));
    }
    all
}

/// What one node said.
#[derive(Debug, Clone)]
pub struct NodeServices {
    /// The node.
    pub host: String,
    /// Whether it is the publisher.
    pub publisher: bool,
    /// Its services.
    pub services: Vec<ServiceStatus>,
}

/// One line per service and node that has to have it. `complete`: every node was heard.
pub fn judge(nodes: &[NodeServices], needed: &[Needed], complete: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for need in needed {
        let heard = nodes.iter().filter(|node| need.place != Where::Publisher || node.publisher);
        let mut activated = false;
        for node in heard {
            let found = node.services.iter().find(|own| own.name.eq_ignore_ascii_case(need.name));
            let optional = need.place == Where::Activated;
            let idle = found.is_some_and(ServiceStatus::not_activated);
            if optional && idle {
                continue;
            }
            activated = true;
            lines.push(line(node, need, found));
        }
        if !activated && need.place == Where::Activated && !nodes.is_empty() {
            lines.push(nowhere(need, complete));
        }
    }
    lines
}

fn line(node: &NodeServices, need: &Needed, found: Option<&ServiceStatus>) -> Line {
    let subject = format!("{} {}", node.host, need.name);
    let unknown = |word: &str| {
        let why = format!("Control Center says {word} of it");
        Line::not_checked(Area::Cucm, subject.clone(), why).under(CHECK).fix(format!(
            "look at Cisco Unified Serviceability > {} on the node, or at utils service list in its platform shell",
            need.console
        ))
    };
    let Some(found) = found else { return unknown("nothing") };
    let activation = if found.not_activated() {
        "activate it in Cisco Unified Serviceability > Tools > Service Activation".to_owned()
    } else {
        format!("start it in Cisco Unified Serviceability > {}", need.console)
    };
    match &found.state {
        ServiceState::Started => Line::ok(Area::Cucm, subject, "Started"),
        ServiceState::Unknown(word) => unknown(if word.is_empty() { "nothing" } else { word }),
        ServiceState::Stopped | ServiceState::Starting | ServiceState::Stopping => {
            let reason = found.reason.trim();
            let reason = if reason.is_empty() { String::new() } else { format!(", {reason}") };
            let seen = format!("{}{reason}", found.state.word());
            Line::found(Area::Cucm, subject, CHECK, seen).fix(format!(
                "{activation}, on {}; or utils service start {} in its platform shell",
                node.host, need.name
            ))
        }
    }
}

fn nowhere(need: &Needed, complete: bool) -> Line {
    let fix = "activate it in Cisco Unified Serviceability > Tools > Service Activation on the nodes that are to run it";
    if complete {
        return Line::found(Area::Cucm, need.name, CHECK, "activated on no node").fix(fix);
    }
    let why = "activated on none of the nodes that were heard";
    Line::not_checked(Area::Cucm, need.name, why).under(CHECK).fix(fix)
}

#[cfg(test)]
mod tests {
    use super::{NodeServices, Where, all, judge};
    use crate::checks::doctor::{Line, State};
    use crate::clients::control_center::{ServiceState, ServiceStatus};
    use crate::outcome::Outcome;

    fn node(host: &str, publisher: bool, wrong: &[(&str, ServiceState, &str)]) -> NodeServices {
        let status = |name: &'static str| {
            let own = wrong.iter().find(|(own, ..)| *own == name);
            let (state, reason) =
                own.map_or((ServiceState::Started, ""), |(_, state, why)| (state.clone(), *why));
            ServiceStatus { name: name.to_owned(), state, reason: reason.to_owned() }
        };
        let services = all(true).iter().map(|need| status(need.name)).collect();
        NodeServices { host: host.to_owned(), publisher, services }
    }

    fn bad(lines: &[Line]) -> Vec<(&str, State)> {
        let bad = lines.iter().filter(|line| line.state != State::Ok);
        bad.map(|line| (line.subject.as_str(), line.state)).collect()
    }

    #[test]
    fn each_service_is_told_of_each_node_that_has_to_have_it() {
        let nodes = [node("pub", true, &[]), node("sub", false, &[])];
        let lines = judge(&nodes, &all(true), true);
        assert_eq!(bad(&lines), []);
        // AXL on the publisher, the five others on both.
        assert_eq!(lines.len(), 11);
        assert_eq!(judge(&nodes, &all(false), true).len(), 9);
        assert_eq!(all(false)[0].place, Where::Publisher);
    }

    #[test]
    fn a_stopped_service_fails_with_the_console_that_starts_it() {
        let stopped =
            ("Cisco Trust Verification Service", ServiceState::Stopped, "Component is not running");
        let lines =
            judge(&[node("pub", true, &[]), node("sub", false, &[stopped])], &all(false), true);
        let failed = State::Failed(Outcome::Failed);
        assert_eq!(bad(&lines), [("sub Cisco Trust Verification Service", failed)]);
        let line = lines.iter().find(|line| line.state == failed).unwrap();
        assert!(line.fix.contains("Control Center - Network Services") && line.fix.contains("sub"));
        assert_eq!(line.seen, "Stopped, Component is not running");
    }

    #[test]
    fn what_is_activated_elsewhere_need_not_run_here() {
        let idle = ("Cisco CTIManager", ServiceState::Stopped, "Service Not Activated ");
        let nodes = [node("pub", true, std::slice::from_ref(&idle)), node("sub", false, &[])];
        assert_eq!(bad(&judge(&nodes, &all(false), true)), []);
        let nodes = [node("pub", true, std::slice::from_ref(&idle)), node("sub", false, &[idle])];
        let failed = State::Failed(Outcome::Failed);
        assert_eq!(bad(&judge(&nodes, &all(false), true)), [("Cisco CTIManager", failed)]);
        let part = judge(&nodes, &all(false), false);
        assert_eq!(bad(&part), [("Cisco CTIManager", State::NotChecked)]);
    }

    #[test]
    fn what_control_center_does_not_know_is_not_fine() {
        let odd = ("Cisco RIS Data Collector", ServiceState::Unknown("Unknown".to_owned()), "");
        let lines = judge(&[node("pub", true, &[odd])], &all(false), true);
        assert_eq!(bad(&lines), [("pub Cisco RIS Data Collector", State::NotChecked)]);
        let mut silent = node("pub", true, &[]);
        silent.services.retain(|own| own.name != "Cisco AXL Web Service");
        let lines = judge(&[silent], &all(false), true);
        assert_eq!(bad(&lines), [("pub Cisco AXL Web Service", State::NotChecked)]);
    }
}
