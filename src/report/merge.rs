//! Calls that were split: the part of a report that one of them shows, and one report made of several.

mod join;

use std::collections::BTreeSet;

use compact_str::CompactString;

use ring::digest::{SHA256, digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::plan::{Object, ObjectKind, Plan};
use crate::trouble::Trouble;

use super::scope::{Places, Scope, Shard};
use super::{Report, Section};

/// Part `index` of `of` of a call that was split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// From 1.
    pub index: u32,
    /// How many there are.
    pub of: u32,
    /// All deployments of the whole call, in the order of the command line; a single one is split by its devices.
    pub deployments: Vec<String>,
}

/// The part, from 1, to which a deployment or a device belongs: the same on every machine.
pub fn holder(name: &str, of: u32) -> u32 {
    let digest = digest(&SHA256, name.as_bytes());
    let first = digest.as_ref().iter().take(8);
    let number = first.fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    u32::try_from(number % u64::from(of.max(1))).unwrap_or(0) + 1
}

/// Whether an object belongs to this part: devices by name, everything else to the first.
fn holds(shard: Shard, object: &Object) -> bool {
    let device = matches!(object.kind, ObjectKind::Phone | ObjectKind::DeviceProfile);
    shard.index == if device { holder(&object.name, shard.of) } else { 1 }
}

/// Leaves of a deployment's plan what belongs to one part. The fingerprint stays that of the whole plan.
pub fn reduce(plan: &mut Plan, scope: &mut Scope, shard: Shard) {
    let mut places = Places::default();
    let kept = |all: &mut Vec<usize>, place: usize, object: &Object| {
        let own = holds(shard, object);
        if own {
            all.push(place);
        }
        own
    };
    let mut place = 0..;
    plan.steps
        .retain(|step| kept(&mut places.steps, place.next().unwrap_or(usize::MAX), &step.object));
    let mut place = 0..;
    plan.findings.retain(|finding| {
        kept(&mut places.findings, place.next().unwrap_or(usize::MAX), &finding.object)
    });
    let own = |names: &[CompactString]| {
        names.iter().filter(|name| holder(name, shard.of) == shard.index).count()
    };
    plan.counts.devices = own(&plan.looked_at.devices);
    plan.counts.devices_in_sync = own(&plan.looked_at.in_sync);
    let altered = |step: &&crate::plan::Step| step.object.kind == ObjectKind::Phone && step.alters;
    plan.counts.altered = plan.steps.iter().filter(altered).count();
    plan.counts.removals = plan.steps.iter().map(|step| step.removals).sum();
    scope.devices.retain(|device| holder(&device.name, shard.of) == shard.index);
    scope.shard = Some(shard);
    scope.places = Some(places);
}

/// One report of several of one command: parts of one call are joined, everything else stands behind each other.
///
/// # Errors
/// Why they are not parts of one whole.
pub fn merge(reports: Vec<Report>) -> Result<Report, String> {
    let first = reports.first().ok_or("there is no report")?;
    let subject = first.subject;
    if let Some(other) = reports.iter().find(|report| report.subject != subject) {
        return Err(format!("one is of {}, another of {}", subject.word(), other.subject.word()));
    }
    let alone = reports.len() == 1;
    let started = reports.iter().map(|report| report.started.clone()).min().unwrap_or_default();
    let mut chains: Vec<_> = reports.iter().map(|report| report.chain.clone()).collect();
    let strict = reports.iter().any(|report| report.strict);
    let troubles: Vec<Trouble> =
        reports.iter().flat_map(|report| report.troubles.iter().cloned()).collect();
    let mut sections = Vec::new();
    let mut calls: Vec<Vec<Report>> = Vec::new();
    for report in reports {
        let Some(part) = &report.part else {
            sections.extend(report.sections);
            continue;
        };
        let same = |call: &&mut Vec<Report>| {
            call.iter()
                .filter_map(|other| other.part.as_ref())
                .any(|other| other.deployments == part.deployments)
        };
        match calls.iter_mut().find(same) {
            Some(call) => call.push(report),
            None => calls.push(vec![report]),
        }
    }
    for call in calls {
        sections.extend(whole(call)?);
    }
    let mut names = BTreeSet::new();
    // A report that was written by one call may hold a deployment twice.
    if let Some(twice) = sections.iter().find(|section| !names.insert(section.name.clone()))
        && !alone
    {
        return Err(format!("{} is in more than one of them, and they are no parts", twice.name));
    }
    let mut merged = Report::new(subject, started, sections);
    merged.strict = strict;
    for trouble in troubles {
        merged.outcome = Outcome::winner([merged.outcome, trouble.outcome]);
        merged.troubles.push(trouble);
    }
    merged.chain = if alone { chains.pop().flatten() } else { None };
    Ok(merged)
}

