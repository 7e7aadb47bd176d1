//! One request to a Finesse node: who asks, whether the node can answer, and which object it is about.

use std::time::{Duration, Instant};

use axum::http::HeaderMap;

use super::admission::{Caller, Group, Rule};
use super::answer::{ApiError, Reply};
use super::cluster::{Cluster, Side};
use super::desk::orders;
use super::faults::Disturbance;
use super::node::Credentials;
use super::object::{self, Configuration, Object, Part};
use super::reasons::{self, Scope};
use super::{connected_users, ippa_settings, roster, servlet, system_info, users};
use crate::sandbox::from::nodes;
use crate::sandbox::ledger::{FinesseEntry, Ledger};
use crate::sandbox::options::Product;
use crate::sandbox::site::{Front, Site};
use crate::sandbox::sso::desktop;
use crate::sandbox::sso::record::Asked;

/// A request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The node it came to.
    pub side: Side,
    /// Method.
    pub method: &'a str,
    /// Path without the query.
    pub path: &'a str,
    /// Query; may hold a password.
    pub query: &'a str,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: &'a [u8],
}

/// Answers one request and counts it. Queries are never recorded.
pub fn answer(site: &Site, call: &Call<'_>) -> Reply {
    let host = site.finesse(|cluster, _| {
        cluster.node(call.side).map(|node| node.host.clone()).unwrap_or_default()
    });
    let planned = site.front().finesse_faults.take(&host, call.method, call.path);
    let injected = planned.is_some();
    let (mut user, mut reply) = (String::new(), Reply::default());
    match planned {
        Some(Disturbance::Instead(instead)) => reply = instead,
        Some(Disturbance::Crafted(crafted)) => {
            if crafted.performed {
                (user, _) = judge(site, call, &host);
            }
            reply = Reply { status: crafted.status, crafted: Some(crafted), ..reply };
        }
        Some(Disturbance::Late(wait)) => {
            (user, reply) = judge(site, call, &host);
            reply.wait = wait;
        }
        Some(Disturbance::Unanswered) => {
            (user, _) = judge(site, call, &host);
        }
        None => (user, reply) = judge(site, call, &host),
    }
    let mut front = site.front();
    front.ledger.finesse.cookies += u64::from(call.headers.contains_key("cookie"));
    let node = host.clone();
    front.ledger.finesse.enter(FinesseEntry {
        node: host,
        method: call.method.to_owned(),
        path: call.path.to_owned(),
        user,
        status: reply.status,
        injected,
        scheme: scheme(call.headers),
    });
    if call.path.starts_with(desktop::PREFIX) {
        let asked = Asked {
            host: &node,
            method: call.method,
            path: call.path,
            query: call.query,
            headers: call.headers,
            body: call.body,
        };
        front.ledger.sso.enter(asked.entry(desktop::shape(call), reply.status));
    }
    reply
}

/// How credentials were given: `Basic`, `Bearer`, or not at all.
fn scheme(headers: &HeaderMap) -> String {
    let header = headers.get("authorization").and_then(|header| header.to_str().ok());
    let scheme = header.unwrap_or_default().split(' ').next().unwrap_or_default();
    scheme.chars().take(10).collect()
}

const NOT_FOUND: ApiError<'static> =
    ApiError { status: 404, kind: "Not Found", message: "HTTP Not Found", data: "" };
const NO_METHOD: Reply = Reply {
    status: 405,
    media: "",
    body: String::new(),
    location: None,
    challenge: None,
    cookies: Vec::new(),
    wait: Duration::ZERO,
    crafted: None,
};

