//! The agents and teams that Finesse knows: those of the seeded CUCM, with what somebody has changed of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::knobs::{AuthMode, Codes, Knobs};

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Agent id (peripheral number).
    pub id: String,
    /// Login name.
    pub login: String,
    /// Extension.
    pub extension: String,
    /// Team.
    pub team: u32,
    /// `Agent`, `Supervisor`.
    pub roles: Vec<String>,
    /// Works from any telephone.
    pub mobile: bool,
    /// How this agent signs in where agents differ.
    pub mode: Option<Mode>,
    /// Password, where it is not `<login name>-password`.
    pub password: Option<String>,
}

/// What `UserAuthMode` says of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// With a password.
    NonSso,
    /// By single sign-on.
    Sso,
    /// 403 for this agent alone.
    Refused,
}

/// A change of one agent; what is left out stays as seeded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    /// There is no such agent.
    pub gone: bool,
    /// Login name.
    pub login: Option<String>,
    /// Extension.
    pub extension: Option<String>,
    /// Team.
    pub team: Option<u32>,
    /// Roles.
    pub roles: Option<Vec<String>>,
    /// Works from any telephone.
    pub mobile: Option<bool>,
    /// How this agent signs in.
    pub mode: Option<Mode>,
    /// Password; not kept, and not told.
    #[serde(skip_serializing)]
    pub password: Option<String>,
}

/// A change of one team, or one more team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Team {
    /// Name.
    pub name: Option<String>,
    /// Its own codes, where they are others than those of all teams.
    pub codes: Option<Codes>,
}

/// Name of each seeded team; ids count from 1.
const TEAMS: [&str; 2] = ["Emea", "Night shift"];

/// Ids and names of all teams.
pub fn teams(knobs: &Knobs) -> BTreeMap<u32, String> {
    let seeded = (1_u32..).zip(TEAMS).map(|(id, name)| (id, name.to_owned()));
    let mut all: BTreeMap<u32, String> = seeded.collect();
    for (id, team) in &knobs.teams {
        let usual = all.get(id).cloned().unwrap_or_else(|| format!("Team {id}"));
        all.insert(*id, team.name.clone().unwrap_or(usual));
    }
    all
}

/// Name of a team.
pub fn team_name(knobs: &Knobs, team: u32) -> String {
    teams(knobs).remove(&team).unwrap_or_default()
}

/// The codes of a team: its own, or those of every team.
pub fn codes(knobs: &Knobs, team: u32) -> Codes {
    knobs.teams.get(&team).and_then(|own| own.codes).unwrap_or(knobs.codes)
}

fn seeded(id: u32, extension: u32) -> Agent {
    Agent {
        id: id.to_string(),
        login: format!("agent{id}"),
        extension: extension.to_string(),
        team: 1 + id % 2,
        roles: vec!["Agent".to_owned()],
        mobile: false,
        mode: None,
        password: None,
    }
}

/// All agents.
pub fn agents(knobs: &Knobs) -> Vec<Agent> {
    let mut all: Vec<Agent> = (1001..=1048).map(|id| seeded(id, id + 1000)).collect();
    // Those of the phones that were ordered on top of the seeded site.
    let more = (0..knobs.extra_agents).map(|at| seeded(20_000 + at, 40_000 + at));
    all.extend(more);
    if knobs.colliding_login {
        all.push(Agent { login: "1001".into(), team: 1, ..seeded(5001, 6001) });
    }
    for (id, person) in &knobs.agents {
        let at = all.iter().position(|own| own.id == *id);
        if person.gone {
            all.retain(|own| own.id != *id);
            continue;
        }
        let at = at.unwrap_or_else(|| {
            all.push(Agent { id: id.clone(), login: format!("agent{id}"), ..seeded(0, 0) });
            all.len() - 1
        });
        let own = &mut all[at];
        own.login = person.login.clone().unwrap_or_else(|| own.login.clone());
        own.extension = person.extension.clone().unwrap_or_else(|| own.extension.clone());
        own.team = person.team.unwrap_or(own.team);
        own.roles = person.roles.clone().unwrap_or_else(|| own.roles.clone());
        own.mobile = person.mobile.unwrap_or(own.mobile);
        own.mode = person.mode.or(own.mode);
        own.password = person.password.clone().or_else(|| own.password.take());
    }
    all
}

/// The agent with this id or login name.
pub fn find(knobs: &Knobs, name: &str) -> Option<Agent> {
    let all = agents(knobs);
    let by_id = all.iter().find(|agent| agent.id == name);
    by_id.or_else(|| all.iter().find(|agent| agent.login == name)).cloned()
}

/// How an agent signs in; nothing: nobody is told.
pub fn mode(knobs: &Knobs, agent: &Agent) -> Option<AuthMode> {
    let own = knobs.sso_agents.iter().any(|name| *name == agent.id || *name == agent.login);
    match (knobs.auth_mode, agent.mode) {
        (_, Some(Mode::Refused)) => None,
        (AuthMode::Hybrid, Some(Mode::Sso)) => Some(AuthMode::Sso),
        (AuthMode::Hybrid, None) if own => Some(AuthMode::Sso),
        (AuthMode::Hybrid, Some(Mode::NonSso) | None) => Some(AuthMode::NonSso),
        (fixed @ (AuthMode::NonSso | AuthMode::Sso), _) => Some(fixed),
    }
}

/// Whether this is the agent's password: `<login name>-password` where no other is set.
pub fn knows(agent: &Agent, password: &str) -> bool {
    match &agent.password {
        Some(own) => own == password,
        None => password.strip_suffix("-password") == Some(agent.login.as_str()),
    }
}
