//! The firmware that phones run, by the name of the load that RisPort tells: the documented minimum for phone services,
//! and a defect that release notes name.

use crate::clients::axl::DeviceFact;
use crate::clients::risport::Lookup;
use crate::plan::Plan;
use crate::planner::build::Inputs;

use super::{Seen, finding, object, phones};

/// Major, minor and maintenance number of a load.
type Release = (u32, u32, u32);

/// The first firmware in which phone services work, by model (IP Phone Services Application Development Notes).
const MINIMUM: [(&str, Release); 11] = [
    ("8811", (10, 2, 2)),
    ("8851NR", (10, 3, 1)),
    ("8845", (10, 3, 2)),
    ("8865", (10, 3, 2)),
    ("8865NR", (11, 5, 1)),
    ("8875", (2, 1, 0)),
    ("8875NR", (2, 1, 0)),
    ("9841", (3, 0, 1)),
    ("9851", (3, 0, 1)),
    ("9861", (3, 0, 1)),
    ("9871", (3, 0, 1)),
];

/// A model, and the loads whose release notes list the defect as open: the number, and the service releases of it.
const DEFECT: (&str, Release, [&str; 2]) = ("8821", (11, 0, 4), ["", "SR1"]);
/// No notice of a server failure when UCCX fails over.
const DEFECT_ID: &str = "CSCvc26512";

/// A load's name taken apart: `sip88xx.12-8-1-0001-455`, `sip8821.11-0-4SR1-13`.
#[derive(Debug, PartialEq, Eq)]
struct Load<'a> {
    release: Release,
    service_release: &'a str,
}

impl<'a> Load<'a> {
    fn parse(name: &'a str) -> Option<Self> {
        let (_, version) = name.rsplit_once('.')?;
        let mut parts = version.split('-');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?.parse().ok()?;
        let third = parts.next()?;
        let digits = third.find(|c: char| !c.is_ascii_digit()).unwrap_or(third.len());
        let (number, service_release) = third.split_at(digits);
        Some(Self { release: (major, minor, number.parse().ok()?), service_release })
    }
}

/// Judges registered phones whose model and load are known.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let (Some(running), Some(devices)) = (&inputs.observation.running, &seen.devices) else {
        return;
    };
    for phone in phones(inputs) {
        let Lookup::Found(state) = running.lookup(&phone.name) else { continue };
        let Some(name) = state.load.as_deref() else { continue };
        let Some(model) = devices.told(&phone.name, DeviceFact::Model) else { continue };
        let (Some(load), Some(number)) = (Load::parse(name), model.split_whitespace().last())
        else {
            continue;
        };
        let found = |check, expected: String| {
            let object = object(phone.kind, &phone.name);
            finding(check, object, "firmware", expected, name, Some(&phone.declared))
        };
        if let Some((major, minor, maintenance)) = minimum(number).filter(|m| load.release < *m) {
            let shall = format!("{major}.{minor}({maintenance}) or later");
            plan.findings.push(found("phone-firmware-too-old", shall));
        }
        if defective(number, &load) {
            let shall = format!("a later one: {DEFECT_ID} is open in it");
            plan.findings.push(found("phone-firmware-defect", shall));
        }
    }
}

fn minimum(number: &str) -> Option<Release> {
    MINIMUM.iter().find(|(model, _)| model.eq_ignore_ascii_case(number)).map(|(_, first)| *first)
}

fn defective(number: &str, load: &Load<'_>) -> bool {
    let (model, release, service_releases) = DEFECT;
    number == model && load.release == release && service_releases.contains(&load.service_release)
}

#[cfg(test)]
mod tests {
    use super::Load;
    use crate::checks::phone_menu::DevicesSeen;
    use crate::checks::stage::Stage;
    use crate::clients::axl::{DeviceFact, Facts};
    use crate::clients::risport::{Devices, PhoneState, PhoneStatus};

    #[test]
    fn loads_are_taken_apart() {
        let load = |name| Load::parse(name).map(|load| (load.release, load.service_release));
        assert_eq!(load("sip88xx.12-8-1-0001-455"), Some(((12, 8, 1), "")));
        assert_eq!(load("sip8821.11-0-4SR1-13"), Some(((11, 0, 4), "SR1")));
        assert_eq!(load("sip8845_65.10-3-2-16"), Some(((10, 3, 2), "")));
        for odd in ["", "sip88xx", "SCCP45.9-x", "term71.default.loads"] {
            assert_eq!(load(odd), None, "{odd}");
        }
    }

    #[test]
    fn loads_are_judged_by_model() {
        let found = |model: &str, load: &str| {
            let name = "SEP000000000002";
            let mut site = Stage::cucm(&[]);
            let mut devices = DevicesSeen::default();
            let told = Facts::from([(DeviceFact::Model, model.to_owned())]);
            devices.facts.told.insert(name.into(), told.into());
            site.seen.devices = Some(devices);
            let state = PhoneState {
                status: PhoneStatus::Registered,
                web_server: None,
                login_user_id: None,
                cti_controllable: None,
                address: None,
                load: Some(load.into()),
                node: "sub1".into(),
                timestamp: 1,
            };
            let states = [(name.to_owned(), state.clone()), ("SEP000000000001".to_owned(), state)];
            site.observation.running = Some(Devices::of(states.into(), Vec::new()));
            let count = |check| site.found(check).len();
            (count("phone-firmware-too-old"), count("phone-firmware-defect"))
        };
        assert_eq!(found("Cisco 8811", "sip88xx.10-2-1-16"), (1, 0));
        assert_eq!(found("Cisco 8811", "sip88xx.10-2-2-16"), (0, 0));
        assert_eq!(found("Cisco 8841", "sip88xx.9-0-1-1"), (0, 0), "no minimum is documented");
        assert_eq!(found("Cisco 9871", "PHONEOS.2-3-1-1"), (1, 0));
        assert_eq!(found("Cisco 8821", "sip8821.11-0-4SR1-13"), (0, 1));
        assert_eq!(found("Cisco 8821", "sip8821.11-0-4-14"), (0, 1));
        assert_eq!(found("Cisco 8821", "sip8821.11-0-4SR3-1"), (0, 0));
        assert_eq!(found("Cisco 8845", "sip8845_65.11-0-4SR1-13"), (0, 0));
        assert_eq!(found("Cisco 8811", "unreadable"), (0, 0));
    }
}
