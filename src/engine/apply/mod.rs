//! Guard, perform in the order of a run, observe again.

mod run;
pub mod undo;
pub mod remove;
mod service_back;
mod canary;
mod device_back;
mod token;
mod application_user;
mod phone_service;
mod wider_settings;
mod phones;
mod in_turn;
mod writing;
mod subscription;
mod send;
mod statements;
mod together;
mod witness;
mod phone_apply;
mod told_phones;
mod phones_in_use;
mod deferred;
mod self_care;
mod certificate_trust;
mod finesse_settings;
mod tomcat_restart;
mod ordered_restart;
mod cucm_reboot;
mod gate;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::time::Instant;

use crate::outcome::Outcome;
use crate::plan::{
    AxlCall, Call, Disturbance, Finding, Kind, Object, OneShot, Plan, Step, StepState, guard,
};
use crate::planner::build::{SqlMode, build};
use crate::resources;
use crate::trouble::Trouble;

use crate::engine::journal::{Head, Journal, Lock};
use crate::engine::judge::{Finished, of_apply};
use crate::engine::observe::{certificates, finesse, inputs, observe, only};
use crate::engine::remembered::Remembered;
use crate::engine::{Answers, Event, Prepared, Purpose, Task};
use phones::per_device;
use run::Run;

/// A step can uncover another one (what a server made of a write); more rounds than this mean that it does
/// not come to rest.
const ROUNDS: usize = 3;

/// Performs a prepared plan and observes again.
pub async fn apply(task: &Task<'_>, mut prepared: Prepared, answers: &Answers) -> Finished {
    let task = &without_leave(task, &mut prepared, &answers.allow);
    let mut plan = std::mem::take(&mut prepared.plan);
    let refusals = refusals(task, prepared.desired.phones(), &plan, answers);
    let confirmed = !answers.operator_done.is_empty();
    if !refusals.is_empty() || (plan.steps.is_empty() && !confirmed) {
        return end(task, &prepared, plan, refusals, None);
    }
    permissions(task, &mut plan.steps, &answers.allow);
    let begun = Lock::held(&mut prepared.lock, task.state).and_then(|lock| {
        let head = Head {
            command: task.one_shot.map_or("apply", OneShot::word),
            fingerprint: &plan.fingerprint,
            undoes: None,
        };
        Journal::begin(task, lock, head)
    });
    let journal = match begun {
        Ok(journal) => journal,
        Err(trouble) => return end(task, &prepared, plan, vec![trouble], None),
    };
    let mut run = Run::new(task, prepared, answers.clone(), journal);
    // What the steps are about is said by the steps; what is found from here on is what is read again.
    plan.findings = plan.unanswered().cloned().collect();
    let begun = Instant::now();
    let troubles = loop {
        let troubles = once(&mut run, &mut plan).await;
        if !troubles.is_empty() || !run.waits_for_deferred(&mut plan.steps, begun).await {
            break troubles;
        }
    };
    let mut troubles = troubles;
    troubles.extend(run.offer(&plan.steps).err());
    plan.findings.append(&mut run.guards);
    plan.findings.extend(thrown_out(&plan.steps, &run.prepared, &answers.allow));
    run.close(task, plan, troubles)
}

/// Restarts that nobody has allowed, and who would have been cut off.
fn thrown_out(steps: &[Step], prepared: &Prepared, allow: &BTreeSet<Disturbance>) -> Vec<Finding> {
    let held = |step: &&Step| {
        let refused = matches!(step.state, StepState::Refused(_));
        step.kind == Kind::TomcatRestart && refused && !allow.contains(&Disturbance::Restart)
    };
    let nodes = prepared.observation.finesse.as_ref().map(|finesse| &finesse.nodes);
    let of = |step: &Step| {
        let host = &step.object.name;
        let node = nodes.into_iter().flatten().find(|node| node.host == *host);
        resources::tomcat_restart::thrown_out(host, node)
    };
    steps.iter().filter(held).filter_map(of).collect()
}

