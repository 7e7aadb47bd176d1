//! Finesse's users, and how the agents of a system with single sign-on for some of them sign in.

use futures::StreamExt as _;

use crate::checks::Seen;
use crate::checks::agent::{AgentsSeen, roster};
use crate::checks::sso::ModesSeen;
use crate::clients::finesse::{AuthMode, FinesseError, FinesseReader, Told};
use crate::engine::Event;
use crate::engine::observe::finesse::at_node;
use crate::outcome::Outcome;
use crate::plan::NotChecked;
use crate::trouble::Trouble;

use super::{Around, not_checkable, not_checked};

const SUBJECT: &str =
    "the roster's agents, their reasons and who is signed in, as Finesse has them";

/// So many refusals and no answer: it is switched off, and nobody else is asked for.
const SWITCHED_OFF: usize = 3;

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
    let hybrid =
        around.observation.finesse.iter().flat_map(|finesse| &finesse.nodes).zip(nodes.all());
    let hybrid = hybrid.into_iter().find(|(node, _)| node.state.as_ref().is_ok_and(|s| s.hybrid));
    if let Some((_, reader)) = hybrid {
        modes(around, reader, seen).await?;
    }
    Ok(())
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

/// Asks for each agent, until the node says that it does not tell.
async fn modes(around: Around<'_>, node: &FinesseReader, seen: &mut Seen) -> Result<(), Trouble> {
    const MODES: &str = "sign-in modes of the roster's agents";
    let task = around.task;
    let ids: Vec<&str> = roster(task.deployment).into_keys().collect();
    let asked = ids.iter().map(async |id| (*id, node.user_auth_mode(id).await));
    let mut answers = futures::stream::iter(asked).buffered(task.concurrency.max(1));
    let mut modes = ModesSeen::default();
    let (mut read, mut known, mut refused) = (0, false, 0);
    while let Some((id, answer)) = answers.next().await {
        task.stop.check()?;
        read += 1;
        let (what, total) = ("sign-in modes".to_owned(), Some(ids.len()));
        task.listener.event(Event::Reading { what, done: read, total });
        match answer {
            Ok(Some(Told::Known(mode))) => {
                known = true;
                if mode == AuthMode::Sso {
                    modes.sso.insert(id.to_owned());
                }
            }
            // An agent whom Finesse does not know is another check's.
            Ok(None) => {}
            Ok(Some(Told::CannotTell(why))) => {
                modes.off = Some(why);
                refused += 1;
                if !known && refused == SWITCHED_OFF {
                    break;
                }
            }
            Err(error) => {
                failed(around, node, &error, MODES, seen);
                break;
            }
        }
    }
    seen.modes = Some(modes);
    Ok(())
}
