//! A phone service's definition, before and after a write; a parameter of one button sign-in under its right name,
//! whatever it is called.

use secrecy::SecretString;

use crate::clients::axl::{
    NewPhoneService, PhoneService, PhoneServiceUpdate, Pkid, ServiceParameter,
};
use crate::plan::{Object, ObjectKind};
use crate::playbook::{Parameter, ascii_name};
use crate::resources::DesiredService;
use crate::resources::phone_service::{Edit, creation};
use crate::resources::service_parameter::{ParameterEdit, corrected, definition, parameter_of};

use super::{Entry, Field, Image, Key};

/// The field that says whether there is such a service.
pub const SERVICE: &str = "service";
/// Its name.
pub const NAME: &str = "name";
/// Its ASCII name.
pub const ASCII_NAME: &str = "ASCII name";
/// Description.
pub const DESCRIPTION: &str = "description";
/// URL template.
pub const URL: &str = "URL";
/// HTTPS URL template.
pub const SECURE_URL: &str = "secure URL";
/// Category.
pub const CATEGORY: &str = "category";
/// Type.
pub const TYPE: &str = "type";
/// Whether phones are offered the service.
pub const ENABLED: &str = "enabled";
/// Whether every phone is subscribed.
pub const ENTERPRISE: &str = "enterprise subscription";

/// Fields of a parameter.
pub const PARAMETER: &str = "parameter";
/// Display name of a parameter.
pub const DISPLAY_NAME: &str = "display name";
/// Default of a parameter.
pub const DEFAULT: &str = "default";
/// *Parameter is Required*.
pub const REQUIRED: &str = "required";
/// *Parameter is a Password*.
pub const MASKED: &str = "password";

/// What stands in a field now.
pub fn present(key: &Key, service: Option<&PhoneService>) -> Image {
    let Some(service) = service else { return Image::Absent };
    if !key.of.is_empty() {
        let slot = Parameter::ALL.into_iter().find(|parameter| parameter.name() == key.of);
        let found = match slot {
            Some(slot) => parameter_of(service, slot),
            None => service.parameters.iter().find(|parameter| parameter.name == key.of),
        };
        return found.map_or(Image::Absent, |found| of_parameter(&key.field, found));
    }
    let text = |text: &str| Image::Text(text.to_owned());
    match key.field.as_str() {
        SERVICE => text("defined"),
        NAME => text(&service.name),
        ASCII_NAME => text(&service.ascii_name),
        DESCRIPTION => text(&service.description),
        URL => text(&service.url),
        SECURE_URL => text(&service.secure_url),
        CATEGORY => text(&service.category),
        TYPE => text(&service.kind),
        ENABLED => Image::flag(service.enabled),
        ENTERPRISE => Image::flag(service.enterprise),
        _ => Image::Unknown,
    }
}

fn of_parameter(field: &str, parameter: &ServiceParameter) -> Image {
    let text = |text: &str| Image::Text(text.to_owned());
    match field {
        PARAMETER => text(&parameter.name),
        DISPLAY_NAME => text(&parameter.display_name),
        DESCRIPTION => text(&parameter.description),
        // A default is somebody's value.
        DEFAULT if !parameter.default.is_empty() => {
            Image::Secret(SecretString::from(parameter.default.clone()))
        }
        DEFAULT => text(""),
        REQUIRED => Image::flag(parameter.required),
        MASKED => Image::flag(parameter.password),
        _ => Image::Unknown,
    }
}

/// What the creation of a service touches.
pub fn created(new: &NewPhoneService) -> Vec<Field> {
    let text = |text: &str| Image::Text(text.to_owned());
    let own = [
        (SERVICE, text("defined")),
        (NAME, text(&new.name)),
        (DESCRIPTION, text(&new.description)),
        (URL, text(&new.url)),
        (SECURE_URL, text(&new.secure_url)),
        (CATEGORY, text(&new.category)),
        (TYPE, text(&new.kind)),
        (ENABLED, Image::flag(new.enabled)),
        (ENTERPRISE, Image::flag(new.enterprise)),
    ];
    let own = own.map(|(field, after)| (Key::own(field), after)).into_iter();
    let parameters =
        new.parameters.iter().flat_map(|parameter| parameter_fields(&parameter.name, parameter));
    own.chain(parameters).map(|(key, after)| Field { key, before: Image::Absent, after }).collect()
}

