//! Error codes of CUCM's Control Center interface, which tells what services run.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed, Incomplete};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "control-center-unreachable",
        subject: "control-center",
        outcomes: &[Incomplete],
        title: "Control Center of a CUCM node cannot be reached",
        why: "The name, the port or a firewall is in the way, or the node is down. Nothing was sent.",
        next: "Check host name, port 8443 and firewall, then run again.",
    },
    ErrorCode {
        code: "control-center-credential-refused",
        subject: "control-center",
        outcomes: &[Denied],
        title: "Control Center refused the serviceability user or its password",
        why: "Either is wrong. It was tried once and is not tried again, on no other node either.",
        next: "Correct credentials.serviceability.",
    },
    ErrorCode {
        code: "control-center-role-missing",
        subject: "control-center",
        outcomes: &[Denied],
        title: "The user may not ask which services run",
        why: "CUCM knows the user, and its groups do not allow serviceability reads.",
        next: "Give it Standard CCM Admin Users and Standard SERVICEABILITY Read Only in User \
               Management > Access Control Group.",
    },
    ErrorCode {
        code: "control-center-no-answer",
        subject: "control-center",
        outcomes: &[Incomplete],
        title: "Control Center did not say which services run",
        why: "The node was busy, refused the request in its own words, or the connection broke.",
        next: "Run again; if it stays so, look at Cisco Unified Serviceability > Tools > Control \
               Center on the node.",
    },
    ErrorCode {
        code: "control-center-unexpected-answer",
        subject: "control-center",
        outcomes: &[Incomplete],
        title: "What answers does not speak Control Center's SOAP as expected",
        why: "It is a web page, a redirect, or a server without that service.",
        next: "Check the address, and that Cisco Tomcat runs on the node.",
    },
    ErrorCode {
        code: "control-center-request-refused",
        subject: "control-center",
        outcomes: &[Failed],
        title: "A request to Control Center cannot be made",
        why: "A value holds characters that cannot be sent. Nothing was sent.",
        next: "Correct the value that the reason names.",
    },
];
