//! The user of UCCX's RMCM subsystem: it has to control the agents' phones too. Its devices are found missing or added;
//! other changes of this user are not supported by Cisco, and not made.

use crate::clients::axl::ApplicationUser;
use crate::plan::{AxlCall, Call, Finding, Kind, Object, ObjectKind, Severity, Shown, Step};
use crate::playbook::{Location, Rmcm, RmcmDevices};

use super::application_user::{Associations, associate};

/// What it has to control, under the check of its own.
pub fn associations<'a>(
    devices: Vec<(&'a str, &'a Location)>,
    profiles: Vec<(&'a str, &'a Location)>,
) -> Associations<'a> {
    Associations { devices, profiles, checks: ["phone-not-on-rmcm", "phone-not-on-rmcm"] }
}

/// The step that adds what is missing, or what is found instead.
pub fn compare(
    rmcm: &Rmcm,
    wanted: &Associations<'_>,
    observed: Option<&ApplicationUser>,
) -> (Option<Step>, Vec<Finding>) {
    let object = Object::new(ObjectKind::ApplicationUser, &rmcm.user);
    let finding = |check, field: &str, expected, found, declared: &Location| Finding {
        check,
        severity: Severity::Error,
        object: object.clone(),
        field: field.to_owned(),
        expected,
        found,
        declared: Some(declared.clone()),
    };
    if observed.is_none() {
        let there = Shown::text("on the cluster");
        let missing = finding("phone-not-on-rmcm", "user", there, Shown::Absent, &rmcm.at);
        return (None, vec![missing]);
    }
    let (changes, _) = associate(wanted, observed);
    if changes.is_empty() {
        return (None, Vec::new());
    }
    match rmcm.devices {
        RmcmDevices::Verify => {
            let found = changes.into_iter().map(|change| {
                finding(change.check, &change.field, change.after, change.before, &change.declared)
            });
            (None, found.collect())
        }
        RmcmDevices::Add => {
            let call = Call::Axl(AxlCall::UpdateApplicationUser);
            (Some(Step::new(Kind::RmcmUser, object, changes, call)), Vec::new())
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

    fn user(devices: &[&str]) -> ApplicationUser {
        ApplicationUser {
            id: "rmcm".to_owned(),
            devices: devices.iter().map(|name| (*name).to_owned()).collect(),
            groups: Vec::new(),
            profiles: Vec::new(),
            presence_group: None,
        }
    }

    fn compared(devices: RmcmDevices, observed: Option<&ApplicationUser>) -> (bool, usize) {
        let (at, rmcm) = (at(), Rmcm { user: "rmcm".to_owned(), devices, at: at() });
        let wanted = associations(vec![("SEP1", &at), ("SEP2", &at)], Vec::new());
        let (step, findings) = compare(&rmcm, &wanted, observed);
        (step.is_some(), findings.len())
    }

    #[test]
    fn missing_devices_are_found_or_added() {
        let one = user(&["SEP1", "SEP9"]);
        assert_eq!(compared(RmcmDevices::Verify, Some(&one)), (false, 1));
        assert_eq!(compared(RmcmDevices::Add, Some(&one)), (true, 0));
        assert_eq!(compared(RmcmDevices::Add, Some(&user(&["sep1", "SEP2"]))), (false, 0));
        assert_eq!(compared(RmcmDevices::Add, None), (false, 1));
    }
}
