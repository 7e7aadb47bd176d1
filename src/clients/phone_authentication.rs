//! The safe credential test: asks CUCM's phone authentication page what it would tell a phone.

use secrecy::SecretString;

use super::http::Http;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

/// What the page said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialVerdict {
    /// User and password are right and the device is associated.
    Accepted,
    /// They are not.
    Refused,
    /// The answer is neither; why.
    CannotTell(String),
}

/// One try for this user, password and device.
#[expect(clippy::unused_async, reason = "signatures first")]
pub async fn test(
    _http: &Http,
    endpoint: &Endpoint,
    _user: &str,
    _password: &SecretString,
    _device: &str,
) -> Result<CredentialVerdict, Trouble> {
    Ok(CredentialVerdict::CannotTell(endpoint.to_string()))
}
