//! Which phones are in a call, as far as Finesse tells: by the states of the agents who use them.

use std::collections::BTreeSet;

use crate::clients::finesse::User;
use crate::playbook::{AgentRow, Cell};

use super::run::Run;

/// States of an agent with a call, or about to get one (Finesse developer guide, User).
const IN_USE: [&str; 6] =
    ["RESERVED", "RESERVED_OUTBOUND", "RESERVED_OUTBOUND_PREVIEW", "TALKING", "HOLD", "WORK_READY"];

impl Run<'_> {
    /// Phones of agents who are in a call, or why nobody tells.
    pub(super) async fn phones_in_use(&self) -> Result<BTreeSet<String>, String> {
        let nodes = self.prepared.nodes.as_ref();
        let Some(nodes) = nodes.filter(|_| self.task.deployment.credentials.finesse.is_some())
        else {
            return Err("the playbook has no credentials.finesse".to_owned());
        };
        let users = nodes.primary.users().await.map_err(|error| error.to_string())?;
        Ok(in_use(&users, &self.task.deployment.agents.rows))
    }
}

fn in_use(users: &[User], rows: &[AgentRow]) -> BTreeSet<String> {
    let busy = users
        .iter()
        .filter(|user| user.state.as_deref().is_some_and(|state| IN_USE.contains(&state)));
    let busy: Vec<&User> = busy.collect();
    let is =
        |cell: &Cell, text: Option<&str>| matches!(cell, Cell::Value(own) if text == Some(own));
    let in_a_call = |row: &&AgentRow| {
        busy.iter().any(|user| {
            is(&row.id, Some(&user.login_id)) || is(&row.extension, user.extension.as_deref())
        })
    };
    rows.iter()
        .filter(in_a_call)
        .filter_map(|row| row.device.as_ref())
        .map(ToString::to_string)
        .collect()
}
