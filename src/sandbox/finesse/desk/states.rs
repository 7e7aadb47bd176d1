//! States of agents and how they follow each other.

use std::time::Instant;

use serde_json::json;

use super::calls::Action;
use super::orders::{Order, Wanted};
use crate::sandbox::finesse::cluster::{Cluster, Side};
use crate::sandbox::finesse::node::{Client, SignedIn};
use crate::sandbox::finesse::roster;
use crate::sandbox::finesse::system_info::timestamp;
use crate::sandbox::options::Product;

/// State of an agent who is signed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// Takes no calls.
    #[default]
    NotReady,
    /// Takes calls.
    Ready,
    /// A call rings.
    Reserved,
    /// A call.
    Talking,
    /// A call that waits.
    Hold,
}

impl State {
    /// As the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotReady => "NOT_READY",
            Self::Ready => "READY",
            Self::Reserved => "RESERVED",
            Self::Talking => "TALKING",
            Self::Hold => "HOLD",
        }
    }

    /// The state of that name.
    pub fn named(word: &str) -> Option<Self> {
        let all = [Self::NotReady, Self::Ready, Self::Reserved, Self::Talking, Self::Hold];
        all.into_iter().find(|own| own.word() == word)
    }

    fn in_call(self) -> bool {
        matches!(self, Self::Reserved | Self::Talking | Self::Hold)
    }
}

/// What is known of a signed-in agent.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    /// State.
    pub state: State,
    /// Id of the reason.
    pub reason: Option<String>,
    /// State after the call, with its reason.
    pub pending: Option<(State, Option<String>)>,
    /// When the state changed; empty: nobody saw it.
    pub since: String,
    before: State,
}

impl Seat {
    /// In a state, from now on.
    pub fn new(state: State) -> Self {
        let before = if state.in_call() { State::NotReady } else { state };
        Self { state, reason: None, pending: None, since: timestamp(), before }
    }
}

impl Cluster {
    pub(super) fn change_state(&mut self, now: Instant, side: Side, agent: &str, order: &Order) {
        let seat = self.seat(agent);
        let done = match (&order.wanted, seat) {
            (Wanted::Login { extension }, seat) => {
                self.log_in(side, agent, extension, seat.is_none())
            }
            (_, None) => false,
            (Wanted::Logout, Some(seat)) => self.log_out(now, agent, &seat),
            (Wanted::Ready, Some(seat)) => {
                let uccx = self.product == Product::Uccx;
                self.go(agent, seat, State::Ready, None, !uccx)
            }
            (Wanted::NotReady, Some(seat)) => {
                self.go(agent, seat, State::NotReady, order.reason.clone(), true)
            }
        };
        if done {
            let fields = json!({ "agent": agent, "state": order.wanted.word() });
            self.tell(now, "agent-state", fields);
        }
    }

    fn go(
        &mut self,
        agent: &str,
        mut seat: Seat,
        state: State,
        reason: Option<String>,
        may_wait: bool,
    ) -> bool {
        if !seat.state.in_call() {
            self.sit(agent, Seat { reason, ..Seat::new(state) });
            return true;
        }
        if may_wait {
            seat.pending = Some((state, reason));
            self.sit(agent, seat);
        }
        may_wait
    }

    /// Whoever is signed in already is so here too, and keeps the state.
    fn log_in(&mut self, side: Side, agent: &str, extension: &str, anew: bool) -> bool {
        let known = roster::agents(&self.knobs).iter().any(|own| own.extension == extension);
        let own = |one: &SignedIn| one.id == agent;
        let taken = self.agent_at(extension).is_some_and(|other| other != agent);
        if !known || taken {
            return false;
        }
        let Some(node) = self.nodes.get_mut(side.index()) else { return false };
        if !node.signed_in.iter().any(|one| own(one) && one.client == Client::Thirdparty) {
            node.signed_in.push(SignedIn {
                id: agent.to_owned(),
                client: Client::Thirdparty,
                device: None,
                extension: Some(extension.to_owned()),
            });
            node.told.clear();
        }
        if anew {
            self.sit(agent, Seat::new(State::NotReady));
        }
        true
    }

    fn log_out(&mut self, now: Instant, agent: &str, seat: &Seat) -> bool {
        let uccx = self.product == Product::Uccx;
        let may = seat.state == State::NotReady || seat.state == State::Ready && uccx;
        if may {
            for side in self.sides() {
                self.sign_out(now, *side, |one| one.id == agent, "agent");
            }
            self.desk.seats.remove(agent);
        }
        may
    }

    /// A call changes the state of an agent who is signed in.
    pub(super) fn occupy(&mut self, agent: &str, state: State) {
        let Some(mut seat) = self.seat(agent) else { return };
        if !seat.state.in_call() {
            seat.before = seat.state;
        }
        seat.state = state;
        seat.since = timestamp();
        self.sit(agent, seat);
    }

    /// A call is over.
    pub(super) fn release(&mut self, agent: &str) {
        let Some(seat) = self.seat(agent) else { return };
        let (state, reason) = seat.pending.unwrap_or((seat.before, seat.reason));
        self.sit(agent, Seat { reason, ..Seat::new(state) });
    }

    /// Whether an agent could take or make a call.
    pub(super) fn is_free(&self, agent: &str) -> bool {
        self.seat(agent).is_some_and(|seat| !seat.state.in_call())
    }

    /// The agent who is signed in on an extension.
    pub fn agent_at(&self, extension: &str) -> Option<String> {
        let agents = roster::agents(&self.knobs);
        let on = |one: &&SignedIn| match &one.extension {
            Some(own) => own == extension,
            None => agents.iter().any(|agent| agent.id == one.id && agent.extension == extension),
        };
        self.nodes.iter().flat_map(|node| &node.signed_in).find(on).map(|one| one.id.clone())
    }

    /// The extension that an agent is signed in on.
    pub fn extension_of(&self, agent: &str) -> Option<String> {
        let one = self.nodes.iter().flat_map(|node| &node.signed_in).find(|one| one.id == agent)?;
        let usual = || roster::find(&self.knobs, agent).map(|agent| agent.extension);
        one.extension.clone().or_else(usual)
    }
}

impl Action {
    /// The state of an agent after it.
    pub(super) fn leads_to(self) -> Option<State> {
        match self {
            Self::Answer | Self::Retrieve => Some(State::Talking),
            Self::Hold => Some(State::Hold),
            Self::Drop => None,
        }
    }
}
