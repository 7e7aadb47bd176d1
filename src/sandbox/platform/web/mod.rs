//! The platform's web services on a node's port 443: certificate REST, PAWS, Control Center.
//!
//! Source: facts/vos.md sections 3 to 5.

pub mod certificates;
pub mod control_center;
pub mod knobs;
pub mod paws;
pub mod serve;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::{Kind, Station};
use crate::sandbox::finesse::cluster::release;
use crate::sandbox::session::basic;
use crate::sandbox::site::Site;
use knobs::Service;

/// A request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Method.
    pub method: &'a str,
    /// Path without the query.
    pub path: &'a str,
    /// Query.
    pub query: &'a str,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: &'a [u8],
}

/// What goes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type; none for an empty body.
    pub media: &'static str,
    /// Body.
    pub body: String,
    /// Realm of the credentials that are wanted.
    pub realm: &'static str,
}

impl Reply {
    /// A status and nothing more.
    pub fn bare(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Credentials are wanted.
    pub fn challenge(realm: &'static str) -> Self {
        Self { status: 401, realm, ..Self::default() }
    }

    /// A SOAP envelope.
    pub fn soap(status: u16, body: String) -> Self {
        Self { status, media: "text/xml;charset=utf-8", body, realm: "" }
    }
}

/// Answers one request.
pub fn answer(site: &Site, station: &Station, request: &Request<'_>) -> Reply {
    let knobs = site.front().shells.knobs(&station.host).web;
    let here = |on_finesse: Service, on_cucm: bool| match station.kind {
        Kind::Finesse(_) => on_finesse,
        Kind::Publisher | Kind::Subscriber if on_cucm => Service::Works,
        Kind::Publisher | Kind::Subscriber => Service::Absent,
    };
    if let Some(rest) = request.path.strip_prefix("/platformcom/api/v1/certmgr/config/") {
        let since_14 = release(&site.options.release) >= (14, 0);
        let refusal = here(knobs.finesse_certificates, since_14).refusal();
        return refusal.unwrap_or_else(|| certificates::answer(site, station, request, rest));
    }
    match request.path {
        "/platform-services/services/ClusterNodesService" => here(knobs.finesse_paws, true)
            .refusal()
            .unwrap_or_else(|| paws::answer(site, station, request)),
        "/controlcenterservice2/services/ControlCenterServices" => {
            here(knobs.finesse_control_center, true)
                .refusal()
                .unwrap_or_else(|| control_center::answer(site, station, request))
        }
        _ => Reply::bare(404),
    }
}

/// User and password of a request; empty where there are none.
fn credentials(request: &Request<'_>) -> (String, String) {
    let header = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    header.and_then(basic).unwrap_or_default()
}

/// The level of the platform account that asks.
fn level(site: &Site, station: &Station, request: &Request<'_>) -> Option<u8> {
    let (user, password) = credentials(request);
    // Who sends no credentials has not tried any.
    if user.is_empty() { None } else { site.front().shells.login(station, &user, &password) }
}
