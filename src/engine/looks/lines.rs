//! The lines of the roster's devices, everybody else who has an agent's number, and line groups.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::checks::Seen;
use crate::checks::extension::LinesSeen;
use crate::clients::axl::{Line, LinesOf};
use crate::playbook::{Cell, Product};
use crate::trouble::Trouble;

use super::{Around, not_checked};

/// Reads them of the devices of these names, where the roster names extensions.
pub(super) async fn look(
    around: Around<'_>,
    devices: &[String],
    seen: &mut Seen,
) -> Result<(), Trouble> {
    let deployment = around.task.deployment;
    let numbers: BTreeSet<&str> = deployment
        .agents
        .rows
        .iter()
        .filter_map(|row| match &row.extension {
            Cell::Value(number) => Some(number.as_str()),
            Cell::Empty | Cell::Keep => None,
        })
        .collect();
    if numbers.is_empty() || devices.is_empty() {
        return Ok(());
    }
    let numbers: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
    around.begin("lines", devices.len())?;
    let subject = "lines of the roster's devices";
    let mut of_devices = Vec::with_capacity(devices.len());
    let (mut some, mut told) = (false, false);
    let read = around.reader.lines(LinesOf::Devices(devices), |own| {
        some |= !own.is_empty();
        told |= own.iter().any(|line| line.cti.is_some());
        of_devices.extend(own);
    });
    let read = read.await;
    if around.told(subject, read, seen)?.is_none() {
        return Ok(());
    }
    let mut lines = LinesSeen::of(of_devices);
    around.begin("who has the agents' extensions", numbers.len())?;
    let subject = "who else has the agents' extensions";
    let read = around.reader.lines(LinesOf::Numbers(&numbers), |all| {
        let several = by_number(all).into_iter().filter(|(_, all)| all.len() > 1);
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

fn by_number(lines: Vec<Line>) -> BTreeMap<CompactString, Vec<Line>> {
    let mut all: BTreeMap<CompactString, Vec<Line>> = BTreeMap::new();
    for line in lines {
        all.entry(line.number.clone()).or_default().push(line);
    }
    all
}
