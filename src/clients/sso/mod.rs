//! Tokens of agents who sign in by SSO: the sign-in without a browser, the refresh, and what of both is decided purely.
//!
//! A sign-in speaks to the hosts that the playbook names and to no other, over https, and follows redirects itself: each
//! link is looked at before anything is sent.

pub mod allowed;
pub mod answer;
pub mod claims;
pub mod cookies;
pub mod decision;
mod decoders;
mod error;
pub mod life;
pub mod page;
mod refresh;
mod sign_in;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sign_in_tests;
mod unsaid;

pub use allowed::Allowed;
pub use answer::{Granted, Unread};
pub use claims::{Claims, claims};
pub use decision::SignIn;
pub(super) use decoders::decode;
pub use error::SsoError;
pub use life::{Life, Stage};
pub use refresh::refresh;
pub use sign_in::{Signed, sign_in};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};

use crate::clients::http::{Http, LONGEST_REPLY};
use crate::clients::refusals::Refusals;
use crate::clients::stop::Stop;
use crate::playbook::Endpoint;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = LONGEST_REPLY;

/// Where tokens come from.
const TOKEN: &str = "/desktop/sso/token";

/// What stands in a value of a query or a form as it is.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The way to tokens.
#[derive(Clone)]
pub struct SsoSettings {
    /// The node that gives tokens: the primary.
    pub finesse: Endpoint,
    /// Hosts that may see a sign-in.
    pub allowed: Allowed,
    /// The HTTP client.
    pub http: Http,
    /// Passwords that were refused in this call already.
    pub refusals: Refusals,
    /// Ends waits.
    pub stop: Stop,
}

impl std::fmt::Debug for SsoSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SsoSettings")
            .field("finesse", &self.finesse)
            .field("allowed", &self.allowed)
            .finish_non_exhaustive()
    }
}

/// Path and query of the call that fetches an agent's first tokens.
fn fetch_path(agent: &str) -> String {
    format!("{TOKEN}?cc_username={}&return_refresh_token=true", escaped(agent))
}

/// The address that a person opens in a browser to sign in as this agent.
pub fn address(finesse: &Endpoint, agent: &str) -> String {
    format!("https://{finesse}{}", fetch_path(agent))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// Fields as a form's body or a query.
fn encoded<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> SecretString {
    let pairs =
        fields.into_iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    SecretString::from(pairs.collect::<Vec<_>>().join("&"))
}

/// The bytes of a body.
fn bytes(body: &SecretString) -> Vec<u8> {
    body.expose_secret().as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::{address, encoded};
    use crate::playbook::Endpoint;

    #[test]
    fn the_address_has_the_vendors_parameters() {
        let finesse = Endpoint { host: "fin-a.example.com".to_owned(), port: 8445 };
        assert_eq!(
            address(&finesse, "agent one@x"),
            "https://fin-a.example.com:8445/desktop/sso/token?cc_username=agent%20one%40x&return_refresh_token=true"
        );
    }

    #[test]
    fn values_cannot_become_fields() {
        let body = encoded([("token", "a&b=c"), ("refresh-token", "d+e%")]);
        assert_eq!(body.expose_secret(), "token=a%26b%3Dc&refresh-token=d%2Be%25");
    }
}
