//! A small deployment and an observation of it, for the tests of the checks.

use super::{Seen, cucm};
use crate::clients::axl::DeviceKind;
use crate::plan::{Finding, Plan};
use crate::planner::build::{Inputs, Observation, SqlMode};
use crate::playbook::{Deployment, Files, parse};
use crate::resources::Desired;

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }
}

const PLAYBOOK: &str = "\
version: 1
deployment: one
cucm: { publisher: pub.example.com }
finesse: { product: uccx, release: 12.5(1), primary: fin-a.example.com, secondary: fin-b.example.com }
credentials: { axl: { user: a, password: { prompt: true } } }
application_user: { id: ippa, password: { prompt: true }, uccx_rmcm: { user: rmcm } }
phone_services: { subscription: manual, primary: { name: One }, secondary: { name: Two } }
one_button_sign_in: { id: administrator, extension: administrator }
agents:
  roster:
    - { device: SEP000000000001, device_profile: UDP_1, id: 1001, extension: 2001, user: anna }
    - { device: SEP000000000002, id: 1002, extension: 2002 }
";

/// A cluster as the playbook wants it, to be spoilt by a test.
pub(super) struct Bench {
    deployment: Deployment,
    desired: Desired,
    pub(super) observation: Observation,
    pub(super) seen: Seen,
}

impl Bench {
    /// The playbook with these replacements.
    pub(super) fn with(changes: &[(&str, &str)]) -> Self {
        let text = changes.iter().fold(PLAYBOOK.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let deployment = parse("p.yaml", &text, &Nothing).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(|m| m.render(false)).collect::<String>())
        });
        let desired = Desired::new(&deployment, &None).unwrap();
        let devices = [
            ("SEP000000000001", DeviceKind::Phone),
            ("SEP000000000002", DeviceKind::Phone),
            ("UDP_1", DeviceKind::DeviceProfile),
        ];
        let observation = Observation {
            devices: devices.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect(),
            ..Observation::default()
        };
        Self { deployment, desired, observation, seen: Seen::default() }
    }

    pub(super) fn new() -> Self {
        Self::with(&[])
    }

    /// What is found.
    pub(super) fn plan(&self) -> Plan {
        let inputs = Inputs {
            deployment: &self.deployment,
            desired: &self.desired,
            observation: &self.observation,
            sql: SqlMode::Never,
            rewrite_secrets: false,
            restart_now: false,
            reboot: &[],
        };
        let mut plan = Plan::default();
        plan.not_checked.clone_from(&self.seen.not_checked);
        cucm(inputs, &self.seen, &mut plan);
        plan
    }

    /// What one check finds.
    pub(super) fn found(&self, check: &str) -> Vec<Finding> {
        self.plan().findings.into_iter().filter(|finding| finding.check == check).collect()
    }

    /// `object: field: found` of what is found, without observations.
    pub(super) fn all(&self) -> Vec<String> {
        let findings = self.plan().findings.into_iter();
        findings.map(|f| format!("{} {}: {}", f.check, f.object.name, f.field)).collect()
    }
}
