//! Bodies of the operations, in the element order of the AXL schema (11.5 to 15.0 alike).

use secrecy::ExposeSecret;

use super::{
    ApplicationUserUpdate, DeviceKind, NewApplicationUser, NewPhoneService, PhoneServiceUpdate,
    ServiceParameter, SubscribedService,
};
use crate::clients::xml::Body;

/// `getAppUser` with the three lists (`RAppUser`).
pub(super) fn get_application_user(id: &str) -> Body {
    let mut body = Body::new();
    body.text("userid", id).nest("returnedTags", |tags| {
        tags.empty("userid")
            .empty("presenceGroupName")
            .nest("associatedDevices", |list| {
                list.empty("device");
            })
            .nest("associatedGroups", |list| {
                list.nest("userGroup", |group| {
                    group.empty("name");
                });
            })
            .nest("ctiControlledDeviceProfiles", |list| {
                list.empty("deviceProfile");
            });
    });
    body
}

/// `addAppUser` (`XAppUser`).
pub(super) fn add_application_user(add: &NewApplicationUser) -> Body {
    let mut body = Body::new();
    body.nest("appUser", |user| {
        user.text("userid", &add.id)
            .text("password", add.password.expose_secret())
            .text("presenceGroupName", &add.presence_group)
            .list("associatedDevices", "device", &add.devices);
        groups(user, &add.groups);
        user.list("ctiControlledDeviceProfiles", "deviceProfile", &add.profiles);
    });
    body
}

/// `updateAppUser`; a list that is given is the complete list.
pub(super) fn update_application_user(id: &str, update: &ApplicationUserUpdate) -> Body {
    let mut body = Body::new();
    body.text("userid", id);
    body.maybe("password", update.password.as_ref().map(ExposeSecret::expose_secret));
    if let Some(devices) = &update.devices {
        body.list("associatedDevices", "device", devices);
    }
    if let Some(names) = &update.groups {
        groups(&mut body, names);
    }
    if let Some(profiles) = &update.profiles {
        body.list("ctiControlledDeviceProfiles", "deviceProfile", profiles);
    }
    body
}

fn groups(body: &mut Body, names: &[String]) {
    body.nest("associatedGroups", |list| {
        for name in names {
            list.nest("userGroup", |group| {
                group.text("name", name);
            });
        }
    });
}

/// `getUser`, the id alone.
pub(super) fn get_end_user(id: &str) -> Body {
    let mut body = Body::new();
    body.text("userid", id).nest("returnedTags", |tags| {
        tags.empty("userid");
    });
    body
}

/// One page of `listUserGroup`.
pub(super) fn list_user_groups(pattern: &str, skip: usize, first: usize) -> Body {
    let mut body = Body::new();
    body.nest("searchCriteria", |criteria| {
        criteria.text("name", pattern);
    })
    .nest("returnedTags", |tags| {
        tags.empty("name");
    })
    .text("skip", &skip.to_string())
    .text("first", &first.to_string());
    body
}

/// `getIpPhoneServices`; without `returnedTags` everything comes back, parameters included.
pub(super) fn get_phone_service(name: &str) -> Body {
    let mut body = Body::new();
    body.text("serviceName", name);
    body
}

/// `addIpPhoneServices` (`XIpPhoneServices`).
pub(super) fn add_phone_service(add: &NewPhoneService) -> Body {
    let mut body = Body::new();
    body.nest("ipPhoneServices", |service| {
        service
            .text("serviceName", &add.name)
            .text("asciiServiceName", &add.ascii_name)
            .text("serviceDescription", &add.description)
            .text("serviceUrl", &add.url)
            .text("secureServiceUrl", &add.secure_url)
            .text("serviceCategory", &add.category)
            .text("serviceType", &add.kind)
            .text("enabled", boolean(add.enabled))
            .text("enterpriseSubscription", boolean(add.enterprise));
        parameters(service, "parameters", &add.parameters);
    });
    body
}

/// `updateIpPhoneServices`; parameters by delta, because a whole list may take subscribers' values along.
pub(super) fn update_phone_service(name: &str, update: &PhoneServiceUpdate) -> Body {
    let mut body = Body::new();
    body.text("serviceName", name)
        .maybe("newServiceName", update.new_name.as_deref())
        .maybe("asciiServiceName", update.ascii_name.as_deref())
        .maybe("serviceDescription", update.description.as_deref())
        .maybe("serviceUrl", update.url.as_deref())
        .maybe("secureServiceUrl", update.secure_url.as_deref())
        .maybe("serviceCategory", update.category.as_deref())
        .maybe("serviceType", update.kind.as_deref())
        .maybe("enabled", update.enabled.map(boolean));
    parameters(&mut body, "removeParameters", &update.remove_parameters);
    parameters(&mut body, "addParameters", &update.add_parameters);
    body
}

