//! Whole commands against an engine of the test's own: confirmation, fingerprint, exit codes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing it did not expect, in its helpers too"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use super::args::{Cli, Command};
use super::pipeline::Pipeline;
use super::{Call, apply, one_shot, plan, validate, verify};
use crate::engine::journal::runs::RunRecord;
use crate::engine::judge::{of_apply, of_plan, of_verify};
use crate::engine::{Answers, Finished, Task};
use crate::outcome::Outcome;
use crate::plan::{Disturbance, Plan, StepState};
use crate::report::{Report, samples};

const PLAYBOOK: &str = r#"version: 1
deployment: emea-prod
cucm: { publisher: cucm-pub.example.com }
finesse: { product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com }
credentials: { axl: { user: axladmin, password: { command: [echo, demo] } } }
application_user: { id: ippa, password: { prompt: true } }
phone_services: { primary: { name: Cisco Finesse } }
"#;

/// Plans two phones, and performs whatever is allowed.
#[derive(Default)]
struct Fake {
    calls: Mutex<Vec<String>>,
}

impl Fake {
    fn finished(&self, what: &str, plan: Plan, outcome: Outcome) -> Finished {
        self.calls.lock().unwrap().push(what.to_owned());
        Finished::reading(plan, outcome, BTreeMap::new())
    }
}

impl Pipeline for Fake {
    type Prepared = ();
    type TakenBack = ();

    async fn plan(&self, task: &Task<'_>, detailed: bool) -> Finished {
        assert!(task.state.ends_with("emea-prod@cucm-pub.example.com"));
        self.finished("plan", samples::plan(2), of_plan(&samples::plan(2), task.strict, detailed))
    }

    async fn verify(&self, task: &Task<'_>) -> Finished {
        let plan = samples::findings();
        let outcome = of_verify(&plan, task.waivers, task.strict);
        self.finished("verify", plan, outcome)
    }

    async fn prepare(&self, _: &Task<'_>) -> Result<(Finished, ()), Finished> {
        Ok((self.finished("plan", samples::plan(2), Outcome::Done), ()))
    }

    async fn prepare_undo(&self, _: &Task<'_>, _: &RunRecord) -> Result<(Finished, ()), Finished> {
        Ok((self.finished("prepare undo", samples::plan(2), Outcome::Done), ()))
    }

    async fn prepare_remove(&self, _: &Task<'_>) -> Result<(Finished, ()), Finished> {
        Ok((self.finished("prepare remove", samples::plan(2), Outcome::Done), ()))
    }

    async fn remove(&self, _: &Task<'_>, (): (), _: Finished, _: &Answers) -> Finished {
        self.finished("remove", samples::plan(2), Outcome::Done)
    }

    async fn undo(&self, _: &Task<'_>, (): (), _: Finished, _: &Answers) -> Finished {
        self.finished("undo", samples::plan(2), Outcome::Done)
    }

    async fn apply(&self, _: &Task<'_>, (): (), _: Finished, answers: &Answers) -> Finished {
        let mut plan = samples::plan(2);
        for step in &mut plan.steps {
            let allowed = step.disturbs.is_subset(&answers.allow);
            step.state = if allowed {
                StepState::Done
            } else {
                StepState::Refused("needs --allow".to_owned())
            };
        }
        let outcome = of_apply(&Plan { findings: Vec::new(), ..plan.clone() }, &[], false);
        self.finished("apply", plan, outcome)
    }
}

fn call(engine: &Fake, line: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let playbook: PathBuf = folder.path().join("emea.yaml");
    std::fs::write(&playbook, PLAYBOOK).unwrap();
    let line = line.replace("PLAYBOOK", &playbook.display().to_string());
    let state = folder.path().join("state").display().to_string();
    // Nobody listens on the discard port: the first meeting finds no server, and the engine here needs none.
    let shared = [
        "--no-input",
        "-q",
        "--connect-to",
        "cucm-pub.example.com:8443=127.0.0.1:9",
        "--state-dir",
        &state,
    ];
    let Cli { global, command } =
        Cli::read(std::iter::once("ippactl").chain(line.split(' ')).chain(shared)).unwrap();
    let call = Call::new(global);
    if let Command::Plan(flags) = &command {
        plan::plan(&call, engine, flags)
    } else if let Command::Apply(flags) = &command {
        apply::apply(&call, engine, flags)
    } else if let Command::OneShot(parts) = &command {
        one_shot::one_shot(&call, engine, parts)
    } else if let Command::Verify(flags) = &command {
        verify::verify(&call, engine, flags)
    } else if let Command::Validate { playbooks } = &command {
        validate::validate(&call, playbooks)
    } else {
        panic!("no report of {}", command.word())
    }
}

#[test]
fn nothing_is_applied_without_confirmation() {
    for line in [
        "apply PLAYBOOK",
        "apply PLAYBOOK --allow removal",
        "apply PLAYBOOK --yes --expect fedcba9876543210",
    ] {
        let engine = Fake::default();
        assert_eq!(call(&engine, line).outcome, Outcome::Refused, "{line}");
        assert_eq!(*engine.calls.lock().unwrap(), ["plan"], "{line}");
    }
}

#[test]
fn yes_leaves_out_what_disturbs_and_allow_lets_it_through() {
    let engine = Fake::default();
    let report = call(&engine, "apply PLAYBOOK --yes --expect 0123456789abcdef");
    assert_eq!(report.outcome, Outcome::Refused);
    assert_eq!(*engine.calls.lock().unwrap(), ["plan", "apply"]);
    let states: Vec<_> =
        report.sections[0].plan.steps.iter().map(|step| step.state.word()).collect();
    assert_eq!(states, ["done", "done", "done", "refused"]);
    let allow = format!("apply PLAYBOOK --yes --allow {}", Disturbance::Removal.word());
    assert_eq!(call(&Fake::default(), &allow).outcome, Outcome::Done);
}

#[test]
fn the_exit_codes_of_plan_and_verify() {
    for (line, code) in [
        ("plan PLAYBOOK", 0),
        ("plan PLAYBOOK --detailed-exitcode", 2),
        ("verify PLAYBOOK", 2),
        ("verify PLAYBOOK PLAYBOOK --strict", 3),
        ("validate PLAYBOOK", 0),
        ("validate PLAYBOOK no-such-file.yaml", 64),
        ("plan no-such-file.yaml", 64),
    ] {
        assert_eq!(call(&Fake::default(), line).outcome.code(), code, "{line}");
    }
}
