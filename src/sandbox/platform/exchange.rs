//! Certificates of the nodes as a cluster begins with them, and what an administrator does to them: renew, import,
//! delete, forget.

use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::certificates::{self, Certificate, PHONE_TRUST};
use super::trust::{self, Nodes};
use super::{Kind, Station};
use crate::outcome::Outcome;
use crate::sandbox::from::coverage;
use crate::sandbox::site::Site;
use crate::sandbox::tls::profile::Profile;
use crate::sandbox::tls::{self, Identity};
use crate::trouble::Trouble;

fn trouble(error: impl std::fmt::Display) -> Trouble {
    let what = "the sandbox's certificates are not right";
    Trouble::new("sandbox-certificate-failed", Outcome::Failed, what)
        .because(error.to_string())
        .then("delete the sandbox's state file, or name another one")
}

/// The station of that name.
fn station(site: &Site, host: &str) -> Option<Station> {
    let finesse = &site.options.finesse;
    let kind = if site.options.publisher.host == host {
        Kind::Publisher
    } else if site.options.subscribers.iter().any(|own| own == host) {
        Kind::Subscriber
    } else if finesse.primary.host == host {
        Kind::Finesse(crate::sandbox::finesse::cluster::Side::Primary)
    } else if finesse.secondary.as_ref().is_some_and(|node| node.host == host) {
        Kind::Finesse(crate::sandbox::finesse::cluster::Side::Secondary)
    } else {
        return None;
    };
    Some(Station { host: host.to_owned(), kind })
}

/// All nodes, CUCM's first.
fn stations(site: &Site) -> Vec<Station> {
    let finesse = &site.options.finesse;
    let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    let hosts = site.options.cucm_hosts().chain(nodes.map(|node| node.host.as_str()));
    hosts.filter_map(|host| station(site, host)).collect()
}

/// What else CUCM's tables call an identity of this profile.
fn also(profile: Profile) -> Option<&'static str> {
    (profile == Profile::Ecdsa).then_some("tomcat-ECDSA")
}

/// Notes every node's own certificate and, in a new cluster that is to be so, exchanges them.
///
/// # Errors
/// `sandbox-certificate-failed`.
pub fn begin(site: &Site) -> Result<(), Trouble> {
    let cucm = Nodes::of(site, &site.options.publisher.host);
    let finesse = Nodes::of(site, &site.options.finesse.primary.host);
    let mut own = Vec::new();
    for station in stations(site) {
        own.push((station.host.clone(), certificates::tomcat(site, &station)?));
    }
    let db = site.database();
    // What a capture tells of certificates stays what it tells, and what it does not is not answered.
    if coverage::is_loaded(&db) {
        return Ok(());
    }
    let begun = kept(&db).map_err(trouble)?;
    let transaction = db.unchecked_transaction().map_err(trouble)?;
    for (host, certificate) in own.iter().filter(|(host, _)| cucm.hosts.contains(host)) {
        let also = also(site.options.tls.of(host));
        trust::own(&transaction, &cucm, (host, certificate), also).map_err(trouble)?;
    }
    if site.options.exchanged && !begun {
        trust::exchange(&transaction, (&cucm, &finesse), &own).map_err(trouble)?;
    }
    transaction
        .execute(
            "insert or replace into sandbox_keeping (name, value) values ('exchange', 'done')",
            [],
        )
        .map_err(trouble)?;
    transaction.commit().map_err(trouble)
}

fn kept(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "select exists (select 1 from sandbox_keeping where name = 'exchange')";
    db.query_row(sql, [], |row| row.get(0))
}

/// What somebody does to certificates, beside the console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// The node gets a new certificate: a new key, the same name. It is shown at once.
    Renew {
        /// The node.
        node: String,
        /// Another TLS profile.
        profile: Option<String>,
    },
    /// Uploads a certificate into a store: this one, or a new one of that name.
    Import {
        /// The node; none: every node that has the store.
        node: Option<String>,
        /// The store by the console's name.
        store: String,
        /// The certificate.
        pem: Option<String>,
        /// Or the common name of a stranger's.
        name: Option<String>,
    },
    /// Empties a store.
    Forget {
        /// The node; none: every node that has the store.
        node: Option<String>,
        /// The store by the console's name.
        store: String,
    },
}

