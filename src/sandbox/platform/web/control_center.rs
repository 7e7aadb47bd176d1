//! Control Center: states of services, and restarts of the Trust Verification Service.
//!
//! Source: facts/vos.md section 3.

use super::knobs::NodeName;
use super::{Reply, Request, credentials};
use crate::sandbox::Role;
use crate::sandbox::platform::Station;
use crate::sandbox::platform::commands::service::{TVS, names};
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
    let items = asked.into_iter().map(|name| item(name, known.contains(&name)));
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
    let items: Vec<Node> = asked.iter().map(|name| item(name, done(name))).collect();
    let code = if asked.iter().all(|name| done(name)) { "0" } else { "-1" };
    if code == "0" {
        let fields =
            serde_json::json!({ "node": station.host, "service": TVS, "order": "restart" });
        site.tell("service-done", fields);
    }
    returned("soapDoControlServices", code, items)
}

fn item(name: &str, good: bool) -> Node {
    let (state, reason) = if good { ("Started", "-1") } else { ("Unknown", "-1068") };
    Node::new("item")
        .with(Node::leaf("ServiceName", name))
        .with(Node::leaf("ServiceStatus", state))
        .with(Node::leaf("ReasonCode", reason))
        .with(Node::leaf("ReasonCodeString", " "))
        .with(Node::leaf("StartTime", "Sat Jan 31 10:00:00 2026"))
        .with(Node::leaf("UpTime", "3600"))
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