fn judge(site: &Site, call: &Call<'_>, host: &str) -> (String, Reply) {
    if let Some(rest) = call.path.strip_prefix("/fippa/") {
        return (String::new(), phone(site, call, rest));
    }
    if call.path.starts_with(desktop::PREFIX)
        && let Some(reply) = desktop::answer(site, call)
    {
        return (String::new(), reply);
    }
    let (dead, object, order, locks) = site.finesse(|cluster, _| {
        let knobs = &cluster.knobs;
        let rule = Rule {
            after: knobs.lock_after,
            lasts: Duration::from_millis(knobs.lock_ms),
            knobs: knobs.clone(),
        };
        let dead = cluster.nodes[call.side.index()].is_dead();
        let object = if cluster.form.as_ref().is_some_and(|form| form.path == call.path) {
            Object::Configuration(Configuration::Settings)
        } else {
            object::at(call.path, cluster.settings_path(), knobs.optional_objects)
        };
        (dead, object, knobs.error_order, rule)
    });
    if dead {
        return (String::new(), Reply::bad_gateway());
    }
    let group = match object {
        Object::SystemInfo | Object::ConnectedUsers | Object::Maintenance => Group::Serviceability,
        Object::User(..) | Object::Dialog(_) => Group::Desktop,
        Object::UserAuthMode(_)
        | Object::DesktopConfig
        | Object::Configuration(_)
        | Object::Unknown => Group::Configuration,
    };
    let caller = {
        let mut front = site.front();
        let administrators = &site.options.finesse.administrators;
        let Front { finesse_locks, sso, .. } = &mut *front;
        let with = (call.headers, &sso.tokens);
        let caller = finesse_locks.admit(with, (host, group), administrators, &locks);
        match &caller {
            Caller::Wrong(user) => {
                Ledger::count(&mut front.ledger.finesse.unauthorized, &format!("{user}@{host}"));
            }
            Caller::Administrator(user) | Caller::Agent(user) => {
                Ledger::count(&mut front.ledger.finesse.admitted, &format!("{user}@{host}"));
            }
            Caller::Ended => Ledger::count(&mut front.ledger.finesse.unauthorized, "token"),
            Caller::Nobody => {}
        }
        caller
    };
    let user = match &caller {
        Caller::Administrator(user) | Caller::Agent(user) | Caller::Wrong(user) => user.clone(),
        Caller::Nobody | Caller::Ended => String::new(),
    };
    let answered = site.finesse(|cluster, now| open(cluster, call, (object, &caller), now));
    let mut reply = answered.unwrap_or_else(|error| error.reply(order));
    if caller == Caller::Ended && reply.challenge.is_some() {
        reply.challenge = Some("Bearer realm=\"Cisco Finesse\"");
    }
    (user, reply)
}

