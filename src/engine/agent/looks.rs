//! Looks after a write: again and again until it is so or the time is over. A look that fails in a way that may pass
//! is a look, and a token that comes due meanwhile is renewed, once.

use std::time::Duration;

use jiff::Timestamp;

use crate::clients::finesse::{AgentClient, FinesseError};
use crate::clients::stop::Stop;
use crate::engine::tokens::{Kept, Refreshing, Stage};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

use super::{Desk, Ended};

/// How often it is looked whether something has come into effect, and how long.
pub(super) const EVERY: Duration = Duration::from_secs(1);
const LOOKS: usize = 15;

/// What a token is renewed with.
#[derive(Debug)]
pub struct Renewal<'a> {
    /// The way to newer tokens.
    pub refreshing: Refreshing<'a>,
    /// The token in use.
    pub kept: Kept,
}

/// A look that told nothing.
#[derive(Debug)]
pub(super) enum Missed {
    /// The next may tell.
    Passing(Trouble),
    /// No other tells.
    Final(Trouble),
}

/// What was seen last, and how it ended. `lost` is what became of the write's answer.
///
/// # Errors
/// A look whose failure does not pass, and the end that was asked for. When nothing was seen of a write whose answer
/// was lost, the loss; when the last look failed, that nobody knows.
pub(super) async fn until<T>(
    stop: &Stop,
    every: Duration,
    lost: Option<Trouble>,
    mut look: impl AsyncFnMut() -> Result<T, Missed>,
    ended: impl Fn(&T) -> Option<Ended>,
) -> Result<(T, Ended), Trouble> {
    let mut left = LOOKS;
    loop {
        if !stop.sleep(every).await {
            stop.check()?;
        }
        left -= 1;
        match look().await {
            Ok(seen) => {
                if let Some(ended) = ended(&seen) {
                    return Ok((seen, ended));
                }
                if left == 0 {
                    return lost.map_or(Ok((seen, Ended::NotEffective)), Err);
                }
            }
            Err(Missed::Passing(trouble)) if left == 0 => {
                return Err(lost.unwrap_or_else(|| unseen(trouble)));
            }
            Err(Missed::Passing(_)) => {}
            Err(Missed::Final(trouble)) => return Err(trouble),
        }
    }
}

/// Accepted, but how it ended cannot be seen.
fn unseen(trouble: Trouble) -> Trouble {
    let why = format!("Finesse has accepted what was asked for, then: {}", trouble.why);
    Trouble { outcome: Outcome::Incomplete, ..trouble }
        .because(why)
        .then("ippactl agent state and ippactl agent dialogs show what came of it")
}

/// Whoever looks, with the token that is good at that moment.
pub(super) struct Looker<'d> {
    desk: &'d Desk<'d>,
    newer: Option<AgentClient>,
    tried: bool,
}

impl<'d> Looker<'d> {
    pub(super) fn new(desk: &'d Desk<'d>) -> Self {
        Self { desk, newer: None, tried: false }
    }

    /// One look. When the token comes due, and when Finesse refuses it, the kept one is taken in its place.
    pub(super) async fn look<T>(
        &mut self,
        ask: impl AsyncFn(&AgentClient) -> Result<T, FinesseError>,
    ) -> Result<T, Missed> {
        let due = |renewal: &Renewal<'_>| renewal.kept.life.stage(Timestamp::now()) != Stage::Fresh;
        if self.desk.renewal.as_ref().is_some_and(due) {
            self.renew().await;
        }
        let mut answer = ask(self.client()).await;
        if matches!(answer, Err(FinesseError::Denied { .. })) && self.renew().await {
            answer = ask(self.client()).await;
        }
        answer.map_err(|error| {
            let trouble = self.desk.trouble(&error);
            if error.may_pass() { Missed::Passing(trouble) } else { Missed::Final(trouble) }
        })
    }

    fn client(&self) -> &AgentClient {
        self.newer.as_ref().unwrap_or(&self.desk.client)
    }

