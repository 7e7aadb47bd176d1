//! Handshakes that fail before any certificate counts: what the two sides do not have in common, and who can change it.

use rustls::{AlertDescription, InvalidMessage, PeerIncompatible};

use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// What a server and this tool do not have in common. Waiting does not help, so nothing is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeRefusal {
    /// A cipher suite, as far as an alert can tell: `handshake_failure` or `insufficient_security`.
    #[error(
        "the server offers no cipher suite that this tool can use: ECDHE with AES-GCM is needed"
    )]
    CipherSuites,
    /// A protocol version.
    #[error("the server speaks neither TLS 1.2 nor TLS 1.3")]
    Versions,
    /// TLS at all.
    #[error("what answers at this port does not speak TLS")]
    NotTls,
}

impl HandshakeRefusal {
    /// The refusal in an error of the TLS library; `None` when it is another error.
    pub(in crate::clients) fn read(error: &rustls::Error) -> Option<Self> {
        use rustls::Error::{AlertReceived, InvalidMessage as Invalid, PeerIncompatible as Peer};
        let alert = if let AlertReceived(description) = error { Some(*description) } else { None };
        if let Some(AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity) =
            alert
        {
            return Some(Self::CipherSuites);
        }
        if alert == Some(AlertDescription::ProtocolVersion)
            || matches!(
                error,
                Peer(
                    PeerIncompatible::ServerDoesNotSupportTls12Or13
                        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                ) | Invalid(InvalidMessage::UnknownProtocolVersion)
            )
        {
            return Some(Self::Versions);
        }
        matches!(error, Invalid(InvalidMessage::InvalidContentType)).then_some(Self::NotTls)
    }

    /// As every layer reports it. `place` is the endpoint concerned.
    pub fn trouble(self, place: impl Into<String>) -> Trouble {
        let (code, next) = match self {
            Self::CipherSuites => (
                "tls-no-common-cipher",
                "in OS Administration > Security > Cipher Management, allow ECDHE with AES-GCM for HTTPS TLS and restart Tomcat on the node; nothing was sent",
            ),
            Self::Versions => (
                "tls-no-common-version",
                "allow TLS 1.2 on the node (show tls server min-version in its platform shell tells what is set); a release without it cannot be served. Nothing was sent",
            ),
            Self::NotTls => (
                "tls-not-spoken",
                "check the port, and that no proxy stands between; nothing was sent",
            ),
        };
        Trouble::new(code, Outcome::Failed, "no secure connection can be agreed on")
            .at(place)
            .because(self.to_string())
            .then(next)
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, Error, PeerIncompatible};

    use super::HandshakeRefusal as Refusal;

    #[test]
    fn alerts_are_told_apart() {
        for (error, expected) in [
            (Error::AlertReceived(AlertDescription::HandshakeFailure), Some(Refusal::CipherSuites)),
            (Error::AlertReceived(AlertDescription::ProtocolVersion), Some(Refusal::Versions)),
            (
                Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
                Some(Refusal::Versions),
            ),
            (Error::AlertReceived(AlertDescription::InternalError), None),
        ] {
            assert_eq!(Refusal::read(&error), expected, "{error}");
        }
    }
}
