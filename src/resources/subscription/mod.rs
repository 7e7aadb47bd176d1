//! Subscriptions of one phone or device profile: which are missing, and where values differ.
//!
//! A value stands in the URL, in the secure URL and in a row; all three are compared (facts: axl.md 11.2).

mod clearing;
mod comparison;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::SecretString;

use crate::clients::axl::{DeviceKind, Pkid, Subscription};
use crate::plan::{Change, Finding, Object, ObjectKind};
use crate::playbook::{Manage, Parameter, SubscriptionKind};

use super::DesiredDevice;
use comparison::Comparison;

/// One declared service as subscriptions are compared with it.
#[derive(Debug, Clone)]
pub struct ServiceView {
    /// The declared name.
    pub name: String,
    /// Names under which existing subscriptions count: the declared one, or the one to adopt until then.
    pub known_as: Vec<String>,
    /// The name of the service that was or will be taken over; subscriptions may still carry it.
    pub former: Option<String>,
    /// Parameters that the service defines beyond the three; their values are carried along.
    pub carried: Vec<String>,
    /// The URL as it will be defined.
    pub url: String,
    /// The secure URL as it will be defined.
    pub secure_url: String,
}

impl ServiceView {
    /// Whether existing subscriptions to a service of this name count.
    pub fn is(&self, service: &str) -> bool {
        self.known_as.iter().any(|known| known == service)
    }
}

/// What does not depend on the device.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The declared services, primary first.
    pub services: Vec<ServiceView>,
    /// Services whose subscriptions are taken away from roster devices.
    pub retired: Vec<String>,
    /// How phones come to be subscribed.
    pub subscription: SubscriptionKind,
    /// Whether direct database writes may happen: without them value rows are not written.
    pub sql: bool,
    /// `dialect.url_separator`.
    pub separator_said: Option<char>,
    /// What existing subscriptions use.
    pub separator_seen: Option<char>,
}

/// The owned part of what is there on one device.
#[derive(Debug, Clone, Default)]
pub struct DeviceState {
    /// Its subscriptions; those of other services are ignored here.
    pub subscriptions: Vec<Subscription>,
    /// Its value rows.
    pub rows: ValueRows,
}

/// Value rows by subscription key: parameter name and value.
pub type ValueRows = BTreeMap<Pkid, Vec<(Arc<str>, SecretString)>>;

/// What is written for one subscription.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The name under which the service is known on the cluster when this is performed.
    pub service: String,
    /// The subscription's key, when there is one.
    pub pkid: Option<Pkid>,
    /// There is none yet.
    pub subscribe: bool,
    /// It is taken away.
    pub unsubscribe: bool,
    /// New name of the subscription.
    pub name: Option<String>,
    /// New URL.
    pub url: Option<SecretString>,
    /// New secure URL.
    pub secure_url: Option<SecretString>,
    /// Rows to write; `true` = a row of this parameter is there already.
    pub rows: Vec<(Parameter, SecretString, bool)>,
    /// Rows to delete.
    pub clear: Vec<Parameter>,
    /// A subscription that was there before, as it was.
    pub as_it_was: Option<AsItWas>,
}

/// What a subscription that is put back had beside its URLs.
#[derive(Debug, Clone)]
pub struct AsItWas {
    /// Name of the subscription.
    pub name: String,
    /// Its ASCII name.
    pub name_ascii: String,
    /// Button position; 0 = in the menu.
    pub button_index: i64,
    /// Label.
    pub label: String,
    /// Priority, where it had one.
    pub priority: Option<i64>,
    /// Value rows: parameter name and value.
    pub rows: Vec<(String, SecretString)>,
}

impl Edit {
    /// An edit of this subscription that does nothing yet.
    pub fn of(service: &str, pkid: Option<&Pkid>) -> Self {
        Self {
            service: service.to_owned(),
            pkid: pkid.cloned(),
            subscribe: false,
            unsubscribe: false,
            name: None,
            url: None,
            secure_url: None,
            rows: Vec::new(),
            clear: Vec::new(),
            as_it_was: None,
        }
    }

    /// Whether AXL's list of services can make any of it.
    pub fn in_list(&self) -> bool {
        self.subscribe || self.unsubscribe || self.name.is_some() || self.url.is_some()
    }

    /// Whether only SQL can make some of it.
    pub fn beyond_list(&self) -> bool {
        let rows_again = self.as_it_was.as_ref().is_some_and(|was| !was.rows.is_empty());
        self.secure_url.is_some() || !self.rows.is_empty() || !self.clear.is_empty() || rows_again
    }

    /// Whether it does nothing.
    pub fn is_empty(&self) -> bool {
        !self.in_list() && !self.beyond_list()
    }
}

/// The comparison's result for one device.
#[derive(Debug, Clone, Default)]
pub struct Difference {
    /// What to show.
    pub changes: Vec<Change>,
    /// What to write.
    pub edits: Vec<Edit>,
    /// What is reported and not written.
    pub findings: Vec<Finding>,
    /// An existing subscription or value is replaced or removed.
    pub alters: bool,
    /// Subscriptions taken away.
    pub removals: usize,
}

impl Difference {
    /// Whether nothing differs, and nothing is to be reported.
    pub fn is_none(&self) -> bool {
        self.changes.is_empty() && self.edits.is_empty() && self.findings.is_empty()
    }
}

/// What is done with subscriptions of a device that no roster row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It is on the roster.
    Roster,
    /// Existing subscriptions lose their values.
    ClearValues,
    /// Existing subscriptions are taken away.
    Unsubscribe,
}

/// Compares one device.
pub fn compare(
    device: &DesiredDevice,
    listed: Listed,
    rules: &Rules,
    state: &DeviceState,
) -> Difference {
    let mut result = Difference::default();
    let comparison = Comparison { device, rules, state };
    let missing: Vec<bool> = rules
        .services
        .iter()
        .map(|view| comparison.subscriptions(&view.known_as).is_empty())
        .collect();
    let all_missing = missing.iter().all(|missing| *missing);
    for (view, missing) in rules.services.iter().zip(missing) {
        match (missing, listed) {
            (true, Listed::Roster) if comparison.subscribes() => {
                comparison.subscribe(view, all_missing, &mut result);
            }
            (true, _) => {}
            (false, Listed::Unsubscribe) => comparison.unsubscribe(&view.known_as, &mut result),
            (false, Listed::Roster) => {
                let subscriptions = comparison.subscriptions(&view.known_as);
                result.findings.extend(comparison.duplicate(view, subscriptions.len()));
                for subscription in subscriptions {
                    comparison.repair(view, subscription, &mut result);
                }
            }
            (false, Listed::ClearValues) => {
                for subscription in comparison.subscriptions(&view.known_as) {
                    comparison.clear_values(view, subscription, &mut result);
                }
            }
        }
    }
    if listed == Listed::Roster {
        comparison.unsubscribe(&rules.retired, &mut result);
        result.findings.extend(comparison.kept_values_differ());
    }
    if device.manage == Manage::Verify {
        result.edits.clear();
    }
    result
}

/// The object behind a device.
pub fn object(kind: DeviceKind, name: &str) -> Object {
    Object::new(
        match kind {
            DeviceKind::Phone => ObjectKind::Phone,
            DeviceKind::DeviceProfile => ObjectKind::DeviceProfile,
        },
        name,
    )
}
