//! Reads what concerns the Self Care Portal: enterprise parameters, end users, their group.

use crate::clients::axl::Reader;
use crate::engine::Task;
use crate::resources::self_care::{GROUP, SelfCareSeen};
use crate::trouble::Trouble;

use super::at_publisher;

/// Reads it for the roster's users.
pub async fn self_care(task: &Task<'_>, reader: &Reader) -> Result<SelfCareSeen, Trouble> {
    let failed = |error| at_publisher(task, &error);
    let mut ids: Vec<String> =
        task.deployment.agents.rows.iter().filter_map(|row| row.user.clone()).collect();
    ids.sort();
    ids.dedup();
    let care = task.deployment.self_care.as_ref();
    let parameters = if care.is_some_and(|care| care.default_server.is_some()) {
        reader.enterprise_parameters().await.map_err(failed)?
    } else {
        Vec::new()
    };
    Ok(SelfCareSeen {
        parameters,
        users: reader.end_users(&ids).await.map_err(failed)?,
        members: reader.members_of(GROUP, &ids).await.map_err(failed)?,
    })
}