/// What needs no administrator, then the rest.
fn open(
    cluster: &mut Cluster,
    call: &Call<'_>,
    (object, caller): (Object<'_>, &Caller),
    now: Instant,
) -> Result<Reply, ApiError<'static>> {
    let unauthorized = |kind| ApiError { status: 401, kind, message: "UNAUTHORIZED", data: "" };
    if matches!(caller, Caller::Wrong(_)) {
        return Err(unauthorized("Authentication Failure"));
    }
    if matches!(caller, Caller::Ended) {
        return Err(unauthorized("Authorization Failure"));
    }
    let known = !matches!(caller, Caller::Nobody);
    if object == Object::SystemInfo {
        if cluster.knobs.system_info_credentials && !known {
            return Err(unauthorized("Unauthorized"));
        }
        if let Some(reply) = told(cluster, call) {
            return Ok(reply);
        }
        let info = system_info::answered(cluster, call.side, now, call.query);
        return Ok(read(call, Reply::xml(&info)));
    }
    if object == Object::DesktopConfig {
        return Ok(read(call, system_info::desktop_config(cluster, call.side)));
    }
    if let Some(reply) = told(cluster, call).filter(|_| matches!(caller, Caller::Administrator(_)))
    {
        return Ok(reply);
    }
    let users = object == Object::ConnectedUsers;
    if !cluster.in_service(call.side) {
        let kind = if users { "Internal Server Error" } else { "SERVER_OUT_OF_SERVICE" };
        return Err(ApiError { status: 503, kind, message: "Service Unavailable", data: "" });
    }
    if let Object::UserAuthMode(name) = object {
        if !cluster.knobs.user_auth_mode {
            return Err(forbidden());
        }
        let agent = roster::find(&cluster.knobs, name).ok_or(NOT_FOUND)?;
        let mode = roster::mode(&cluster.knobs, &agent).ok_or_else(forbidden)?;
        return Ok(read(call, Reply::xml(&users::auth_mode(mode))));
    }
    if !known {
        return Err(unauthorized("Unauthorized"));
    }
    // Agents and reasons of a captured site are not invented.
    let settings = matches!(object, Object::Configuration(Configuration::Settings));
    if cluster.loaded && !users && !settings {
        return Err(NOT_FOUND);
    }
    if let Object::User(part, name) = object {
        return of_user(cluster, call, (part, now), (name, caller));
    }
    if let Object::Dialog(id) = object {
        return orders::dialog(cluster, call, (id, caller), now);
    }
    if !matches!(caller, Caller::Administrator(_)) {
        return Err(if users { forbidden() } else { unauthorized("Authorization Failure") });
    }
    if users && connected_users::exists(cluster) {
        return Ok(read(call, Reply::xml(&connected_users::object(cluster, call.side))));
    }
    if object == Object::Maintenance {
        return Ok(read(call, Reply::xml(&system_info::maintenance(cluster, call.side))));
    }
    let Object::Configuration(wanted) = object else { return Err(NOT_FOUND) };
    if refused_here(cluster, call) {
        return Err(forbidden());
    }
    configuration(cluster, call, wanted, now)
}

fn forbidden() -> ApiError<'static> {
    ApiError { status: 403, kind: "Forbidden", message: "HTTP Forbidden", data: "" }
}

/// What was captured of this object, where it is still so.
fn told(cluster: &Cluster, call: &Call<'_>) -> Option<Reply> {
    let told = cluster.nodes[call.side.index()].told.get(call.path);
    told.filter(|_| call.method == "GET").map(nodes::reply)
}

/// The reply to a GET, or 405.
fn read(call: &Call<'_>, reply: Reply) -> Reply {
    if call.method == "GET" { reply } else { NO_METHOD }
}

fn of_user(
    cluster: &mut Cluster,
    call: &Call<'_>,
    (part, now): (Part, Instant),
    (name, caller): (&str, &Caller),
) -> Result<Reply, ApiError<'static>> {
    let found = roster::find(&cluster.knobs, name);
    let agent = found.ok_or(ApiError { kind: "User Not Found", ..NOT_FOUND })?;
    let acts = part == Part::Dialogs || part == Part::Whole && call.method != "GET";
    if acts && orders::by_login_name(cluster, &agent, name) {
        return Err(ApiError { kind: "User Not Found", ..NOT_FOUND });
    }
    match (part, call.method) {
        (Part::Whole, "PUT") => return orders::state(cluster, call, (&agent, caller), now),
        (Part::Dialogs, "POST") => return orders::make(cluster, call, (&agent, caller), now),
        _ => {}
    }
    // An administrator sees agents, and not their calls.
    if part == Part::Dialogs || matches!(caller, Caller::Agent(_)) {
        let supervisor = orders::supervises(cluster, caller, &agent)?;
        if supervisor && !matches!(part, Part::Whole | Part::Dialogs) {
            return Err(orders::another_user());
        }
    }
    let (codes, scope) = (&cluster.knobs, Scope::Agent(agent.team));
    let node = match part {
        Part::Whole => users::user(cluster, &agent),
        Part::Reasons => {
            reasons::codes(codes, reasons::categories(call.query).ok_or(no_category())?, scope)
        }
        Part::WrapUps => reasons::wrap_ups(codes, scope),
        Part::Dialogs => cluster.dialogs(cluster.extension_of(&agent.id).as_deref()),
    };
    Ok(read(call, Reply::xml(&node)))
}

