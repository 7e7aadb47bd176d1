//! How a request to RisPort can fail, and how that is told.

use super::OPERATION;
use crate::clients::account::NoReply;
use crate::clients::http::{HttpError, LONGEST_REPLY};
use crate::clients::tls::{HandshakeRefusal, Rejection};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// A failed request. No variant holds a secret.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RisPortError {
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
    /// User or password refused, now or before. Never tried again by this client.
    #[error("user or password refused")]
    Denied,
    /// Authenticated, but without a role for this interface (403).
    #[error("the user has no role for RisPort70")]
    NoRole,
    /// The cluster's allowed rate was still exceeded after the longest wait we allow.
    #[error("{OPERATION}: more requests than the cluster allows")]
    Throttled,
    /// A SOAP fault.
    #[error("{OPERATION}: {text}")]
    Fault {
        /// `faultstring`.
        text: String,
    },
    /// Sent, but no complete answer came back.
    #[error("{OPERATION}: the answer was lost: {why}")]
    Lost {
        /// The network's words.
        why: String,
    },
    /// No answer in time.
    #[error("{OPERATION}: no answer in time")]
    Timeout {
        /// Whether the request was under way already.
        sent: bool,
    },
    /// The answer is longer than we read.
    #[error("{OPERATION}: the answer is longer than {} bytes", LONGEST_REPLY)]
    TooLarge,
    /// An answer that is not RisPort's: a web page, a redirect, another element.
    #[error("{OPERATION}: unexpected answer (HTTP {status}): {why}")]
    Unexpected {
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

pub(super) fn no_reply(error: NoReply) -> RisPortError {
    match error {
        NoReply::Refused => RisPortError::Denied,
        NoReply::Unsendable => RisPortError::Refused {
            why: "user or password hold characters that cannot be sent".to_owned(),
        },
        NoReply::Http(HttpError::Unreachable(why)) => RisPortError::Unreachable { why },
        NoReply::Http(HttpError::Certificate(rejection)) => RisPortError::Certificate(rejection),
        NoReply::Http(HttpError::Handshake(refusal)) => RisPortError::Handshake(refusal),
        NoReply::Http(HttpError::Timeout { sent }) => RisPortError::Timeout { sent },
        NoReply::Http(HttpError::Lost(why)) => RisPortError::Lost { why },
        NoReply::Http(HttpError::TooLarge) => RisPortError::TooLarge,
        NoReply::Http(HttpError::Unusable(why)) => RisPortError::Refused { why },
    }
}

impl RisPortError {
    pub(super) fn unsent(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { sent: false })
    }

    pub(super) fn lost(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Timeout { .. })
    }

    /// As every layer reports it. `place` is the endpoint concerned.
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
                "risport-unreachable",
                Outcome::Incomplete,
                "CUCM's RisPort interface cannot be reached",
                "check host name, port 8443 and firewall, then run again; nothing was sent",
            ),
            Self::Certificate(_) | Self::Handshake(_) => (
                "certificate-refused",
                Outcome::Refused,
                "the certificate is not trusted",
                "pin the certificate under tls.pins or give its CA under tls.ca_files",
            ),
            Self::Denied => (
                "risport-credential-refused",
                Outcome::Denied,
                "CUCM refused the serviceability user or its password",
                "correct credentials.serviceability; the password was tried once and is not tried again",
            ),
            Self::NoRole => (
                "risport-role-missing",
                Outcome::Denied,
                "the user may not ask which phones are registered",
                "give the user Standard CCM Admin Users and Standard SERVICEABILITY Read Only",
            ),
            Self::Throttled => (
                "risport-throttled",
                Outcome::Incomplete,
                "CUCM allows no more device queries for now",
                "run again later; the enterprise parameter Allowed Device Queries Per Minute counts all applications together",
            ),
            Self::Fault { .. } => (
                "risport-fault",
                Outcome::Incomplete,
                "CUCM refused a device query",
                "the reason is CUCM's own; check that Cisco RIS Data Collector runs",
            ),
            Self::Lost { .. } | Self::Timeout { .. } => (
                "risport-answer-lost",
                Outcome::Incomplete,
                "CUCM did not answer a device query",
                "run again, with a longer --timeout if it stays so",
            ),
            Self::TooLarge => (
                "risport-answer-too-large",
                Outcome::Incomplete,
                "an answer of CUCM is too long to be read",
                "check that the address is CUCM's and not a proxy's",
            ),
            Self::Unexpected { .. } => (
                "risport-unexpected-answer",
                Outcome::Incomplete,
                "what answers does not speak RisPort70 as expected",
                "check the address and that Cisco RIS Data Collector and the SOAP real-time service run on the publisher",
            ),
            Self::Refused { .. } => (
                "risport-request-refused",
                Outcome::Failed,
                "a device query cannot be made",
                "correct the value named in the reason",
            ),
        }
    }
}
