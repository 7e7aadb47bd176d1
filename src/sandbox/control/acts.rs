//! What the simulated administrator does at the consoles of Finesse and CUCM, beside phone services.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, Reply, Shared, act, done};
use crate::sandbox::finesse::ippa_settings;
use crate::sandbox::operator;

/// IP Phone Agent Settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    user: String,
    password: String,
}

/// Fills the form on the primary's console and saves it.
pub(super) async fn finesse_settings(State(site): Shared, Json(order): Json<Settings>) -> Reply {
    let credentials = ippa_settings::checked(&order.user, &order.password)
        .map_err(|field| Refusal(format!("the console refuses this {field}")))?;
    let saved = site.finesse(|cluster, now| {
        let works = cluster.nodes[0].in_service() && !cluster.nodes[0].is_dead();
        if works {
            cluster.save(now, credentials);
        }
        works
    });
    if saved {
        Ok(done())
    } else {
        Err(Refusal("the primary's console does not answer".to_owned()))
    }
}

/// One element of product-specific configuration.
pub(super) async fn vendor_config(
    State(site): Shared,
    Json(order): Json<operator::Element>,
) -> Reply {
    let reply = act(&site, |db| operator::vendor_config(db, &order))?;
    let fields = json!({ "act": "vendor-config", "name": order.name, "element": order.element, "value": order.value });
    site.tell("administrator", fields);
    Ok(reply)
}

/// The enterprise parameter of the Self Care portal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    value: String,
}

pub(super) async fn self_care_server(State(site): Shared, Json(order): Json<Server>) -> Reply {
    let settings = site.front().settings.clone();
    let reply = act(&site, |db| {
        let stored = operator::self_care_value(db, &settings, &order.value)?;
        operator::enterprise_parameter(db, &settings.self_care_parameter, &stored)
    })?;
    site.tell("administrator", json!({ "act": "self-care-server", "value": order.value }));
    Ok(reply)
}
