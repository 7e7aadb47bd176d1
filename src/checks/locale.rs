//! Languages: whether Finesse has the language pack of a phone's or device profile's user locale.
//!
//! What is compared is the language, and the country where a language comes in several. A device without a locale of its
//! own follows the cluster's default, which is not looked at.

use std::collections::BTreeSet;

use crate::clients::axl::DeviceFact;
use crate::plan::{NotChecked, Plan};
use crate::planner::build::Inputs;

use super::{Seen, existing, finding, object};

/// The first word of CUCM's locale names, and the language as packs name it.
const LANGUAGES: [(&str, &[&str]); 33] = [
    ("Arabic", &["ar"]),
    ("Bulgarian", &["bg"]),
    ("Catalan", &["ca"]),
    ("Chinese", &["zh"]),
    ("Croatian", &["hr"]),
    ("Czech", &["cs"]),
    ("Danish", &["da"]),
    ("Dutch", &["nl"]),
    ("English", &["en"]),
    ("Estonian", &["et"]),
    ("Finnish", &["fi"]),
    ("French", &["fr"]),
    ("German", &["de"]),
    ("Greek", &["el"]),
    ("Hebrew", &["he", "iw"]),
    ("Hungarian", &["hu"]),
    ("Italian", &["it"]),
    ("Japanese", &["ja"]),
    ("Korean", &["ko"]),
    ("Latvian", &["lv"]),
    ("Lithuanian", &["lt"]),
    ("Norwegian", &["nb", "no"]),
    ("Polish", &["pl"]),
    ("Portuguese", &["pt"]),
    ("Romanian", &["ro"]),
    ("Russian", &["ru"]),
    ("Serbian", &["sr"]),
    ("Slovak", &["sk"]),
    ("Slovenian", &["sl"]),
    ("Spanish", &["es"]),
    ("Swedish", &["sv"]),
    ("Thai", &["th"]),
    ("Turkish", &["tr"]),
];
/// Countries that tell packs of one language apart.
const COUNTRIES: [(&str, &str); 6] = [
    ("Hong Kong", "HK"),
    ("Taiwan", "TW"),
    ("China", "CN"),
    ("Brazil", "BR"),
    ("Portugal", "PT"),
    ("Canada", "CA"),
];
/// Finesse has it without a pack.
const BUILT_IN: &str = "en";

/// Judges devices that have a locale of their own, where the playbook names the packs.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(packs) = &inputs.deployment.finesse.language_packs else { return };
    let Some(devices) = &seen.devices else { return };
    let mut unknown = BTreeSet::new();
    for device in existing(inputs) {
        let Some(locale) = devices.told(&device.name, DeviceFact::UserLocale) else { continue };
        match covered(locale, packs) {
            Some(true) => {}
            Some(false) => plan.findings.push(finding(
                "phone-locale-without-pack",
                object(device.kind, &device.name),
                "user locale",
                format!("English, or one of the packs: {}", packs.join(", ")),
                locale,
                Some(&device.declared),
            )),
            None => drop(unknown.insert(locale)),
        }
    }
    plan.not_checked.extend(unknown.into_iter().map(|locale| NotChecked {
        subject: format!("language pack of user locale {locale}"),
        reason: "which pack it needs is not known".to_owned(),
        not_checkable: true,
        attested: None,
    }));
}

/// Whether one of the packs is for this locale; `None`: nobody knows which would be.
fn covered(locale: &str, packs: &[String]) -> Option<bool> {
    let first = locale.split([' ', ',']).next()?;
    let (_, languages) = LANGUAGES.iter().find(|(name, _)| name.eq_ignore_ascii_case(first))?;
    if languages.contains(&BUILT_IN) {
        return Some(true);
    }
    let country = COUNTRIES.iter().find(|(name, _)| locale.contains(name)).map(|(_, code)| *code);
    // A pack of the language alone, or of a country that no name tells apart, is for all that no other name claims.
    let of_country = |of: &str| match country {
        Some(country) => of == country,
        None => !COUNTRIES.iter().any(|(_, code)| *code == of),
    };
    let mut named = packs.iter().filter_map(|pack| pack.split_once('_'));
    Some(named.any(|(language, of)| languages.contains(&language) && of_country(of)))
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, covered};
    use crate::checks::phone_menu::DevicesSeen;
    use crate::checks::stage::Stage;
    use crate::clients::axl::{DeviceFact, Facts};

    #[test]
    fn a_locale_is_known_by_language_and_where_needed_by_country() {
        assert!(LANGUAGES.is_sorted());
        let packs: Vec<String> =
            ["cs_CZ", "pt_BR", "zh_CN", "fr_FR", "nb_NO"].map(str::to_owned).to_vec();
        for (locale, is) in [
            ("English United States", Some(true)),
            ("English, United Kingdom", Some(true)),
            ("Czech Czech Republic", Some(true)),
            ("Czech, Czech Republic", Some(true)),
            ("German Germany", Some(false)),
            ("Portuguese Brazil", Some(true)),
            ("Portuguese Portugal", Some(false)),
            ("Chinese China", Some(true)),
            ("Chinese Taiwan", Some(false)),
            ("French France", Some(true)),
            ("French Canada", Some(false)),
            ("Norwegian Norway", Some(true)),
            ("Klingon Qo'noS", None),
        ] {
            assert_eq!(covered(locale, &packs), is, "{locale}");
        }
    }

    #[test]
    fn only_what_the_playbook_declares_is_judged() {
        let found = |packs: &str, locale: &str| {
            let primary = "primary: fin-a.example.com";
            let mut site = Stage::cucm(&[(primary, &format!("{packs}{primary}"))]);
            let mut devices = DevicesSeen::default();
            let told = Facts::from([(DeviceFact::UserLocale, locale.to_owned())]);
            devices.facts.told.insert("UDP_1".into(), told.into());
            site.seen.devices = Some(devices);
            let plan = site.plan();
            (plan.findings.len(), plan.not_checked.len())
        };
        assert_eq!(found("", "German Germany"), (0, 0));
        assert_eq!(found("language_packs: [cs_CZ], ", "German Germany"), (1, 0));
        assert_eq!(found("language_packs: [], ", "German Germany"), (1, 0));
        assert_eq!(found("language_packs: [de_DE], ", "German Germany"), (0, 0));
        assert_eq!(found("language_packs: [de_DE], ", "Klingon"), (0, 1));
        assert_eq!(found("language_packs: [de_DE], ", ""), (0, 0));
    }
}
