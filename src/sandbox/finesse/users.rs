//! `User`, `Users`, `UserAuthMode`, `Teams`.
//!
//! Source: facts/finesse.md sections 5.2, 7, 8. An agent's extension is shown only while signed in.

use super::cluster::Cluster;
use super::knobs::{AuthMode, Knobs};
use super::roster::{self, Agent};
use crate::sandbox::soap::Node;

/// `User/<id>`.
pub fn user(cluster: &Cluster, agent: &Agent) -> Node {
    let here = cluster.nodes.iter().any(|node| node.signed_in.iter().any(|one| one.id == agent.id));
    let text = |name: &str, text: &str| Node::leaf(name, text);
    let uri = format!("/finesse/api/User/{}", agent.id);
    let team = roster::team_name(&cluster.knobs, agent.team);
    let mobile = Node::new("mobileAgent");
    let mobile = if agent.mobile {
        mobile.with(text("mode", "CALL_BY_CALL")).with(text("dialNumber", "915550100"))
    } else {
        mobile
    };
    let supervises = agent.roles.iter().any(|role| role == "Supervisor");
    let own_teams = supervises.then(|| one_team(agent.team, &team));
    Node::new("User")
        .with(text("uri", &uri))
        .with(Node::new("roles").with_all(agent.roles.iter().map(|role| text("role", role))))
        .with(text("loginId", &agent.id))
        .with(text("loginName", &agent.login))
        .with(text("state", if here { "NOT_READY" } else { "LOGOUT" }))
        .with(text("stateChangeTime", ""))
        .with(text("mediaType", "1"))
        .with(text("pendingState", ""))
        .with(text("reasonCodeId", "-1"))
        .with(text("extension", if here { &agent.extension } else { "" }))
        .with(mobile)
        .with(text("firstName", "Agent"))
        .with(text("lastName", &agent.id))
        .with(text("teamId", &agent.team.to_string()))
        .with(text("teamName", &team))
        .with(text("dialogs", &format!("{uri}/Dialogs")))
        .with(Node::new("teams").with_all(own_teams))
}

/// `Users`.
pub fn users(cluster: &Cluster) -> Node {
    let agents = roster::agents(&cluster.knobs);
    Node::new("Users").with_all(agents.iter().map(|agent| user(cluster, agent)))
}

fn one_team(id: u32, name: &str) -> Node {
    Node::new("Team")
        .with(Node::leaf("uri", format!("/finesse/api/Team/{id}")))
        .with(Node::leaf("id", id.to_string()))
        .with(Node::leaf("name", name))
}

/// `Teams`.
pub fn teams(knobs: &Knobs) -> Node {
    let all = roster::teams(knobs);
    Node::new("Teams").with_all(all.iter().map(|(id, name)| one_team(*id, name)))
}

/// `UserAuthMode/<id>`.
pub fn auth_mode(mode: AuthMode) -> Node {
    Node::new("UserAuthMode").with(Node::leaf("authMode", mode.word()))
}
