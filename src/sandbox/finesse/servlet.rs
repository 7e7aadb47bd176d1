//! `/fippa/…`: what a phone sees. It asks for no authentication.
//!
//! Source: facts/finesse.md section 11; the bodies are published nowhere, their shapes follow section 11.2. Nobody is
//! signed in for a device that CUCM does not have.

use std::time::Instant;

use serde_json::json;

use super::answer::Reply;
use super::cluster::{Cluster, Side};
use super::knobs::{AuthMode, UnknownDevice};
use super::node::{Client, Maintenance, SignedIn};
use super::roster;
use crate::sandbox::authenticate::decoded;
use crate::sandbox::soap::Node;

const MAINTENANCE: &str = "This Finesse Service is unavailable due to maintenance in progress. Please sign in using the alternate Finesse service.";

/// Answers `/fippa/<path>?<query>`; `known` says whether CUCM has that device.
pub fn answer(
    cluster: &mut Cluster,
    side: Side,
    (device, known): (&str, bool),
    logout: bool,
    query: &str,
) -> Reply {
    let now = Instant::now();
    if logout {
        cluster.sign_out(now, side, |one| one.device.as_deref() == Some(device), "servlet");
        return Reply::phone(&form(cluster, side, device));
    }
    if cluster.nodes[side.index()].maintenance.0 == Maintenance::InProgress {
        return Reply::phone(&text("Maintenance", MAINTENANCE));
    }
    let field = |name: &str| {
        query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then(|| decoded(value))
        })
    };
    let (Some(id), Some(extension), Some(password)) =
        (field("id"), field("extension"), field("password"))
    else {
        if !known {
            return unknown(cluster, side, device);
        }
        return Reply::phone(&form(cluster, side, device));
    };
    let agent = roster::find(&cluster.knobs, &id).filter(|agent| {
        agent.extension == extension
            && roster::knows(agent, &password)
            && roster::mode(&cluster.knobs, agent) == Some(AuthMode::NonSso)
    });
    let Some(agent) = agent.filter(|_| known) else {
        return Reply::phone(&text("Error", "Sign in failed. Check ID, password and extension."));
    };
    let node = &mut cluster.nodes[side.index()];
    node.signed_in.retain(|one| one.id != agent.id);
    let signed = SignedIn {
        id: agent.id.clone(),
        client: Client::Fippa,
        device: Some(device.into()),
        extension: None,
    };
    node.signed_in.push(signed);
    let fields = json!({ "node": node.host, "agent": agent.id, "device": device });
    cluster.tell(now, "sign-in", fields);
    Reply::phone(&text("Cisco Finesse", "Not Ready"))
}

/// What a device that CUCM does not have is answered; no document tells.
fn unknown(cluster: &Cluster, side: Side, device: &str) -> Reply {
    match cluster.knobs.unknown_device {
        UnknownDevice::Form => Reply::phone(&form(cluster, side, device)),
        UnknownDevice::Text => Reply::phone(&text("Error", "The device is not known.")),
        UnknownDevice::ErrorObject => {
            Reply::phone(&Node::new("CiscoIPPhoneError").marked("Number", "3"))
        }
        UnknownDevice::Html => Reply::html(200, "Cisco Finesse"),
        UnknownDevice::NotFound => Reply::html(404, "404 Not Found"),
        UnknownDevice::ServerError => Reply::html(500, "500 Internal Server Error"),
    }
}

fn text(title: &str, words: &str) -> Node {
    Node::new("CiscoIPPhoneText")
        .with(Node::leaf("Title", title))
        .with(Node::leaf("Text", words))
        .with(soft_key("Exit", "SoftKey:Exit", "1"))
}

fn form(cluster: &Cluster, side: Side, device: &str) -> Node {
    let node = &cluster.nodes[side.index()];
    let url = format!("https://{}:{}/fippa/{device}", node.host, node.api_port);
    let item = |label: &str, name: &str, flags: &str| {
        Node::new("InputItem")
            .with(Node::leaf("DisplayName", label))
            .with(Node::leaf("QueryStringParam", name))
            .with(Node::leaf("DefaultValue", ""))
            .with(Node::leaf("InputFlags", flags))
    };
    Node::new("CiscoIPPhoneInput")
        .with(Node::leaf("Title", "Cisco Finesse"))
        .with(Node::leaf("Prompt", "Sign In"))
        .with(Node::leaf("URL", url))
        .with(item("ID", "id", "A"))
        .with(item("Password", "password", "AP"))
        .with(item("Extension", "extension", "T"))
        .with(soft_key("Sign In", "SoftKey:Submit", "1"))
        .with(soft_key("Exit", "SoftKey:Exit", "4"))
}

fn soft_key(name: &str, url: &str, position: &str) -> Node {
    Node::new("SoftKeyItem")
        .with(Node::leaf("Name", name))
        .with(Node::leaf("URL", url))
        .with(Node::leaf("Position", position))
}
