//! From what a run has touched and what is there now to the plan that takes the run back: newest first, each object only
//! where it still holds what the run wrote.

pub mod device;
mod by_hand;
mod changes;
mod present;

use std::collections::BTreeSet;

use secrecy::SecretString;

use crate::journal::past::{FieldBack, Reversal, Touched, is_device};
use crate::journal::{Kept, Key, Past, application_user, phone_service, self_care};
use crate::plan::fingerprint::fingerprint;
use crate::plan::{AxlCall, Call, Disturbance, Kind, Object, ObjectKind, Plan, Step, StepState};
use crate::playbook::{ApplyWhen, Deployment};
use crate::resources::phone_apply;
use crate::resources::writer_rule::ListWrites;

use super::build::SqlMode;

pub use present::Present;

/// What planning an undo rests on.
#[derive(Clone, Copy)]
pub struct Undoing<'a> {
    /// The playbook of the run.
    pub deployment: &'a Deployment,
    /// What the run has touched.
    pub past: &'a Past,
    /// What is there now.
    pub present: &'a Present,
    /// Recognises secrets.
    pub digest: &'a dyn Fn(&SecretString) -> String,
    /// Direct database writes.
    pub sql: SqlMode,
    /// What was seen of this server's list writes.
    pub list_writes: ListWrites,
}

/// Why nothing of an object is put back.
const MOVED: &str = "somebody has changed it since";

/// Builds the plan.
pub fn build(undoing: Undoing<'_>) -> Plan {
    let mut plan = Plan::default();
    for (object, touched) in undoing.past.objects.iter().rev() {
        if is_device(object) {
            device::plan(undoing, object, touched, &mut plan);
        } else {
            plan_object(undoing, object, touched, &mut plan);
        }
    }
    plan.steps.sort_by_key(order);
    plan_applies(undoing, &mut plan);
    by_hand::others(undoing, &mut plan);
    plan.fingerprint = fingerprint(undoing.deployment, &plan.steps);
    plan
}

/// The order of a run, backwards; what came later among services goes first.
fn order(step: &Step) -> std::cmp::Reverse<Kind> {
    std::cmp::Reverse(step.kind)
}

/// What of one object is to be put back.
pub fn reversal(undoing: Undoing<'_>, object: &Object, touched: &Touched) -> Reversal {
    let exists = if object.kind == ObjectKind::ApplicationUser {
        application_user::USER
    } else if object.kind == ObjectKind::PhoneService {
        phone_service::SERVICE
    } else {
        crate::journal::subscription::SUBSCRIPTION
    };
    let present = |key: &Key| undoing.present.image(object, touched, key);
    touched.reversal(exists, &present, undoing.digest)
}

fn plan_object(undoing: Undoing<'_>, object: &Object, touched: &Touched, plan: &mut Plan) {
    let mut reversal = reversal(undoing, object, touched);
    let user_again = comes_back(&reversal, application_user::USER);
    if user_again || !undoing.present.users.contains_key(&object.name) {
        // A user that is not there has no password that could be wrong.
        reversal.lost.retain(|(key, _)| key.field != application_user::PASSWORD);
    }
    if reversal.is_empty() {
        return;
    }
    let (kind, call) = made_by(undoing, object, touched, &reversal);
    let step = |fields: &[FieldBack]| {
        Step::new(kind, object.clone(), changes::of(undoing, fields), Call::Axl(call.clone()))
    };
    if !reversal.moved.is_empty() {
        let mut step = step(&changes::held(touched, &reversal));
        step.state = StepState::Refused(moved(&reversal));
        plan.steps.push(step);
        return;
    }
    if !reversal.put_back.is_empty() {
        let mut step = step(&reversal.put_back);
        let wide = matches!(
            object.kind,
            ObjectKind::CommonPhoneProfile | ObjectKind::EnterprisePhoneConfiguration
        );
        let whole = object.kind == ObjectKind::PhoneService
            && touched.keys().any(|key| *key == Key::own(phone_service::ENTERPRISE))
            && undoing.present.is_enterprise(&object.name);
        if wide || whole {
            step.disturbs.insert(Disturbance::ClusterWide);
        }
        if user_again {
            step.notes.push("its password is the playbook's: what it was is not known".to_owned());
        }
        if undoing.sql == SqlMode::Ask && undoing.present.needs_sql(object, &reversal) {
            step.disturbs.insert(Disturbance::Sql);
        }
        plan.steps.push(step);
    }
    if !reversal.lost.is_empty() {
        plan.steps.push(by_hand::lost(undoing, kind, object, &reversal.lost));
    }
}

