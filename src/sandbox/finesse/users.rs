//! `User`, `Users`, `UserAuthMode`, `Teams`.
//!
//! Source: facts/finesse.md sections 5.2, 7, 8. An agent's extension is shown only while signed in.

use super::cluster::Cluster;
use super::knobs::{AuthMode, Knobs};
use super::reasons::{self, Scope};
use super::roster::{self, Agent};
use crate::sandbox::soap::Node;

/// `User/<id>`.
pub fn user(cluster: &Cluster, agent: &Agent) -> Node {
    let seat = cluster.seat(&agent.id);
    let (reason, code) =
        reason(cluster, agent, seat.as_ref().and_then(|seat| seat.reason.as_deref()));
    let state = seat.as_ref().map_or("LOGOUT", |seat| seat.state.word());
    let pending = seat.as_ref().and_then(|seat| seat.pending.as_ref());
    let extension = cluster.extension_of(&agent.id).unwrap_or_default();
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
        .with(text("state", state))
        .with(text("stateChangeTime", seat.as_ref().map_or("", |seat| seat.since.as_str())))
        .with(text("mediaType", "1"))
        .with(text("pendingState", pending.map_or("", |(state, _)| state.word())))
        .with(text("reasonCodeId", reason))
        .with_all(code)
        .with(text("extension", &extension))
        .with(mobile)
        .with(text("firstName", "Agent"))
        .with(text("lastName", &agent.id))
        .with(text("teamId", &agent.team.to_string()))
        .with(text("teamName", &team))
        .with(text("dialogs", &format!("{uri}/Dialogs")))
        .with(Node::new("teams").with_all(own_teams))
}

/// Id of the reason, and the reason itself.
fn reason<'a>(cluster: &Cluster, agent: &Agent, id: Option<&'a str>) -> (&'a str, Option<Node>) {
    let Some(id) = id else { return ("-1", None) };
    let uri = format!("/finesse/api/ReasonCode/{id}");
    let all = reasons::categories("category=ALL");
    let all = all.map(|all| reasons::codes(&cluster.knobs, all, Scope::Agent(agent.team)));
    let all = all.map(|all| all.children).unwrap_or_default();
    let code = all.into_iter().find(|code| code.value("uri") == Some(&uri));
    (id, code)
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
