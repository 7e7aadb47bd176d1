//! Web Access and HTTPS Server of the roster's phones, at the scope that the playbook names.
//!
//! A level counts where it says something: phone, then common phone profile, then enterprise (CUCM System
//! Configuration Guide, phone configuration layers). What a level does not say is left to the next one.

use std::sync::Arc;

use crate::plan::{Change, Finding, Object, ObjectKind, Severity, Shown};
use crate::playbook::{ExceptedPhones, Exception, Location, Overrides, PhoneSettings, Scope};

use super::setting::ENABLED;
pub use super::setting::{HTTP_AND_HTTPS, Setting, Values};
use super::vendor_config;

/// A phone as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Model, e.g. `Cisco 8845`.
    pub model: Arc<str>,
    /// Common phone profile; empty where unknown.
    pub profile: Arc<str>,
    /// What the phone itself says.
    pub own: Arc<Values>,
}

/// What both settings should be, and where.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The declaration.
    pub settings: &'a PhoneSettings,
    /// The value of *HTTPS Only*, where it is known.
    pub https_only: Option<&'a str>,
}

/// The levels below a phone.
#[derive(Debug, Clone, Copy)]
pub struct Below<'a> {
    /// The phone's profile.
    pub profile: &'a Values,
    /// The enterprise phone configuration.
    pub enterprise: &'a Values,
}

/// Elements to set on one object.
pub type Edit = Vec<(Setting, String)>;

/// What differs on one object.
#[derive(Debug, Default)]
pub struct Difference {
    /// Changes to show.
    pub changes: Vec<Change>,
    /// The elements that make them.
    pub edit: Edit,
    /// What is wrong and not changed here.
    pub findings: Vec<Finding>,
    /// *HTTPS Only* is wanted here, and nobody knows its number yet.
    pub number_needed: bool,
}

/// The configuration with the edit made in it; `None` when the text is not well-formed.
pub fn merged(config: &str, edit: &Edit) -> Option<String> {
    edit.iter().try_fold(config.to_owned(), |config, (setting, value)| {
        vendor_config::set(&config, setting.element(), value)
    })
}

/// The exception that a phone falls under.
pub fn excepted<'a>(
    settings: &'a PhoneSettings,
    device: &str,
    model: &str,
) -> Option<&'a Exception> {
    settings.except.iter().find(|exception| match &exception.phones {
        ExceptedPhones::Device(name) => name.eq_ignore_ascii_case(device),
        ExceptedPhones::Model(number) => model_is(model, number),
    })
}

/// Whether a model's name has this number as a word: `Cisco 8821` and `8821`, not `8821-EX`.
fn model_is(model: &str, number: &str) -> bool {
    model.eq_ignore_ascii_case(number)
        || model.split_whitespace().any(|word| word.eq_ignore_ascii_case(number))
}

/// Compares one phone.
pub fn phone(
    wanted: Wanted<'_>,
    name: &str,
    phone: &Phone,
    below: Below<'_>,
    declared: &Location,
) -> Difference {
    let object = Object::new(ObjectKind::Phone, name);
    let mut difference = Difference::default();
    for setting in Setting::ALL {
        let own = phone.own.get(setting);
        let effective = own.or(below.profile.get(setting)).or(below.enterprise.get(setting));
        if wanted.is(setting, effective) {
            continue;
        }
        let wider = wanted.settings.scope != Scope::Phones;
        if wider && own.is_none() {
            // The wider scope's own step puts it right.
            continue;
        }
        let fixes = !wider || wanted.settings.overrides == Overrides::Fix;
        let check = if wider { "phone-setting-overridden" } else { setting.check() };
        if fixes {
            wanted.change(&mut difference, setting, effective, check, declared);
        } else {
            difference.findings.extend(
                [check, setting.check()]
                    .map(|check| wanted.finding(check, &object, setting, effective, declared)),
            );
        }
    }
    difference
}

