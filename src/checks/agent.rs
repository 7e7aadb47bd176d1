//! Checks of agents: what Finesse, who is connected to it and its locks say of those of the roster.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::finesse::{ConnectedUser, User};
use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::playbook::{AgentRow, Cell, Deployment, FilledBy, Parameter, Product, SubscriptionKind};

use super::{Seen, finding, not_checkable};

/// Finesse's users.
#[derive(Debug, Default)]
pub struct AgentsSeen {
    /// All of them.
    pub users: Vec<User>,
}

/// The roster's agents by id, with the first row of each. Phones without values have none, and an id that is only
/// kept is not known.
pub fn roster(deployment: &Deployment) -> BTreeMap<&str, &AgentRow> {
    let mut agents = BTreeMap::new();
    for row in deployment.agents.rows.iter().take(deployment.agents.listed) {
        if let Cell::Value(id) = &row.id {
            agents.entry(id.as_str()).or_insert(row);
        }
    }
    agents
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let agents = roster(inputs.deployment);
    let users = seen.agents.as_ref().map(|agents| Users::of(&agents.users));
    let locked = Locked::of(seen);
    let mut signed_out = 0;
    for (id, row) in &agents {
        let agent = Agent { id, row };
        let user = users.as_ref().and_then(|users| users.by_id.get(*id).copied());
        if let Some(users) = &users {
            match user {
                None => plan.findings.push(unknown(agent, users)),
                Some(user) => {
                    plan.findings.extend(mobile(agent, user));
                    plan.findings.extend(supervisor(agent, user));
                    let unconfirmed = not_verifiable(agent, user);
                    signed_out += usize::from(unconfirmed.is_some());
                    plan.findings.extend(unconfirmed);
                }
            }
            plan.findings.extend(users.collision(agent, user));
        }
        plan.findings.extend(locked.found(agent, user));
        plan.findings.extend(connected(inputs, agent));
    }
    if signed_out > 0 {
        let subject = format!("extensions of {signed_out} agents, as Finesse has them");
        let why = "Finesse tells an extension only while the agent is signed in; CUCM's lines are what counts";
        plan.not_checked.push(not_checkable(subject, why));
    }
    if users.is_some() && !agents.is_empty() {
        plan.not_checked.push(other_kinds(inputs.deployment));
    }
    plan.findings.extend(notices(inputs));
}

/// An agent of the roster.
#[derive(Clone, Copy)]
struct Agent<'a> {
    id: &'a str,
    row: &'a AgentRow,
}

impl Agent<'_> {
    fn found(
        self,
        check: &'static str,
        field: &str,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Finding {
        let object = Object::new(ObjectKind::Agent, self.id);
        finding(check, object, field, expected, found, Some(&self.row.at))
    }
}

/// Users by what they are known as.
struct Users<'a> {
    by_id: BTreeMap<&'a str, &'a User>,
    by_name: BTreeMap<String, &'a User>,
}

impl<'a> Users<'a> {
    fn of(users: &'a [User]) -> Self {
        let by_id = users.iter().map(|user| (user.login_id.as_str(), user)).collect();
        let named = users.iter().filter_map(|user| Some((user.login_name.as_ref()?, user)));
        let by_name = named.map(|(name, user)| (name.to_lowercase(), user)).collect();
        Self { by_id, by_name }
    }

    /// Another user whose login name is this agent's id, or whose id is this agent's login name.
    fn collision(&self, agent: Agent<'_>, user: Option<&User>) -> Option<Finding> {
        let user = user?;
        let other = |other: &&&User| other.login_id != user.login_id;
        let of_name = self.by_name.get(&user.login_id.to_lowercase()).filter(other);
        let name = user.login_name.as_deref().unwrap_or_default();
        let of_id = self.by_id.get(name).filter(other);
        let found = match (of_name, of_id) {
            (Some(other), _) => format!("it is the login name of agent {}", other.login_id),
            (None, Some(other)) => {
                format!("its login name is the id of agent {}", other.login_id)
            }
            (None, None) => return None,
        };
        let expected = "no other agent's login name or id";
        Some(agent.found("agent-login-collision", "id and login name", expected, found))
    }
}

fn unknown(agent: Agent<'_>, users: &Users<'_>) -> Finding {
    let named = users.by_name.get(&agent.id.to_lowercase());
    let found = match named {
        Some(user) => format!("a login name; the agent id is {}", user.login_id),
        None => "no such user".to_owned(),
    };
    agent.found("agent-unknown", "agent id", "the id of a user of Finesse", found)
}

fn mobile(agent: Agent<'_>, user: &User) -> Option<Finding> {
    let expected = "no mobile agent";
    user.mobile
        .then(|| agent.found("agent-kind-unsupported", "kind of agent", expected, "a mobile agent"))
}

