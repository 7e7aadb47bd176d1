//! Whether programs may control what the agents use: *Allow Control of Device from CTI* on the phone, on the extension's
//! line and on the end user.

use std::collections::BTreeSet;

use crate::clients::axl::DeviceFact;
use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::playbook::Location;

use super::extension::place;
use super::{Seen, finding, object, phones};

/// The flag's name in the console.
const TITLE: &str = "Allow Control of Device from CTI";

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    plan.findings.extend(on_phones(inputs, seen));
    plan.findings.extend(on_lines(inputs, seen));
    plan.findings.extend(on_users(inputs, seen));
}

fn off(object: Object, field: String, declared: &Location) -> Finding {
    finding("phone-cti-control-off", object, field, "on", "off", Some(declared))
}

fn on_phones(inputs: Inputs<'_>, seen: &Seen) -> Vec<Finding> {
    let Some(devices) = &seen.devices else { return Vec::new() };
    let off = phones(inputs)
        .filter(|phone| devices.told(&phone.name, DeviceFact::CtiControl) == Some("f"))
        .map(|phone| off(object(phone.kind, &phone.name), TITLE.to_owned(), &phone.declared));
    off.collect()
}

fn on_lines(inputs: Inputs<'_>, seen: &Seen) -> Vec<Finding> {
    let Some(lines) = &seen.lines else { return Vec::new() };
    let mut judged = BTreeSet::new();
    let mut found = Vec::new();
    for row in &inputs.deployment.agents.rows {
        let Some((number, kind, name)) = place(inputs, row) else { continue };
        let line = lines.of_device(name).iter().find(|line| line.number == number);
        if line.is_some_and(|line| line.cti == Some(false)) && judged.insert((name, number)) {
            found.push(off(object(kind, name), format!("extension {number}: {TITLE}"), &row.at));
        }
    }
    found
}

fn on_users(inputs: Inputs<'_>, seen: &Seen) -> Vec<Finding> {
    let mut judged = BTreeSet::new();
    let rows = inputs.deployment.agents.rows.iter();
    let off = rows.filter_map(|row| {
        let user = row.user.as_deref()?;
        let is = seen.users.get(user) == Some(&false) && judged.insert(user);
        let object = Object::new(ObjectKind::EndUser, user);
        is.then(|| off(object, TITLE.to_owned(), &row.at))
    });
    off.collect()
}

#[cfg(test)]
mod tests {
    use crate::checks::extension::LinesSeen;
    use crate::checks::phone_menu::DevicesSeen;
    use crate::checks::stage::Stage;
    use crate::clients::axl::{DeviceFact, Facts, Line, Pkid};

    #[test]
    fn each_of_the_three_places_counts() {
        let mut site = Stage::cucm(&[]);
        let mut devices = DevicesSeen::default();
        for (name, flag) in [("SEP000000000001", "t"), ("SEP000000000002", "f"), ("UDP_1", "f")] {
            let told = [(DeviceFact::CtiControl, flag.to_owned())];
            devices.facts.told.insert(name.into(), Facts::from(told).into());
        }
        site.seen.devices = Some(devices);
        let title = "Allow Control of Device from CTI";
        let phone = format!("phone-cti-control-off SEP000000000002: {title}");
        assert_eq!(site.all(), std::slice::from_ref(&phone), "a device profile has no such flag");
        let line = |cti| Line {
            device: "UDP_1".into(),
            class: "Device Profile".into(),
            key: Pkid::of("k"),
            number: "2001".into(),
            partition: "".into(),
            index: 1,
            calls: Some(2),
            busy: Some(1),
            cti,
        };
        for (cti, count) in [(None, 1), (Some(true), 1), (Some(false), 2)] {
            site.seen.lines = Some(LinesSeen::of(vec![line(cti)]));
            assert_eq!(site.found("phone-cti-control-off").len(), count, "{cti:?}");
        }
        site.seen.lines = None;
        site.seen.users = [("anna".to_owned(), false)].into();
        assert_eq!(site.all(), [phone, format!("phone-cti-control-off anna: {title}")]);
    }
}
