//! The listeners of CUCM's nodes and the control port.

use std::fmt;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use super::clock::dated;
use super::faults::Disturbance;
use super::platform::{Kind, Station, web};
use super::site::Site;
use super::tls::Door;
use super::{accept, authenticate, control, exchange, ris, session};

/// Largest request body that is read.
pub(super) const LARGEST_REQUEST: usize = 16 * 1024 * 1024;

/// Binds a free port.
///
/// # Errors
/// The system's own.
pub fn bind(address: IpAddr) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((address, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves the control port until it fails.
///
/// # Errors
/// The system's own.
pub async fn control(listener: TcpListener, site: Arc<Site>) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    axum::serve(listener, control::router(site)).await
}

/// Serves the port of a CUCM node until it fails.
///
/// # Errors
/// The system's own.
pub async fn cucm(
    listener: TcpListener,
    door: Door,
    station: Station,
    site: Arc<Site>,
) -> std::io::Result<()> {
    let station = Arc::new(station);
    let listener = tokio::net::TcpListener::from_std(listener)?;
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
                    let reply = route(&site, &station, request).await;
                    reply.map(|reply| dated(&site, &station.host, reply))
                }
            });
            drop(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        }));
    }
}

/// Closes a connection without an answer.
#[derive(Debug)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed on purpose")
    }
}

impl std::error::Error for Closed {}

async fn route(
    site: &Site,
    station: &Station,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Body>, Closed> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), LARGEST_REQUEST).await else {
        return Err(Closed);
    };
    if head.uri.path() == authenticate::PATH
        && let Some(disturbed) = disturbed(site).await
    {
        return disturbed;
    }
    match (head.uri.path(), &head.method) {
        // Writes belong to the publisher; the service is not activated elsewhere.
        ("/axl/", _) if station.kind == Kind::Subscriber => Ok(plain(StatusCode::NOT_FOUND, "")),
        ("/axl/", &Method::POST) => {
            let mut place = site.workers.place().await;
            let answer = exchange::answer(site, &head.headers, &body);
            place.serve(answer.takes).await;
            drop(place);
            if !answer.wait.is_zero() {
                tokio::time::sleep(answer.wait).await;
            }
            if answer.close {
                return Err(Closed);
            }
            if let Some(crafted) = &answer.crafted {
                return crafted.response().map_err(|_| Closed);
            }
            let mut response = Response::builder().status(answer.status);
            if let Some(cookie) = &answer.cookie {
                response = response.header(
                    "set-cookie",
                    format!("{}={cookie}; Path=/; Secure; HttpOnly", session::SESSION_COOKIE),
                );
            }
            response = match answer.status {
                200 | 500 => response.header("content-type", "text/xml;charset=UTF-8"),
                401 => {
                    response.header("www-authenticate", "Basic realm=\"Cisco Web Services Realm\"")
                }
                _ => response.header("content-type", "text/html;charset=UTF-8"),
            };
            response.body(Body::from(answer.body)).map_err(|_| Closed)
        }
        ("/realtimeservice2/services/RISService70", &Method::POST) => {
            let planned = site.front().faults.take_named(ris::exchange::OPERATION);
            let (status, text) = match planned {
                None => ris::exchange::answer(site, &head.headers, &body),
                Some((disturbance, wait)) => {
                    tokio::time::sleep(wait).await;
                    match disturbance {
                        Disturbance::DropBefore | Disturbance::DropAfter => return Err(Closed),
                        Disturbance::Answer(crafted) => {
                            return crafted.response().map_err(|_| Closed);
                        }
                        Disturbance::Fault(_, text) => (500, ris::exchange::fault(&text)),
                        Disturbance::Status(status, text) => (status, text),
                        Disturbance::Slow => ris::exchange::answer(site, &head.headers, &body),
                    }
                }
            };
            let mut response =
                Response::builder().status(status).header("content-type", "text/xml;charset=utf-8");
            if status == 401 {
                response =
                    response.header("www-authenticate", "Basic realm=\"Cisco Web Services\"");
            }
            response.body(Body::from(text)).map_err(|_| Closed)
        }
        (path, method)
            if path.starts_with("/platform-services/")
                || path.starts_with("/controlcenterservice2/") =>
        {
            let request = web::Request {
                method: method.as_str(),
                path,
                query: head.uri.query().unwrap_or_default(),
                headers: &head.headers,
                body: &body,
            };
            web::serve::written(web::answer(site, station, &request))
        }
        ("/axl/", _) => Ok(plain(StatusCode::METHOD_NOT_ALLOWED, "")),
        (authenticate::PATH, &Method::POST) => {
            let form = String::from_utf8_lossy(&body);
            Ok(page(authenticate::answer(site, &form)))
        }
        (authenticate::PATH, &Method::GET) => {
            let form = head.uri.query().unwrap_or_default();
            Ok(page(authenticate::answer(site, form)))
        }
        _ => Ok(plain(StatusCode::NOT_FOUND, "")),
    }
}

/// What a planned fault makes of a request to the authentication page; none: nothing.
async fn disturbed(site: &Site) -> Option<Result<Response<Body>, Closed>> {
    let (disturbance, wait) = site.front().faults.take_named(authenticate::OPERATION)?;
    tokio::time::sleep(wait).await;
    Some(match disturbance {
        Disturbance::Slow => return None,
        Disturbance::DropBefore | Disturbance::DropAfter => Err(Closed),
        Disturbance::Answer(crafted) => crafted.response().map_err(|_| Closed),
        Disturbance::Status(status, text) => {
            Response::builder().status(status).body(Body::from(text)).map_err(|_| Closed)
        }
        Disturbance::Fault(_, text) => {
            Response::builder().status(500).body(Body::from(text)).map_err(|_| Closed)
        }
    })
}

/// The authentication page.
fn page((status, text): (u16, &'static str)) -> Response<Body> {
    plain(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), text)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}
