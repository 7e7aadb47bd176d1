//! A reboot of a CUCM node, which the guide asks for after an import into Phone-trust, and the gentler ways before it.

use crate::plan::{Change, OperatorStep, Shown};
use crate::playbook::Location;

/// What is shown first: none of it interrupts calls.
pub const GENTLER: [&str; 3] = [
    "the Trust Verification Service takes added certificates by itself (CUCM Security Guide 15): see first whether phones open the service",
    "then restart Cisco Trust Verification Service (Cisco Unified Serviceability > Tools > Control Center - Network Services) on every node; documented for a sibling store, not for Phone-trust",
    "the guide's own step is the reboot: one node at a time, the publisher first, replication back to 2 on all nodes before the next",
];

/// What is owed on a node.
pub fn change(declared: &Location) -> Change {
    Change {
        field: "reboot after an import into Phone-trust".to_owned(),
        before: Shown::text("runs since before the import"),
        after: Shown::text("rebooted"),
        check: "cucm-reboot-pending",
        declared: declared.clone(),
    }
}

/// The step for a person, bound to the import that asked for it.
pub fn by_hand(node: &str, cause: &str) -> OperatorStep {
    OperatorStep {
        id: step_id(node),
        console: format!("platform shell of {node}: utils system restart"),
        entries: GENTLER
            .iter()
            .map(|line| (*line).to_owned())
            .chain([format!("asked for by: {cause}")])
            .collect(),
        checked_by: "nothing: no interface tells when the node started".to_owned(),
        token: String::new(),
    }
}

/// The id of that step.
pub fn step_id(node: &str) -> String {
    format!("cucm-reboot-{node}")
}
