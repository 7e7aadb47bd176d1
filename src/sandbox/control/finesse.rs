//! Control of the Finesse nodes: their state, switches and planned disturbances.

use std::collections::BTreeMap;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, Reply, Shared, done};
use crate::sandbox::finesse::cluster::{Cluster, Side};
use crate::sandbox::finesse::faults::Planned;
use crate::sandbox::finesse::node::{Maintenance, Order, SignedIn};
use crate::sandbox::patch::changed;

/// State of both nodes, and the switches. Passwords are digests.
pub(super) async fn state(State(site): Shared) -> Reply {
    let mut whole = site.finesse(|cluster, _| nodes(cluster));
    let knobs = site.finesse(|cluster, _| serde_json::to_value(&cluster.knobs));
    whole["knobs"] = knobs.map_err(|error| Refusal(error.to_string()))?;
    whole["locked"] = json!(site.front().finesse_locks.locked());
    Ok(Json(whole))
}

/// What the nodes hold and do, for the dump.
pub(super) fn nodes(cluster: &Cluster) -> Value {
    let node = |node: &crate::sandbox::finesse::node::Node| {
        let state = json!({
            "stored": node.stored, "running": node.running, "tomcat": node.tomcat, "web": node.web,
            "in_service": node.in_service(), "heartbeat": node.heartbeat,
            "maintenance": node.maintenance.0, "cti_maintenance": node.cti_maintenance.0,
            "signed_in": node.signed_in,
        });
        (node.host.clone(), state)
    };
    let nodes: serde_json::Map<String, Value> = cluster.nodes.iter().map(node).collect();
    json!({ "nodes": nodes, "replicating": cluster.replicating() })
}

/// A call from outside.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ring {
    from: String,
    to: String,
}

/// A change of some nodes or of the switches; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// `primary`, `secondary` or a host; none: every node.
    node: Option<String>,
    maintenance: Option<Maintenance>,
    cti_maintenance: Option<String>,
    out_of_service: Option<bool>,
    heartbeat: Option<bool>,
    signed_in: Option<Vec<SignedIn>>,
    /// States of agents who are signed in, by id.
    #[serde(default)]
    states: BTreeMap<String, String>,
    /// A number that calls an extension where somebody is signed in.
    call: Option<Ring>,
    /// `restart`, `stop` or `start`, as the shell would.
    tomcat: Option<String>,
    /// Agents that are locked at these nodes; an empty list: nobody.
    locked: Option<Vec<String>>,
    /// Some of the switches.
    knobs: Option<Value>,
}

pub(super) async fn change(State(site): Shared, Json(change): Json<Change>) -> Reply {
    let locked = change.locked.clone();
    let nodes = site.finesse(|cluster, now| apply(cluster, now, change)).map_err(Refusal)?;
    if let Some(users) = locked {
        let lasts = site.finesse(|cluster, _| cluster.knobs.lock_ms);
        for node in nodes {
            site.front().finesse_locks.set(&node, &users, std::time::Duration::from_millis(lasts));
        }
    }
    state(State(site)).await
}

/// Changes the nodes and gives their names.
fn apply(cluster: &mut Cluster, now: Instant, change: Change) -> Result<Vec<String>, String> {
    if let Some(knobs) = change.knobs {
        cluster.knobs = changed(&cluster.knobs, knobs)?;
    }
    let order = match change.tomcat.as_deref() {
        None => None,
        Some("restart") => Some(Order::Restart),
        Some("stop") => Some(Order::Stop),
        Some("start") => Some(Order::Start),
        Some(other) => return Err(format!("'{other}' is not an order for Tomcat")),
    };
    let wanted = |side: Side, host: &str| match change.node.as_deref() {
        None => true,
        Some("primary") => side == Side::Primary,
        Some("secondary") => side == Side::Secondary,
        Some(name) => name == host,
    };
    let sides: Vec<Side> = cluster
        .sides()
        .iter()
        .copied()
        .filter(|side| wanted(*side, &cluster.nodes[side.index()].host))
        .collect();
    if sides.is_empty() {
        return Err("there is no such node".to_owned());
    }
    let hosts = sides.iter().map(|side| cluster.nodes[side.index()].host.clone()).collect();
    for side in sides {
        let node = &mut cluster.nodes[side.index()];
        node.told.clear();
        if let Some(mode) = change.maintenance {
            node.maintenance = (mode, now);
        }
        if let Some(mode) = &change.cti_maintenance {
            node.cti_maintenance = (mode.clone(), now);
        }
        node.forced_out = change.out_of_service.unwrap_or(node.forced_out);
        node.heartbeat = change.heartbeat.unwrap_or(node.heartbeat);
        if let Some(list) = &change.signed_in {
            node.signed_in.clone_from(list);
        }
        if let Some(order) = order {
            cluster.order(now, side, order);
        }
    }
    for (agent, state) in &change.states {
        cluster.set_state(agent, state)?;
    }
    if let Some(call) = &change.call {
        cluster.ring(&call.from, &call.to)?;
    }
    Ok(hosts)
}

pub(super) async fn plan_fault(State(site): Shared, Json(planned): Json<Planned>) -> Reply {
    site.front().finesse_faults.plan(planned).map_err(Refusal)?;
    Ok(done())
}

pub(super) async fn clear_faults(State(site): Shared) -> Reply {
    site.front().finesse_faults.clear();
    Ok(done())
}
