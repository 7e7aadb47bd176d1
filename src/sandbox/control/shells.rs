//! Control of the platform shells: switches per node.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, Reply, Shared};
use crate::sandbox::patch::changed;

/// Switches by host, and accounts locked now.
pub(super) async fn state(State(site): Shared) -> Reply {
    let front = site.front();
    let nodes =
        serde_json::to_value(front.shells.all()).map_err(|error| Refusal(error.to_string()))?;
    Ok(Json(json!({ "nodes": nodes, "locked": front.shells.locked() })))
}

/// A change of switches; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// A host; none: every shell.
    node: Option<String>,
    /// Some of the switches.
    knobs: Value,
}

pub(super) async fn change(State(site): Shared, Json(change): Json<Change>) -> Reply {
    {
        let mut front = site.front();
        let hosts: Vec<String> = front.shells.all().keys().cloned().collect();
        let wanted: Vec<String> =
            hosts.into_iter().filter(|h| change.node.as_ref().is_none_or(|n| n == h)).collect();
        if wanted.is_empty() {
            return Err(Refusal("there is no such shell".to_owned()));
        }
        for host in wanted {
            let own = changed(&front.shells.knobs(&host), change.knobs.clone()).map_err(Refusal)?;
            front.shells.set(&host, own);
        }
    }
    state(State(site)).await
}
