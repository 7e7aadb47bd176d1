//! Control of AXL's pace, and what it counted.

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Refusal, Reply, Shared, done};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::patch::changed;

pub(super) async fn show(State(site): Shared) -> Reply {
    serde_json::to_value(&site.front().pace).map(Json).map_err(|error| Refusal(error.to_string()))
}

/// Changes what is named; the answer is that of the GET.
pub(super) async fn change(State(site): Shared, Json(changes): Json<Value>) -> Reply {
    let pace = changed(&site.front().pace, changes).map_err(Refusal)?;
    site.set_pace(pace);
    show(State(site)).await
}

/// All counters, and the change notifications as they stand.
pub(super) async fn requests(State(site): Shared) -> Reply {
    let mut front = site.front();
    let drain = front.pace.drain;
    let standing = front.notifications.standing(Instant::now(), drain);
    let counted = serde_json::to_value(&front.ledger);
    let mut all = counted.map_err(|error| Refusal(error.to_string()))?;
    all["notifications"] = json!(standing);
    Ok(Json(all))
}

/// Counts anew. Notifications that wait go on waiting.
pub(super) async fn reset(State(site): Shared) -> Reply {
    let mut front = site.front();
    front.ledger = Ledger::default();
    front.notifications.reset();
    Ok(done())
}
