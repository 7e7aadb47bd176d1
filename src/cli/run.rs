//! What `plan`, `verify` and `apply` share: from a playbook's file to a finished run.

use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::engine::declared::Declared;
use crate::engine::{Finished, Operator, Secrets as _, Stop, Task};
use crate::outcome::Outcome;
use crate::plan::{Plan, window};
use crate::planner::build::SqlMode;
use crate::playbook::{Deployment, SqlWrites, Waivers};
use crate::report::scope::{Scope, Shard};
use crate::report::{Section, Subject, merge};
use crate::trouble::Trouble;

use super::Call;
use super::connect::secrets::Vault;
use super::events::Tee;
use super::interrupt::{Ended, guard, unwritten};
use super::link::Link;
use super::load::{Loaded, load};
use super::meeting::Whom;
use super::operator::{Person, SandboxAdministrator};
use super::pipeline::Pipeline;
use super::progress::Progress;

/// What one run does once the way is open.
#[expect(async_fn_in_trait, reason = "everything runs on one thread; no Send bound is wanted")]
pub trait Work {
    /// The command.
    fn subject(&self) -> Subject;
    /// Whom it speaks to.
    fn speaks_to(&self) -> Whom {
        Whom::Sections
    }
    /// What somebody answers for.
    fn waivers(&self, _: &Deployment, _color: bool) -> Result<Waivers, Box<Section>> {
        Ok(Waivers::default())
    }
    /// Whether it writes to a cluster by a playbook.
    fn writes(&self) -> bool {
        false
    }
    /// The part of the devices that is reported; all without one.
    fn shard(&self) -> Option<Shard> {
        None
    }
    /// How a part of a plan ends.
    fn of_part(&self, _plan: &Plan, _waivers: &Waivers, _strict: bool) -> Outcome {
        Outcome::Done
    }
    /// Flags that go into the task.
    fn prepare<'t>(&'t self, _task: &mut Task<'t>) {}
    /// Does it.
    async fn perform(
        &self,
        call: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        progress: &Progress,
    ) -> Finished;
}

/// One playbook, from its file to its section of the report.
pub fn run_file(call: &Call, pipeline: &impl Pipeline, file: &str, work: &impl Work) -> Section {
    match load(file, call.console.aside.color) {
        Ok(loaded) => run(call, pipeline, loaded, work),
        Err(section) => *section,
    }
}

/// One deployment, to its section of the report.
pub fn run(call: &Call, pipeline: &impl Pipeline, loaded: Loaded, work: &impl Work) -> Section {
    let name = loaded.deployment.name.clone();
    call.events.started(&name, work.subject());
    let mut section = match work.waivers(&loaded.deployment, call.console.aside.color) {
        Ok(waivers) => perform(call, pipeline, (&loaded.deployment, &waivers), work),
        Err(section) => *section,
    };
    section.mistakes.extend(loaded.warnings);
    call.events.finished(&section);
    section
}

