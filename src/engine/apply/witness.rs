//! The witness of promise 1: what others have on a device before and after a whole-list write.

use secrecy::ExposeSecret;

use crate::clients::axl::Subscription;
use crate::outcome::Outcome;
use crate::resources::subscription::{DeviceState, Edit, Rules};
use crate::trouble::Trouble;

/// A subscription that nobody asked to change, as far as a list write could lose it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Other {
    service: String,
    name: String,
    url: String,
    secure_url: String,
    button_index: i64,
    label: String,
    priority: Option<i64>,
    rows: Vec<(String, String)>,
}

/// Everything on the device that belongs to nobody's edit.
pub(super) fn others(edits: &[Edit], rules: &Rules, state: &DeviceState) -> Vec<Other> {
    let ours = |service: &str| {
        rules.services.iter().any(|view| view.is(service))
            || rules.retired.iter().any(|retired| retired == service)
            || edits.iter().any(|edit| edit.service == service)
    };
    let foreign = state.subscriptions.iter().filter(|subscription| !ours(&subscription.service));
    let mut others: Vec<Other> = foreign.map(|subscription| other(subscription, state)).collect();
    others.sort();
    others
}

fn other(subscription: &Subscription, state: &DeviceState) -> Other {
    let rows = state.rows.get(&subscription.pkid).map(Vec::as_slice).unwrap_or_default();
    let mut rows: Vec<(String, String)> = rows
        .iter()
        .map(|(name, value)| (name.to_string(), value.expose_secret().to_owned()))
        .collect();
    rows.sort();
    Other {
        service: subscription.service.to_string(),
        name: subscription.name.to_string(),
        url: subscription.url.expose_secret().to_owned(),
        secure_url: subscription.secure_url.expose_secret().to_owned(),
        button_index: subscription.button_index,
        label: subscription.label.to_string(),
        priority: subscription.priority,
        rows,
    }
}

/// Whether everything that was there still is. More may have come meanwhile.
pub(super) fn keeps(before: &[Other], after: &[Other]) -> bool {
    before.iter().all(|other| after.contains(other))
}

/// The code of what is reported when something was lost: it stays, whatever is read afterwards.
pub(super) const LOST: &str = "foreign-subscription-changed";

/// What is reported when something was lost.
pub(super) fn lost(device: &str) -> Trouble {
    Trouble::new(
        LOST,
        Outcome::Failed,
        format!("writing the services of {device} changed a subscription nobody asked to change"),
    )
    .at(device.to_owned())
    .because("this server does not keep everything of a list that is written back whole")
    .then("look at the device's subscriptions in the console; other devices with foreign subscriptions are now written by SQL or left to an operator")
}

/// What is reported when writes do not come to rest.
pub(super) fn restless(device: &str) -> Trouble {
    Trouble::new(
        "write-not-seen",
        Outcome::Failed,
        format!("the subscriptions of {device} still differ"),
    )
    .at(device.to_owned())
    .because("the writes were accepted, and reading back shows other values")
    .then("look at the device's subscriptions in the console, and run verify")
}
