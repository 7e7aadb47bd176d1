//! Reads the cluster in bulk and makes the plan of it.

pub mod finesse;
pub mod certificates;
mod chosen;
mod phone_settings;
mod running;
mod self_care;
mod whole;

use std::collections::BTreeSet;

use secrecy::ExposeSecret;

use crate::checks;
use crate::clients::axl::{AxlError, AxlSettings, Reader};
use crate::clients::throttle::PATIENCE;
use crate::outcome::Outcome;
use crate::plan::{Kind, NotChecked, Object, Plan};
use crate::planner::build::{Inputs, Observation, build};
use crate::planner::devices::devices_to_change;
use crate::planner::fold::{Fold, Folded};
use crate::planner::running::{Boxes, Told};
use crate::planner::self_care::DEFAULT_SERVER;
use crate::playbook::{FilledBy, SubscriptionKind};
use crate::resources::desired::{AgentPasswords, Desired};
use crate::resources::finesse_settings::SETTINGS;
use crate::resources::phone_service::{self, Candidates};
use crate::resources::replacement::{aside_names, choose_names};
use crate::resources::service_parameter::ParameterEdit;
use crate::trouble::Trouble;

use super::journal::Lock;
use super::password;
use super::remembered::Remembered;
use super::{Event, Purpose, Task, looks};

pub use chosen::only;
pub use phone_settings::phone_of;
pub(super) use phone_settings::seen as phone_settings_of;
pub use running::running;
pub use self_care::self_care;
pub use whole::read_whole;

/// The subject of agents' passwords that are not at hand.
pub const AGENT_PASSWORDS: &str = "agents' passwords";

/// A cluster that was read, and the plan made of it.
pub struct Prepared {
    /// What the playbook wants.
    pub desired: Desired,
    /// What is there.
    pub observation: Observation,
    /// What to do.
    pub plan: Plan,
    /// The client, for a run that goes on.
    pub reader: Reader,
    /// The Finesse nodes, where the playbook has anything to do with them.
    pub nodes: Option<finesse::Nodes>,
    /// The state folder's lock, held since before the cluster was read for an apply.
    pub lock: Option<Lock>,
    /// The verdict on the application user's password, for the rest of this run.
    pub password: password::Tested,
    /// What was read for the checks alone.
    pub seen: checks::Seen,
    /// The objects that alone are written; all where there is no such choice.
    pub only: Option<BTreeSet<Object>>,
}

/// Connects, reads everything the playbook speaks of, and plans.
pub async fn prepare(task: &Task<'_>, purpose: Purpose) -> Result<Prepared, Trouble> {
    let lock = (purpose == Purpose::Apply).then(|| Lock::take(task.state)).transpose()?;
    // What is wrong with values is said before anything is sent.
    let mut not_checked = Vec::new();
    let passwords = agent_passwords(task, purpose, &mut not_checked)?;
    let desired = Desired::new(task.deployment, &passwords)?;
    drop(passwords);
    let reader = connect(task).await?;
    let mut password = password::Tested::default();
    let mut nodes = finesse::Nodes::new(task, purpose)?;
    let mut observation = observe(task, &reader, &desired, purpose, &mut password).await?;
    if let Some(nodes) = nodes.as_mut().filter(|_| finesse::reads(task, purpose)) {
        observation.finesse = match purpose {
            Purpose::Verify => {
                finesse::read_to_judge(task, nodes, &mut observation.troubles).await?
            }
            Purpose::Plan | Purpose::Apply => Some(finesse::read(task, nodes, purpose).await?),
        };
    }
    certificates::look(task, &reader, purpose, &mut observation).await?;
    observation.not_checked.splice(0..0, not_checked);
    let mut plan = build(inputs(task, &desired, &observation));
    let around = looks::Around {
        task,
        reader: &reader,
        desired: &desired,
        observation: &observation,
        nodes: nodes.as_ref(),
    };
    let mut seen = match purpose {
        Purpose::Verify => looks::look(around).await?,
        Purpose::Plan | Purpose::Apply => looks::look_at_modes(around).await?,
    };
    match purpose {
        Purpose::Verify => {
            checks::judge(inputs(task, &desired, &observation), &seen, &mut plan);
            observation.troubles.append(&mut seen.troubles);
        }
        Purpose::Plan | Purpose::Apply => {
            checks::sso::judge(inputs(task, &desired, &observation), &seen, &mut plan);
        }
    }
    let retries = task.retry_failed && purpose == Purpose::Apply;
    let chosen = if retries { Some(chosen::failed_before(task)?) } else { None };
    only(&mut plan, chosen.as_ref());
    Ok(Prepared { desired, observation, plan, reader, nodes, lock, password, seen, only: chosen })
}

/// The inputs of planning.
pub fn inputs<'a>(
    task: &Task<'a>,
    desired: &'a Desired,
    observation: &'a Observation,
) -> Inputs<'a> {
    Inputs {
        deployment: task.deployment,
        desired,
        observation,
        sql: task.sql,
        rewrite_secrets: task.rewrite_secrets,
        restart_now: task.restart_now,
        reboot: task.reboot,
        one_shot: task.one_shot,
    }
}

