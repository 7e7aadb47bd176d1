//! Promises 4 and 10: killed or cut off at any request that changes something, run again, the same end, and nothing done
//! twice that may be done once.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::dumps::differences;
use crate::lab::{Ran, ask};
use crate::proxy::{Asked, At, Fate, How, Once, Quiet, When};
use crate::random::Random;
use crate::report;
use crate::size::{Size, seed};
use crate::stage::{Part, Stage, Template};
use crate::workers::each;

/// How long the node whose restart loses its answer takes: longer than the next look at it takes to come, as every real
/// one does.
const SLOW: u64 = 12_000;
/// And every other.
const QUICK: u64 = 600;

/// One case.
#[derive(Debug, Clone)]
struct Case {
    part: Part,
    concurrency: u16,
    seed: Option<u64>,
    at: At,
    when: When,
    how: How,
}

impl Case {
    fn name(&self) -> String {
        let seed = self.seed.map(|seed| format!("-seed-{seed}")).unwrap_or_default();
        let at = match self.at {
            At::Write(number) => format!("write-{number}"),
            At::Restart(number) => format!("restart-{number}"),
        };
        let Self { concurrency, when, how, .. } = self;
        format!("{how:?}-{when:?}-{at}-at-{concurrency}{seed}").to_lowercase()
    }
}

/// How one case ended.
struct Played {
    case: Case,
    codes: (i32, Option<i32>),
    wrong: Vec<String>,
    transcript: Option<String>,
}

/// What an uninterrupted run leaves behind.
struct Right {
    dump: Value,
    restarts: BTreeMap<String, usize>,
    asked: Vec<String>,
    whole_lists: usize,
    deltas: usize,
    statements: usize,
}

fn uninterrupted(template: &Template, size: Size, part: Part) -> Right {
    let stage = Stage::new(template, size, part);
    let (ran, _) = stage.apply(1, Box::new(Quiet));
    let ran = ran.expect(0);
    let log = stage.proxy.orders.log();
    let asked: Vec<String> = log
        .iter()
        .filter(|entry| entry.asked.mutating)
        .map(|entry| entry.asked.what.clone())
        .collect();
    assert!(stage.proxy.orders.repeated().is_empty(), "{}", stage.transcript(&[&ran]));
    let counted = |word: &str| asked.iter().filter(|what| what.contains(word)).count();
    Right {
        dump: stage.dump(),
        restarts: stage.restarts(),
        whole_lists: counted("with its whole list"),
        deltas: counted("insert into telecastersubscribedservice"),
        statements: counted("executeSQLUpdate"),
        asked,
    }
}

/// What a restart that begins from now on takes.
fn in_service_after(control: &str, ms: u64) {
    let times = json!({ "times": { "in_service_ms": ms } });
    ask(control, "POST", "/finesse", &json!({ "knobs": times }));
}

/// Both sides of this request, by both ends.
fn four(part: Part, at: At) -> impl Iterator<Item = Case> {
    let ends = [
        (When::Before, How::Kill),
        (When::Before, How::Reset),
        (When::After, How::Kill),
        (When::After, How::Reset),
    ];
    ends.into_iter().map(move |(when, how)| Case {
        part,
        concurrency: 1,
        seed: None,
        at,
        when,
        how,
    })
}

/// The restarts, which wait longest.
fn restarts() -> Vec<Case> {
    if seed().is_some() {
        return Vec::new();
    }
    [1, 2].into_iter().flat_map(|number| four(Part::Whole, At::Restart(number))).collect()
}

/// Every other write, and the seeded kills.
fn writes(rights: &Rights, size: Size) -> Vec<Case> {
    let (asked, apart) = (&rights.whole().asked, rights.cucm().map_or(0, |cucm| cucm.asked.len()));
    let word = |what: &String| what.split(' ').next().map(str::to_owned);
    for (one, other) in asked.iter().zip(rights.cucm().iter().flat_map(|cucm| &cucm.asked)) {
        assert_eq!(word(one), word(other), "what is apart is not the beginning of the whole");
    }
    let numbers = (1..).zip(asked).filter(|(_, what)| !what.starts_with("utils service"));
    let part = |number: u64| if number > apart as u64 { Part::Whole } else { Part::Cucm };
    let numbers = numbers.map(|(number, _)| number);
    let mut cases: Vec<Case> =
        numbers.flat_map(|number| four(part(number), At::Write(number))).collect();
    for seed in 1..=size.parallel_kills {
        let mut random = Random::new(seed);
        let at = At::Write(random.between(1, asked.len() as u64));
        let when = if random.between(0, 1) == 0 { When::Before } else { When::After };
        let part = Part::Whole;
        cases.push(Case { part, concurrency: 8, seed: Some(seed), at, when, how: How::Kill });
    }
    if let Some(one) = seed() {
        cases.retain(|case| case.seed == Some(one));
    }
    cases
}

/// What uninterrupted runs leave behind, as soon as it is known.
#[derive(Default)]
struct Rights {
    whole: OnceLock<Option<Right>>,
    cucm: OnceLock<Option<Right>>,
}

impl Rights {
    fn whole(&self) -> &Right {
        self.whole.wait().as_ref().unwrap()
    }

    fn cucm(&self) -> Option<&Right> {
        self.cucm.wait().as_ref()
    }

    fn of(&self, part: Part) -> &Right {
        match part {
            Part::Whole => self.whole(),
            Part::Cucm => self.cucm().unwrap(),
        }
    }
}

