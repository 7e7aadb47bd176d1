//! An application user's lists, before and after a write.

use crate::clients::axl::ApplicationUser;
use crate::resources::application_user::{Edit, Wanted};

use super::{Field, Image, Key};

/// The field that says whether there is a user.
pub const USER: &str = "application user";
/// The three lists, in the words of the plan.
pub const DEVICES: &str = "controlled devices";
/// See [`DEVICES`].
pub const GROUPS: &str = "access control groups";
/// See [`DEVICES`].
pub const PROFILES: &str = "controlled device profiles";
/// The password, which no interface tells.
pub const PASSWORD: &str = "password";

/// The presence group: kept of a user that is deleted.
pub const PRESENCE: &str = "presence group";

/// What stands in a field now.
pub fn present(key: &Key, user: Option<&ApplicationUser>) -> Image {
    let Some(user) = user else { return Image::Absent };
    match key.field.as_str() {
        USER => Image::Text(user.id.clone()),
        DEVICES => list(&user.devices),
        GROUPS => list(&user.groups),
        PROFILES => list(&user.profiles),
        PRESENCE => Image::maybe(user.presence_group.as_deref()),
        _ => Image::Unknown,
    }
}

/// What the deletion of a user touches: everything of it that is known.
pub fn deleted(found: &ApplicationUser) -> Vec<Field> {
    let fields = [USER, PASSWORD, DEVICES, GROUPS, PROFILES, PRESENCE];
    let field = |name: &str| {
        let key = Key::own(name);
        Field { before: present(&key, Some(found)), key, after: Image::Absent }
    };
    fields.into_iter().map(field).collect()
}

/// The edit with the lists that a creation writes.
pub fn whole(wanted: &Wanted<'_>, edit: &Edit) -> Edit {
    if !edit.create {
        return edit.clone();
    }
    let names = |list: &[(&str, &crate::playbook::Location)]| {
        Some(list.iter().map(|(name, _)| (*name).to_owned()).collect())
    };
    Edit {
        devices: names(&wanted.devices),
        groups: Some(wanted.groups.clone()),
        profiles: names(&wanted.profiles),
        ..edit.clone()
    }
}

/// What an edit touches.
pub fn touched(id: &str, found: Option<&ApplicationUser>, edit: &Edit) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut field = |name: &str, after: Image| {
        let key = Key::own(name);
        let before = present(&key, found);
        fields.push(Field { key, before, after });
    };
    if edit.create {
        field(USER, Image::Text(id.to_owned()));
    }
    if edit.create || edit.password {
        field(PASSWORD, Image::Unknown);
    }
    for (name, after) in
        [(DEVICES, &edit.devices), (GROUPS, &edit.groups), (PROFILES, &edit.profiles)]
    {
        match after {
            Some(after) => field(name, list(after)),
            None if edit.create => field(name, list(&[])),
            None => {}
        }
    }
    fields
}

/// An empty list and one that was never written read alike.
fn list(names: &[String]) -> Image {
    if names.is_empty() { Image::Absent } else { Image::List(names.to_vec()) }
}
