//! One device's subscriptions, before and after a write: of each that is touched, the columns and value rows that are.

use secrecy::{ExposeSecret, SecretString};

use crate::clients::axl::Subscription;
use crate::playbook::Parameter;
use crate::resources::subscription::{DeviceState, Edit};

use super::{Field, Image, Key, url};

/// The field that says whether a device is subscribed.
pub const SUBSCRIPTION: &str = "subscription";
/// What it holds where it is.
pub const SUBSCRIBED: &str = "subscribed";
/// Name of the subscription.
pub const NAME: &str = "name";
/// ASCII name of the subscription.
pub const ASCII_NAME: &str = "ASCII name";
/// URL with values.
pub const URL: &str = "URL";
/// HTTPS URL with values.
pub const SECURE_URL: &str = "secure URL";
/// Button position.
pub const BUTTON: &str = "button";
/// Label of the button.
pub const LABEL: &str = "label";
/// Priority.
pub const PRIORITY: &str = "priority";
/// Begins the field of a value row; the parameter's name follows.
const VALUE: &str = "value ";

const COLUMNS: [&str; 8] =
    [SUBSCRIPTION, NAME, ASCII_NAME, URL, SECURE_URL, BUTTON, LABEL, PRIORITY];

/// The parameter whose value row a field is.
pub fn parameter(field: &str) -> Option<&str> {
    field.strip_prefix(VALUE)
}

/// The subscription that a field belongs to.
pub fn subscription<'a>(key: &Key, state: &'a DeviceState) -> Option<&'a Subscription> {
    copies(&key.of, state).into_iter().nth(key.copy.saturating_sub(1))
}

fn copies<'a>(service: &str, state: &'a DeviceState) -> Vec<&'a Subscription> {
    let mut found: Vec<&Subscription> =
        state.subscriptions.iter().filter(|one| *one.service == *service).collect();
    found.sort_by(|a, b| (a.button_index, &a.pkid).cmp(&(b.button_index, &b.pkid)));
    found
}

/// What stands in a field now.
pub fn present(key: &Key, state: &DeviceState) -> Image {
    let Some(one) = subscription(key, state) else { return Image::Absent };
    let text = |text: &str| Image::Text(text.to_owned());
    match key.field.as_str() {
        SUBSCRIPTION => text(SUBSCRIBED),
        NAME => text(&one.name),
        ASCII_NAME => text(&one.name_ascii),
        URL => url(&one.url),
        SECURE_URL => url(&one.secure_url),
        BUTTON => text(&one.button_index.to_string()),
        LABEL => text(&one.label),
        PRIORITY => one.priority.map_or(Image::Absent, |priority| text(&priority.to_string())),
        field => parameter(field).map_or(Image::Unknown, |name| row(one, name, state)),
    }
}

fn row(one: &Subscription, parameter: &str, state: &DeviceState) -> Image {
    let mut rows = state.rows.get(&one.pkid).into_iter().flatten();
    let found = rows.find(|(name, _)| name.eq_ignore_ascii_case(parameter));
    found.map_or(Image::Absent, |(name, value)| of_parameter(name, value))
}

fn of_parameter(name: &str, value: &SecretString) -> Image {
    let harmless = [Parameter::Id, Parameter::Extension].map(Parameter::name);
    if harmless.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        Image::Text(value.expose_secret().to_owned())
    } else {
        Image::Secret(value.clone())
    }
}

/// What edits touch. `list`: they are written as AXL's whole list, which carries neither secure URLs nor value rows.
pub fn touched(edits: &[Edit], list: bool, state: &DeviceState) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut added: Vec<&str> = Vec::new();
    for edit in edits {
        if edit.subscribe {
            let earlier = added.iter().filter(|service| **service == edit.service).count();
            added.push(&edit.service);
            let copy = copies(&edit.service, state).len() + earlier + 1;
            new(edit, copy, list, &mut fields);
            continue;
        }
        let all = copies(&edit.service, state);
        let Some(at) = all.iter().position(|one| Some(&one.pkid) == edit.pkid.as_ref()) else {
            continue;
        };
        let key = |field: &str| Key { copy: at + 1, ..Key::of(&edit.service, field) };
        if edit.unsubscribe {
            let rows = all.get(at).and_then(|one| state.rows.get(&one.pkid)).into_iter().flatten();
            let rows = rows.map(|(name, _)| format!("{VALUE}{name}"));
            for field in COLUMNS.iter().map(|&column| column.to_owned()).chain(rows) {
                let key = key(&field);
                let before = present(&key, state);
                fields.push(Field { key, before, after: Image::Absent });
            }
            continue;
        }
        for (field, after) in written(edit, list) {
            let key = key(&field);
            let before = present(&key, state);
            fields.push(Field { key, before, after });
        }
        if list && edit.secure_url.is_some() {
            // What the server makes of it in a list is not told; its own statement follows.
            let key = key(SECURE_URL);
            let before = present(&key, state);
            fields.push(Field { key, before, after: Image::Unknown });
        }
    }
    fields
}

fn new(edit: &Edit, copy: usize, list: bool, fields: &mut Vec<Field>) {
    let subscribed = (SUBSCRIPTION.to_owned(), Image::Text(SUBSCRIBED.to_owned()));
    for (field, after) in std::iter::once(subscribed).chain(written(edit, list)) {
        let key = Key { copy, ..Key::of(&edit.service, field) };
        fields.push(Field { key, before: Image::Absent, after });
    }
}

fn written(edit: &Edit, list: bool) -> Vec<(String, Image)> {
    let mut written = Vec::new();
    if let Some(name) = &edit.name {
        written.push((NAME.to_owned(), Image::Text(name.clone())));
        let ascii = crate::playbook::ascii_name(name);
        written.push((ASCII_NAME.to_owned(), Image::Text(ascii)));
    }
    if let Some(text) = &edit.url {
        written.push((URL.to_owned(), url(text)));
    }
    if list {
        return written;
    }
    if let Some(text) = &edit.secure_url {
        written.push((SECURE_URL.to_owned(), url(text)));
    }
    for (parameter, value, _) in &edit.rows {
        let field = format!("{VALUE}{}", parameter.name());
        written.push((field, of_parameter(parameter.name(), value)));
    }
    for parameter in &edit.clear {
        written.push((format!("{VALUE}{}", parameter.name()), Image::Absent));
    }
    if let Some(was) = &edit.as_it_was {
        for (name, value) in &was.rows {
            written.push((format!("{VALUE}{name}"), of_parameter(name, value)));
        }
    }
    written
}
