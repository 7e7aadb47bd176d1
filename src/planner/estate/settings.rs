//! Whether phones are set as IP Phone Agent needs it, so that a playbook can say so without changing any.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::planner::phones::SettingsSeen;
use crate::playbook::draft::PhoneSettingsDraft;
use crate::playbook::{ExceptedPhones, Exception, Location, Overrides, PhoneSettings, Scope};
use crate::resources::phone_settings::{self, Below, Setting, Values, Wanted};

use super::{LeftOut, Sort};

/// Exceptions that a playbook is given; more of them are no exceptions.
const MOST: usize = 20;

/// The section, where it can be held true, and what is to be said of phones that are set otherwise.
pub fn tell(seen: &SettingsSeen) -> (Option<PhoneSettingsDraft>, Vec<LeftOut>) {
    if seen.phones.is_empty() {
        return (None, Vec::new());
    }
    let at = Location { file: Arc::from(""), line: 1, column: 1 };
    let settings = PhoneSettings {
        scope: Scope::Phones,
        overrides: Overrides::Report,
        except: Vec::<Exception>::new(),
        at: at.clone(),
    };
    let wanted = Wanted { settings: &settings, https_only: seen.https_only() };
    let nothing = Values::default();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, phone) in &seen.phones {
        let profile = seen.profiles.get(&*phone.profile).unwrap_or(&nothing);
        let below = Below { profile, enterprise: &seen.enterprise };
        let difference = phone_settings::phone(wanted, name, phone, below, &at);
        if difference.changes.is_empty()
            && difference.findings.is_empty()
            && !difference.number_needed
        {
            continue;
        }
        let found = Setting::ALL.into_iter().map(|setting| {
            let value =
                phone.own.get(setting).or(profile.get(setting)).or(seen.enterprise.get(setting));
            format!("{} {}", setting.title(), setting.shown(value, seen.https_only()))
        });
        let found: Vec<String> = found.collect();
        wrong.entry(format!("found with {}", found.join(", "))).or_default().push(name.clone());
    }
    let number: usize = wrong.values().map(Vec::len).sum();
    let few = number <= MOST && number * 4 <= seen.phones.len();
    if few {
        let except = wrong.iter().flat_map(|(why, names)| {
            names.iter().map(move |name| (ExceptedPhones::Device(name.clone()), why.clone()))
        });
        let draft =
            PhoneSettingsDraft { scope: Scope::Phones, overrides: None, except: except.collect() };
        let listed = wrong.iter().map(|(why, names)| LeftOut {
            kind: Sort::Device,
            names: names.clone(),
            why: format!("{why}: phone_settings excepts them"),
        });
        return (Some(draft), listed.collect());
    }
    let unknown = seen.https_only().is_none();
    let why = format!(
        "not written: {number} of {} phones are not set to Web Access Enabled and HTTPS Server HTTPS Only{}",
        seen.phones.len(),
        if unknown { ", whose number nothing on this cluster tells" } else { "" }
    );
    let mut left = vec![LeftOut::section("phone_settings", why)];
    left.extend(wrong.into_iter().map(|(why, names)| LeftOut { kind: Sort::Device, names, why }));
    (None, left)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::resources::phone_settings::Phone;

    fn seen(right: usize, wrong: usize) -> SettingsSeen {
        let phone = |text: &str| Phone {
            model: "Cisco 8851".into(),
            profile: "Standard".into(),
            own: Arc::new(Values::of(text)),
        };
        let good = "<webAccess>0</webAccess><webProtocol>1</webProtocol>";
        let named = |number: usize, text: &str| (format!("SEP{number:012}"), phone(text));
        let phones = (0..right).map(|at| named(at, good));
        let others = (right..right + wrong).map(|at| named(at, "<webAccess>1</webAccess>"));
        SettingsSeen {
            phones: phones.chain(others).collect(),
            https_only_in_use: BTreeSet::from(["1".to_owned()]),
            ..SettingsSeen::default()
        }
    }

    #[test]
    fn a_section_that_is_true_or_none() {
        let (all, left) = tell(&seen(4, 0));
        assert_eq!((all.unwrap().except.len(), left.len()), (0, 0));
        let (most, left) = tell(&seen(4, 1));
        let most = most.unwrap();
        assert_eq!(most.except.len(), 1);
        assert!(most.except[0].1.contains("Web Access Disabled, HTTPS Server not set"), "{most:?}");
        assert_eq!(left.len(), 1);
        let (none, left) = tell(&seen(1, 3));
        assert!(none.is_none());
        assert!(left[0].why.contains("3 of 4 phones"), "{left:?}");
        assert_eq!(left[1].names.len(), 3);
        assert_eq!(tell(&SettingsSeen::default()), (None, Vec::new()));
    }
}
