//! The agents and teams that Finesse knows; they are those of the seeded CUCM.

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
}

/// Name of each team; ids count from 1.
pub const TEAMS: [&str; 2] = ["Emea", "Night shift"];

/// All agents. With `colliding`, one more has another one's id as login name.
pub fn agents(colliding: bool) -> Vec<Agent> {
    let mut all: Vec<Agent> = (1001..=1024_u32)
        .map(|number| Agent {
            id: number.to_string(),
            login: format!("agent{number}"),
            extension: (number + 1000).to_string(),
            team: 1 + number % 2,
        })
        .collect();
    if colliding {
        all.push(Agent {
            id: "5001".into(),
            login: "1001".into(),
            extension: "6001".into(),
            team: 1,
        });
    }
    all
}

/// The agent with this id or login name.
pub fn find(name: &str, colliding: bool) -> Option<Agent> {
    let all = agents(colliding);
    let by_id = all.iter().find(|agent| agent.id == name);
    by_id.or_else(|| all.iter().find(|agent| agent.login == name)).cloned()
}

/// Whether this is the agent's password: `<login name>-password`.
pub fn knows(agent: &Agent, password: &str) -> bool {
    password.strip_suffix("-password") == Some(agent.login.as_str())
}
