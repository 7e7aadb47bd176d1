//! An apply in a storm: it converges by its own retries, or it stops with a cause and a rerun converges; and whatever
//! nobody has declared stays as it was.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use crate::dumps::{differences, undeclared};
use crate::lab::Ran;
use crate::proxy::Quiet;
use crate::report;
use crate::size::{Size, seed};
use crate::stage::{Part, Stage, Template};
use crate::storm::Storm;
use crate::workers::each;

/// Requests in flight.
const CONCURRENCY: u16 = 8;

/// What an apply without a storm leaves behind, and what was there before.
struct Right {
    dump: Value,
    before: Value,
    requests: u64,
}

/// How one schedule ended.
struct Played {
    seed: u64,
    converged: bool,
    seconds: f64,
    /// Why it stopped.
    causes: Vec<String>,
    collateral: Vec<String>,
    wrong: Vec<String>,
    transcript: Option<String>,
}

fn calm(template: &Template, size: Size) -> Right {
    let stage = Stage::new(template, size, Part::Whole);
    let before = stage.dump();
    let (ran, _) = stage.apply(CONCURRENCY, Box::new(Quiet));
    let ran = ran.expect(0);
    let right = Right { dump: stage.dump(), before, requests: stage.proxy.orders.asked() };
    let roster = template.roster();
    let touched =
        differences(&undeclared(&right.before, &roster), &undeclared(&right.dump, &roster), 20);
    assert!(touched.is_empty(), "{touched:#?}\n{}", stage.transcript(&[&ran]));
    assert_ne!(right.before, right.dump);
    right
}

fn played(seed: u64, template: &Template, size: Size, right: &Right) -> Played {
    let stage = Stage::new(template, size, Part::Whole);
    let storm = Storm::new(seed, right.requests, stage.lab.control_port());
    let acts = storm.acts.clone();
    let (first, took) = stage.apply(CONCURRENCY, Box::new(storm));
    let roster = template.roster();
    let stood = undeclared(&right.before, &roster);
    let after = stage.dump();
    let mut collateral = differences(&stood, &undeclared(&after, &roster), 20);
    let left = differences(&right.dump, &after, 20);
    let converged = first.code == 0 && left.is_empty();
    let mut wrong = Vec::new();
    if first.code == 0 {
        wrong.extend(left);
    }
    let causes = if first.code == 0 { Vec::new() } else { causes(&first) };
    if first.code != 0 && causes.is_empty() {
        wrong.push(format!("it stopped with {} and named no cause", first.code));
    }
    let mut runs = vec![first];
    if !converged {
        let (second, _) = stage.apply(CONCURRENCY, Box::new(Quiet));
        if second.code != 0 {
            wrong.push(format!("the rerun without a storm ended with {}", second.code));
        }
        let after = stage.dump();
        wrong.extend(differences(&right.dump, &after, 20));
        collateral.extend(differences(&stood, &undeclared(&after, &roster), 20));
        runs.push(second);
    }
    wrong.extend(stage.proxy.orders.repeated());
    let transcript = (!converged || !wrong.is_empty() || !collateral.is_empty()).then(|| {
        let acts: Vec<String> = acts.iter().map(|(at, act)| format!("{at}: {act:?}")).collect();
        let runs: Vec<&Ran> = runs.iter().collect();
        let faults = [&wrong[..], &collateral].concat().join("\n");
        format!("{faults}\n== schedule\n{}\n{}", acts.join("\n"), stage.transcript(&runs))
    });
    let seconds = took.as_secs_f64();
    report::progress("storms", &format!("{seed} {converged} {causes:?} {wrong:?} {collateral:?}"));
    Played { seed, converged, seconds, causes, collateral, wrong, transcript }
}

/// The codes of the errors that a run names, and what it says it has not done.
fn causes(ran: &Ran) -> Vec<String> {
    let text = format!("{}\n{}", ran.stdout, ran.stderr);
    let mut causes: Vec<String> = text
        .lines()
        .filter_map(|line| {
            let line = line.trim_start();
            let coded = line.strip_prefix("error[").and_then(|rest| rest.split(']').next());
            let word = coded.map(str::to_owned).or_else(|| {
                let states = ["failed:", "refused:", "deferred:", "unknown:"];
                let at = states.iter().find_map(|state| line.find(state))?;
                Some(line.get(at..).unwrap_or_default().chars().take(100).collect())
            });
            word.filter(|word| !word.is_empty())
        })
        .collect();
    causes.sort();
    causes.dedup();
    causes
}

#[test]
fn an_apply_in_a_storm_converges_or_says_why_not() {
    let size = Size::asked();
    let begun = Instant::now();
    let template = Template::new(size.stormy_phones);
    let right = calm(&template, size);
    let seeds: Vec<u64> = seed().map_or_else(|| (1..=size.schedules).collect(), |one| vec![one]);
    let done = each(size.workers, seeds, |seed| played(seed, &template, size, &right));
    let mut stops: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for played in &done {
        if let Some(text) = &played.transcript {
            report::keep(&format!("storm-{}", played.seed), text);
        }
        for cause in &played.causes {
            stops.entry(cause.clone()).or_default().push(played.seed);
        }
    }
    let count = |of: &dyn Fn(&Played) -> bool| done.iter().filter(|played| of(played)).count();
    let converged = count(&|played| played.converged);
    let collateral: usize = done.iter().map(|played| played.collateral.len()).sum();
    let unsaid = count(&|played| !played.converged && played.causes.is_empty());
    let wrong: Vec<String> = done
        .iter()
        .filter(|played| !played.wrong.is_empty() || !played.collateral.is_empty())
        .map(|played| {
            let faults = [&played.wrong[..], &played.collateral].concat().join("; ");
            format!("IPPACTL_SOAK_SEED={}: {faults}", played.seed)
        })
        .collect();
    let longest = done.iter().map(|played| played.seconds).fold(0.0, f64::max);
    let totals = [
        ("phones", json!(size.stormy_phones)),
        ("requests of a calm run", json!(right.requests)),
        ("schedules", json!(done.len())),
        ("converged within the retry budget", json!(converged)),
        (
            "stopped, then converged by a rerun",
            json!(count(&|p| !p.converged && p.wrong.is_empty())),
        ),
        ("stopped without a cause", json!(unsaid)),
        ("causes of stops, by seed", json!(stops)),
        ("collateral changes", json!(collateral)),
        ("wrong", json!(wrong.len())),
        ("longest run, seconds", json!(longest.round())),
        ("seconds", json!(begun.elapsed().as_secs())),
    ];
    let totals: Vec<(String, Value)> =
        totals.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    report::publish("storms", size, &totals);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    let stopped = done.len() - converged;
    assert!(
        stopped as u64 <= size.stops,
        "{stopped} of {} did not converge: {stops:#?}",
        done.len()
    );
}
