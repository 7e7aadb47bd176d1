//! Which of the two ways writes a device's subscriptions (product.md, Small rules), and what a list write could lose.

use secrecy::ExposeSecret;

use crate::clients::axl::Subscription;

use super::subscription::{Edit, ValueRows};

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

/// What this server makes of the secure URLs in a list that is written back whole: no source tells. It is seen on our
/// own subscriptions, on a device where nothing else could be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListWrites {
    /// Not seen yet.
    #[default]
    Unproven,
    /// They are made anew from their services' templates.
    Keep,
    /// They are gone.
    Lose,
}

/// What a list write could lose of the subscriptions that are on a device already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Nothing.
    Nothing,
    /// Secure URLs that are their services' own templates: whether they survive depends on the server.
    SecureUrl,
    /// Value rows, another secure URL or another priority: they do not survive.
    Values,
}

/// Decides. `all` are the device's subscriptions to *every* service, `rows` their value rows by key.
pub fn way(
    edits: &[Edit],
    all: &[Subscription],
    rows: &ValueRows,
    sql: bool,
    list: ListWrites,
) -> Way {
    let safe = match risk(edits, all, rows, sql) {
        Risk::Nothing => true,
        Risk::SecureUrl => list != ListWrites::Lose,
        Risk::Values => false,
    };
    if safe && edits.iter().any(Edit::in_list) {
        return Way::Whole;
    }
    if sql { Way::Delta } else { Way::Operator }
}

/// The worst that a list write could do on this device.
pub fn risk(edits: &[Edit], all: &[Subscription], rows: &ValueRows, sql: bool) -> Risk {
    let risks = all.iter().map(|subscription| of_one(subscription, edits, rows, sql));
    risks.max().unwrap_or(Risk::Nothing)
}

/// One that goes away in the same write, or whose secure URL is written afterwards anyway, has nothing to lose there.
fn of_one(subscription: &Subscription, edits: &[Edit], rows: &ValueRows, sql: bool) -> Risk {
    let edit = edits.iter().find(|edit| edit.pkid.as_ref() == Some(&subscription.pkid));
    if edit.is_some_and(|edit| edit.unsubscribe) {
        return Risk::Nothing;
    }
    let has_rows = rows.get(&subscription.pkid).is_some_and(|rows| !rows.is_empty());
    let own_priority = subscription
        .priority
        .is_some_and(|priority| Some(priority) != subscription.service_priority);
    let secure = subscription.secure_url.expose_secret();
    let rewritten = sql && edit.is_some_and(|edit| edit.secure_url.is_some());
    let at_stake = !secure.is_empty() && !rewritten;
    if has_rows || own_priority || (at_stake && secure != &*subscription.secure_template) {
        Risk::Values
    } else if at_stake {
        Risk::SecureUrl
    } else {
        Risk::Nothing
    }
}