fn supervisor(agent: Agent<'_>, user: &User) -> Option<Finding> {
    let supervises = user.roles.iter().any(|role| role.eq_ignore_ascii_case("supervisor"));
    let expected = "supervision from the desktop";
    supervises.then(|| agent.found("supervisor-on-phone", "roles", expected, "a supervisor"))
}

/// Finesse shows an extension only while somebody is signed in on it.
fn not_verifiable(agent: Agent<'_>, user: &User) -> Option<Finding> {
    let Cell::Value(extension) = &agent.row.extension else { return None };
    let found = "not told while the agent is signed out";
    user.signed_out()
        .then(|| agent.found("extension-not-verifiable", "extension", extension.as_str(), found))
}

/// Users who are locked, with the nodes that say so.
struct Locked(BTreeMap<String, BTreeSet<String>>);

impl Locked {
    fn of(seen: &Seen) -> Self {
        let mut locked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for shell in &seen.shells {
            for name in shell.locked.iter().flatten() {
                locked.entry(name.to_lowercase()).or_default().insert(shell.host.clone());
            }
        }
        Self(locked)
    }

    /// The list does not say whether it holds ids or login names.
    fn found(&self, agent: Agent<'_>, user: Option<&User>) -> Option<Finding> {
        let name = user.and_then(|user| user.login_name.as_deref());
        let known_as = std::iter::once(agent.id).chain(name);
        let nodes = known_as.filter_map(|name| self.0.get(&name.to_lowercase())).flatten();
        let nodes: BTreeSet<&str> = nodes.map(String::as_str).collect();
        let on: Vec<&str> = nodes.into_iter().collect();
        (!on.is_empty()).then(|| {
            let found = format!("locked on {}", on.join(" and "));
            agent.found("agent-locked", "account", "not locked", found)
        })
    }
}

/// How the agent is signed in, on each node.
fn connected(inputs: Inputs<'_>, agent: Agent<'_>) -> Vec<Finding> {
    let nodes = inputs.observation.finesse.iter().flat_map(|finesse| &finesse.nodes);
    let told = nodes.flat_map(|node| node.connected.iter().flatten().map(move |user| (node, user)));
    let own = told.filter(|(_, user)| user.login_id == agent.id);
    own.filter_map(|(node, user)| signed_in(agent, &node.host, user)).collect()
}

fn signed_in(agent: Agent<'_>, host: &str, user: &ConnectedUser) -> Option<Finding> {
    let extension = user.extension.as_deref();
    let at = match extension {
        Some(extension) => format!("{host}, extension {extension}"),
        None => host.to_owned(),
    };
    match (user.client.as_str(), &agent.row.extension) {
        ("DESKTOP", _) => {
            let found = format!("at the desktop of {at}");
            Some(agent.found("agent-on-desktop", "signed in", "at the phone", found))
        }
        // On another extension it proves nothing about this phone.
        ("FIPPA", Cell::Value(declared)) if extension != Some(declared.as_str()) => None,
        ("FIPPA", _) => {
            let found = format!("by IPPA at {at}");
            Some(agent.found("agent-seen-on-ippa", "signed in", "by IPPA, at times", found))
        }
        _ => None,
    }
}

/// Kinds of agents that no interface tells.
fn other_kinds(deployment: &Deployment) -> crate::plan::NotChecked {
    let kinds = match deployment.finesse.product {
        Product::Uccx => "blended or outbound-only agents, which IPPA does not support",
        Product::Ucce | Product::Pcce => "agents of Outbound Option, which IPPA does not support",
    };
    not_checkable(kinds, "no documented read tells them; look into the product's administration")
}

/// What holds of every site with such agents.
fn notices(inputs: Inputs<'_>) -> Vec<Finding> {
    let deployment = inputs.deployment;
    if deployment.agents.listed == 0 {
        return Vec::new();
    }
    let primary = &deployment.finesse.primary;
    let layout = finding(
        "call-layout-on-phone",
        Object::new(ObjectKind::FinesseNode, &primary.api.host),
        "call variables on the phone",
        "the desktop's layout",
        "in one column: header, left column, right column",
        Some(&deployment.agents.at),
    );
    std::iter::once(layout).chain(exit(deployment)).collect()
}

