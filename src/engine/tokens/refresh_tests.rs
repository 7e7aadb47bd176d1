//! Refreshes by several at once, and refreshes that cannot be kept.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use super::{Current, Held, Kept, Refreshing, TokenStore};
use crate::clients::http::{Http, HttpSettings};
use crate::clients::refusals::Refusals;
use crate::clients::sso::{Allowed, Granted, SsoError, SsoSettings};
use crate::clients::stop::Stop;
use crate::clients::tls::{ConnectMap, Trust};
use crate::outcome::Outcome;
use crate::playbook::{Endpoint, RefreshForm};
use crate::trouble::Trouble;

/// A store in memory.
#[derive(Default)]
struct Memory {
    kept: Mutex<Option<Kept>>,
    full: bool,
    taken: bool,
}

impl TokenStore for Memory {
    fn load(&self, _: &str) -> Result<Option<Kept>, Trouble> {
        Ok(self.kept.lock().unwrap().clone())
    }

    fn all(&self) -> Result<Vec<Kept>, Trouble> {
        Ok(self.kept.lock().unwrap().clone().into_iter().collect())
    }

    fn keep(&self, kept: &Kept) -> Result<(), Trouble> {
        if self.full {
            return Err(Trouble::new("file-unwritable", Outcome::Failed, "full").because("no room"));
        }
        *self.kept.lock().unwrap() = Some(kept.clone());
        Ok(())
    }

    fn forget(&self, _: &str) -> Result<bool, Trouble> {
        Ok(self.kept.lock().unwrap().take().is_some())
    }

    fn hold(&self, _: &str) -> Result<Option<Held>, Trouble> {
        Ok((!self.taken).then(|| tempfile::tempfile().unwrap()))
    }
}

fn granted(access: &str) -> Granted {
    Granted {
        access: access.into(),
        refresh: Some("r".into()),
        expires_in: 300,
        refresh_expires_in: None,
        user_id: None,
    }
}

/// Tokens received so many seconds ago.
fn kept(access: &str, ago: i64) -> Kept {
    let received = Timestamp::from_second(Timestamp::now().as_second() - ago).unwrap();
    Kept::new("1001", granted(access), received)
}

fn settings() -> SsoSettings {
    let trust = Trust::new(&[], BTreeMap::new(), false).unwrap();
    let timeout = Duration::from_secs(1);
    SsoSettings {
        finesse: Endpoint { host: "fin-a.example.com".to_owned(), port: 8445 },
        allowed: Allowed::default(),
        http: Http::new(HttpSettings { trust, connect_map: ConnectMap::new(), timeout }),
        refusals: Refusals::default(),
        stop: Stop::default(),
    }
}

async fn settled(
    store: &Memory,
    loaded: &Kept,
    ask: impl AsyncFnOnce() -> Result<Granted, SsoError>,
) -> Result<Current, Trouble> {
    let settings = settings();
    let form = RefreshForm::Post;
    let refreshing = Refreshing { store, settings: &settings, form, playbook: "site.yaml" };
    refreshing.settled(loaded, async |_: &Kept, _: &secrecy::SecretString| ask().await).await
}

fn access(current: &Current) -> &str {
    current.kept.access.expose_secret()
}

#[tokio::test]
async fn what_somebody_else_has_refreshed_is_used_and_not_refreshed_again() {
    let store = Memory { kept: Mutex::new(Some(kept("theirs", 1))), ..Memory::default() };
    let ask = async || -> Result<Granted, SsoError> { panic!("asked, and there is a fresh one") };
    let current = settled(&store, &kept("old", 250), ask).await.unwrap();
    assert_eq!((access(&current), current.refreshed), ("theirs", false));
}

#[tokio::test]
async fn a_dead_refresh_is_looked_at_again_once() {
    let old = kept("old", 250);
    let store = Memory { kept: Mutex::new(Some(old.clone())), ..Memory::default() };
    let ahead = async || {
        store.keep(&kept("theirs", 0)).unwrap();
        Err(SsoError::Dead("HTTP 401".to_owned()))
    };
    let current = settled(&store, &old, ahead).await.unwrap();
    assert_eq!((access(&current), current.refreshed), ("theirs", false));
    store.keep(&old).unwrap();
    let dead = async || Err(SsoError::Dead("HTTP 401".to_owned()));
    assert_eq!(settled(&store, &old, dead).await.unwrap_err().code, "sso-refresh-dead");
}

#[tokio::test]
async fn a_token_that_cannot_be_kept_is_used_all_the_same() {
    let old = kept("old", 250);
    let store = Memory { kept: Mutex::new(Some(old.clone())), full: true, ..Memory::default() };
    let current = settled(&store, &old, async || Ok(granted("new"))).await.unwrap();
    assert_eq!((access(&current), current.refreshed), ("new", true));
    assert!(current.note.as_ref().unwrap().contains("no room"), "{:?}", current.note);
    // The next one begins with it, and not with the dead one that is kept.
    let next = current.kept.clone();
    assert_eq!(access(&settled(&store, &next, async || Ok(granted("n2"))).await.unwrap()), "n2");
}

#[tokio::test]
async fn a_lock_that_somebody_holds_is_waited_for() {
    let old = kept("old", 250);
    let store = Memory { kept: Mutex::new(Some(old.clone())), taken: true, ..Memory::default() };
    let ask = async || Ok(granted("new"));
    let waiting = tokio::time::timeout(Duration::from_millis(200), settled(&store, &old, ask));
    assert!(waiting.await.is_err(), "went on without the lock");
}

#[test]
fn what_lives_on_without_a_refresh_says_what_helps() {
    let dead = super::dead("site.yaml", "1001", "HTTP 401");
    let note = super::left_over(&dead, 60);
    let command = "sign in again: ippactl sso login site.yaml --agent 1001";
    assert!(note.contains("ends in 60 s") && note.ends_with(command), "{note}");
    // What may pass by itself wants nothing.
    let unable = Trouble::new("sso-unable", Outcome::Incomplete, "w").because("y").then("later");
    assert_eq!(super::left_over(&unable, 60), "w: y; what there is ends in 60 s");
}