/// Compares a common phone profile that some of the roster's phones follow.
pub fn profile(wanted: Wanted<'_>, name: &str, own: &Values, enterprise: &Values) -> Difference {
    let object = Object::new(ObjectKind::CommonPhoneProfile, name);
    let declared = &wanted.settings.at;
    let mut difference = Difference::default();
    for setting in Setting::ALL {
        let effective = own.get(setting).or(enterprise.get(setting));
        if wanted.is(setting, effective) {
            continue;
        }
        match wanted.settings.scope {
            Scope::CommonPhoneProfile => {
                wanted.change(&mut difference, setting, effective, setting.check(), declared);
            }
            Scope::Enterprise if own.get(setting).is_some() => {
                if wanted.settings.overrides == Overrides::Fix {
                    let check = "phone-setting-overridden";
                    wanted.change(&mut difference, setting, effective, check, declared);
                } else {
                    difference.findings.extend(
                        ["phone-setting-overridden", setting.check()].map(|check| {
                            wanted.finding(check, &object, setting, effective, declared)
                        }),
                    );
                }
            }
            Scope::Enterprise | Scope::Phones => {}
        }
    }
    difference
}

/// Compares the enterprise phone configuration.
pub fn enterprise(wanted: Wanted<'_>, own: &Values) -> Difference {
    let mut difference = Difference::default();
    if wanted.settings.scope != Scope::Enterprise {
        return difference;
    }
    for setting in
        Setting::ALL.into_iter().filter(|setting| !wanted.is(*setting, own.get(*setting)))
    {
        let declared = &wanted.settings.at;
        wanted.change(&mut difference, setting, own.get(setting), setting.check(), declared);
    }
    difference
}

/// A phone that the playbook leaves alone: shown, never counted.
pub fn exception(name: &str, exception: &Exception) -> Finding {
    Finding {
        check: Setting::WebAccess.check(),
        severity: Severity::Info,
        object: Object::new(ObjectKind::Phone, name),
        field: "phone settings".to_owned(),
        expected: Shown::text("left alone"),
        found: Shown::Text(format!("excepted: {}", exception.reason)),
        declared: Some(exception.at.clone()),
    }
}

