//! Subscriptions of one phone or device profile: which are missing, and where values differ.
//!
//! A value stands in the URL, in the secure URL and in a row; all three are compared (facts: axl.md 11.2).

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::{DeviceKind, Subscription};
use crate::plan::{Change, Finding, Object, ObjectKind, SecretNote, Severity, Shown};
use crate::playbook::{Manage, Parameter, SubscriptionKind};

use super::service_url::{ServiceUrl, separator};
use super::{DesiredDevice, Wanted};

/// One declared service as subscriptions are compared with it.
#[derive(Debug, Clone)]
pub struct ServiceView {
    /// The declared name.
    pub name: String,
    /// Names under which existing subscriptions count: the declared one, or the one to adopt until then.
    pub known_as: Vec<String>,
    /// The name of the service that was or will be taken over; subscriptions may still carry it.
    pub former: Option<String>,
    /// The URL as it will be defined.
    pub url: String,
    /// The secure URL as it will be defined.
    pub secure_url: String,
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
    /// Value rows by subscription key: parameter name and value.
    pub rows: BTreeMap<String, Vec<(String, SecretString)>>,
}

/// What is written for one subscription.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The name under which the service is known on the cluster when this is performed.
    pub service: String,
    /// The subscription's key, when there is one.
    pub pkid: Option<String>,
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
}

impl Edit {
    fn of(service: &str, pkid: Option<&str>) -> Self {
        Self {
            service: service.to_owned(),
            pkid: pkid.map(str::to_owned),
            subscribe: false,
            unsubscribe: false,
            name: None,
            url: None,
            secure_url: None,
            rows: Vec::new(),
            clear: Vec::new(),
        }
    }

    /// Whether AXL's list of services can make any of it.
    pub fn in_list(&self) -> bool {
        self.subscribe || self.unsubscribe || self.name.is_some() || self.url.is_some()
    }

    /// Whether only SQL can make some of it.
    pub fn beyond_list(&self) -> bool {
        self.secure_url.is_some() || !self.rows.is_empty() || !self.clear.is_empty()
    }

