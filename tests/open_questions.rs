//! Every question about real servers that no document answers, under each of its possible answers: the main job ends
//! in sync, and really is, or it ends with a step for a person or an error that names what is in the way.
//!
//! The questions and answers are the sandbox's own list (`GET /questions`). What really is, is read from the cluster
//! and not asked of the program.

mod job;
mod truth;

use std::collections::{BTreeMap, VecDeque};
use std::io::Write as _;
use std::sync::Mutex;

use serde_json::Value;

use crate::lab::Lab;
use job::Job;

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    /// Everything as declared, seen by the program and on the cluster.
    InSync,
    /// After these steps for a person, which were then done, as declared.
    AfterSteps(Vec<String>),
    /// After these steps, which wait for the site's own word, and that word.
    WithWord(Vec<String>),
    /// In sync as far as CUCM tells, and what is wrong is an error of `verify`.
    Finding(Vec<String>),
    /// With an error that says this.
    Said(String),
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InSync => f.write_str("in sync"),
            Self::AfterSteps(steps) => write!(f, "in sync after {}", steps.join(", ")),
            Self::WithWord(steps) => {
                write!(f, "in sync after {} and the site's word", steps.join(", "))
            }
            Self::Finding(checks) => write!(f, "found by verify: {}", checks.join(", ")),
            Self::Said(text) => write!(f, "said: {text}"),
        }
    }
}

/// What is allowed beside *in sync*: under which answer, and what has to be said then.
const EXPECTED: [(&str, &str); 16] = [
    ("axl-21.1-name=two-alike", "in sync after self-care-default-server and the site's word"),
    (
        "axl-21.1-name=unlike-its-title",
        "in sync after self-care-default-server and the site's word",
    ),
    ("axl-21.1-value=address", "in sync after self-care-default-server and the site's word"),
    ("axl-21.2=nobody-has-set-it", "in sync after https-only-reference"),
    ("axl-21.2=differs-by-model", "in sync after https-only-reference and the site's word"),
    // Which boxes are ticked, no interface tells; RisPort tells whose web server does not run after all.
    ("axl-21.7-override=not-ticked", "in sync after override-SEP001122330001, override-SEP"),
    ("axl-21.9=some", "said: axl-fault: CUCM refused a request"),
    ("axl-21.10=reset", "in sync after phone_apply.how and the site's word"),
    ("axl-21.13=nobody", "said: axl-answer-lost: CUCM's answer to the first request was lost"),
    (
        "axl-21.13=status-404",
        "said: axl-unexpected-answer: what answered does not speak AXL as expected",
    ),
    // The job has a deadline there: a busy server, which looks the same, is waited for.
    ("axl-21.13=status-503", "said: deadline-passed"),
    // Restarts are a person's then: what looks like a broken node and like maintenance may be either.
    (
        "finesse-19.4.4=out-of-service",
        "said: refused: fin-b.example.com is not in service (OUT_OF_SERVICE: CTI connection is not established), so agents have nowhere to go",
    ),
    ("finesse-16-uccx=head-only", "said: platform-not-recognised"),
    ("vos-12.4=before", "said: platform-no-prompt"),
    ("vos-12.4=inside", "said: platform-no-prompt"),
    ("finesse-19.4.6=word-and-time", "said: refused: fin-a.example.com is in maintenance mode"),
];

/// Questions about what the main job does not touch yet: certificates, other services of the platform, texts that are
/// shown and not judged, a site with one server.
const UNTOUCHED: [&str; 10] = [
    "vos-12.1-rest",
    "vos-12.1-unit",
    "vos-12.2",
    "vos-12.3",
    "vos-12.8",
    "vos-12.10",
    "vos-12.11",
    "vos-12.12",
    "vos-12.13",
    "vos-12.14",
];

/// A question and its answer.
type Pair = (String, String);

/// What is played in one job. The first answers are what every other job plays, so they run once; questions that the
/// job does not touch are answered together, the second answers in one job, the third in the next.
fn plays() -> Vec<Vec<Pair>> {
    let lab = Lab::start(&[]);
    let listed = lab.control("GET", "/questions", &Value::Null);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut plays = Vec::new();
    let mut together: BTreeMap<usize, Vec<Pair>> = BTreeMap::new();
    for question in listed["questions"].as_array().unwrap() {
        let id = text(&question["id"]);
        let answers = question["answers"].as_array().unwrap();
        let pairs = answers.iter().map(|answer| (id.clone(), text(answer))).enumerate();
        let untouched =
            UNTOUCHED.iter().any(|own| id == *own || id.starts_with(&format!("{own}-")));
        for (index, pair) in pairs.skip(usize::from(untouched || !plays.is_empty())) {
            if untouched {
                together.entry(index).or_default().push(pair);
            } else {
                plays.push(vec![pair]);
            }
        }
    }
    plays.extend(together.into_values());
    plays
}

#[test]
fn no_answer_leads_to_a_wrong_in_sync() {
    let waiting = Mutex::new(VecDeque::from(plays()));
    let ended = Mutex::new(BTreeMap::new());
    let wrong = Mutex::new(Vec::new());
    // A job waits for restarts most of its time.
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(play) = { waiting.lock().unwrap().pop_front() } {
                    match std::panic::catch_unwind(|| Job::under(&play).run()) {
                        Ok(end) => ended
                            .lock()
                            .unwrap()
                            .extend(play.into_iter().map(|pair| (pair, end.clone()))),
                        Err(why) => {
                            let why = why.downcast_ref::<String>().cloned();
                            wrong.lock().unwrap().push((play, why.unwrap_or_default()));
                        }
                    }
                }
            });
        }
    });
    let ended = ended.into_inner().unwrap();
    // Past the test harness, which keeps what `print!` says to itself: this table is for people.
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{:<24} {:<22} the main job", "question", "answer").unwrap();
    for ((question, answer), end) in &ended {
        writeln!(out, "{question:<24} {answer:<22} {end}").unwrap();
    }
    drop(out);
    let wrong = wrong.into_inner().unwrap();
    let told = wrong.iter().map(|(play, why)| format!("{play:?}: {why}")).collect::<Vec<_>>();
    assert!(wrong.is_empty(), "{}", told.join("\n\n"));
    for ((question, answer), end) in &ended {
        let expected = EXPECTED.iter().find(|(pair, _)| *pair == format!("{question}={answer}"));
        let expected = expected.map_or("in sync", |(_, end)| end);
        let end = end.to_string();
        assert!(end.starts_with(expected), "{question}={answer}: {end}, not {expected}");
    }
}
