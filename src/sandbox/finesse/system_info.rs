//! `SystemInfo`: the one object that says how a node is, in its form of each release.
//!
//! Source: facts/finesse.md section 5.1.

use std::time::{Duration, Instant};

use serde_json::json;

use super::answer::Reply;
use super::cluster::{Cluster, Side};
use super::knobs::{MaintenanceLeft, SingleNode};
use super::node::{Maintenance, Node as Machine};
use crate::sandbox::options::Product;
use crate::sandbox::soap::Node;

/// The object, as the web proxy in front of this node answers it.
pub fn answered(cluster: &mut Cluster, side: Side, now: Instant, query: &str) -> Node {
    let keep = Duration::from_millis(cluster.knobs.proxy_cache_ms);
    let cached = cluster.nodes[side.index()].cached.clone();
    let fits = |since: Instant| query.is_empty() && now.saturating_duration_since(since) < keep;
    if let Some((_, found)) = cached.filter(|(since, _)| fits(*since)) {
        return found;
    }
    let fresh = object(cluster, side, now);
    if query.is_empty() {
        cluster.nodes[side.index()].cached = Some((now, fresh.clone()));
    }
    fresh
}

/// The object, as this node tells it.
pub fn object(cluster: &Cluster, side: Side, now: Instant) -> Node {
    let own = &cluster.nodes[side.index()];
    let heartbeat = cluster.release >= (12, 5);
    let maintenance = cluster.knobs.maintenance_elements.or(cluster.release >= (12, 6));
    let port = |at: usize| (cluster.release >= (12, 6)).then(|| cluster.nodes[at].api_port);
    let uccx = cluster.product == Product::Uccx;
    let mut info = Node::new("SystemInfo")
        .with(Node::leaf("currentTimestamp", timestamp()))
        .with(Node::leaf("deploymentType", if uccx { "UCCX" } else { "UCCE" }));
    if heartbeat {
        let word = if own.heartbeat { "success" } else { "failure" };
        info = info
            .with(Node::leaf("lastCTIHeartbeatStatus", word))
            .with(Node::leaf("lastSuccessCTIHeartbeatTime", "1769850000000"))
            .with(Node::leaf("ctiVersion", "24"))
            .with(Node::leaf("ctiHeartbeatInterval", "5"));
    }
    if maintenance {
        info = info.with_all(maintenance_elements(own, cluster.knobs.maintenance_left, now));
    }
    info = info
        .with(Node::leaf("license", if uccx { "PREMIUM" } else { "" }))
        .with(Node::leaf("peripheralId", "5000"))
        .with(address("primaryNode", &cluster.nodes[0].host, port(0)));
    let second = cluster.nodes.get(1).map(|node| node.host.as_str());
    let second = second.or(match cluster.knobs.single_node {
        SingleNode::Absent => None,
        SingleNode::Empty => Some(""),
        SingleNode::Equal => Some(cluster.nodes[0].host.as_str()),
    });
    if let Some(second) = second {
        info = info.with(address("secondaryNode", second, port(cluster.nodes.len() - 1)));
    }
    let domain = own.host.split_once('.').map_or(own.host.as_str(), |(_, domain)| domain);
    let (status, reason) = if cluster.in_service(side) {
        ("IN_SERVICE", "")
    } else {
        ("OUT_OF_SERVICE", "CTI connection is not established")
    };
    info = info
        .with(Node::leaf("status", status))
        .with(Node::leaf("statusReason", reason))
        .with(Node::leaf("systemAuthMode", cluster.knobs.auth_mode.word()))
        .with(Node::leaf("timezoneOffset", "60"))
        .with(Node::leaf("uri", "/finesse/api/SystemInfo"))
        .with(Node::leaf("xmppDomain", own.host.as_str()))
        .with(Node::leaf("xmppPubSubDomain", format!("pubsub.{domain}")));
    if maintenance {
        let server = Node::new("ctiServer")
            .with(Node::leaf("host", format!("cti.{domain}")))
            .with(Node::leaf("connectedDuration", "86400"))
            .with(Node::leaf("active", "true"));
        info = info.with(Node::new("ctiServers").with(server));
    }
    info
}

/// `DesktopConfig`: JSON, without a credential.
pub fn desktop_config(cluster: &Cluster, side: Side) -> Reply {
    let own = &cluster.nodes[side.index()];
    let other = cluster.nodes.get(1 - side.index());
    let uccx = cluster.product == Product::Uccx;
    let body = json!({
        "deploymentType": if uccx { "UCCX" } else { "UCCE" },
        "systemStatus": if cluster.in_service(side) { "IN_SERVICE" } else { "OUT_OF_SERVICE" },
        "host": own.host,
        "isAlternateSystemAvailable": other.is_some_and(Machine::in_service),
        "systemAuthMode": cluster.knobs.auth_mode.word(),
        "alternateHost": other.map_or("", |node| node.host.as_str()),
    });
    Reply { media: "application/json", body: body.to_string(), status: 200, ..Reply::default() }
}

/// `MaintenanceMode`: how far the node has come.
pub fn maintenance(cluster: &Cluster, side: Side) -> Node {
    let own = &cluster.nodes[side.index()];
    let word = match own.maintenance.0 {
        Maintenance::None => "",
        Maintenance::InProgress => "IN_PROGRESS",
        Maintenance::Completed => "COMPLETED",
        Maintenance::Failed => "FAILED",
    };
    Node::new("MaintenanceMode")
        .with(Node::leaf("status", word))
        .with(Node::leaf("pendingUserDisconnections", own.signed_in.len().to_string()))
}

fn maintenance_elements(own: &Machine, left: MaintenanceLeft, now: Instant) -> [Node; 4] {
    let seconds = |since: Instant| now.saturating_duration_since(since).as_secs().to_string();
    let (mode, since) = own.maintenance;
    let (word, time) = match mode {
        Maintenance::None => match left {
            MaintenanceLeft::Nothing => ("", "-1".to_owned()),
            MaintenanceLeft::WordAndNoTime => ("COMPLETED", "-1".to_owned()),
            MaintenanceLeft::WordAndTime => ("COMPLETED", "86400".to_owned()),
        },
        Maintenance::InProgress => ("IN_PROGRESS", seconds(since)),
        Maintenance::Completed => ("COMPLETED", seconds(since)),
        Maintenance::Failed => ("FAILED", "-1".to_owned()),
    };
    let (cti, since) = &own.cti_maintenance;
    let cti_time = if cti.is_empty() { "-1".to_owned() } else { seconds(*since) };
    [
        Node::leaf("ctiMMode", cti.as_str()),
        Node::leaf("ctiTimeInMMode", cti_time),
        Node::leaf("finesseMMode", word),
        Node::leaf("finesseTimeInMMode", time),
    ]
}

fn address(name: &str, host: &str, port: Option<u16>) -> Node {
    let node = Node::new(name).with(Node::leaf("host", host));
    let Some(port) = port else { return node };
    node.with(Node::leaf("httpsPort", port.to_string()))
        .with(Node::leaf("xmppPort", "5222"))
        .with(Node::leaf("xmppSecurePort", "5223"))
}

/// The moment, in GMT, as the API writes it.
pub fn timestamp() -> String {
    let now = time::OffsetDateTime::now_utc();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        now.year(),
        u8::from(now.month()),
        now.day(),
        now.hour(),
        now.minute(),
        now.second(),
        now.millisecond()
    )
}
