//! Every check that a program can judge: one scenario makes it fire on the sandbox, and it is silent on a healthy
//! cluster. What nothing can tell is listed with its reason; the three counts add up to the table.

mod access;
mod app_user;
pub(crate) mod bench;
mod certificate;
mod extension;
mod finesse;
mod one_button;
mod phone;
mod playbook;
mod restart;
mod self_care;
mod service;
mod strangers;
mod subscription;
mod untold;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write as _;
use std::sync::Mutex;

use ippactl::lint::{Judged, checks};

use bench::Bench;

/// What makes one check fire.
pub(crate) struct Scenario {
    /// The check's id.
    pub(crate) check: &'static str,
    /// Who has to find it.
    pub(crate) by: By,
    /// Where a healthy cluster has it too (notices that always hold): what makes it silent.
    pub(crate) silent: Option<fn(&Bench)>,
    /// Changes the cluster or the playbook.
    pub(crate) fires: fn(&Bench),
}

/// Which command has to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    /// `validate`
    Validate,
    /// `verify`
    Verify,
    /// `apply` that is asked for a restart, with these kinds allowed.
    Apply(&'static str),
}

/// A scenario of `verify` whose check is silent on a healthy cluster.
const fn verify(check: &'static str, fires: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Verify, silent: None, fires }
}

/// The same for `validate`.
const fn validate(check: &'static str, fires: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Validate, silent: None, fires }
}

/// The same for `apply`.
const fn apply(check: &'static str, allow: &'static str, fires: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Apply(allow), silent: None, fires }
}

/// All scenarios, subject by subject.
fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    let subjects: [&[Scenario]; 12] = [
        access::SCENARIOS,
        app_user::SCENARIOS,
        certificate::SCENARIOS,
        extension::SCENARIOS,
        finesse::SCENARIOS,
        one_button::SCENARIOS,
        phone::SCENARIOS,
        playbook::SCENARIOS,
        restart::SCENARIOS,
        self_care::SCENARIOS,
        service::SCENARIOS,
        subscription::SCENARIOS,
    ];
    subjects.into_iter().flatten()
}

/// Checks that have a scenario in another test, which the table of these tests names.
const ELSEWHERE: [(&str, &str); 30] = [
    ("waiver-expired", WAIVERS),
    ("waiver-unused", WAIVERS),
    ("cucm-reboot-pending", "certificates::a_reboot_made_by_hand_is_said_to_be_done"),
    ("notification-restart-pending", "certificates::a_kill_before_the_restart_keeps_what_is_owed"),
    ("phone-trust-only-ca", "certificates::the_authority_alone_does_not_do_for_phones"),
    ("replication-incomplete", FAULTS),
    ("phone-user-logged-in", "phone_settings::somebody_logged_in_is_waited_for_by_the_next_run"),
    ("restart-single-node", "restarts::a_single_node_is_restarted_with_a_warning"),
    ("finesse-unreachable", FAULTS),
    ("finesse-name-unresolved", FAULTS),
    ("finesse-behind-proxy", FAULTS),
    ("finesse-credential-refused", FAULTS),
    ("clock-skew", FAULTS),
    ("ntp-unsynchronised", FAULTS),
    ("axl-unreachable", FAULTS),
    ("axl-role-missing", FAULTS),
    ("cucm-service-stopped", FAULTS),
    ("os-admin-level", FAULTS),
    ("ssh-host-key-changed", FAULTS),
    ("phone-without-dns", PHONE),
    ("phone-outside-lan", PHONE),
    ("phone-authentication-url-differs", PHONE),
    ("phone-push-refused", PHONE),
    (
        "sso-browser-needed",
        "sso::sign_in::a_page_that_is_not_known_ends_it_with_its_title_and_forms",
    ),
    ("sso-identity-service", IDENTITY),
    ("sso-acs-url", "sso::sign_in::the_old_assertion_address_and_an_old_release_are_told"),
    ("sso-user-id", "sso::agents::a_hybrid_system_has_both_and_login_names_are_mapped"),
    ("sso-refresh-due", TOKENS),
    ("sso-refresh-dead", TOKENS),
    (
        "sso-token-refused",
        "sso::tokens::whatever_a_dead_refresh_is_answered_with_a_new_sign_in_is_what_helps",
    ),
];

/// The errors of an identity service.
const IDENTITY: &str = "sso::sign_in::each_error_of_the_identity_service_is_told_with_its_fix";
/// The life of a token.
const TOKENS: &str =
    "sso::tokens::after_three_quarters_of_its_life_the_next_call_uses_a_refreshed_token";

/// The test of waivers.
const WAIVERS: &str = "evidence::a_waiver_holds_until_its_day_and_hides_nothing";
/// Doctor's faults.
const FAULTS: &str = "doctor::each_fault_has_its_line_its_fix_and_its_code";
/// Doctor's phone.
const PHONE: &str = "doctor::phone::a_phone_that_is_not_well_has_a_line_for_each_thing";

#[test]
fn every_check_fires_and_is_silent() {
    let healthy: BTreeMap<By, BTreeSet<String>> =
        [By::Validate, By::Verify].into_iter().map(|by| (by, Bench::healthy().found(by))).collect();
    let waiting = Mutex::new(scenarios().collect::<VecDeque<_>>());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(scenario) = { waiting.lock().unwrap().pop_front() } {
                    let id = scenario.check;
                    let ended = std::panic::catch_unwind(|| {
                        let silent = match scenario.silent {
                            None => match healthy.get(&scenario.by) {
                                Some(found) => found.clone(),
                                None => Bench::healthy().found(scenario.by),
                            },
                            Some(calm) => {
                                let bench = Bench::healthy();
                                calm(&bench);
                                bench.found(scenario.by)
                            }
                        };
                        assert!(!silent.contains(id), "{id} is not silent");
                        let bench = Bench::healthy();
                        (scenario.fires)(&bench);
                        let found = bench.found(scenario.by);
                        assert!(found.contains(id), "{id} does not fire: {found:?}");
                    });
                    if let Err(why) = ended {
                        let why = why.downcast_ref::<String>().cloned().unwrap_or_default();
                        wrong.lock().unwrap().push(format!("{id}: {why}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prints the three counts: judged with a scenario, judged without, which is none, and not checkable, with the reason of
/// each.
#[test]
fn the_counts_add_up() {
    let mut proven: BTreeSet<&str> = scenarios().map(|scenario| scenario.check).collect();
    for (check, test) in ELSEWHERE {
        assert!(crate::coverage::is_test(test), "{check}: no test {test}");
        proven.insert(check);
    }
    let never: Vec<(&str, &str)> = checks()
        .filter_map(|check| match check.judged {
            Judged::Never(why) => Some((check.id, why)),
            Judged::Lint | Judged::Verify | Judged::Doctor | Judged::Apply | Judged::SignIn => None,
        })
        .collect();
    let without: Vec<&str> = checks()
        .map(|check| check.id)
        .filter(|id| !proven.contains(id) && never.iter().all(|(own, _)| own != id))
        .collect();
    assert!(without.is_empty(), "judged, and no test makes them fire: {without:?}");
    for id in &proven {
        assert!(ippactl::lint::check(id).is_some(), "no check {id}");
        assert!(never.iter().all(|(own, _)| own != id), "{id} is judged after all");
    }
    let all = checks().count();
    assert_eq!(proven.len() + without.len() + never.len(), all);
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "checks: {} fire and are silent + {} without a scenario + {} not checkable = {all}",
        proven.len(),
        without.len(),
        never.len()
    )
    .unwrap();
    for (id, why) in never {
        writeln!(out, "  {id}: {why}").unwrap();
    }
}
