//! Passwords that a server has refused: in one call of ippactl none is tried twice, whichever deployment asks.
//!
//! Several deployments may meet one server with one account at the same moment. Until the password is known to be right,
//! one of them tries it, and the others wait for what comes of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OwnedMutexGuard;

use crate::playbook::Endpoint;

/// Host and account, without regard to case.
type Account = (String, String);

/// What was refused so far, by account and host. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Mutex<BTreeMap<Account, Known>>>);

/// What is known of one account at one host.
#[derive(Debug, Default)]
struct Known {
    refused: Option<SecretString>,
    accepted: Option<SecretString>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// The right to try a password; given back when dropped.
pub type Turn = OwnedMutexGuard<()>;

impl Refusals {
    /// The server refused this password.
    pub fn note(&self, endpoint: &Endpoint, user: &str, password: &SecretString) {
        let mut all = self.all();
        let known = all.entry(account(endpoint, user)).or_default();
        known.refused = Some(password.clone());
        known.accepted = None;
    }

    /// The server took this password.
    pub fn accepted(&self, endpoint: &Endpoint, user: &str, password: &SecretString) {
        self.all().entry(account(endpoint, user)).or_default().accepted = Some(password.clone());
    }

    /// Whether a password of this account was refused, and then whether it was this one.
    pub fn same(&self, endpoint: &Endpoint, user: &str, password: &SecretString) -> Option<bool> {
        let all = self.all();
        let refused = all.get(&account(endpoint, user))?.refused.as_ref()?;
        Some(refused.expose_secret() == password.expose_secret())
    }

    /// The account was given another password.
    pub fn forget(&self, endpoint: &Endpoint, user: &str) {
        if let Some(known) = self.all().get_mut(&account(endpoint, user)) {
            (known.refused, known.accepted) = (None, None);
        }
    }

    /// Waits for the turn to try a password that nobody of this call has seen accepted; `None` where somebody has. Whoever
    /// holds it asks [`Self::same`] before sending, and says what came of it before giving it back.
    pub async fn turn(
        &self,
        endpoint: &Endpoint,
        user: &str,
        password: &SecretString,
    ) -> Option<Turn> {
        let turn = {
            let mut all = self.all();
            let known = all.entry(account(endpoint, user)).or_default();
            if known.works(password) {
                return None;
            }
            Arc::clone(&known.turn)
        };
        let held = turn.lock_owned().await;
        let works = self.all().entry(account(endpoint, user)).or_default().works(password);
        (!works).then_some(held)
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Account, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn works(&self, password: &SecretString) -> bool {
        self.accepted
            .as_ref()
            .is_some_and(|known| known.expose_secret() == password.expose_secret())
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

    #[test]
    fn an_untried_password_is_tried_by_one_at_a_time_until_it_works() {
        let endpoint = Endpoint { host: "pub.example.com".to_owned(), port: 8443 };
        let (right, other) = (SecretString::from("right"), SecretString::from("other"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let refusals = Refusals::default();
            let first = refusals.turn(&endpoint, "axladmin", &right).await;
            assert!(first.is_some());
            let mut second = std::pin::pin!(refusals.turn(&endpoint, "AXLadmin", &right));
            assert!(futures::poll!(second.as_mut()).is_pending());
            assert!(refusals.turn(&endpoint, "another", &right).await.is_some());
            refusals.accepted(&endpoint, "axladmin", &right);
            drop(first);
            assert!(second.await.is_none());
            assert!(refusals.turn(&endpoint, "axladmin", &right).await.is_none());
            assert!(refusals.turn(&endpoint, "axladmin", &other).await.is_some());
        });
    }
}