pub(super) async fn connect(task: &Task<'_>) -> Result<Reader, Trouble> {
    let credential = &task.deployment.credentials.axl;
    let settings = AxlSettings {
        endpoint: task.deployment.cucm.publisher.clone(),
        user: credential.user.clone(),
        password: task.secrets.resolve(&credential.password)?,
        version: task.deployment.cucm.axl_version.clone(),
        http: task.http.clone(),
        concurrency: task.concurrency,
        writes_per_minute: task.deployment.limits.writes_per_minute,
        patience: PATIENCE,
        on_wait: std::sync::Arc::new(|_| ()),
        stop: task.stop.clone(),
        refusals: task.refusals.clone(),
    };
    Reader::connect(settings).await.map_err(|error| at_publisher(task, &error))
}

/// A read of AXL that failed, as it is reported. One that CUCM refuses should have worked, so the run is incomplete.
pub fn at_publisher(task: &Task<'_>, error: &AxlError) -> Trouble {
    let trouble = of_publisher(task, error);
    if error.fault_kind().is_some() && trouble.outcome == Outcome::Failed {
        return Trouble { outcome: Outcome::Incomplete, ..trouble };
    }
    trouble
}

/// An AXL error as it is reported: with the account and the host.
pub fn of_publisher(task: &Task<'_>, error: &AxlError) -> Trouble {
    let user = &task.deployment.credentials.axl.user;
    error.trouble(format!("{} as {user}", task.deployment.cucm.publisher))
}

fn agent_passwords(
    task: &Task<'_>,
    purpose: Purpose,
    not_checked: &mut Vec<NotChecked>,
) -> Result<AgentPasswords, Trouble> {
    let deployment = task.deployment;
    let Some(secret) = &deployment.agents.passwords else { return Ok(None) };
    if deployment.one_button_sign_in.password != FilledBy::Administrator {
        return Ok(None);
    }
    if purpose == Purpose::Verify && !task.secrets.available(secret) {
        not_checked.push(NotChecked {
            subject: AGENT_PASSWORDS.to_owned(),
            reason: format!(
                "{} is not available here; the two services are compared",
                secret.purpose
            ),
            not_checkable: true,
            attested: None,
        });
        return Ok(None);
    }
    let text = task.secrets.resolve(secret)?;
    crate::playbook::passwords(&secret.purpose, text.expose_secret()).map(Some).map_err(
        |mistakes| {
            let why: Vec<String> = mistakes.iter().map(|mistake| mistake.message.clone()).collect();
            Trouble::new(
                "agent-passwords-invalid",
                Outcome::Usage,
                "the agents' passwords cannot be used",
            )
            .at(secret.at.to_string())
            .because(why.join("; "))
            .then("correct the rows; the two columns are id,password")
        },
    )
}

/// Reads everything.
pub async fn observe(
    task: &Task<'_>,
    reader: &Reader,
    desired: &Desired,
    purpose: Purpose,
    password: &mut password::Tested,
) -> Result<Observation, Trouble> {
    let user = &task.deployment.application_user;
    let failed = |error: AxlError| at_publisher(task, &error);
    let mut observation = Observation::default();
    // Finesse's settings hold the same password: whether CUCM takes it is seen on the user.
    if task.does(Kind::ApplicationUser) || task.does(Kind::FinesseSettings) {
        observation.application_user = reader.application_user(&user.id).await.map_err(failed)?;
        observation.groups = reader.user_groups("Standard CTI%").await.map_err(failed)?;
        if observation.application_user.is_none() {
            observation.id_taken = reader.end_user_exists(&user.id).await.map_err(failed)?;
        }
    }
    task.stop.check()?;
    let names: Vec<String> = desired.devices.keys().map(ToString::to_string).collect();
    if !names.is_empty() {
        reading(task, "devices", 0, Some(names.len()));
    }
    let devices = reader.devices(&names).await.map_err(failed)?;
    for device in devices {
        observation.devices.insert(device.name, (device.kind, device.model));
    }
    if task.does(Kind::PhoneService) || task.does(Kind::Subscription) {
        observation.services = services(task, reader, desired).await?;
    }
    let listed = desired.subscription != SubscriptionKind::Enterprise;
    if task.does(Kind::Subscription) && (listed || !desired.retired.is_empty()) {
        read_subscriptions(task, reader, desired, &mut observation).await?;
    }
    password::judge(task, purpose, password, &mut observation).await?;
    if let Some(rmcm) = &task.deployment.application_user.uccx_rmcm {
        observation.rmcm = reader.application_user(&rmcm.user).await.map_err(failed)?;
    }
    observation.settings = phone_settings::read(task, reader, desired, &observation).await?;
    if task.deployment.self_care.is_some() {
        observation.self_care = Some(self_care(task, reader).await?);
    }
    remember(task, purpose, &mut observation);
    read_running(task, purpose, &mut observation).await?;
    if !task.does(Kind::Subscription) {
        return Ok(observation);
    }
    let inputs = inputs(task, desired, &observation);
    let (changing, settled) = devices_to_change(inputs);
    observation.whole = read_whole(task, reader, &changing).await?;
    observation.settled = settled;
    Ok(observation)
}

