//! Control Center: states of services, and restarts of the Trust Verification Service.
//!
//! Source: facts/vos.md section 3. The reasons why a service does not run are in no source.

use std::time::Duration;

use time::OffsetDateTime;

use super::knobs::NodeName;
use super::{Reply, Request, credentials};
use crate::sandbox::Role;
use crate::sandbox::platform::Station;
use crate::sandbox::platform::commands::service::{TVS, names};
use crate::sandbox::platform::machines::State;
use crate::sandbox::site::Site;
use crate::sandbox::soap::{Node, in_envelope, open_envelope};

const NAMESPACE: &str = "http://schemas.cisco.com/ast/soap";

/// Answers one call.
pub fn answer(site: &Site, station: &Station, request: &Request<'_>) -> Reply {
    if request.method != "POST" {
        return Reply::bare(405);
    }
    let (user, password) = credentials(request);
    let options = &site.options;
    let one = |own: &crate::sandbox::Administrator| own.user == user && own.password == password;
    let account = options
        .accounts
        .iter()
        .any(|own| own.user == user && own.password == password && own.role != Role::NoAxl);
    if !account && !options.ris.iter().any(one) {
        return Reply::challenge("Cisco Web Services");
    }
    let text = String::from_utf8_lossy(request.body);
    match open_envelope(&text) {
        Ok(call) if call.space != NAMESPACE => fault("the request is of another namespace"),
        Ok(call) if call.name == "soapGetServiceStatus" => status(site, station, &call),
        Ok(call) if call.name == "soapDoControlServices" => control(site, station, &call),
        Ok(call) => fault(&format!("The operation '{}' is not known", call.name)),
        Err(why) => fault(&why),
    }
}

/// `ServiceStatus` is repeated, one name in each; an empty one means all services.
fn status(site: &Site, station: &Station, call: &Node) -> Reply {
    let known = names(site, station);
    let asked: Vec<&str> =
        call.all("ServiceStatus").map(|name| name.text.trim()).filter(|n| !n.is_empty()).collect();
    let asked = if asked.is_empty() { known.clone() } else { asked };
    let items = asked.into_iter().map(|name| {
        if !known.contains(&name) {
            return item(name, ("Unknown", "-1068", " "), 0);
        }
        let mut front = site.front();
        let up = front.machines.up(&station.host).as_secs();
        let state = match front.machines.service(&station.host, name) {
            State::Started => ("Started", "-1", " "),
            State::Stopped => ("Stopped", "-1019", "Component is not running"),
            State::Starting => ("Starting", "-1", " "),
            State::Stopping => ("Stopping", "-1", " "),
            State::NotActivated => ("Stopped", "-1068", "Service Not Activated "),
        };
        item(name, state, up)
    });
    returned("soapGetServiceStatus", "0", items.collect())
}

fn control(site: &Site, station: &Station, call: &Node) -> Reply {
    let Some(order) = call.child("ControlServiceRequest") else {
        return fault("ControlServiceRequest is missing");
    };
    let node = order.value("NodeName").unwrap_or_default();
    let fits = match site.front().shells.knobs(&station.host).web.node_name {
        NodeName::Own => node == station.host || node == station.short(),
        NodeName::Ignored => true,
        NodeName::Empty => node.is_empty(),
    };
    let asked: Vec<String> = order
        .child("ServiceList")
        .map(|list| list.all("item").map(|one| one.text.trim().to_owned()).collect())
        .unwrap_or_default();
    if asked.is_empty() {
        return fault("the list of services is empty");
    }
    let restart = order.value("ControlType") == Some("Restart");
    let done = |name: &str| fits && restart && name == TVS && names(site, station).contains(&TVS);
    let item = |name: &String| {
        if done(name) {
            site.front().machines.set(&station.host, name, State::Started);
            item(name, ("Started", "-1", " "), 1)
        } else {
            item(name, ("Unknown", "-1068", " "), 0)
        }
    };
    let items: Vec<Node> = asked.iter().map(item).collect();
    let code = if asked.iter().all(|name| done(name)) { "0" } else { "-1" };
    if code == "0" {
        let fields =
            serde_json::json!({ "node": station.host, "service": TVS, "order": "restart" });
        site.tell("service-done", fields);
    }
    returned("soapDoControlServices", code, items)
}

/// A service with its state, the reason in number and words, and how many seconds it has been up.
fn item(name: &str, (state, reason, words): (&str, &str, &str), up: u64) -> Node {
    let runs = state == "Started";
    let since = OffsetDateTime::now_utc() - Duration::from_secs(up);
    let started = if runs { moment(since) } else { String::new() };
    Node::new("item")
        .with(Node::leaf("ServiceName", name))
        .with(Node::leaf("ServiceStatus", state))
        .with(Node::leaf("ReasonCode", reason))
        .with(Node::leaf("ReasonCodeString", words))
        .with(Node::leaf("StartTime", started))
        .with(Node::leaf("UpTime", if runs { up.to_string() } else { "-1".to_owned() }))
}

/// `Sat Jan 31 10:00:00 2026`.
fn moment(at: OffsetDateTime) -> String {
    let short = |word: String| word.chars().take(3).collect::<String>();
    let (day, month) = (short(at.weekday().to_string()), short(at.month().to_string()));
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{day} {month} {:>2} {hour:02}:{minute:02}:{second:02} {}", at.day(), at.year())
}

fn returned(operation: &str, code: &str, items: Vec<Node>) -> Reply {
    let content = Node::new(&format!("{operation}Return"))
        .with(Node::leaf("ReturnCode", code))
        .with(Node::leaf("ReasonCode", "-1"))
        .with(Node::new("ReasonString"))
        .with(Node::new("ServiceInfoList").with_all(items));
    let response =
        Node::new(&format!("{operation}Response")).marked("xmlns", NAMESPACE).with(content);
    Reply::soap(200, in_envelope(&response))
}

fn fault(text: &str) -> Reply {
    let fault = Node::new("soapenv:Fault")
        .with(Node::leaf("faultcode", "soapenv:Server"))
        .with(Node::leaf("faultstring", text));
    Reply::soap(500, in_envelope(&fault))
}
