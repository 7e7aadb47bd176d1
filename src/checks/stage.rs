//! A site with two Finesse nodes and two agents, for the tests of what Finesse tells.

use super::{Seen, finesse};
use crate::clients::axl::DeviceKind;
use crate::clients::finesse::User;
use crate::plan::Plan;
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

const SITE: &str = "\
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

/// The site, and what was read of it.
pub(super) struct Stage {
    deployment: Deployment,
    desired: Desired,
    pub(super) observation: Observation,
    pub(super) seen: Seen,
}

impl Stage {
    /// Everything in service; nobody was looked at.
    pub(super) fn new() -> Self {
        Self::with("", "")
    }

    /// The same with another text in the playbook.
    pub(super) fn with(from: &str, to: &str) -> Self {
        assert!(SITE.contains(from), "{from}");
        let text = SITE.replace(from, to);
        let deployment = parse("stage.yaml", &text, &NoFiles).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(|own| own.render(false)).collect::<String>())
        });
        let desired = Desired::new(&deployment, &None).unwrap();
        let node = |host: &str| NodeSeen {
            host: format!("{host}.example.com"),
            state: Ok(NodeState { in_service: true, ..NodeState::default() }),
            users: Some((0, String::new())),
            connected: Some(Vec::new()),
        };
        let nodes = vec![node("fin-a"), node("fin-b")];
        let mut observation = Observation {
            finesse: Some(FinesseSeen { nodes, ..FinesseSeen::default() }),
            ..Observation::default()
        };
        for (phone, model) in [("SEP000000000001", "Cisco 8851"), ("SEP000000000002", "Cisco 7841")]
        {
            observation.devices.insert(phone.to_owned(), DeviceKind::Phone);
            observation.models.insert(phone.to_owned(), model.to_owned());
        }
        Self { deployment, desired, observation, seen: Seen::default() }
    }

    pub(super) fn finesse(&mut self) -> &mut FinesseSeen {
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
        };
        let mut plan = Plan::default();
        plan.not_checked.clone_from(&self.seen.not_checked);
        finesse(inputs, &self.seen, &mut plan);
        plan
    }

    /// Names of the objects that a check has found.
    pub(super) fn found(&self, check: &str) -> Vec<String> {
        let findings = self.plan().findings.into_iter().filter(|finding| finding.check == check);
        findings.map(|finding| finding.object.name).collect()
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
