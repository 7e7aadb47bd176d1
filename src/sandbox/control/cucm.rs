//! Control of CUCM's nodes: certificates, services, reboots.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::{Refusal, Reply, Shared, done};
use crate::sandbox::platform::exchange::{self, Act};
use crate::sandbox::platform::machines::{self, State as Service};
use crate::sandbox::platform::{Kind, Station};

/// Every node's certificate and stores.
pub(super) async fn certificates(State(site): Shared) -> Reply {
    exchange::shown(&site).map(Json).map_err(Refusal)
}

/// What an administrator does to certificates; the answer is that of the GET.
pub(super) async fn change_certificates(State(site): Shared, Json(act): Json<Act>) -> Reply {
    exchange::perform(&site, act).map_err(Refusal)?;
    certificates(State(site)).await
}

/// A change of one node or of all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// A host; none: every node of CUCM.
    node: Option<String>,
    /// A service and its state.
    service: Option<String>,
    state: Option<Service>,
    /// Reboots the machine.
    #[serde(default)]
    reboot: bool,
}

pub(super) async fn change(State(site): Shared, Json(change): Json<Change>) -> Reply {
    let hosts: Vec<String> = site
        .options
        .cucm_hosts()
        .filter(|host| change.node.as_ref().is_none_or(|node| node == host))
        .map(str::to_owned)
        .collect();
    if hosts.is_empty() {
        return Err(Refusal("there is no such node".to_owned()));
    }
    for host in hosts {
        if let Some((service, state)) = change.service.as_ref().zip(change.state) {
            site.front().machines.set(&host, service, state);
        }
        if change.reboot {
            // What kind of CUCM node it is makes no difference to a reboot.
            machines::reboot(&site, &Station { host, kind: Kind::Subscriber });
        }
    }
    Ok(done())
}
