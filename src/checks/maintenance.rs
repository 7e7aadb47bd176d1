//! Checks of maintenance modes and of the IPPA inactivity timeout.

use std::collections::BTreeMap;

use crate::clients::axl::DeviceKind;
use crate::clients::platform::InactivityTimeout;
use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::playbook::Location;

use super::{Seen, finding};

/// What a Finesse node's shell tells.
#[derive(Debug, Default)]
pub struct ShellSeen {
    /// The node, as the playbook names it.
    pub host: String,
    /// Its release.
    pub release: Option<String>,
    /// Who is locked.
    pub locked: Option<Vec<String>>,
    /// The inactivity timeout.
    pub timeout: Option<InactivityTimeout>,
}

/// What earlier looks have seen of nodes, by host.
#[derive(Debug, Default)]
pub struct Earlier {
    /// The maintenance mode a node was last seen in, and when, in words.
    pub maintenance: BTreeMap<String, String>,
    /// The release and the inactivity timeout that somebody had set on it.
    pub timeouts: BTreeMap<String, (String, String)>,
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let nodes = inputs.observation.finesse.iter().flat_map(|finesse| &finesse.nodes);
    for node in nodes {
        let earlier = seen.earlier.maintenance.get(&node.host);
        let (mode, answers) = match &node.state {
            Ok(state) => (state.maintenance.as_deref(), true),
            Err(_) => (earlier.map(String::as_str), false),
        };
        plan.findings.extend(completed(inputs, &node.host, mode, answers));
    }
    let phones = phones_of_78xx(inputs);
    for shell in &seen.shells {
        plan.findings.extend(timeout(inputs, shell, &phones));
        plan.findings.extend(lost(inputs, shell, &seen.earlier));
    }
    plan.findings.extend(differs(inputs, &seen.shells));
}

fn at<'a>(inputs: Inputs<'a>, host: &str) -> Option<&'a Location> {
    let finesse = &inputs.deployment.finesse;
    let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    nodes.into_iter().find(|node| node.api.host == host).map(|node| &node.at)
}

fn on_node(inputs: Inputs<'_>, check: &'static str, host: &str, said: [&str; 3]) -> Finding {
    let [field, expected, found] = said;
    let object = Object::new(ObjectKind::FinesseNode, host);
    finding(check, object, field, expected, found, at(inputs, host))
}

/// A node that has completed its maintenance has shut its services down: it answers like a dead one, or not at all.
fn completed(inputs: Inputs<'_>, host: &str, mode: Option<&str>, answers: bool) -> Option<Finding> {
    let mode = mode?;
    let found = if answers {
        let done = mode.to_ascii_uppercase().starts_with("COMPLETED");
        done.then(|| mode.to_owned())?
    } else {
        format!("no answer; last seen in maintenance mode {mode}")
    };
    let said = ["maintenance mode", "ended, and services running", &found];
    Some(on_node(inputs, "maintenance-completed", host, said))
}

/// Phones of the roster on which looking at another screen counts as inactivity.
fn phones_of_78xx(inputs: Inputs<'_>) -> Vec<&str> {
    let observation = inputs.observation;
    let of_series = |model: &str| {
        let numbers = model.split(|c: char| !c.is_ascii_alphanumeric());
        numbers.into_iter().any(|number| number.len() == 4 && number.starts_with("78"))
    };
    let devices = inputs.desired.devices.values();
    let phones = devices.filter(|device| device.kind == DeviceKind::Phone);
    let phones = phones.filter_map(|device| {
        let (_, model) = observation.devices.get(&device.name)?;
        of_series(model).then_some(device.name.as_str())
    });
    phones.collect()
}

fn timeout(inputs: Inputs<'_>, shell: &ShellSeen, phones: &[&str]) -> Option<Finding> {
    let timeout = shell.timeout.filter(|timeout| timeout.is_default())?;
    let first = phones.first()?;
    let found = match phones.len() {
        1 => format!("{}; a 78xx phone: {first}", timeout.words()),
        number => format!("{}; {number} 78xx phones, the first {first}", timeout.words()),
    };
    let said = ["IPPA inactivity timeout", "disabled, or longer", &found];
    Some(on_node(inputs, "inactivity-timeout", &shell.host, said))
}

fn differs(inputs: Inputs<'_>, shells: &[ShellSeen]) -> Option<Finding> {
    let mut told = shells.iter().filter_map(|shell| Some((shell, shell.timeout?)));
    let (first, second) = (told.next()?, told.next()?);
    (first.1 != second.1).then(|| {
        let expected = format!("{}, as on {}", first.1.words(), first.0.host);
        let found = second.1.words();
        let said = ["IPPA inactivity timeout", expected.as_str(), found.as_str()];
        on_node(inputs, "inactivity-timeout-differs", &second.0.host, said)
    })
}

