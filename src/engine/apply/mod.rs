//! Guard, perform in the order of a run, observe again.

mod run;
mod application_user;
mod phone_service;
mod subscription;
mod statements;
mod witness;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::outcome::Outcome;
use crate::plan::{AxlCall, Call, Disturbance, Kind, Plan, Step, StepState, guard};
use crate::planner::build::{SqlMode, build};
use crate::trouble::Trouble;

use crate::engine::journal::{Journal, Lock};
use crate::engine::judge::{Finished, of_apply};
use crate::engine::observe::{inputs, observe};
use crate::engine::{Answers, Event, Prepared, Purpose, Task};
use run::Run;

/// A step can uncover another one (what a server made of a write); more rounds than this mean that it does
/// not come to rest.
const ROUNDS: usize = 3;

/// Performs a prepared plan and observes again.
pub async fn apply(task: &Task<'_>, mut prepared: Prepared, answers: &Answers) -> Finished {
    let task = &without_leave(task, &mut prepared, &answers.allow);
    let mut plan = prepared.plan.clone();
    let refusals = refusals(task, &prepared, answers);
    if !refusals.is_empty() || plan.steps.is_empty() {
        return end(task, &prepared, plan, refusals, None);
    }
    guard::permissions(&mut plan.steps, &answers.allow);
    let begun = Lock::held(&mut prepared.lock, task.state).and_then(|lock| {
        Journal::begin(task.state, lock, &task.deployment.name, &plan.fingerprint)
    });
    let journal = match begun {
        Ok(journal) => journal,
        Err(trouble) => return end(task, &prepared, plan, vec![trouble], None),
    };
    let mut run = Run::new(task, prepared, answers.allow.clone(), journal);
    let mut troubles = Vec::new();
    for round in 1..=ROUNDS {
        plan.read_back = false;
        troubles.extend(perform(&mut run, &mut plan.steps).await.err());
        if let Err(asked) = task.stop.check() {
            // What was written is not seen yet, even where everything was.
            troubles.extend(troubles.is_empty().then_some(asked));
            break;
        }
        match again(&mut run).await {
            Ok(fresh) => settle(&mut plan, fresh, &answers.allow),
            Err(trouble) => troubles.push(trouble),
        }
        let more = plan.steps.iter().any(|step| step.state == StepState::Planned);
        if !troubles.is_empty() || !more || round == ROUNDS {
            break;
        }
    }
    plan.counts.writes = run.writes();
    let (prepared, mut journal) = run.into_parts();
    let path = journal.path().to_owned();
    let finished = end(task, &prepared, plan, troubles, Some(path));
    match journal.end(finished.outcome) {
        Ok(()) => finished,
        Err(trouble) => finished.with(trouble),
    }
}

/// Direct database writes that need leave and have none do not happen: what they would have made is planned
/// anew without them.
fn without_leave<'a>(
    task: &Task<'a>,
    prepared: &mut Prepared,
    allow: &BTreeSet<Disturbance>,
) -> Task<'a> {
    if task.sql != SqlMode::Ask || allow.contains(&Disturbance::Sql) {
        return *task;
    }
    let task = Task { sql: SqlMode::Never, ..*task };
    prepared.plan = build(inputs(&task, &prepared.desired, &prepared.observation));
    task
}

fn refusals(task: &Task<'_>, prepared: &Prepared, answers: &Answers) -> Vec<Trouble> {
    let mut refusals =
        guard::thresholds(task.deployment, prepared.desired.phones(), &prepared.plan);
    for (id, token) in &answers.operator_done {
        let step = prepared.plan.steps.iter().find_map(|step| match &step.call {
            Call::Operator(operator) if operator.id == *id => Some(operator),
            Call::Operator(_) | Call::Axl(_) => None,
        });
        if step.is_some_and(|step| step.token != *token) {
            let what = format!("the token for operator step {id} belongs to other values");
            refusals.push(
                Trouble::new("operator-token-foreign", Outcome::Refused, what)
                    .because("the values of the step have changed since the token was shown")
                    .then("run plan again and do the step with the values it shows"),
            );
        } else if step.is_some() {
            let what =
                format!("operator step {id} is said to be done, and the cluster shows otherwise");
            refusals.push(
                Trouble::new("operator-step-not-seen", Outcome::Failed, what)
                    .because("what was read just now still differs from the step's values")
                    .then("look at the step in the plan and at the console"),
            );
        }
    }
    refusals
}

