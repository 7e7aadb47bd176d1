//! Reasons that the teams of the roster's agents can choose from: the global ones once, then each team's own.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::Seen;
use crate::checks::agent::roster;
use crate::checks::codes::CodesSeen;
use crate::clients::finesse::{FinesseError, FinesseReader, Reason};
use crate::engine::Event;
use crate::trouble::Trouble;

use super::Around;
use super::agents::failed;

/// Looks at them, where the agents and their teams are known.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let Some(nodes) = around.nodes else { return Ok(()) };
    let Some(agents) = &seen.agents else { return Ok(()) };
    let roster = roster(around.task.deployment);
    let own = agents.users.iter().filter(|user| roster.contains_key(user.login_id.as_str()));
    let teams: BTreeSet<(String, String)> = own
        .filter_map(|user| {
            let id = user.team_id.clone()?;
            Some((user.team_name.clone().unwrap_or_else(|| id.clone()), id))
        })
        .collect();
    if teams.is_empty() {
        return Ok(());
    }
    around.task.stop.check()?;
    let global = match reasons(&nodes.primary, None).await {
        Ok(global) => global,
        Err(error) => {
            failed(around, &nodes.primary, &error, "reason codes and wrap-up reasons", seen);
            return Ok(());
        }
    };
    let mut codes = CodesSeen { global, teams: BTreeMap::new() };
    for (at, (name, id)) in teams.iter().enumerate() {
        around.task.stop.check()?;
        let (what, total) = ("reasons of teams".to_owned(), Some(teams.len()));
        around.task.listener.event(Event::Reading { what, done: at, total });
        match reasons(&nodes.primary, Some(id)).await {
            Ok(own) => drop(codes.teams.insert(name.clone(), own)),
            Err(error) => {
                failed(around, &nodes.primary, &error, &format!("reasons of team {name}"), seen);
            }
        }
    }
    seen.codes = Some(codes);
    Ok(())
}

async fn reasons(node: &FinesseReader, team: Option<&str>) -> Result<Vec<Reason>, FinesseError> {
    let mut all = node.reason_codes(team).await?;
    all.extend(node.wrap_ups(team).await?);
    Ok(all)
}
