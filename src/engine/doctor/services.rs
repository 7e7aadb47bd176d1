//! CUCM's services on each node, through Control Center.

use crate::checks::doctor::services::{self, NodeServices};
use crate::checks::doctor::{Area, Line};
use crate::clients::control_center::{ControlCenter, ControlCenterError, ControlCenterSettings};
use crate::clients::refusals::Refusals;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::axl::{Cucm, NOT_TAKEN};
use super::{Exam, Password};

const SUBJECT: &str = "services";

/// Looks at the services. The publisher comes first: a password that it refuses is tried on no other node.
pub(super) async fn look(exam: &mut Exam<'_, '_>, cucm: &Cucm) -> Result<(), Trouble> {
    let deployment = exam.task.deployment;
    let own = deployment.credentials.serviceability.as_ref();
    let credential = own.unwrap_or(&deployment.credentials.axl);
    if own.is_none() && cucm.reader.is_none() {
        exam.add(Line::not_checked(Area::Cucm, SUBJECT, NOT_TAKEN));
        return Ok(());
    }
    let password = match exam.password(credential) {
        Password::Here(password) => password,
        Password::Missing(why) => {
            let fix = "give the password that credentials.serviceability of the playbook names";
            exam.add(Line::not_checked(Area::Cucm, SUBJECT, why).fix(fix));
            return Ok(());
        }
    };
    let profiles = deployment.agents.rows.iter().any(|row| row.device_profile.is_some());
    let needed = services::all(profiles);
    let names: Vec<&str> = needed.iter().map(|need| need.name).collect();
    let (nodes, mut complete) = nodes(exam, cucm);
    let mut heard = Vec::new();
    let last = nodes.len() - 1;
    for (at, (endpoint, publisher)) in nodes.into_iter().enumerate() {
        let subject = format!("{} services", endpoint.host);
        if exam.blocked(Area::Cucm, subject.as_str(), &endpoint) {
            complete = false;
            continue;
        }
        exam.begin(format!("services of {}", endpoint.host))?;
        let client = ControlCenter::new(ControlCenterSettings {
            endpoint: endpoint.clone(),
            user: credential.user.clone(),
            password: password.clone(),
            http: exam.task.http.clone(),
            // AXL has taken its own password: a refusal here is a missing role.
            refusals: own.map_or_else(Refusals::default, |_| exam.task.refusals.clone()),
        });
        match client.status(&names).await {
            Ok(services) => heard.push(NodeServices { host: endpoint.host, publisher, services }),
            Err(error) => {
                complete = false;
                exam.add(unheard(subject, &endpoint, &credential.user, &error));
                if matches!(error, ControlCenterError::Denied | ControlCenterError::NoRole) {
                    if at < last {
                        let why = "because another node refused the account, and a refused password is tried once";
                        exam.add(Line::not_checked(Area::Cucm, "services of the other nodes", why));
                    }
                    break;
                }
            }
        }
    }
    exam.lines.extend(services::judge(&heard, &needed, complete));
    Ok(())
}

fn unheard(subject: String, endpoint: &Endpoint, user: &str, error: &ControlCenterError) -> Line {
    let trouble = error.trouble(format!("{endpoint} as {user}"));
    let line = Line::of(Area::Cucm, subject, &trouble);
    let fix = match error {
        // The playbook does not name the other nodes: what they show was never pinned.
        ControlCenterError::Certificate(_) => format!(
            "ippactl trust show {endpoint} shows its certificate and the line for tls.pins; compare the fingerprint with OS \
             Administration > Security > Certificate Management on the node"
        ),
        ControlCenterError::Unreachable { .. } => format!(
            "check that {} is up and that its port {} is open from here; show network cluster in the publisher's platform \
             shell shows the nodes",
            endpoint.host, endpoint.port
        ),
        ControlCenterError::Handshake(_)
        | ControlCenterError::Denied
        | ControlCenterError::NoRole
        | ControlCenterError::Busy { .. }
        | ControlCenterError::Fault { .. }
        | ControlCenterError::Lost { .. }
        | ControlCenterError::Unexpected { .. }
        | ControlCenterError::Refused { .. } => trouble.next,
    };
    line.fix(fix)
}

/// The nodes, the publisher first and as the playbook names it; and whether these are all.
fn nodes(exam: &mut Exam<'_, '_>, cucm: &Cucm) -> (Vec<(Endpoint, bool)>, bool) {
    let publisher = exam.task.deployment.cucm.publisher.clone();
    let port = publisher.port;
    let mut all = vec![(publisher, true)];
    let Some(known) = &cucm.nodes else {
        let why = "because the nodes could not be read over AXL";
        exam.add(Line::not_checked(Area::Cucm, "services of the other nodes", why));
        return (all, false);
    };
    let others = known.iter().filter(|node| node.processes_calls() && !node.publisher());
    all.extend(others.map(|node| {
        let host = node.name.to_ascii_lowercase();
        (Endpoint { host, port }, false)
    }));
    (all, true)
}
