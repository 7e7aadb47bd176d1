//! Every check that a program can judge: one scenario makes it fire on the sandbox, and it is silent on a healthy
//! cluster. What nothing can tell is listed with its reason; the three counts add up to the table.

mod bench;
mod playbook;
mod service;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write as _;
use std::sync::Mutex;

use ippactl::lint::{Judged, checks};

use bench::Bench;

/// What makes one check fire.
pub(crate) struct Scenario {
    /// The check's id.
    pub(crate) check: &'static str,
    /// Who has to find it.
    pub(crate) by: By,
    /// Where a healthy cluster has it too (notices that always hold): what makes it silent.
    pub(crate) silent: Option<fn(&Bench)>,
    /// Changes the cluster or the playbook.
    pub(crate) fires: fn(&Bench),
}

/// Which command has to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    /// `validate`
    Validate,
    /// `verify`
    Verify,
}

/// A scenario of `verify` whose check is silent on a healthy cluster.
const fn verify(check: &'static str, fires: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Verify, silent: None, fires }
}

/// The same for `validate`.
const fn validate(check: &'static str, fires: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Validate, silent: None, fires }
}

/// All scenarios, subject by subject.
fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    let subjects: [&[Scenario]; 2] = [playbook::SCENARIOS, service::SCENARIOS];
    subjects.into_iter().flatten()
}

/// Checks that have a scenario in another test, which the table of these tests names.
const ELSEWHERE: [(&str, &str); 0] = [];

#[test]
fn every_check_fires_and_is_silent() {
    let healthy: BTreeMap<By, BTreeSet<String>> =
        [By::Validate, By::Verify].into_iter().map(|by| (by, Bench::healthy().found(by))).collect();
    let waiting = Mutex::new(scenarios().collect::<VecDeque<_>>());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(scenario) = { waiting.lock().unwrap().pop_front() } {
                    let id = scenario.check;
                    let ended = std::panic::catch_unwind(|| {
                        let silent = match scenario.silent {
                            None => healthy[&scenario.by].clone(),
                            Some(calm) => {
                                let bench = Bench::healthy();
                                calm(&bench);
                                bench.found(scenario.by)
                            }
                        };
                        assert!(!silent.contains(id), "{id} is not silent");
                        let bench = Bench::healthy();
                        (scenario.fires)(&bench);
                        let found = bench.found(scenario.by);
                        assert!(found.contains(id), "{id} does not fire: {found:?}");
                    });
                    if let Err(why) = ended {
                        let why = why.downcast_ref::<String>().cloned().unwrap_or_default();
                        wrong.lock().unwrap().push(format!("{id}: {why}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prints the three counts: judged with a scenario, not checkable, and the whole table.
#[test]
fn the_counts_add_up() {
    let here: BTreeSet<&str> = scenarios().map(|scenario| scenario.check).collect();
    let elsewhere: BTreeSet<&str> = ELSEWHERE.iter().map(|(check, _)| *check).collect();
    let judged: Vec<_> = checks().filter(|c| !matches!(c.judged, Judged::Never(_))).collect();
    let never = checks().count() - judged.len();
    let proven = judged.iter().filter(|c| here.contains(c.id) || elsewhere.contains(c.id)).count();
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "checks: {} judged ({proven} with a scenario) + {never} not checkable = {}",
        judged.len(),
        checks().count()
    )
    .unwrap();
}