/// An upgrade puts the default back: another release, and what somebody had set is gone.
fn lost(inputs: Inputs<'_>, shell: &ShellSeen, earlier: &Earlier) -> Option<Finding> {
    let (timeout, release) = (shell.timeout?, shell.release.as_ref()?);
    let (before, value) = earlier.timeouts.get(&shell.host)?;
    (before != release && timeout.is_default()).then(|| {
        let expected = format!("{value}, as with release {before}");
        let found = format!("{} with release {release}", timeout.words());
        let said = ["IPPA inactivity timeout", expected.as_str(), found.as_str()];
        on_node(inputs, "settings-lost-on-upgrade", &shell.host, said)
    })
}

#[cfg(test)]
mod tests {
    use super::{InactivityTimeout, ShellSeen};
    use crate::checks::stage::Stage;
    use crate::resources::tomcat_restart::NodeState;

    fn shell(host: &str, timeout: InactivityTimeout) -> ShellSeen {
        ShellSeen {
            host: format!("{host}.example.com"),
            release: Some("15.0.1".to_owned()),
            locked: None,
            timeout: Some(timeout),
        }
    }

    #[test]
    fn a_node_that_has_completed_its_maintenance_may_not_answer() {
        let mut stage = Stage::finesse(&[]);
        let host = stage.nodes().nodes[0].host.clone();
        assert!(stage.names("maintenance-completed").is_empty());
        stage.nodes().nodes[0].state.as_mut().unwrap().maintenance = Some("COMPLETED".to_owned());
        assert_eq!(stage.names("maintenance-completed"), [host.as_str()]);
        stage.nodes().nodes[0].state = Err("HTTP 502".to_owned());
        assert!(stage.names("maintenance-completed").is_empty(), "nothing is known of it");
        stage.seen.earlier.maintenance.insert(host.clone(), "IN_PROGRESS".to_owned());
        assert_eq!(stage.names("maintenance-completed"), [host.as_str()]);
        stage.nodes().nodes[0].state = Ok(NodeState::default());
        assert!(stage.names("maintenance-completed").is_empty(), "it is back");
    }

    #[test]
    fn the_default_timeout_throws_out_who_has_a_78xx() {
        let mut stage = Stage::finesse(&[]);
        stage.seen.shells = vec![shell("fin-a", InactivityTimeout::Enabled(Some(120)))];
        assert_eq!(stage.names("inactivity-timeout"), ["fin-a.example.com"]);
        for fine in [InactivityTimeout::Disabled, InactivityTimeout::Enabled(Some(600))] {
            stage.seen.shells = vec![shell("fin-a", fine)];
            assert!(stage.names("inactivity-timeout").is_empty(), "{fine:?}");
        }
        stage.seen.shells = vec![shell("fin-a", InactivityTimeout::Enabled(None))];
        assert_eq!(stage.names("inactivity-timeout").len(), 1);
        let seen = (crate::clients::axl::DeviceKind::Phone, "Cisco 8841".into());
        stage.observation.devices.insert("SEP000000000002".into(), seen);
        assert!(stage.names("inactivity-timeout").is_empty(), "no phone of that series");
    }

    #[test]
    fn both_nodes_are_to_have_one_timeout() {
        let mut stage = Stage::finesse(&[]);
        stage.seen.shells = vec![
            shell("fin-a", InactivityTimeout::Disabled),
            shell("fin-b", InactivityTimeout::Enabled(Some(600))),
        ];
        assert_eq!(stage.names("inactivity-timeout-differs"), ["fin-b.example.com"]);
        stage.seen.shells[1].timeout = None;
        assert!(stage.names("inactivity-timeout-differs").is_empty(), "one was not read");
        stage.seen.shells[1].timeout = Some(InactivityTimeout::Disabled);
        assert!(stage.names("inactivity-timeout-differs").is_empty());
    }

    #[test]
    fn an_upgrade_puts_the_default_back() {
        let mut stage = Stage::finesse(&[]);
        let before = ("12.5.1".to_owned(), "disabled".to_owned());
        stage.seen.earlier.timeouts.insert("fin-a.example.com".to_owned(), before);
        stage.seen.shells = vec![shell("fin-a", InactivityTimeout::Enabled(Some(120)))];
        assert_eq!(stage.names("settings-lost-on-upgrade"), ["fin-a.example.com"]);
        stage.seen.shells[0].release = Some("12.5.1".to_owned());
        assert!(stage.names("settings-lost-on-upgrade").is_empty(), "no upgrade");
        stage.seen.shells = vec![shell("fin-a", InactivityTimeout::Disabled)];
        assert!(stage.names("settings-lost-on-upgrade").is_empty(), "set again");
    }
}
