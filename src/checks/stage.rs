//! Two small sites and what was read of them, for the unit tests of the checks: one for CUCM's side, with nothing looked at
//! in Finesse, and one for Finesse's.

use super::{Seen, cucm, finesse};
use crate::clients::axl::DeviceKind;
use crate::clients::finesse::User;
use crate::plan::{Finding, Plan};
use crate::planner::build::{Inputs, Observation, SqlMode};
use crate::planner::finesse::FinesseSeen;
use crate::playbook::{Deployment, Files, parse};
use crate::resources::Desired;
use crate::resources::tomcat_restart::{NodeSeen, NodeState};

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("there are no files".to_owned())
    }
}

const CUCM: &str = "\
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

const FINESSE: &str = "\
version: 1
deployment: stage
cucm: { publisher: pub.example.com }
finesse: { product: uccx, release: 12.5(1), primary: fin-a.example.com, secondary: fin-b.example.com }
credentials:
  axl: { user: a, password: { prompt: true } }
  finesse: { user: f, password: { prompt: true } }
  finesse_platform: { user: o, password: { prompt: true } }
application_user: { id: ippa, password: { prompt: true } }
phone_services: { primary: { name: One }, secondary: { name: Two } }
one_button_sign_in: { id: administrator, extension: administrator }
finesse_settings: { mode: rest, path: /x, body: '{{ user }}{{ password }}', read_back: { path: /x, user: //u } }
agents:
  roster:
    - { device: SEP000000000001, id: 1001, extension: 2001 }
    - { device: SEP000000000002, id: 1002, extension: 2002 }
";

/// A site as its playbook wants it, to be spoilt by a test.
pub(super) struct Stage {
    deployment: Deployment,
    desired: Desired,
    judge: fn(Inputs<'_>, &Seen, &mut Plan),
    pub(super) observation: Observation,
    pub(super) seen: Seen,
}

impl Stage {
    /// The site for CUCM's side, with these replacements in its playbook.
    pub(super) fn cucm(changes: &[(&str, &str)]) -> Self {
        let mut stage = Self::of(CUCM, changes, cucm);
        for (name, kind) in [
            ("SEP000000000001", DeviceKind::Phone),
            ("SEP000000000002", DeviceKind::Phone),
            ("UDP_1", DeviceKind::DeviceProfile),
        ] {
            stage.observation.devices.insert(name.into(), (kind, "".into()));
        }
        stage
    }

    /// The site for Finesse's side: everything in service, and nobody was looked at.
    pub(super) fn finesse(changes: &[(&str, &str)]) -> Self {
        let mut stage = Self::of(FINESSE, changes, finesse);
        let node = |host: &str| NodeSeen {
            host: format!("{host}.example.com"),
            state: Ok(NodeState { in_service: true, ..NodeState::default() }),
            users: Some((0, String::new())),
            connected: Some(Vec::new()),
        };
        let nodes = vec![node("fin-a"), node("fin-b")];
        stage.observation.finesse = Some(FinesseSeen { nodes, ..FinesseSeen::default() });
        for (phone, model) in [("SEP000000000001", "Cisco 8851"), ("SEP000000000002", "Cisco 7841")]
        {
            let seen = (DeviceKind::Phone, model.into());
            stage.observation.devices.insert(phone.into(), seen);
        }
        stage
    }

    /// Its playbook.
    pub(super) fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    fn of(
        playbook: &str,
        changes: &[(&str, &str)],
        judge: fn(Inputs<'_>, &Seen, &mut Plan),
    ) -> Self {
        let text = changes.iter().fold(playbook.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let deployment = parse("stage.yaml", &text, &NoFiles).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(|own| own.render(false)).collect::<String>())
        });
        let desired = Desired::new(&deployment, &None).unwrap();
        let (observation, seen) = (Observation::default(), Seen::default());
        Self { deployment, desired, judge, observation, seen }
    }

    /// What was read of Finesse.
    pub(super) fn nodes(&mut self) -> &mut FinesseSeen {
        self.observation.finesse.as_mut().unwrap()
    }

    /// What is found, and what could not be judged.
    pub(super) fn plan(&self) -> Plan {
        let inputs = Inputs {
            deployment: &self.deployment,
            desired: &self.desired,
            observation: &self.observation,
            sql: SqlMode::Never,
            rewrite_secrets: false,
            restart_now: false,
            reboot: &[],
            one_shot: None,
        };
        let mut plan = Plan::default();
        plan.not_checked.clone_from(&self.seen.not_checked);
        (self.judge)(inputs, &self.seen, &mut plan);
        plan
    }

    /// What one check finds.
    pub(super) fn found(&self, check: &str) -> Vec<Finding> {
        self.plan().findings.into_iter().filter(|finding| finding.check == check).collect()
    }

    /// Names of the objects that a check finds.
    pub(super) fn names(&self, check: &str) -> Vec<String> {
        self.found(check).into_iter().map(|finding| finding.object.name).collect()
    }

    /// `check object: field` of everything that is found.
    pub(super) fn all(&self) -> Vec<String> {
        let findings = self.plan().findings.into_iter();
        findings.map(|f| format!("{} {}: {}", f.check, f.object.name, f.field)).collect()
    }
}

/// A user as Finesse lists one who is signed out.
pub(super) fn user(id: &str, name: &str) -> User {
    User {
        login_id: id.to_owned(),
        login_name: Some(name.to_owned()),
        roles: vec!["Agent".to_owned()],
        state: Some("LOGOUT".to_owned()),
        extension: None,
        team_id: Some("1".to_owned()),
        team_name: Some("Emea".to_owned()),
        mobile: false,
    }
}
