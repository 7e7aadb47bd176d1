//! From answers to records. A field that must be there and is not is an error, never an empty value.

use super::row::Row;
use super::{
    ApplicationUser, AxlError, Device, DeviceKind, ParameterHolder, PhoneService, Pkid,
    ServiceParameter, SubscribedService, Subscription, SubscriptionValue,
};
use crate::clients::xml::Element;

/// A part of the answer to an operation, so that errors can name it.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    operation: &'static str,
    element: &'a Element,
}

impl<'a> Answer<'a> {
    pub(super) fn new(operation: &'static str, element: &'a Element) -> Self {
        Self { operation, element }
    }

    /// The child that holds the object.
    pub(super) fn object(self, name: &str) -> Result<Self, AxlError> {
        let element = self.element.child(name).ok_or_else(|| self.wrong(name, "missing"))?;
        Ok(Self { element, ..self })
    }

    pub(super) fn all(self, name: &'static str) -> impl Iterator<Item = Self> {
        self.element.all(name).map(move |element| Self { element, ..self })
    }

    fn texts(self, path: &[&str]) -> Vec<String> {
        let Some((last, parents)) = path.split_last() else { return Vec::new() };
        let Some(parent) = self.element.at(parents) else { return Vec::new() };
        parent.all(last).map(|item| item.value().to_owned()).filter(|t| !t.is_empty()).collect()
    }

    /// The text of a child as it came; empty when there is no such child.
    pub(super) fn kept(self, name: &str) -> String {
        self.element.child(name).and_then(|child| child.kept.clone()).unwrap_or_default()
    }

    pub(super) fn needed(self, name: &str) -> Result<&'a str, AxlError> {
        self.element.text_of(name).ok_or_else(|| self.wrong(name, "missing or empty"))
    }

    pub(super) fn optional(self, name: &str) -> String {
        self.element.text_of(name).unwrap_or_default().to_owned()
    }

    fn boolean(self, name: &str) -> Result<bool, AxlError> {
        match self.needed(name)?.trim() {
            "t" | "true" | "1" => Ok(true),
            "f" | "false" | "0" => Ok(false),
            _ => Err(self.wrong(name, "not a boolean")),
        }
    }

    fn integer(self, name: &str) -> Result<Option<i64>, AxlError> {
        match self.element.text_of(name).map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| self.wrong(name, "not an integer")),
        }
    }

    fn wrong(self, name: &str, how: &str) -> AxlError {
        AxlError::Unexpected {
            operation: self.operation,
            status: 200,
            why: format!("{name} in {} is {how}", self.element.name),
        }
    }
}

/// The version in a `getCCMVersion` answer.
pub(super) fn release(answer: Answer<'_>) -> Result<String, AxlError> {
    Ok(answer.object("componentVersion")?.needed("version")?.trim().to_owned())
}

pub(super) fn application_user(user: Answer<'_>) -> Result<ApplicationUser, AxlError> {
    let groups = user.element.child("associatedGroups").map_or_else(Vec::new, |groups| {
        Answer { element: groups, ..user }
            .all("userGroup")
            .map(|group| group.needed("name").map(str::to_owned))
            .collect()
    });
    Ok(ApplicationUser {
        id: user.needed("userid")?.to_owned(),
        devices: user.texts(&["associatedDevices", "device"]),
        groups: groups.into_iter().collect::<Result<_, _>>()?,
        profiles: user.texts(&["ctiControlledDeviceProfiles", "deviceProfile"]),
        presence_group: user.element.text_of("presenceGroupName").map(str::to_owned),
    })
}

/// Names in a `listUserGroup` answer.
pub(super) fn group_names(answer: Answer<'_>) -> Result<Vec<String>, AxlError> {
    answer.all("userGroup").map(|group| group.needed("name").map(str::to_owned)).collect()
}