impl Wanted<'_> {
    fn is(self, setting: Setting, value: Option<&str>) -> bool {
        match setting {
            Setting::WebAccess => value == Some(ENABLED),
            Setting::HttpsServer => value.is_some() && value == self.https_only,
        }
    }

    fn value(self, setting: Setting) -> Option<String> {
        match setting {
            Setting::WebAccess => Some(ENABLED.to_owned()),
            Setting::HttpsServer => self.https_only.map(str::to_owned),
        }
    }

    fn shall(setting: Setting) -> Shown {
        Shown::text(match setting {
            Setting::WebAccess => "Enabled",
            Setting::HttpsServer => "HTTPS Only",
        })
    }

    fn change(
        self,
        difference: &mut Difference,
        setting: Setting,
        found: Option<&str>,
        check: &'static str,
        declared: &Location,
    ) {
        let Some(value) = self.value(setting) else {
            difference.number_needed = true;
            return;
        };
        difference.edit.push((setting, value));
        difference.changes.push(Change {
            field: setting.title().to_owned(),
            before: Shown::Text(setting.shown(found, self.https_only)),
            after: Self::shall(setting),
            check,
            declared: declared.clone(),
        });
    }

    fn finding(
        self,
        check: &'static str,
        object: &Object,
        setting: Setting,
        found: Option<&str>,
        declared: &Location,
    ) -> Finding {
        Finding {
            check,
            severity: crate::lint::check(check).map_or(Severity::Error, |check| check.severity),
            object: object.clone(),
            field: setting.title().to_owned(),
            expected: Self::shall(setting),
            found: Shown::Text(setting.shown(found, self.https_only)),
            declared: Some(declared.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn at() -> Location {
        Location { file: Arc::from("emea.yaml"), line: 1, column: 1 }
    }

    fn settings(scope: Scope, overrides: Overrides) -> PhoneSettings {
        PhoneSettings { scope, overrides, except: Vec::new(), at: at() }
    }

    fn seen(config: &str) -> Phone {
        Phone {
            model: "Cisco 8845".into(),
            profile: "Standard".into(),
            own: Arc::new(Values::of(config)),
        }
    }

    fn compared(
        settings: &PhoneSettings,
        own: &str,
        profile: &str,
        enterprise: &str,
    ) -> Difference {
        let wanted = Wanted { settings, https_only: Some("1") };
        let (profile, enterprise) = (Values::of(profile), Values::of(enterprise));
        let below = Below { profile: &profile, enterprise: &enterprise };
        phone(wanted, "SEP001122334455", &seen(own), below, &at())
    }

    const RIGHT: &str = "<webAccess>0</webAccess><webProtocol>1</webProtocol>";

    #[test]
    fn the_nearest_level_that_says_something_counts() {
        let phones = settings(Scope::Phones, Overrides::Report);
        assert!(compared(&phones, RIGHT, "", "").edit.is_empty());
        assert!(compared(&phones, "", RIGHT, "").edit.is_empty());
        assert!(compared(&phones, "", "", RIGHT).edit.is_empty());
        let off = compared(&phones, "<webAccess>1</webAccess>", RIGHT, RIGHT);
        assert_eq!(off.edit, [(Setting::WebAccess, "0".to_owned())]);
        assert_eq!(off.changes[0].before, Shown::text("Disabled"));
        assert_eq!(compared(&phones, "", "", "").edit.len(), 2);
        assert_eq!(compared(&phones, "", "<webProtocol>0</webProtocol>", RIGHT).edit.len(), 1);
    }

    #[test]
    fn overrides_of_a_wider_scope_are_reported_or_fixed() {
        let own = "<webAccess>1</webAccess>";
        let report = compared(&settings(Scope::Enterprise, Overrides::Report), own, "", RIGHT);
        assert!(report.edit.is_empty());
        let checks: Vec<_> = report.findings.iter().map(|finding| finding.check).collect();
        assert_eq!(checks, ["phone-setting-overridden", "phone-web-access"]);
        let fix = compared(&settings(Scope::Enterprise, Overrides::Fix), own, "", RIGHT);
        assert_eq!(fix.edit, [(Setting::WebAccess, "0".to_owned())]);
        // What the wider scope has not got right yet is the wider scope's step.
        assert!(compared(&settings(Scope::Enterprise, Overrides::Fix), "", "", "").edit.is_empty());
    }

    #[test]
    fn an_unknown_number_is_asked_for_and_not_guessed() {
        let settings = settings(Scope::Phones, Overrides::Report);
        let wanted = Wanted { settings: &settings, https_only: None };
        let none = Values::default();
        let below = Below { profile: &none, enterprise: &none };
        let difference = phone(wanted, "SEP1", &seen(""), below, &at());
        assert_eq!(difference.edit, [(Setting::WebAccess, "0".to_owned())]);
        assert!(difference.number_needed);
    }

    #[test]
    fn exceptions_by_model_and_by_name() {
        let entry = |phones| Exception { phones, reason: "lab".to_owned(), at: at() };
        let settings = PhoneSettings {
            except: vec![
                entry(ExceptedPhones::Model("8821".to_owned())),
                entry(ExceptedPhones::Device("SEP00AA".to_owned())),
            ],
            ..settings(Scope::Phones, Overrides::Report)
        };
        assert!(excepted(&settings, "SEP1", "Cisco 8821").is_some());
        assert!(excepted(&settings, "SEP1", "Cisco 8821-EX").is_none());
        assert!(excepted(&settings, "sep00aa", "Cisco 8845").is_some());
        assert!(excepted(&settings, "SEP2", "Cisco 8845").is_none());
    }

    #[test]
    fn an_edit_is_made_in_place() {
        let edit =
            vec![(Setting::WebAccess, "0".to_owned()), (Setting::HttpsServer, "1".to_owned())];
        let config = "<a/><webAccess>1</webAccess>";
        let shall = "<a/><webAccess>0</webAccess><webProtocol>1</webProtocol>";
        assert_eq!(merged(config, &edit).as_deref(), Some(shall));
    }
}
