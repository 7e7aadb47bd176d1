//! *Simplified New Call UI* at its three levels. Where phone settings are declared they were read already; what is missing
//! is read here.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::checks::Seen;
use crate::checks::phone_menu::NewCallSeen;
use crate::clients::axl::DeviceKind;
use crate::engine::observe::phone_of;
use crate::resources::phone_settings::Values;
use crate::trouble::Trouble;

use super::Around;

const SUBJECT: &str = "Simplified New Call UI";

/// Reads it.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let settings = around.observation.settings.as_ref();
    let own = |values: &Values| values.new_call().map(str::to_owned);
    let mut levels = NewCallSeen::default();
    if let Some(settings) = settings {
        let phones = settings.phones.iter();
        levels.phones = phones
            .map(|(name, phone)| (name.clone(), (own(&phone.own), Arc::clone(&phone.profile))))
            .collect();
        let profiles = settings.profiles.iter();
        levels.profiles = profiles.map(|(name, values)| (name.clone(), own(values))).collect();
        levels.enterprise = own(&settings.enterprise);
    }
    let phones = around.existing().filter(|device| device.kind == DeviceKind::Phone);
    let names = phones.map(|device| device.name.as_str());
    let unseen = names.filter(|name| !levels.phones.contains_key(*name));
    let unseen: Vec<String> = unseen.map(str::to_owned).collect();
    let mut configurations = around.reader.configurations(&unseen);
    while configurations.left() > 0 {
        around.begin("configurations of the phones", configurations.left())?;
        let read = configurations.next().await;
        let Some(found) = around.told(SUBJECT, read, seen)? else { return Ok(()) };
        for read in found {
            let phone = phone_of(&read);
            levels.phones.insert(read.device, (own(&phone.own), phone.profile));
        }
    }
    let profiles: BTreeSet<String> =
        levels.phones.values().map(|(_, profile)| profile.to_string()).collect();
    for profile in profiles.into_iter().filter(|profile| !profile.is_empty()) {
        if levels.profiles.contains_key(&profile) {
            continue;
        }
        around.task.stop.check()?;
        let read = around.reader.profile_configuration(&profile).await;
        let Some(config) = around.told(SUBJECT, read, seen)? else { return Ok(()) };
        levels.profiles.insert(profile, own(&Values::of(&config.unwrap_or_default())));
    }
    if settings.is_none() && !levels.phones.is_empty() {
        let read = around.reader.enterprise_configuration().await;
        let Some(config) = around.told(SUBJECT, read, seen)? else { return Ok(()) };
        levels.enterprise = own(&Values::of(&config));
    }
    seen.new_call = Some(levels);
    Ok(())
}
