//! A schedule of disturbances from a seed: what happens at which request. The same seed gives the same schedule.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::lab::ask;
use crate::proxy::{Asked, Decide, Fate, How, When};
use crate::random::Random;

const PUBLISHER: &str = "cucm-pub.example.com:8443";

/// One disturbance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// So many requests in a row are answered with 503.
    Busy(u64),
    /// The connection is reset.
    Reset(When),
    /// The answer comes late.
    Late(Duration),
    /// The answer's body is cut off.
    Torn,
    /// AXL forgets its sessions.
    Expire,
    /// The publisher's web server restarts: no connection for the first time, 503 for the second, no sessions after.
    RestartPublisher(Duration, Duration),
    /// Tomcat of a Finesse node restarts.
    RestartFinesse(&'static str),
}

/// A schedule, and how far it has come.
#[derive(Debug, Clone)]
pub(crate) struct Storm {
    /// Request numbers and what happens there, in order.
    pub(crate) acts: Vec<(u64, Act)>,
    control: String,
    busy: u64,
    down_until: Option<Instant>,
    unavailable_until: Option<Instant>,
}

impl Storm {
    /// The schedule of a seed, for a run of about so many requests against the cluster with this control port.
    pub(crate) fn new(seed: u64, requests: u64, control: &str) -> Self {
        let mut random = Random::new(seed);
        let many = random.between(6, 12);
        let mut acts: Vec<(u64, Act)> =
            (0..many).map(|_| (random.between(1, requests), act(&mut random))).collect();
        acts.sort_by_key(|(at, _)| *at);
        let control = control.to_owned();
        Self { acts, control, busy: 0, down_until: None, unavailable_until: None }
    }

    fn tell(&self, path: &str, body: &serde_json::Value) {
        ask(&self.control, "POST", path, body);
    }
}

fn act(random: &mut Random) -> Act {
    let ms = |random: &mut Random, low, high| Duration::from_millis(random.between(low, high));
    match random.between(0, 9) {
        0 | 1 => Act::Busy(random.between(1, 12)),
        2 => Act::Reset(When::Before),
        3 | 4 => Act::Reset(When::After),
        5 => Act::Late(ms(random, 100, 1500)),
        6 => Act::Torn,
        7 => Act::Expire,
        8 => Act::RestartPublisher(ms(random, 100, 500), ms(random, 200, 1500)),
        _ if random.between(0, 1) == 0 => Act::RestartFinesse("primary"),
        _ => Act::RestartFinesse("secondary"),
    }
}

fn ahead(time: Option<Instant>) -> bool {
    time.is_some_and(|time| Instant::now() < time)
}

impl Decide for Storm {
    fn decide(&mut self, all: u64, _mutating: u64, asked: &Asked) -> Fate {
        let mut fate = Fate::Pass;
        while let Some((_, act)) = self.acts.first().copied().filter(|(at, _)| *at <= all) {
            self.acts.remove(0);
            match act {
                Act::Busy(many) => self.busy = many,
                Act::Reset(when) => fate = Fate::Cut(when, How::Reset),
                Act::Late(time) => fate = Fate::Late(time),
                Act::Torn => fate = Fate::Torn,
                Act::Expire => self.tell("/expire-sessions", &json!(null)),
                Act::RestartPublisher(down, unavailable) => {
                    self.tell("/expire-sessions", &json!(null));
                    self.down_until = Some(Instant::now() + down);
                    self.unavailable_until = Some(Instant::now() + down + unavailable);
                }
                Act::RestartFinesse(node) => {
                    self.tell("/finesse", &json!({ "node": node, "tomcat": "restart" }));
                }
            }
        }
        if self.refuses(&asked.endpoint) {
            return Fate::Cut(When::Before, How::Reset);
        }
        if asked.endpoint == PUBLISHER && ahead(self.unavailable_until) {
            return Fate::Refuse(503);
        }
        if self.busy > 0 && fate == Fate::Pass {
            self.busy -= 1;
            return Fate::Refuse(503);
        }
        fate
    }

    fn refuses(&self, endpoint: &str) -> bool {
        endpoint == PUBLISHER && ahead(self.down_until)
    }
}

#[test]
fn a_seed_gives_the_same_schedule_and_another_seed_another() {
    let acts = |seed| Storm::new(seed, 1000, "").acts;
    assert_eq!(acts(7), acts(7));
    assert_ne!(acts(7), acts(8));
    let kinds: std::collections::BTreeSet<String> = (1..=50)
        .flat_map(acts)
        .map(|(_, act)| format!("{act:?}").split('(').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
}
