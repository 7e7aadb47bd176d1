//! What keeps the services or the soft keys off a phone: *Services Provisioning*, *Simplified New Call UI*, and an address
//! that is not IPv4 alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clients::axl::{DeviceFact, DeviceFacts};
use crate::plan::{Finding, NotChecked, Plan};
use crate::planner::build::Inputs;
use crate::playbook::Product;

use super::{Seen, existing, finding, object, phones};

/// *Services Provisioning* that makes a phone ignore its subscriptions.
const EXTERNAL: &str = "External URL";
/// What follows the next wider level.
const DEFAULT: &str = "Default";
/// Names of the two services of choice, by the number that an enterprise parameter holds (AXL 14.0 schema, in its order).
const NUMBERS: [&str; 3] = ["Internal", EXTERNAL, "Both"];
/// The addressing mode that UCCX needs (Cisco tech-note 210485, step 4).
const IPV4: &str = "IPv4 Only";
/// Internal name of the enterprise parameter *Services Provisioning* (public code of the vendor, 12.5 and 14).
const PARAMETER: &str = "PhoneServiceDisplay";

/// What the database says of the roster's devices.
#[derive(Debug, Default)]
pub struct DevicesSeen {
    /// One row each.
    pub facts: DeviceFacts,
    /// *IP Addressing Mode* by common device configuration.
    pub modes: BTreeMap<String, String>,
}

