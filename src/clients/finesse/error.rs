//! How a request to Finesse can fail, and how that is told.

use crate::clients::tls::{HandshakeRefusal, Rejection};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// A failed request. No variant holds a secret, nor a URL's query.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FinesseError {
    /// No connection; nothing was sent.
    #[error("no connection: {why}")]
    Unreachable {
        /// The network's words.
        why: String,
    },
    /// The server's certificate is not trusted; nothing was sent.
    #[error("{0}")]
    Certificate(Box<Rejection>),
    /// No TLS can be agreed on; nothing was sent.
    #[error("{0}")]
    Handshake(HandshakeRefusal),
    /// User or password refused (401), now or before. Never tried again by this client.
    #[error("{what}: user or password refused{}", said(text))]
    Denied {
        /// What was asked for.
        what: &'static str,
        /// Finesse's words; empty when it refused before.
        text: String,
    },
    /// A request without credentials was refused (401): no password was tried.
    #[error("{what}: not without credentials")]
    CredentialWanted {
        /// What was asked for.
        what: &'static str,
    },
    /// The administrator's credential is needed and was not given; nothing was sent.
    #[error("{what}: no credential given")]
    NoCredential {
        /// What was asked for.
        what: &'static str,
    },
    /// Authenticated, but not allowed (403): not an administrator, or a secondary node that takes no configuration.
    #[error("{what}: forbidden{}", said(text))]
    Forbidden {
        /// What was asked for.
        what: &'static str,
        /// Finesse's words.
        text: String,
    },
    /// Finesse itself says that there is no such object (404).
    #[error("{what}: not found{}", said(text))]
    NotFound {
        /// What was asked for.
        what: &'static str,
        /// Finesse's words.
        text: String,
    },
    /// An answer that is not the API's: a web page, a redirect, a proxy's refusal, another element.
    #[error("{what}: not an answer of the API (HTTP {status}): {why}")]
    NotApi {
        /// What was asked for.
        what: &'static str,
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        why: String,
    },
    /// The proxy in front says that Finesse does not answer (502): it is down, or starting.
    #[error("{what}: Finesse is down or starting (HTTP 502)")]
    Starting {
        /// What was asked for.
        what: &'static str,
    },
    /// Out of service (503).
    #[error("{what}: out of service{}", said(text))]
    OutOfService {
        /// What was asked for.
        what: &'static str,
        /// Finesse's words.
        text: String,
    },
    /// An error inside Finesse (500): its database, or the connection to the contact center.
    #[error("{what}: an internal error{}", said(text))]
    Internal {
        /// What was asked for.
        what: &'static str,
        /// Finesse's words.
        text: String,
    },
    /// Finesse takes the request for wrong (400, 405 and others).
    #[error("{what}: refused (HTTP {status}){}", said(text))]
    Invalid {
        /// What was asked for.
        what: &'static str,
        /// HTTP status.
        status: u16,
        /// Finesse's words.
        text: String,
    },
    /// Sent, but no complete answer came back.
    #[error("{what}: the answer was lost: {why}")]
    Lost {
        /// What was asked for.
        what: &'static str,
        /// The network's words.
        why: String,
    },
    /// No answer in time.
    #[error("{what}: no answer in time")]
    Timeout {
        /// What was asked for.
        what: &'static str,
        /// Whether the request was under way already.
        sent: bool,
    },
    /// The answer is longer than we read.
    #[error("{what}: the answer is longer than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// A request that cannot be made; nothing was sent.
    #[error("request not sent: {why}")]
    Refused {
        /// Why.
        why: String,
    },
}

