//! Reads certificates and trust stores: what each node presents, what CUCM's database has, and what the nodes themselves
//! tell of their stores.

mod nodes;
mod platform;

use std::time::Duration;

use futures::future::join_all;

use crate::clients::axl::{AxlError, Reader, StoredCertificate};
use crate::clients::certificate::Certificate;
use crate::clients::http::Http;
use crate::clients::tls::{NotPresented, Offer, Presented, connected, presented};
use crate::engine::remembered::Remembered;
use crate::engine::{Event, Purpose, Task};
use crate::planner::build::Observation;
use crate::planner::certificates::step_ids;
use crate::playbook::{Certificates, Endpoint, FinesseNode, ImportWay, TrustMode};
use crate::resources::certificate_trust::{CertificatesSeen, Held, Memory, NodeSeen};
use crate::trouble::Trouble;

use super::at_publisher;
use nodes::{CucmNode, cucm_nodes, of_node};

pub use platform::{cucm_account, cucm_rest, finesse_account, finesse_rest};

/// Longest wait for one connection or handshake.
const LIMIT: Duration = Duration::from_secs(10);
/// Where the Trust Verification Service listens.
const VERIFICATION: u16 = 2445;

/// Reads what the playbook's `certificates` speaks of; nothing without that section.
pub async fn look(
    task: &Task<'_>,
    reader: &Reader,
    purpose: Purpose,
    observation: &mut Observation,
) -> Result<(), Trouble> {
    let Some(declared) = task.deployment.certificates.as_ref().filter(|one| !skipped(one)) else {
        return Ok(());
    };
    task.stop.check()?;
    let what = "certificates".to_owned();
    task.listener.event(Event::Reading { what, done: 0, total: None });
    let mut seen = CertificatesSeen {
        now: time::OffsetDateTime::now_utc().unix_timestamp(),
        authorities: task.http.settings().trust.authorities().to_vec(),
        phone_trust: match declared.cucm_phone_trust {
            TrustMode::Skip => Held::default(),
            TrustMode::Import | TrustMode::Verify => stored(task, reader, "Phone-trust").await?.0,
        },
        ..CertificatesSeen::default()
    };
    seen.cucm = cucm(task, reader, purpose, declared, observation).await?;
    seen.finesse = finesse(task, purpose, declared, &seen.cucm).await?;
    remember(task, seen, observation);
    Ok(())
}

/// What was read before, with what is remembered now: where nothing was imported since, nodes are spared a second look.
pub fn remember(task: &Task<'_>, mut seen: CertificatesSeen, observation: &mut Observation) {
    let memory = Remembered::read(task.state);
    seen.memory = Memory {
        imports: memory.owed_imports(),
        reboots: memory.owed_reboots(),
        known: memory.known_certificates(),
    };
    for id in step_ids(&seen) {
        observation.attestations.insert(id.clone(), memory.attestations(&id));
        let attested = memory.attested(&id);
        observation.attested.extend(attested.map(|attested| (id, attested)));
    }
    observation.certificates = Some(seen);
}

fn skipped(declared: &Certificates) -> bool {
    declared.finesse_tomcat_trust == TrustMode::Skip && declared.cucm_phone_trust == TrustMode::Skip
}

/// A store of the database, and its rows. A statement that is refused is no empty store.
async fn stored(
    task: &Task<'_>,
    reader: &Reader,
    store: &str,
) -> Result<(Held, Vec<StoredCertificate>), Trouble> {
    match reader.stored_certificates(store).await {
        Ok(rows) => {
            let held = rows.iter().filter_map(|row| row.certificate.clone()).collect();
            Ok((Held::Known(held), rows))
        }
        Err(error @ AxlError::Fault { .. }) => {
            let trouble = at_publisher(task, &error);
            Ok((Held::NotRead(trouble.why), Vec::new()))
        }
        Err(error) => Err(at_publisher(task, &error)),
    }
}

/// What a server presents: its RSA certificate, else its ECDSA one; and where that was looked for, whether it has the
/// latter.
struct Shown {
    presented: Result<Presented, String>,
    ecdsa: Option<bool>,
}

async fn shown(task: &Task<'_>, endpoint: &Endpoint, purpose: Purpose) -> Shown {
    let settings = task.http.settings();
    let limit = settings.timeout.min(LIMIT);
    let ask = |offer| presented(&settings.trust, &settings.connect_map, endpoint, offer, limit);
    match ask(Offer::Rsa).await {
        Ok(rsa) => {
            let ecdsa = if purpose == Purpose::Verify {
                match ask(Offer::Ecdsa).await {
                    Ok(_) => Some(true),
                    Err(NotPresented::Refused(_)) => Some(false),
                    Err(NotPresented::Unreadable(_)) => None,
                }
            } else {
                None
            };
            Shown { presented: Ok(rsa), ecdsa }
        }
        Err(NotPresented::Refused(_)) => {
            let presented = ask(Offer::Ecdsa).await.map_err(|error| error.to_string());
            Shown { ecdsa: presented.is_ok().then_some(true), presented }
        }
        Err(error) => Shown { presented: Err(error.to_string()), ecdsa: None },
    }
}

