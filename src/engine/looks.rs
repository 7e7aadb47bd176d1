//! Reads what the live checks rest on: for `verify`, and never for a run that writes.
//!
//! One file per look, in bulk and by pages. A look that fails is said in `not_checked`, and its checks stay silent; what
//! would end a run that writes (a refused password, a certificate that is not trusted) is one error more.

mod agents;
mod authorised;
mod codes;
pub(super) mod servlet;
mod shells;
mod sightings;

mod devices;
mod lines;
mod new_call;
mod parameters;

use crate::checks::Seen;
use crate::clients::axl::{AxlError, Reader};
use crate::engine::observe::at_publisher;
use crate::engine::observe::finesse::Nodes;
use crate::engine::{Event, Prepared, Task};
use crate::plan::NotChecked;
use crate::planner::build::Observation;
use crate::resources::{Desired, DesiredDevice};
use crate::trouble::Trouble;

/// What a look is given.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The run.
    pub(super) task: &'a Task<'a>,
    /// CUCM.
    pub(super) reader: &'a Reader,
    /// What the playbook wants.
    pub(super) desired: &'a Desired,
    /// What was read of the resources.
    pub(super) observation: &'a Observation,
    /// The Finesse nodes.
    pub(super) nodes: Option<&'a Nodes>,
}

/// Takes every look that the playbook gives a reason for.
///
/// # Errors
/// What ends the whole run: an interruption, and a read of CUCM that fails as those of the resources do.
pub(super) async fn look(around: Around<'_>) -> Result<Seen, Trouble> {
    around.task.stop.check()?;
    let mut seen = Seen::default();
    let names: Vec<String> = around.existing().map(|device| device.name.to_string()).collect();
    devices::look(around, &names, &mut seen).await?;
    lines::look(around, &names, &mut seen).await?;
    drop(names);
    new_call::look(around, &mut seen).await?;
    parameters::look(around, &mut seen).await?;
    // Nodes that could not be spoken to are not asked for more.
    if around.observation.finesse.is_some() {
        agents::look(around, &mut seen).await?;
        codes::look(around, &mut seen).await?;
        servlet::look(around, &mut seen).await?;
    }
    shells::look(around, &mut seen).await?;
    sightings::look(around, &mut seen);
    authorised::look(around, &mut seen).await?;
    Ok(seen)
}

/// The one look that a run which writes takes too: agents who sign in by SSO cannot work with what it makes.
pub(super) async fn look_at_modes(around: Around<'_>) -> Result<Seen, Trouble> {
    let mut seen = Seen::default();
    agents::hybrid(around, &mut seen).await?;
    Ok(seen)
}

impl Around<'_> {
    /// Roster devices that the cluster has.
    fn existing(&self) -> impl Iterator<Item = &DesiredDevice> {
        self.observation.existing(self.desired)
    }

    /// Announces a read, unless the run is to end.
    fn begin(&self, what: &str, total: usize) -> Result<(), Trouble> {
        self.task.stop.check()?;
        let event = Event::Reading { what: what.to_owned(), done: 0, total: Some(total) };
        self.task.listener.event(event);
        Ok(())
    }

    /// What was read, or nothing and why: an error that concerns the whole run ends it.
    fn told<T>(
        &self,
        subject: &str,
        read: Result<T, AxlError>,
        seen: &mut Seen,
    ) -> Result<Option<T>, Trouble> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if error.concerns_the_run() => Err(at_publisher(self.task, &error)),
            Err(error) => {
                seen.not_checked.push(not_checked(subject, error.to_string()));
                Ok(None)
            }
        }
    }
}

/// Remembers what a later look can no longer read; in a file of its own, and never for a capture.
pub fn remember(task: &Task<'_>, prepared: &Prepared) {
    sightings::keep(task.state, &prepared.observation, &prepared.seen);
}

/// A read that should have worked.
fn not_checked(subject: impl Into<String>, reason: impl Into<String>) -> NotChecked {
    let (subject, reason) = (subject.into(), reason.into());
    NotChecked { subject, reason, not_checkable: false, attested: None }
}

/// What no interface tells here.
fn not_checkable(subject: impl Into<String>, reason: impl Into<String>) -> NotChecked {
    NotChecked { not_checkable: true, ..not_checked(subject, reason) }
}
