//! What RisPort tells of the roster's phones: whether they are registered, and whether CTI may control them as they
//! registered.

use crate::clients::risport::{Lookup, PhoneStatus};
use crate::plan::{NotChecked, Plan};
use crate::planner::build::Inputs;

use super::{finding, object, phones};

/// Judges the phones that RisPort was asked about.
pub(super) fn judge(inputs: Inputs<'_>, plan: &mut Plan) {
    let Some(running) = &inputs.observation.running else { return };
    let asked = |name: &str| {
        let settings = inputs.observation.settings.as_ref();
        settings.is_none_or(|settings| settings.phones.contains_key(name))
    };
    let mut unknown = 0_usize;
    for phone in phones(inputs).filter(|phone| asked(&phone.name)) {
        let found = |check, field: &str, expected: &str, found: String| {
            let object = object(phone.kind, &phone.name);
            finding(check, object, field, expected, found, Some(&phone.declared))
        };
        let state = match running.lookup(&phone.name) {
            Lookup::Found(state) => state,
            Lookup::Absent => {
                let is = "no node knows it".to_owned();
                plan.findings.push(found("phone-not-registered", "registration", "registered", is));
                continue;
            }
            Lookup::CannotTell => {
                unknown += 1;
                continue;
            }
        };
        if let Some(is) = unregistered(&state.status) {
            let is = format!("{is} at {}", state.node);
            plan.findings.push(found("phone-not-registered", "registration", "registered", is));
        } else if state.cti_controllable == Some(false) {
            let field = "Allow Control of Device from CTI, as the phone registered";
            plan.findings.push(found("phone-cti-control-off", field, "on", "off".to_owned()));
        }
    }
    if unknown > 0 {
        plan.not_checked.push(NotChecked {
            subject: format!("registration of {unknown} phones"),
            reason: format!("these nodes did not answer: {}", running.silent_nodes.join(", ")),
            not_checkable: false,
            attested: None,
        });
    }
}

fn unregistered(status: &PhoneStatus) -> Option<&'static str> {
    match status {
        PhoneStatus::Registered | PhoneStatus::PartiallyRegistered => None,
        PhoneStatus::UnRegistered => Some("unregistered"),
        PhoneStatus::Rejected => Some("rejected"),
        PhoneStatus::Unknown => Some("in an unknown state"),
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::stage::Stage;
    use crate::clients::risport::{Devices, PhoneState, PhoneStatus};

    const PHONE: &str = "SEP000000000002";

    fn state(status: PhoneStatus, cti: Option<bool>) -> PhoneState {
        PhoneState {
            status,
            web_server: Some(true),
            login_user_id: None,
            cti_controllable: cti,
            address: None,
            load: None,
            node: "sub1".into(),
            timestamp: 1,
        }
    }

    fn found(of_second: Option<PhoneState>, silent: &[&str]) -> (Vec<String>, usize) {
        let mut site = Stage::cucm(&[]);
        let first = state(PhoneStatus::Registered, Some(true));
        let states = [("SEP000000000001", Some(first)), (PHONE, of_second)];
        let states = states.into_iter().filter_map(|(name, state)| Some((name.to_owned(), state?)));
        let silent = silent.iter().map(|node| (*node).to_owned()).collect();
        site.observation.running = Some(Devices::of(states.collect(), silent));
        (site.all(), site.plan().not_checked.len())
    }

    #[test]
    fn registration_and_control() {
        let nothing = (Vec::new(), 0);
        assert_eq!(found(Some(state(PhoneStatus::Registered, Some(true))), &[]), nothing);
        assert_eq!(found(Some(state(PhoneStatus::PartiallyRegistered, None)), &[]), nothing);
        let offline = (vec![format!("phone-not-registered {PHONE}: registration")], 0);
        for status in [PhoneStatus::UnRegistered, PhoneStatus::Rejected, PhoneStatus::Unknown] {
            assert_eq!(found(Some(state(status, Some(false))), &[]), offline);
        }
        assert_eq!(found(None, &[]), offline);
        assert_eq!(found(None, &["sub2 (NodeNotResponding)"]), (Vec::new(), 1), "it may be there");
        let control = "Allow Control of Device from CTI, as the phone registered";
        assert_eq!(
            found(Some(state(PhoneStatus::Registered, Some(false))), &[]).0,
            [format!("phone-cti-control-off {PHONE}: {control}")]
        );
        assert_eq!(Stage::cucm(&[]).all(), Vec::<String>::new(), "nobody asked");
    }
}
