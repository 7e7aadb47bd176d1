//! Enterprise parameters, and the cluster's servers.

use crate::checks::Seen;
use crate::checks::authentication_url::ParametersSeen;
use crate::trouble::Trouble;

use super::Around;

/// Reads them, where there is a phone that asks.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    if around.existing().next().is_none() {
        return Ok(());
    }
    around.task.stop.check()?;
    let subject = "enterprise parameters";
    let known = around.observation.self_care.as_ref().map(|care| &care.parameters);
    let parameters = if let Some(known) = known.filter(|known| !known.is_empty()) {
        known.clone()
    } else {
        let read = around.reader.enterprise_parameters().await;
        let Some(parameters) = around.told(subject, read, seen)? else { return Ok(()) };
        parameters
    };
    let read = around.reader.listed_servers().await;
    let Some(servers) = around.told(subject, read, seen)? else { return Ok(()) };
    seen.parameters = Some(ParametersSeen { parameters, servers });
    Ok(())
}
