//! `export`: an existing estate as a playbook and its rosters. It holds a [`Reader`], which cannot write.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use crate::clients::axl::{AxlError, DeviceKind, Reader};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::planner::build::{Inputs, Observation, SqlMode, build};
use crate::planner::estate::draft::{Found, Site, draft, unread};
use crate::planner::estate::roster::{self, roster};
use crate::planner::estate::{LeftOut, services, settings, sign_in};
use crate::playbook::draft::{Draft, RosterDraft, RowDraft};
use crate::playbook::{Deployment, Manage, SubscriptionKind};
use crate::resources::Desired;
use crate::resources::phone_service::Candidates;
use crate::trouble::Trouble;

use super::Task;
use super::estate::{Discovered, discover_named, nothing};
use super::observe::{at_publisher, connect, phone_settings_of};

/// What was found.
#[derive(Debug)]
pub struct Exported {
    /// The playbook and its rosters.
    pub draft: Draft,
    /// What they do not say.
    pub left_out: Vec<LeftOut>,
    /// The application user, where it could be told.
    pub user: Option<String>,
    /// How phones come to be subscribed, in the playbook's word.
    pub subscription: &'static str,
    /// Rows that the playbook does not name, because a plan would change something.
    pub aside: Option<RosterDraft>,
    /// Devices that are subscribed, or get the services by themselves and are controlled.
    pub devices: usize,
    /// Requests sent, by operation.
    pub requests: BTreeMap<String, u64>,
    observation: Observation,
}

/// What somebody named, because it would not be told by itself.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The application user.
    pub app_user: Option<&'a str>,
    /// Phone services, the primary node's first.
    pub services: &'a [String],
}

/// Reads the estate.
///
/// # Errors
/// When something cannot be read, and when there is nothing that a playbook could declare.
pub async fn export(
    task: &Task<'_>,
    site: Site<'_>,
    named: Named<'_>,
) -> Result<Exported, Trouble> {
    let asked = named.app_user;
    let reader = connect(task).await?;
    let found = discover_named(task, &reader, (&site.said(), named.services), asked).await?;
    if found.chosen.primary.is_none() {
        return Err(nothing(task, &found.chosen));
    }
    if let Some(asked) = asked
        && !found.users.iter().any(|id| id.eq_ignore_ascii_case(asked))
    {
        return Err(unknown_user(task, asked));
    }
    let mut observation = observe(task, &reader, &found).await?;
    let subscription = services::subscription(&found.chosen, found.subscribed.len());
    let controlled = controlled(task, &reader, &observation, subscription).await?;
    let filled = sign_in::tell(&found.estate, &found.chosen);
    let mut rows = roster(roster::Inputs {
        estate: &found.estate,
        chosen: &found.chosen,
        subscription,
        filled,
        product: site.deployment.finesse.product,
        user: found.user.id.as_deref(),
        controlled: &controlled,
    });
    let phones: Vec<String> = rows
        .rows
        .iter()
        .chain(&rows.phones)
        .filter(|row| row.manage != Manage::Subscription)
        .filter_map(|row| row.device.clone())
        .collect();
    let seen = phone_settings_of(task, &reader, &phones).await?;
    let (settings, otherwise) = settings::tell(&seen);
    observation.devices = devices(rows.rows.iter().chain(&rows.phones));
    observation.settings = Some(seen);
    let Discovered { estate, chosen, user, users, .. } = found;
    let mut left_out = chosen.left_out.clone();
    left_out.extend(sign_in::further_parameters(&chosen));
    left_out.extend(user.left_out.iter().cloned());
    left_out.append(&mut rows.left_out);
    let aside = std::mem::take(&mut rows.aside);
    let aside = (!aside.is_empty()).then(|| RosterDraft {
        path: format!("{}-left-out.csv", site.deployment.name),
        rows: aside,
    });
    left_out.extend(otherwise);
    left_out.extend(unread(site));
    let devices = observation.devices.len();
    let made = Found {
        chosen: &chosen,
        subscription,
        filled,
        user: user.id.as_deref(),
        users: &users,
        rows: rows.rows,
        phones: rows.phones,
        settings,
    };
    let draft = draft(site, made, &left_out).ok_or_else(|| nothing(task, &chosen))?;
    observation.services = candidates(chosen.all().map(|place| place.service.clone()));
    observation.states = estate.states;
    observation.separator = estate.separator;
    Ok(Exported {
        draft,
        left_out,
        aside,
        user: user.id,
        subscription: subscription.word(),
        devices,
        requests: reader.requests(),
        observation,
    })
}