fn no_category() -> ApiError<'static> {
    let (kind, message) = ("Parameter Missing", "HTTP Bad Request");
    ApiError { status: 400, kind, message, data: "category" }
}

/// Whether the secondary refuses configuration: UCCE all, UCCX writes.
fn refused_here(cluster: &Cluster, call: &Call<'_>) -> bool {
    let reads = call.method == "GET" && cluster.product == Product::Uccx;
    call.side == Side::Secondary && !reads
}

fn configuration(
    cluster: &mut Cluster,
    call: &Call<'_>,
    wanted: Configuration<'_>,
    now: Instant,
) -> Result<Reply, ApiError<'static>> {
    let codes = &cluster.knobs;
    let team = |id: &str| {
        let number = id.parse::<u32>().unwrap_or(0);
        let known = roster::teams(codes).contains_key(&number);
        known.then_some(Scope::Team(number)).ok_or(NOT_FOUND)
    };
    let asked = || reasons::categories(call.query).ok_or(no_category());
    let node = match wanted {
        Configuration::Users => users::users(cluster),
        Configuration::Teams => users::teams(codes),
        Configuration::Reasons => reasons::codes(codes, asked()?, Scope::Global),
        Configuration::WrapUps => reasons::wrap_ups(codes, Scope::Global),
        Configuration::TeamReasons(id) => reasons::codes(codes, asked()?, team(id)?),
        Configuration::TeamWrapUps(id) => reasons::wrap_ups(codes, team(id)?),
        Configuration::Settings => return settings(cluster, call, now),
    };
    Ok(read(call, Reply::xml(&node)))
}

fn settings(
    cluster: &mut Cluster,
    call: &Call<'_>,
    now: Instant,
) -> Result<Reply, ApiError<'static>> {
    match call.method {
        "GET" if cluster.knobs.unobservable_settings => Ok(NO_METHOD),
        "GET" => {
            let stored = &cluster.nodes[call.side.index()].stored;
            Ok(Reply::xml(&match &cluster.form {
                Some(form) => form.object(&stored.user),
                None => ippa_settings::object(
                    cluster.settings_path(),
                    stored,
                    cluster.knobs.settings_shows,
                ),
            }))
        }
        "PUT" => {
            let kind = call.headers.get("content-type").and_then(|kind| kind.to_str().ok());
            if !kind.unwrap_or_default().to_ascii_lowercase().starts_with("application/xml") {
                return Ok(Reply { status: 415, ..NO_METHOD });
            }
            let sent = cluster.form.as_ref().and_then(|form| form.read(call.body));
            let credentials = match sent {
                Some((user, password)) => Credentials::of(&user, &password),
                None => ippa_settings::parsed(call.body)?,
            };
            cluster.save(now, credentials);
            Ok(Reply::accepted())
        }
        _ => Ok(NO_METHOD),
    }
}

fn phone(site: &Site, call: &Call<'_>, rest: &str) -> Reply {
    let (device, logout) = match rest.split_once('/') {
        None => (rest, false),
        Some((device, "logout")) => (device, true),
        Some(_) => return Reply::html(404, "404 Not Found"),
    };
    let known = site
        .database()
        .query_row("select exists (select 1 from device where name = ?1)", [device], |row| {
            row.get(0)
        })
        .unwrap_or(false);
    site.finesse(|cluster, _| {
        let node = &cluster.nodes[call.side.index()];
        if node.is_dead() {
            return Reply::bad_gateway();
        }
        if !cluster.in_service(call.side) {
            return Reply::html(503, "503 Service Unavailable");
        }
        if call.method != "GET" {
            return NO_METHOD;
        }
        servlet::answer(cluster, call.side, (device, known), logout, call.query)
    })
}
