//! How a call of AXL can fail, and how that is told.

use crate::clients::tls::{HandshakeRefusal, Rejection};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// What kind of SOAP fault it was, by code and text together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The object named in the request does not exist.
    NotFound,
    /// An object of this name exists.
    Duplicate,
    /// The answer would be over 8 MB; `suggested` rows would fit, says the server (not reliable).
    TooLarge {
        /// The server's suggestion.
        suggested: Option<u64>,
    },
    /// Answers in flight fill the server's memory; later it works.
    Memory,
    /// Somebody is logged in on the device by Extension Mobility; later it works.
    UserLoggedIn,
    /// A database key does not exist.
    ForeignKey,
    /// Anything else.
    Other,
}

/// A failed call. No variant holds a secret.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AxlError {
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
    /// User or password refused. Never tried again in this session.
    #[error("user or password refused")]
    Denied,
    /// Authenticated, but without a role for AXL (403).
    #[error("the user has no AXL role")]
    NoRole,
    /// A write was refused although reads work: the account may only read.
    #[error("the user may not call {operation}")]
    RoleMissing {
        /// AXL operation.
        operation: &'static str,
    },
    /// No AXL version in common.
    #[error("AXL version not supported; the server has {}", listed(supported))]
    VersionUnsupported {
        /// What the server has, or its release.
        supported: Vec<String>,
    },
    /// A SOAP fault.
    #[error("{operation}: {text} ({code})")]
    Fault {
        /// AXL operation.
        operation: &'static str,
        /// `axlcode`.
        code: i64,
        /// `axlmessage` or `faultstring`, with what we sent as values taken out.
        text: String,
        /// Its meaning.
        kind: FaultKind,
    },
    /// The server still asked to wait after the longest wait we allow.
    #[error("{operation}: the server is still throttling")]
    Throttled {
        /// AXL operation.
        operation: &'static str,
    },
    /// The end of the run was asked for; nothing was sent.
    #[error("{0}")]
    Stopped(Box<Trouble>),
    /// Sent with a password that the server had not taken yet, but no complete answer came back.
    #[error("{why}")]
    FirstAnswerLost {
        /// AXL operation.
        operation: &'static str,
        /// How it was lost.
        why: String,
    },
    /// Sent, but no complete answer came back.
    #[error("{operation}: the answer was lost: {why}")]
    Lost {
        /// AXL operation.
        operation: &'static str,
        /// The network's words.
        why: String,
    },
    /// No answer in time.
    #[error("{operation}: no answer in time")]
    Timeout {
        /// AXL operation.
        operation: &'static str,
        /// Whether the request was under way already.
        sent: bool,
    },
    /// The answer was longer than we read.
    #[error("{operation}: the answer is longer than {limit} bytes")]
    TooLarge {
        /// AXL operation.
        operation: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// An answer that is not AXL's: a web page, a redirect, another element.
    #[error("{operation}: unexpected answer (HTTP {status}): {why}")]
    Unexpected {
        /// AXL operation.
        operation: &'static str,
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        why: String,
    },
    /// A request that cannot be made; nothing was sent.
    #[error("request not sent: {why}")]
    Refused {
        /// Why.
        why: String,
    },
}

fn listed(supported: &[String]) -> String {
    if supported.is_empty() { "not said which".to_owned() } else { supported.join(", ") }
}

impl AxlError {
    /// Not sent, because the end of the run was asked for.
    pub(super) fn stopped(asked: Trouble) -> Self {
        Self::Stopped(Box::new(asked))
    }

