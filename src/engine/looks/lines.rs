//! The lines of the roster's devices, everybody else who has an agent's number, and line groups.

use std::collections::BTreeSet;

use crate::checks::Seen;
use crate::checks::extension::LinesSeen;
use crate::clients::axl::LinesOf;
use crate::playbook::{Cell, Product};
use crate::trouble::Trouble;

use super::{Around, not_checked};

/// Reads them, where the roster names extensions.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let deployment = around.task.deployment;
    let numbers: BTreeSet<String> = deployment
        .agents
        .rows
        .iter()
        .filter_map(|row| match &row.extension {
            Cell::Value(number) => Some(number.clone()),
            Cell::Empty | Cell::Keep => None,
        })
        .collect();
    let devices = around.existing(None);
    if numbers.is_empty() || devices.is_empty() {
        return Ok(());
    }
    let numbers: Vec<String> = numbers.into_iter().collect();
    around.begin("lines", devices.len())?;
    let subject = "lines of the roster's devices";
    let read = around.reader.lines(LinesOf::Devices(&devices)).await;
    let Some(own) = around.told(subject, read, seen)? else { return Ok(()) };
    around.begin("who has the agents' extensions", numbers.len())?;
    let subject = "who else has the agents' extensions";
    let read = around.reader.lines(LinesOf::Numbers(&numbers)).await;
    let all = around.told(subject, read, seen)?.unwrap_or_default();
    if !own.is_empty() && own.iter().all(|line| line.cti.is_none()) {
        let why = "the database has no column allowcticontrolflag for numbers";
        let subject = "Allow Control of Device from CTI of the lines";
        seen.not_checked.push(not_checked(subject, why));
    }
    let mut lines = LinesSeen::default();
    for line in own {
        lines.of_device.entry(line.device.clone()).or_default().push(line);
    }
    for of_device in lines.of_device.values_mut() {
        of_device.sort_by_key(|line| line.index);
    }
    for line in all {
        lines.of_number.entry(line.number.clone()).or_default().push(line);
    }
    if deployment.finesse.product == Product::Uccx {
        around.begin("line groups", numbers.len())?;
        let read = around.reader.line_groups(&numbers).await;
        lines.groups = around.told("line groups of the agents' extensions", read, seen)?;
    }
    seen.lines = Some(lines);
    Ok(())
}
