//! PAWS: of `ClusterNodesService`, whether replication is all right.
//!
//! Source: facts/vos.md section 5.

use super::{Reply, Request, level};
use crate::sandbox::platform::Station;
use crate::sandbox::site::Site;
use crate::sandbox::soap::{Node, in_envelope, open_envelope, parse};

const NAMESPACE: &str = "http://services.api.platform.vos.cisco.com";

/// Answers one call.
pub fn answer(site: &Site, station: &Station, request: &Request<'_>) -> Reply {
    if request.method != "POST" {
        return Reply::bare(405);
    }
    if level(site, station, request).is_none() {
        return Reply::challenge("CMPlatform Realm");
    }
    let text = String::from_utf8_lossy(request.body);
    let operation = match open_envelope(&text) {
        Ok(node) if node.space == NAMESPACE => node.name,
        Ok(node) => return fault(&format!("'{}' is of another namespace", node.name)),
        Err(why) => return fault(&why),
    };
    if action(&text).as_deref() != Some(&format!("urn:{operation}")) {
        return fault(
            "A required header representing a Message Addressing Property is not present",
        );
    }
    let good = site.finesse(|cluster, _| {
        let forced = cluster.knobs.replication_state.is_some_and(|state| state != 2);
        station.kind.is_cucm() || !(forced || cluster.replicating())
    }) && (!station.kind.is_cucm()
        || site.front().shells.cucm_replication().is_none_or(|state| state == 2));
    let element = match operation.as_str() {
        "isClusterReplicationOK" => "clusterReplicationStatusOK",
        "isNodeReplicationOK" => "nodeReplicationStatusOK",
        other => return fault(&format!("The operation '{other}' is not known")),
    };
    let returned = Node::new("ns:return")
        .with(Node::leaf("result", "internal.request.complete"))
        .with(Node::leaf(element, good.to_string()));
    let response =
        Node::new(&format!("ns:{operation}Response")).marked("xmlns:ns", NAMESPACE).with(returned);
    Reply::soap(200, in_envelope(&response))
}

/// `wsa:Action` of the header.
fn action(text: &str) -> Option<String> {
    let envelope = parse(text).ok()?;
    envelope.child("Header")?.value("Action").map(|action| action.trim().to_owned())
}

fn fault(text: &str) -> Reply {
    let fault = Node::new("soapenv:Fault")
        .with(Node::leaf("faultcode", "soapenv:Client"))
        .with(Node::leaf("faultstring", text));
    Reply::soap(500, in_envelope(&fault))
}