    /// Whether a write that ended like this may or may not have happened: read back before anything is repeated.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Lost { .. } | Self::FirstAnswerLost { .. } | Self::TooLarge { .. } => true,
            Self::Timeout { sent, .. } => *sent,
            Self::Unexpected { status, .. } => *status < 300 || *status >= 500,
            Self::Unreachable { .. }
            | Self::Certificate(_)
            | Self::Handshake(_)
            | Self::Denied
            | Self::NoRole
            | Self::RoleMissing { .. }
            | Self::VersionUnsupported { .. }
            | Self::Fault { .. }
            | Self::Stopped(_)
            | Self::Throttled { .. }
            | Self::Refused { .. } => false,
        }
    }

    /// Whether going on with other objects is pointless: account, role or certificate, or the end was asked for.
    pub fn concerns_the_run(&self) -> bool {
        matches!(
            self,
            Self::Denied
                | Self::NoRole
                | Self::RoleMissing { .. }
                | Self::Certificate(_)
                | Self::Handshake(_)
                | Self::Stopped(_)
        )
    }

    /// Whether the object refuses for now and the step is to be tried again by a later run.
    pub fn deferred(&self) -> bool {
        self.fault_kind() == Some(FaultKind::UserLoggedIn)
    }

    /// The kind of fault, when it is one.
    pub fn fault_kind(&self) -> Option<FaultKind> {
        if let Self::Fault { kind, .. } = self { Some(*kind) } else { None }
    }

    /// As every layer reports it. `place` is the endpoint or object concerned.
    pub fn trouble(&self, place: impl Into<String>) -> Trouble {
        if let Self::Certificate(rejection) = self {
            return rejection.trouble();
        }
        if let Self::Handshake(refusal) = self {
            return refusal.trouble(place);
        }
        if let Self::Stopped(asked) = self {
            return asked.as_ref().clone();
        }
        let (code, outcome, what, next) = self.told();
        Trouble::new(code, outcome, what).at(place).because(self.to_string()).then(next)
    }

    fn told(&self) -> (&'static str, Outcome, &'static str, &'static str) {
        match self {
            Self::Unreachable { .. } => (
                "axl-unreachable",
                Outcome::Failed,
                "CUCM's AXL interface cannot be reached",
                "check host name, port 8443, firewall and proxy, then run again; nothing was sent",
            ),
            Self::Certificate(_) | Self::Handshake(_) => (
                "certificate-refused",
                Outcome::Refused,
                "the certificate is not trusted",
                "pin the certificate under tls.pins or give its CA under tls.ca_files",
            ),
            Self::Denied => (
                "axl-credential-refused",
                Outcome::Denied,
                "CUCM refused the AXL user or its password",
                "correct credentials.axl; the password was tried once and is not tried again",
            ),
            Self::NoRole => (
                "axl-role-missing",
                Outcome::Denied,
                "the AXL user has no AXL role",
                "give the user Standard AXL API Access (or, to read only, Standard AXL API Users and Standard AXL Read Only API Access)",
            ),
            Self::RoleMissing { .. } => (
                "axl-role-missing",
                Outcome::Denied,
                "the AXL user may read but not write",
                "give the user a group with the role Standard AXL API Access",
            ),
            Self::VersionUnsupported { .. } => (
                "axl-version-unsupported",
                Outcome::Failed,
                "no AXL version in common with this CUCM",
                "set cucm.axl_version to one the server has; releases before 11.5 are not supported",
            ),
            Self::Fault { kind, .. } => Self::fault_told(*kind),
            Self::Throttled { .. } => (
                "axl-throttled",
                Outcome::Incomplete,
                "CUCM is busy and refuses requests",
                "run again later or with a smaller --concurrency; check for a node that is down, its change notifications pile up, and that Cisco AXL Web Service is started on the publisher",
            ),
            Self::Stopped(_) => ("interrupted", Outcome::Interrupted, "interrupted", "run again"),
            Self::FirstAnswerLost { .. } => (
                "axl-answer-lost",
                Outcome::Incomplete,
                "CUCM's answer to the first request was lost",
                "run again; it was not repeated, because the lost answer may have been a refusal of the password, and a wrong one is tried once",
            ),
            Self::Lost { .. } => (
                "axl-answer-lost",
                Outcome::Incomplete,
                "the answer of CUCM was lost",
                "run again: what was written is read back first",
            ),
            Self::Timeout { .. } => (
                "axl-timeout",
                Outcome::Incomplete,
                "CUCM did not answer in time",
                "run again, with a longer --timeout if it stays so",
            ),
            Self::TooLarge { .. } => (
                "axl-answer-too-large",
                Outcome::Incomplete,
                "an answer of CUCM is too long to be read",
                "check that the address is CUCM's and not a proxy's",
            ),
            Self::Unexpected { .. } => (
                "axl-unexpected-answer",
                Outcome::Incomplete,
                "what answered does not speak AXL as expected",
                "check the address and that Cisco AXL Web Service is activated on the publisher",
            ),
            Self::Refused { .. } => (
                "axl-request-refused",
                Outcome::Failed,
                "a request cannot be made",
                "correct the value named in the reason",
            ),
        }
    }

    fn fault_told(kind: FaultKind) -> (&'static str, Outcome, &'static str, &'static str) {
        match kind {
            FaultKind::NotFound => (
                "axl-not-found",
                Outcome::Failed,
                "CUCM does not know an object that the request names",
                "check the name, or run again if it was deleted meanwhile",
            ),
            FaultKind::Duplicate => (
                "axl-duplicate",
                Outcome::Failed,
                "CUCM already has an object of this name",
                "run again: the plan is made from what is there now",
            ),
            FaultKind::UserLoggedIn => (
                "axl-user-logged-in",
                Outcome::Incomplete,
                "somebody is logged in on the device by Extension Mobility",
                "run again after logout, or wait with --wait-deferred",
            ),
            FaultKind::Memory => (
                "axl-fault",
                Outcome::Incomplete,
                "CUCM could not answer a large read",
                "run again when fewer AXL applications are busy",
            ),
            FaultKind::TooLarge { .. } => (
                "axl-fault",
                Outcome::Incomplete,
                "CUCM finds even the smallest read too large",
                "nothing smaller can be asked for: run again, and if it stays so, restart Cisco AXL Web Service on the publisher",
            ),
            FaultKind::ForeignKey | FaultKind::Other => (
                "axl-fault",
                Outcome::Failed,
                "CUCM refused a request",
                "the reason is CUCM's own; correct what it names",
            ),
        }
    }
}
