//! The listeners of the Identity Service, of identity providers, and of a host that nobody should send anything to.

use std::net::TcpListener;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use hyper_util::rt::TokioIo;

use super::record::Asked;
use super::{idp, ids};
use crate::sandbox::accept;
use crate::sandbox::clock::ahead;
use crate::sandbox::finesse::answer::Reply;
use crate::sandbox::finesse::faults::Disturbance;
use crate::sandbox::finesse::serve::written;
use crate::sandbox::serve::{Closed, LARGEST_REQUEST};
use crate::sandbox::site::Site;
use crate::sandbox::tls::Door;

/// What a listener is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The Identity Service.
    Ids,
    /// An identity provider.
    Idp,
    /// Somebody else.
    Stranger,
}

/// Serves one host until the listener fails.
///
/// # Errors
/// The system's own.
pub async fn host(
    listener: TcpListener,
    door: Door,
    (part, name): (Part, String),
    site: Arc<Site>,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let stream = accept::next(&listener).await;
        if part == Part::Stranger {
            site.front().ledger.sso.stranger_connections += 1;
        }
        let (door, site, name) = (door.clone(), Arc::clone(&site), name.clone());
        drop(tokio::spawn(async move {
            // A client that breaks off its handshake or its connection is its own business.
            let Some(stream) = door.open(stream).await else { return };
            let service = hyper::service::service_fn(move |request| {
                let (site, name) = (Arc::clone(&site), name.clone());
                async move { respond(&site, part, &name, request).await }
            });
            drop(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        }));
    }
}

async fn respond(
    site: &Site,
    part: Part,
    host: &str,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Body>, Closed> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), LARGEST_REQUEST).await else {
        return Err(Closed);
    };
    let asked = Asked {
        host,
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        body: &body,
    };
    let reply = disturbed(site, part, &asked);
    let shape = match part {
        Part::Ids => "ids",
        Part::Idp => "idp",
        Part::Stranger => "stranger",
    };
    site.front().ledger.sso.enter(asked.entry(shape, reply.status));
    if !reply.wait.is_zero() {
        tokio::time::sleep(reply.wait).await;
    }
    let knobs = site.finesse(|cluster, _| cluster.knobs.sso.clone());
    let seconds = match part {
        Part::Ids => knobs.ids_ahead_s,
        Part::Idp => knobs.idp_ahead_s,
        Part::Stranger => 0,
    };
    written(&reply, None).map(|response| ahead(seconds, response))
}

fn disturbed(site: &Site, part: Part, asked: &Asked<'_>) -> Reply {
    let planned = site.front().finesse_faults.take(asked.host, asked.method, asked.path);
    match planned {
        None => answer(site, part, asked),
        Some(Disturbance::Instead(reply)) => reply,
        Some(Disturbance::Crafted(crafted)) => {
            if crafted.performed {
                answer(site, part, asked);
            }
            Reply { status: crafted.status, crafted: Some(crafted), ..Reply::default() }
        }
        Some(Disturbance::Late(wait)) => Reply { wait, ..answer(site, part, asked) },
        Some(Disturbance::Unanswered) => {
            answer(site, part, asked);
            Reply::default()
        }
    }
}

fn answer(site: &Site, part: Part, asked: &Asked<'_>) -> Reply {
    let Some(hosts) = &site.options.sso else { return Reply::default() };
    match part {
        Part::Ids => ids::answer(site, hosts, asked),
        Part::Idp => idp::answer(site, hosts, asked),
        Part::Stranger => Reply::html(200, "Welcome"),
    }
}
