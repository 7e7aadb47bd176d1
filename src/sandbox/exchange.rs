//! One AXL request from headers and bytes to status and text.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use serde_json::json;

use super::Role;
use super::axl::{Desk, Fault, Returned, perform};
use super::crafted::Crafted;
use super::faults::Disturbance;
use super::finesse::node::SignedIn;
use super::ledger::{Entry, Fate, Ledger};
use super::schema::{check, operations};
use super::session::Admission;
use super::settings::AxlService;
use super::site::Site;
use super::soap::{self, Node};
use super::versions;

const NAMESPACE: &str = "http://www.cisco.com/AXL/API/";

/// What goes back.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one exchange")]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
    /// Session cookie to set.
    pub cookie: Option<String>,
    /// Close the connection without an answer.
    pub close: bool,
    /// Wait first.
    pub wait: Duration,
    /// How long a worker is busy with it.
    pub takes: Duration,
    /// Sent in place of status and body.
    pub crafted: Option<Box<Crafted>>,
    operation: String,
    object: String,
    /// The same for the same operation on the same object.
    key: u64,
    version: String,
    writes: bool,
    performed: bool,
    throttled: bool,
    injected: bool,
}

impl Answer {
    fn status(mut self, status: u16, body: impl Into<String>) -> Self {
        self.status = status;
        self.body = body.into();
        self
    }

    fn crafted(mut self, crafted: Box<Crafted>) -> Self {
        self.status = crafted.status;
        self.body.clone_from(&crafted.text);
        self.crafted = Some(crafted);
        self
    }

    fn fault(self, fault: &Fault, rule_code: i64) -> Self {
        let code = fault.code.unwrap_or(rule_code);
        let body = soap::fault(&self.operation, fault.client, code, &fault.text);
        self.status(500, body)
    }
}

/// Answers one request to `/axl/`, counts it and records it.
pub fn answer(site: &Site, headers: &HeaderMap, body: &[u8]) -> Answer {
    let mut answer = judge(site, headers, body);
    let mut front = site.front();
    let front = &mut *front;
    if answer.performed || matches!(answer.status, 200 | 500) {
        answer.takes = front.pace.of(answer.writes);
    }
    if answer.performed {
        let pace = &front.pace;
        front.notifications.add(Instant::now(), pace.notifications, pace.drain);
    }
    let entry = Entry {
        operation: answer.operation.clone(),
        object: answer.object.clone(),
        writes: answer.writes,
        status: if answer.close { 0 } else { answer.status },
        injected: answer.injected,
    };
    if let Some(recorder) = &mut front.recorder {
        let facts = json!({
            "operation": answer.operation, "version": answer.version,
            "status": entry.status, "injected": answer.injected,
        });
        // A full disk must not change what the client sees; the missing file shows it.
        drop(recorder.write(body, &answer.body, &facts));
    }
    let fate = match (answer.performed, answer.throttled) {
        (true, _) => Fate::Performed(answer.key),
        (false, true) => Fate::Throttled,
        (false, false) => Fate::Other,
    };
    front.ledger.enter(entry, fate);
    answer
}

fn judge(site: &Site, headers: &HeaderMap, body: &[u8]) -> Answer {
    let mut answer = Answer::default();
    let service = site.front().settings.axl_service;
    match service {
        AxlService::On => {}
        AxlService::NotFound => return answer.status(404, ""),
        AxlService::Unavailable => return answer.status(503, ""),
        AxlService::Closed => return Answer { close: true, ..answer },
    }
    let admission = {
        let mut front = site.front();
        let idle = Duration::from_secs(front.settings.session_seconds);
        let admission = front.sessions.admit(&site.options.accounts, headers, idle);
        match &admission {
            Admission::Wrong(user) => Ledger::count(&mut front.ledger.unauthorized, user),
            Admission::Admitted { user, cookie: Some(_), .. } => {
                Ledger::count(&mut front.ledger.sign_ins, user);
            }
            Admission::Admitted { .. } | Admission::Expired => {}
        }
        admission
    };
    let (user, role) = match admission {
        Admission::Wrong(_) => return answer.status(401, ""),
        Admission::Expired => return answer.status(404, ""),
        Admission::Admitted { user, role, cookie } => {
            answer.cookie = cookie;
            (user, role)
        }
    };
    if role == Role::NoAxl {
        return answer.status(403, "");
    }
    let request = match parsed(headers, body) {
        Ok(request) => request,
        Err(fault) => return answer.fault(&fault, -1),
    };
    request.name.clone_into(&mut answer.operation);
    let subject = subject(&request).unwrap_or_default();
    answer.object = subject.chars().take(400).collect();
    answer.key = key(&request, subject, body);
    match version(site, headers, &request) {
        Ok(version) => answer.version = version,
        Err(Refused::Unsupported) => {
            // The record says what was asked for, also where it is refused.
            let asked = request.space.strip_prefix(NAMESPACE).unwrap_or_default();
            asked.clone_into(&mut answer.version);
            let body = format!(
                "Incorrect axl version. Supported axl versions: [{}]",
                site.versions.join(",")
            );
            return answer.status(599, body);
        }
        Err(Refused::Fault(fault)) => return answer.fault(&fault, -1),
    }
    let Some(operation) = operations::find(&request.name) else {
        let text = format!("element '{}' is not an operation", request.name);
        return answer.fault(&Fault::schema(&text), -1);
    };
    answer.writes = operation.writes;
    if operation.writes && role == Role::ReadOnly {
        Ledger::count(&mut site.front().ledger.unauthorized, &user);
        return answer.status(401, "");
    }
    if operation.writes {
        let mut front = site.front();
        let (limit, drain) = (front.pace.notifications, front.pace.drain);
        if front.notifications.refuse(Instant::now(), limit, drain) {
            answer.throttled = true;
            return answer.status(503, "");
        }
    }
    let planned = site.front().faults.take(&request.name, operation.writes);
    let (mut drop_after, mut instead) = (false, None);
    if let Some((disturbance, wait)) = planned {
        answer.injected = true;
        answer.wait = wait;
        match disturbance {
            Disturbance::DropBefore => {
                answer.close = true;
                return answer;
            }
            Disturbance::Fault(code, text) => return answer.fault(&Fault::server(code, text), -1),
            Disturbance::Status(status, text) => return answer.status(status, text),
            Disturbance::Answer(crafted) if crafted.performed => instead = Some(crafted),
            Disturbance::Answer(crafted) => return answer.crafted(crafted),
            Disturbance::DropAfter => drop_after = true,
            Disturbance::Slow => {}
        }
    }
    let asked = versions::parts(&answer.version);
    if let Err(text) = check::check(&request, operation.parts, asked) {
        return answer.fault(&Fault::schema(&text), -1);
    }
    let mut answer = run(site, answer, &request);
    answer.close = drop_after;
    match instead {
        Some(crafted) => answer.crafted(crafted),
        None => answer,
    }
}