pub(super) fn phone_service(service: Answer<'_>) -> Result<PhoneService, AxlError> {
    let parameters = match service.element.child("parameters") {
        Some(list) => Answer { element: list, ..service }
            .all("parameter")
            .map(parameter)
            .collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    Ok(PhoneService {
        name: service.needed("serviceName")?.to_owned(),
        ascii_name: service.optional("asciiServiceName"),
        description: service.optional("serviceDescription"),
        url: service.optional("serviceUrl"),
        secure_url: service.optional("secureServiceUrl"),
        category: service.optional("serviceCategory"),
        kind: service.optional("serviceType"),
        vendor: service.optional("serviceVendor"),
        version: service.optional("serviceVersion"),
        enabled: service.boolean("enabled")?,
        enterprise: service.boolean("enterpriseSubscription")?,
        parameters,
    })
}

fn parameter(parameter: Answer<'_>) -> Result<ServiceParameter, AxlError> {
    Ok(ServiceParameter {
        pkid: parameter.element.attribute("uuid").map(Pkid::read).unwrap_or_default(),
        name: parameter.needed("name")?.to_owned(),
        display_name: parameter.optional("displayName"),
        default: parameter.optional("default"),
        description: parameter.optional("description"),
        required: parameter.boolean("paramRequired")?,
        password: parameter.boolean("paramPassword")?,
    })
}

/// The entries of a device's `services`, in order.
pub(super) fn device_services(device: Answer<'_>) -> Result<Vec<SubscribedService>, AxlError> {
    let Some(list) = device.element.child("services") else { return Ok(Vec::new()) };
    Answer { element: list, ..device }.all("service").map(subscribed).collect()
}

fn subscribed(entry: Answer<'_>) -> Result<SubscribedService, AxlError> {
    let reference = entry.object("telecasterServiceName")?.element;
    // AXL answers NULL as an empty element, and an empty element would be stored as text: left out, NULL stays NULL.
    let written =
        |name| entry.element.exact(name).filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(SubscribedService {
        service: reference.value().to_owned(),
        // Braces are optional in answers and demanded in requests.
        service_uuid: reference
            .attribute("uuid")
            .map(|uuid| format!("{{{}}}", uuid.trim_matches(['{', '}']))),
        name: entry.needed("name")?.to_owned(),
        url: entry.element.exact("url").map(Into::into),
        button_index: entry.integer("urlButtonIndex")?,
        label: written("urlLabel"),
        name_ascii: written("serviceNameAscii"),
    })
}

/// A device row; `None` for a class that cannot be subscribed here.
pub(super) fn device(row: Row<'_>) -> Result<Option<Device>, AxlError> {
    let Some(kind) = DeviceKind::from_class(row.column("classname")?) else { return Ok(None) };
    let model = row.shared_column("modelname")?;
    Ok(Some(Device { name: row.name_column("devicename")?, kind, model }))
}

pub(super) fn device_name(row: Row<'_>) -> Result<Option<String>, AxlError> {
    row.name_column("devicename").map(Some)
}

/// The key that the pages of a query are ordered by.
pub(super) fn page_key(row: Row<'_>) -> Result<Pkid, AxlError> {
    row.key_column("pkid")
}

/// A subscription row; `None` for a class of device that is neither phone nor device profile.
pub(super) fn subscription(row: Row<'_>) -> Result<Option<Subscription>, AxlError> {
    let Some(kind) = DeviceKind::from_class(row.column("classname")?) else { return Ok(None) };
    let integer = |name: &str| row.integer_column(name);
    Ok(Some(Subscription {
        pkid: row.key_column("pkid")?,
        device: row.name_column("devicename")?,
        kind,
        service: row.shared_name_column("telecastername")?,
        name: row.shared_column("servicename")?,
        name_ascii: row.shared_column("servicenameascii")?,
        url: row.column("serviceurl")?.into(),
        secure_url: row.column("secureserviceurl")?.into(),
        button_index: integer("urlbuttonindex")?.unwrap_or(0),
        label: row.shared_column("urllabel")?,
        priority: integer("priority")?,
        service_priority: integer("servicepriority")?,
        template: row.shared_column("urltemplate")?,
        secure_template: row.shared_column("secureurltemplate")?,
    }))
}

pub(super) fn value(row: Row<'_>) -> Result<Option<SubscriptionValue>, AxlError> {
    Ok(Some(SubscriptionValue {
        subscription: row.key_column("subscriptionkey")?,
        parameter: row.shared_name_column("parametername")?,
        value: row.column("value")?.into(),
    }))
}

pub(super) fn holder(row: Row<'_>) -> Result<Option<ParameterHolder>, AxlError> {
    Ok(Some(ParameterHolder {
        device: row.name_column("devicename")?,
        parameter_pkid: row.key_column("parameterkey")?,
        parameter: row.name_column("parametername")?,
    }))
}

/// What a write says: an id or `true`.
pub(super) fn written(answer: Answer<'_>) -> Result<(), AxlError> {
    match answer.element.value().trim() {
        "" | "false" => Err(answer.wrong("the result", "neither an id nor true")),
        _ => Ok(()),
    }
}

/// `rowsUpdated` of an `executeSQLUpdate` answer.
pub(super) fn rows_updated(answer: Answer<'_>) -> Result<u64, AxlError> {
    let text = answer.needed("rowsUpdated")?;
    text.trim().parse().map_err(|_| answer.wrong("rowsUpdated", "not a number"))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::clients::axl::row::{self, Texts};

    fn tree(text: &str) -> Element {
        Element::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_application_user_with_roles_and_empty_lists() {
        let root = tree(
            "<appUser uuid='{AB}'><userid>ippa</userid><presenceGroupName uuid='{C}'>Standard Presence Group</presenceGroupName>\
             <isStandard>false</isStandard><associatedDevices/><associatedGroups><userGroup><name>Standard CTI Enabled</name>\
             <userRoles><userRole>Standard CTI</userRole></userRoles></userGroup></associatedGroups>\
             <ctiControlledDeviceProfiles><deviceProfile>UDP</deviceProfile></ctiControlledDeviceProfiles></appUser>",
        );
        let user = application_user(Answer::new("getAppUser", &root)).unwrap();
        assert_eq!(user.groups, ["Standard CTI Enabled"]);
        assert_eq!((user.devices.len(), user.profiles.len()), (0, 1));
    }

    #[test]
    fn parameters_carry_their_key_in_the_form_of_sql() {
        let root = tree(
            "<ipPhoneServices><serviceName>F</serviceName><enabled>t</enabled><enterpriseSubscription>f</enterpriseSubscription>\
             <parameters><parameter uuid='{0A1B2C3D-0000-0000-0000-00000000000F}'><name>id</name><displayName>id</displayName>\
             <default/><description>x</description><paramRequired>true</paramRequired><paramPassword>false</paramPassword>\
             </parameter></parameters></ipPhoneServices>",
        );
        let service = phone_service(Answer::new("getIpPhoneServices", &root)).unwrap();
        assert!(service.enabled && !service.enterprise);
        assert_eq!(service.parameters[0].pkid.to_string(), "0a1b2c3d-0000-0000-0000-00000000000f");
    }

    #[test]
    fn services_are_kept_as_they_stand() {
        let root = tree(
            "<phone><services><service uuid='{X}'><telecasterServiceName uuid='{T}'>F</telecasterServiceName><name>F</name>\
             <url>http://f?id=1&amp;extension=2</url><urlButtonIndex>0</urlButtonIndex><urlLabel/></service></services></phone>",
        );
        let services = device_services(Answer::new("getPhone", &root)).unwrap();
        let [service] = services.as_slice() else { panic!("one service") };
        assert_eq!(service.url.as_ref().unwrap().expose_secret(), "http://f?id=1&extension=2");
        assert_eq!(service.label, None);
        assert_eq!(service.name_ascii, None);
        assert_eq!(service.service_uuid.as_deref(), Some("{T}"));
    }

    #[test]
    fn a_row_without_a_column_is_an_error() {
        let row = "<row><pkid>A1</pkid><subscriptionkey>B</subscriptionkey>\
                   <parametername>id</parametername><value> x </value></row>";
        let of = |row: &str| value(row::all(&row::only(row), &Texts::default()).next().unwrap());
        let read = of(row).unwrap().unwrap();
        assert_eq!(
            (read.subscription.to_string().as_str(), read.value.expose_secret()),
            ("b", " x ")
        );
        assert!(of(&row.replace("<value> x </value>", "")).is_err());
        assert!(of(&row.replace("<parametername>id</parametername>", "<parametername/>")).is_err());
    }
}
