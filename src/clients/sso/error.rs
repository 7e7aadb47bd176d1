//! How a sign-in or a refresh can fail, and how that is told. No variant holds a token, a password, or a link's query.

use crate::clients::finesse::FinesseError;
use crate::clients::http::HttpError;
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::allowed::Astray;
use super::answer::Unread;

/// Why there are no tokens.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SsoError {
    /// No answer, for reasons of the network or the certificate.
    #[error("{0}")]
    Http(HttpError),
    /// A link leads where no sign-in goes; nothing was sent there.
    #[error("{}", astray(.0))]
    Astray(Astray),
    /// A page asks for the password that is not the identity provider's; nothing was sent.
    #[error("{0} asks for the password, or would be sent it")]
    PasswordElsewhere(String),
    /// A page that is not known; nothing of it was sent.
    #[error("the page \"{title}\" has {forms}")]
    UnknownPage {
        /// Its title.
        title: String,
        /// Its forms, by name.
        forms: String,
    },
    /// The identity provider asked for user and password again, or said that they are wrong.
    #[error("the identity provider showed its form again, or answered 401 or 403")]
    Refused,
    /// The password was refused in this call already; nothing was sent.
    #[error("the password was refused before")]
    RefusedBefore,
    /// More redirects and pages than a sign-in has.
    #[error("no token after {0} pages")]
    TooManyPages(usize),
    /// An error of the identity service in its own words.
    #[error("{}", said(error, description))]
    Identity {
        /// Its `error`, or the number of its page.
        error: String,
        /// Its description.
        description: String,
    },
    /// An error page of the identity provider.
    #[error("HTTP {status}, the page \"{title}\"")]
    Provider {
        /// HTTP status.
        status: u16,
        /// Its title.
        title: String,
    },
    /// Finesse does not take a request for a token here (403).
    #[error("HTTP 403")]
    Forbidden,
    /// What came is no answer of a token call.
    #[error("HTTP {status}: {why}")]
    NotTokens {
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The refresh was answered with anything but tokens: whoever it belongs to has to sign in again.
    #[error("{0}")]
    Dead(String),
    /// The end was asked for.
    #[error("the end was asked for before the sign-in was done")]
    Stopped,
    /// The server is not able to now (5xx).
    #[error("HTTP {0}")]
    Unable(u16),
}

fn astray(why: &Astray) -> String {
    match why {
        Astray::Insecure(place) => format!("a link to {place} is not https"),
        Astray::Elsewhere(endpoint) => format!("a link leads to {endpoint}"),
        Astray::Unreadable => "a link cannot be read".to_owned(),
    }
}

fn said(error: &str, description: &str) -> String {
    if description.is_empty() { error.to_owned() } else { format!("{error}: {description}") }
}

/// What each error of the identity service is told as, and the words by which it is known.
const IDENTITY: [(&str, &str, &str, &str); 8] = [
    (
        "sso-client-unknown",
        "invalid_client",
        "Finesse is not registered with the identity service",
        "register Finesse as a component in the identity service's administration, then sign in again",
    ),
    (
        "sso-redirect-unknown",
        "invalid_redirecturi",
        "the identity service does not know this address of Finesse",
        "name Finesse in the playbook by the complete name and port that are registered with the identity service, not by an \
         address or an alias",
    ),
    (
        "sso-metadata-missing",
        "metadata is not initialized",
        "the identity service has no metadata of the identity provider",
        "upload the identity provider's metadata in the identity service's administration (Settings, Identity Service \
         Management), then sign in again",
    ),
    (
        "sso-signature-invalid",
        "invalidsignature",
        "the identity service does not accept the identity provider's signature",
        "its signing certificate has changed: upload the identity provider's metadata to the identity service again",
    ),
    (
        "sso-saml-refused",
        "saml processing failed",
        "the identity service cannot use the identity provider's answer",
        "compare claim rules, NameID and the hash (SHA-1 or SHA-256) of the trust at the identity provider",
    ),
    (
        "sso-claims-missing",
        "could not retrieve user identifier",
        "the identity provider does not say who has signed in",
        "add the claim rules for uid and user_principal at the identity provider",
    ),
    (
        "sso-claims-missing",
        "could not retrieve user principal",
        "the identity provider does not say who has signed in",
        "add the claim rules for uid and user_principal at the identity provider",
    ),
    (
        "sso-identity-service",
        "",
        "the identity service reports an error",
        "look the error up in the identity service's log; compare its clock with the identity provider's",
    ),
];

/// Whether these words are those of an error of the identity service.
pub(super) fn of_identity(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let mut known = IDENTITY.iter().map(|(_, words, ..)| *words).filter(|words| !words.is_empty());
    known.find(|words| text.contains(words))
}

impl SsoError {
    /// An answer that is no token, with its status.
    pub(super) fn unread(status: u16, why: Unread) -> Self {
        match why {
            Unread::Error { error, description } => Self::Identity { error, description },
            Unread::Other(why) => Self::NotTokens { status, why },
        }
    }

    /// As every layer reports it. `place` is the host concerned; `agent` whoever signs in.
    pub fn trouble(&self, place: &Endpoint, agent: &str) -> Trouble {
        if let Self::Http(error) = self {
            return of_http(error.clone(), place);
        }
        let (code, outcome, what, next) = self.told();
        let trouble = Trouble::new(code, outcome, what).because(self.to_string()).then(next);
        let place = match self {
            Self::Dead(_) => format!("agent {agent}"),
            Self::Http(_)
            | Self::Astray(_)
            | Self::PasswordElsewhere(_)
            | Self::UnknownPage { .. }
            | Self::Refused
            | Self::RefusedBefore
            | Self::TooManyPages(_)
            | Self::Identity { .. }
            | Self::Provider { .. }
            | Self::Forbidden
            | Self::NotTokens { .. }
            | Self::Stopped
            | Self::Unable(_) => place.to_string(),
        };
        trouble.at(place)
    }

