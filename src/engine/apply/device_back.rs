//! One device of a run that is taken back, held against a fresh read: what is still to be put back on it.

use std::collections::BTreeMap;

use crate::journal::Entry;
use crate::journal::past::Reversal;
use crate::plan::Object;
use crate::planner::undo::{Present, device, moved, reversal};
use crate::resources::subscription::{DeviceState, Edit};

use super::run::Run;
use super::undo::entry;

/// What is put back on one device.
#[derive(Default)]
pub(super) struct DeviceBack {
    /// Subscriptions.
    pub(super) edits: Vec<Edit>,
    /// Elements of `vendorConfig`.
    pub(super) elements: Vec<(String, Vec<String>)>,
    /// What the journal of the undo says of it.
    pub(super) entry: Option<Entry>,
}

impl Run<'_> {
    /// What is to be put back; the reason where somebody has changed the device since. `None` in any other run.
    pub(super) fn device_back(
        &self,
        object: &Object,
        state: &DeviceState,
        config: Option<&str>,
    ) -> Option<Result<DeviceBack, String>> {
        let back = self.aim.before()?;
        let Some(touched) = back.past.touched(object) else {
            return Some(Ok(DeviceBack::default()));
        };
        let name = || object.name.clone();
        let present = Present {
            states: BTreeMap::from([(name(), state.clone())]),
            phones: config.map(|config| (name(), config.to_owned())).into_iter().collect(),
            ..Present::default()
        };
        let digest = |secret: &secrecy::SecretString| back.digest(secret);
        let list_writes = self.prepared.observation.list_writes;
        let undoing = back.undoing(self.task, &present, list_writes, &digest);
        let mut found: Reversal = reversal(undoing, object, touched);
        if config.is_none() {
            // Its settings were not read: only its subscriptions are looked at.
            found.moved.retain(|(key, _)| !key.of.is_empty());
            found.put_back.retain(|(key, ..)| !key.of.is_empty());
        }
        if !found.moved.is_empty() {
            return Some(Err(moved(&found)));
        }
        Some(Ok(DeviceBack {
            edits: device::edits(&found, state),
            elements: device::elements(&found),
            entry: Some(entry(object, &found)),
        }))
    }
}
