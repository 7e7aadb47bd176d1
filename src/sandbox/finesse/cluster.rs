//! The pair of nodes and what passes between them: saves, replication, restarts.
//!
//! Source: facts/finesse.md sections 6.2, 16. Time is looked at, never waited for: [`Cluster::advance`] does all
//! that has come due. Two choices where documents are silent, each the worse case: Tomcat reads the settings when
//! its restart begins, and replication shows incomplete after a restart as well as after a save.

use std::time::{Duration, Instant};

use serde_json::json;

use super::desk::Desk;
use super::knobs::{Knobs, UccxSecondary};
use super::node::{Credentials, End, Node, Order, Step};
use super::roster::Person;
use crate::sandbox::events::News;
use crate::sandbox::from::nodes::Form;
use crate::sandbox::options::{FinesseOptions, Product};

/// Which node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// First.
    Primary,
    /// Second.
    Secondary,
}

impl Side {
    /// Its place in [`Cluster::nodes`].
    pub fn index(self) -> usize {
        match self {
            Self::Primary => 0,
            Self::Secondary => 1,
        }
    }
}

/// Both nodes.
#[derive(Debug)]
pub struct Cluster {
    /// Product.
    pub product: Product,
    /// Release.
    pub release: (u32, u32),
    /// Release as it was given.
    pub release_text: String,
    /// Path of the IP Phone Agent Settings object, as it was started.
    settings_path: String,
    /// Primary, then secondary.
    pub nodes: Vec<Node>,
    /// Switches.
    pub knobs: Knobs,
    /// What agents do.
    pub desk: Desk,
    /// What happened and is not in the log yet.
    pub news: Vec<News>,
    /// It came from a capture.
    pub loaded: bool,
    /// The form of the settings at the site that was captured.
    pub form: Option<Form>,
    /// What a node holds has changed since it was kept.
    pub unkept: bool,
    row: Option<(Instant, Credentials)>,
    busy_until: Option<Instant>,
}

impl Cluster {
    /// A cluster in service, holding nothing yet.
    pub fn new(options: &FinesseOptions) -> Self {
        let hosts = std::iter::once(&options.primary).chain(&options.secondary);
        let nodes = hosts.map(Node::new).collect();
        let person = |(id, password): (&String, &String)| {
            (id.clone(), Person { password: Some(password.clone()), ..Person::default() })
        };
        let knobs = Knobs {
            extra_agents: options.extra_agents,
            agents: options.agent_passwords.iter().map(person).collect(),
            times: options.times,
            unobservable_settings: options.unobservable_settings,
            ..Knobs::default()
        };
        Self {
            product: options.product,
            release: release(&options.release),
            release_text: options.release.clone(),
            settings_path: options.settings_path.clone(),
            nodes,
            knobs,
            desk: Desk::default(),
            news: Vec::new(),
            loaded: false,
            form: None,
            unkept: false,
            row: None,
            busy_until: None,
        }
    }

    /// Path of the IP Phone Agent Settings object.
    pub fn settings_path(&self) -> &str {
        self.knobs.settings_path.as_deref().unwrap_or(&self.settings_path)
    }

    /// Whether a node says that it is in service. The secondary of UCCX may not, while its engine is the slave.
    pub fn in_service(&self, side: Side) -> bool {
        let slave = side == Side::Secondary
            && self.product == Product::Uccx
            && self.knobs.uccx_secondary == UccxSecondary::OutOfService;
        !slave && self.nodes[side.index()].in_service()
    }

    /// A node, where there is one.
    pub fn node(&self, side: Side) -> Option<&Node> {
        self.nodes.get(side.index())
    }

