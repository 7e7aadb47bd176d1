//! Error codes of CUCM's RisPort interface, which tells what phones are registered.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed, Incomplete};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "risport-unreachable",
        subject: "risport",
        outcomes: &[Incomplete],
        title: "CUCM's RisPort interface cannot be reached",
        why: "The name, the port or a firewall is in the way. Nothing was sent.",
        next: "Check host name, port 8443 and firewall, then run again.",
    },
    ErrorCode {
        code: "risport-credential-refused",
        subject: "risport",
        outcomes: &[Denied],
        title: "CUCM refused the serviceability user or its password",
        why: "Either is wrong. It was tried once and is not tried again.",
        next: "Correct credentials.serviceability.",
    },
    ErrorCode {
        code: "risport-role-missing",
        subject: "risport",
        outcomes: &[Denied],
        title: "The user may not ask which phones are registered",
        why: "CUCM knows the user, and its groups do not allow serviceability reads.",
        next: "Give it Standard CCM Admin Users and Standard SERVICEABILITY Read Only.",
    },
    ErrorCode {
        code: "risport-throttled",
        subject: "risport",
        outcomes: &[Incomplete],
        title: "CUCM allows no more device queries for now",
        why: "The enterprise parameter Allowed Device Queries Per Minute counts all applications \
              together.",
        next: "Run again later.",
    },
    ErrorCode {
        code: "risport-fault",
        subject: "risport",
        outcomes: &[Incomplete],
        title: "CUCM refused a device query",
        why: "The reason is CUCM's own.",
        next: "Check that Cisco RIS Data Collector runs, then run again.",
    },
    ErrorCode {
        code: "risport-answer-lost",
        subject: "risport",
        outcomes: &[Incomplete],
        title: "CUCM did not answer a device query",
        why: "The connection broke or the time was too short.",
        next: "Run again, with a longer `--timeout` if it stays so.",
    },
    ErrorCode {
        code: "risport-answer-too-large",
        subject: "risport",
        outcomes: &[Incomplete],
        title: "An answer of RisPort is too long to be read",
        why: "Answers are bounded in length; CUCM's own stay far below.",
        next: "Check that the address is CUCM's and not a proxy's.",
    },
    ErrorCode {
        code: "risport-unexpected-answer",
        subject: "risport",
        outcomes: &[Incomplete],
        title: "What answers does not speak RisPort70 as expected",
        why: "It is a web page, a redirect, or a server without that service.",
        next: "Check the address, and that Cisco RIS Data Collector runs on the publisher.",
    },
    ErrorCode {
        code: "risport-request-refused",
        subject: "risport",
        outcomes: &[Failed],
        title: "A device query cannot be made",
        why: "A value holds characters that cannot be sent. Nothing was sent.",
        next: "Correct the value that the reason names.",
    },
];
