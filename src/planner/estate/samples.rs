//! Estates for tests.

use std::sync::Arc;

use crate::clients::axl::{DeviceKind, PhoneService, Pkid, ServiceParameter, Subscription};
use crate::lint::urls::service_urls;
use crate::playbook::Parameter;
use crate::resources::phone_service::{CATEGORY, TYPE};
use crate::resources::service_parameter::definition;
use crate::resources::subscription::DeviceState;

use super::Estate;

/// A service as ippactl would make it, without parameters.
pub(super) fn service(name: &str, host: &str) -> PhoneService {
    let [url, secure_url] = service_urls(host);
    PhoneService {
        name: name.to_owned(),
        ascii_name: name.to_owned(),
        description: String::new(),
        url,
        secure_url,
        category: CATEGORY.to_owned(),
        kind: TYPE.to_owned(),
        vendor: String::new(),
        version: String::new(),
        enabled: true,
        enterprise: false,
        parameters: Vec::new(),
    }
}

/// A parameter of a service.
pub(super) fn parameter(parameter: Parameter, required: bool) -> ServiceParameter {
    ServiceParameter {
        pkid: Pkid::of(&format!("key of {}", parameter.name())),
        ..definition(parameter, required)
    }
}

/// A subscription of a phone with this query in both URLs, e.g. `?id=1`.
pub(super) fn subscription(service: &PhoneService, device: &str, query: &str) -> Subscription {
    let name: Arc<str> = service.name.as_str().into();
    Subscription {
        pkid: Pkid::of(&format!("{device} {name}")),
        device: device.into(),
        kind: if device.starts_with("UDP") { DeviceKind::DeviceProfile } else { DeviceKind::Phone },
        service: Arc::clone(&name),
        name: Arc::clone(&name),
        name_ascii: name,
        url: format!("{}{query}", service.url).into(),
        secure_url: format!("{}{query}", service.secure_url).into(),
        button_index: 0,
        label: "".into(),
        priority: Some(50),
        service_priority: Some(50),
        template: service.url.as_str().into(),
        secure_template: service.secure_url.as_str().into(),
    }
}

/// A device with these subscriptions; the values of each query have rows, too.
pub(super) fn state(device: &str, subscribed: &[(&PhoneService, &str)]) -> (String, DeviceState) {
    let mut state = DeviceState::default();
    for (service, query) in subscribed {
        let one = subscription(service, device, query);
        let pairs =
            query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
        let rows: Vec<_> = pairs.map(|(name, value)| (name.into(), value.into())).collect();
        if !rows.is_empty() {
            state.rows.insert(one.pkid.clone(), rows);
        }
        state.subscriptions.push(one);
    }
    (device.to_owned(), state)
}

/// An estate in which these devices have these services, without values.
pub(super) fn estate(services: &[PhoneService], devices: &[(&str, &[&str])]) -> Estate {
    let named = |name: &&str| services.iter().find(|service| service.name == **name).unwrap();
    let states = devices.iter().map(|(device, own)| {
        let own: Vec<_> = own.iter().map(|name| (named(name), "")).collect();
        state(device, &own)
    });
    Estate { services: services.to_vec(), states: states.collect(), separator: Some('?') }
}
