//! What an undo changes, as it is shown: lists by what comes and goes, settings in the console's words.

use crate::journal::past::{FieldBack, Reversal, Touched};
use crate::journal::{Kept, Key, application_user, phone_service, subscription};
use crate::plan::{Change, Shown};
use crate::resources::phone_settings::Setting;
use crate::resources::vendor_config;

use super::Undoing;

/// Fields that say whether an object or a part of it is there.
const EXISTS: [&str; 3] =
    [application_user::USER, phone_service::SERVICE, subscription::SUBSCRIPTION];

/// Fields with what stands there and what stood there, as changes.
pub(super) fn of(undoing: Undoing<'_>, fields: &[FieldBack]) -> Vec<Change> {
    let change = |field: String, before: Shown, after: Shown| Change {
        field,
        before,
        after,
        check: "",
        declared: undoing.deployment.application_user.at.clone(),
    };
    let goes = |(key, _, was): &&FieldBack| {
        EXISTS.contains(&key.field.as_str()) && matches!(was, Kept::Absent)
    };
    let going: Vec<&Key> = fields.iter().filter(goes).map(|(key, ..)| key).collect();
    // Of what goes away it is said that it goes, not what it had.
    let told = |key: &Key| {
        going.contains(&key)
            || !going
                .iter()
                .any(|gone| gone.of.is_empty() || (&gone.of, gone.copy) == (&key.of, key.copy))
    };
    let mut changes = Vec::new();
    for (key, now, was) in fields.iter().filter(|(key, ..)| told(key)) {
        let setting = Setting::ALL.into_iter().find(|setting| setting.element() == key.field);
        if let (Some(setting), true) = (setting, key.of.is_empty()) {
            changes.push(change(
                setting.title().to_owned(),
                element(setting, now),
                element(setting, was),
            ));
            continue;
        }
        if let (Kept::List(_) | Kept::Absent, Kept::List(_) | Kept::Absent) = (now, was) {
            let (now, was) = (now.list(), was.list());
            let one = key.to_string();
            let one = one.strip_suffix('s').unwrap_or(&one);
            let field = |name: &str| format!("{one} {name}");
            let gone = now.iter().filter(|name| !was.contains(name));
            changes.extend(gone.map(|n| change(field(n), Shown::text("listed"), Shown::Absent)));
            let back = was.iter().filter(|name| !now.contains(name));
            changes.extend(back.map(|n| change(field(n), Shown::Absent, Shown::text("listed"))));
            continue;
        }
        changes.push(change(key.to_string(), now.shown(), was.shown()));
    }
    changes
}

fn element(setting: Setting, kept: &Kept) -> Shown {
    let text = kept.list().into_iter().next();
    let value = text.as_deref().and_then(|text| vendor_config::value(text, setting.element()));
    match (kept, value) {
        (Kept::Unknown, _) => kept.shown(),
        (_, value) => Shown::text(setting.shown(value.as_deref(), None)),
    }
}

/// What an object that is left alone holds, of the fields that keep it from being put back.
pub(super) fn held(touched: &Touched, reversal: &Reversal) -> Vec<FieldBack> {
    let before = |key: &Key| touched.before(key).cloned().unwrap_or(Kept::Unknown);
    reversal.moved.iter().map(|(key, now)| (key.clone(), now.clone(), before(key))).collect()
}