    fn is_empty(&self) -> bool {
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
            (false, Listed::Roster | Listed::ClearValues) => {
                for subscription in comparison.subscriptions(&view.known_as) {
                    comparison.repair(view, subscription, &mut result);
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

struct Comparison<'a> {
    device: &'a DesiredDevice,
    rules: &'a Rules,
    state: &'a DeviceState,
}

impl<'a> Comparison<'a> {
    fn subscriptions(&self, services: &[String]) -> Vec<&'a Subscription> {
        let of = |s: &&Subscription| services.contains(&s.service);
        let mut found: Vec<&Subscription> = self.state.subscriptions.iter().filter(of).collect();
        found.sort_by(|a, b| a.pkid.cmp(&b.pkid));
        found
    }

    /// Agents subscribe their own phones unless the roster prefills something on them.
    fn subscribes(&self) -> bool {
        match self.rules.subscription {
            SubscriptionKind::Manual => true,
            SubscriptionKind::SelfCare => self.device.prefills(),
            SubscriptionKind::Enterprise => false,
        }
    }

    fn change(
        &self,
        view: &ServiceView,
        field: &str,
        before: Shown,
        after: Shown,
        check: &'static str,
    ) -> Change {
        let field = format!("{}: {field}", view.name);
        Change { field, before, after, check, declared: self.device.declared.clone() }
    }

    fn subscribe(&self, view: &ServiceView, all_missing: bool, result: &mut Difference) {
        let values: Vec<(Parameter, SecretString)> = Parameter::ALL
            .into_iter()
            .filter_map(|parameter| match self.device.wanted(parameter) {
                Wanted::Value(value) => Some((parameter, value.clone())),
                Wanted::Keep | Wanted::Agent | Wanted::Nothing => None,
            })
            .collect();
        let target = |template: &str| self.target(template, &values, &[]);
        let (url, secure_url) = (target(&view.url), target(&view.secure_url));
        let check = match (all_missing, self.device.kind) {
            (true, DeviceKind::Phone) => "subscription-missing",
            (true, DeviceKind::DeviceProfile) => "profile-not-subscribed",
            (false, _) => "subscription-one-service-only",
        };
        let shown = Shown::Text(url.shown());
        result.changes.push(self.change(view, "subscription", Shown::Absent, shown, check));
        result.edits.push(Edit {
            subscribe: true,
            url: Some(url.text()),
            secure_url: Some(secure_url.text()),
            rows: self.rows_to_write(&values),
            ..Edit::of(&view.name, None)
        });
    }

    fn rows_to_write(
        &self,
        values: &[(Parameter, SecretString)],
    ) -> Vec<(Parameter, SecretString, bool)> {
        let rows = values.iter().filter(|_| self.rules.sql);
        rows.map(|(parameter, value)| (*parameter, value.clone(), false)).collect()
    }

    fn unsubscribe(&self, services: &[String], result: &mut Difference) {
        for subscription in self.subscriptions(services) {
            result.changes.push(Change {
                field: format!("{}: subscription", subscription.service),
                before: Shown::text("subscribed"),
                after: Shown::Absent,
                check: "subscription-undeclared",
                declared: self.device.declared.clone(),
            });
            result.alters = true;
            result.removals += 1;
            result.edits.push(Edit {
                unsubscribe: true,
                ..Edit::of(&subscription.service, Some(&subscription.pkid))
            });
        }
    }

    fn repair(&self, view: &ServiceView, subscription: &Subscription, result: &mut Difference) {
        let mut edit = Edit::of(&view.name, Some(&subscription.pkid));
        if view.former.as_ref() == Some(&subscription.name) && subscription.name != view.name {
            let (is, shall) = (Shown::text(&subscription.name), Shown::text(&view.name));
            result.changes.push(self.change(
                view,
                "subscription name",
                is,
                shall,
                "subscription-url-stale",
            ));
            edit.name = Some(view.name.clone());
        }
        let url = ServiceUrl::parse(subscription.url.expose_secret(), &view.url);
        let secure = ServiceUrl::parse(subscription.secure_url.expose_secret(), &view.secure_url);
        let stored = |parameter| {
            let row = self.row(subscription, parameter).map(|(_, value)| value);
            url.value(parameter).or(row).or_else(|| secure.value(parameter))
        };
        edit.url = self.repair_url(view, "URL", &view.url, &url, &stored, result);
        edit.secure_url =
            self.repair_url(view, "secure URL", &view.secure_url, &secure, &stored, result);
        self.repair_rows(view, subscription, &mut edit, result);
        if !edit.is_empty() {
            result.edits.push(edit);
        }
    }

    fn repair_url<'s>(
        &self,
        view: &ServiceView,
        field: &str,
        template: &str,
        is: &ServiceUrl,
        stored: &dyn Fn(Parameter) -> Option<&'s SecretString>,
        result: &mut Difference,
    ) -> Option<SecretString> {
        let own = |parameter| is.value(parameter).map(ExposeSecret::expose_secret);
        let wrong: Vec<Parameter> = Parameter::ALL
            .into_iter()
            .filter(|parameter| match self.device.wanted(*parameter) {
                Wanted::Value(value) => own(*parameter) != Some(value.expose_secret()),
                Wanted::Nothing => own(*parameter).is_some(),
                Wanted::Keep | Wanted::Agent => false,
            })
            .collect();
        let stale = is.base != template || !is.is_tidy();
        if wrong.is_empty() && !stale {
            return None;
        }
        let values: Vec<(Parameter, SecretString)> = Parameter::ALL
            .into_iter()
            .filter_map(|parameter| match self.device.wanted(parameter) {
                Wanted::Value(value) => Some((parameter, value.clone())),
                Wanted::Keep | Wanted::Agent => {
                    Some((parameter, is.value(parameter).or_else(|| stored(parameter))?.clone()))
                }
                Wanted::Nothing => None,
            })
            .collect();
        let foreign: Vec<_> = is.foreign().cloned().collect();
        let shall = self.target(template, &values, &foreign);
        let check = match wrong.as_slice() {
            _ if stale => "subscription-url-stale",
            wrong if wrong.iter().all(|p| own(*p).is_none()) => "subscription-values-missing",
            wrong if wrong.iter().all(|p| matches!(self.device.wanted(*p), Wanted::Nothing)) => {
                "subscription-value-undeclared"
            }
            _ => "subscription-values-differ",
        };
        let absent = is.base.is_empty() && is.values.is_empty();
        result.alters |= !absent && (stale || wrong.iter().any(|p| own(*p).is_some()));
        let before = if absent { Shown::Absent } else { Shown::Text(is.shown()) };
        let mut after = Shown::Text(shall.shown());
        if before == after {
            after = Shown::Secret(SecretNote::Changes);
        }
        result.changes.push(self.change(view, field, before, after, check));
        Some(shall.text())
    }

    fn repair_rows(
        &self,
        view: &ServiceView,
        subscription: &Subscription,
        edit: &mut Edit,
        result: &mut Difference,
    ) {
        for parameter in Parameter::ALL {
            let row = self.row(subscription, parameter);
            let is = row.map(|(_, value)| value.expose_secret());
            let (before, after, check) = match (self.device.wanted(parameter), is) {
                (Wanted::Value(shall), is) if is != Some(shall.expose_secret()) => {
                    let differ = "subscription-value-rows-differ";
                    (show(parameter, is), show(parameter, Some(shall.expose_secret())), differ)
                }
                (Wanted::Nothing, Some(is)) => {
                    (show(parameter, Some(is)), Shown::Absent, "subscription-value-undeclared")
                }
                _ => continue,
            };
            let after = if before == after { Shown::Secret(SecretNote::Changes) } else { after };
            let change =
                self.change(view, &format!("value {}", parameter.name()), before, after, check);
            if !self.rules.sql {
                result.findings.push(rows_differ(self.device, change));
                continue;
            }
            result.alters |= is.is_some();
            result.changes.push(change);
            match self.device.wanted(parameter) {
                Wanted::Value(shall) => edit.rows.push((parameter, shall.clone(), row.is_some())),
                Wanted::Keep | Wanted::Agent | Wanted::Nothing => edit.clear.push(parameter),
            }
        }
    }

    fn row(
        &self,
        subscription: &Subscription,
        parameter: Parameter,
    ) -> Option<&'a (String, SecretString)> {
        let rows = self.state.rows.get(&subscription.pkid)?;
        let exact = rows.iter().find(|(name, _)| name == parameter.name());
        exact.or_else(|| rows.iter().find(|(name, _)| name.eq_ignore_ascii_case(parameter.name())))
    }