    /// Takes the kept token, refreshed where that is due; whether it is another one. Tried once.
    async fn renew(&mut self) -> bool {
        let Some(renewal) = self.desk.renewal.as_ref().filter(|_| !self.tried) else {
            return false;
        };
        self.tried = true;
        // Without a newer one the old is used until Finesse refuses it.
        let Ok(current) = renewal.refreshing.current(&renewal.kept.agent).await else {
            return false;
        };
        self.newer = self.desk.client.with_token(&current.kept.access);
        self.newer.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::super::{Desk, Ended};
    use super::{LOOKS, Looker, Missed, Renewal, until};
    use crate::clients::finesse::{AgentClient, AgentCredential, FinesseError};
    use crate::clients::http::{Http, HttpSettings};
    use crate::clients::refusals::Refusals;
    use crate::clients::sso::{Allowed, Life, SsoSettings};
    use crate::clients::stop::Stop;
    use crate::clients::tls::Trust;
    use crate::engine::tokens::{Held, Kept, Refreshing, TokenStore};
    use crate::outcome::Outcome;
    use crate::playbook::{Endpoint, RefreshForm};
    use crate::trouble::Trouble;

    fn out() -> FinesseError {
        FinesseError::OutOfService { what: "User", text: String::new() }
    }

    fn denied() -> FinesseError {
        FinesseError::Denied { what: "User", text: String::new() }
    }

    fn passing() -> Missed {
        Missed::Passing(out().trouble("fin-a.example.com"))
    }

    /// Looks at these answers in turn; how it ended, and how many looks it took.
    async fn looked(
        lost: Option<Trouble>,
        answer: impl Fn(usize) -> Result<&'static str, Missed>,
    ) -> (Result<(&'static str, Ended), Trouble>, usize) {
        let count = Cell::new(0);
        let look = async || {
            count.set(count.get() + 1);
            answer(count.get())
        };
        let there = |seen: &&str| (*seen == "READY").then_some(Ended::Reached);
        (until(&Stop::default(), Duration::ZERO, lost, look, there).await, count.get())
    }

    #[tokio::test]
    async fn a_look_that_fails_for_a_while_is_a_look() {
        let (ended, count) = looked(None, |count| match count {
            1 | 3 => Err(passing()),
            2 => Ok("NOT_READY"),
            _ => Ok("READY"),
        })
        .await;
        assert_eq!((ended.unwrap(), count), (("READY", Ended::Reached), 4));
        let (never, count) = looked(None, |_| Ok("NOT_READY")).await;
        assert_eq!((never.unwrap(), count), (("NOT_READY", Ended::NotEffective), LOOKS));
    }

    #[tokio::test]
    async fn what_is_not_seen_to_the_end_is_not_known() {
        let (blind, count) =
            looked(None, |count| if count == 1 { Ok("NOT_READY") } else { Err(passing()) }).await;
        let blind = blind.unwrap_err();
        assert_eq!((blind.outcome, count), (Outcome::Incomplete, LOOKS));
        assert!(blind.why.contains("accepted") && blind.next.contains("agent state"), "{blind:?}");
        let gone = Trouble::new("agent-not-known", Outcome::Failed, "gone");
        let (ended, count) = looked(None, |_| Err(Missed::Final(gone.clone()))).await;
        assert_eq!((ended.unwrap_err().code, count), ("agent-not-known", 1));
        let lost = Trouble::new("finesse-answer-lost", Outcome::Incomplete, "lost");
        let (ended, _) = looked(Some(lost.clone()), |_| Ok("NOT_READY")).await;
        assert_eq!(ended.unwrap_err(), lost);
        let (ended, _) = looked(Some(lost.clone()), |_| Err(passing())).await;
        assert_eq!(ended.unwrap_err(), lost);
        let (seen, _) = looked(Some(lost), |_| Ok("READY")).await;
        assert_eq!(seen.unwrap(), ("READY", Ended::Reached));
    }

    struct Shelf(&'static str);

    fn kept(access: &str, seconds: i64) -> Kept {
        let received = Timestamp::from_second(Timestamp::now().as_second() - seconds).unwrap();
        Kept {
            agent: "1001".to_owned(),
            login_id: None,
            access: access.into(),
            life: Life { received, expires_in: 100 },
            refresh: None,
            refresh_life: None,
        }
    }

    impl TokenStore for Shelf {
        fn load(&self, _: &str) -> Result<Option<Kept>, Trouble> {
            Ok(Some(kept(self.0, 0)))
        }

        fn all(&self) -> Result<Vec<Kept>, Trouble> {
            Ok(Vec::new())
        }

        fn keep(&self, _: &Kept) -> Result<(), Trouble> {
            Ok(())
        }

        fn forget(&self, _: &str) -> Result<bool, Trouble> {
            Ok(false)
        }

        fn hold(&self, _: &str) -> Result<Option<Held>, Trouble> {
            Ok(Some(tempfile::tempfile().unwrap()))
        }
    }

    /// The answers to looks with a token this old, while `shelf` is kept: whether the last was good, and with which
    /// clients was asked (`false` for the first one).
    async fn asked(shelf: &'static str, age: i64, answers: &[bool]) -> (Vec<bool>, Vec<bool>) {
        let endpoint = Endpoint { host: "fin-a.example.com".to_owned(), port: 8445 };
        let http = Http::new(HttpSettings {
            trust: Trust::new(&[], BTreeMap::new(), false).unwrap(),
            connect_map: BTreeMap::new(),
            timeout: Duration::from_secs(1),
        });
        let (stop, refusals, shelf) = (Stop::default(), Refusals::default(), Shelf(shelf));
        let settings = SsoSettings {
            finesse: endpoint.clone(),
            allowed: Allowed::default(),
            http: http.clone(),
            refusals: refusals.clone(),
            stop: stop.clone(),
        };
        let old = kept("old", age);
        let bearer = AgentCredential::Bearer(old.access.clone());
        let refreshing = Refreshing {
            store: &shelf,
            settings: &settings,
            form: RefreshForm::default(),
            playbook: "site.yaml",
        };
        let desk = Desk {
            client: AgentClient::new(endpoint, http, bearer, refusals).unwrap(),
            bearer: true,
            renewal: Some(Renewal { refreshing, kept: old }),
            id: "1001".to_owned(),
            playbook: "site.yaml",
            stop: &stop,
            own: None,
            disturb: false,
        };
        let clients = RefCell::new(Vec::new());
        let ask = async |client: &AgentClient| {
            let mut clients = clients.borrow_mut();
            let good = answers[clients.len()];
            clients.push(!std::ptr::eq(client, &raw const desk.client));
            if good { Ok(()) } else { Err(denied()) }
        };
        let mut looker = Looker::new(&desk);
        let mut looks = Vec::new();
        while clients.borrow().len() < answers.len() {
            looks.push(looker.look(&ask).await.is_ok());
        }
        (looks, clients.into_inner())
    }

    #[tokio::test]
    async fn a_refused_token_gives_way_to_the_kept_one_once() {
        let newer = asked("new", 0, &[true, false, true, true]).await;
        assert_eq!(newer, (vec![true, true, true], vec![false, false, true, true]));
        let same = asked("old", 0, &[false]).await;
        assert_eq!(same, (vec![false], vec![false]), "the same token is not sent again");
        let twice = asked("new", 0, &[false, false, false]).await;
        assert_eq!(twice, (vec![false, false], vec![false, true, true]));
    }

    #[tokio::test]
    async fn a_token_that_is_due_gives_way_before_the_look() {
        assert_eq!(asked("new", 80, &[true, true]).await, (vec![true, true], vec![true, true]));
        assert_eq!(asked("new", 10, &[true]).await, (vec![true], vec![false]));
    }
}
