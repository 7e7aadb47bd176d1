//! What the database says of the roster's devices: one row each. And whether its end users allow control from CTI.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::Seen;
use crate::checks::phone_menu::DevicesSeen;
use crate::clients::axl::DeviceFact;
use crate::playbook::Product;
use crate::trouble::Trouble;

use super::{Around, not_checked};

/// Reads it of the devices of these names.
pub(super) async fn look(
    around: Around<'_>,
    names: &[String],
    seen: &mut Seen,
) -> Result<(), Trouble> {
    users(around, seen).await?;
    if names.is_empty() {
        return Ok(());
    }
    around.begin("what the database says of the devices", names.len())?;
    let finesse = &around.task.deployment.finesse;
    let wanted = |fact: &DeviceFact| match fact {
        DeviceFact::UserLocale => finesse.language_packs.is_some(),
        DeviceFact::DeviceConfiguration => finesse.product == Product::Uccx,
        DeviceFact::Model
        | DeviceFact::CtiControl
        | DeviceFact::Provisioning
        | DeviceFact::ProfileProvisioning => true,
    };
    let facts: Vec<DeviceFact> = DeviceFact::ALL.into_iter().filter(wanted).collect();
    let read = around.reader.device_facts(names, &facts).await;
    let Some(facts) = around.told("settings of the roster's devices", read, seen)? else {
        return Ok(());
    };
    for (fact, why) in &facts.refused {
        let subject = format!("{} of the roster's devices", fact.title());
        seen.not_checked.push(not_checked(subject, why));
    }
    let configs: BTreeSet<String> = facts
        .told
        .values()
        .filter_map(|device| device.get(&DeviceFact::DeviceConfiguration))
        .filter(|config| !config.is_empty())
        .cloned()
        .collect();
    let mut modes = BTreeMap::new();
    for config in configs {
        around.task.stop.check()?;
        let read = around.reader.ip_addressing_mode(&config).await;
        let subject = format!("IP Addressing Mode of common device configuration {config}");
        let mode = around.told(&subject, read, seen)?.flatten();
        modes.extend(mode.map(|mode| (config, mode)));
    }
    seen.devices = Some(DevicesSeen { facts, modes });
    Ok(())
}

async fn users(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let rows = around.task.deployment.agents.rows.iter();
    let users: BTreeSet<&str> = rows.filter_map(|row| row.user.as_deref()).collect();
    if users.is_empty() {
        return Ok(());
    }
    let users: Vec<String> = users.into_iter().map(str::to_owned).collect();
    around.begin("end users", users.len())?;
    let read = around.reader.end_users_cti(&users).await;
    let subject = "Allow Control of Device from CTI of the end users";
    seen.users = around.told(subject, read, seen)?.unwrap_or_default();
    Ok(())
}
