//! Feeds the decoders of everything foreign what nobody should send: no panic, no hang, no unbounded memory.
//!
//! `cargo test --test fuzz` runs a few thousand cases of each subject, `just fuzz` ten million in total. A case is a
//! function of seed, subject and number, so that it can be repeated: `-- --subject soap --seed 7 --from 1234 --cases 1`.
//! What fails is written to `target/fuzz/<subject>/`; with its cause repaired it goes into `tests/fuzz/corpus/<subject>/`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "outside #[test] bodies too, a test stops at the first thing it did not expect"
)]

mod corpus;
mod folders;
mod mutator;
mod subjects;
mod watch;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use corpus::Corpus;
use mutator::{Mutator, Random};
use subjects::{SUBJECTS, Subject};
use watch::Word;

/// Where cases differ from run to run only when somebody says so.
const SEED: u64 = 20_260_101;
/// Cases in total where nobody says how many: seconds without optimisation.
const SHORT: u64 = 30_000;
/// Failures of one subject after which it is left.
const ENOUGH: usize = 10;

struct Wanted {
    cases: u64,
    seed: u64,
    from: u64,
    subject: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let number = |name: &str, usual: u64| after(name).map_or(usual, |text| text.parse().unwrap());
    if arguments.iter().any(|argument| argument == "--list") {
        // Runners that ask first; there are no ignored ones.
        let ignored = arguments.iter().any(|argument| argument == "--ignored");
        SUBJECTS
            .iter()
            .filter(|_| !ignored)
            .for_each(|subject| say(&format!("{}: test", subject.name)));
        return ExitCode::SUCCESS;
    }
    let wanted = Wanted {
        cases: number("--cases", SHORT),
        seed: number("--seed", SEED),
        from: number("--from", 0),
        subject: after("--subject"),
    };
    // Without a name of our own this is a run of other tests by name.
    let asked: Vec<&String> =
        arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let named = |subject: &&Subject| match &wanted.subject {
        Some(name) => name == subject.name,
        None => {
            asked.is_empty()
                || after("--cases").is_some()
                || asked.iter().any(|name| subject.name == *name)
        }
    };
    watch::begin();
    let began = Instant::now();
    let (mut total, mut failures) = (0, 0);
    for subject in SUBJECTS.iter().filter(named) {
        let (cases, failed) = run(subject, &wanted);
        total += cases;
        failures += failed;
    }
    if total > 0 {
        say(&format!(
            "fuzz: {total} cases, {failures} failures, {:.0} s",
            began.elapsed().as_secs_f64()
        ));
    }
    ExitCode::from(u8::from(failures > 0))
}

/// Runs one subject and tells how many cases and failures there were.
fn run(subject: &'static Subject, wanted: &Wanted) -> (u64, usize) {
    let corpus = Corpus::of(subject);
    let whole: u64 = SUBJECTS.iter().map(|subject| subject.share).sum();
    let share = if wanted.subject.is_some() { whole } else { subject.share };
    let cases = (wanted.cases * share).div_ceil(whole);
    let began = Instant::now();
    let (mut failed, mut bytes, mut slowest, mut largest) = (0, 0_u64, 0.0_f64, 0);
    let mut judge = |name: &str, input: &[u8]| {
        bytes += input.len() as u64;
        match watch::case(subject, name, input) {
            Word::Good { seconds, memory } => {
                slowest = slowest.max(seconds);
                largest = largest.max(memory);
            }
            Word::Bad(why) => {
                failed += 1;
                say(&format!("fuzz: {} {name}: {why}", subject.name));
            }
        }
        failed < ENOUGH
    };
    let mut done = 0;
    for (name, entry) in corpus.entries().filter(|_| wanted.from == 0) {
        done += 1;
        if !judge(name, entry) {
            break;
        }
    }
    let mutator = Mutator::new(subject, &corpus);
    for number in wanted.from..wanted.from + cases {
        done += 1;
        let input = mutator.case(&mut Random::new(wanted.seed, subject.name, number));
        if !judge(&format!("case {number}"), &input) {
            break;
        }
    }
    say(&format!(
        "fuzz: {:<8} {done:>9} cases from {:>3} kept, {:>5} MB, {:>6.1} s, slowest {:.0} ms, most memory {} KB, {failed} failures",
        subject.name,
        corpus.entries().count(),
        bytes / 1_000_000,
        began.elapsed().as_secs_f64(),
        slowest * 1000.0,
        largest / 1024,
    ));
    (done, failed)
}

fn say(line: &str) {
    // A reader that has gone away has seen enough.
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}
