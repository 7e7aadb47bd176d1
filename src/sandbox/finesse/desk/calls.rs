//! Calls of agents: `Dialogs` and what is done to one.

use std::time::Instant;

use serde_json::json;

use super::states::State;
use super::{Act, Desk};
use crate::sandbox::finesse::cluster::Cluster;
use crate::sandbox::finesse::roster;
use crate::sandbox::soap::Node;

/// Ids count from here.
const FIRST: u64 = 16_804_377;

/// What is done to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Take it.
    Answer,
    /// Let it wait.
    Hold,
    /// Go on.
    Retrieve,
    /// End it.
    Drop,
}

impl Action {
    /// As the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "ANSWER",
            Self::Hold => "HOLD",
            Self::Retrieve => "RETRIEVE",
            Self::Drop => "DROP",
        }
    }

    /// The action of that name.
    pub fn named(word: &str) -> Option<Self> {
        let all = [Self::Answer, Self::Hold, Self::Retrieve, Self::Drop];
        all.into_iter().find(|own| own.word() == word)
    }
}

/// How a call stands at one end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leg {
    /// It was made here.
    Initiated,
    /// It rings.
    Alerting,
    /// Somebody talks.
    Active,
    /// It waits.
    Held,
}

impl Leg {
    fn word(self) -> &'static str {
        match self {
            Self::Initiated => "INITIATED",
            Self::Alerting => "ALERTING",
            Self::Active => "ACTIVE",
            Self::Held => "HELD",
        }
    }

    fn actions(self) -> &'static [Action] {
        match self {
            Self::Initiated => &[Action::Drop],
            Self::Alerting => &[Action::Answer],
            Self::Active => &[Action::Hold, Action::Drop],
            Self::Held => &[Action::Retrieve, Action::Drop],
        }
    }
}

/// One call between two addresses.
#[derive(Debug, Clone)]
pub struct Call {
    from: (String, Leg),
    to: (String, Leg),
}

impl Call {
    fn ends(&mut self) -> [&mut (String, Leg); 2] {
        [&mut self.from, &mut self.to]
    }

    fn at(&self, address: &str) -> Option<Leg> {
        [&self.from, &self.to].into_iter().find(|(own, _)| own == address).map(|(_, leg)| *leg)
    }

    fn object(&self, id: u64) -> Node {
        let text = |name: &str, text: &str| Node::leaf(name, text);
        let participant = |(address, leg): &(String, Leg)| {
            let actions = leg.actions().iter().map(|action| text("action", action.word()));
            Node::new("Participant")
                .with(Node::new("actions").with_all(actions))
                .with(text("mediaAddress", address))
                .with(text("mediaAddressType", "AGENT_DEVICE"))
                .with(text("state", leg.word()))
                .with(text("stateCause", ""))
        };
        let ringing = self.to.1 == Leg::Alerting;
        Node::new("Dialog")
            .with(text("associatedDialogUri", ""))
            .with(text("fromAddress", &self.from.0))
            .with(text("id", &id.to_string()))
            .with(Node::new("mediaProperties").with(text("callType", "AGENT_INSIDE")))
            .with(text("mediaType", "Voice"))
            .with(Node::new("participants").with_all([&self.from, &self.to].map(participant)))
            .with(text("state", if ringing { "ALERTING" } else { "ACTIVE" }))
            .with(text("toAddress", &self.to.0))
            .with(text("uri", &format!("/finesse/api/Dialog/{id}")))
    }
}

impl Desk {
    /// A call that there is.
    pub fn call(&self, id: &str) -> Option<(u64, &Call)> {
        let id = id.parse().ok()?;
        self.calls.get(&id).map(|call| (id, call))
    }
}

impl Cluster {
    /// `Dialogs` of the agent on this extension.
    pub fn dialogs(&self, extension: Option<&str>) -> Node {
        let all =
            self.desk.calls.iter().filter(|(_, call)| {
                extension.is_some_and(|extension| call.at(extension).is_some())
            });
        Node::new("Dialogs").with_all(all.map(|(id, call)| call.object(*id)))
    }

    /// One dialog.
    pub fn dialog(&self, id: &str) -> Option<Node> {
        self.desk.call(id).map(|(id, call)| call.object(id))
    }

    /// Whether an address takes part in a call.
    pub fn takes_part(&self, id: &str, address: &str) -> bool {
        self.desk.call(id).is_some_and(|(_, call)| call.at(address).is_some())
    }

    /// A number calls an agent who is signed in on that extension, or an agent calls a number.
    ///
    /// # Errors
    /// A sentence when there is nobody who could take it.
    pub fn ring(&mut self, from: &str, to: &str) -> Result<u64, String> {
        let callee = self.agent_at(to).ok_or_else(|| format!("nobody is signed in on {to}"))?;
        if !self.is_free(&callee) {
            return Err(format!("agent {callee} has a call"));
        }
        Ok(self.connect(from, to))
    }

    fn connect(&mut self, from: &str, to: &str) -> u64 {
        self.desk.last = self.desk.last.max(FIRST) + 1;
        let id = self.desk.last;
        let call =
            Call { from: (from.to_owned(), Leg::Initiated), to: (to.to_owned(), Leg::Alerting) };
        self.desk.calls.insert(id, call);
        if let Some(caller) = self.agent_at(from) {
            self.occupy(&caller, State::Talking);
        }
        if let Some(callee) = self.agent_at(to) {
            self.occupy(&callee, State::Reserved);
        }
        id
    }

    pub(super) fn make_call(&mut self, now: Instant, agent: &str, to: &str) {
        let Some(from) = self.extension_of(agent).filter(|_| self.is_free(agent)) else { return };
        let callee = self.agent_at(to);
        if from == to || callee.as_deref().is_some_and(|callee| !self.is_free(callee)) {
            return;
        }
        let id = self.connect(&from, to);
        self.tell(now, "call", json!({ "agent": agent, "dialog": id }));
        // Somebody outside takes it; a phone without an agent rings on.
        let inside = roster::agents(&self.knobs).iter().any(|own| own.extension == to);
        if !inside {
            self.accept(now, "outside", Act::On(id, to.to_owned(), Action::Answer));
        }
    }

    pub(super) fn act_on_call(&mut self, now: Instant, id: u64, address: &str, action: Action) {
        let Some(call) = self.desk.calls.get_mut(&id) else { return };
        let may = call.at(address).is_some_and(|leg| leg.actions().contains(&action));
        if !may {
            return;
        }
        let addresses = [call.from.0.clone(), call.to.0.clone()];
        for end in call.ends() {
            let own = end.0 == address;
            match action {
                Action::Answer => end.1 = Leg::Active,
                Action::Hold if own => end.1 = Leg::Held,
                Action::Retrieve if own => end.1 = Leg::Active,
                Action::Hold | Action::Retrieve | Action::Drop => {}
            }
        }
        if action == Action::Drop {
            self.desk.calls.remove(&id);
        }
        self.tell(now, "call-action", json!({ "dialog": id, "action": action.word() }));
        for own in addresses {
            let Some(agent) = self.agent_at(&own) else { continue };
            match action.leads_to() {
                None => self.release(&agent),
                Some(state) if own == address || action == Action::Answer => {
                    self.occupy(&agent, state);
                }
                Some(_) => {}
            }
        }
    }
}
