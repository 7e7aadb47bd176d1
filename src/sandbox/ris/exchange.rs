//! One request to `RISService70` from headers and bytes to status and text.

use std::collections::BTreeSet;
use std::time::Instant;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::device::{self, element, leaf};
use super::request::{self, Criteria, NAMESPACE};
use crate::sandbox::Role;
use crate::sandbox::from::told;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::session::basic;
use crate::sandbox::settings::OverRate;
use crate::sandbox::site::Site;
use crate::sandbox::soap::{Node, in_envelope};

/// The one operation.
pub const OPERATION: &str = "selectCmDeviceExt";

/// The phone that an old node still lists, for clients that must take the newest.
const MOVED: &str = "SEP001122330045";

/// Status and body of the answer.
pub fn answer(site: &Site, headers: &HeaderMap, body: &[u8]) -> (u16, String) {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(basic);
    let (user, password) = header.unwrap_or_default();
    let options = &site.options;
    let reader = options.ris.iter().any(|own| own.user == user && own.password == password);
    let account = options
        .accounts
        .iter()
        .any(|own| own.user == user && own.password == password && own.role != Role::NoAxl);
    if !reader && !account {
        Ledger::count(&mut site.front().ledger.unauthorized, &user);
        return (401, String::new());
    }
    let (settings, fits) = {
        let mut front = site.front();
        front.ledger.ris_requests += 1;
        let most = front.settings.ris_per_minute;
        let fits = front.ris.take(Instant::now(), most);
        front.ledger.ris_refused += u64::from(!fits);
        (front.settings.clone(), fits)
    };
    if !fits {
        return match settings.ris_over_rate {
            OverRate::Fault => (
                500,
                fault(
                    "AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 15 requests per minute.",
                ),
            ),
            OverRate::Status => (503, String::new()),
        };
    }
    if let Ok(Some(refusal)) = told::ris(&site.database()) {
        return (refusal.status, refusal.body);
    }
    let action =
        headers.get("soapaction").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if action.trim_matches('"') != OPERATION {
        return (500, fault(&format!("The endpoint reference of action '{action}' was not found")));
    }
    match request::parsed(body) {
        Err(text) => (500, fault(&text)),
        Ok(criteria) if criteria.names.len() > settings.ris_devices => {
            (500, fault(&format!("At most {} devices may be selected", settings.ris_devices)))
        }
        Ok(criteria) => match selected(site, &criteria) {
            Ok(text) => (200, text),
            Err(error) => (500, fault(&error.to_string())),
        },
    }
}

fn selected(site: &Site, criteria: &Criteria) -> rusqlite::Result<String> {
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let db = site.database();
    let hosts: Vec<&str> = site.options.cucm_hosts().collect();
    let mut found: Vec<Vec<device::Found>> = hosts.iter().map(|_| Vec::new()).collect();
    let names: BTreeSet<&str> = criteria.names.iter().map(String::as_str).collect();
    for name in names {
        let Some(one) = device::find(&db, name, now)? else { continue };
        let at = hosts.iter().position(|host| one.at.as_deref() == Some(host)).unwrap_or(0);
        if name == MOVED && site.options.from.is_none() && at == 0 && hosts.len() > 1 {
            found[1].push(device::left_behind(&one, now));
        }
        found[at].push(one);
    }
    let mut left = criteria.most;
    let mut total = 0_usize;
    let mut nodes = element("CmNodes");
    // The publisher comes last: a client that takes the first entry of a phone takes an old one.
    for (name, found) in hosts.iter().zip(found).rev() {
        if !criteria.node.is_empty() && criteria.node != *name {
            continue;
        }
        let fitting: Vec<Node> = found
            .into_iter()
            .filter(|one| criteria.status == "Any" || criteria.status == one.status)
            .take(left)
            .map(|one| one.node)
            .collect();
        left -= fitting.len();
        total += fitting.len();
        let code = if fitting.is_empty() { "NotFound" } else { "Ok" };
        nodes.children.push(
            element("item")
                .with(leaf("ReturnCode", code))
                .with(leaf("Name", *name))
                .with(leaf("NoChange", "false"))
                .with(element("CmDevices").with_all(fitting)),
        );
    }
    let result = element("SelectCmDeviceResult")
        .with(leaf("TotalDevicesFound", total.to_string()))
        .with(nodes);
    let state = "<StateInfo ClusterId=\"StandAloneCluster\"><Node Name=\"publisher\"/></StateInfo>";
    let returned = element("selectCmDeviceReturn").with(result).with(leaf("StateInfo", state));
    Ok(in_envelope(
        &element("selectCmDeviceResponse").marked("xmlns:ns1", NAMESPACE).with(returned),
    ))
}

/// A SOAP fault of this text.
pub fn fault(text: &str) -> String {
    in_envelope(
        &Node::new("soapenv:Fault")
            .with(Node::leaf("faultcode", "soapenv:Server"))
            .with(Node::leaf("faultstring", text))
            .with(Node::new("detail")),
    )
}
