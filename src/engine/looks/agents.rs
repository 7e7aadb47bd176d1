//! Finesse's users, and how the agents of a system with single sign-on for some of them sign in.

use crate::checks::Seen;
use crate::checks::agent::{AgentsSeen, roster};
use crate::clients::finesse::{FinesseError, FinesseReader};
use crate::engine::observe::finesse::at_node;
use crate::engine::{Event, auth_modes};
use crate::outcome::Outcome;
use crate::plan::NotChecked;
use crate::trouble::Trouble;

use super::{Around, not_checkable, not_checked};

const SUBJECT: &str =
    "the roster's agents, their reasons and who is signed in, as Finesse has them";

/// Looks at the agents of the roster, if it has any.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let Some(nodes) = around.nodes else { return Ok(()) };
    if roster(around.task.deployment).is_empty() {
        return Ok(());
    }
    if nodes.primary.has_account() {
        around.task.stop.check()?;
        around.task.listener.event(Event::Reading {
            what: "Finesse's users".to_owned(),
            done: 0,
            total: None,
        });
        match nodes.primary.users().await {
            Ok(users) => seen.agents = Some(AgentsSeen { users }),
            Err(error) => failed(around, &nodes.primary, &error, SUBJECT, seen),
        }
        seen.not_checked.extend(nameless(around));
    } else {
        seen.not_checked.push(no_account(around));
    }
    hybrid(around, seen).await
}

/// A read of a node that failed. What would end a run that writes is an error of its own.
pub(super) fn failed(
    around: Around<'_>,
    node: &FinesseReader,
    error: &FinesseError,
    subject: &str,
    seen: &mut Seen,
) {
    let trouble = at_node(around.task, node, error);
    let unsafe_way = matches!(error, FinesseError::Certificate(_) | FinesseError::Handshake(_));
    if unsafe_way || trouble.outcome == Outcome::Denied {
        seen.troubles.push(trouble);
    }
    seen.not_checked.push(not_checked(subject, error.to_string()));
}

fn no_account(around: Around<'_>) -> NotChecked {
    match &around.task.deployment.credentials.finesse {
        None => not_checkable(SUBJECT, "the playbook has no credentials.finesse"),
        Some(own) if !around.task.secrets.available(&own.password) => {
            not_checked(SUBJECT, format!("{} is not available here", own.password.purpose))
        }
        Some(own) => not_checked(SUBJECT, format!("the password of {} was refused", own.user)),
    }
}

/// Nodes that count who is connected, or not even that, and tell no names.
fn nameless(around: Around<'_>) -> Vec<NotChecked> {
    let nodes = around.observation.finesse.iter().flat_map(|finesse| &finesse.nodes);
    let silent = nodes.filter(|node| {
        let somebody = node.users.as_ref().is_none_or(|(number, _)| *number > 0);
        node.state.is_ok() && node.connected.is_none() && somebody
    });
    let why = "ConnectedUsersInfo of this node tells no names";
    silent.map(|node| not_checkable(format!("who is signed in at {}", node.host), why)).collect()
}

/// Looks at the agents' modes where a node says that the system is hybrid.
pub(super) async fn hybrid(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    const MODES: &str = "sign-in modes of the roster's agents";
    let Some(nodes) = around.nodes else { return Ok(()) };
    let read = around.observation.finesse.iter().flat_map(|finesse| &finesse.nodes);
    let mut read = read.zip(nodes.all());
    let hybrid = read.find(|(node, _)| node.state.as_ref().is_ok_and(|state| state.hybrid));
    let Some((_, node)) = hybrid else { return Ok(()) };
    let task = around.task;
    let ids: Vec<&str> = roster(task.deployment).into_keys().collect();
    let told = |done| {
        let (what, total) = ("sign-in modes".to_owned(), Some(ids.len()));
        task.listener.event(Event::Reading { what, done, total });
    };
    let (modes, failed_read) =
        auth_modes::read(node, &ids, task.concurrency, task.stop, told).await?;
    if let Some(error) = failed_read {
        failed(around, node, &error, MODES, seen);
    }
    seen.modes = Some(modes);
    Ok(())
}
