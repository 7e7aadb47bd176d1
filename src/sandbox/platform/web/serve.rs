//! The listener of a node's port 443.

use std::net::TcpListener;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request as HttpRequest, Response};
use hyper_util::rt::TokioIo;

use super::{Reply, Request, answer};
use crate::sandbox::accept;
use crate::sandbox::clock::dated;
use crate::sandbox::platform::Station;
use crate::sandbox::serve::{Closed, LARGEST_REQUEST};
use crate::sandbox::site::Site;
use crate::sandbox::tls::Door;

/// Serves one node until the listener fails.
///
/// # Errors
/// The system's own.
pub async fn node(
    listener: TcpListener,
    door: Door,
    station: Station,
    site: Arc<Site>,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let station = Arc::new(station);
    loop {
        let stream = accept::next(&listener).await;
        if site.front().machines.is_down(&station.host) {
            continue;
        }
        let (door, site, station) = (door.clone(), Arc::clone(&site), Arc::clone(&station));
        drop(tokio::spawn(async move {
            // A client that breaks off its handshake or its connection is its own business.
            let Some(stream) = door.open(stream).await else { return };
            let service = hyper::service::service_fn(move |request| {
                let (site, station) = (Arc::clone(&site), Arc::clone(&station));
                async move {
                    let reply = respond(&site, &station, request).await;
                    reply.map(|reply| dated(&site, &station.host, reply))
                }
            });
            let http = hyper::server::conn::http1::Builder::new();
            drop(http.serve_connection(TokioIo::new(stream), service).await);
        }));
    }
}

async fn respond(
    site: &Site,
    station: &Station,
    request: HttpRequest<hyper::body::Incoming>,
) -> Result<Response<Body>, Closed> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), LARGEST_REQUEST).await else {
        return Err(Closed);
    };
    let request = Request {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        body: &body,
    };
    written(answer(site, station, &request))
}

/// The answer as bytes.
///
/// # Errors
/// It cannot be written.
pub fn written(reply: Reply) -> Result<Response<Body>, Closed> {
    let mut response = Response::builder().status(reply.status);
    if !reply.media.is_empty() {
        response = response.header("content-type", reply.media);
    }
    if !reply.realm.is_empty() {
        response = response.header("www-authenticate", format!("Basic realm=\"{}\"", reply.realm));
    }
    response.body(Body::from(reply.body)).map_err(|_| Closed)
}
