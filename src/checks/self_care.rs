//! Checks of what agents fill in themselves in the Self Care Portal.

use secrecy::ExposeSecret;

use crate::clients::axl::Subscription;
use crate::plan::Plan;
use crate::planner::build::{Inputs, rules};
use crate::playbook::{FilledBy, Parameter, SubscriptionKind};
use crate::resources::service_url::ServiceUrl;
use crate::resources::subscription::{DeviceState, ServiceView};

use super::{existing, finding, object};

/// Lists devices whose agent has not filled in the own values on both services.
pub(super) fn judge(inputs: Inputs<'_>, plan: &mut Plan) {
    let sign_in = &inputs.deployment.one_button_sign_in;
    let own: Vec<Parameter> =
        Parameter::ALL.into_iter().filter(|p| sign_in.filled_by(*p) == FilledBy::Agent).collect();
    if own.is_empty() || inputs.desired.subscription == SubscriptionKind::Enterprise {
        return;
    }
    let rules = rules(inputs);
    for device in existing(inputs) {
        let state = inputs.observation.states.get(&device.name).unwrap_or_default();
        let missing: Vec<String> =
            rules.services.iter().filter_map(|view| missing(inputs, view, &state, &own)).collect();
        if !missing.is_empty() {
            plan.findings.push(finding(
                "self-care-values-missing",
                object(device.kind, &device.name),
                "values that the agent fills in",
                "on both services",
                format!("missing: {}", missing.join("; ")),
                Some(&device.declared),
            ));
        }
    }
}

/// What is missing on one service, by name; what the administrator has not subscribed is another check's.
fn missing(
    inputs: Inputs<'_>,
    view: &ServiceView,
    state: &DeviceState,
    own: &[Parameter],
) -> Option<String> {
    let mut subscriptions = state.subscriptions.iter().filter(|s| view.is(&s.service)).peekable();
    if subscriptions.peek().is_none() {
        let by_agents = inputs.desired.subscription == SubscriptionKind::SelfCare;
        return by_agents.then(|| format!("subscription to {}", view.name));
    }
    let mut empty: Vec<&str> = own.iter().map(|parameter| parameter.name()).collect();
    for subscription in subscriptions {
        empty.retain(|name| {
            let parameter = own.iter().find(|parameter| parameter.name() == *name);
            !parameter.is_some_and(|parameter| holds(view, subscription, state, *parameter))
        });
    }
    (!empty.is_empty()).then(|| format!("{} on {}", empty.join(", "), view.name))
}

/// In the URL, which the phone uses, or in the row, which the portal shows.
fn holds(
    view: &ServiceView,
    subscription: &Subscription,
    state: &DeviceState,
    parameter: Parameter,
) -> bool {
    let url = ServiceUrl::parse(subscription.url.expose_secret(), &view.url);
    let in_url = url.value(parameter).is_some_and(|value| !value.expose_secret().is_empty());
    let rows = state.rows.get(&subscription.pkid).map_or(&[][..], Vec::as_slice);
    let in_row = |(name, value): &(std::sync::Arc<str>, secrecy::SecretString)| {
        **name == *parameter.name() && !value.expose_secret().is_empty()
    };
    in_url || rows.iter().any(in_row)
}

#[cfg(test)]
mod tests {
    use crate::checks::stage::Stage;
    use crate::clients::axl::{DeviceKind, PhoneService, Pkid, Subscription};
    use crate::resources::subscription::DeviceState;

    fn service(name: &str, host: &str) -> PhoneService {
        PhoneService {
            name: name.to_owned(),
            ascii_name: name.to_owned(),
            description: String::new(),
            url: format!("http://{host}:8082/fippa/#DEVICENAME#"),
            secure_url: format!("https://{host}:8445/fippa/#DEVICENAME#"),
            category: "XML Service".to_owned(),
            kind: "Standard IP Phone Service".to_owned(),
            vendor: String::new(),
            version: String::new(),
            enabled: true,
            enterprise: false,
            parameters: Vec::new(),
        }
    }

    fn subscription(service: &str, query: &str) -> Subscription {
        Subscription {
            pkid: Pkid::of(service),
            device: "SEP000000000002".into(),
            kind: DeviceKind::Phone,
            service: service.into(),
            name: service.into(),
            name_ascii: service.into(),
            url: format!("http://fin-a.example.com:8082/fippa/#DEVICENAME#{query}").into(),
            secure_url: String::new().into(),
            button_index: 0,
            label: "".into(),
            priority: None,
            service_priority: None,
            template: "".into(),
            secure_template: "".into(),
        }
    }

    /// What is found on the second phone, with these subscriptions and a password row on the first of them.
    fn found(
        changes: &[(&str, &str)],
        subscriptions: &[(&str, &str)],
        row: &str,
    ) -> Option<String> {
        let mut site = Stage::cucm(changes);
        for (name, host) in [("One", "fin-a.example.com"), ("Two", "fin-b.example.com")] {
            let services = &mut site.observation.services.services;
            services.insert(name.to_owned(), service(name, host));
        }
        let mut state = DeviceState::default();
        for (name, query) in subscriptions {
            state.subscriptions.push(subscription(name, query));
        }
        state.rows.insert(Pkid::of("One"), vec![("password".into(), row.to_owned().into())]);
        site.observation.states = [("SEP000000000002".to_owned(), state)].into_iter().collect();
        let findings = site.found("self-care-values-missing").into_iter();
        let mut of_phone = findings.filter(|found| found.object.name == "SEP000000000002");
        of_phone.next().map(|found| format!("{:?}", found.found))
    }

    const OWN: (&str, &str) =
        ("extension: administrator }", "extension: administrator, password: agent }");

    #[test]
    fn both_services_need_the_agents_values() {
        let both = [("One", "?password=x"), ("Two", "?password=x")];
        assert_eq!(found(&[OWN], &both, ""), None);
        assert_eq!(found(&[OWN], &[("One", ""), ("Two", "?password=x")], "x"), None, "in the row");
        assert_eq!(
            found(&[OWN], &[("One", "?password="), ("Two", "?password=x")], ""),
            Some("Text(\"missing: password on One\")".to_owned())
        );
        assert_eq!(found(&[], &[("One", ""), ("Two", "")], ""), None, "nothing is the agent's");
    }

    #[test]
    fn who_subscribes_decides_whose_absence_it_is() {
        let half = [("One", "?password=x")];
        assert_eq!(found(&[OWN], &half, ""), None, "subscription-one-service-only says it");
        let agents = ("subscription: manual", "subscription: self-care");
        assert_eq!(
            found(&[OWN, agents], &half, ""),
            Some("Text(\"missing: subscription to Two\")".to_owned())
        );
    }
}
