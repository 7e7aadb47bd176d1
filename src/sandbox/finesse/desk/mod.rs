//! What agents do: their states and calls, each request accepted first and carried out a little later.
//!
//! Source: facts/finesse.md section 9. What a server would refuse over XMPP has no effect here, and nothing says why.

pub mod calls;
pub mod knobs;
pub mod orders;
pub mod states;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::cluster::{Cluster, Side};
use calls::{Action, Call};
use states::{Seat, State};

/// What will be done.
#[derive(Debug, Clone)]
pub enum Act {
    /// An agent's state.
    State(Side, String, orders::Order),
    /// An agent calls.
    Make(String, String),
    /// Something is done to a call, at an address.
    On(u64, String, Action),
}

/// Seats, calls and what is under way.
#[derive(Debug, Default)]
pub struct Desk {
    seats: BTreeMap<String, Seat>,
    calls: BTreeMap<u64, Call>,
    due: Vec<(Instant, Act)>,
    last: u64,
}

impl Cluster {
    /// Accepts what will be done after a while, unless it is to have no effect.
    pub fn accept(&mut self, now: Instant, word: &str, act: Act) {
        let knobs = &self.knobs.desk;
        if knobs.ineffective.iter().any(|own| own == word || own == "ALL") {
            return;
        }
        let due = now + Duration::from_millis(knobs.delay_ms);
        self.desk.due.push((due, act));
    }

    /// Does everything that agents asked for and that has come due, in order.
    pub(super) fn advance_desk(&mut self, now: Instant) {
        let signed_in: Vec<&str> =
            self.nodes.iter().flat_map(|node| &node.signed_in).map(|one| one.id.as_str()).collect();
        self.desk.seats.retain(|id, _| signed_in.contains(&id.as_str()));
        loop {
            let due = self.desk.due.iter().enumerate().filter(|(_, (due, _))| *due <= now);
            let Some(at) = due.min_by_key(|(_, (due, _))| *due).map(|(at, _)| at) else { return };
            match self.desk.due.remove(at) {
                (due, Act::State(side, agent, order)) => {
                    self.change_state(due, side, &agent, &order);
                }
                (due, Act::Make(agent, to)) => self.make_call(due, &agent, &to),
                (due, Act::On(call, address, action)) => {
                    self.act_on_call(due, call, &address, action);
                }
            }
        }
    }

    /// Whether an agent is signed in anywhere.
    pub fn signed_in(&self, agent: &str) -> bool {
        self.nodes.iter().any(|node| node.signed_in.iter().any(|one| one.id == agent))
    }

    /// The agent's seat: what it is in, how and since when; none: signed out.
    pub fn seat(&self, agent: &str) -> Option<Seat> {
        let seat = || self.desk.seats.get(agent).cloned().unwrap_or_default();
        self.signed_in(agent).then(seat)
    }

    /// Puts a signed-in agent into a state, as somebody at the desktop would.
    ///
    /// # Errors
    /// A sentence when the agent is not signed in, or there is no such state.
    pub fn set_state(&mut self, agent: &str, word: &str) -> Result<(), String> {
        let state = State::named(word).ok_or_else(|| format!("no state '{word}'"))?;
        if !self.signed_in(agent) {
            return Err(format!("agent {agent} is not signed in"));
        }
        self.sit(agent, Seat::new(state));
        Ok(())
    }

    fn sit(&mut self, agent: &str, seat: Seat) {
        self.desk.seats.insert(agent.to_owned(), seat);
    }
}
