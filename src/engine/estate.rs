//! Reads what of IP Phone Agent a cluster has, where no playbook says it: which services lead to which Finesse nodes, who
//! is subscribed, and which application user controls the phones.

use std::collections::BTreeSet;

use crate::clients::axl::{AxlError, Reader};
use crate::outcome::Outcome;
use crate::planner::estate::Estate;
use crate::planner::estate::services::{self, Chosen, leads_to_ippa};
use crate::planner::estate::users::{self, Candidate, Told};
use crate::trouble::Trouble;

use super::Task;
use super::observe::{at_publisher, folded, reading};

/// What of IP Phone Agent is on a cluster.
#[derive(Debug)]
pub struct Discovered {
    /// All that was read of services and subscriptions.
    pub estate: Estate,
    /// The services of one deployment, and so its Finesse nodes; the others by name.
    pub chosen: Chosen,
    /// Devices that are subscribed to either of these services.
    pub subscribed: BTreeSet<String>,
    /// The application user, and who else could be it.
    pub user: Told,
    /// Ids that are taken.
    pub users: Vec<String>,
}

/// Finds it out; `said` are the Finesse nodes as service URLs name them, the primary first, none where nobody said any.
/// `asked` is the application user that somebody named.
pub async fn discover(
    task: &Task<'_>,
    reader: &Reader,
    said: &[String],
    asked: Option<&str>,
) -> Result<Discovered, Trouble> {
    discover_named(task, reader, (said, &[]), asked).await
}

/// The same, of services that somebody named.
pub async fn discover_named(
    task: &Task<'_>,
    reader: &Reader,
    (said, wanted): (&[String], &[String]),
    asked: Option<&str>,
) -> Result<Discovered, Trouble> {
    let estate = estate(task, reader).await?;
    let chosen = services::choose_named(&estate, said, wanted);
    let names = chosen.names();
    let ours = |service: &str| names.iter().any(|name| *name == service);
    let subscribed: BTreeSet<String> = estate
        .states
        .iter()
        .filter(|(_, state)| state.subscriptions.iter().any(|one| ours(&one.service)))
        .map(|(name, _)| name.to_owned())
        .collect();
    let (user, users) = user(task, reader, &subscribed, asked).await?;
    Ok(Discovered { estate, chosen, subscribed, user, users })
}

/// Reads the services, and all subscriptions to them.
async fn estate(task: &Task<'_>, reader: &Reader) -> Result<Estate, Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    task.stop.check()?;
    reading(task, "phone services", 0, None);
    let listed = reader.listed_services().await.map_err(failed)?;
    let mut names: Vec<String> = listed
        .into_iter()
        .filter(|one| leads_to_ippa(&one.url) || leads_to_ippa(&one.secure_url))
        .map(|one| one.name)
        .collect();
    names.sort();
    names.dedup();
    let mut estate = Estate::default();
    for name in &names {
        task.stop.check()?;
        // One that was renamed meanwhile is no longer there.
        estate.services.extend(reader.phone_service(name).await.map_err(failed)?);
    }
    let folded = folded(task, reader, &names).await?;
    estate.states = folded.states;
    estate.separator = folded.separator;
    Ok(estate)
}

/// Looks at every application user, one after the other: of each only what it is judged by is kept.
async fn user(
    task: &Task<'_>,
    reader: &Reader,
    subscribed: &BTreeSet<String>,
    asked: Option<&str>,
) -> Result<(Told, Vec<String>), Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let ids = reader.application_users().await.map_err(failed)?;
    let mut all = Vec::new();
    for (number, id) in ids.iter().enumerate() {
        task.stop.check()?;
        reading(task, "application users", number, Some(ids.len()));
        let user = reader.application_user(id).await.map_err(failed)?;
        all.extend(user.map(|user| Candidate::of(&user, subscribed)));
    }
    Ok((users::choose(all, subscribed.len(), asked), ids))
}

/// That a cluster has nothing that a playbook could declare, and why not.
pub fn nothing(task: &Task<'_>, chosen: &Chosen) -> Trouble {
    let found: Vec<String> = chosen
        .left_out
        .iter()
        .map(|left| format!("{}: {}", left.names.join(", "), left.why))
        .collect();
    let why = if found.is_empty() {
        "no phone service leads to /fippa/ of any host".to_owned()
    } else {
        found.join("; ")
    };
    Trouble::new(
        "export-nothing",
        Outcome::Usage,
        "There is no phone service of IP Phone Agent that a playbook could declare",
    )
    .at(task.deployment.cucm.publisher.to_string())
    .because(why)
    .then("check the publisher; where IP Phone Agent is still to be set up, begin with a playbook")
}