    fn target(
        &self,
        template: &str,
        values: &[(Parameter, SecretString)],
        foreign: &[(String, SecretString)],
    ) -> ServiceUrl {
        let own =
            values.iter().map(|(parameter, value)| (parameter.name().to_owned(), value.clone()));
        ServiceUrl {
            base: template.to_owned(),
            separator: Some(separator(
                template,
                self.rules.separator_said,
                self.rules.separator_seen,
            )),
            values: own.chain(foreign.iter().cloned()).collect(),
        }
    }

    /// `keep` and the agents' own values: left alone, but the two services must carry the same.
    fn kept_values_differ(&self) -> Option<Finding> {
        let [primary, secondary] = self.rules.services.as_slice() else { return None };
        let value = |view: &ServiceView, parameter: Parameter| {
            let subscription = self.subscriptions(&view.known_as).into_iter().next()?;
            let url = ServiceUrl::parse(subscription.url.expose_secret(), &view.url);
            Some(url.value(parameter).map(|value| value.expose_secret().to_owned()))
        };
        let differing = Parameter::ALL.into_iter().find(|parameter| {
            matches!(self.device.wanted(*parameter), Wanted::Keep | Wanted::Agent)
                && match (value(primary, *parameter), value(secondary, *parameter)) {
                    (Some(a), Some(b)) => a != b,
                    _ => false,
                }
        })?;
        let shown = |view| show(differing, value(view, differing).flatten().as_deref());
        Some(Finding {
            check: "subscription-values-differ",
            severity: Severity::Error,
            object: object(self.device.kind, &self.device.name),
            field: format!("value {} on {} and {}", differing.name(), primary.name, secondary.name),
            expected: shown(primary),
            found: shown(secondary),
            declared: Some(self.device.declared.clone()),
        })
    }
}

fn rows_differ(device: &DesiredDevice, change: Change) -> Finding {
    Finding {
        check: "subscription-value-rows-differ",
        severity: Severity::Warning,
        object: object(device.kind, &device.name),
        field: change.field,
        expected: change.after,
        found: change.before,
        declared: Some(change.declared),
    }
}

fn show(parameter: Parameter, value: Option<&str>) -> Shown {
    match (value, parameter) {
        (None, _) => Shown::Absent,
        (Some(_), Parameter::Password) => Shown::Secret(SecretNote::Set),
        (Some(value), Parameter::Id | Parameter::Extension) => Shown::text(value),
    }
}
