//! Error codes of CUCM's AXL interface.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed, Incomplete};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "axl-unreachable",
        subject: "axl",
        outcomes: &[Failed],
        title: "CUCM's AXL interface cannot be reached",
        why: "The name, the port, a firewall or a proxy is in the way, or the publisher is down. \
              Nothing was sent.",
        next: "Check `cucm.publisher`, port 8443 and Cisco AXL Web Service, then run again.",
    },
    ErrorCode {
        code: "axl-credential-refused",
        subject: "axl",
        outcomes: &[Denied],
        title: "CUCM refused the AXL user or its password",
        why: "The user name or the password is wrong. It was tried once and is not tried again, \
              because CUCM's credential policy may lock an account.",
        next: "Correct credentials.axl.",
    },
    ErrorCode {
        code: "axl-role-missing",
        subject: "axl",
        outcomes: &[Denied],
        title: "The AXL user lacks a role",
        why: "CUCM knows the user, and its groups do not allow AXL, or allow only reading.",
        next: "Put the user into a group with Standard AXL API Access; to read only, one with \
              Standard AXL API Users and Standard AXL Read Only API Access.",
    },
    ErrorCode {
        code: "axl-version-unsupported",
        subject: "axl",
        outcomes: &[Failed],
        title: "There is no AXL version that both sides speak",
        why: "The release is older than 11.5, or cucm.axl_version names one that the server has \
              not.",
        next: "Correct cucm.axl_version, or leave it out.",
    },
    ErrorCode {
        code: "axl-throttled",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "CUCM is busy and refuses requests",
        why: "Too many requests are waiting, of this or of another application. A node that is \
              down makes it worse: its change notifications pile up.",
        next: "Run again later, with a smaller `--concurrency`; check for nodes that are down, \
              and that Cisco AXL Web Service is started on the publisher.",
    },
    ErrorCode {
        code: "axl-answer-lost",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "An answer of CUCM was lost",
        why: "The connection broke after the request was sent, so it may or may not have been \
              done.",
        next: "Run again: what is there is read first.",
    },
    ErrorCode {
        code: "axl-timeout",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "CUCM did not answer in time",
        why: "It is busy, or the network is slow.",
        next: "Run again, with a longer `--timeout` if it stays so.",
    },
    ErrorCode {
        code: "axl-answer-too-large",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "An answer of CUCM is too long to be read",
        why: "Answers are bounded in length; CUCM's own stay far below.",
        next: "Check that the address is CUCM's and not a proxy's.",
    },
    ErrorCode {
        code: "axl-unexpected-answer",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "What answered does not speak AXL as expected",
        why: "It is a web page, a redirect, or a server without AXL.",
        next: "Check the address, and that Cisco AXL Web Service is activated on the publisher.",
    },
    ErrorCode {
        code: "axl-request-refused",
        subject: "axl",
        outcomes: &[Failed],
        title: "A request to CUCM cannot be made",
        why: "A value holds characters that cannot be sent. Nothing was sent.",
        next: "Correct the value that the reason names.",
    },
    ErrorCode {
        code: "axl-not-found",
        subject: "axl",
        outcomes: &[Failed, Incomplete],
        title: "CUCM does not know an object that was named",
        why: "It was deleted since it was read, or never existed. A read that ends like this \
              leaves the run incomplete (3).",
        next: "Check the name, then run again.",
    },
    ErrorCode {
        code: "axl-duplicate",
        subject: "axl",
        outcomes: &[Failed, Incomplete],
        title: "CUCM already has an object of this name",
        why: "Somebody made it since the plan was read.",
        next: "Run again: the plan is made from what is there now.",
    },
    ErrorCode {
        code: "axl-user-logged-in",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "Somebody is logged in on the phone by Extension Mobility",
        why: "CUCM does not let a phone in use be changed.",
        next: "Run again after logout, or wait with `--wait-deferred`.",
    },
    ErrorCode {
        code: "axl-fault",
        subject: "axl",
        outcomes: &[Failed, Incomplete],
        title: "CUCM refused a request",
        why: "The reason is CUCM's own. A read that is refused leaves the run incomplete (3), a \
              refused write has failed (1).",
        next: "Correct what the reason names; after a large read, run again when CUCM is less \
              busy.",
    },
    ErrorCode {
        code: "read-incomplete",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "Something was not read to its end",
        why: "A page of the answer is missing, so nothing can be said about what is absent.",
        next: "Run the command again.",
    },
    ErrorCode {
        code: "phone-authentication-unreachable",
        subject: "axl",
        outcomes: &[Incomplete],
        title: "CUCM's phone authentication page cannot be reached",
        why: "The name, the port or a firewall is in the way. Nothing was sent.",
        next: "Check host name, port and firewall, then run again.",
    },
];