/// The table of contents of a run.
async fn perform(run: &mut Run<'_>, steps: &mut [Step]) -> Result<(), Trouble> {
    for step in pending(steps, |step| step.kind == Kind::ApplicationUser) {
        run.application_user(step).await?;
    }
    for step in pending(steps, |step| step.kind == Kind::PhoneService && !disables(step)) {
        run.phone_service(step).await?;
    }
    // Subscriptions wait for a service that could not be written.
    let waits = |step: &Step| {
        let service = step.kind == Kind::PhoneService && !disables(step);
        service && step.state != StepState::Done && matches!(step.call, Call::Axl(_))
    };
    if !steps.iter().any(waits) {
        run.subscriptions(pending(steps, |step| step.kind == Kind::Subscription).collect()).await?;
    }
    let moved = |step: &Step| step.kind != Kind::Subscription || step.state == StepState::Done;
    if steps.iter().all(moved) {
        for step in pending(steps, disables) {
            run.disable_replaced(step).await?;
        }
    }
    Ok(())
}

fn pending(steps: &mut [Step], of: impl Fn(&Step) -> bool) -> impl Iterator<Item = &mut Step> {
    steps.iter_mut().filter(move |step| step.state == StepState::Planned && of(step))
}

fn disables(step: &Step) -> bool {
    step.call == Call::Axl(AxlCall::DisableReplacedService)
}

/// Observes again and plans from it.
async fn again(run: &mut Run<'_>) -> Result<Plan, Trouble> {
    let task = run.task;
    task.listener.event(Event::Note("reading the cluster again".to_owned()));
    let prepared = &mut run.prepared;
    let purpose = Purpose::Apply;
    let (reader, desired) = (&prepared.reader, &prepared.desired);
    let fresh = observe(task, reader, desired, purpose, &mut prepared.password).await?;
    let unknown: Vec<_> = prepared
        .observation
        .not_checked
        .iter()
        .filter(|item| item.subject == crate::engine::observe::AGENT_PASSWORDS)
        .cloned()
        .collect();
    prepared.observation = fresh;
    prepared.observation.not_checked.splice(0..0, unknown);
    Ok(build(inputs(task, desired, &prepared.observation)))
}

/// Holds what was done against what is there now.
fn settle(plan: &mut Plan, fresh: Plan, allow: &BTreeSet<Disturbance>) {
    let same = |a: &Step, b: &Step| {
        let operators = (matches!(a.call, Call::Operator(_)), matches!(b.call, Call::Operator(_)));
        a.kind == b.kind && a.object == b.object && operators.0 == operators.1
    };
    for step in &mut plan.steps {
        let still = fresh.steps.iter().find(|fresh| same(fresh, step));
        match (&step.state, still) {
            (StepState::Failed(_) | StepState::Unknown(_), None) => step.state = StepState::Done,
            (StepState::Done, Some(still)) if still.changes == step.changes => {
                step.state = StepState::Failed(
                    Trouble::new(
                        "write-not-seen",
                        Outcome::Failed,
                        format!("{} still differs", step.object),
                    )
                    .because("the write was accepted, and reading back shows the old values")
                    .then("look at the object in the console, and run verify"),
                );
            }
            _ => {}
        }
    }
    let known =
        |step: &Step| plan.steps.iter().any(|old| same(old, step) && old.state != StepState::Done);
    let mut uncovered: Vec<Step> = fresh.steps.into_iter().filter(|step| !known(step)).collect();
    guard::permissions(&mut uncovered, allow);
    plan.steps.extend(uncovered);
    plan.read_back = true;
    plan.findings = fresh.findings;
    plan.not_checked = fresh.not_checked;
    plan.counts.devices_in_sync = fresh.counts.devices_in_sync;
}

fn end(
    task: &Task<'_>,
    prepared: &Prepared,
    plan: Plan,
    troubles: Vec<Trouble>,
    journal: Option<PathBuf>,
) -> Finished {
    let outcome = of_apply(&plan, &troubles, task.strict);
    let requests = prepared.reader.requests();
    Finished { troubles, journal, ..Finished::reading(plan, outcome, requests) }
}
