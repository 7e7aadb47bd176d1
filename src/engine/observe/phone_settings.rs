//! Reads phone settings at their three levels, and the number of *HTTPS Only* where somebody has chosen it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clients::axl::{DeviceKind, PhoneConfiguration, Reader};
use crate::engine::Task;
use crate::planner::build::Observation;
use crate::planner::phones::SettingsSeen;
use crate::playbook::Manage;
use crate::resources::Desired;
use crate::resources::phone_settings::{HTTP_AND_HTTPS, Phone, Setting, Values};
use crate::trouble::Trouble;

use super::{at_publisher, reading};

/// A phone as it is compared: the two values, not the whole text.
pub fn phone_of(read: &PhoneConfiguration) -> Phone {
    Phone {
        model: Arc::clone(&read.model),
        profile: Arc::clone(&read.profile),
        own: Arc::new(Values::of(&read.config)),
    }
}

/// Reads the roster's phones, the profiles that they follow, and the enterprise level.
pub(super) async fn read(
    task: &Task<'_>,
    reader: &Reader,
    desired: &Desired,
    observation: &Observation,
) -> Result<Option<SettingsSeen>, Trouble> {
    if task.deployment.phone_settings.is_none() {
        return Ok(None);
    }
    let names: Vec<String> = observation
        .existing(desired)
        .filter(|device| device.kind == DeviceKind::Phone && device.manage != Manage::Subscription)
        .map(|device| device.name.to_string())
        .collect();
    seen(task, reader, &names).await.map(Some)
}

/// What these phones say, the profiles that they follow, and the enterprise level.
pub(in crate::engine) async fn seen(
    task: &Task<'_>,
    reader: &Reader,
    names: &[String],
) -> Result<SettingsSeen, Trouble> {
    let failed = |error| at_publisher(task, &error);
    let mut seen = SettingsSeen::default();
    let mut same: BTreeSet<Arc<Values>> = BTreeSet::new();
    let mut configurations = reader.configurations(names);
    while configurations.left() > 0 {
        task.stop.check()?;
        reading(task, "phone settings", seen.phones.len(), Some(names.len()));
        for read in configurations.next().await.map_err(failed)? {
            let mut phone = phone_of(&read);
            // Most phones say the same.
            match same.get(&phone.own) {
                Some(known) => phone.own = Arc::clone(known),
                None => drop(same.insert(Arc::clone(&phone.own))),
            }
            seen.phones.insert(read.device, phone);
        }
    }
    if let Some(missing) = names.iter().find(|name| !seen.phones.contains_key(*name)) {
        return Err(incomplete(missing));
    }
    let profiles: BTreeSet<&str> = seen.phones.values().map(|phone| &*phone.profile).collect();
    for profile in profiles.into_iter().filter(|profile| !profile.is_empty()) {
        let config = reader.profile_configuration(profile).await.map_err(failed)?;
        seen.profiles.insert(profile.to_owned(), Values::of(&config.unwrap_or_default()));
    }
    let enterprise = reader.enterprise_configuration().await.map_err(failed)?;
    seen.enterprise = Values::of(&enterprise);
    seen.https_only_in_use = match &task.deployment.dialect.https_only_value {
        Some(said) => BTreeSet::from([said.clone()]),
        None => https_only(task, reader, &seen).await?,
    };
    Ok(seen)
}

/// The values other than *HTTP and HTTPS* that are in use: on what was read and, unless all of that has the same one
/// already, on some other phones of the cluster. It may differ by model, and only a single one tells anything.
async fn https_only(
    task: &Task<'_>,
    reader: &Reader,
    seen: &SettingsSeen,
) -> Result<BTreeSet<String>, Trouble> {
    let chosen = |values: &Values| {
        let value = values.get(Setting::HttpsServer)?.trim();
        (!value.is_empty() && value != HTTP_AND_HTTPS).then(|| value.to_owned())
    };
    let levels = seen.phones.values().map(|phone| &*phone.own);
    let levels = levels.chain(seen.profiles.values()).chain([&seen.enterprise]);
    let mut values: BTreeSet<String> = levels.filter_map(chosen).collect();
    let settled = values.len() == 1
        && seen.phones.values().all(|phone| {
            let profile = seen.profiles.get(&*phone.profile).and_then(chosen);
            chosen(&phone.own).or(profile).or_else(|| chosen(&seen.enterprise)).is_some()
        });
    if !settled {
        let element = Setting::HttpsServer.element();
        let others = reader.reference_configurations(element, HTTP_AND_HTTPS).await;
        let others = others.map_err(|error| at_publisher(task, &error))?;
        values.extend(others.iter().filter_map(|config| chosen(&Values::of(config))));
    }
    Ok(values)
}

fn incomplete(name: &str) -> Trouble {
    Trouble::new(
        "read-incomplete",
        crate::outcome::Outcome::Incomplete,
        "the phone settings were not read to their end",
    )
    .at(name.to_owned())
    .because("the phone exists, and no answer tells its configuration")
    .then("run the command again")
}
