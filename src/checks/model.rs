//! Phone models: which of them IPPA supports, and what to know of them.

use std::collections::BTreeSet;

use crate::clients::axl::DeviceFact;
use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::playbook::{Product, release};

use super::{Seen, finding, object, phones};

/// On every list (UCCX and CCE compatibility matrices, 12.5 to 15.0).
const EVERYWHERE: [&str; 10] =
    ["7821", "7841", "7861", "8811", "8821", "8841", "8845", "8851", "8861", "8865"];
/// On the lists of UCCX only.
const UCCX: &[&str] = &["7811"];
/// On the lists of UCCE and PCCE only.
const CCE: &[&str] = &["8851NR"];
/// On the list of UCCE and PCCE 15.0(1) too.
const CCE_15: &[&str] = &["8851NR", "8875", "9841", "9851", "9861", "9871"];

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(devices) = &seen.devices else { return };
    let further = further(inputs);
    let mut models = BTreeSet::new();
    for phone in phones(inputs) {
        let Some(model) = devices.told(&phone.name, DeviceFact::Model) else { continue };
        models.insert(model);
        if !supported(model, further) {
            let listed = format!("a model that is listed: {}", listed(further));
            plan.findings.push(finding(
                "phone-model-unsupported",
                object(phone.kind, &phone.name),
                "model",
                listed,
                model,
                Some(&phone.declared),
            ));
        }
    }
    plan.findings.extend(soft_keys(inputs, &models));
}

/// What a product's list has beyond the others'.
fn further(inputs: Inputs<'_>) -> &'static [&'static str] {
    let finesse = &inputs.deployment.finesse;
    let from_15 = release::parse(&finesse.release).is_some_and(|number| number.0 >= 15);
    match finesse.product {
        Product::Uccx => UCCX,
        Product::Ucce | Product::Pcce if from_15 => CCE_15,
        Product::Ucce | Product::Pcce => CCE,
    }
}

/// Whether a model's name has a listed number as a word.
fn supported(model: &str, further: &[&str]) -> bool {
    let listed = |word: &str| {
        EVERYWHERE.iter().chain(further).any(|number| number.eq_ignore_ascii_case(word))
    };
    model.split_whitespace().any(listed)
}

fn listed(further: &[&str]) -> String {
    EVERYWHERE.iter().chain(further).copied().collect::<Vec<_>>().join(", ")
}

/// The agents' guide names no models: those of the roster are listed.
fn soft_keys(inputs: Inputs<'_>, models: &BTreeSet<&str>) -> Option<Finding> {
    let service = inputs.desired.services.first()?;
    let listed: Vec<&str> = models.iter().copied().collect();
    (!listed.is_empty()).then(|| {
        finding(
            "call-soft-keys",
            Object::new(ObjectKind::PhoneService, &service.name),
            "Answer, Decline and End during an ACD call",
            "soft keys on every model",
            format!(
                "some models show the IPPA screen instead; in the roster: {}",
                listed.join(", ")
            ),
            None,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{CCE, CCE_15, UCCX, supported};
    use crate::checks::phone_menu::DevicesSeen;
    use crate::checks::stage::Stage;
    use crate::clients::axl::{DeviceFact, Facts};

    #[test]
    fn models_are_listed_by_number() {
        for (model, further, is) in [
            ("Cisco 8845", UCCX, true),
            ("8845", UCCX, true),
            ("Cisco 7811", UCCX, true),
            ("Cisco 7811", CCE, false),
            ("Cisco 8851NR", UCCX, false),
            ("Cisco 8851NR", CCE, true),
            ("Cisco 9871", CCE, false),
            ("Cisco 9871", CCE_15, true),
            ("Cisco 9971", UCCX, false),
            ("Cisco 8845-EX", UCCX, false),
            ("Cisco Unified Client Services Framework", UCCX, false),
        ] {
            assert_eq!(supported(model, further), is, "{model}");
        }
    }

    #[test]
    fn phones_are_judged_by_product_and_release() {
        let found = |product: &str, model: &str| {
            let changes =
                [("product: uccx, release: 12.5(1)", product), (", uccx_rmcm: { user: rmcm }", "")];
            let mut site = Stage::cucm(&changes);
            let mut devices = DevicesSeen::default();
            for name in ["SEP000000000001", "UDP_1"] {
                let told = Facts::from([(DeviceFact::Model, model.to_owned())]);
                devices.facts.told.insert(name.into(), told.into());
            }
            site.seen.devices = Some(devices);
            assert_eq!(site.found("call-soft-keys").len(), 1);
            site.found("phone-model-unsupported").len()
        };
        assert_eq!(found("product: uccx, release: 15.0(1)", "Cisco 8875"), 1);
        assert_eq!(found("product: pcce, release: 12.6(2)", "Cisco 8875"), 1);
        assert_eq!(found("product: pcce, release: 15.0(1)", "Cisco 8875"), 0);
        assert_eq!(Stage::cucm(&[]).all(), Vec::<String>::new());
    }
}
