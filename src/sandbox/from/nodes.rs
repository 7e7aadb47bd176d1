//! Finesse nodes as they were captured: their objects are told again until something happens to the node, and its state is
//! what those objects said, so that it goes on from there.

use rusqlite::Connection;

use super::told::{self, Told};
use super::{Capture, coverage};
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::cluster::Cluster;
use crate::sandbox::finesse::knobs::{AuthMode, Presence, SingleNode};
use crate::sandbox::finesse::node::{Client, Maintenance, Node as Machine, SignedIn, Web};
use crate::sandbox::soap::{Node, parse};

const SYSTEM_INFO: &str = "/finesse/api/SystemInfo";
const CONNECTED_USERS: &str = "/finesse/api/ConnectedUsersInfo";

/// The form of Finesse's settings at this site.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where they are read back.
    pub path: String,
    /// The element that holds the user.
    user: String,
    /// What was read.
    document: Node,
}

impl Form {
    /// The settings with this user.
    pub fn object(&self, user: &str) -> Node {
        let mut document = self.document.clone();
        if let Some(found) = find(&mut document, &|name| name.eq_ignore_ascii_case(&self.user)) {
            user.clone_into(&mut found.text);
        }
        document
    }

    /// User and password in a body of the site's form.
    pub fn read(&self, body: &[u8]) -> Option<(String, String)> {
        let mut root = parse(std::str::from_utf8(body).ok()?).ok()?;
        let user = find(&mut root, &|name| name.eq_ignore_ascii_case(&self.user))?.text.clone();
        let secret = |name: &str| name.to_ascii_lowercase().contains("pass");
        let password = find(&mut root, &secret)?.text.clone();
        Some((user, password))
    }
}

fn find<'a>(node: &'a mut Node, is: &dyn Fn(&str) -> bool) -> Option<&'a mut Node> {
    if is(&node.name) {
        return Some(node);
    }
    node.children.iter_mut().find_map(|child| find(child, is))
}

/// Gives the nodes what was captured of them and is still so.
///
/// # Errors
/// The database's own.
pub fn restore(
    db: &Connection,
    cluster: &mut Cluster,
    capture: Option<&Capture>,
) -> rusqlite::Result<()> {
    if !coverage::is_loaded(db) {
        return Ok(());
    }
    cluster.loaded = true;
    let settings = capture.and_then(Capture::read_back);
    for at in 0..cluster.nodes.len() {
        let host = format!("{}:{}", cluster.nodes[at].host, cluster.nodes[at].api_port);
        let told = told::finesse(db, &host)?;
        let node = &mut cluster.nodes[at];
        node.told.extend(told);
        // Of a node that was not asked nothing is claimed; one that did not answer does not answer.
        node.forced_out = node.told.is_empty();
        let silent = node.told.get(SYSTEM_INFO).is_some_and(|told| told.status == 0);
        if silent {
            node.told.clear();
            node.web = Web::Down;
        }
        if let Some(info) = document(node, SYSTEM_INFO) {
            state(cluster, at, &info);
        }
        let node = &mut cluster.nodes[at];
        if let Some(users) = document(node, CONNECTED_USERS) {
            node.signed_in = signed_in(&users);
        } else if node.told.contains_key(CONNECTED_USERS) {
            cluster.knobs.connected_users = Presence::Never;
        }
        if let Some((path, user)) = &settings {
            let node = &mut cluster.nodes[at];
            if let Some(mut document) = document(node, path) {
                if let Some(own) = find(&mut document, &|name| name.eq_ignore_ascii_case(user)) {
                    own.text.trim().clone_into(&mut node.stored.user);
                    node.running.user.clone_from(&node.stored.user);
                }
                let form = Form { path: path.clone(), user: user.clone(), document };
                cluster.form.get_or_insert(form);
            }
        }
    }
    Ok(())
}

fn document(node: &Machine, path: &str) -> Option<Node> {
    let told = node.told.get(path).filter(|told| told.status == 200)?;
    parse(&told.body).ok()
}

/// The state behind a `SystemInfo`.
fn state(cluster: &mut Cluster, at: usize, info: &Node) {
    let of = |name: &str| info.value(name).map(str::trim).unwrap_or_default();
    let node = &mut cluster.nodes[at];
    node.forced_out = !of("status").eq_ignore_ascii_case("IN_SERVICE");
    node.heartbeat = !of("lastCTIHeartbeatStatus").eq_ignore_ascii_case("failure");
    let runs = !of("finesseTimeInMMode").starts_with('-');
    node.maintenance.0 = match of("finesseMMode") {
        "IN_PROGRESS" if runs => Maintenance::InProgress,
        _ => Maintenance::None,
    };
    if !of("ctiTimeInMMode").starts_with('-') {
        of("ctiMMode").clone_into(&mut node.cti_maintenance.0);
    }
    let mode: String = of("systemAuthMode")
        .to_ascii_uppercase()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    cluster.knobs.auth_mode = match mode.as_str() {
        "SSO" => AuthMode::Sso,
        "HYBRID" => AuthMode::Hybrid,
        _ => AuthMode::NonSso,
    };
    let has = |name: &str| info.child(name).is_some();
    cluster.knobs.maintenance_elements =
        if has("finesseMMode") { Presence::Always } else { Presence::Never };
    let second = info.child("secondaryNode").map(|second| second.value("host").unwrap_or_default());
    cluster.knobs.single_node = match second {
        None => SingleNode::Absent,
        Some("") => SingleNode::Empty,
        Some(_) => SingleNode::Equal,
    };
}

/// Who was signed in; without details, as many as were counted.
fn signed_in(users: &Node) -> Vec<SignedIn> {
    let client = |word: &str| match word.to_ascii_uppercase().as_str() {
        "FIPPA" => Client::Fippa,
        "THIRDPARTY" => Client::Thirdparty,
        _ => Client::Desktop,
    };
    if let Some(details) = users.child("userDetails") {
        let one = |user: &Node| SignedIn {
            id: user.value("loginId").unwrap_or_default().to_owned(),
            client: client(user.value("userType").unwrap_or_default()),
            device: None,
            extension: None,
        };
        return details.all("userDetail").map(one).collect();
    }
    let summary = users.child("userSummary");
    let count = |name: &str| {
        let text = summary.and_then(|summary| summary.value(name)).unwrap_or_default();
        text.trim().parse::<usize>().unwrap_or(0)
    };
    let kinds =
        [("desktopUsers", "DESKTOP"), ("fippaUsers", "FIPPA"), ("thirdPartyUsers", "THIRDPARTY")];
    let many = kinds.iter().flat_map(|(name, word)| std::iter::repeat_n(*word, count(name)));
    let one = |(number, word): (usize, &str)| SignedIn {
        id: format!("unnamed-{}", number + 1),
        client: client(word),
        device: None,
        extension: None,
    };
    many.enumerate().map(one).collect()
}

/// A captured answer as it goes back.
pub fn reply(told: &Told) -> Reply {
    let page = told.media.to_ascii_lowercase().starts_with("text/html");
    if page && told.body.is_empty() {
        return Reply::html(told.status, "As captured, without its text");
    }
    let media =
        if told.body.trim_start().starts_with('<') { "application/xml;charset=UTF-8" } else { "" };
    Reply { status: told.status, media, body: told.body.clone(), ..Reply::default() }
}