/// Everything once: what is configured, then what follows from it, then a last look.
async fn once(run: &mut Run<'_>, plan: &mut Plan) -> Vec<Trouble> {
    let (task, allow) = (run.task, run.answers.allow.clone());
    let mut troubles = configuration(run, plan).await;
    if !troubles.is_empty() || task.stop.is_set() || !plan.steps.iter().any(follows) {
        return troubles;
    }
    plan.read_back = false;
    troubles.extend(consequences(run, &mut plan.steps).await.err());
    if let Err(asked) = task.stop.check() {
        troubles.extend(troubles.is_empty().then_some(asked));
        return troubles;
    }
    // What still waits for a phone or a person brings its consequences up again: their time is over.
    let takes = |step: &Step| !step.is_consequence();
    match again(run, plan).await {
        Ok(fresh) => settle(plan, fresh, task, &allow, takes),
        Err(trouble) => troubles.push(trouble),
    }
    // Only now is it known which phones do not run what they were told.
    if troubles.is_empty() && plan.steps.iter().any(told_phones::waits) {
        troubles.extend(run.tick_boxes(&mut plan.steps).await.err());
        match again(run, plan).await {
            Ok(fresh) => settle(plan, fresh, task, &allow, takes),
            Err(trouble) => troubles.push(trouble),
        }
    }
    troubles
}

/// What is configured, in rounds, until it has come to rest.
async fn configuration(run: &mut Run<'_>, plan: &mut Plan) -> Vec<Trouble> {
    let (task, allow) = (run.task, run.answers.allow.clone());
    let mut troubles = Vec::new();
    for round in 1..=ROUNDS {
        plan.read_back = false;
        troubles.extend(perform(run, &mut plan.steps).await.err());
        if let Err(asked) = task.stop.check() {
            // What was written is not seen yet, even where everything was.
            troubles.extend(troubles.is_empty().then_some(asked));
            break;
        }
        match again(run, plan).await {
            Ok(fresh) => settle(plan, fresh, task, &allow, |_| true),
            Err(trouble) => troubles.push(trouble),
        }
        let more = plan.steps.iter().any(|step| step.state == StepState::Planned && !follows(step));
        if !troubles.is_empty() || !more || round == ROUNDS {
            break;
        }
    }
    troubles
}

/// Steps that come after everything is configured: once each, whatever asked for them.
fn follows(step: &Step) -> bool {
    step.state == StepState::Planned
        && matches!(
            step.kind,
            Kind::PhoneApply
                | Kind::CertificateTrust
                | Kind::FinesseSettings
                | Kind::TomcatRestart
                | Kind::CucmReboot
        )
}

