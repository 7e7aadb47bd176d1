//! Devices with everything that is subscribed on them, ours or not: what a write has to leave alone.

use std::collections::BTreeMap;

use crate::clients::axl::{AxlError, Reader};
use crate::engine::Task;
use crate::resources::subscription::DeviceState;
use crate::trouble::Trouble;

use super::at_publisher;

/// Devices that are read at a time.
const WHOLE: usize = 1000;

/// All subscriptions of these devices to every service, in bulk.
pub async fn read_whole(
    task: &Task<'_>,
    reader: &Reader,
    devices: &[String],
) -> Result<BTreeMap<String, DeviceState>, Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let mut states: BTreeMap<String, DeviceState> =
        devices.iter().map(|name| (name.clone(), DeviceState::default())).collect();
    for batch in devices.chunks(WHOLE) {
        task.stop.check()?;
        let mut owner = BTreeMap::new();
        for subscription in reader.subscriptions_of(batch).await.map_err(failed)? {
            owner.insert(subscription.pkid.clone(), subscription.device.clone());
            let state = states.entry(subscription.device.as_str().to_owned()).or_default();
            state.subscriptions.push(subscription);
        }
        // Where there is no subscription there is no value.
        let subscribed =
            |name: &&String| states.get(*name).is_some_and(|state| !state.subscriptions.is_empty());
        let subscribed: Vec<String> = batch.iter().filter(subscribed).cloned().collect();
        for row in reader.values_of(&subscribed).await.map_err(failed)? {
            // A row of a subscription made between the two reads belongs to the next look.
            let Some(state) =
                owner.get(&row.subscription).and_then(|device| states.get_mut(device.as_str()))
            else {
                continue;
            };
            state.rows.entry(row.subscription).or_default().push((row.parameter, row.value));
        }
    }
    Ok(states)
}
