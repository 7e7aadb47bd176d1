//! The lines of the roster's devices, everybody else who has an agent's number, and line groups.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::Seen;
use crate::checks::extension::LinesSeen;
use crate::clients::axl::{Line, LinesOf};
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
    let mut lines = LinesSeen::default();
    let (mut some, mut told) = (false, false);
    let read = around.reader.lines(LinesOf::Devices(&devices), |own| {
        some |= !own.is_empty();
        told |= own.iter().any(|line| line.cti.is_some());
        lines.of_device.extend(by(own, |line| &line.device));
    });
    let read = read.await;
    if around.told(subject, read, seen)?.is_none() {
        return Ok(());
    }
    for of_device in lines.of_device.values_mut() {
        of_device.sort_by_key(|line| line.index);
    }
    around.begin("who has the agents' extensions", numbers.len())?;
    let subject = "who else has the agents' extensions";
    let read = around.reader.lines(LinesOf::Numbers(&numbers), |all| {
        let several = by(all, |line| &line.number).into_iter().filter(|(_, all)| all.len() > 1);
        lines.of_number.extend(several);
    });
    let read = read.await;
    if around.told(subject, read, seen)?.is_none() {
        lines.of_number.clear();
    }
    if some && !told {
        let why = "the database has no column allowcticontrolflag for numbers";
        let subject = "Allow Control of Device from CTI of the lines";
        seen.not_checked.push(not_checked(subject, why));
    }
    if deployment.finesse.product == Product::Uccx {
        around.begin("line groups", numbers.len())?;
        let read = around.reader.line_groups(&numbers).await;
        lines.groups = around.told("line groups of the agents' extensions", read, seen)?;
    }
    seen.lines = Some(lines);
    Ok(())
}

/// Lines by what they have in common, and no more room than they need.
fn by(lines: Vec<Line>, common: fn(&Line) -> &String) -> BTreeMap<String, Vec<Line>> {
    let mut all: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines {
        all.entry(common(&line).clone()).or_default().push(line);
    }
    all.values_mut().for_each(Vec::shrink_to_fit);
    all
}
