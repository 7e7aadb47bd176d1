//! One device's subscriptions, compared with what the roster wants of them.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::{DeviceKind, Subscription};
use crate::plan::{Change, Finding, SecretNote, Severity, Shown};
use crate::playbook::{Parameter, SubscriptionKind};
use crate::resources::service_url::{ServiceUrl, separator};
use crate::resources::{DesiredDevice, Wanted};

use super::{DeviceState, Difference, Edit, Rules, ServiceView, object};

pub(super) struct Comparison<'a> {
    pub(super) device: &'a DesiredDevice,
    pub(super) rules: &'a Rules,
    pub(super) state: &'a DeviceState,
}

impl<'a> Comparison<'a> {
    pub(super) fn subscriptions(&self, services: &[String]) -> Vec<&'a Subscription> {
        let of = |s: &&Subscription| services.iter().any(|name| **name == *s.service);
        let mut found: Vec<&Subscription> = self.state.subscriptions.iter().filter(of).collect();
        found.sort_by(|a, b| a.pkid.cmp(&b.pkid));
        found
    }

    /// Agents subscribe their own phones unless the roster prefills something on them.
    pub(super) fn subscribes(&self) -> bool {
        match self.rules.subscription {
            SubscriptionKind::Manual => true,
            SubscriptionKind::SelfCare => self.device.prefills(),
            SubscriptionKind::Enterprise => false,
        }
    }

    pub(super) fn change(
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

    pub(super) fn subscribe(&self, view: &ServiceView, all_missing: bool, result: &mut Difference) {
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
        let shown = Shown::Text(match url.shown_values() {
            values if values.is_empty() => "subscribed".to_owned(),
            values => format!("subscribed with {values}"),
        });
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

    pub(super) fn unsubscribe(&self, services: &[String], result: &mut Difference) {
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

    pub(super) fn repair(
        &self,
        view: &ServiceView,
        subscription: &Subscription,
        result: &mut Difference,
    ) {
        let mut edit = Edit::of(&view.name, Some(&subscription.pkid));
        if view.former.as_deref() == Some(&*subscription.name) && *subscription.name != *view.name {
            let (is, shall) = (Shown::text(&*subscription.name), Shown::text(&view.name));
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
        let stale = is.base != template || !is.is_tidy(&view.carried);
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
        let foreign: Vec<_> = is.carried(&view.carried).cloned().collect();
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

    pub(super) fn row(
        &self,
        subscription: &Subscription,
        parameter: Parameter,
    ) -> Option<&'a (Arc<str>, SecretString)> {
        let rows = self.state.rows.get(&subscription.pkid)?;
        let exact = rows.iter().find(|(name, _)| **name == *parameter.name());
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

    /// Several subscriptions of one device to one service: each is put right, none is taken away.
    pub(super) fn duplicate(&self, view: &ServiceView, number: usize) -> Option<Finding> {
        (number > 1).then(|| Finding {
            check: "subscription-duplicate",
            severity: Severity::Warning,
            object: object(self.device.kind, &self.device.name),
            field: format!("{}: subscriptions", view.name),
            expected: Shown::text("1"),
            found: Shown::text(number.to_string()),
            declared: Some(self.device.declared.clone()),
        })
    }

    /// `keep` and the agents' own values: left alone, but the two services must carry the same.
    pub(super) fn kept_values_differ(&self) -> Option<Finding> {
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

pub(super) fn rows_differ(device: &DesiredDevice, change: Change) -> Finding {
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

pub(super) fn show(parameter: Parameter, value: Option<&str>) -> Shown {
    match (value, parameter) {
        (None, _) => Shown::Absent,
        (Some(_), Parameter::Password) => Shown::Secret(SecretNote::Set),
        (Some(value), Parameter::Id | Parameter::Extension) => Shown::text(value),
    }
}
