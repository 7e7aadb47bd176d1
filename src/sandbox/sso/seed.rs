//! What a cluster with single sign-on begins with, on top of the seeded site.

use crate::sandbox::finesse::cluster::Cluster;
use crate::sandbox::finesse::knobs::AuthMode;
use crate::sandbox::finesse::node::{Client, SignedIn};
use crate::sandbox::options::SignOnHosts;

/// The supervisor of the first team.
const SUPERVISOR: &str = "1010";
/// Agents who are at their desktops, and their states.
const BUSY: [(&str, &str); 2] = [("1007", "READY"), ("1008", "NOT_READY")];

/// Switches single sign-on on. Where somebody uses it, two agents are signed in elsewhere, and there is a supervisor.
pub fn plant(cluster: &mut Cluster, hosts: &SignOnHosts) {
    let (mode, agents) = &hosts.mode;
    cluster.knobs.auth_mode = *mode;
    cluster.knobs.sso_agents.clone_from(agents);
    cluster.knobs.sso = hosts.knobs.clone();
    if *mode == AuthMode::NonSso {
        return;
    }
    let person = cluster.knobs.agents.entry(SUPERVISOR.to_owned()).or_default();
    person.roles = Some(vec!["Agent".to_owned(), "Supervisor".to_owned()]);
    for (id, state) in BUSY {
        let one =
            SignedIn { id: id.to_owned(), client: Client::Desktop, device: None, extension: None };
        cluster.nodes[0].signed_in.push(one);
        // Both are signed in now, so there is nothing to refuse.
        drop(cluster.set_state(id, state));
    }
}