fn played(case: Case, template: &Template, size: Size, rights: &Rights) -> Played {
    let stage = Stage::new(template, size, case.part);
    let Case { at, when, how, .. } = case;
    let restart = matches!(at, At::Restart(_));
    let control = stage.lab.control_port().to_owned();
    let first = move |asked: &Asked| {
        if asked.is_restart() && when == When::After {
            in_service_after(&control, SLOW);
        }
    };
    let once = Once { at, when, how, restarts: 0, first: Box::new(first) };
    let (first, _) = stage.apply(case.concurrency, Box::new(once));
    in_service_after(stage.lab.control_port(), QUICK);
    let before = stage.proxy.orders.log();
    // At small size what was done is not done again: other tests see that a second apply writes nothing.
    let again = size.reruns_all || first.code != 0;
    let second = again.then(|| stage.apply(case.concurrency, Box::new(Quiet)).0);
    let mut wrong = Vec::new();
    let met = before.iter().filter(|entry| matches!(entry.fate, Fate::Cut(..))).count();
    if met != 1 {
        wrong.push(format!("{met} requests met their end"));
    }
    if how == How::Kill && first.code != -1 {
        wrong.push(format!("the first run ended by itself, with {}", first.code));
    }
    // Only a restart that was cut off before it was begun leaves nothing that could be read back.
    let settles = !(restart && when == When::Before);
    if how == How::Reset && settles && first.code != 0 {
        wrong.push(format!("the run did not settle it, and ended with {}", first.code));
    }
    if second.as_ref().is_some_and(|second| second.code != 0) {
        wrong.push("the rerun failed".to_owned());
    }
    if how == How::Reset && first.code == 0 {
        let log = stage.proxy.orders.log();
        let written = log.iter().filter(|entry| entry.run == 2 && entry.asked.mutating).count();
        if written > 0 {
            wrong.push(format!("it was done, and the rerun wrote {written} times"));
        }
    }
    let right = rights.of(case.part);
    wrong.extend(differences(&right.dump, &stage.dump(), 20));
    wrong.extend(stage.proxy.orders.repeated());
    let restarts = stage.restarts();
    if restarts != right.restarts {
        wrong.push(format!("restarts {restarts:?}, uninterrupted {:?}", right.restarts));
    }
    let stopped = how == How::Reset && first.code != 0;
    let transcript = (stopped || !wrong.is_empty()).then(|| {
        let runs: Vec<&Ran> = std::iter::once(&first).chain(&second).collect();
        stage.transcript(&runs)
    });
    report::progress("kills", &format!("{} {:?} {wrong:?}", case.name(), first.code));
    Played { case, codes: (first.code, second.map(|second| second.code)), wrong, transcript }
}

#[test]
fn killed_or_cut_off_at_every_write_and_run_again() {
    let size = Size::asked();
    let begun = Instant::now();
    let template = Template::new(size.phones);
    let rights = Rights::default();
    let play = |case| played(case, &template, size, &rights);
    let done: Vec<Played> = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| each(size.workers, restarts(), play));
        let whole = scope.spawn(|| uninterrupted(&template, size, Part::Whole));
        let cucm = size.apart.then(|| scope.spawn(|| uninterrupted(&template, size, Part::Cucm)));
        // One that stopped is known too, lest others wait for it.
        drop(rights.whole.set(whole.join().ok()));
        drop(rights.cucm.set(cucm.and_then(|cucm| cucm.join().ok())));
        let done = each(size.workers, writes(&rights, size), play);
        waiting.join().unwrap().into_iter().chain(done).collect()
    });
    let right = rights.whole();
    assert!(right.whole_lists > 0 && right.deltas > 0, "both writers: {:?}", right.asked);
    assert_eq!(right.restarts.values().collect::<Vec<_>>(), [&1, &1], "one restart for each node");
    let took: Duration = begun.elapsed();
    let wrong: Vec<&Played> = done.iter().filter(|played| !played.wrong.is_empty()).collect();
    for played in &done {
        if let Some(text) = &played.transcript {
            let faults = played.wrong.join("\n");
            report::keep(&played.case.name(), &format!("{faults}\n\n{text}"));
        }
    }
    let told: Vec<String> = wrong
        .iter()
        .map(|played| format!("{}: {}", played.case.name(), played.wrong.join("; ")))
        .collect();
    let mut totals = vec![
        ("phones".to_owned(), json!(size.phones)),
        ("requests that change something".to_owned(), json!(right.asked.len())),
        ("of them whole lists".to_owned(), json!(right.whole_lists)),
        ("of them SQL statements".to_owned(), json!(right.statements)),
        ("of them subscriptions by SQL".to_owned(), json!(right.deltas)),
        ("cases".to_owned(), json!(done.len())),
    ];
    for how in [How::Kill, How::Reset] {
        for when in [When::Before, When::After] {
            for concurrency in [1, 8] {
                let these = || {
                    done.iter().filter(|played| {
                        let Case { how: h, when: w, concurrency: c, .. } = played.case;
                        (h, w, c) == (how, when, concurrency)
                    })
                };
                if these().count() == 0 {
                    continue;
                }
                let mut ends: BTreeMap<String, usize> = BTreeMap::new();
                for played in these() {
                    let (first, second) = played.codes;
                    let first = if first == -1 { "killed".to_owned() } else { first.to_string() };
                    let then = second.map(|code| format!(", then {code}")).unwrap_or_default();
                    *ends.entry(format!("{first}{then}")).or_default() += 1;
                }
                let right = these().filter(|played| played.wrong.is_empty()).count();
                let name = format!("{how:?} {when:?} at concurrency {concurrency}").to_lowercase();
                totals.push((
                    name,
                    json!({ "cases": these().count(), "right": right, "ends": ends }),
                ));
            }
        }
    }
    totals.push(("wrong".to_owned(), json!(told.len())));
    totals.push(("seconds".to_owned(), json!(took.as_secs())));
    report::publish("kills", size, &totals);
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}
