//! Plans that the tests of the formats share.

use std::sync::Arc;

use super::{
    AxlCall, Call, Change, Disturbance, Finding, Kind, NotChecked, Object, ObjectKind, Plan,
    SecretNote, Severity, Shown, Step,
};
use crate::playbook::Location;

/// Line `line` of the sample roster.
pub fn roster(line: u32) -> Location {
    Location { file: Arc::from("agents.csv"), line, column: 1 }
}

fn change(field: &str, before: Shown, after: Shown, declared: Location) -> Change {
    Change { field: field.to_owned(), before, after, check: "subscription-missing", declared }
}

fn step(kind: Kind, object: Object, call: AxlCall, changes: Vec<Change>) -> Step {
    Step::new(kind, object, changes, Call::Axl(call))
}

/// An application user, a service and `phones` phones; the last phone loses a subscription as well.
pub fn plan(phones: u32) -> Plan {
    let playbook = Location { file: Arc::from("emea.yaml"), line: 12, column: 3 };
    let user = step(
        Kind::ApplicationUser,
        Object::new(ObjectKind::ApplicationUser, "ippa"),
        AxlCall::AddApplicationUser,
        vec![
            change("application user", Shown::Absent, Shown::text("ippa"), playbook.clone()),
            change("password", Shown::Absent, Shown::Secret(SecretNote::Set), playbook.clone()),
        ],
    );
    let service = step(
        Kind::PhoneService,
        Object::new(ObjectKind::PhoneService, "Cisco Finesse"),
        AxlCall::UpdatePhoneService,
        vec![change(
            "secure URL",
            Shown::text(""),
            Shown::text("https://fin-a.example.com:8445/x"),
            playbook,
        )],
    );
    let mut steps = vec![user, service];
    for number in 1..=phones {
        let mut changes = vec![change(
            "Cisco Finesse: id",
            Shown::Absent,
            Shown::text((1000 + number).to_string()),
            roster(number + 1),
        )];
        let last = number == phones;
        if last {
            changes.push(change(
                "CAD IP Agent: subscription",
                Shown::text("subscribed"),
                Shown::Absent,
                roster(number + 1),
            ));
        }
        let phone = Object::new(ObjectKind::Phone, format!("SEP00112233{number:04}"));
        let mut subscription = step(Kind::Subscription, phone, AxlCall::SubscribeWhole, changes);
        if last {
            subscription.disturbs.insert(Disturbance::Removal);
            subscription.removals = 1;
        }
        steps.push(subscription);
    }
    let mut plan = Plan { steps, fingerprint: "0123456789abcdef".to_owned(), ..Plan::default() };
    plan.counts.devices = phones as usize;
    plan.counts.removals = 1;
    plan
}

/// Two drifted phones, a warning, and something that nobody can tell.
pub fn findings() -> Plan {
    let missing = |number: u32| Finding {
        check: "subscription-missing",
        severity: Severity::Error,
        object: Object::new(ObjectKind::Phone, format!("SEP00112233{number:04}")),
        field: "Cisco Finesse: subscription".to_owned(),
        expected: Shown::text("subscribed"),
        found: Shown::Absent,
        declared: Some(roster(number + 1)),
    };
    let warning = Finding {
        check: "no-such-check",
        severity: Severity::Warning,
        object: Object::new(ObjectKind::PhoneService, "Cisco Finesse"),
        field: "description".to_owned(),
        expected: Shown::text("blank"),
        found: Shown::text("evil \u{1b}[2J text"),
        declared: None,
    };
    let unknown = NotChecked {
        subject: "password of application user ippa".to_owned(),
        reason: "CUCM never tells a password".to_owned(),
        not_checkable: true,
        attested: None,
    };
    let mut plan = Plan {
        findings: vec![missing(1), warning, missing(2)],
        not_checked: vec![unknown],
        ..Plan::default()
    };
    plan.counts.devices = 3;
    plan.counts.devices_in_sync = 1;
    plan
}