/// What the live systems cannot tell. It never replaces what was read.
fn remember(task: &Task<'_>, purpose: Purpose, observation: &mut Observation) {
    let memory = Remembered::read(task.state);
    observation.owed_applies = memory.owed_applies();
    observation.boxes = memory.boxes();
    // What nobody can see is for `verify` to say; no plan can change it.
    let without = observation.boxes == Some(Boxes::NotTicked);
    let matters = |told: &Told| purpose == Purpose::Verify || told.web_access || without;
    observation.told = memory.told().into_iter().filter(|(_, told)| matters(told)).collect();
    for step in [SETTINGS, DEFAULT_SERVER] {
        observation.attestations.insert(step.to_owned(), memory.attestations(step));
        let attested = memory.attested(step);
        observation.attested.extend(attested.map(|attested| (step.to_owned(), attested)));
    }
}

/// What phones run. `verify` looks at all of the roster; a plan has something to do only for those that were told.
async fn read_running(
    task: &Task<'_>,
    purpose: Purpose,
    observation: &mut Observation,
) -> Result<(), Trouble> {
    let Some(settings) = &observation.settings else { return Ok(()) };
    let told = |name: &&String| observation.told.get(*name).is_some_and(|told| told.web_access);
    let all = |_: &&String| purpose == Purpose::Verify;
    let names = settings.phones.keys().filter(|name| all(name) || told(name));
    match running(task, purpose, &names.cloned().collect::<Vec<_>>()).await {
        Ok(Ok(devices)) => observation.running = Some(devices),
        Ok(Err(unknown)) => observation.not_checked.push(unknown),
        Err(trouble) if purpose == Purpose::Verify => {
            task.stop.check()?;
            observation.troubles.push(trouble);
        }
        Err(trouble) => return Err(trouble),
    }
    Ok(())
}

/// Every service that a declared one may turn out to be, and who holds values where a parameter is wrong.
pub async fn services(
    task: &Task<'_>,
    reader: &Reader,
    desired: &Desired,
) -> Result<Candidates, Trouble> {
    let mut candidates = Candidates::default();
    for service in &desired.services {
        let own = std::iter::once(&service.name).chain(&service.adopt).cloned();
        // Those that were put aside before, up to the first name that is free.
        for (aside, name) in
            own.map(|n| (false, n)).chain(aside_names(&service.name).map(|n| (true, n)))
        {
            let found =
                reader.phone_service(&name).await.map_err(|error| at_publisher(task, &error))?;
            if aside && found.is_none() {
                break;
            }
            candidates.services.extend(found.map(|service| (name, service)));
        }
    }
    choose_names(&desired.services, &mut candidates);
    for service in &desired.services {
        let (_, edit) = phone_service::compare(service, &candidates);
        let wrong = |edit: &ParameterEdit| !matches!(edit, ParameterEdit::Add(..));
        if edit.parameters.iter().any(wrong) {
            let holders = reader.subscribers_with_values(&edit.existing).await;
            let holders = holders.map_err(|error| at_publisher(task, &error))?;
            candidates.held.extend(holders.into_iter().map(|holder| holder.parameter_pkid));
        }
    }
    Ok(candidates)
}

pub(super) async fn read_subscriptions(
    task: &Task<'_>,
    reader: &Reader,
    desired: &Desired,
    observation: &mut Observation,
) -> Result<(), Trouble> {
    let names: Vec<String> = service_names(desired, &observation.services).into_iter().collect();
    let folded = folded(task, reader, &names).await?;
    observation.states = folded.states;
    observation.separator = folded.separator;
    Ok(())
}

/// All subscriptions to these services, with their values.
pub(super) async fn folded(
    task: &Task<'_>,
    reader: &Reader,
    names: &[String],
) -> Result<Folded, Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let mut fold = Fold::default();
    let (mut pages, mut read) = (reader.subscriptions(names), 0);
    reading(task, "subscriptions", read, None);
    while let Some(page) = pages.next().await.map_err(failed)? {
        task.stop.check()?;
        read += page.rows.len();
        fold.subscriptions(page);
        reading(task, "subscriptions", read, None);
    }
    let (mut pages, mut read) = (reader.values(names), 0);
    reading(task, "values", read, None);
    while let Some(page) = pages.next().await.map_err(failed)? {
        task.stop.check()?;
        read += page.rows.len();
        fold.values(page);
        reading(task, "values", read, None);
    }
    fold.finish()
}

fn service_names(desired: &Desired, candidates: &Candidates) -> BTreeSet<String> {
    let declared = desired
        .services
        .iter()
        .flat_map(|service| std::iter::once(service.name.clone()).chain(service.adopt.clone()));
    declared
        .chain(desired.retired.iter().cloned())
        .chain(candidates.services.keys().cloned())
        .collect()
}

pub(super) fn reading(task: &Task<'_>, what: &str, done: usize, total: Option<usize>) {
    task.listener.event(Event::Reading { what: what.to_owned(), done, total });
}
