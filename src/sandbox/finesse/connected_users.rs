//! `ConnectedUsersInfo`: who is signed in at one node, by client.
//!
//! Source: facts/finesse.md section 5.3.

use super::cluster::{Cluster, Side};
use super::node::Client;
use super::roster;
use crate::sandbox::options::Product;
use crate::sandbox::soap::Node;

/// Whether this release has the object: UCCE from 12.6(1), UCCX from 12.5(1) SU1.
pub fn exists(cluster: &Cluster) -> bool {
    let usual = match cluster.product {
        Product::Uccx => {
            cluster.release >= (12, 6)
                || cluster.release == (12, 5) && cluster.release_text.contains("SU")
        }
        Product::Ucce | Product::Pcce => cluster.release >= (12, 6),
    };
    cluster.knobs.connected_users.or(usual)
}

/// How many agents use this client at the node.
pub fn count(cluster: &Cluster, side: Side, client: Client) -> usize {
    let signed_in = &cluster.nodes[side.index()].signed_in;
    signed_in.iter().filter(|one| one.client == client).count()
}

/// The object.
pub fn object(cluster: &Cluster, side: Side) -> Node {
    let number = |name: &str, count: usize| Node::leaf(name, count.to_string());
    let all = &cluster.nodes[side.index()].signed_in;
    let summary = Node::new("userSummary")
        .with(number("desktopUsers", count(cluster, side, Client::Desktop)))
        .with(number("fippaUsers", count(cluster, side, Client::Fippa)))
        .with(number("thirdPartyUsers", count(cluster, side, Client::Thirdparty)))
        .with(number("totalConnectedUsers", all.len()))
        .with(number("totalConnectedUsersViaProxy", 0));
    let mut info = Node::new("ConnectedUsersInfo").with(summary);
    if cluster.knobs.user_details {
        let agents = roster::agents(&cluster.knobs);
        let details = all.iter().map(|one| {
            let agent = agents.iter().find(|agent| agent.id == one.id);
            let team = agent.map(|agent| roster::team_name(&cluster.knobs, agent.team));
            let extension = one.extension.clone().or(agent.map(|agent| agent.extension.clone()));
            Node::new("userDetail")
                .with(Node::leaf("loginId", one.id.as_str()))
                .with(Node::leaf("userType", one.client.word()))
                .with(Node::leaf(
                    "xmppJID",
                    format!("{}@{}", one.id, cluster.nodes[side.index()].host),
                ))
                .with(Node::leaf("teamName", team.unwrap_or_default()))
                .with(Node::leaf("extension", extension.unwrap_or_default()))
                .with(Node::leaf("firstName", "Agent"))
                .with(Node::leaf("lastName", one.id.as_str()))
                .with(Node::leaf("connectedDuration", "60"))
        });
        info = info.with(Node::new("userDetails").with_all(details));
    }
    info.with(Node::leaf("uri", "/finesse/api/ConnectedUsersInfo"))
}
