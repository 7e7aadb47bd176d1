//! The control port: plain HTTP with JSON, for tests, demos and the simulated administrator.
//!
//! | route | body | what it does |
//! |---|---|---|
//! | `GET /dump?without=a/b,c` | | the canonical dump; `finesse` and `running_phones` are sections of it |
//! | `GET /requests`, `POST /requests/reset` | | counters of AXL (`notifications` too), `RisPort`, Finesse (`finesse`), single sign-on (`sso`) and shells (`ssh`) |
//! | `GET`, `POST /pace` | some of [`super::pace::Pace`] | how fast AXL is, and how many change notifications it bears |
//! | `GET /events?after=N` | | `{"events": [{"number", "ms", "kind", …}], "last": N}`, oldest first |
//! | `POST /sql` | `{"sql"}` | any SQL, as if somebody had changed it by hand |
//! | `POST`, `DELETE /faults` | [`Planned`] | disturbs AXL requests |
//! | `GET`, `POST /settings` | some of [`super::settings::Settings`] | switches of CUCM, phones and `RisPort` |
//! | `GET`, `POST /questions` | `{"axl-21.4": "keeps", …}` | open questions about real servers ([`super::questions`]), and which answers are played |
//! | `POST /expire-sessions` | | forgets AXL sessions |
//! | `POST /login`, `/logout` | `{"device", "user"}` | Extension Mobility |
//! | `GET`, `POST /finesse` | `{"node", "maintenance", "cti_maintenance", "out_of_service", "heartbeat", "signed_in", "states", "call", "locked", "tomcat", "knobs"}` | state of nodes; switches ([`super::finesse::knobs::Knobs`]) |
//! | `POST`, `DELETE /finesse/faults` | [`super::finesse::faults::Planned`] | disturbs requests to Finesse |
//! | `GET`, `POST /sso` | `{"act": "end-access|end-refresh|end-all|forget-sessions", "agent"}` | tokens and sign-ins that end at once |
//! | `GET`, `POST /ssh` | `{"node", "knobs"}` | switches of shells ([`super::platform::knobs::Knobs`]) |
//! | `POST /phones` | `{"phone", "busy", "registered", "status", "httpd", "cti_controllable", "load", "node", "authentication_url", …}` | calls, registration, what `RisPort` says; the phone's own URLs |
//! | `GET`, `POST /certificates` | [`super::platform::exchange::Act`] | every node's certificate and stores; `{"act": "renew|import|forget", …}` |
//! | `POST /cucm` | `{"node", "service", "state", "reboot"}` | a service of a CUCM node: `started`, `stopped`, `not-activated`; a reboot |
//! | `POST /ris/reset` | | forgets the minute's requests |
//! | `POST /operator/subscription`, `/unsubscribe`, `/parameter` | see [`operator`] | the administrator at CUCM's console |
//! | `POST /operator/vendor-config` | `{"scope": "phone|common-phone-profile|enterprise", "name", "element", "value"}` | sets one element; value null clears it |
//! | `POST /operator/self-care-server` | `{"value"}` | sets the enterprise parameter |
//! | `POST /operator/finesse-settings` | `{"user", "password"}` | saves IP Phone Agent Settings on the primary's console |

mod acts;
mod cucm;
mod finesse;
mod pace;
mod phones;
mod questions;
mod shells;
mod sso;

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
use super::site::Site;
use super::{dump, follow, operator};

type Shared = State<Arc<Site>>;

/// All routes.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/dump", get(whole))
        .route("/requests", get(pace::requests))
        .route("/requests/reset", post(pace::reset))
        .route("/sql", post(sql))
        .route("/faults", post(plan_fault).delete(clear_faults))
        .route("/settings", get(settings).post(change_settings))
        .route("/pace", get(pace::show).post(pace::change))
        .route("/questions", get(questions::list).post(questions::answer))
        .route("/expire-sessions", post(expire))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/operator/subscription", post(subscription))
        .route("/operator/unsubscribe", post(unsubscribe))
        .route("/operator/parameter", post(parameter))
        .route("/operator/vendor-config", post(acts::vendor_config))
        .route("/operator/self-care-server", post(acts::self_care_server))
        .route("/operator/finesse-settings", post(acts::finesse_settings))
        .route("/events", get(events))
        .route("/finesse", get(finesse::state).post(finesse::change))
        .route("/finesse/faults", post(finesse::plan_fault).delete(finesse::clear_faults))
        .route("/sso", get(sso::state).post(sso::change))
        .route("/ssh", get(shells::state).post(shells::change))
        .route("/phones", post(phones::change))
        .route("/certificates", get(cucm::certificates).post(cucm::change_certificates))
        .route("/cucm", post(cucm::change))
        .route("/ris/reset", post(phones::forget_rate))
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
    let nodes = site.finesse(|cluster, _| finesse::nodes(cluster));
    let https_only = site.front().settings.https_only_value.clone();
    Ok(Json(dump::dump(&site.database(), (nodes, &https_only), &without)?))
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

async fn change_settings(State(site): Shared, Json(changes): Json<Value>) -> Reply {
    follow::change(&site, changes).map_err(Refusal)?;
    settings(State(site)).await
}

async fn events(State(site): Shared, Query(query): Query<BTreeMap<String, String>>) -> Reply {
    // What has come due goes into the log first.
    site.finesse(|_, _| ());
    let after = query.get("after").and_then(|text| text.parse().ok()).unwrap_or(0);
    let log = site.log();
    let events = log.after(after);
    let last = events.last().map_or(after, |event| event.number);
    Ok(Json(json!({ "events": events, "last": last })))
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
    let settings = site.front().settings.clone();
    act(&site, |db| operator::subscribe(db, &settings, &order))
}

async fn unsubscribe(State(site): Shared, Json(order): Json<operator::Unsubscription>) -> Reply {
    act(&site, |db| operator::unsubscribe(db, &order))
}

async fn parameter(State(site): Shared, Json(order): Json<operator::Parameter>) -> Reply {
    act(&site, |db| operator::parameter(db, &order))
}