    fn told(&self) -> (&'static str, Outcome, &'static str, &'static str) {
        const BROWSER: &str =
            "sign in with a browser: `ippactl sso login` without --idp, and hand the JSON over";
        match self {
            Self::Http(_) | Self::Stopped | Self::Unable(_) => (
                "sso-unable",
                Outcome::Incomplete,
                "no token can be had now",
                "run again when Finesse and the identity service are in service",
            ),
            Self::Astray(_) => (
                "sso-host-refused",
                Outcome::Refused,
                "the sign-in leads to a host that the playbook does not name; nothing was sent there",
                "if the host belongs to the sign-in, add it with its port to sso.ids or sso.idp of the playbook",
            ),
            Self::PasswordElsewhere(_) => (
                "sso-password-withheld",
                Outcome::Refused,
                "the password is sent to the identity provider alone, and was not sent",
                "if that host is the identity provider, add it with its port to sso.idp of the playbook",
            ),
            Self::UnknownPage { .. } => (
                "sso-page-unknown",
                Outcome::Failed,
                "the sign-in shows a page that ippactl cannot answer",
                BROWSER,
            ),
            Self::Refused | Self::RefusedBefore => (
                "sso-sign-in-refused",
                Outcome::Denied,
                "the identity provider refused user or password",
                "give the user as DOMAIN\\user or user@domain, and the right password; it was tried once and is not tried again",
            ),
            Self::TooManyPages(_) => {
                ("sso-endless", Outcome::Failed, "the sign-in does not come to an end", BROWSER)
            }
            Self::Identity { error, description } => {
                let text = format!("{error} {description}").to_ascii_lowercase();
                let known = IDENTITY.iter().find(|(_, words, ..)| text.contains(words));
                let (code, _, what, next) = known.copied().unwrap_or_default();
                (code, Outcome::Failed, what, next)
            }
            Self::Provider { .. } => (
                "sso-provider-error",
                Outcome::Failed,
                "the identity provider shows an error",
                "look at its log: the trust for the identity service, and whether it expects signed requests",
            ),
            Self::Forbidden => (
                "sso-forbidden",
                Outcome::Denied,
                "this node gives no tokens",
                "name the primary node as finesse.primary: the secondary gives none, and a reverse proxy may not either",
            ),
            Self::NotTokens { .. } => (
                "sso-answer-unreadable",
                Outcome::Failed,
                "what came is not the answer of a token call",
                "copy the whole JSON text that the browser shows, from { to }",
            ),
            Self::Dead(_) => (
                "sso-refresh-dead",
                Outcome::Denied,
                "the token can no longer be refreshed",
                "sign in again: ippactl sso login",
            ),
        }
    }
}

/// What the network says, in the words that Finesse's client has for it.
fn of_http(error: HttpError, place: &Endpoint) -> Trouble {
    const WHAT: &str = "a token";
    let error = match error {
        HttpError::Unreachable(why) => {
            let what = "a host of the sign-in cannot be reached";
            return Trouble::new("sso-host-unreachable", Outcome::Failed, what)
                .at(place.to_string())
                .because(why)
                .then("check its name, port and the firewall; nothing was sent to it");
        }
        HttpError::Certificate(rejection) => FinesseError::Certificate(rejection),
        HttpError::Handshake(refusal) => FinesseError::Handshake(refusal),
        HttpError::Timeout { sent } => FinesseError::Timeout { what: WHAT, sent },
        HttpError::Lost(why) => FinesseError::Lost { what: WHAT, why },
        HttpError::TooLarge => FinesseError::TooLarge { what: WHAT, limit: super::LONGEST_ANSWER },
        HttpError::Unusable(why) => FinesseError::Refused { why },
    };
    error.trouble(place.to_string())
}

#[cfg(test)]
mod tests {
    use super::SsoError;
    use crate::outcome::Outcome;
    use crate::playbook::Endpoint;

    #[test]
    fn each_error_of_the_identity_service_has_its_own_fix() {
        let code = |error: &str, description: &str| {
            let (error, description) = (error.to_owned(), description.to_owned());
            let place = Endpoint { host: "ids.example.com".to_owned(), port: 8553 };
            SsoError::Identity { error, description }.trouble(&place, "1001").code
        };
        assert_eq!(code("invalid_client", "Invalid ClientId."), "sso-client-unknown");
        assert_eq!(code("invalid_redirectUri", "Invalid Redirect URI."), "sso-redirect-unknown");
        let metadata = "SAML Metadata is not initialized";
        assert_eq!(code("service_unavailable", metadata), "sso-metadata-missing");
        assert_eq!(code("500", "error code: invalidSignature"), "sso-signature-invalid");
        let saml = "IdP configuration error : SAML processing failed";
        assert_eq!(code("500", saml), "sso-saml-refused");
        let claims = "Could not retrieve user principal from SAML response";
        assert_eq!(code("500", claims), "sso-claims-missing");
        assert_eq!(code("server_error", ""), "sso-identity-service");
    }

    #[test]
    fn only_a_persons_new_sign_in_helps_a_dead_token() {
        let place = Endpoint { host: "fin-a.example.com".to_owned(), port: 8445 };
        let trouble = SsoError::Dead("a web page".to_owned()).trouble(&place, "1001");
        assert_eq!((trouble.outcome, trouble.place.as_str()), (Outcome::Denied, "agent 1001"));
    }
}
