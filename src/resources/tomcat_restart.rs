//! A restart of Cisco Finesse Tomcat on a node, what is known of the node, and what is wrong with it.

use std::collections::BTreeSet;

use crate::clients::finesse::ConnectedUser;
use crate::plan::{
    Call, Change, Disturbance, Finding, Kind, Object, ObjectKind, PlatformCall, Severity, Shown,
    Step,
};
use crate::playbook::{Location, Restart};

/// The second service that a restart is about, whatever a product calls it.
const NOTIFICATION: &str = "notification service";

/// Whether a step restarts the notification service too.
pub fn with_notification(step: &Step) -> bool {
    step.changes.iter().any(|change| change.field == NOTIFICATION)
}

/// One node.
#[derive(Debug, Clone)]
pub struct NodeSeen {
    /// Host, as the playbook names it.
    pub host: String,
    /// What it says of itself, or why it says nothing.
    pub state: Result<NodeState, String>,
    /// Connected users in number and in words; `None` where they cannot be read, which counts as connected.
    pub users: Option<(u64, String)>,
    /// Each of them, where the node tells.
    pub connected: Option<Vec<ConnectedUser>>,
}

/// What a node says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeState {
    /// `IN_SERVICE`, and CTI's heartbeat succeeds.
    pub in_service: bool,
    /// The state in its own words.
    pub said: String,
    /// Finesse's maintenance mode, when it is in it.
    pub maintenance: Option<String>,
    /// The maintenance mode of the contact center's gateway.
    pub cti_maintenance: Option<String>,
    /// Single sign-on for everybody.
    pub sso: bool,
    /// Single sign-on for some.
    pub hybrid: bool,
    /// The primary node, as this node knows it.
    pub primary: Option<String>,
    /// The secondary node, as this node knows it.
    pub secondary: Option<String>,
}

impl NodeState {
    /// The maintenance in which nothing may be restarted, on either node.
    pub fn in_maintenance(&self) -> Option<String> {
        let finesse = self.maintenance.as_ref().map(|word| format!("Finesse {word}"));
        finesse.or_else(|| self.cti_maintenance.as_ref().map(|word| format!("CTI {word}")))
    }
}

/// The step. `needed`: something that it runs with is known to be old. `notification`: certificates are, which the
/// notification service reads only at its start, too.
pub fn step(restart: &Restart, host: &str, needed: bool, notification: bool) -> Step {
    let change = Change {
        field: "Cisco Finesse Tomcat".to_owned(),
        before: Shown::text(if needed { "runs with the old settings" } else { "runs" }),
        after: Shown::text("restarted"),
        check: "tomcat-restart-pending",
        declared: restart.at.clone(),
    };
    let more = notification.then(|| Change {
        field: NOTIFICATION.to_owned(),
        before: Shown::text("runs with the old certificates"),
        after: Shown::text("restarted"),
        check: "notification-restart-pending",
        declared: restart.at.clone(),
    });
    let changes = std::iter::once(change).chain(more).collect();
    let object = Object::new(ObjectKind::FinesseNode, host);
    let call = Call::Platform(PlatformCall::RestartTomcat);
    Step {
        disturbs: BTreeSet::from([Disturbance::Restart]),
        ..Step::new(Kind::TomcatRestart, object, changes, call)
    }
}

/// Who is thrown out; shown with the step, and no part of its fingerprint.
pub fn notes(node: Option<&NodeSeen>, single: bool) -> Vec<String> {
    let undeclared = node.and_then(|node| node.state.as_ref().ok()?.secondary.as_ref());
    let mut notes = vec![match node.and_then(|node| node.users.as_ref()) {
        Some((0, _)) => "nobody is connected".to_owned(),
        Some((_, words)) => format!("signs out {words}"),
        None => "who is connected cannot be read, which counts as somebody".to_owned(),
    }];
    match undeclared.filter(|_| single) {
        Some(other) => notes.push(format!(
            "the playbook does not name {other}, the second node: it runs with the old settings until it is restarted"
        )),
        None if single => {
            notes.push("there is no second node: nobody can sign in meanwhile".to_owned());
        }
        None => {}
    }
    notes
}

/// A restart that leaves agents nowhere to go.
pub fn alone(restart: &Restart, host: &str, node: Option<&NodeSeen>) -> Option<Finding> {
    let second = node.and_then(|node| node.state.as_ref().ok()?.secondary.as_ref());
    second.is_none().then(|| Finding {
        declared: Some(restart.at.clone()),
        ..guarded(
            "restart-single-node",
            host,
            "a second node to sign in at",
            "none: about six minutes in which nobody can work",
        )
    })
}

/// What keeps a node from being restarted, or speaks against it.
pub fn guarded(check: &'static str, host: &str, expected: &str, found: &str) -> Finding {
    Finding {
        check,
        severity: crate::lint::check(check).map_or(Severity::Error, |check| check.severity),
        object: Object::new(ObjectKind::FinesseNode, host),
        field: "before a restart".to_owned(),
        expected: Shown::text(expected),
        found: Shown::text(found),
        declared: None,
    }
}

