//! Error codes: what `apply` refuses, and writes and restarts that do not end as they should.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Refused};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "threshold-altered",
        subject: "apply",
        outcomes: &[Refused],
        title: "More phones would be altered than the playbook allows",
        why: "The share passes limits.max_altered_percent: often a sign of a wrong playbook or \
              roster.",
        next: "Look at the plan; raise the limit only if it is meant.",
    },
    ErrorCode {
        code: "threshold-removals",
        subject: "apply",
        outcomes: &[Refused],
        title: "More subscriptions would be taken away than the playbook allows",
        why: "The number passes limits.max_removals.",
        next: "Look at the plan; raise the limit only if it is meant.",
    },
    ErrorCode {
        code: "fingerprint-stale",
        subject: "apply",
        outcomes: &[Refused],
        title: "The plan is not the one that was reviewed",
        why: "Playbook, roster or cluster have changed since `--expect`'s fingerprint was shown.",
        next: "Run plan again, review it, and pass its fingerprint.",
    },
    ErrorCode {
        code: "window-closed",
        subject: "apply",
        outcomes: &[Refused],
        title: "Steps that disturb somebody are held back",
        why: "The playbook's `windows` are closed now. Everything else would be done.",
        next: "Apply again when a window is open.",
    },
    ErrorCode {
        code: "no-confirmation",
        subject: "apply",
        outcomes: &[Refused],
        title: "Nothing was confirmed",
        why: "The answer was no, or there was no terminal to ask at. Nothing was written.",
        next: "Give `--yes` and, for steps that disturb, `--allow` with their kind; or run at a \
              terminal.",
    },
    ErrorCode {
        code: "operator-token-used",
        subject: "apply",
        outcomes: &[Refused],
        title: "The token of an operator step was used before",
        why: "A token serves once, so that an old command line cannot vouch for a new step.",
        next: "Leave `--operator-done` out; if the step is planned again, plan shows a new token.",
    },
    ErrorCode {
        code: "operator-token-foreign",
        subject: "apply",
        outcomes: &[Refused],
        title: "The token does not belong to a step of this plan",
        why: "The step has been seen to be done, belongs to another plan, or its values have \
              changed.",
        next: "Run plan again and do the step with the values and the token that it shows.",
    },
    ErrorCode {
        code: "operator-step-not-seen",
        subject: "apply",
        outcomes: &[Failed],
        title: "An operator step is said to be done, and the cluster shows otherwise",
        why: "What can be read is believed, not what is said.",
        next: "Look at the step in the plan and at the console.",
    },
    ErrorCode {
        code: "too-many-failures",
        subject: "apply",
        outcomes: &[Failed],
        title: "As many steps failed as were allowed",
        why: "`--max-failures` was reached; no further step was begun.",
        next: "Look at the failed steps, then run apply again.",
    },
    ErrorCode {
        code: "write-not-seen",
        subject: "apply",
        outcomes: &[Failed],
        title: "A write was accepted, and reading back shows other values",
        why: "Somebody else writes the same object, the write had no effect, or what is read is \
              old.",
        next: "Look at the object in the console, and run verify.",
    },
    ErrorCode {
        code: "foreign-subscription-changed",
        subject: "apply",
        outcomes: &[Failed],
        title: "A write changed a subscription that nobody asked to change",
        why: "This server does not keep everything of a list that is written back whole. Other \
              phones with foreign subscriptions are now written in another way.",
        next: "Look at the phone's subscriptions in the console and restore what was lost.",
    },
    ErrorCode {
        code: "list-incomplete",
        subject: "apply",
        outcomes: &[Failed],
        title: "AXL leaves something out of a list that would be written back",
        why: "The database has a controlled device that AXL does not list; writing the list \
              would take it away. It was not written.",
        next: "Run again; if it stays, look at the application user in the console.",
    },
    ErrorCode {
        code: "restart-failed",
        subject: "apply",
        outcomes: &[Failed],
        title: "Cisco Finesse Tomcat could not be restarted",
        why: "The node says so, or it did not go down. The restart is still owed.",
        next: "Look at the account's privilege level (`show account`) and at `utils service \
              list`, then run apply again.",
    },
    ErrorCode {
        code: "restart-not-back",
        subject: "apply",
        outcomes: &[Failed],
        title: "A node did not come back in time after its restart",
        why: "Its service did not come up, or it is not in service yet. The other node was left \
              alone.",
        next: "Repair this node, then run apply again.",
    },
    ErrorCode {
        code: "replication-incomplete",
        subject: "apply",
        outcomes: &[Failed],
        title: "Replication between the Finesse nodes is not complete",
        why: "It is broken, or did not end in time; the other node would start with old settings \
              and was left alone.",
        next: "Repair it (`utils dbreplication` on the primary, or Cisco support), then run \
              apply again.",
    },
];
