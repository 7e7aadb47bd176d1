//! What a client asks of agents and calls: PUT User, POST Dialogs, PUT Dialog.
//!
//! Source: facts/finesse.md section 9. Only the agent may do most of it; an administrator may do none of it.

use std::time::Instant;

use super::Act;
use super::calls::Action;
use crate::sandbox::finesse::admission::Caller;
use crate::sandbox::finesse::answer::{ApiError, Reply};
use crate::sandbox::finesse::cluster::Cluster;
use crate::sandbox::finesse::reasons::{self, Scope};
use crate::sandbox::finesse::roster::{self, Agent};
use crate::sandbox::finesse::route::Call;
use crate::sandbox::options::Product;
use crate::sandbox::soap::{Node, parse};

/// What an agent is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Sign in.
    Login {
        /// On this extension.
        extension: String,
    },
    /// Take calls.
    Ready,
    /// Take none.
    NotReady,
    /// Sign out.
    Logout,
}

impl Wanted {
    /// As the API spells it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Login { .. } => "LOGIN",
            Self::Ready => "READY",
            Self::NotReady => "NOT_READY",
            Self::Logout => "LOGOUT",
        }
    }
}

/// A change of state that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What.
    pub wanted: Wanted,
    /// Id of the reason.
    pub reason: Option<String>,
}

type Answer = Result<Reply, ApiError<'static>>;

fn bad(kind: &'static str, data: &'static str) -> ApiError<'static> {
    ApiError { status: 400, kind, message: "HTTP Bad Request", data }
}

fn unauthorized(kind: &'static str) -> ApiError<'static> {
    ApiError { status: 401, kind, message: "UNAUTHORIZED", data: "" }
}

/// The caller is not whom the address names.
pub fn another_user() -> ApiError<'static> {
    unauthorized("Invalid Authorization User Specified")
}

/// Whether a caller is the agent, or a supervisor of the agent's team.
///
/// # Errors
/// 401, by who asks.
pub fn supervises(
    cluster: &Cluster,
    caller: &Caller,
    agent: &Agent,
) -> Result<bool, ApiError<'static>> {
    let Caller::Agent(own) = caller else { return Err(another_user()) };
    if *own == agent.id {
        return Ok(false);
    }
    let other = roster::find(&cluster.knobs, own);
    let Some(other) = other.filter(|own| own.roles.iter().any(|role| role == "Supervisor")) else {
        return Err(another_user());
    };
    if other.team == agent.team { Ok(true) } else { Err(unauthorized("Invalid Supervisor")) }
}

/// UCCE takes no login name where something is done.
pub fn by_login_name(cluster: &Cluster, agent: &Agent, name: &str) -> bool {
    cluster.product != Product::Uccx && name != agent.id
}

/// The body as XML, with nothing but these elements in it.
fn body(call: &Call<'_>, root: &str, known: &[&str]) -> Result<Node, ApiError<'static>> {
    let text = std::str::from_utf8(call.body).map_err(|_| bad("Bad Request", "body"))?;
    let node = parse(text).map_err(|_| bad("Bad Request", "body"))?;
    let clean = node.name == root
        && node.children.iter().all(|child| {
            known.contains(&child.name.as_str()) && node.all(&child.name).count() == 1
        });
    if clean { Ok(node) } else { Err(bad("Bad Request", "element")) }
}

fn is_xml(call: &Call<'_>) -> bool {
    let kind = call.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    kind.unwrap_or_default().to_ascii_lowercase().starts_with("application/xml")
}

fn unsupported() -> Reply {
    Reply { status: 415, ..Reply::default() }
}

fn value<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.value(name).map(str::trim).filter(|text| !text.is_empty())
}

/// PUT User.
///
/// # Errors
/// What a server says at once.
pub fn state(
    cluster: &mut Cluster,
    call: &Call<'_>,
    (agent, caller): (&Agent, &Caller),
    now: Instant,
) -> Answer {
    if !is_xml(call) {
        return Ok(unsupported());
    }
    let supervisor = supervises(cluster, caller, agent)?;
    let known =
        ["state", "extension", "reasonCodeId", "logoutAllMedia", "activeDeviceId", "mobileAgent"];
    let node = body(call, "User", &known)?;
    let ucce = cluster.product != Product::Uccx;
    let word = value(&node, "state").ok_or(bad("Parameter Missing", "state"))?;
    let wanted = match word {
        "LOGIN" => {
            Wanted::Login { extension: value(&node, "extension").unwrap_or_default().to_owned() }
        }
        "READY" => Wanted::Ready,
        "NOT_READY" => Wanted::NotReady,
        "LOGOUT" => Wanted::Logout,
        _ => return Err(bad("Invalid Input", "state")),
    };
    let login = matches!(wanted, Wanted::Login { .. });
    if matches!(&wanted, Wanted::Login { extension } if extension.is_empty()) {
        return Err(bad("Parameter Missing", "extension"));
    }
    if login && supervisor {
        return Err(another_user());
    }
    let has = |name: &str| node.child(name).is_some();
    let device = has("activeDeviceId") && !(login && ucce && cluster.release >= (12, 6));
    let mobile = has("mobileAgent") && !(login && ucce);
    let extension = has("extension") && !login;
    let media = has("logoutAllMedia")
        && (wanted != Wanted::Logout
            || !matches!(value(&node, "logoutAllMedia"), Some("true" | "false")));
    for (wrong, name) in [
        (device, "activeDeviceId"),
        (mobile, "mobileAgent"),
        (extension, "extension"),
        (media, "logoutAllMedia"),
    ] {
        if wrong {
            return Err(bad("Invalid Input", name));
        }
    }
    let reason = reason(cluster, &node, (&wanted, agent), supervisor)?;
    cluster.accept(now, word, Act::State(call.side, agent.id.clone(), Order { wanted, reason }));
    Ok(Reply::accepted())
}

