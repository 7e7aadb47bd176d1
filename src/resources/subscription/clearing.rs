//! Clearing the values of a device that no roster row names: values go, everything else stays as it is.

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::Subscription;
use crate::plan::Shown;
use crate::playbook::Parameter;
use crate::resources::service_url::ServiceUrl;

use super::comparison::{Comparison, rows_differ, show};
use super::{Difference, Edit, ServiceView};

const CHECK: &str = "subscription-value-undeclared";

impl Comparison<'_> {
    /// Takes the three parameters' values out of both URLs and the value rows.
    pub(super) fn clear_values(
        &self,
        view: &ServiceView,
        subscription: &Subscription,
        result: &mut Difference,
    ) {
        let mut edit = Edit::of(&view.name, Some(&subscription.pkid));
        for (field, template, is, target) in [
            ("URL", &view.url, &subscription.url, &mut edit.url),
            ("secure URL", &view.secure_url, &subscription.secure_url, &mut edit.secure_url),
        ] {
            let is = is.expose_secret();
            let Some(shall) = ServiceUrl::cleared(is, template) else { continue };
            let shown = |url: &str| Shown::Text(ServiceUrl::parse(url, template).shown());
            result.changes.push(self.change(view, field, shown(is), shown(&shall), CHECK));
            *target = Some(SecretString::from(shall));
        }
        for parameter in Parameter::ALL {
            let row = self.row(subscription, parameter).map(|(_, value)| value.expose_secret());
            let Some(value) = row.filter(|value| !value.is_empty()) else { continue };
            let field = format!("value {}", parameter.name());
            let is = show(parameter, Some(value));
            let change = self.change(view, &field, is, Shown::Absent, CHECK);
            if self.rules.sql {
                result.changes.push(change);
                edit.clear.push(parameter);
            } else {
                result.findings.push(rows_differ(self.device, change));
            }
        }
        if !edit.is_empty() {
            result.alters = true;
            result.edits.push(edit);
        }
    }
}
