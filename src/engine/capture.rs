//! `capture`: every read that `plan` and `verify` make, kept in a folder without secrets, for a rehearsal on the sandbox.
//!
//! The reads are those of [`prepare`], seen through a tap on the HTTP client. Three more make the loaded cluster whole
//! where a rehearsed `apply` looks: all subscriptions of all phones of the roster, the definitions of the services
//! behind them, and who is in a call. Nothing here can write to a server.

#[doc(hidden)]
pub mod decoders;
mod folder;
mod manifest;
mod markup;
mod meaning;
mod sanitiser;
#[cfg(test)]
mod sanitiser_tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use crate::clients::tap::Tap;
use crate::outcome::Outcome;
use crate::playbook::{Busy, FilledBy, SettingsMode};
use crate::resources::self_care::GROUP;
use crate::trouble::Trouble;

use super::observe::{self, Prepared, finesse, read_whole};
use super::{Purpose, Task, prepare};
use folder::Folder;
use manifest::{Spoken, manifest, without_query};
use sanitiser::Sanitiser;

pub use manifest::HOLDS;

/// What was captured.
#[derive(Debug, Clone)]
pub struct Captured {
    /// Where it is.
    pub folder: PathBuf,
    /// How it ended.
    pub outcome: Outcome,
    /// Exchanges by kind.
    pub exchanges: BTreeMap<String, usize>,
    /// Secrets that were replaced.
    pub secrets: usize,
    /// Secrets of them that are declared passwords of agents.
    pub of_agents: usize,
    /// What a complete capture would hold and this one does not.
    pub missing: Vec<String>,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
    /// Requests by AXL operation.
    pub requests: BTreeMap<String, u64>,
}

/// Reads the deployment and keeps what was said.
///
/// # Errors
/// When the folder cannot be used, or written to its end. A failed read is no such error: what was read until then is
/// kept, and said to be incomplete.
pub async fn capture(task: &Task<'_>, path: &Path) -> Result<Captured, Trouble> {
    let read_back = task.deployment.finesse_settings.as_ref().and_then(|settings| {
        let SettingsMode::Rest(request) = &settings.mode else { return None };
        request.read_back.as_ref()
    });
    let declared = declared_passwords(task)?;
    let sanitiser = Sanitiser::new(read_back.map(|read_back| read_back.user.as_str()));
    let settings = read_back.map(|read_back| without_query(&read_back.path).to_owned());
    let folder = Arc::new(Mutex::new(Folder::create(path, sanitiser, settings)?));
    let kept = Arc::clone(&folder);
    let http = task.http.tapped(Tap::new(move |exchange| locked(&kept).keep(exchange)));
    let task = &Task { http: &http, ..*task };
    let mut troubles = Vec::new();
    let mut missing = Vec::new();
    let prepared = match prepare(task, Purpose::Verify).await {
        Ok(prepared) => {
            let unread = prepared.plan.not_checked.iter().filter(|item| !item.not_checkable);
            missing.extend(unread.map(|item| format!("{}: {}", item.subject, item.reason)));
            troubles.extend(beyond(task, &prepared).await.err());
            Some(prepared)
        }
        Err(trouble) => {
            troubles.push(trouble);
            None
        }
    };
    let told = |trouble: &Trouble| match trouble.place.as_str() {
        "" => trouble.what.clone(),
        place => format!("{} ({place})", trouble.what),
    };
    let ended = troubles.iter().map(|own| format!("everything after a failed read: {}", told(own)));
    missing.extend(ended);
    let broken_off = !troubles.is_empty();
    // What went on without an account lacks what only that one is told.
    let refused = prepared.iter().flat_map(|prepared| &prepared.observation.troubles);
    for trouble in refused {
        missing.push(told(trouble));
        troubles.push(trouble.clone());
    }
    let reader = prepared.as_ref().map(|prepared| &prepared.reader);
    let spoken = reader.map(|own| Spoken { release: own.release(), version: own.version() });
    let mut folder = locked(&folder);
    let owners = folder.sanitiser().owners(&declared);
    let lacks = (missing.as_slice(), broken_off);
    folder.finish(&owners, manifest(task, spoken.as_ref(), lacks))?;
    let incomplete = (!missing.is_empty()).then_some(Outcome::Incomplete);
    // What a read that failed leaves is a part; only a folder that cannot be written is a failure.
    let of_read = |trouble: &Trouble| {
        let failed = trouble.outcome == Outcome::Failed;
        if failed { Outcome::Incomplete } else { trouble.outcome }
    };
    let outcomes = troubles.iter().map(of_read).chain(incomplete);
    Ok(Captured {
        folder: path.to_owned(),
        outcome: Outcome::winner(outcomes),
        exchanges: folder.counts(),
        secrets: folder.sanitiser().found(),
        of_agents: owners.len(),
        missing,
        troubles,
        requests: reader.map(crate::clients::axl::Reader::requests).unwrap_or_default(),
    })
}

