//! The look at a cluster that a first playbook begins with: what of IP Phone Agent is there, as answers to begin with. It
//! holds a [`Reader`](crate::clients::axl::Reader), which cannot write.

use std::collections::BTreeMap;

use crate::planner::estate::Estate;
use crate::planner::estate::roster::{self, roster};
use crate::planner::estate::services::{self, Chosen};
use crate::planner::estate::sign_in::{self, Filled};
use crate::planner::estate::users::Told;
use crate::playbook::draft::RowDraft;
use crate::playbook::{Manage, Product, SubscriptionKind};
use crate::trouble::Trouble;

use super::Task;
use super::estate::{Discovered, discover};
use super::observe::connect;

/// What is there.
#[derive(Debug)]
pub struct FirstLook {
    /// CUCM's release.
    pub release: String,
    /// Services and subscriptions.
    pub estate: Estate,
    /// The application user.
    pub user: Told,
    /// UCCX's RMCM user, by its name: nothing else tells it.
    pub rmcm: Option<String>,
    /// Requests sent, by operation.
    pub requests: BTreeMap<String, u64>,
}

/// What is there of one deployment.
#[derive(Debug)]
pub struct OfNodes {
    /// Its services, and so its Finesse nodes.
    pub chosen: Chosen,
    /// How phones come to be subscribed to them.
    pub subscription: SubscriptionKind,
    /// Who fills in what, as the services define it.
    pub filled: Filled,
    /// Devices that are subscribed, with what is stored for them; all of it is managed.
    pub rows: Vec<RowDraft>,
}

/// Looks.
///
/// # Errors
/// When something cannot be read.
pub async fn first_look(task: &Task<'_>) -> Result<FirstLook, Trouble> {
    let reader = connect(task).await?;
    let Discovered { estate, user, users, .. } = discover(task, &reader, &[], None).await?;
    let own = user.id.clone();
    let rmcm = users.into_iter().find(|id| {
        id.to_ascii_lowercase().contains("rmcm") && own.as_ref().is_none_or(|own| own != id)
    });
    let release = reader.release().to_owned();
    Ok(FirstLook { release, estate, user, rmcm, requests: reader.requests() })
}

impl FirstLook {
    /// What is there of the deployment with these Finesse nodes, as service URLs name them; of the one that is used most where
    /// none are named.
    pub fn of_nodes(&self, said: &[String], product: Product) -> OfNodes {
        let chosen = services::choose(&self.estate, said);
        let filled = sign_in::tell(&self.estate, &chosen);
        let rows = roster(roster::Inputs {
            estate: &self.estate,
            chosen: &chosen,
            subscription: SubscriptionKind::Manual,
            filled,
            product,
            user: None,
            controlled: &BTreeMap::new(),
        });
        // A playbook that is to set things right changes what is not.
        let rows = rows.rows.into_iter().chain(rows.phones);
        let rows: Vec<_> = rows.map(|row| RowDraft { manage: Manage::All, ..row }).collect();
        let subscription = services::subscription(&chosen, rows.len());
        OfNodes { chosen, subscription, filled, rows }
    }
}