fn said(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl FinesseError {
    /// Whether a write that ended like this may or may not have happened: read back before anything is repeated.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Lost { .. }
            | Self::TooLarge { .. }
            | Self::Starting { .. }
            | Self::OutOfService { .. }
            | Self::Internal { .. } => true,
            Self::Timeout { sent, .. } => *sent,
            Self::NotApi { status, .. } => *status < 300 || *status >= 500,
            Self::Unreachable { .. }
            | Self::Certificate(_)
            | Self::Handshake(_)
            | Self::Denied { .. }
            | Self::CredentialWanted { .. }
            | Self::NoCredential { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Invalid { .. }
            | Self::Refused { .. } => false,
        }
    }

    /// Whether the node is not there now and may be later: what is expected while it restarts.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Starting { .. }
                | Self::OutOfService { .. }
                | Self::Internal { .. }
                | Self::Lost { .. }
                | Self::Timeout { .. }
        )
    }

    /// As every layer reports it. `place` is the node or object concerned.
    pub fn trouble(&self, place: impl Into<String>) -> Trouble {
        if let Self::Certificate(rejection) = self {
            return rejection.trouble();
        }
        if let Self::Handshake(refusal) = self {
            return refusal.trouble(place);
        }
        let (code, outcome, what, next) = self.told();
        Trouble::new(code, outcome, what).at(place).because(self.to_string()).then(next)
    }

    fn told(&self) -> (&'static str, Outcome, &'static str, &'static str) {
        match self {
            Self::Unreachable { .. } => (
                "finesse-unreachable",
                Outcome::Failed,
                "Finesse cannot be reached",
                "check host name, port 8445 and firewall, then run again; nothing was sent",
            ),
            Self::Certificate(_) | Self::Handshake(_) => (
                "certificate-refused",
                Outcome::Refused,
                "the certificate is not trusted",
                "pin the certificate under tls.pins or give its CA under tls.ca_files",
            ),
            Self::Denied { .. } => (
                "finesse-credential-refused",
                Outcome::Denied,
                "Finesse refused the administrator or the password",
                "correct credentials.finesse; the password was tried once and is not tried again. Five wrong ones lock the administrator for 5 minutes (the console: 30), so wait before the next try",
            ),
            Self::CredentialWanted { .. } | Self::NoCredential { .. } => (
                "finesse-credential-wanted",
                Outcome::Incomplete,
                "Finesse tells this to an administrator only",
                "give credentials.finesse; a node that wants credentials for everything may be behind a reverse proxy, which IP phone agents cannot use",
            ),
            Self::Forbidden { .. } => (
                "finesse-forbidden",
                Outcome::Denied,
                "Finesse does not allow this",
                "use the primary node, and an administrator's account; a reverse proxy refuses configuration too",
            ),
            Self::NotFound { .. } => (
                "finesse-not-found",
                Outcome::Failed,
                "Finesse does not know an object that the request names",
                "check the name",
            ),
            Self::NotApi { .. } => (
                "finesse-not-the-api",
                Outcome::Incomplete,
                "what answers is not Finesse's API",
                "check host and port, and that no proxy or sign-in page stands between",
            ),
            Self::Starting { .. } | Self::OutOfService { .. } | Self::Internal { .. } => (
                "finesse-out-of-service",
                Outcome::Incomplete,
                "Finesse is not in service",
                "run again when it is: after a restart this takes about 6 minutes",
            ),
            Self::Invalid { .. } => (
                "finesse-request-invalid",
                Outcome::Failed,
                "Finesse takes a request for wrong",
                "the reason is Finesse's own; correct method, path or body under finesse_settings",
            ),
            Self::Lost { .. } => (
                "finesse-answer-lost",
                Outcome::Incomplete,
                "the answer of Finesse was lost",
                "run again: what was written is read back first",
            ),
            Self::Timeout { .. } => (
                "finesse-timeout",
                Outcome::Incomplete,
                "Finesse did not answer in time",
                "run again, with a longer --timeout if it stays so",
            ),
            Self::TooLarge { .. } => (
                "finesse-answer-too-large",
                Outcome::Incomplete,
                "an answer of Finesse is too long to be read",
                "check that the address is Finesse's and not a proxy's",
            ),
            Self::Refused { .. } => (
                "finesse-request-refused",
                Outcome::Failed,
                "a request cannot be made",
                "correct the value named in the reason",
            ),
        }
    }
}