fn exit(deployment: &Deployment) -> Option<Finding> {
    let who = &deployment.one_button_sign_in;
    let filled = Parameter::ALL.iter().any(|own| who.filled_by(*own) != FilledBy::SignIn);
    let one_button =
        filled && deployment.phone_services.subscription != SubscriptionKind::Enterprise;
    one_button.then(|| {
        finding(
            "one-button-exit",
            Object::new(ObjectKind::PhoneService, &deployment.phone_services.primary.name),
            "after signing out",
            "Exit is pressed",
            "without it the next entry shows the form",
            Some(&who.at),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::AgentsSeen;
    use crate::checks::maintenance::ShellSeen;
    use crate::checks::stage::{Stage, user};
    use crate::clients::finesse::{ConnectedUser, User};

    fn with_users(users: Vec<User>) -> Stage {
        let mut stage = Stage::finesse(&[]);
        stage.seen.agents = Some(AgentsSeen { users });
        stage
    }

    fn both() -> Vec<User> {
        vec![user("1001", "anna"), user("1002", "bert")]
    }

    #[test]
    fn an_agent_is_known_by_the_id_alone() {
        assert!(with_users(both()).names("agent-unknown").is_empty());
        let named = with_users(vec![user("1001", "anna"), user("7", "1002")]);
        assert_eq!(named.names("agent-unknown"), ["1002"], "a login name is no agent id");
        let unread = Stage::finesse(&[]);
        assert!(unread.names("agent-unknown").is_empty(), "what was not read is not absent");
    }

    #[test]
    fn collisions_concern_both() {
        let mut users = both();
        users.push(user("5001", "1001"));
        assert_eq!(with_users(users).names("agent-login-collision"), ["1001"]);
        let own = with_users(vec![user("1001", "1001"), user("1002", "bert")]);
        assert!(own.names("agent-login-collision").is_empty(), "one and the same agent");
        let mut users = both();
        users[0].login_name = Some("1002".to_owned());
        assert_eq!(with_users(users).names("agent-login-collision"), ["1001", "1002"]);
    }

    #[test]
    fn locks_are_listed_by_id_or_by_name() {
        let mut stage = with_users(both());
        let shell = |locked: &[&str]| ShellSeen {
            host: "fin-b.example.com".to_owned(),
            locked: Some(locked.iter().map(|name| (*name).to_owned()).collect()),
            ..ShellSeen::default()
        };
        stage.seen.shells = vec![shell(&["1001", "somebody"]), shell(&["BERT"])];
        assert_eq!(stage.names("agent-locked"), ["1001", "1002"]);
        stage.seen.shells = vec![shell(&["somebody"])];
        assert!(stage.names("agent-locked").is_empty());
    }

    #[test]
    fn a_session_by_ippa_counts_on_the_declared_extension() {
        let mut stage = with_users(both());
        let signed_in = |id: &str, client: &str, extension: &str| ConnectedUser {
            login_id: id.to_owned(),
            client: client.to_owned(),
            extension: Some(extension.to_owned()),
        };
        stage.nodes().nodes[0].connected = Some(vec![signed_in("1001", "FIPPA", "2001")]);
        stage.nodes().nodes[1].connected = Some(vec![signed_in("1002", "DESKTOP", "2002")]);
        assert_eq!(stage.names("agent-seen-on-ippa"), ["1001"]);
        assert_eq!(stage.names("agent-on-desktop"), ["1002"]);
        stage.nodes().nodes[0].connected = Some(vec![signed_in("1001", "FIPPA", "2999")]);
        assert!(stage.names("agent-seen-on-ippa").is_empty());
    }

    #[test]
    fn kinds_and_roles() {
        let mut users = both();
        users[0].mobile = true;
        users[1].roles.push("Supervisor".to_owned());
        let stage = with_users(users);
        assert_eq!(stage.names("agent-kind-unsupported"), ["1001"]);
        assert_eq!(stage.names("supervisor-on-phone"), ["1002"]);
        let unknown = stage.plan().not_checked;
        assert!(unknown.iter().any(|item| item.subject.contains("outbound-only")));
    }

    #[test]
    fn an_extension_is_told_of_those_who_are_signed_in() {
        let mut users = both();
        users[1].state = Some("READY".to_owned());
        let stage = with_users(users);
        assert_eq!(stage.names("extension-not-verifiable"), ["1001"]);
        let not_told = stage.plan().not_checked;
        assert!(not_told.iter().any(|item| item.subject.contains("extensions of 1 agents")));
        assert!(not_told.iter().all(|item| item.not_checkable));
    }

    #[test]
    fn notices_hold_of_every_site_with_agents() {
        let stage = Stage::finesse(&[]);
        for check in ["call-layout-on-phone", "one-button-exit"] {
            assert_eq!(stage.names(check).len(), 1, "{check}");
        }
        let one_button = "one_button_sign_in: { id: administrator, extension: administrator }\n";
        assert!(Stage::finesse(&[(one_button, "")]).names("one-button-exit").is_empty());
    }
}
