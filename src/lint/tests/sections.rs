//! The offline rules over the sections beyond services and subscriptions, and over the playbooks that are shipped.

use super::{GOOD, found};
use crate::lint::lint;
use crate::plan::Severity;
use crate::playbook::{Files, parse};

const USER: (&str, &str) = ("extension: 5001", "extension: 5001, user: agent1001");
const SELF_CARE: (&str, &str) = ("agents:", "self_care: {}\nagents:");

#[test]
fn the_application_user_is_not_the_rmcm_user() {
    let rmcm = |user: &str| format!("id: ippa, uccx_rmcm: {{ user: {user} }}");
    assert_eq!(found(&[("id: ippa", &rmcm("rmcm"))]), Vec::<String>::new());
    for same in ["ippa", "IPPA"] {
        assert_eq!(found(&[("id: ippa", &rmcm(same))]), ["error[app-user-is-rmcm] 10"]);
    }
}

#[test]
fn an_enterprise_subscription_makes_procedures_idle() {
    let enterprise = [
        ("manual", "enterprise"),
        ("one_button_sign_in: { id: administrator, extension: administrator }\n", ""),
    ];
    assert_eq!(found(&enterprise), Vec::<String>::new());
    let more = |change| [enterprise.as_slice(), &[change]].concat();
    assert_eq!(found(&more(SELF_CARE)), ["warning[procedure-not-applicable] 16"]);
    let unlisted = ("agents:", "agents:\n  unlisted: unsubscribe");
    assert_eq!(found(&more(unlisted)), ["warning[procedure-not-applicable] 16"]);
}

#[test]
fn agents_who_do_something_themselves_need_self_care() {
    assert_eq!(found(&[("manual", "self-care")]), ["warning[procedure-incomplete] 11"]);
    assert_eq!(found(&[("manual", "self-care"), SELF_CARE, USER]), Vec::<String>::new());
    let password = ("extension: administrator }", "extension: administrator, password: agent }");
    let readable = "info[subscription-password-readable] 16";
    assert_eq!(found(&[password]), [readable, "warning[procedure-incomplete] 16"]);
    assert_eq!(found(&[password, SELF_CARE, USER]), [readable]);
}

#[test]
fn self_care_needs_the_user_of_every_agent() {
    assert_eq!(found(&[SELF_CARE, USER]), Vec::<String>::new());
    assert_eq!(found(&[SELF_CARE]), ["warning[self-care-group] 20"]);
    // Phones without values have no agent.
    let phones = ("agents:\n", "agents:\n  phones:\n    - { device: SEP001122334466 }\n");
    assert_eq!(found(&[USER, phones, SELF_CARE]), Vec::<String>::new());
}

#[test]
fn pcce_has_finesse_settings_per_site() {
    let pcce = |more: &str| {
        let text = format!(
            "finesse_settings: {{ {more} }}\nrestart: {{ finesse_tomcat: never }}\nagents:"
        );
        found(&[("uccx", "pcce"), ("agents:", &text)])
    };
    assert_eq!(pcce(""), ["info[ippa-settings-per-site] 17"]);
    assert_eq!(pcce("site: Main"), Vec::<String>::new());
    assert_eq!(pcce("mode: elsewhere"), Vec::<String>::new());
}

#[test]
fn findings_of_these_sections_say_what_to_do() {
    let text = GOOD.replace("agents:", "self_care: {}\nagents:");
    let deployment = parse("p.yaml", &text, &super::Nothing).unwrap();
    let found: String = lint(&deployment).iter().map(|finding| finding.render(false)).collect();
    insta::assert_snapshot!(found, @r#"
    warning[self-care-group]: the agent of SEP001122334455 has no `user` for Self Care
      --> p.yaml:20:7
       = fill in the column `user`: the end user who is given access
    "#);
}

/// The folder of the playbooks that are shipped.
struct Shipped;

impl Files for Shipped {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let file = SHIPPED.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| "no such file".to_owned())
    }
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../playbooks/", $name)))),*]
    };
}

const SHIPPED: &[(&str, &str)] = shipped![
    "reference.yaml",
    "reference-phones.csv",
    "two-node-uccx.yaml",
    "two-node-uccx.csv",
    "two-node-uccx-passwords.csv",
    "two-node-ucce.yaml",
    "two-node-ucce.csv",
    "enterprise-subscription.yaml",
    "enterprise-subscription.csv",
    "self-care.yaml",
    "self-care.csv",
    "extension-mobility.yaml",
    "extension-mobility.csv",
    "pcce-site.yaml",
    "pcce-site.csv",
    "hot-desk.yaml",
    "hot-desk.csv",
];

#[test]
fn the_shipped_playbooks_have_nothing_to_complain_of() {
    for (name, text) in SHIPPED.iter().filter(|(name, _)| name.ends_with("yaml")) {
        let deployment = parse(name, text, &Shipped).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(|m| m.render(false)).collect::<String>())
        });
        let found: String = lint(&deployment)
            .iter()
            .filter(|finding| finding.severity != Severity::Info)
            .map(|finding| finding.render(false))
            .collect();
        assert!(found.is_empty(), "{name}\n{found}");
        assert!(name.starts_with(&deployment.name), "{name} describes {}", deployment.name);
    }
}
