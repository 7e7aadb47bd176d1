//! Requests that make phones read their configuration: apply, restart, reset.
//!
//! Source: facts/axl.md section 16. What they do to a call in progress is not documented: a busy phone refuses, with
//! a text that is a setting, and a request to a whole profile passes busy phones over.

use serde_json::json;

use super::answer::written;
use super::lookup::{Place, keyed, referred};
use super::{Desk, Fault, device};
use crate::sandbox::settings::SubscriptionNeeds;
use crate::sandbox::soap::Node;
use crate::sandbox::{menus, phones};

const PROFILE: Place =
    Place { table: "commonphoneconfig", column: "name", what: "Common Phone Profile" };

/// `applyPhone`, `restartPhone`, `resetPhone`.
pub fn phone(desk: &Desk<'_>, request: &Node, how: &'static str) -> Result<Node, Fault> {
    let pkid = device::found(desk, request, device::Class::Phone)?
        .ok_or_else(|| Fault::absent("Phone"))?;
    one(desk, &pkid, how)?;
    Ok(written(&pkid))
}

/// `doDeviceReset`: the same for any device, named by reference.
pub fn reset(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let name = request.child("deviceName").ok_or_else(|| Fault::schema("deviceName is missing"))?;
    let how = match (request.value("deviceResetType"), request.value("isHardReset")) {
        (Some("Reset"), _) | (None, Some("t" | "true" | "1")) => "reset",
        (Some("Restart") | None, _) => "restart",
        (Some("Apply Configuration"), _) => "apply",
        (Some("Generate PRT" | "Extended Config Pull"), _) => "",
        (Some(kind), _) => {
            return Err(Fault::server(-1, format!("'{kind}' is not a kind of reset")));
        }
    };
    let pkid = referred(desk.db, device::PLACE, name)
        .ok()
        .flatten()
        .ok_or_else(|| Fault::absent("Device"))?;
    if !how.is_empty() {
        one(desk, &pkid, how)?;
    }
    Ok(written(&pkid))
}

/// `applyCommonPhoneConfig`, `resetCommonPhoneConfig`.
pub fn profile(desk: &Desk<'_>, request: &Node, how: &'static str) -> Result<Node, Fault> {
    let pkid = keyed(desk.db, PROFILE, request, "name")?
        .ok_or_else(|| Fault::absent("Common Phone Profile"))?;
    let mut statement = desk.db.prepare_cached(
        "select pkid from device where fkcommonphoneconfig = ?1 and tkclass = 1 order by name",
    )?;
    let phones = statement
        .query_map([&pkid], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let (mut applied, mut busy) = (0_u64, 0_u64);
    for phone in phones {
        let presence = phones::presence(desk.db, &phone)?;
        if presence.busy {
            busy += 1;
        } else if presence.registered {
            phones::read_configuration(desk.db, &phone)?;
            if shows_subscriptions(desk, how) {
                menus::read(desk.db, &phone)?;
            }
            applied += 1;
        }
    }
    let name: String = desk.db.query_row(
        "select name from commonphoneconfig where pkid = ?1",
        [&pkid],
        |row| row.get(0),
    )?;
    let fields = json!({ "profile": name, "how": how, "phones": applied, "busy": busy });
    desk.happened("profile-apply", fields);
    Ok(written(&pkid))
}

/// Whether a phone that is touched this way looks at its subscriptions.
fn shows_subscriptions(desk: &Desk<'_>, how: &str) -> bool {
    match desk.settings.subscription_needs {
        SubscriptionNeeds::Nothing => false,
        SubscriptionNeeds::Apply => true,
        SubscriptionNeeds::Reset => how != "apply",
    }
}

fn one(desk: &Desk<'_>, pkid: &str, how: &'static str) -> Result<(), Fault> {
    let (name, class): (String, i64) =
        desk.db.query_row("select name, tkclass from device where pkid = ?1", [pkid], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if class != 1 {
        return Ok(());
    }
    let presence = phones::presence(desk.db, pkid)?;
    if presence.busy {
        return Err(Fault::server(-1, desk.settings.busy_text.clone()));
    }
    // A phone that is not there reads its configuration when it comes back.
    let changed = presence.registered && phones::read_configuration(desk.db, pkid)?;
    if presence.registered && shows_subscriptions(desk, how) {
        menus::read(desk.db, pkid)?;
    }
    desk.happened("phone-apply", json!({ "phone": name, "how": how, "changed": changed }));
    Ok(())
}