impl Exported {
    /// The plan of the playbook that was made of it, against what was read: the proof that it changes nothing, or what it
    /// changes.
    ///
    /// # Errors
    /// When the playbook cannot be applied at all.
    pub fn plan(&self, deployment: &Deployment) -> Result<Plan, Trouble> {
        let desired = Desired::new(deployment, &None)?;
        Ok(build(Inputs {
            deployment,
            desired: &desired,
            observation: &self.observation,
            sql: SqlMode::Ask,
            rewrite_secrets: false,
            restart_now: false,
            reboot: &[],
            one_shot: None,
        }))
    }
}

/// The application user, and the groups of the cluster.
async fn observe(
    task: &Task<'_>,
    reader: &Reader,
    found: &Discovered,
) -> Result<Observation, Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let application_user = match &found.user.id {
        Some(id) => reader.application_user(id).await.map_err(failed)?,
        None => None,
    };
    let groups = reader.user_groups("Standard CTI%").await.map_err(failed)?;
    Ok(Observation { application_user, groups, ..Observation::default() })
}

/// What the application user controls. Where that makes the roster, only phones and profiles.
async fn controlled(
    task: &Task<'_>,
    reader: &Reader,
    observation: &Observation,
    subscription: SubscriptionKind,
) -> Result<BTreeMap<String, DeviceKind>, Trouble> {
    let Some(user) = &observation.application_user else { return Ok(BTreeMap::new()) };
    if subscription == SubscriptionKind::Manual {
        let of = |names: &[String], kind| {
            names.iter().map(move |name| (name.clone(), kind)).collect::<Vec<_>>()
        };
        let profiles = of(&user.profiles, DeviceKind::DeviceProfile);
        return Ok(of(&user.devices, DeviceKind::Phone).into_iter().chain(profiles).collect());
    }
    let names: Vec<String> = user.devices.iter().chain(&user.profiles).cloned().collect();
    let devices = reader.devices(&names).await.map_err(|error| at_publisher(task, &error))?;
    Ok(devices.into_iter().map(|device| (device.name.into(), device.kind)).collect())
}

fn devices<'a>(
    rows: impl Iterator<Item = &'a RowDraft>,
) -> BTreeMap<CompactString, (DeviceKind, Arc<str>)> {
    let mut all = BTreeMap::new();
    let model: Arc<str> = "".into();
    for row in rows {
        let named =
            [(&row.device, DeviceKind::Phone), (&row.device_profile, DeviceKind::DeviceProfile)];
        for (name, kind) in named {
            all.extend(name.as_deref().map(|name| (name.into(), (kind, Arc::clone(&model)))));
        }
    }
    all
}

fn candidates(services: impl Iterator<Item = crate::clients::axl::PhoneService>) -> Candidates {
    let services = services.map(|service| (service.name.clone(), service)).collect();
    Candidates { services, ..Candidates::default() }
}

fn unknown_user(task: &Task<'_>, asked: &str) -> Trouble {
    let what = format!("There is no application user {asked}");
    Trouble::new("export-app-user", Outcome::Usage, what)
        .at(task.deployment.cucm.publisher.to_string())
        .because("--app-user names it")
        .then("correct the id, or leave the flag out: the user is then chosen by what it controls")
}