async fn cucm(
    task: &Task<'_>,
    reader: &Reader,
    purpose: Purpose,
    declared: &Certificates,
    observation: &mut Observation,
) -> Result<Vec<NodeSeen>, Trouble> {
    let nodes = cucm_nodes(task, reader, observation).await?;
    let (own, rows) = stored(task, reader, "tomcat").await?;
    let (_, more) = stored(task, reader, "tomcat-ECDSA").await?;
    let shown = join_all(nodes.iter().map(|node| shown(task, &node.endpoint, purpose))).await;
    let mut seen = Vec::new();
    for (node, shown) in nodes.into_iter().zip(shown) {
        task.stop.check()?;
        let own = match &own {
            Held::Known(_) => of_node(&node, &rows, &more, shown.presented.as_ref().ok()),
            Held::NotRead(_) | Held::CannotTell(_) => own.clone(),
        };
        let (rest, held) = phone_trust_on(task, purpose, declared, &node).await?;
        let verification = match declared.cucm_phone_trust {
            TrustMode::Import | TrustMode::Verify if purpose == Purpose::Verify => {
                let endpoint = Endpoint { host: node.endpoint.host.clone(), port: VERIFICATION };
                let map = &task.http.settings().connect_map;
                // Where connections are led elsewhere and this one is not, nobody knows where it would end.
                let led = map.keys().any(|from| from.host == endpoint.host);
                if led && !map.contains_key(&endpoint) {
                    None
                } else {
                    Some(connected(map, &endpoint, LIMIT).await.map(drop))
                }
            }
            TrustMode::Import | TrustMode::Verify | TrustMode::Skip => None,
        };
        seen.push(NodeSeen {
            endpoint: node.endpoint.to_string(),
            name: node.name,
            presented: shown.presented,
            ecdsa: shown.ecdsa,
            own,
            held,
            rest,
            shell: Err("no document tells the name that Phone-trust has at the shell".to_owned()),
            verification,
            trusts_all: None,
            declared: node.declared,
        });
    }
    Ok(seen)
}

/// Phone-trust on one node by its own word: only the REST interface tells it.
async fn phone_trust_on(
    task: &Task<'_>,
    purpose: Purpose,
    declared: &Certificates,
    node: &CucmNode,
) -> Result<(Result<String, String>, Held), Trouble> {
    if declared.cucm_phone_trust == TrustMode::Skip || !declared.via.contains(&ImportWay::Rest) {
        return Ok((Err("certificates.via does not name rest".to_owned()), Held::default()));
    }
    let rest = match cucm_rest(task, purpose, &node.endpoint)? {
        Ok(rest) => rest,
        Err(why) => return Ok((Err(why.clone()), Held::CannotTell(why))),
    };
    platform::store(&rest, &["phone", "phone-trust"]).await
}

async fn finesse(
    task: &Task<'_>,
    purpose: Purpose,
    declared: &Certificates,
    cucm: &[NodeSeen],
) -> Result<Vec<NodeSeen>, Trouble> {
    let finesse = &task.deployment.finesse;
    let nodes: Vec<&FinesseNode> =
        std::iter::once(&finesse.primary).chain(&finesse.secondary).collect();
    let shown = join_all(nodes.iter().map(|node| shown(task, &node.api, purpose))).await;
    // Besides CUCM's certificates, each node is to hold the other's.
    let peers = shown.iter().filter_map(|one| Some(one.presented.as_ref().ok()?.leaf.clone()));
    let own = cucm.iter().filter_map(|node| node.certificate().map(|(one, _)| one.clone()));
    let wanted: Vec<Certificate> = own.chain(peers).collect();
    let mut seen = Vec::new();
    for (node, shown) in nodes.into_iter().zip(shown) {
        task.stop.check()?;
        let mut one = NodeSeen {
            name: node.api.host.clone(),
            endpoint: node.api.to_string(),
            presented: shown.presented,
            ecdsa: shown.ecdsa,
            own: Held::default(),
            held: Held::default(),
            rest: Err("certificates.via does not name rest".to_owned()),
            shell: Err("not looked at".to_owned()),
            verification: None,
            trusts_all: None,
            declared: node.at.clone(),
        };
        if declared.finesse_tomcat_trust != TrustMode::Skip {
            if declared.via.contains(&ImportWay::Rest) {
                (one.rest, one.held) = match finesse_rest(task, purpose, node)? {
                    Ok(rest) => platform::store(&rest, &["tomcat", "tomcat-trust"]).await?,
                    Err(why) => (Err(why.clone()), Held::CannotTell(why)),
                };
            }
            platform::by_shell(task, purpose, node, &wanted, &mut one).await?;
        }
        seen.push(one);
    }
    Ok(seen)
}

/// A client beside the run's own: what it reads is no part of a capture, and the pins of a host's main port hold.
fn beside(task: &Task<'_>, known: &Endpoint, other: &Endpoint) -> Http {
    let mut settings = task.http.settings().clone();
    settings.trust = settings.trust.as_at(known, other);
    Http::new(settings)
}
