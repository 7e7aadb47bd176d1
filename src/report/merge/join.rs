//! One section made of the parts of one deployment.

use std::collections::BTreeSet;

use crate::outcome::Outcome;
use crate::plan::NotChecked;
use crate::report::scope::Places;
use crate::report::standing::{WaiverState, WaiverUse};
use crate::report::{Mistake, Section};
use crate::trouble::Trouble;

/// Joins parts of one deployment. Each has what belongs to its devices; what concerns all of them is in each, and told once.
pub(super) fn join(name: &str, parts: Vec<Section>) -> Section {
    let outcome = Outcome::winner(parts.iter().map(|part| part.outcome));
    let mut whole = Section::new(name, outcome);
    let prints = parts.iter().map(|part| &part.plan.fingerprint).filter(|print| !print.is_empty());
    let prints: BTreeSet<String> = prints.cloned().collect();
    // Of a part that came to nothing, nothing but its errors is taken.
    let best = parts.iter().position(|part| !part.plan.fingerprint.is_empty()).unwrap_or(0);
    whole.scope = parts.get(best).and_then(|part| part.scope.clone());
    if let Some(scope) = &mut whole.scope {
        (scope.shard, scope.places) = (None, None);
        scope.devices.clear();
    }
    let (mut steps, mut findings) = (Vec::new(), Vec::new());
    for part in parts {
        let places = part.scope.as_ref().and_then(|scope| scope.places.clone());
        let places = places.unwrap_or_default();
        let Places { steps: of_steps, findings: of_findings } = places;
        steps.extend(placed(of_steps, part.plan.steps));
        findings.extend(placed(of_findings, part.plan.findings));
        add(&mut whole.plan.not_checked, part.plan.not_checked, NotChecked::eq);
        add(&mut whole.mistakes, part.mistakes, Mistake::eq);
        add(&mut whole.troubles, part.troubles, same);
        add(&mut whole.refusals, part.refusals, same);
        let counts = &mut whole.plan.counts;
        counts.devices += part.plan.counts.devices;
        counts.devices_in_sync += part.plan.counts.devices_in_sync;
        counts.altered += part.plan.counts.altered;
        counts.removals += part.plan.counts.removals;
        counts.writes += part.plan.counts.writes;
        for (operation, number) in part.requests {
            *whole.requests.entry(operation).or_default() += number;
        }
        whole.standings.extend(part.standings);
        for waiver in part.waivers {
            used(&mut whole.waivers, waiver);
        }
        if let (Some(scope), Some(own)) = (&mut whole.scope, part.scope) {
            scope.milliseconds = scope.milliseconds.max(own.milliseconds);
            scope.devices.extend(own.devices);
        }
    }
    steps.sort_by_key(|(place, _)| *place);
    findings.sort_by_key(|(place, _)| *place);
    whole.plan.steps = steps.into_iter().map(|(_, step)| step).collect();
    whole.plan.findings = findings.into_iter().map(|(_, finding)| finding).collect();
    if let Some(scope) = &mut whole.scope {
        scope.devices.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    }
    match prints.len() {
        0 | 1 => whole.plan.fingerprint = prints.into_iter().next().unwrap_or_default(),
        _ => differing(&mut whole),
    }
    whole
}

/// Entries with their places; those without one come last.
fn placed<T>(places: Vec<usize>, entries: Vec<T>) -> impl Iterator<Item = (usize, T)> {
    places.into_iter().chain(std::iter::repeat(usize::MAX)).zip(entries)
}

fn add<T>(all: &mut Vec<T>, more: Vec<T>, same: impl Fn(&T, &T) -> bool) {
    for one in more {
        if !all.iter().any(|known| same(known, &one)) {
            all.push(one);
        }
    }
}

/// The same error, whatever its part ended with.
fn same(a: &Trouble, b: &Trouble) -> bool {
    (a.code, &a.what, &a.place, &a.why) == (b.code, &b.what, &b.place, &b.why)
}

/// A waiver is used where any part uses it.
fn used(all: &mut Vec<WaiverUse>, more: WaiverUse) {
    let same = |one: &&mut WaiverUse| {
        (&one.declared, &one.check, &one.object) == (&more.declared, &more.check, &more.object)
    };
    match all.iter_mut().find(same) {
        Some(known) => {
            // Each part has judged the whole.
            known.findings = known.findings.max(more.findings);
            if more.state == WaiverState::Used {
                known.state = WaiverState::Used;
            }
        }
        None => all.push(more),
    }
}

fn differing(whole: &mut Section) {
    whole.plan.not_checked.push(NotChecked {
        subject: "the deployment as a whole".to_owned(),
        reason: "its parts have seen different plans: somebody changed something between them; run all parts again"
            .to_owned(),
        not_checkable: false,
        attested: None,
    });
    whole.outcome = Outcome::winner([whole.outcome, Outcome::Incomplete]);
}
