//! The control port: plain HTTP with JSON, for tests, demos and the simulated administrator.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use rusqlite::types::ValueRef;
use serde::Deserialize;
use serde_json::{Value, json};

use super::axl::Fault;
use super::faults::Planned;
use super::ledger::Ledger;
use super::settings::Settings;
use super::site::Site;
use super::{dump, operator};

type Shared = State<Arc<Site>>;

/// All routes.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/dump", get(whole))
        .route("/requests", get(requests))
        .route("/requests/reset", post(reset))
        .route("/sql", post(sql))
        .route("/faults", post(plan_fault).delete(clear_faults))
        .route("/settings", get(settings).post(change_settings))
        .route("/expire-sessions", post(expire))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/operator/subscription", post(subscription))
        .route("/operator/unsubscribe", post(unsubscribe))
        .route("/operator/parameter", post(parameter))
        .with_state(site)
}

/// A refusal: 422 with the reason.
struct Refusal(String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": self.0 }))).into_response()
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(fault.text)
    }
}

type Reply = Result<Json<Value>, Refusal>;

fn done() -> Json<Value> {
    Json(json!({ "done": true }))
}

async fn whole(State(site): Shared, Query(query): Query<BTreeMap<String, String>>) -> Reply {
    let without: Vec<&str> =
        query.get("without").map_or_else(Vec::new, |list| list.split(',').collect());
    Ok(Json(dump::dump(&site.database(), &without)?))
}

async fn requests(State(site): Shared) -> Reply {
    serde_json::to_value(&site.front().ledger).map(Json).map_err(|error| Refusal(error.to_string()))
}

async fn reset(State(site): Shared) -> Reply {
    site.front().ledger = Ledger::default();
    Ok(done())
}

#[derive(Deserialize)]
struct Statement {
    sql: String,
}

/// Any SQL at all, also several statements: "somebody changed it by hand".
async fn sql(State(site): Shared, Json(order): Json<Statement>) -> Reply {
    let db = site.database();
    let is_query =
        order.sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
    if !is_query {
        db.execute_batch(&order.sql)?;
        return Ok(Json(json!({ "rowsUpdated": db.changes() })));
    }
    let mut statement = db.prepare(&order.sql)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let rows = statement
        .query_map([], |row| {
            let mut object = serde_json::Map::new();
            for (index, name) in names.iter().enumerate() {
                let value = match row.get_ref(index)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => json!(number),
                    ValueRef::Real(number) => json!(number),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        json!(String::from_utf8_lossy(bytes))
                    }
                };
                object.insert(name.clone(), value);
            }
            Ok(Value::Object(object))
        })?
        .collect::<rusqlite::Result<Vec<Value>>>()?;
    Ok(Json(json!({ "rows": rows })))
}

async fn plan_fault(State(site): Shared, Json(planned): Json<Planned>) -> Reply {
    site.front().faults.plan(planned).map_err(Refusal)?;
    Ok(done())
}

async fn clear_faults(State(site): Shared) -> Reply {
    site.front().faults.clear();
    Ok(done())
}

async fn settings(State(site): Shared) -> Reply {
    serde_json::to_value(&site.front().settings)
        .map(Json)
        .map_err(|error| Refusal(error.to_string()))
}

/// Changes the settings named and leaves the others.
async fn change_settings(State(site): Shared, Json(changes): Json<Value>) -> Reply {
    let mut front = site.front();
    let trouble = |error: serde_json::Error| Refusal(error.to_string());
    let mut whole = serde_json::to_value(&front.settings).map_err(trouble)?;
    let (Some(own), Value::Object(changes)) = (whole.as_object_mut(), changes) else {
        return Err(Refusal("an object is expected".to_owned()));
    };
    own.extend(changes);
    front.settings = serde_json::from_value::<Settings>(whole.clone()).map_err(trouble)?;
    Ok(Json(whole))
}

async fn expire(State(site): Shared) -> Reply {
    site.front().sessions.expire();
    Ok(done())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    device: String,
    #[serde(default)]
    user: String,
}

/// Somebody logs in by Extension Mobility: from now on the device refuses changes.
async fn login(State(site): Shared, Json(login): Json<Login>) -> Reply {
    let changed = site.database().execute(
        "insert or replace into sandbox_login (fkdevice, userid) select pkid, ?2 from device where name = ?1",
        [&login.device, &login.user],
    )?;
    if changed == 0 {
        return Err(Refusal(format!("device {} not found", login.device)));
    }
    Ok(done())
}

async fn logout(State(site): Shared, Json(login): Json<Login>) -> Reply {
    site.database().execute(
        "delete from sandbox_login where fkdevice in (select pkid from device where name = ?1)",
        [&login.device],
    )?;
    Ok(done())
}

/// Runs one act of the administrator in a transaction.
fn act(site: &Site, act: impl FnOnce(&rusqlite::Connection) -> Result<(), Fault>) -> Reply {
    let db = site.database();
    let transaction = db.unchecked_transaction()?;
    act(&transaction)?;
    transaction.commit()?;
    Ok(done())
}

async fn subscription(State(site): Shared, Json(order): Json<operator::Subscription>) -> Reply {
    act(&site, |db| operator::subscribe(db, &order))
}

async fn unsubscribe(State(site): Shared, Json(order): Json<operator::Unsubscription>) -> Reply {
    act(&site, |db| operator::unsubscribe(db, &order))
}

async fn parameter(State(site): Shared, Json(order): Json<operator::Parameter>) -> Reply {
    act(&site, |db| operator::parameter(db, &order))
}
