//! Live checks: what was read beside the resources, judged against the playbook. Pure; what they rest on is read by
//! [`crate::engine`]'s looks. A check that only the playbook decides is in [`crate::lint`].
//!
//! One file per subject of the table of checks, one small function per check.

pub mod service;

use crate::plan::Plan;
use crate::planner::build::Inputs;

/// What was read for the checks alone, one field per look. A look that was not taken, or failed, is `None`: its checks
/// say nothing, and whoever looked has said in `not_checked` why.
#[derive(Debug, Default)]
pub struct Seen {}

/// Adds to the plan what the checks find.
pub fn judge(inputs: Inputs<'_>, _seen: &Seen, plan: &mut Plan) {
    service::judge(inputs, plan);
}
