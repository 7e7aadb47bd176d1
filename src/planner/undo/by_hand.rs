//! What an undo names and leaves to a person: values that the journal does not have, what was entered at a console, and
//! what the platform keeps. A restart is named too, and nothing has to be done about it.

use std::collections::BTreeMap;

use crate::journal::past::{FieldBack, Noted, REFUSED};
use crate::journal::{BY_HAND, Kept, Key};
use crate::plan::{
    Call, Kind, NotChecked, Object, ObjectKind, OperatorStep, Plan, Step, StepState,
};

use super::{Undoing, changes};

/// Fields of an object that differ from before, of which nobody knows what stood there.
pub(super) fn lost(
    undoing: Undoing<'_>,
    kind: Kind,
    object: &Object,
    lost: &[(Key, Kept)],
) -> Step {
    let fields: Vec<FieldBack> =
        lost.iter().map(|(key, now)| (key.clone(), now.clone(), Kept::Unknown)).collect();
    let entries = lost.iter().map(|(key, _)| format!("{key}: what it was before the run"));
    let mut step = step(kind, object, entries.collect());
    step.changes = changes::of(undoing, &fields);
    step.notes.push(
        "the journal does not have what was there: it held a secret, and none is kept without journal.seal and its key"
            .to_owned(),
    );
    step
}

fn step(kind: Kind, object: &Object, entries: Vec<String>) -> Step {
    let operator = OperatorStep {
        id: format!("undo-{}-{}", kind.word(), object.name),
        console: console(object),
        entries,
        checked_by: "nobody: what was there is not known to ippactl".to_owned(),
        token: String::new(),
    };
    let mut step = Step::new(kind, object.clone(), Vec::new(), Call::Operator(operator));
    step.state = StepState::Operator;
    step
}

fn console(object: &Object) -> String {
    let name = &object.name;
    match object.kind {
        ObjectKind::ApplicationUser => format!("User Management > Application User > {name}"),
        ObjectKind::PhoneService => format!("Device > Device Settings > Phone Services > {name}"),
        ObjectKind::Phone => format!("Device > Phone > {name}"),
        ObjectKind::DeviceProfile => {
            format!("Device > Device Settings > Device Profile > {name}")
        }
        ObjectKind::CommonPhoneProfile => {
            format!("Device > Device Settings > Common Phone Profile > {name}")
        }
        ObjectKind::EnterprisePhoneConfiguration => {
            "System > Enterprise Phone Configuration".to_owned()
        }
        ObjectKind::EnterpriseParameter => format!("System > Enterprise Parameters > {name}"),
        ObjectKind::UserGroup | ObjectKind::EndUser => {
            format!("User Management > User Settings > Access Control Group > {name}")
        }
        ObjectKind::FinesseNode => format!("{name}: administration console"),
        ObjectKind::CucmNode => format!("{name}: Operating System Administration"),
        ObjectKind::Agent | ObjectKind::Team | ObjectKind::Waiver => name.clone(),
    }
}

/// What the run did beside configuration that reads back.
pub(super) fn others(undoing: Undoing<'_>, plan: &mut Plan) {
    let mut left: BTreeMap<(Kind, &Object), Vec<&FieldBack>> = BTreeMap::new();
    for call in &undoing.past.others {
        if call.outcome.as_deref() == Some(REFUSED) {
            continue;
        }
        if call.fields.is_empty() {
            named(call, plan);
        } else {
            left.entry((kind(call), &call.object)).or_default().extend(&call.fields);
        }
    }
    for ((kind, object), fields) in left {
        let entry = |(key, before, _): &&FieldBack| match before {
            Kept::Absent => format!("{key}: remove it"),
            Kept::Text(text) => format!("{key}: {text}"),
            Kept::List(list) => format!("{key}: {}", list.join(", ")),
            Kept::Secret { .. } | Kept::Unknown => format!("{key}: what it was before the run"),
        };
        let mut step = step(kind, object, fields.iter().map(entry).collect());
        let shown: Vec<FieldBack> = fields
            .into_iter()
            .map(|(key, before, after)| (key.clone(), after.clone(), before.clone()))
            .collect();
        step.changes = changes::of(undoing, &shown);
        plan.steps.push(step);
    }
}

/// Restarts, reboots and phones that were told: they are over.
fn named(call: &Noted, plan: &mut Plan) {
    if matches!(call.object.kind, ObjectKind::Phone | ObjectKind::CommonPhoneProfile) {
        return;
    }
    plan.not_checked.push(NotChecked {
        subject: format!("{}: {}", call.object, call.call),
        reason: "done by the run, and nothing that could be taken back".to_owned(),
        not_checkable: true,
        attested: None,
    });
}

fn kind(call: &Noted) -> Kind {
    match (call.call.as_str(), call.object.kind) {
        (BY_HAND, ObjectKind::Phone | ObjectKind::DeviceProfile) => Kind::Subscription,
        (_, ObjectKind::PhoneService) => Kind::PhoneService,
        (_, ObjectKind::CucmNode) => Kind::CertificateTrust,
        (_, ObjectKind::FinesseNode)
            if call.fields.iter().any(|(key, ..)| key.of.ends_with("-trust")) =>
        {
            Kind::CertificateTrust
        }
        (_, ObjectKind::FinesseNode) => Kind::FinesseSettings,
        (_, ObjectKind::EnterpriseParameter | ObjectKind::UserGroup) => Kind::SelfCare,
        _ => Kind::PhoneSettings,
    }
}