fn locked(folder: &Mutex<Folder>) -> MutexGuard<'_, Folder> {
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Agents' passwords, where the administrator fills them in and they are at hand.
fn declared_passwords(task: &Task<'_>) -> Result<BTreeMap<String, SecretString>, Trouble> {
    let deployment = task.deployment;
    let filled = deployment.one_button_sign_in.password == FilledBy::Administrator;
    let secret = deployment.agents.passwords.as_ref().filter(|_| filled);
    let Some(secret) = secret.filter(|secret| task.secrets.available(secret)) else {
        return Ok(BTreeMap::new());
    };
    let text = task.secrets.resolve(secret)?;
    // Mistakes in it are said by the observation, with their lines.
    Ok(crate::playbook::passwords(&secret.purpose, text.expose_secret()).unwrap_or_default())
}

/// What an apply of this playbook would read more than its plan.
async fn beyond(task: &Task<'_>, prepared: &Prepared) -> Result<(), Trouble> {
    let Prepared { desired, observation, reader, .. } = prepared;
    let exist =
        desired.devices.keys().filter(|name| observation.devices.contains_key(name.as_str()));
    let unread = exist.filter(|name| !observation.whole.contains_key(name.as_str()));
    let unread: Vec<String> = unread.map(ToString::to_string).collect();
    let read = read_whole(task, reader, &unread).await?;
    let devices = read.values().chain(observation.whole.values());
    let mut services: BTreeSet<String> = devices
        .flat_map(|device| &device.subscriptions)
        .map(|own| own.service.to_string())
        .collect();
    services.extend(desired.retired.iter().cloned());
    let known = &observation.services.services;
    for service in services.iter().filter(|name| !known.contains_key(name.as_str())) {
        task.stop.check()?;
        let found = reader.phone_service(service).await;
        found.map_err(|error| observe::at_publisher(task, &error))?;
    }
    if task.deployment.self_care.is_some() {
        // Its members do not tell whether it exists.
        let group = reader.user_groups(GROUP).await;
        group.map_err(|error| observe::at_publisher(task, &error))?;
    }
    in_calls(task, prepared).await
}

/// Finesse's users, who say which phones are in use, where an apply would ask for them.
async fn in_calls(task: &Task<'_>, prepared: &Prepared) -> Result<(), Trouble> {
    let deployment = task.deployment;
    let defers = deployment.phone_apply.as_ref().is_some_and(|apply| apply.busy == Busy::Defer);
    let credential = deployment.credentials.finesse.as_ref().filter(|_| defers);
    if !credential.is_some_and(|credential| task.secrets.available(&credential.password)) {
        return Ok(());
    }
    let nodes = match &prepared.nodes {
        Some(nodes) => Some(nodes.clone()),
        None => finesse::Nodes::new(task, Purpose::Apply)?,
    };
    // One whose password was refused is asked no more.
    let Some(nodes) = nodes.filter(|nodes| nodes.primary.has_account()) else { return Ok(()) };
    let users = nodes.primary.users().await;
    users.map(drop).map_err(|error| finesse::at_node(task, &nodes.primary, &error))
}