/// Does it.
///
/// # Errors
/// A sentence.
pub fn perform(site: &Site, act: Act) -> Result<(), String> {
    match act {
        Act::Renew { node, profile } => renew(site, &node, profile.as_deref()),
        Act::Import { node, store, pem, name } => {
            let pem = match (pem, name) {
                (Some(pem), None) => pem,
                (None, Some(name)) => tls::stranger(&name).map_err(|wrong| wrong.to_string())?,
                _ => return Err("give pem or name".to_owned()),
            };
            let read = Certificate::read(&pem)?;
            for station in wanted(site, node.as_deref(), &store)? {
                let nodes = Nodes::of(site, &station.host);
                trust::import(&site.database(), &nodes, (&station.host, &store), &read)?;
            }
            Ok(())
        }
        Act::Forget { node, store } => {
            for station in wanted(site, node.as_deref(), &store)? {
                let nodes = Nodes::of(site, &station.host);
                trust::clear(&site.database(), &nodes, (&station.host, &store))
                    .map_err(|wrong| wrong.to_string())?;
            }
            Ok(())
        }
    }
}

fn wanted(site: &Site, node: Option<&str>, store: &str) -> Result<Vec<Station>, String> {
    let mut all = stations(site);
    all.retain(|own| {
        node.is_none_or(|node| node == own.host) && certificates::stores(own).contains(&store)
    });
    if all.is_empty() { Err(format!("no such node has a store {store}")) } else { Ok(all) }
}

fn renew(site: &Site, host: &str, profile: Option<&str>) -> Result<(), String> {
    let station = station(site, host).ok_or("there is no such node")?;
    let usual = site.options.tls.of(host);
    let named = profile.map(Profile::named).transpose()?;
    let new = Identity::renewed(&site.database(), host, named.unwrap_or(usual));
    let new = new.map_err(|wrong| wrong.to_string())?;
    // Whoever asks for the node's own certificate is told this one.
    site.front().renewed.insert(host.to_owned(), new.certificate_pem.clone());
    if station.kind.is_cucm() {
        let nodes = Nodes::of(site, host);
        let read = Certificate::read(&new.certificate_pem)?;
        let also = also(named.unwrap_or(usual));
        trust::own(&site.database(), &nodes, (host, &read), also)
            .map_err(|wrong| wrong.to_string())?;
    }
    let doors = site.front().doors.get(host).cloned().unwrap_or_default();
    for door in doors {
        door.change(&new).map_err(|wrong| wrong.to_string())?;
    }
    site.tell("certificate-renewed", json!({ "node": host }));
    Ok(())
}

/// Every node's own certificate and stores.
///
/// # Errors
/// A sentence.
pub fn shown(site: &Site) -> Result<Value, String> {
    let one = |own: &Certificate| json!({ "name": own.common_name, "sha256": own.sha256(), "serial": own.serial, "pem": own.pem });
    let mut nodes = serde_json::Map::new();
    for station in stations(site) {
        let own = certificates::tomcat(site, &station).map_err(|wrong| wrong.to_string())?;
        let mut all = serde_json::Map::new();
        for store in certificates::stores(&station) {
            let held = trust::held(&site.database(), &station.host, store);
            let held = held.map_err(|wrong| wrong.to_string())?;
            all.insert((*store).to_owned(), held.iter().map(one).collect());
        }
        let known = json!({ "own": one(&own), "stores": all });
        nodes.insert(station.host, known);
    }
    let db = site.database();
    let phones = trust::database(&db, PHONE_TRUST).map_err(|wrong| wrong.to_string())?;
    let phones: Vec<Value> = phones.iter().map(one).collect();
    Ok(json!({ "nodes": nodes, "phone_trust_database": phones }))
}
