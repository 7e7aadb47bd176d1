//! Error codes of secure connections and certificates.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Refused};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "certificate-unknown",
        subject: "tls",
        outcomes: &[Refused],
        title: "A server's certificate is not known",
        why: "It is signed by no authority of tls.ca_files, and nobody has pinned it.",
        next: "Compare the fingerprint with the server's own (`ippactl trust show`), then pin it \
              under tls.pins or name its authority under tls.ca_files.",
    },
    ErrorCode {
        code: "certificate-changed",
        subject: "tls",
        outcomes: &[Failed],
        title: "A server shows another certificate than the pinned one",
        why: "It was renewed, or somebody stands between.",
        next: "Ask whoever runs the server; only when it was renewed, forget the old one with \
              `ippactl trust remove HOST:PORT`, or replace the pin under tls.pins.",
    },
    ErrorCode {
        code: "certificate-refused",
        subject: "tls",
        outcomes: &[Refused],
        title: "A server's certificate is not trusted",
        why: "It is neither pinned nor signed by a known authority.",
        next: "Pin it under tls.pins, or give its authority under tls.ca_files.",
    },
    ErrorCode {
        code: "server-unreachable",
        subject: "tls",
        outcomes: &[Failed],
        title: "The server's certificate cannot be fetched",
        why: "The name, the port or a firewall is in the way, or the server is down.",
        next: "Check host name, port and firewall.",
    },
    ErrorCode {
        code: "server-without-certificate",
        subject: "tls",
        outcomes: &[Failed],
        title: "The server showed no certificate",
        why: "What answers at this port is not the server that is meant.",
        next: "Check host name and port.",
    },
    ErrorCode {
        code: "tls-no-common-cipher",
        subject: "tls",
        outcomes: &[Failed],
        title: "The server has no cipher suite in common with ippactl",
        why: "Its cipher management allows only suites without forward secrecy or without \
              AES-GCM. Nothing was sent.",
        next: "In OS Administration, Security, Cipher Management, allow ECDHE with AES-GCM for \
              HTTPS TLS and restart Tomcat.",
    },
    ErrorCode {
        code: "tls-no-common-version",
        subject: "tls",
        outcomes: &[Failed],
        title: "The server speaks neither TLS 1.2 nor TLS 1.3",
        why: "It is set to, or only has, an older version. Nothing was sent.",
        next: "Allow TLS 1.2 on the node; `show tls server min-version` in its shell tells what \
              is set.",
    },
    ErrorCode {
        code: "tls-not-spoken",
        subject: "tls",
        outcomes: &[Failed],
        title: "What answers at this port does not speak TLS",
        why: "The port is another service's, or a proxy stands between. Nothing was sent.",
        next: "Check the port and the proxy.",
    },
    ErrorCode {
        code: "tls-unusable",
        subject: "tls",
        outcomes: &[Failed],
        title: "A secure connection cannot be set up on this side",
        why: "The host name cannot be used, or the certificates of tls.ca_files do not fit \
              together.",
        next: "Correct the host name or tls.ca_files.",
    },
];
