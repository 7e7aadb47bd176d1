//! Telling a phone, or a profile's phones, to take what was changed: the step, once per object.

use std::collections::BTreeSet;

use crate::plan::{AxlCall, Call, Change, Disturbance, Kind, Object, Shown, Step};
use crate::playbook::{ApplyHow, PhoneApply};

/// The step. Applying is the mild way; registering or starting anew ends what runs on the phone.
pub fn step(apply: &PhoneApply, object: Object) -> Step {
    let after = match apply.how {
        ApplyHow::Apply => "applied",
        ApplyHow::Restart => "restarted",
        ApplyHow::Reset => "reset",
    };
    let change = Change {
        field: "configuration".to_owned(),
        before: Shown::text("changed"),
        after: Shown::text(after),
        check: "phone-setting-not-applied",
        declared: apply.at.clone(),
    };
    let disturbs = match apply.how {
        ApplyHow::Apply => BTreeSet::new(),
        ApplyHow::Restart | ApplyHow::Reset => BTreeSet::from([Disturbance::PhoneReset]),
    };
    let call = Call::Axl(AxlCall::Apply(apply.how));
    // No source tells what a changed subscription needs (facts/axl.md 16), so nobody may take "applied" for "shown".
    let notes = match apply.how {
        ApplyHow::Apply | ApplyHow::Restart => vec![
            "if a phone still shows its old services, it wants more than this: phone_apply.how: reset"
                .to_owned(),
        ],
        ApplyHow::Reset => Vec::new(),
    };
    Step { disturbs, notes, ..Step::new(Kind::PhoneApply, object, vec![change], call) }
}
