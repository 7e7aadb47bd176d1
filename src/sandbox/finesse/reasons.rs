//! Reason codes and wrap-up reasons, global and by team.
//!
//! Source: facts/finesse.md section 7.

use super::knobs::Codes;
use crate::sandbox::soap::Node;

const CATEGORIES: [&str; 2] = ["NOT_READY", "LOGOUT"];

/// Which codes a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those of all teams.
    Global,
    /// Those of one team, global ones left out.
    Team(u32),
    /// All that apply to an agent of a team.
    Agent(u32),
}

/// The categories that a query asks for; none when it is not one.
pub fn categories(query: &str) -> Option<(&'static str, &'static [&'static str])> {
    match query.split('&').find_map(|pair| pair.strip_prefix("category="))? {
        "NOT_READY" => Some(("NOT_READY", &CATEGORIES[..1])),
        "LOGOUT" => Some(("LOGOUT", &CATEGORIES[1..])),
        "ALL" => Some(("ALL", &CATEGORIES)),
        _ => None,
    }
}

/// `ReasonCodes`.
pub fn codes(knobs: Codes, asked: (&'static str, &'static [&'static str]), scope: Scope) -> Node {
    let mut list = Node::new("ReasonCodes").marked("category", asked.0);
    for category in asked.1 {
        let base = if *category == "LOGOUT" { 2_000 } else { 1_000 };
        if !matches!(scope, Scope::Team(_)) {
            for at in 0..knobs.global {
                list.children.push(code(knobs, category, (base + at, at + 1), true, false));
            }
            for at in 0..knobs.system {
                list.children.push(code(
                    knobs,
                    category,
                    (base + 500 + at, 32_767 - at),
                    true,
                    true,
                ));
            }
        }
        if let Scope::Team(team) | Scope::Agent(team) = scope {
            for at in 0..knobs.team {
                let id = base + 600 + 100 * team as usize + at;
                list.children.push(code(knobs, category, (id, 200 + at), false, false));
            }
        }
    }
    list
}

fn code(
    knobs: Codes,
    category: &str,
    (id, number): (usize, usize),
    for_all: bool,
    system: bool,
) -> Node {
    let mut node =
        Node::new("ReasonCode").with(Node::leaf("uri", format!("/finesse/api/ReasonCode/{id}")));
    if !knobs.without_ids {
        node = node.with(Node::leaf("id", id.to_string()));
    }
    node = node
        .with(Node::leaf("category", category))
        .with(Node::leaf("code", number.to_string()))
        .with(Node::leaf("label", format!("{category} {number}")))
        .with(Node::leaf("forAll", for_all.to_string()));
    if !knobs.without_ids {
        node = node.with(Node::leaf("systemCode", system.to_string()));
    }
    node
}

/// `WrapUpReasons`.
pub fn wrap_ups(knobs: Codes, scope: Scope) -> Node {
    let reason = |id: usize, for_all: bool| {
        Node::new("WrapUpReason")
            .with(Node::leaf("uri", format!("/finesse/api/WrapUpReason/{id}")))
            .with(Node::leaf("label", format!("Wrap-up {id}")))
            .with(Node::leaf("forAll", for_all.to_string()))
    };
    let mut list = Node::new("WrapUpReasons");
    if !matches!(scope, Scope::Team(_)) {
        list.children.extend((1..=knobs.global).map(|id| reason(id, true)));
    }
    if let Scope::Team(team) | Scope::Agent(team) = scope {
        let base = 100 * team as usize;
        list.children.extend((1..=knobs.team).map(|at| reason(base + at, false)));
    }
    list
}