impl DevicesSeen {
    /// What is told of a device; `None` where nothing is.
    pub fn told(&self, device: &str, fact: DeviceFact) -> Option<&str> {
        let text = self.facts.told.get(device)?.get(&fact)?.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// *Simplified New Call UI* at its three levels; `None`: the level says nothing.
#[derive(Debug, Default)]
pub struct NewCallSeen {
    /// Of each phone, with its common phone profile.
    pub phones: BTreeMap<String, (Option<String>, Arc<str>)>,
    /// Of each profile.
    pub profiles: BTreeMap<String, Option<String>>,
    /// Of the enterprise phone configuration.
    pub enterprise: Option<String>,
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    provisioning(inputs, seen, plan);
    plan.findings.extend(new_call(inputs, seen));
    plan.findings.extend(not_ipv4(inputs, seen));
}

/// Phone, then profile, then the whole cluster. *Internal* is the default and mostly works: nothing is said of it.
fn provisioning(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(devices) = &seen.devices else { return };
    let enterprise = seen.parameters.as_ref().and_then(|parameters| parameters.value(PARAMETER));
    let mut follows_unknown = 0_usize;
    for phone in phones(inputs) {
        let own = devices.told(&phone.name, DeviceFact::Provisioning);
        let profile = devices.told(&phone.name, DeviceFact::ProfileProvisioning);
        let says = |value: Option<&str>| value.is_some_and(|v| !v.eq_ignore_ascii_case(DEFAULT));
        let (level, value) = if says(own) {
            ("the phone", own)
        } else if own.is_none() {
            continue;
        } else if says(profile) {
            ("its common phone profile", profile)
        } else if profile.is_none() {
            continue;
        } else {
            follows_unknown += usize::from(enterprise.is_none());
            ("the enterprise parameter", enterprise)
        };
        if value.is_some_and(external) {
            let found = format!("{EXTERNAL}, by {level}");
            plan.findings.push(finding(
                "phone-services-provisioning",
                object(phone.kind, &phone.name),
                "Services Provisioning",
                "Internal or Both",
                found,
                Some(&phone.declared),
            ));
        }
    }
    if follows_unknown > 0 && seen.parameters.is_some() {
        plan.not_checked.push(NotChecked {
            subject: "enterprise parameter Services Provisioning".to_owned(),
            reason: format!(
                "no enterprise parameter is named {PARAMETER} here, and {follows_unknown} phones follow it"
            ),
            not_checkable: true,
            attested: None,
        });
    }
}

/// As the type table names it, or by its number.
fn external(value: &str) -> bool {
    let number = value.trim().parse::<usize>().ok();
    let word = number.and_then(|number| NUMBERS.get(number).copied()).unwrap_or(value.trim());
    word.eq_ignore_ascii_case(EXTERNAL)
}

fn new_call(inputs: Inputs<'_>, seen: &Seen) -> Vec<Finding> {
    let Some(levels) = &seen.new_call else { return Vec::new() };
    let mut found = Vec::new();
    for phone in phones(inputs) {
        let Some((own, profile)) = levels.phones.get(phone.name.as_str()) else { continue };
        let of_profile = levels.profiles.get(&**profile).and_then(Option::as_deref);
        let (level, value) = if let Some(own) = own.as_deref() {
            ("the phone".to_owned(), own)
        } else if let Some(value) = of_profile {
            (format!("its common phone profile {profile}"), value)
        } else if let Some(value) = levels.enterprise.as_deref() {
            ("the enterprise phone configuration".to_owned(), value)
        } else {
            continue;
        };
        // 0 and nothing are off; 1 is what switches it on, and no other number is known.
        if matches!(value.trim(), "1" | "true") {
            found.push(finding(
                "phone-simplified-new-call-ui",
                object(phone.kind, &phone.name),
                "Simplified New Call UI",
                "Disabled",
                format!("Enabled, by {level}"),
                Some(&phone.declared),
            ));
        }
    }
    found
}

/// A device without a common device configuration has IPv4 as it comes.
fn not_ipv4(inputs: Inputs<'_>, seen: &Seen) -> Vec<Finding> {
    let Some(devices) = &seen.devices else { return Vec::new() };
    if inputs.deployment.finesse.product != Product::Uccx {
        return Vec::new();
    }
    let other = existing(inputs).filter_map(|device| {
        let config = devices.told(&device.name, DeviceFact::DeviceConfiguration)?;
        let mode = devices.modes.get(config)?;
        (!mode.is_empty() && !mode.eq_ignore_ascii_case(IPV4)).then(|| {
            finding(
                "extension-not-ipv4-only",
                object(device.kind, &device.name),
                "IP Addressing Mode",
                IPV4,
                format!("{mode}, by common device configuration {config}"),
                Some(&device.declared),
            )
        })
    });
    other.collect()
}

#[cfg(test)]
mod tests {
    use super::{DevicesSeen, NewCallSeen, external};
    use crate::checks::authentication_url::ParametersSeen;
    use crate::checks::stage::Stage;
    use crate::clients::axl::{DeviceFact, EnterpriseParameter, Facts};

    const PHONE: &str = "SEP000000000002";

    fn devices(facts: &[(DeviceFact, &str)]) -> DevicesSeen {
        let mut devices = DevicesSeen::default();
        let told: Facts = facts.iter().map(|(fact, text)| (*fact, (*text).to_owned())).collect();
        devices.facts.told.insert(PHONE.into(), told.into());
        devices
    }

    fn parameters(value: Option<&str>) -> ParametersSeen {
        let name = if value.is_some() { "PhoneServiceDisplay" } else { "ClusterID" };
        let parameter = |name: &str, value: &str| EnterpriseParameter {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let page = "http://pub.example.com:8080/ccmcip/authenticate.jsp";
        ParametersSeen {
            parameters: vec![
                parameter(name, value.unwrap_or_default()),
                parameter("URLAuthentication", page),
            ],
            servers: Vec::new(),
        }
    }

    #[test]
    fn the_first_level_that_says_something_decides() {
        assert!(external("1") && external("external url") && !external("0") && !external("Both"));
        let found = |own: &str, profile: &str, cluster: Option<&str>| {
            let mut site = Stage::cucm(&[]);
            let facts =
                [(DeviceFact::Provisioning, own), (DeviceFact::ProfileProvisioning, profile)];
            site.seen.devices = Some(devices(&facts));
            site.seen.parameters = Some(parameters(cluster));
            let unknown = site.plan().not_checked.len();
            let found = site.found("phone-services-provisioning");
            (found.first().map(|f| format!("{:?}", f.found)), unknown)
        };
        let by = |level: &str| Some(format!("Text(\"External URL, by {level}\")"));
        assert_eq!(found("External URL", "Both", Some("0")), (by("the phone"), 0));
        assert_eq!(found("Both", "External URL", Some("1")), (None, 0));
        assert_eq!(
            found("Default", "External URL", Some("0")),
            (by("its common phone profile"), 0)
        );
        assert_eq!(found("Default", "Default", Some("1")), (by("the enterprise parameter"), 0));
        assert_eq!(found("Default", "Default", Some("0")), (None, 0));
        assert_eq!(found("Default", "Default", None), (None, 1), "an unknown name is said");
        assert_eq!(found("Internal", "External URL", None), (None, 0));
        assert_eq!(found("", "External URL", None), (None, 0), "what was not told is not judged");
    }

    #[test]
    fn simplified_new_call_is_judged_by_the_level_that_counts() {
        let found = |own: Option<&str>, profile: Option<&str>, enterprise: Option<&str>| {
            let mut site = Stage::cucm(&[]);
            let owned = |value: Option<&str>| value.map(str::to_owned);
            site.seen.new_call = Some(NewCallSeen {
                phones: [(PHONE.to_owned(), (owned(own), "P".into()))].into(),
                profiles: [("P".to_owned(), owned(profile))].into(),
                enterprise: owned(enterprise),
            });
            site.found("phone-simplified-new-call-ui").len()
        };
        assert_eq!(found(None, None, None), 0);
        assert_eq!(found(Some("1"), None, None), 1);
        assert_eq!(found(Some("0"), Some("1"), Some("1")), 0);
        assert_eq!(found(None, Some("1"), Some("0")), 1);
        assert_eq!(found(None, None, Some("1")), 1);
        assert_eq!(found(None, Some("0"), Some("1")), 0);
    }

    #[test]
    fn ipv4_alone_or_no_configuration() {
        let found = |product: &str, mode: Option<&str>| {
            let mut site =
                Stage::cucm(&[("product: uccx", product), (", uccx_rmcm: { user: rmcm }", "")]);
            let mut seen = devices(&[(DeviceFact::DeviceConfiguration, "Dual")]);
            seen.modes.extend(mode.map(|mode| ("Dual".to_owned(), mode.to_owned())));
            site.seen.devices = Some(seen);
            site.found("extension-not-ipv4-only").len()
        };
        assert_eq!(found("product: uccx", Some("IPv4 and IPv6")), 1);
        assert_eq!(found("product: uccx", Some("IPv4 Only")), 0);
        assert_eq!(found("product: uccx", None), 0);
        assert_eq!(found("product: ucce", Some("IPv6 Only")), 0);
    }
}