/// What the deletion of a service touches: everything of it.
pub fn deleted(found: &PhoneService) -> Vec<Field> {
    let own = [
        SERVICE,
        NAME,
        ASCII_NAME,
        DESCRIPTION,
        URL,
        SECURE_URL,
        CATEGORY,
        TYPE,
        ENABLED,
        ENTERPRISE,
    ];
    let own = own.into_iter().map(Key::own);
    let parameters = found.parameters.iter().flat_map(|parameter| {
        let slot = Parameter::ALL
            .into_iter()
            .find(|slot| parameter_of(found, *slot).is_some_and(|own| own.name == parameter.name));
        let part = slot.map_or(parameter.name.as_str(), |slot| slot.name());
        parameter_fields(part, parameter).into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    });
    let keys = own.chain(parameters);
    keys.map(|key| Field { before: present(&key, Some(found)), key, after: Image::Absent })
        .collect()
}

/// The service that fields describe, to be created.
pub fn described(was: &dyn Fn(&Key) -> Option<String>, parts: &[&str]) -> NewPhoneService {
    let own = |field: &str| was(&Key::own(field)).unwrap_or_default();
    let parameter = |part: &&str| {
        let text = |field: &str| was(&Key::of(*part, field)).unwrap_or_default();
        ServiceParameter {
            pkid: Pkid::default(),
            name: text(PARAMETER),
            display_name: text(DISPLAY_NAME),
            default: text(DEFAULT),
            description: text(DESCRIPTION),
            required: text(REQUIRED) == "true",
            password: text(MASKED) == "true",
        }
    };
    let ascii = own(ASCII_NAME);
    NewPhoneService {
        ascii_name: if ascii.is_empty() { ascii_name(&own(NAME)) } else { ascii },
        name: own(NAME),
        description: own(DESCRIPTION),
        url: own(URL),
        secure_url: own(SECURE_URL),
        category: own(CATEGORY),
        kind: own(TYPE),
        enabled: own(ENABLED) == "true",
        enterprise: own(ENTERPRISE) == "true",
        parameters: parts.iter().map(parameter).collect(),
    }
}

/// What an update of the service's own fields touches.
pub fn updated(found: &PhoneService, update: &PhoneServiceUpdate) -> Vec<Field> {
    let texts = [
        (NAME, &update.new_name),
        (ASCII_NAME, &update.ascii_name),
        (DESCRIPTION, &update.description),
        (URL, &update.url),
        (SECURE_URL, &update.secure_url),
        (CATEGORY, &update.category),
        (TYPE, &update.kind),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(field, after)| Some((Key::own(field), Image::Text(after.clone()?))));
    let flag = update.enabled.map(|enabled| (Key::own(ENABLED), Image::flag(enabled)));
    let fields = texts.chain(flag);
    fields.map(|(key, after)| Field { before: present(&key, Some(found)), key, after }).collect()
}

/// What an edit of an existing service touches, its parameters among it.
pub fn touched(found: &PhoneService, edit: &Edit) -> Vec<Field> {
    let parameters = edit.parameters.iter().flat_map(|repair| {
        let (slot, after) = match repair {
            ParameterEdit::Add(slot, required) => (*slot, definition(*slot, *required)),
            ParameterEdit::Exchange { old, new, required }
            | ParameterEdit::Succeed { old, new, required } => {
                (*new, corrected(old, *new, *required))
            }
            ParameterEdit::Rename { old, new, .. } => {
                (*new, ServiceParameter { name: new.name().to_owned(), ..old.clone() })
            }
        };
        parameter_fields(slot.name(), &after)
    });
    let parameters =
        parameters.map(|(key, after)| Field { before: present(&key, Some(found)), key, after });
    updated(found, &edit.update).into_iter().chain(parameters).collect()
}

/// The objects that an edit of a declared service touches: a replacement renames one service and makes another.
pub fn entries(wanted: &DesiredService, found: Option<&PhoneService>, edit: &Edit) -> Vec<Entry> {
    let service = |name: &str| Object::new(ObjectKind::PhoneService, name);
    let new = || Entry::new(&service(&wanted.name), created(&creation(wanted)));
    let Some(found) = found else { return vec![new()] };
    match &edit.replace {
        Some(aside) => {
            let update = PhoneServiceUpdate {
                new_name: Some(aside.clone()),
                ascii_name: Some(ascii_name(aside)),
                ..PhoneServiceUpdate::default()
            };
            vec![Entry::new(&service(&found.name), updated(found, &update)), new()]
        }
        None => vec![Entry::new(&service(&found.name), touched(found, edit))],
    }
}

fn parameter_fields(slot: &str, parameter: &ServiceParameter) -> Vec<(Key, Image)> {
    let fields = [PARAMETER, DISPLAY_NAME, DEFAULT, DESCRIPTION, REQUIRED, MASKED];
    fields.map(|field| (Key::of(slot, field), of_parameter(field, parameter))).to_vec()
}
