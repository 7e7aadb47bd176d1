//! Checks of restarts.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "tomcat-restart-pending",
        subject: "restart",
        severity: Warning,
        title: "Finesse Tomcat has not been restarted since a change",
        why: "New settings have no effect. Finesse Tomcat was not restarted after the save.",
        how: "A change of an earlier run without a later restart of the node; otherwise not \
              checkable.",
        fix: "Restart, primary first.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 3.5; Finesse \
              Installation and Upgrade Guide 12.5(1)",
        judged: Judged::Verify,
    },
    Check {
        id: "restart-order",
        subject: "restart",
        severity: Error,
        title: "The secondary must wait for the primary",
        why: "Settings missing on the secondary, or both nodes down at once. Secondary restarted \
              before the primary was back and replicated.",
        how: "Before the secondary is restarted: primary in service, replication complete.",
        fix: "Wait; then secondary.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 3.6",
        judged: Judged::Apply,
    },
    Check {
        id: "replication-incomplete",
        subject: "restart",
        severity: Error,
        title: "Database replication is not complete",
        why: "Secondary works with old settings. Database replication is not set up or not \
              drained.",
        how: "UCCE: `utils dbreplication runtimestate`, 2 on every node; UCCX: `Replicate_State` \
              = 2, or `show uccx dbreplication servers` Active, Connected/Local, QUEUE 0.",
        fix: "Wait. When it stays at 0 or 1, `utils dbreplication reset all` on the primary; \
              else ask support.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: step 3.6; Finesse \
              Administration Guide 15.0(1), CLI; UCCX Administration and Operations Guide 15.0, \
              system management; UCCX Administration and Operations Guide 15.0, CLI",
        judged: Judged::Apply,
    },
    Check {
        id: "restart-signs-agents-out",
        subject: "restart",
        severity: Error,
        title: "A restart would sign agents out",
        why: "Agents lose their session. Users are connected to the node.",
        how: "Before a restart: the totals of ConnectedUsersInfo, or `utils finesse \
              show_connected_users summary`.",
        fix: "Off-hours (`windows`), or `--allow restart`.",
        source: "Finesse Administration Guide, Perform Routine Maintenance",
        judged: Judged::Apply,
    },
    Check {
        id: "restart-no-alternate",
        subject: "restart",
        severity: Error,
        title: "The other node could not take over",
        why: "Total outage. The other node is not IN_SERVICE.",
        how: "Before a restart: SystemInfo of both nodes.",
        fix: "Repair the other node first.",
        source: "Finesse Administration Guide, Perform Routine Maintenance",
        judged: Judged::Apply,
    },
    Check {
        id: "restart-single-node",
        subject: "restart",
        severity: Warning,
        title: "There is no second node during a restart",
        why: "Full outage of about 6 minutes. There is no secondary.",
        how: "When a restart is planned: `SystemInfo.secondaryNode` absent, empty or equal to the \
              primary.",
        fix: "Choose a quiet hour and confirm.",
        source: "Finesse Installation and Upgrade Guide 12.5(1)",
        judged: Judged::Verify,
    },
    Check {
        id: "restart-not-back",
        subject: "restart",
        severity: Error,
        title: "A node did not come back after its restart",
        why: "502 or OUT_OF_SERVICE long after the restart. Service did not come up.",
        how: "Poll every 10 s: TCP, SystemInfo, heartbeat, `utils service list`, servlet; after \
              `restart.back_within` (15 min) it counts as not back.",
        fix: "Leave the secondary alone and repair what is named.",
        source: "Finesse Installation and Upgrade Guide 12.5(1); Finesse Administration Guide, \
              Manage System Settings",
        judged: Judged::Apply,
    },
];
