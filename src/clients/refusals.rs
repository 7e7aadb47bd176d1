//! Passwords that a server has refused: in one call of ippactl none is tried twice, whichever deployment asks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use crate::playbook::Endpoint;

/// Host and account, without regard to case.
type Account = (String, String);

/// What was refused so far, by account and host. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Mutex<BTreeMap<Account, SecretString>>>);

impl Refusals {
    /// The server refused this password.
    pub fn note(&self, endpoint: &Endpoint, user: &str, password: &SecretString) {
        self.known().insert(account(endpoint, user), password.clone());
    }

    /// Whether a password of this account was refused, and then whether it was this one.
    pub fn same(&self, endpoint: &Endpoint, user: &str, password: &SecretString) -> Option<bool> {
        let known = self.known();
        let refused = known.get(&account(endpoint, user))?;
        Some(refused.expose_secret() == password.expose_secret())
    }

    /// The account was given another password.
    pub fn forget(&self, endpoint: &Endpoint, user: &str) {
        self.known().remove(&account(endpoint, user));
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Account, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn account(endpoint: &Endpoint, user: &str) -> Account {
    (endpoint.host.to_lowercase(), user.to_lowercase())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::Refusals;
    use crate::playbook::Endpoint;

    #[test]
    fn an_account_is_known_by_host_and_name_and_never_shown() {
        let endpoint = |host: &str, port| Endpoint { host: host.to_owned(), port };
        let wrong = SecretString::from("hunter2");
        let refusals = Refusals::default();
        refusals.clone().note(&endpoint("pub.example.com", 8443), "axladmin", &wrong);
        let known = |host, user, password: &str| {
            refusals.same(&endpoint(host, 443), user, &SecretString::from(password))
        };
        assert_eq!(known("PUB.example.com", "AXLadmin", "hunter2"), Some(true));
        assert_eq!(known("pub.example.com", "axladmin", "hunter3"), Some(false));
        assert_eq!(known("sub.example.com", "axladmin", "hunter2"), None);
        assert!(!format!("{refusals:?}").contains("hunter2"));
        refusals.forget(&endpoint("pub.example.com", 8443), "axladmin");
        assert_eq!(known("pub.example.com", "axladmin", "hunter2"), None);
    }
}
