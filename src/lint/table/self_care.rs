//! Checks of Self Care.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "self-care-default-server",
        subject: "self-care",
        severity: Error,
        title: "Self Care does not point at the publisher",
        why: "The portal does not open for agents. Self Care Portal Default Server is not the \
              publisher.",
        how: "The enterprise parameter; not checkable unless exactly one matches or \
              `dialect.self_care_parameter` names it.",
        fix: "Set it to the publisher's address.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Self Care steps 1–2",
        judged: Judged::Verify,
    },
    Check {
        id: "self-care-group",
        subject: "self-care",
        severity: Error,
        title: "An agent may not use Self Care",
        why: "Agent cannot sign in to Self Care. End user not in Standard CCM End Users.",
        how: "AXL getUser `associatedGroups` for each roster user.",
        fix: "Add the group, keep the others.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Self Care steps 3–7",
        judged: Judged::Verify,
    },
    Check {
        id: "self-care-values-missing",
        subject: "self-care",
        severity: Warning,
        title: "An agent has not filled in the own values",
        why: "One button sign-in asks again, on one or both services. The agent has not filled \
              in the own values on both services.",
        how: "Subscriptions of both services: parameters the agent fills in are empty; list the \
              agents.",
        fix: "Ask those agents: Phones > Phone Settings > Services in `http://<UCM>/ucmuser`.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: Self Care last note",
        judged: Judged::Verify,
    },
];
