//! Requests to a Finesse node, for tests that ask it directly.

use axum::http::HeaderMap;
use base64::Engine as _;

use super::site_like;
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::finesse::knobs::Knobs;
use crate::sandbox::finesse::route::{Call, answer};
use crate::sandbox::options::{FinesseOptions, Product};
use crate::sandbox::site::Site;
use crate::sandbox::soap::{Node, parse};

/// Path of the settings.
pub(super) const SETTINGS: &str = "/finesse/api/IPPhoneAgentSettings";
const ADMIN: (&str, &str) = ("finadmin", "finadmin-password");

/// A site with this product.
pub(super) fn of(product: Product, release: &str) -> Site {
    site_like(FinesseOptions { product, release: release.into(), ..FinesseOptions::default() })
}

/// A site of UCCE.
pub(super) fn site() -> Site {
    of(Product::Ucce, "12.6(2)")
}

/// Turns switches.
pub(super) fn tuned(site: &Site, change: impl FnOnce(&mut Knobs)) {
    site.finesse(|cluster, _| change(&mut cluster.knobs));
}

/// A request to be made.
pub(super) struct Ask<'a> {
    pub(super) side: Side,
    pub(super) method: &'a str,
    pub(super) user: Option<(&'a str, &'a str)>,
    pub(super) kind: Option<&'a str>,
    pub(super) body: &'a str,
}

/// An administrator reads on the primary.
pub(super) const GET: Ask<'static> =
    Ask { side: Side::Primary, method: "GET", user: Some(ADMIN), kind: None, body: "" };

/// Asks.
pub(super) fn ask(site: &Site, target: &str, how: &Ask<'_>) -> Reply {
    let mut headers = HeaderMap::new();
    if let Some((user, password)) = how.user {
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        headers.insert("authorization", format!("Basic {token}").parse().unwrap());
    }
    if let Some(kind) = how.kind {
        headers.insert("content-type", kind.parse().unwrap());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let body = how.body.as_bytes();
    let call = Call { side: how.side, method: how.method, path, query, headers: &headers, body };
    answer(site, &call)
}

/// An object that must be there.
pub(super) fn get(site: &Site, target: &str) -> Node {
    let reply = ask(site, target, &GET);
    assert_eq!(reply.status, 200, "{target}: {}", reply.body);
    parse(&reply.body).unwrap()
}

/// Status of an answer.
pub(super) fn code(site: &Site, target: &str, how: &Ask<'_>) -> u16 {
    ask(site, target, how).status
}

/// An administrator writes on the primary.
pub(super) fn put(body: &str) -> Ask<'_> {
    Ask { method: "PUT", kind: Some("application/xml"), body, ..GET }
}
