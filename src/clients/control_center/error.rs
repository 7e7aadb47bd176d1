//! How a request to Control Center can fail, and how that is told.

use super::OPERATION;
use crate::clients::account::NoReply;
use crate::clients::http::{HttpError, LONGEST_REPLY};
use crate::clients::tls::{HandshakeRefusal, Rejection};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// A failed request. No variant holds a secret.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ControlCenterError {
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
    #[error("the user has no role for Control Center")]
    NoRole,
    /// The node takes no request now.
    #[error("{OPERATION}: the node is busy (HTTP {status})")]
    Busy {
        /// HTTP status.
        status: u16,
    },
    /// A SOAP fault.
    #[error("{OPERATION}: {text}")]
    Fault {
        /// `faultstring`.
        text: String,
    },
    /// Sent, but no complete answer came back.
    #[error("{OPERATION}: the answer was lost: {why}")]
    Lost {
        /// What became of it.
        why: String,
    },
    /// An answer that is not Control Center's: a web page, a redirect, another element.
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

pub(super) fn no_reply(error: NoReply) -> ControlCenterError {
    match error {
        NoReply::Refused => ControlCenterError::Denied,
        NoReply::Unsendable => ControlCenterError::Refused {
            why: "user or password hold characters that cannot be sent".to_owned(),
        },
        NoReply::Http(HttpError::Unreachable(why)) => ControlCenterError::Unreachable { why },
        NoReply::Http(HttpError::Certificate(rejection)) => {
            ControlCenterError::Certificate(rejection)
        }
        NoReply::Http(HttpError::Handshake(refusal)) => ControlCenterError::Handshake(refusal),
        NoReply::Http(HttpError::Timeout { sent: false }) => {
            ControlCenterError::Unreachable { why: "no connection in time".to_owned() }
        }
        NoReply::Http(HttpError::Timeout { sent: true }) => {
            ControlCenterError::Lost { why: "no answer in time".to_owned() }
        }
        NoReply::Http(HttpError::Lost(why)) => ControlCenterError::Lost { why },
        NoReply::Http(HttpError::TooLarge) => {
            ControlCenterError::Lost { why: format!("it is longer than {LONGEST_REPLY} bytes") }
        }
        NoReply::Http(HttpError::Unusable(why)) => ControlCenterError::Refused { why },
    }
}

impl ControlCenterError {
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
                "control-center-unreachable",
                Outcome::Incomplete,
                "Control Center of a CUCM node cannot be reached",
                "check host name, port 8443 and firewall; the node may be down",
            ),
            Self::Certificate(_) | Self::Handshake(_) => (
                "certificate-refused",
                Outcome::Refused,
                "the certificate is not trusted",
                "pin the certificate under tls.pins or give its CA under tls.ca_files",
            ),
            Self::Denied => (
                "control-center-credential-refused",
                Outcome::Denied,
                "Control Center refused the serviceability user or its password",
                "correct credentials.serviceability; the password was tried once and is not tried again",
            ),
            Self::NoRole => (
                "control-center-role-missing",
                Outcome::Denied,
                "the user may not ask which services run",
                "in Cisco Unified CM Administration > User Management > Access Control Group, give the user Standard CCM Admin Users and Standard SERVICEABILITY Read Only",
            ),
            Self::Busy { .. } | Self::Fault { .. } | Self::Lost { .. } => (
                "control-center-no-answer",
                Outcome::Incomplete,
                "Control Center did not say which services run",
                "run again; if it stays so, look at Cisco Unified Serviceability > Tools > Control Center on the node",
            ),
            Self::Unexpected { .. } => (
                "control-center-unexpected-answer",
                Outcome::Incomplete,
                "what answers does not speak Control Center's SOAP as expected",
                "check the address, and that Cisco Tomcat runs on the node (utils service list in its platform shell)",
            ),
            Self::Refused { .. } => (
                "control-center-request-refused",
                Outcome::Failed,
                "a request to Control Center cannot be made",
                "correct the value named in the reason",
            ),
        }
    }
}
