//! Reads what concerns the Self Care Portal: enterprise parameters, end users, their group.

use crate::clients::axl::Reader;
use crate::engine::Task;
use crate::resources::self_care::{self, GROUP, SelfCareSeen};
use crate::trouble::Trouble;

use super::at_publisher;

/// Reads it for the roster's users.
pub async fn self_care(task: &Task<'_>, reader: &Reader) -> Result<SelfCareSeen, Trouble> {
    let failed = |error| at_publisher(task, &error);
    let users = task.deployment.agents.rows.iter().filter_map(|row| row.user.as_ref());
    let mut ids: Vec<String> = users.map(ToString::to_string).collect();
    ids.sort();
    ids.dedup();
    let care = task.deployment.self_care.as_ref();
    let parameters = if care.is_some_and(|care| care.default_server.is_some()) {
        reader.enterprise_parameters().await.map_err(failed)?
    } else {
        Vec::new()
    };
    let server = care.and_then(|care| care.default_server.as_deref()).unwrap_or_default();
    let said = task.deployment.dialect.self_care_parameter.as_deref();
    let present = self_care::parameter(&parameters, said).map_or("", |found| found.value.as_str());
    let servers = if present.is_empty() || present.eq_ignore_ascii_case(server) {
        Vec::new()
    } else {
        reader.listed_servers().await.map_err(failed)?
    };
    Ok(SelfCareSeen {
        parameters,
        servers,
        users: reader.end_users(&ids).await.map_err(failed)?,
        members: reader.members_of(GROUP, &ids).await.map_err(failed)?,
    })
}
