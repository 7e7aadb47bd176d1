//! Error codes of Finesse's interface.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed, Incomplete};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "finesse-unreachable",
        subject: "finesse",
        outcomes: &[Failed],
        title: "A Finesse node cannot be reached",
        why: "The name, the port or a firewall is in the way, or the node is down. Nothing was \
              sent.",
        next: "Check host name, port 8445 and firewall, then run again.",
    },
    ErrorCode {
        code: "finesse-credential-refused",
        subject: "finesse",
        outcomes: &[Denied],
        title: "Finesse refused the administrator or the password",
        why: "Either is wrong, or the account is locked: five wrong tries lock it. It was tried \
              once and is not tried again.",
        next: "Wait 5 minutes (after tries at the console 30), correct credentials.finesse, then \
              run again.",
    },
    ErrorCode {
        code: "finesse-credential-wanted",
        subject: "finesse",
        outcomes: &[Incomplete],
        title: "Finesse tells this to an administrator only",
        why: "The playbook has no credentials.finesse, or a reverse proxy in front wants \
              credentials for everything.",
        next: "Add credentials.finesse, and name the node itself and not a proxy.",
    },
    ErrorCode {
        code: "finesse-forbidden",
        subject: "finesse",
        outcomes: &[Denied],
        title: "Finesse does not allow this",
        why: "The account is no administrator, the node is the secondary one, or a reverse proxy \
              refuses configuration.",
        next: "Use an administrator's account and the primary node's own address.",
    },
    ErrorCode {
        code: "finesse-not-found",
        subject: "finesse",
        outcomes: &[Failed],
        title: "Finesse does not know what was asked for",
        why: "The path or the object does not exist on this release.",
        next: "Check path and name; a path of finesse_settings is the site's own.",
    },
    ErrorCode {
        code: "finesse-not-the-api",
        subject: "finesse",
        outcomes: &[Incomplete],
        title: "What answers is not Finesse's API",
        why: "It is a web page, a sign-in page or another server.",
        next: "Check host and port, and that no proxy stands between.",
    },
    ErrorCode {
        code: "finesse-out-of-service",
        subject: "finesse",
        outcomes: &[Incomplete],
        title: "Finesse is not in service",
        why: "It is starting, its database or its link to the contact center is down, or it was \
              stopped.",
        next: "Run again when it is in service: after a restart this takes some minutes.",
    },
    ErrorCode {
        code: "finesse-request-invalid",
        subject: "finesse",
        outcomes: &[Failed],
        title: "Finesse takes a request for wrong",
        why: "The reason is Finesse's own: method, path or body does not suit it.",
        next: "Correct method, path or body under finesse_settings.",
    },
    ErrorCode {
        code: "finesse-answer-lost",
        subject: "finesse",
        outcomes: &[Incomplete],
        title: "An answer of Finesse was lost",
        why: "The connection broke after the request was sent, so it may or may not have been \
              done.",
        next: "Run again: what is there is read first.",
    },
    ErrorCode {
        code: "finesse-timeout",
        subject: "finesse",
        outcomes: &[Incomplete],
        title: "Finesse did not answer in time",
        why: "It is busy, starting, or the network is slow.",
        next: "Run again, with a longer `--timeout` if it stays so.",
    },
    ErrorCode {
        code: "finesse-answer-too-large",
        subject: "finesse",
        outcomes: &[Incomplete],
        title: "An answer of Finesse is too long to be read",
        why: "Answers are bounded in length; Finesse's own stay far below.",
        next: "Check that the address is Finesse's and not a proxy's.",
    },
    ErrorCode {
        code: "finesse-request-refused",
        subject: "finesse",
        outcomes: &[Failed],
        title: "A request to Finesse cannot be made",
        why: "A value holds characters that cannot be sent. Nothing was sent.",
        next: "Correct the value that the reason names.",
    },
    ErrorCode {
        code: "finesse-unknown",
        subject: "finesse",
        outcomes: &[Failed],
        title: "A Finesse node is not known to this run",
        why: "The run holds no way to speak to the node that is to be restarted.",
        next: "Run again; if it stays so, report it as a fault of ippactl, with the journal.",
    },
];
