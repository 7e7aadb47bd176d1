//! Reason codes and wrap-up reasons, global and by team.
//!
//! Source: facts/finesse.md section 7.

use super::knobs::{Codes, Knobs};
use super::roster;
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
pub fn codes(knobs: &Knobs, asked: (&'static str, &'static [&'static str]), scope: Scope) -> Node {
    let all = knobs.codes;
    let mut list = Node::new("ReasonCodes").marked("category", asked.0);
    for category in asked.1 {
        let base = if *category == "LOGOUT" { 20_000 } else { 10_000 };
        if !matches!(scope, Scope::Team(_)) {
            for at in 0..all.global {
                let long = if at == 0 { all.long_label } else { 0 };
                list.children.push(code(all, category, (base + at, at + 1, long), true, false));
            }
            for at in 0..all.system {
                let number = 32_767 - at;
                list.children.push(code(all, category, (base + 5_000 + at, number, 0), true, true));
            }
        }
        if let Scope::Team(team) | Scope::Agent(team) = scope {
            let own = roster::codes(knobs, team);
            for at in 0..own.team {
                let id = base + 100_000 * team as usize + at;
                let long = if at == 0 { own.long_label } else { 0 };
                list.children.push(code(all, category, (id, 200 + at, long), false, false));
            }
        }
    }
    list
}

/// A label that is filled up to a length.
fn label(text: String, long: usize) -> String {
    let missing = long.saturating_sub(text.chars().count());
    text + &"x".repeat(missing)
}

fn code(
    knobs: Codes,
    category: &str,
    (id, number, long): (usize, usize, usize),
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
        .with(Node::leaf("label", label(format!("{category} {number}"), long)))
        .with(Node::leaf("forAll", for_all.to_string()));
    if !knobs.without_ids {
        node = node.with(Node::leaf("systemCode", system.to_string()));
    }
    node
}

/// `WrapUpReasons`.
pub fn wrap_ups(knobs: &Knobs, scope: Scope) -> Node {
    let reason = |id: usize, for_all: bool, long: usize| {
        Node::new("WrapUpReason")
            .with(Node::leaf("uri", format!("/finesse/api/WrapUpReason/{id}")))
            .with(Node::leaf("label", label(format!("Wrap-up {id}"), long)))
            .with(Node::leaf("forAll", for_all.to_string()))
    };
    let long = |codes: Codes, first: bool| if first { codes.long_label } else { 0 };
    let mut list = Node::new("WrapUpReasons");
    if !matches!(scope, Scope::Team(_)) {
        let all = knobs.codes;
        let number = all.wrap_ups.unwrap_or(all.global);
        list.children.extend((1..=number).map(|id| reason(id, true, long(all, id == 1))));
    }
    if let Scope::Team(team) | Scope::Agent(team) = scope {
        let own = roster::codes(knobs, team);
        let number = knobs.teams.get(&team).and(own.wrap_ups).unwrap_or(own.team);
        let base = 10_000 * team as usize;
        list.children.extend((1..=number).map(|at| reason(base + at, false, long(own, at == 1))));
    }
    list
}
