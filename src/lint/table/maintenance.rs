//! Checks of maintenance mode and timeouts.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "maintenance-finesse",
        subject: "maintenance",
        severity: Warning,
        title: "A Finesse node is in maintenance mode",
        why: "Agents are told that this Finesse service is under maintenance and that they \
              should sign in at the other one. The node is in maintenance mode (12.6(1) and \
              later).",
        how: "`SystemInfo`: `finesseMMode` not empty and `finesseTimeInMMode` ≥ 0.",
        fix: "Use the other service; this is not drift.",
        source: "Finesse Administration Guide, Manage Finesse IP Phone Agent: last section; \
              Finesse Administration Guide, Failover Mechanisms",
        judged: Judged::Verify,
    },
    Check {
        id: "maintenance-cti",
        subject: "maintenance",
        severity: Info,
        title: "CTI maintenance is running",
        why: "IPPA users notice nothing. Maintenance of the agent PG is running.",
        how: "`SystemInfo.ctiMMode`, `ctiTimeInMMode` ≥ 0.",
        fix: "Wait before restarting anything.",
        source: "Finesse Administration Guide, Failover Mechanisms",
        judged: Judged::Verify,
    },
    Check {
        id: "maintenance-restart",
        subject: "maintenance",
        severity: Error,
        title: "A restart during maintenance",
        why: "Draining agents would be thrown out. A restart was asked for while either node is \
              in Finesse or CTI maintenance.",
        how: "Before a restart: both maintenance elements of SystemInfo on both nodes.",
        fix: "Wait until it has ended.",
        source: "Finesse Administration Guide, Perform Routine Maintenance",
        judged: Judged::Apply,
    },
    Check {
        id: "maintenance-completed",
        subject: "maintenance",
        severity: Info,
        title: "A node was shut down by maintenance",
        why: "Node refuses connections or answers 502. Maintenance is COMPLETED: services are \
              shut down on purpose.",
        how: "SystemInfo; of a node that does not answer, the last mode that an earlier `verify` with \
              the same state folder saw.",
        fix: "Bring the node back when the work is done.",
        source: "Finesse developer guide, MaintenanceMode",
        judged: Judged::Verify,
    },
    Check {
        id: "inactivity-timeout",
        subject: "maintenance",
        severity: Warning,
        title: "The IPPA inactivity timeout is on",
        why: "78xx agents are thrown out when they look at another screen. IPPA Inactivity \
              Timeout is on with its default of 120 s.",
        how: "`utils finesse ippa_inactivity_timeout status` on each node; roster contains 78xx.",
        fix: "Disable or raise (120–86400 s) on both nodes, restart Tomcat.",
        source: "Finesse Administration Guide 15.0(1), CLI; UCCX Software Compatibility Matrix, \
              note 5; CCE Solution Compatibility Matrix",
        judged: Judged::Verify,
    },
    Check {
        id: "inactivity-timeout-differs",
        subject: "maintenance",
        severity: Warning,
        title: "The inactivity timeout differs between the nodes",
        why: "Different behaviour after changing the node. Set on one node only.",
        how: "The status command on both nodes.",
        fix: "Same value on both.",
        source: "Finesse Administration Guide 15.0(1), CLI",
        judged: Judged::Verify,
    },
    Check {
        id: "settings-lost-on-upgrade",
        subject: "maintenance",
        severity: Warning,
        title: "An upgrade put a setting back to its default",
        why: "Inactivity time-out back to default after an upgrade. It is not kept.",
        how: "Against what an earlier `verify` with the same state folder saw: another release, and the \
              default again.",
        fix: "Set again.",
        source: "Finesse Administration Guide 15.0(1), CLI",
        judged: Judged::Verify,
    },
];