/// Performs the operation in a transaction and shapes the answer.
fn run(site: &Site, mut answer: Answer, request: &Node) -> Answer {
    let settings = site.front().settings.clone();
    let db = site.database();
    let mut happened = Vec::new();
    let outcome = db.unchecked_transaction().map_err(Fault::from).and_then(|transaction| {
        let desk = Desk {
            db: &transaction,
            settings: &settings,
            release: &site.options.release,
            events: RefCell::default(),
        };
        let returned = perform(&desk, &request.name, request)?;
        happened = desk.events.into_inner();
        transaction.commit()?;
        Ok(returned)
    });
    // The Finesse nodes need the database too.
    drop(db);
    for (kind, fields) in happened {
        phone_event(site, kind, fields);
    }
    let sequence = request.attribute("sequence");
    let (rows, text) = match outcome {
        Ok(Returned::Rows(rows)) => {
            (rows.count, soap::reply_rows(&answer.version, sequence, &rows.xml))
        }
        Ok(Returned::Tree(mut returned)) => {
            if !settings.nil_references {
                soap::without_nil(&mut returned);
            }
            let rows = returned.children.len();
            (rows, soap::reply(&request.name, &answer.version, sequence, returned))
        }
        Err(fault) => return answer.fault(&fault, settings.rule_axlcode),
    };
    answer.performed = answer.writes;
    if text.len() > settings.answer_limit {
        let fitting = (rows.saturating_mul(settings.answer_limit) / text.len()).max(1);
        let fault = Fault::server(
            -1,
            format!(
                "Query request too large. Total rows matched: {rows} rows. Suggestive Row Fetch: less than {fitting} rows"
            ),
        );
        return answer.fault(&fault, -1);
    }
    answer.status(200, text)
}

/// Logs what happened to phones. A reset signs the agent on that phone out (facts/finesse.md section 14).
fn phone_event(site: &Site, kind: &'static str, fields: serde_json::Value) {
    let phone = fields["phone"].as_str().filter(|_| fields["how"] != "apply").map(str::to_owned);
    site.tell(kind, fields);
    if let Some(phone) = phone {
        site.finesse(|cluster, now| {
            for side in cluster.sides() {
                let here = |one: &SignedIn| one.device.as_deref() == Some(phone.as_str());
                cluster.sign_out(now, *side, here, "phone-reset");
            }
        });
    }
}

fn parsed(headers: &HeaderMap, body: &[u8]) -> Result<Node, Fault> {
    let kind =
        headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("text/xml") {
        return Err(Fault::client(-1, format!("Content type '{kind}' is not text/xml")));
    }
    let text = std::str::from_utf8(body).map_err(|_| Fault::schema("the request is not UTF-8"))?;
    soap::open_envelope(text).map_err(|reason| Fault::schema(&reason))
}

enum Refused {
    Unsupported,
    Fault(Fault),
}

/// The request's version: of its namespace, and the same in `SOAPAction` where there is one.
fn version(site: &Site, headers: &HeaderMap, request: &Node) -> Result<String, Refused> {
    let Some(version) = request.space.strip_prefix(NAMESPACE) else {
        let text = format!("element '{}' is not in AXL's namespace", request.name);
        return Err(Refused::Fault(Fault::schema(&text)));
    };
    let action =
        headers.get("soapaction").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if matches!(action, "" | "\"\"") && version == "1.0" {
        return site.versions.first().cloned().ok_or(Refused::Unsupported);
    }
    if !site.versions.iter().any(|own| own == version) {
        return Err(Refused::Unsupported);
    }
    let expected = format!("\"CUCM:DB ver={version} {}\"", request.name);
    if action != expected {
        let text = format!("SOAPAction {action} does not agree with the request: {expected}");
        return Err(Refused::Fault(Fault::client(-1, text)));
    }
    Ok(version.to_owned())
}

/// What the request is about, for the ledger: a name, a uuid, a statement.
fn subject(request: &Node) -> Option<&str> {
    const KEYS: [&str; 7] =
        ["name", "userid", "serviceName", "uuid", "sql", "processNodeName", "deviceName"];
    let keyed = |node| KEYS.iter().find_map(|key| Node::value(node, key));
    keyed(request).or_else(|| request.children.first().and_then(keyed))
}

/// Tells whether the same was done to the same before.
fn key(request: &Node, subject: &str, body: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.name.hash(&mut hasher);
    if subject.is_empty() {
        body.hash(&mut hasher);
    } else {
        subject.hash(&mut hasher);
    }
    hasher.finish()
}