/// Marks what nobody has allowed, and what may not be done at this time.
fn permissions(task: &Task<'_>, steps: &mut [Step], allow: &BTreeSet<Disturbance>) {
    guard::permissions(steps, allow);
    if let Some(closed) = &task.outside_windows {
        guard::windows(steps, closed);
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

fn refusals(task: &Task<'_>, phones: usize, plan: &Plan, answers: &Answers) -> Vec<Trouble> {
    let mut refusals = guard::thresholds(task.deployment, phones, plan);
    let memory = Remembered::read(task.state);
    for (id, token) in &answers.operator_done {
        refusals.extend(token::refusal(plan, &memory, id, token));
    }
    refusals
}

/// The table of contents of a run, as far as it is configuration.
async fn perform(run: &mut Run<'_>, steps: &mut Vec<Step>) -> Result<(), Trouble> {
    for step in pending(steps, |step| step.kind == Kind::ApplicationUser) {
        run.application_user(step).await?;
    }
    for step in pending(steps, |step| step.kind == Kind::RmcmUser) {
        run.rmcm_user(step).await?;
    }
    for step in pending(steps, |step| step.kind == Kind::PhoneService && !disables(step)) {
        run.phone_service(step).await?;
    }
    run.tick_boxes(steps).await?;
    for step in pending(steps, |step| step.kind == Kind::PhoneSettings && !per_device(step)) {
        match step.call {
            Call::Operator(_) => run.https_only(step).await?,
            Call::Axl(_) | Call::Finesse(_) | Call::Platform(_) => run.wider_settings(step).await?,
        }
    }
    // Subscriptions wait for a service that could not be written; settings do not.
    let waits = |step: &Step| {
        let service = step.kind == Kind::PhoneService && !disables(step);
        service && step.state != StepState::Done && matches!(step.call, Call::Axl(_))
    };
    let waits = steps.iter().any(waits);
    let ready = |step: &Step| per_device(step) && !(waits && step.kind == Kind::Subscription);
    Box::pin(run.canaries(steps, ready)).await?;
    run.phones(pending(steps, ready).collect()).await?;
    let moved = |step: &Step| step.kind != Kind::Subscription || step.state == StepState::Done;
    if steps.iter().all(moved) {
        for step in pending(steps, disables) {
            run.disable_replaced(step).await?;
        }
    }
    for step in pending(steps, |step| step.kind == Kind::SelfCare) {
        run.self_care(step).await?;
    }
    Ok(())
}

/// The table of contents of a run, as far as it follows from what was configured.
async fn consequences(run: &mut Run<'_>, steps: &mut Vec<Step>) -> Result<(), Trouble> {
    run.phone_applies(steps).await?;
    Box::pin(run.certificate_trusts(steps)).await?;
    for step in pending(steps, |step| step.kind == Kind::FinesseSettings) {
        run.finesse_settings(step).await?;
    }
    if !run.never_restarts() {
        Box::pin(run.tomcat_restarts(steps)).await?;
    }
    Box::pin(run.cucm_reboots(steps)).await
}

fn pending(steps: &mut [Step], of: impl Fn(&Step) -> bool) -> impl Iterator<Item = &mut Step> {
    steps.iter_mut().filter(move |step| step.state == StepState::Planned && of(step))
}

fn disables(step: &Step) -> bool {
    step.call == Call::Axl(AxlCall::DisableReplacedService)
}

/// Observes again and plans from it. A secret that was written because `--rewrite-secrets` asked for it is asked for no
/// more.
async fn again(run: &mut Run<'_>, done: &Plan) -> Result<Plan, Trouble> {
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
    let list_writes = prepared.observation.list_writes;
    let mut fresh = fresh;
    if let Some(nodes) = prepared.nodes.as_ref().filter(|_| finesse::reads(task, purpose)) {
        fresh.finesse = Some(finesse::read(task, nodes, purpose).await?);
    }
    let begun =
        |step: &Step| step.kind == Kind::CertificateTrust && step.state != StepState::Planned;
    match prepared.observation.certificates.take().filter(|_| !done.steps.iter().any(begun)) {
        Some(seen) => certificates::remember(task, seen, &mut fresh),
        None => certificates::look(task, reader, purpose, &mut fresh).await?,
    }
    prepared.observation = fresh;
    prepared.observation.list_writes = list_writes;
    prepared.observation.not_checked.splice(0..0, unknown);
    let mut fresh = build(inputs(task, desired, &prepared.observation));
    let again = inputs(task, desired, &prepared.observation);
    crate::checks::sso::judge(again, &prepared.seen, &mut fresh);
    only(&mut fresh, prepared.only.as_ref());
    if task.rewrite_secrets {
        let rewritten = |step: &Step| {
            let done = done.steps.iter().filter(|done| done.state == StepState::Done);
            done.into_iter().any(|done| same(done, step))
        };
        let task = Task { rewrite_secrets: false, ..*task };
        let rest = build(inputs(&task, desired, &prepared.observation)).steps;
        fresh.steps.retain(|step| !rewritten(step));
        fresh.steps.extend(rest.into_iter().filter(rewritten));
    }
    Ok(fresh)
}

/// Whether two steps are about the same thing, done by the same hand.
fn same(a: &Step, b: &Step) -> bool {
    by_whom(a) == by_whom(b)
}

/// What a step is about, and whether a person does it.
fn by_whom(step: &Step) -> (Kind, Object, bool) {
    (step.kind, step.object.clone(), matches!(step.call, Call::Operator(_)))
}

/// Holds what was done against what is there now.
fn settle(
    plan: &mut Plan,
    fresh: Plan,
    task: &Task<'_>,
    allow: &BTreeSet<Disturbance>,
    takes: impl Fn(&Step) -> bool,
) {
    let mut left: HashMap<(Kind, Object), Vec<usize>> = HashMap::new();
    for (place, step) in fresh.steps.iter().enumerate() {
        left.entry((step.kind, step.object.clone())).or_default().push(place);
    }
    for step in &mut plan.steps {
        let places = left.get(&(step.kind, step.object.clone()));
        let gone = places.is_none();
        let mut left = places.into_iter().flatten().filter_map(|place| fresh.steps.get(*place));
        let still = left.find(|fresh| same(fresh, step));
        match (&step.state, still) {
            // A restart that was made and did not end well is not made good by being owed no more.
            (StepState::Failed(trouble), None)
                if gone && trouble.code != witness::LOST && step.kind != Kind::TomcatRestart =>
            {
                step.state = StepState::Done;
            }
            (StepState::Unknown(_), None) if gone => step.state = StepState::Done,
            (StepState::Done, Some(still))
                if !step.is_consequence() && still.changes == step.changes =>
            {
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
    let waits = plan.steps.iter().filter(|old| old.state != StepState::Done);
    let waits: HashSet<(Kind, Object, bool)> = waits.map(by_whom).collect();
    let known = |step: &Step| waits.contains(&by_whom(step));
    let mut uncovered: Vec<Step> =
        fresh.steps.into_iter().filter(|step| takes(step) && !known(step)).collect();
    permissions(task, &mut uncovered, allow);
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
