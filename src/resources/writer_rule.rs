//! Which of the two ways writes a device's subscriptions (product.md, Small rules).

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::Subscription;

use super::subscription::Edit;

/// How a device's subscriptions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// AXL's whole list, then by SQL what the list cannot carry, where allowed.
    Whole,
    /// SQL alone: exactly the columns and rows that differ.
    Delta,
    /// Neither may: a person at the console.
    Operator,
}

/// Decides. `all` are the device's subscriptions to *every* service, `rows` their value rows by key.
pub fn way(
    edits: &[Edit],
    all: &[Subscription],
    rows: &BTreeMap<String, Vec<(String, SecretString)>>,
    sql: bool,
) -> Way {
    let in_list = edits.iter().any(Edit::in_list);
    if in_list && all.iter().all(|subscription| loses_nothing(subscription, edits, rows, sql)) {
        return Way::Whole;
    }
    if sql { Way::Delta } else { Way::Operator }
}

/// Whether replacing the list leaves this subscription as it is: no value rows, no secure URL of its own,
/// default priority. One that goes away in the same write, or whose secure URL is written afterwards anyway,
/// has nothing to lose there.
fn loses_nothing(
    subscription: &Subscription,
    edits: &[Edit],
    rows: &BTreeMap<String, Vec<(String, SecretString)>>,
    sql: bool,
) -> bool {
    let edit = edits.iter().find(|edit| edit.pkid.as_deref() == Some(subscription.pkid.as_str()));
    if edit.is_some_and(|edit| edit.unsubscribe) {
        return true;
    }
    let secure = subscription.secure_url.expose_secret();
    let rewritten = sql && edit.is_some_and(|edit| edit.secure_url.is_some());
    let has_rows = rows.get(&subscription.pkid).is_some_and(|rows| !rows.is_empty());
    let own_secure = !secure.is_empty() && secure != subscription.secure_template && !rewritten;
    let own_priority = subscription
        .priority
        .is_some_and(|priority| Some(priority) != subscription.service_priority);
    !has_rows && !own_secure && !own_priority
}