fn perform(
    call: &Call,
    pipeline: &impl Pipeline,
    (deployment, waivers): (&Deployment, &Waivers),
    work: &impl Work,
) -> Section {
    let began = Instant::now();
    let runtime = match super::runtime() {
        Ok(runtime) => runtime,
        Err(trouble) => return Section::of(&deployment.name, trouble),
    };
    let progress = Rc::new(Progress::new(call, &deployment.name));
    let hush = Rc::clone(&progress);
    let vault = Vault::new(call.interactive, call.global.sandbox)
        .naming(deployment)
        .hushing(move || hush.hold());
    // First meetings are between one deployment and the person.
    let meeting = call.interactive.then(|| call.floor.take());
    let opened = async {
        let asks = (call.interactive, work.speaks_to());
        let link = Link::open(&call.global, deployment, &vault, asks, &call.refusals).await?;
        vault.resolve(&deployment.credentials.axl.password).map(|_| link)
    };
    let link = match runtime.block_on(unwritten(opened)) {
        Ok(link) => link,
        Err(trouble) => return Section::of(&deployment.name, trouble),
    };
    drop(meeting);
    if link.sandbox_control().is_some() {
        call.sandboxed.store(true, Ordering::Relaxed);
    }
    let stop = Stop::default();
    let administrator = link.sandbox_control().map(|control| SandboxAdministrator { control });
    let yes = call.global.yes;
    let person = Person { console: call.console, stop: &stop, progress: &progress, yes };
    let heard = Tee { first: progress.as_ref(), second: call.events.of(&deployment.name) };
    let operator: Option<&dyn Operator> = match &administrator {
        Some(administrator) => Some(administrator),
        None => call.interactive.then_some(&person),
    };
    let who = super::connect::user_name();
    let closed = window::closed(&deployment.windows, jiff::Timestamp::now());
    let mut task = Task {
        deployment,
        http: &link.http,
        platform: &link.platform,
        secrets: &vault,
        listener: &heard,
        stop: &stop,
        refusals: &call.refusals,
        state: &link.state,
        concurrency: usize::from(call.global.concurrency.unwrap_or(deployment.limits.concurrency)),
        strict: call.global.strict,
        rewrite_secrets: false,
        restart_now: false,
        reboot: &[],
        wait_deferred: None,
        max_failures: None,
        canary: None,
        retry_failed: false,
        one_shot: None,
        who: &who,
        outside_windows: closed.as_deref(),
        waivers,
        operator,
        sql: match deployment.phone_services.sql_writes {
            SqlWrites::Never => SqlMode::Never,
            SqlWrites::Ask => SqlMode::Ask,
            SqlWrites::Allow => SqlMode::Allow,
        },
    };
    work.prepare(&mut task);
    let performed = async {
        let mut finished = work.perform(call, pipeline, &task, &progress).await;
        finished.journal.take_if(|_| link.forgets());
        section(&task, finished, work, began)
    };
    // One deadline for the whole call, however many playbooks it has.
    let deadline = call.global.deadline.map(Duration::from_secs);
    let deadline = deadline.map(|deadline| deadline.saturating_sub(call.began.elapsed()));
    let guarded = guard(performed, &stop, deadline, |text| call.progress.once(call, text));
    let section = match runtime.block_on(guarded) {
        Ended::Finished(section) => section,
        Ended::Left => Section::of(
            &deployment.name,
            Trouble::new(
                "interrupted",
                Outcome::Interrupted,
                "Left at once, calls in flight were not awaited",
            )
            .then("run the same command again: it reads first and finishes what is missing"),
        ),
    };
    progress.clear();
    for note in vault.take_notes().iter().chain(&link.http.settings().trust.take_warnings()) {
        progress.note(note);
    }
    section
}

/// What is reported of a finished run.
fn section(task: &Task<'_>, finished: Finished, work: &impl Work, began: Instant) -> Section {
    let (deployment, waivers) = (task.deployment, task.waivers);
    let mut section = Section {
        plan: finished.plan,
        refusals: finished.refusals,
        troubles: finished.troubles,
        requests: finished.requests,
        journal: finished.journal.map(|path| path.display().to_string()),
        ..Section::new(&deployment.name, finished.outcome)
    };
    section.take_waivers(waivers, &finished.waivers);
    let declared = Declared::read(task.state);
    section.take_drift(declared.drift(deployment, &section.plan));
    let mut scope = Scope::of(deployment, &section);
    scope.milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if let Some(shard) = work.shard() {
        merge::reduce(&mut section.plan, &mut scope, shard);
        section.forget_others();
        let ends = section.troubles.iter().map(|trouble| trouble.outcome);
        let own = work.of_part(&section.plan, waivers, task.strict);
        section.outcome = Outcome::winner(ends.chain([own]));
    }
    section.scope = Some(scope);
    section
}
