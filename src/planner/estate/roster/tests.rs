//! Rows of estates that are right, wrong, and odd.

use super::*;
use crate::clients::axl::{PhoneService, Pkid};
use crate::planner::estate::samples::{parameter, service, state};
use crate::planner::estate::services::choose;
use crate::planner::estate::sign_in::tell;

fn services() -> [PhoneService; 2] {
    let mut both =
        [service("Finesse", "fin-a.example.com"), service("Finesse Backup", "fin-b.example.com")];
    for one in &mut both {
        one.parameters = Parameter::ALL.map(|own| parameter(own, true)).to_vec();
    }
    both
}

fn made(states: Vec<(String, DeviceState)>, controlled: &[&str]) -> Roster {
    let estate = Estate {
        services: services().to_vec(),
        states: states.into_iter().collect(),
        separator: Some('?'),
    };
    let chosen = choose(&estate, &[]);
    let kind = |name: &str| {
        if name.starts_with("UDP") { DeviceKind::DeviceProfile } else { DeviceKind::Phone }
    };
    let controlled: BTreeMap<_, _> =
        controlled.iter().map(|name| ((*name).to_owned(), kind(name))).collect();
    roster(Inputs {
        estate: &estate,
        chosen: &chosen,
        subscription: SubscriptionKind::Manual,
        filled: tell(&estate, &chosen),
        product: Product::Ucce,
        user: Some("ippa"),
        controlled: &controlled,
    })
}

const ONE: &str = "SEP001122330001";
const TWO: &str = "SEP001122330002";
const RIGHT: &str = "?id=1001&extension=2001&password=hidden";

fn whole(device: &str, first: &str, second: &str) -> (String, DeviceState) {
    let [primary, secondary] = services();
    state(device, &[(&primary, first), (&secondary, second)])
}

fn aside(roster: &Roster, device: &str) -> bool {
    let has = |rows: &[RowDraft]| rows.iter().any(|row| row.device.as_deref() == Some(device));
    let (aside, managed) = (has(&roster.aside), has(&roster.rows) || has(&roster.phones));
    assert_ne!(aside, managed, "{device}: {roster:#?}");
    aside
}

#[track_caller]
fn says(roster: &Roster, name: &str, words: &str) {
    let found = roster
        .left_out
        .iter()
        .any(|left| left.names.iter().any(|n| n == name) && left.why.contains(words));
    assert!(found, "{words}: {:#?}", roster.left_out);
}

#[test]
fn a_phone_and_its_agents_profile_are_one_row_and_no_password_is_in_it() {
    let roster = made(
        vec![whole(ONE, RIGHT, RIGHT), whole("UDP_1001", RIGHT, RIGHT), whole(TWO, "", "")],
        &[ONE, TWO, "UDP_1001"],
    );
    assert_eq!(roster.left_out, []);
    let [row] = roster.rows.as_slice() else { panic!("{:#?}", roster.rows) };
    assert_eq!(
        (row.device.as_deref(), row.device_profile.as_deref()),
        (Some(ONE), Some("UDP_1001"))
    );
    assert_eq!((&row.id, row.manage), (&Cell::Value("1001".into()), Manage::All));
    assert_eq!(roster.phones.len(), 1);
    assert!(!format!("{roster:?}").contains("hidden"));
}

#[test]
fn a_row_that_would_change_something_is_set_aside_and_listed() {
    let other = "?id=1002&extension=2001&password=hidden";
    let unknown = "?id=1002&extension=2002&zone=x";
    let [primary, _] = services();
    let roster = made(
        vec![
            whole(ONE, RIGHT, other),
            whole(TWO, unknown, unknown),
            state("SEP001122330003", &[(&primary, RIGHT)]),
        ],
        &[ONE, TWO, "SEP001122330003", "SEP001122330009"],
    );
    for device in [ONE, TWO, "SEP001122330003"] {
        assert!(aside(&roster, device), "{device}");
    }
    says(&roster, ONE, "different values");
    says(&roster, TWO, "does not define");
    says(&roster, "SEP001122330003", "one of the two services only");
    says(&roster, "SEP001122330009", "not subscribed");
}

#[test]
fn a_second_subscription_stays_and_two_passwords_are_set_aside() {
    let [primary, secondary] = services();
    let mut twice = state(ONE, &[(&primary, RIGHT), (&secondary, RIGHT)]);
    let again = state(ONE, &[(&primary, RIGHT)]);
    twice.1.subscriptions.extend(again.1.subscriptions.into_iter().map(|mut one| {
        one.pkid = Pkid::of(&format!("{}2", one.pkid));
        one
    }));
    let rows = twice.1.rows.values().next().unwrap().iter();
    let rows = rows.map(|(name, value)| (Arc::clone(name), value.clone())).collect();
    twice.1.rows.insert(Pkid::of(&format!("{ONE} Finesse2")), rows);
    let passwords = whole(TWO, RIGHT, &RIGHT.replace("hidden", "other"));
    let roster = made(vec![twice, passwords], &[ONE, TWO]);
    assert!(!aside(&roster, ONE) && aside(&roster, TWO));
    says(&roster, ONE, "several times");
    says(&roster, TWO, "hold different values");
}

#[test]
fn names_and_values_that_no_roster_holds() {
    let named = "?id=smith&extension=2001&password=hidden";
    let roster = made(vec![whole(ONE, named, named), whole("ÄTZ 1", RIGHT, RIGHT)], &[ONE]);
    let [row] = roster.rows.as_slice() else { panic!("{:#?}", roster.rows) };
    assert_eq!((&row.id, row.manage), (&Cell::Keep, Manage::All));
    says(&roster, ONE, "the stored id cannot");
    says(&roster, "ÄTZ 1", "cannot hold such a name");
}

#[test]
fn a_phone_that_the_user_does_not_control_is_set_aside() {
    let roster = made(vec![whole(ONE, RIGHT, RIGHT)], &[]);
    assert!(aside(&roster, ONE));
    says(&roster, ONE, "not controlled by ippa");
}
