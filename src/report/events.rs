//! What happens during a run, one JSON object a line: `ippactl.event/v1`.

use serde::Serialize;

use crate::outcome::Outcome;
use crate::plan::{Step, StepState};

use super::{Subject, grouping, sanitize};

/// What happened.
#[derive(Debug)]
pub enum Happened<'a> {
    /// A deployment's run began.
    Started(Subject),
    /// Pages are read: of what, how far, of how many.
    Reading(&'a str, usize, Option<usize>),
    /// Steps are performed: how far, of how many, the object at hand.
    Applying(usize, usize, &'a str),
    /// The run waits: for so many seconds, and why.
    Waiting(u64, &'a str),
    /// Something to know.
    Note(&'a str),
    /// How far a step of the plan has come at the end.
    Step(&'a Step),
    /// A deployment's run ended.
    Finished(Outcome),
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    time: &'a str,
    deployment: &'a str,
    event: &'static str,
    #[serde(flatten)]
    details: Details<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Details<'a> {
    Started {
        command: &'static str,
    },
    Reading {
        what: &'a str,
        done: usize,
        total: Option<usize>,
    },
    Applying {
        done: usize,
        total: usize,
        object: &'a str,
    },
    Waiting {
        seconds: u64,
        why: &'a str,
    },
    Note {
        text: &'a str,
    },
    Step {
        kind: &'static str,
        object: Named<'a>,
        state: &'static str,
        #[serde(skip_serializing_if = "str::is_empty")]
        reason: &'a str,
    },
    Finished {
        outcome: &'static str,
        exit_code: u8,
    },
}

#[derive(Serialize)]
struct Named<'a> {
    kind: &'static str,
    name: &'a str,
}

/// The line of one event, with its line break.
pub fn line(time: &str, deployment: &str, happened: &Happened<'_>) -> String {
    let (event, details) = match happened {
        Happened::Started(subject) => ("started", Details::Started { command: subject.word() }),
        Happened::Reading(what, done, total) => {
            ("reading", Details::Reading { what, done: *done, total: *total })
        }
        Happened::Applying(done, total, object) => {
            ("applying", Details::Applying { done: *done, total: *total, object })
        }
        Happened::Waiting(seconds, why) => ("waiting", Details::Waiting { seconds: *seconds, why }),
        Happened::Note(text) => ("note", Details::Note { text }),
        Happened::Step(step) => ("step", of_step(step)),
        Happened::Finished(outcome) => {
            ("finished", Details::Finished { outcome: outcome.word(), exit_code: outcome.code() })
        }
    };
    let line = Line { schema: "ippactl.event/v1", time, deployment, event, details };
    // Strings and numbers only: this cannot fail, and an empty object would still be JSON.
    let text = serde_json::to_string(&line).unwrap_or_else(|_| "{}".to_owned());
    sanitize::json(&text).into_owned() + "\n"
}

fn of_step(step: &Step) -> Details<'_> {
    let reason: &str = match &step.state {
        StepState::Failed(trouble) | StepState::Unknown(trouble) => &trouble.what,
        StepState::Planned
        | StepState::Done
        | StepState::Deferred(_)
        | StepState::Refused(_)
        | StepState::Operator => grouping::reason(&step.state),
    };
    Details::Step {
        kind: step.kind.word(),
        object: Named { kind: step.object.kind.word(), name: &step.object.name },
        state: step.state.word(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Happened, line};
    use crate::outcome::Outcome;
    use crate::report::samples;

    #[test]
    fn one_line_each_and_nothing_that_commands_a_terminal() {
        let plan = samples::plan(1);
        let all = [
            Happened::Reading("phones", 3, Some(9)),
            Happened::Note("a\nb\u{1b}[2J\u{202e}"),
            Happened::Step(&plan.steps[0]),
            Happened::Finished(Outcome::Changes),
        ];
        let lines = all.map(|happened| line("2026-11-25T04:00:00.001Z", "emea-prod", &happened));
        for text in &lines {
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        }
        let parsed: Vec<Value> =
            lines.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(parsed[0]["total"], 9);
        assert_eq!(parsed[2]["object"], json!({"kind": "application user", "name": "ippa"}));
        assert_eq!(
            (&parsed[3]["outcome"], &parsed[3]["exit_code"]),
            (&json!("changes"), &json!(2))
        );
    }
}
