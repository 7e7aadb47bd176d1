//! Checks of extensions.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "extension-shared",
        subject: "extension",
        severity: Error,
        title: "The agent's extension is on several devices or partitions",
        why: "Login problems, intermittent. The agent extension is on several devices or \
              partitions; certain trouble when two of them are on both the RMCM and the IPPA \
              user.",
        how: "AXL listLine by number, all partitions; devices per line; intersection with both \
              users' lists.",
        fix: "One device, one partition; take the other device off the users.",
        source: "Cisco tech-note 210485, steps 1–2; Cisco Community, document 3163967",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-beyond-fourth-line",
        subject: "extension",
        severity: Error,
        title: "The agent's extension is beyond the fourth line",
        why: "\"Device not accessible\" on UCCX. JTAPI watches the first four configured lines \
              only.",
        how: "AXL line order (count configured lines, not button numbers).",
        fix: "Move the line up.",
        source: "Cisco tech-note 210485, step 5",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-in-line-group",
        subject: "extension",
        severity: Error,
        title: "The agent's extension is in a line group",
        why: "Sign-in fails on UCCX with a device that is not accessible. The agent extension is \
              a member of a line group.",
        how: "AXL/SQL line group members.",
        fix: "Take the extension out of the line group.",
        source: "Cisco tech-note 210485, step 2",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-busy-trigger",
        subject: "extension",
        severity: Warning,
        title: "The line takes more than one call at a time",
        why: "Calls are lost or not presented. Maximum Number of Calls is not 2 or Busy Trigger \
              is not 1.",
        how: "AXL line association `maxNumCalls`, `busyTrigger`.",
        fix: "Set Maximum Number of Calls to 2 and Busy Trigger to 1.",
        source: "Cisco tech-note 210485, step 8; UCCE Solution Design Guide 15.0(1), design \
              considerations",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-not-ipv4-only",
        subject: "extension",
        severity: Warning,
        title: "The device is not configured for IPv4 only",
        why: "\"Device not accessible\" on UCCX. The common device configuration of phone or \
              profile is not IPv4 only.",
        how: "AXL getCommonDeviceConfig `ipAddressingMode`.",
        fix: "Assign a common device configuration with IPv4 only.",
        source: "Cisco tech-note 210485, step 4",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-on-phone-not-profile",
        subject: "extension",
        severity: Error,
        title: "The extension is on the phone instead of the device profile",
        why: "Extension Mobility agent cannot sign in. The agent extension sits on the physical \
              phone instead of the device profile.",
        how: "AXL: agent has a device profile in the roster, extension found on the phone.",
        fix: "Move it to the profile.",
        source: "Cisco tech-note 210485, step 3",
        judged: Judged::Verify,
    },
    Check {
        id: "extension-not-verifiable",
        subject: "extension",
        severity: Info,
        title: "Finesse cannot confirm the extension",
        why: "Finesse cannot confirm the planned extension. `User.extension` is empty while the \
              agent is signed out.",
        how: "`GET User/<id>`: state LOGOUT.",
        fix: "None: taken from CUCM; said as not checkable.",
        source: "Finesse developer guide, User",
        judged: Judged::Verify,
    },
];
