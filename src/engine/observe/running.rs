//! Asks RisPort what phones run: what was configured shows on a phone only once it has taken it.

use std::time::Duration;

use crate::clients::risport::{Devices, Pace, RisPort, RisPortError, RisPortSettings};
use crate::engine::{Event, Purpose, Task};
use crate::outcome::Outcome;
use crate::plan::NotChecked;
use crate::trouble::Trouble;

/// Longest wait for the cluster's allowance of requests.
const PATIENCE: Duration = Duration::from_mins(2);

/// What these phones run, or why that cannot be told.
pub async fn running(
    task: &Task<'_>,
    purpose: Purpose,
    names: &[String],
) -> Result<Result<Devices, NotChecked>, Trouble> {
    let credentials = &task.deployment.credentials;
    let own = credentials.serviceability.as_ref();
    let credential = own.unwrap_or(&credentials.axl);
    let unknown = |reason: String| NotChecked {
        subject: "what the phones run".to_owned(),
        reason,
        // Whoever has not named an account for it has not asked for it either.
        not_checkable: own.is_none(),
        attested: None,
    };
    if names.is_empty() {
        return Ok(Ok(Devices::default()));
    }
    if !task.secrets.available(&credential.password) {
        return Ok(Err(unknown(format!("{} is not available here", credential.password.purpose))));
    }
    let client = RisPort::new(RisPortSettings {
        endpoint: task.deployment.cucm.publisher.clone(),
        user: credential.user.clone(),
        password: task.secrets.resolve(&credential.password)?,
        http: task.http.clone(),
        pace: Pace::default(),
        patience: PATIENCE,
        on_wait: std::sync::Arc::new(|_| ()),
        stop: task.stop.clone(),
        // AXL has taken its own password: a refusal here is a missing role.
        refusals: own.map(|_| task.refusals.clone()).unwrap_or_default(),
    });
    task.stop.check()?;
    let what = "what the phones run".to_owned();
    task.listener.event(Event::Reading { what, done: 0, total: Some(names.len()) });
    match client.select_devices(names).await {
        Ok(devices) => Ok(Ok(devices)),
        Err(error) => {
            let place = format!("{} as {}", task.deployment.cucm.publisher, credential.user);
            let trouble = error.trouble(place);
            let denied = own.is_some() && trouble.outcome == Outcome::Denied;
            let unsafe_way =
                matches!(error, RisPortError::Certificate(_) | RisPortError::Handshake(_));
            if unsafe_way || (denied && purpose == Purpose::Verify) {
                return Err(trouble);
            }
            Ok(Err(unknown(error.to_string())))
        }
    }
}