/// The sections of a call that was split, in the order of its command line.
fn whole(parts: Vec<Report>) -> Result<Vec<Section>, String> {
    let known = parts.iter().filter_map(|report| report.part.as_ref());
    let Some((of, names)) = known.clone().map(|part| (part.of, part.deployments.clone())).next()
    else {
        return Ok(Vec::new());
    };
    let mut given = BTreeSet::new();
    for part in known {
        if part.of != of {
            return Err(format!("one is a part of {of}, another of {}", part.of));
        }
        if !given.insert(part.index) {
            return Err(format!("part {} of {of} is there twice", part.index));
        }
    }
    let missing: Vec<u32> = (1..=of).filter(|index| !given.contains(index)).collect();
    let mut parts = parts;
    parts.sort_by_key(|report| report.part.as_ref().map(|part| part.index));
    let sections: Vec<Section> = parts.into_iter().flat_map(|report| report.sections).collect();
    if let [name] = names.as_slice() {
        let mut joined = join::join(name, sections);
        for index in missing {
            joined.outcome = Outcome::winner([joined.outcome, Outcome::Incomplete]);
            joined.troubles.push(lacking(index, of));
        }
        return Ok(vec![joined]);
    }
    let mut sections: Vec<Option<Section>> = sections.into_iter().map(Some).collect();
    let of_name = |name: &String, sections: &mut Vec<Option<Section>>| {
        let mut all = sections.iter_mut();
        let found = all.find(|section| section.as_ref().is_some_and(|one| one.name == *name));
        found.and_then(Option::take)
    };
    let ordered = names.iter().map(|name| {
        let index = holder(name, of);
        of_name(name, &mut sections).ok_or(index).or_else(|index| {
            if missing.contains(&index) {
                Ok(Section::of(name, lacking(index, of)))
            } else {
                Err(format!("part {index} of {of} does not have {name}"))
            }
        })
    });
    ordered.collect()
}

fn lacking(index: u32, of: u32) -> Trouble {
    let what = format!("Part {index} of {of} is missing");
    Trouble::new("part-missing", Outcome::Incomplete, what)
        .then(format!("run it with --shard {index}/{of}, and merge again with its report"))
}

#[cfg(test)]
mod tests {
    use super::{Part, holder, merge, reduce};
    use crate::outcome::Outcome;
    use crate::report::json::{document, read};
    use crate::report::scope::Shard;
    use crate::report::{Report, Section, Subject, samples};

    fn split(whole: &Report, of: u32) -> Vec<Report> {
        let of_part = |index| {
            let mut report = whole.clone();
            report.chain = None;
            let section = &mut report.sections[0];
            let mut scope = section.scope.take().unwrap();
            reduce(&mut section.plan, &mut scope, Shard { index, of });
            section.scope = Some(scope);
            section.requests.clear();
            section.standings.retain(|id, _| {
                let plan = &section.plan;
                plan.findings.iter().any(|one| crate::report::standing::id("emea-prod", one) == *id)
            });
            report.part = Some(Part { index, of, deployments: vec!["emea-prod".to_owned()] });
            read(&document(&report)).unwrap()
        };
        (1..=of).map(of_part).collect()
    }

    fn everything() -> Report {
        let mut whole = samples::everything(40);
        let devices = whole.sections[0].scope.as_ref().unwrap().devices.clone();
        let plan = &mut whole.sections[0].plan;
        plan.fingerprint = "0123456789abcdef".to_owned();
        plan.steps = samples::plan(30).steps;
        plan.looked_at.devices = devices.iter().map(|device| device.name.as_str().into()).collect();
        plan.looked_at.in_sync = plan.looked_at.devices[10..].to_vec();
        (plan.counts.devices, plan.counts.devices_in_sync) = (40, 30);
        plan.counts.removals = plan.steps.iter().map(|step| step.removals).sum();
        plan.counts.altered = plan.steps.iter().filter(|step| step.alters).count();
        whole.chain = None;
        whole.sections[0].requests.clear();
        whole.sections[0].waivers.clear();
        whole
    }

