//! Elements of a `vendorConfig`, before and after a write: whole, so that what is put back is what was there.

use crate::resources::phone_settings::Edit;
use crate::resources::vendor_config;

use super::{Field, Image, Key};

/// What stands in an element now.
pub fn present(key: &Key, config: &str) -> Image {
    match vendor_config::whole(vendor_config::unwrapped(config), &key.field) {
        Some(found) if !found.is_empty() => Image::List(found),
        Some(_) => Image::Absent,
        None => Image::Unknown,
    }
}

/// What an edit touches.
pub fn touched(config: &str, edit: &Edit) -> Vec<Field> {
    let field = |(setting, value): &(crate::resources::phone_settings::Setting, String)| {
        let key = Key::own(setting.element());
        let before = present(&key, config);
        let copies = if let Image::List(found) = &before { found.len() } else { 1 };
        let after = Image::List(vec![vendor_config::element(setting.element(), value); copies]);
        Field { key, before, after }
    };
    edit.iter().map(field).collect()
}