/// Which fields somebody else has changed.
pub fn moved(reversal: &Reversal) -> String {
    let fields: Vec<String> = reversal.moved.iter().map(|(key, _)| key.to_string()).collect();
    format!("{MOVED}: {}", fields.join(", "))
}

/// Whether what this field says the existence of is gone, and was there before.
pub fn comes_back(reversal: &Reversal, exists: &str) -> bool {
    let key = Key::own(exists);
    reversal.put_back.iter().any(|(own, now, _)| *own == key && matches!(now, Kept::Absent))
}

fn made_by(
    undoing: Undoing<'_>,
    object: &Object,
    touched: &Touched,
    reversal: &Reversal,
) -> (Kind, AxlCall) {
    let new = |field| touched.is_new(&Key::own(field));
    match object.kind {
        ObjectKind::ApplicationUser => {
            let own = object.name == undoing.deployment.application_user.id;
            let kind = if own { Kind::ApplicationUser } else { Kind::RmcmUser };
            let call = if comes_back(reversal, application_user::USER) {
                AxlCall::AddApplicationUser
            } else if new(application_user::USER) {
                AxlCall::RemoveApplicationUser
            } else {
                AxlCall::UpdateApplicationUser
            };
            (kind, call)
        }
        ObjectKind::PhoneService if comes_back(reversal, phone_service::SERVICE) => {
            (Kind::PhoneService, AxlCall::AddPhoneService)
        }
        ObjectKind::PhoneService if new(phone_service::SERVICE) => {
            (Kind::PhoneService, AxlCall::RemovePhoneService)
        }
        ObjectKind::PhoneService => (Kind::PhoneService, AxlCall::UpdatePhoneService),
        ObjectKind::CommonPhoneProfile => (Kind::PhoneSettings, AxlCall::UpdateProfileSettings),
        ObjectKind::EnterprisePhoneConfiguration => {
            (Kind::PhoneSettings, AxlCall::UpdateEnterpriseSettings)
        }
        ObjectKind::UserGroup => (Kind::SelfCare, AxlCall::RemoveMembers),
        ObjectKind::EnterpriseParameter
        | ObjectKind::Phone
        | ObjectKind::DeviceProfile
        | ObjectKind::EndUser
        | ObjectKind::FinesseNode
        | ObjectKind::Agent
        | ObjectKind::Team
        | ObjectKind::CucmNode
        | ObjectKind::Waiver => (Kind::SelfCare, AxlCall::UpdateEnterpriseParameter),
    }
}

/// Phones that get back what they had are told, where the playbook has them told of a change.
fn plan_applies(undoing: Undoing<'_>, plan: &mut Plan) {
    let apply = undoing.deployment.phone_apply.as_ref();
    let Some(apply) = apply.filter(|apply| apply.when != ApplyWhen::Never) else { return };
    let told = [ObjectKind::Phone, ObjectKind::CommonPhoneProfile];
    let planned = plan.steps.iter().filter(|step| {
        step.state == StepState::Planned
            && told.contains(&step.object.kind)
            && matches!(step.kind, Kind::PhoneSettings | Kind::Subscription)
    });
    let objects: BTreeSet<Object> = planned.map(|step| step.object.clone()).collect();
    plan.steps.extend(objects.into_iter().map(|object| phone_apply::step(apply, object)));
}

/// Users whose membership of a group the run made.
pub fn members(reversal: &Reversal) -> Vec<String> {
    let made = reversal.put_back.iter().filter(|(key, ..)| key.field == self_care::MEMBER);
    made.map(|(key, ..)| key.of.clone()).collect()
}