    #[test]
    fn the_parts_together_are_the_whole_whatever_their_order() {
        let whole = everything();
        for of in [1, 2, 4, 7] {
            let mut parts = split(&whole, of);
            assert!(of == 1 || parts.iter().all(|part| part.sections[0].plan.steps.len() < 33));
            parts.reverse();
            assert_eq!(document(&merge(parts).unwrap()), document(&whole), "{of}");
        }
    }

    #[test]
    fn a_missing_part_is_named_and_makes_the_report_incomplete() {
        let mut parts = split(&everything(), 3);
        parts.remove(1);
        for part in &mut parts {
            part.sections[0].outcome = Outcome::Done;
        }
        let merged = merge(parts).unwrap();
        assert_eq!(merged.outcome, Outcome::Incomplete);
        let last = merged.sections[0].troubles.last().unwrap();
        assert_eq!((last.code, last.what.as_str()), ("part-missing", "Part 2 of 3 is missing"));
    }

    #[test]
    fn parts_that_saw_different_states_are_no_whole() {
        let mut parts = split(&everything(), 2);
        parts[1].sections[0].plan.fingerprint = "fedcba9876543210".to_owned();
        for part in &mut parts {
            part.sections[0].outcome = Outcome::Done;
        }
        let merged = merge(parts).unwrap();
        assert_eq!(merged.outcome, Outcome::Incomplete);
        assert!(merged.sections[0].plan.fingerprint.is_empty());
    }

    #[test]
    fn what_does_not_belong_together_is_refused_with_the_reason() {
        let parts = |of| split(&everything(), of);
        let twice = vec![parts(2).remove(0), parts(2).remove(0)];
        assert!(merge(twice).unwrap_err().contains("part 1 of 2 is there twice"));
        let mixed = vec![parts(2).remove(0), parts(3).remove(1)];
        assert!(merge(mixed).unwrap_err().contains("another of 3"));
        let whole = vec![everything(), everything()];
        assert!(merge(whole).unwrap_err().contains("emea-prod is in more than one"));
        assert!(merge(Vec::new()).is_err());
    }

    #[test]
    fn split_deployments_come_back_in_the_order_of_the_call() {
        let names: Vec<String> = (1..=9).map(|number| format!("site-{number}")).collect();
        let part = |index| {
            let own = names.iter().filter(|name| holder(name, 4) == index);
            let sections = own.map(|name| Section::new(name, Outcome::Done)).collect();
            let mut report = Report::new(Subject::Verify, "2026-11-25T04:00:00Z", sections);
            report.part = Some(Part { index, of: 4, deployments: names.clone() });
            read(&document(&report)).unwrap()
        };
        let merged = merge(vec![part(3), part(1), part(4), part(2)]).unwrap();
        let order: Vec<_> = merged.sections.iter().map(|section| section.name.clone()).collect();
        assert_eq!((order, merged.outcome), (names.clone(), Outcome::Done));
        let lacking = merge(vec![part(1), part(2), part(4)]).unwrap();
        let missing: Vec<_> =
            lacking.sections.iter().filter(|one| !one.troubles.is_empty()).collect();
        assert!(missing.iter().all(|one| holder(&one.name, 4) == 3));
        assert_eq!(lacking.sections.len(), 9);
    }

    #[test]
    fn names_are_spread_and_always_the_same() {
        assert_eq!(holder("SEP001122330001", 4), holder("SEP001122330001", 4));
        for of in [2, 4, 16] {
            for index in 1..=of {
                let names = (0..1000).map(|number| format!("SEP{number:012X}"));
                let own = names.filter(|name| holder(name, of) == index).count();
                let fair = 1000 / usize::try_from(of).unwrap();
                assert!((fair / 2..fair * 2).contains(&own), "{own} of {of}");
            }
        }
    }
}