/// The reason, by its id, which is not its code.
fn reason(
    cluster: &Cluster,
    node: &Node,
    (wanted, agent): (&Wanted, &Agent),
    supervisor: bool,
) -> Result<Option<String>, ApiError<'static>> {
    let given = value(node, "reasonCodeId");
    let query = match wanted {
        Wanted::NotReady => "category=NOT_READY",
        Wanted::Logout => "category=LOGOUT",
        Wanted::Ready | Wanted::Login { .. } => {
            return given.map_or(Ok(None), |_| Err(bad("Invalid Input", "reasonCodeId")));
        }
    };
    if supervisor && given.is_some() && *wanted == Wanted::NotReady {
        return Err(bad("Invalid Input", "reasonCodeId"));
    }
    let asked = reasons::categories(query).ok_or(bad("Invalid Input", "reasonCodeId"))?;
    let codes = reasons::codes(&cluster.knobs, asked, Scope::Agent(agent.team));
    let own = |code: &&Node| code.value("systemCode") != Some("true");
    let Some(given) = given else {
        let wanted = cluster.knobs.desk.reasons_required && !supervisor;
        let any = codes.children.iter().any(|code| own(&code));
        return if wanted && any {
            Err(bad("Parameter Missing", "reasonCodeId"))
        } else {
            Ok(None)
        };
    };
    let uri = format!("/finesse/api/ReasonCode/{given}");
    let found = codes.children.iter().find(|code| code.value("uri") == Some(&uri)).filter(own);
    found.ok_or(bad("Invalid Input", "reasonCodeId"))?;
    Ok(Some(given.to_owned()))
}

fn is_number(text: &str) -> bool {
    let known = |letter: char| letter.is_ascii_digit() || "+*#".contains(letter);
    !text.is_empty() && text.len() <= 32 && text.chars().all(known)
}

/// POST Dialogs.
///
/// # Errors
/// What a server says at once.
pub fn make(
    cluster: &mut Cluster,
    call: &Call<'_>,
    (agent, caller): (&Agent, &Caller),
    now: Instant,
) -> Answer {
    if !is_xml(call) {
        return Ok(unsupported());
    }
    if supervises(cluster, caller, agent)? {
        return Err(another_user());
    }
    let node = body(call, "Dialog", &["requestedAction", "fromAddress", "toAddress"])?;
    for name in ["requestedAction", "fromAddress", "toAddress"] {
        value(&node, name).ok_or(bad("Parameter Missing", name))?;
    }
    if value(&node, "requestedAction") != Some("MAKE_CALL") {
        return Err(bad("Invalid Input", "requestedAction"));
    }
    let to = value(&node, "toAddress").unwrap_or_default();
    if !is_number(to) {
        return Err(bad("Invalid Input", "toAddress"));
    }
    let own = cluster.extension_of(&agent.id);
    if own.is_some() && own.as_deref() != value(&node, "fromAddress") {
        return Err(bad("Invalid Input", "fromAddress"));
    }
    cluster.accept(now, "MAKE_CALL", Act::Make(agent.id.clone(), to.to_owned()));
    Ok(Reply::accepted())
}

/// GET and PUT Dialog.
///
/// # Errors
/// What a server says at once.
pub fn dialog(
    cluster: &mut Cluster,
    call: &Call<'_>,
    (id, caller): (&str, &Caller),
    now: Instant,
) -> Answer {
    let Caller::Agent(agent) = caller else { return Err(another_user()) };
    let Some((number, _)) = cluster.desk.call(id) else {
        return Err(ApiError {
            status: 404,
            kind: "Not Found",
            message: "HTTP Not Found",
            data: "",
        });
    };
    let extension = cluster.extension_of(agent).unwrap_or_default();
    let part = cluster.takes_part(id, &extension);
    match call.method {
        "GET" if !part => return Err(another_user()),
        "GET" => return Ok(cluster.dialog(id).as_ref().map(Reply::xml).unwrap_or_default()),
        "PUT" => {}
        _ => return Ok(Reply { status: 405, ..Reply::default() }),
    }
    if !is_xml(call) {
        return Ok(unsupported());
    }
    let node = body(call, "Dialog", &["requestedAction", "targetMediaAddress"])?;
    let action =
        value(&node, "requestedAction").ok_or(bad("Parameter Missing", "requestedAction"))?;
    let target =
        value(&node, "targetMediaAddress").ok_or(bad("Parameter Missing", "targetMediaAddress"))?;
    let action = Action::named(action).ok_or(bad("Invalid Input", "requestedAction"))?;
    if !cluster.takes_part(id, target) {
        return Err(bad("Invalid Input", "targetMediaAddress"));
    }
    if target != extension {
        return Err(another_user());
    }
    cluster.accept(now, action.word(), Act::On(number, target.to_owned(), action));
    Ok(Reply::accepted())
}