    /// The sides that exist.
    pub fn sides(&self) -> &'static [Side] {
        if self.nodes.len() > 1 { &[Side::Primary, Side::Secondary] } else { &[Side::Primary] }
    }

    /// Adds news.
    pub fn tell(&mut self, at: Instant, kind: &'static str, fields: serde_json::Value) {
        self.news.push(News { at, kind, fields });
    }

    /// Whether replication shows incomplete.
    pub fn replicating(&self) -> bool {
        self.busy_until.is_some()
    }

    /// Does everything that has come due, in order.
    pub fn advance(&mut self, now: Instant) {
        self.advance_desk(now);
        loop {
            let node = (0..self.nodes.len()).filter_map(|at| Some((self.nodes[at].next()?, at)));
            let node = node.min_by_key(|(due, _)| *due);
            let row = self.row.as_ref().map(|(due, _)| *due);
            let earliest =
                [node.map(|(due, _)| due), row, self.busy_until].into_iter().flatten().min();
            let Some(due) = earliest.filter(|due| *due <= now) else { return };
            if row == Some(due) {
                self.arrive(due);
            } else if self.busy_until == Some(due) {
                self.busy_until = None;
                self.tell(due, "replication-complete", json!({}));
            } else if let Some((_, at)) = node {
                self.step(at);
            }
        }
    }

    fn arrive(&mut self, due: Instant) {
        let Some((_, credentials)) = self.row.take() else { return };
        let Some(node) = self.nodes.get_mut(1) else { return };
        let fields = json!({ "node": node.host, "user": credentials.user });
        node.stored = credentials;
        self.unkept = true;
        self.settings_changed(1);
        self.tell(due, "settings-replicated", fields);
    }

    fn step(&mut self, at: usize) {
        let Some((due, step)) = self.nodes[at].advance() else { return };
        self.unkept = true;
        let node = &self.nodes[at];
        let fields = json!({ "node": node.host, "running_user": node.running.user });
        let kind = match (step, node.order()) {
            (Step::Started, Order::Restart) => "tomcat-restart-done",
            (Step::Started, _) => "tomcat-started",
            (Step::Stopped, _) => "tomcat-stopped",
            (Step::Failed, _) => "tomcat-failed",
            (Step::InService, _) => "in-service",
            (Step::Starting | Step::Answering, _) => return,
        };
        self.tell(due, kind, fields);
    }

    /// Saves the settings on the primary, as the console does.
    pub fn save(&mut self, now: Instant, credentials: Credentials) {
        let changed = self.nodes[0].stored != credentials;
        let fields =
            json!({ "node": self.nodes[0].host, "user": credentials.user, "changed": changed });
        self.nodes[0].stored = credentials.clone();
        self.settings_changed(0);
        self.unkept = true;
        self.tell(now, "settings-saved", fields);
        if self.nodes.len() > 1 {
            let times = self.knobs.times;
            let complete = now + Duration::from_millis(times.replication_ms);
            self.row = Some((complete + Duration::from_millis(times.row_lag_ms), credentials));
            self.busy_until = self.busy_until.max(Some(complete));
        }
    }

    /// What was captured of a node's settings is no longer so.
    fn settings_changed(&mut self, at: usize) {
        let read_back = self.form.as_ref().map(|form| form.path.as_str());
        let path = &self.settings_path;
        self.nodes[at].told.retain(|own, _| own != path && Some(own.as_str()) != read_back);
    }

    /// Restarts, stops or starts a node's Tomcat; its agents are signed out.
    pub fn order(&mut self, now: Instant, side: Side, order: Order) {
        let times = self.knobs.times;
        let end = if order == Order::Restart && self.knobs.failing_restarts > 0 {
            self.knobs.failing_restarts -= 1;
            End::Failed
        } else {
            self.knobs.restarts_end
        };
        let durations = (
            Duration::from_millis(times.tomcat_started_ms),
            Duration::from_millis(times.in_service_ms),
        );
        let Some(node) = self.nodes.get_mut(side.index()) else { return };
        node.begin(order, now, durations, end);
        let host = node.host.clone();
        let kind = match order {
            Order::Restart => "tomcat-restart-begun",
            Order::Stop => "tomcat-stop-begun",
            Order::Start => "tomcat-start-begun",
        };
        self.tell(now, kind, json!({ "node": host }));
        self.sign_out(now, side, |_| true, "tomcat");
        if order == Order::Restart && self.nodes.len() > 1 {
            let until = now + Duration::from_millis(times.replication_ms);
            self.busy_until = self.busy_until.max(Some(until));
        }
    }

    /// Signs agents of a node out.
    pub fn sign_out(
        &mut self,
        now: Instant,
        side: Side,
        whom: impl Fn(&super::node::SignedIn) -> bool,
        why: &str,
    ) {
        let Some(node) = self.nodes.get_mut(side.index()) else { return };
        let (gone, stay): (Vec<_>, Vec<_>) = node.signed_in.drain(..).partition(|one| whom(one));
        node.signed_in = stay;
        if gone.is_empty() {
            return;
        }
        node.told.retain(|path, _| !path.ends_with("/ConnectedUsersInfo"));
        let agents: Vec<&str> = gone.iter().map(|one| one.id.as_str()).collect();
        let fields = json!({ "node": node.host, "agents": agents, "because": why });
        self.tell(now, "sign-outs", fields);
    }
}

/// Major and minor release of `12.5(1)SU3`.
pub fn release(text: &str) -> (u32, u32) {
    let mut numbers = text
        .split(|letter: char| !letter.is_ascii_digit())
        .map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