fn parameters(body: &mut Body, name: &'static str, parameters: &[ServiceParameter]) {
    if parameters.is_empty() {
        return;
    }
    body.nest(name, |list| {
        for parameter in parameters {
            list.nest("parameter", |entry| {
                entry
                    .text("name", &parameter.name)
                    .text("displayName", &parameter.display_name)
                    .text("default", &parameter.default)
                    .text("description", &parameter.description)
                    .text("paramRequired", boolean(parameter.required))
                    .text("paramPassword", boolean(parameter.password));
            });
        }
    });
}

/// `getPhone` or `getDeviceProfile`, the subscriptions alone (`RSubscribedService`).
pub(super) fn get_device_services(name: &str) -> Body {
    let mut body = Body::new();
    body.text("name", name).nest("returnedTags", |tags| {
        tags.empty("name");
        service_tags(tags);
    });
    body
}

fn service_tags(tags: &mut Body) {
    tags.nest("services", |services| {
        services.nest("service", |service| {
            service
                .empty("telecasterServiceName")
                .empty("name")
                .empty("url")
                .empty("urlButtonIndex")
                .empty("urlLabel")
                .empty("serviceNameAscii");
        });
    });
}

/// `updatePhone` or `updateDeviceProfile`, the complete `services` alone (`XSubscribedService`).
pub(super) fn update_device_services(name: &str, services: &[SubscribedService]) -> Body {
    let mut body = Body::new();
    body.text("name", name);
    self::services(&mut body, services);
    body
}

/// `getPhone` with what a write has to be merged into.
pub(super) fn get_phone_base(name: &str) -> Body {
    let mut body = Body::new();
    body.text("name", name).nest("returnedTags", |tags| {
        tags.empty("name").empty("vendorConfig");
        service_tags(tags);
    });
    body
}

/// The complete `services` (`XSubscribedService`).
pub(super) fn services(body: &mut Body, services: &[SubscribedService]) {
    body.nest("services", |list| {
        for service in services {
            list.nest("service", |entry| {
                let uuid = service.service_uuid.as_deref().map(|uuid| ("uuid", uuid));
                entry
                    .element("telecasterServiceName", uuid, &service.service)
                    .text("name", &service.name)
                    .maybe("url", service.url.as_ref().map(ExposeSecret::expose_secret))
                    .maybe(
                        "urlButtonIndex",
                        service.button_index.map(|index| index.to_string()).as_deref(),
                    )
                    .maybe("urlLabel", service.label.as_deref())
                    .maybe("serviceNameAscii", service.name_ascii.as_deref());
            });
        }
    });
}

/// `executeSQLQuery` and `executeSQLUpdate`.
pub(super) fn sql(text: &str) -> Body {
    let mut body = Body::new();
    body.text("sql", text);
    body
}

/// Get operation and answer element of a kind of device.
pub(super) fn get_operation(kind: DeviceKind) -> (&'static str, &'static str) {
    match kind {
        DeviceKind::Phone => ("getPhone", "phone"),
        DeviceKind::DeviceProfile => ("getDeviceProfile", "deviceProfile"),
    }
}

/// Update operation of a kind of device.
pub(super) fn update_operation(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Phone => "updatePhone",
        DeviceKind::DeviceProfile => "updateDeviceProfile",
    }
}

fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::axl::Pkid;

    fn text(body: Body) -> String {
        body.finish().unwrap()
    }

    fn parameter(name: &str) -> ServiceParameter {
        ServiceParameter {
            pkid: Pkid::default(),
            name: name.to_owned(),
            display_name: name.to_owned(),
            default: String::new(),
            description: "Agent <id>".to_owned(),
            required: true,
            password: false,
        }
    }

    #[test]
    fn application_user_bodies() {
        assert_eq!(
            text(get_application_user("fippa")),
            "<userid>fippa</userid><returnedTags><userid/><presenceGroupName/>\
             <associatedDevices><device/></associatedDevices>\
             <associatedGroups><userGroup><name/></userGroup></associatedGroups>\
             <ctiControlledDeviceProfiles><deviceProfile/></ctiControlledDeviceProfiles></returnedTags>"
        );
        let add = NewApplicationUser {
            id: "fippa".to_owned(),
            password: "S&cret1!".into(),
            presence_group: "Standard Presence Group".to_owned(),
            devices: vec!["SEP001122334455".to_owned(), "SEP001122334466".to_owned()],
            groups: vec!["Standard CTI Enabled".to_owned()],
            profiles: vec!["UDP_agent1".to_owned()],
        };
        assert_eq!(
            text(add_application_user(&add)),
            "<appUser><userid>fippa</userid><password>S&amp;cret1!</password>\
             <presenceGroupName>Standard Presence Group</presenceGroupName>\
             <associatedDevices><device>SEP001122334455</device><device>SEP001122334466</device></associatedDevices>\
             <associatedGroups><userGroup><name>Standard CTI Enabled</name></userGroup></associatedGroups>\
             <ctiControlledDeviceProfiles><deviceProfile>UDP_agent1</deviceProfile></ctiControlledDeviceProfiles></appUser>"
        );
        let update = ApplicationUserUpdate { devices: Some(Vec::new()), ..Default::default() };
        assert_eq!(
            text(update_application_user("fippa", &update)),
            "<userid>fippa</userid><associatedDevices></associatedDevices>"
        );
    }

    #[test]
    fn phone_service_bodies() {
        let update = PhoneServiceUpdate {
            new_name: Some("Cisco Finesse".to_owned()),
            secure_url: Some("https://f:8445/fippa/#DEVICENAME#".to_owned()),
            url: Some("http://f:8082/fippa/#DEVICENAME#".to_owned()),
            enabled: Some(true),
            remove_parameters: vec![parameter("ID")],
            add_parameters: vec![parameter("id")],
            ..Default::default()
        };
        let entry = |name: &str| {
            format!(
                "<parameter><name>{name}</name><displayName>{name}</displayName><default/>\
                 <description>Agent &lt;id&gt;</description><paramRequired>true</paramRequired>\
                 <paramPassword>false</paramPassword></parameter>"
            )
        };
        assert_eq!(
            text(update_phone_service("Old", &update)),
            format!(
                "<serviceName>Old</serviceName><newServiceName>Cisco Finesse</newServiceName>\
                 <serviceUrl>http://f:8082/fippa/#DEVICENAME#</serviceUrl>\
                 <secureServiceUrl>https://f:8445/fippa/#DEVICENAME#</secureServiceUrl><enabled>true</enabled>\
                 <removeParameters>{}</removeParameters><addParameters>{}</addParameters>",
                entry("ID"),
                entry("id")
            )
        );
        assert_eq!(
            text(update_phone_service("Old", &PhoneServiceUpdate::default())),
            "<serviceName>Old</serviceName>"
        );
        let add = NewPhoneService {
            name: "Cisco Finesse".to_owned(),
            ascii_name: "Cisco Finesse".to_owned(),
            description: String::new(),
            url: "http://f".to_owned(),
            secure_url: "https://f".to_owned(),
            category: "XML Service".to_owned(),
            kind: "Standard IP Phone Service".to_owned(),
            enabled: true,
            enterprise: false,
            parameters: vec![parameter("id")],
        };
        assert_eq!(
            text(add_phone_service(&add)),
            format!(
                "<ipPhoneServices><serviceName>Cisco Finesse</serviceName>\
                 <asciiServiceName>Cisco Finesse</asciiServiceName><serviceDescription/>\
                 <serviceUrl>http://f</serviceUrl><secureServiceUrl>https://f</secureServiceUrl>\
                 <serviceCategory>XML Service</serviceCategory>\
                 <serviceType>Standard IP Phone Service</serviceType><enabled>true</enabled>\
                 <enterpriseSubscription>false</enterpriseSubscription><parameters>{}</parameters></ipPhoneServices>",
                entry("id")
            )
        );
    }

    #[test]
    fn what_was_absent_stays_absent_in_services() {
        let bare = SubscribedService {
            service: "Cisco Finesse".to_owned(),
            service_uuid: None,
            name: "Cisco Finesse".to_owned(),
            url: None,
            button_index: None,
            label: None,
            name_ascii: None,
        };
        let full = SubscribedService {
            service_uuid: Some("{AB}".to_owned()),
            url: Some("http://f?id=1&extension=2".into()),
            button_index: Some(0),
            label: Some(String::new()),
            name_ascii: Some("Cisco Finesse".to_owned()),
            ..bare.clone()
        };
        assert_eq!(
            text(update_device_services("SEP1", &[bare, full])),
            "<name>SEP1</name><services><service><telecasterServiceName>Cisco Finesse</telecasterServiceName>\
             <name>Cisco Finesse</name></service><service>\
             <telecasterServiceName uuid=\"{AB}\">Cisco Finesse</telecasterServiceName><name>Cisco Finesse</name>\
             <url>http://f?id=1&amp;extension=2</url><urlButtonIndex>0</urlButtonIndex><urlLabel/>\
             <serviceNameAscii>Cisco Finesse</serviceNameAscii></service></services>"
        );
    }

    #[test]
    fn list_paging_stands_after_the_tags() {
        assert_eq!(
            text(list_user_groups("%CTI%", 500, 250)),
            "<searchCriteria><name>%CTI%</name></searchCriteria><returnedTags><name/></returnedTags>\
             <skip>500</skip><first>250</first>"
        );
    }
}