/// A restart that nobody has allowed, of a node to which somebody is connected, or may be.
pub fn thrown_out(host: &str, node: Option<&NodeSeen>) -> Option<Finding> {
    let found = match node.and_then(|node| node.users.as_ref()) {
        Some((0, _)) => return None,
        Some((_, words)) => words.as_str(),
        None => "who is connected cannot be read, which counts as somebody",
    };
    let expected = "nobody connected, or --allow restart";
    Some(guarded("restart-signs-agents-out", host, expected, found))
}

/// What the playbook says of the nodes.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// Host of the primary.
    pub primary: &'a str,
    /// There is no secondary.
    pub single: bool,
    /// Where the node is named.
    pub at: Option<&'a Location>,
}

/// What is wrong with a node that has answered, whether or not something has to be done on it.
pub fn judge(host: &str, state: &NodeState, declared: Declared<'_>) -> Vec<Finding> {
    let finding = |check: &'static str, field: &str, expected: &str, found: &str| Finding {
        check,
        severity: crate::lint::check(check).map_or(Severity::Error, |check| check.severity),
        object: Object::new(ObjectKind::FinesseNode, host),
        field: field.to_owned(),
        expected: Shown::text(expected),
        found: Shown::text(found),
        declared: declared.at.cloned(),
    };
    let mut found = Vec::new();
    if !state.in_service {
        let right = "IN_SERVICE, heartbeat success";
        found.push(finding("finesse-not-in-service", "status", right, &state.said));
    }
    if let Some(mode) = &state.maintenance {
        found.push(finding("maintenance-finesse", "maintenance mode", "none", mode));
    }
    if let Some(mode) = &state.cti_maintenance {
        found.push(finding("maintenance-cti", "maintenance of the agent PG", "none", mode));
    }
    if state.sso {
        found.push(finding("sso-mode", "sign-in mode", "NON_SSO or HYBRID", "SSO"));
    }
    if let Some(primary) = another_primary(host, state, declared.primary) {
        found.push(finding("finesse-primary-mismatch", "primary node", declared.primary, primary));
    }
    if let Some(secondary) = state.secondary.as_ref().filter(|_| declared.single) {
        let none = "none, as the playbook has it";
        found.push(finding("finesse-primary-mismatch", "secondary node", none, secondary));
    }
    found
}

/// The primary node by the node's own word, where that is not the one that is declared.
pub fn another_primary<'a>(host: &str, state: &'a NodeState, declared: &str) -> Option<&'a str> {
    let primary = state.primary.as_deref()?;
    // The secondary may know the primary by an address; only a name that is its own is a contradiction.
    let is_other = if same_host(host, declared) {
        !same_host(primary, declared)
    } else {
        same_name(primary, host)
    };
    is_other.then_some(primary)
}

fn same_name(a: &str, b: &str) -> bool {
    let address = |name: &str| name.parse::<std::net::IpAddr>().is_ok();
    address(a) == address(b) && same_host(a, b)
}

/// Whether two names are one host: equal, or one is the other's short form; an address says nothing about a name.
fn same_host(a: &str, b: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let address = |name: &str| name.parse::<std::net::IpAddr>().is_ok();
    a.eq_ignore_ascii_case(b)
        || address(a) != address(b)
        || ((!a.contains('.') || !b.contains('.')) && short(a) == short(b))
}

#[cfg(test)]
mod tests {
    use super::{Declared, NodeState, judge, same_host};

    #[test]
    fn hosts_are_compared_by_what_their_names_tell() {
        assert!(same_host("fin-a.example.com", "FIN-A.example.com"));
        assert!(same_host("fin-a", "fin-a.example.com"));
        assert!(same_host("10.0.0.1", "fin-a.example.com"));
        assert!(!same_host("fin-b.example.com", "fin-a.example.com"));
        assert!(!same_host("10.0.0.1", "10.0.0.2"));
    }

    #[test]
    fn a_node_is_judged_by_what_it_says() {
        let fine = NodeState { in_service: true, ..NodeState::default() };
        let pair = Declared { primary: "fin-a", single: false, at: None };
        assert!(judge("fin-a", &fine, pair).is_empty());
        let bad = NodeState {
            in_service: false,
            said: "OUT_OF_SERVICE".to_owned(),
            maintenance: Some("IN_PROGRESS".to_owned()),
            cti_maintenance: Some("INITIATING".to_owned()),
            sso: true,
            hybrid: false,
            primary: Some("fin-b".to_owned()),
            secondary: Some("fin-a".to_owned()),
        };
        assert_eq!(judge("fin-a", &bad, pair).len(), 5);
        assert_eq!(bad.in_maintenance().as_deref(), Some("Finesse IN_PROGRESS"));
        assert_eq!(judge("fin-b", &bad, pair).len(), 5, "it takes itself for the primary");
        let of_a = |primary: &str| NodeState {
            primary: Some(primary.to_owned()),
            secondary: Some("fin-b".to_owned()),
            ..fine.clone()
        };
        assert!(
            judge("fin-b", &NodeState { in_service: true, ..of_a("10.0.0.1") }, pair).is_empty()
        );
        let single = Declared { single: true, ..pair };
        assert_eq!(judge("fin-a", &of_a("fin-a"), single).len(), 1, "a second node nobody named");
    }
}
