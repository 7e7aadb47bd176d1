//! Checks of application users beyond what is provisioned: the groups of UCCX's RMCM user.

use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;

use super::finding;

/// What UCCX gives its user (Cisco tech-note 210485, step 7); names are compared without regard to case.
const GROUPS: [&str; 5] = [
    "Standard CTI Enabled",
    "Standard CTI Allow Control of All Devices",
    "Standard CTI Allow Control of Phones supporting Connected Xfer and conf",
    "Standard CTI Allow Call Monitoring",
    "Standard CTI Allow Call Recording",
];

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, plan: &mut Plan) {
    plan.findings.extend(rmcm_groups(inputs));
}

/// UCCX makes this user and its groups; nothing but UCCX should set them right again.
fn rmcm_groups(inputs: Inputs<'_>) -> Option<Finding> {
    let declared = inputs.deployment.application_user.uccx_rmcm.as_ref()?;
    let user = inputs.observation.rmcm.as_ref()?;
    let has = |group: &str| user.groups.iter().any(|name| name.eq_ignore_ascii_case(group));
    let missing: Vec<&str> = GROUPS.into_iter().filter(|group| !has(group)).collect();
    (!missing.is_empty()).then(|| {
        finding(
            "rmcm-groups",
            Object::new(ObjectKind::ApplicationUser, &declared.user),
            "access control groups",
            GROUPS.join(", "),
            format!("without {}", missing.join(", ")),
            Some(&declared.at),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::GROUPS;
    use crate::checks::stage::Stage;
    use crate::clients::axl::ApplicationUser;

    #[test]
    fn each_group_is_missed() {
        let found = |groups: Vec<String>| {
            let mut site = Stage::cucm(&[]);
            site.observation.rmcm = Some(ApplicationUser {
                id: "rmcm".to_owned(),
                devices: Vec::new(),
                groups,
                profiles: Vec::new(),
                presence_group: None,
            });
            site.found("rmcm-groups").len()
        };
        let all: Vec<String> = GROUPS.iter().map(|group| group.to_lowercase()).collect();
        assert_eq!(found(all.clone()), 0);
        for group in &all {
            let some = all.iter().filter(|own| *own != group).cloned().collect();
            assert_eq!(found(some), 1, "{group}");
        }
        assert_eq!(Stage::cucm(&[]).found("rmcm-groups").len(), 0, "nobody read the user");
    }
}
