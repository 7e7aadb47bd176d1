//! Error codes of imports into trust stores.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "certificate-rest-denied",
        subject: "certificate",
        outcomes: &[Denied],
        title: "The certificate interface of a node refused the platform administrator or the password",
        why: "Either is wrong, or the account is locked. It was tried once and is not tried again.",
        next: "Check credentials.cucm_platform or credentials.finesse_platform; wait for the lock \
              to end before the next try.",
    },
    ErrorCode {
        code: "certificate-rest-missing",
        subject: "certificate",
        outcomes: &[Failed],
        title: "A node has no certificate REST interface, or not for this account",
        why: "CUCM has it from release 14 on; no document names it for Finesse. It answered when \
              the plan was made, and does not any more.",
        next: "Run plan again: another way of certificates.via is taken where one is named, for \
              example operator.",
    },
    ErrorCode {
        code: "certificate-import-refused",
        subject: "certificate",
        outcomes: &[Failed],
        title: "A node refused a certificate",
        why: "The account has privilege level 0, which only reads, or the node does not take this \
              certificate: it has expired, or its key is too long. The node's words stand with it.",
        next: "Use an account of level 1, or look at the certificate; then run apply again.",
    },
    ErrorCode {
        code: "certificate-rest-lost",
        subject: "certificate",
        outcomes: &[Failed],
        title: "The answer of a node's certificate interface did not come",
        why: "The connection broke, or the node answered with an error of its own. The certificate \
              may have been imported.",
        next: "Run apply again: the stores are read before anything is repeated.",
    },
    ErrorCode {
        code: "cucm-reboot-failed",
        subject: "certificate",
        outcomes: &[Failed],
        title: "A CUCM node was not rebooted, or did not come back",
        why: "Replication is not good, the shell refused the command, or the node or its \
              replication was not back in time.",
        next: "Look at the node. Others are not rebooted before it is back; run apply again then.",
    },
    ErrorCode {
        code: "certificate-import-unclear",
        subject: "certificate",
        outcomes: &[Failed],
        title: "A shell did not say whether it has imported a certificate",
        why: "Success is one known sentence; anything else, or nothing, is none. Cisco documents \
              the command for UCCX and CUCM, not for Finesse alone.",
        next: "Look at show cert list trust on the node. Where the command does not work, name \
              operator in certificates.via.",
    },
];
