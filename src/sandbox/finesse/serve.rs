//! The listener of one Finesse node: TLS, and a redirect for those who speak plain HTTP to it.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::answer::Reply;
use super::cluster::Side;
use super::route::{self, Call};
use crate::playbook::deployment::Endpoint;
use crate::sandbox::accept;
use crate::sandbox::clock::dated;
use crate::sandbox::serve::{Closed, LARGEST_REQUEST};
use crate::sandbox::site::Site;
use crate::sandbox::tls::Door;

/// First byte of a TLS record that opens a handshake.
const HANDSHAKE: u8 = 0x16;

/// Serves one node until the listener fails.
///
/// # Errors
/// The system's own.
pub async fn node(
    listener: TcpListener,
    door: Door,
    (side, name): (Side, Endpoint),
    cluster: Arc<Site>,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let stream = accept::next(&listener).await;
        if cluster.front().machines.is_down(&name.host) {
            continue;
        }
        let (door, cluster, name) = (door.clone(), Arc::clone(&cluster), name.clone());
        drop(tokio::spawn(connection(stream, door, (side, name), cluster)));
    }
}

async fn connection(
    stream: TcpStream,
    door: Door,
    (side, name): (Side, Endpoint),
    cluster: Arc<Site>,
) {
    let mut first = [0_u8];
    if !matches!(stream.peek(&mut first).await, Ok(1)) {
        return;
    }
    // How a client breaks off its handshake or its connection is its own business.
    if first[0] != HANDSHAKE {
        let service = hyper::service::service_fn(move |request: Request<_>| {
            let target = format!("https://{name}{}", request.uri());
            async move { Ok::<_, Infallible>(moved(&target)) }
        });
        let http = hyper::server::conn::http1::Builder::new();
        drop(http.serve_connection(TokioIo::new(stream), service).await);
        return;
    }
    let Some(stream) = door.open(stream).await else { return };
    let service = hyper::service::service_fn(move |request| {
        let (cluster, host) = (Arc::clone(&cluster), name.host.clone());
        async move { respond(&cluster, side, request).await.map(|reply| dated(&cluster, &host, reply)) }
    });
    let http = hyper::server::conn::http1::Builder::new();
    drop(http.serve_connection(TokioIo::new(stream), service).await);
}

fn moved(target: &str) -> Response<Body> {
    let built = Response::builder().status(301).header("location", target).body(Body::empty());
    built.unwrap_or_default()
}

async fn respond(
    cluster: &Site,
    side: Side,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Body>, Closed> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), LARGEST_REQUEST).await else {
        return Err(Closed);
    };
    let call = Call {
        side,
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        body: &body,
    };
    let reply = route::answer(cluster, &call);
    if !reply.wait.is_zero() {
        tokio::time::sleep(reply.wait).await;
    }
    let session = head.headers.contains_key("authorization").then(|| {
        let session = crate::sandbox::state::new_pkid().replace('-', "").to_uppercase();
        format!("JSESSIONID={session}; Path=/finesse; Secure; HttpOnly")
    });
    written(&reply, session)
}

/// A reply on its way; one that succeeds brings the cookie of a session with it.
///
/// # Errors
/// The connection is to be closed without an answer.
pub fn written(reply: &Reply, session: Option<String>) -> Result<Response<Body>, Closed> {
    if reply.status == 0 {
        return Err(Closed);
    }
    if let Some(crafted) = &reply.crafted {
        return crafted.response().map_err(|_| Closed);
    }
    let mut response = Response::builder().status(reply.status);
    if !reply.media.is_empty() {
        response = response.header("content-type", reply.media);
    }
    if let Some(location) = &reply.location {
        response = response.header("location", location);
    }
    let session = session.filter(|_| matches!(reply.status, 200 | 202));
    for cookie in reply.cookies.iter().chain(&session) {
        response = response.header("set-cookie", cookie);
    }
    if let Some(how) = reply.challenge {
        response = response.header("www-authenticate", how);
    }
    response.body(Body::from(reply.body.clone())).map_err(|_| Closed)
}
