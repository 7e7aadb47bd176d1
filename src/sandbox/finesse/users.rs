//! `User`, `Users`, `UserAuthMode`, `Teams`.
//!
//! Source: facts/finesse.md sections 5.2, 7, 8. An agent's extension is shown only while signed in.

use super::cluster::Cluster;
use super::knobs::AuthMode;
use super::roster::{self, Agent};
use crate::sandbox::soap::Node;

/// `User/<id>`.
pub fn user(cluster: &Cluster, agent: &Agent) -> Node {
    let here = cluster.nodes.iter().any(|node| node.signed_in.iter().any(|one| one.id == agent.id));
    let text = |name: &str, text: &str| Node::leaf(name, text);
    let uri = format!("/finesse/api/User/{}", agent.id);
    Node::new("User")
        .with(text("uri", &uri))
        .with(Node::new("roles").with(text("role", "Agent")))
        .with(text("loginId", &agent.id))
        .with(text("loginName", &agent.login))
        .with(text("state", if here { "NOT_READY" } else { "LOGOUT" }))
        .with(text("stateChangeTime", ""))
        .with(text("mediaType", "1"))
        .with(text("pendingState", ""))
        .with(text("reasonCodeId", "-1"))
        .with(text("extension", if here { &agent.extension } else { "" }))
        .with(text("firstName", "Agent"))
        .with(text("lastName", &agent.id))
        .with(text("teamId", &agent.team.to_string()))
        .with(text("teamName", roster::TEAMS[agent.team as usize - 1]))
        .with(text("dialogs", &format!("{uri}/Dialogs")))
        .with(Node::new("teams"))
}

/// `Users`.
pub fn users(cluster: &Cluster) -> Node {
    let agents = roster::agents(cluster.knobs.colliding_login);
    Node::new("Users").with_all(agents.iter().map(|agent| user(cluster, agent)))
}

/// `Teams`.
pub fn teams() -> Node {
    let team = |(id, name): (usize, &&str)| {
        let id = (id + 1).to_string();
        Node::new("Team")
            .with(Node::leaf("uri", format!("/finesse/api/Team/{id}")))
            .with(Node::leaf("id", id))
            .with(Node::leaf("name", *name))
    };
    Node::new("Teams").with_all(roster::TEAMS.iter().enumerate().map(team))
}

/// `UserAuthMode/<id>`.
pub fn auth_mode(cluster: &Cluster, agent: &Agent) -> Node {
    let own = cluster.knobs.sso_agents.iter().any(|name| *name == agent.id || *name == agent.login);
    let mode = match cluster.knobs.auth_mode {
        AuthMode::Hybrid if own => AuthMode::Sso,
        AuthMode::Hybrid => AuthMode::NonSso,
        fixed @ (AuthMode::NonSso | AuthMode::Sso) => fixed,
    };
    Node::new("UserAuthMode").with(Node::leaf("authMode", mode.word()))
}
