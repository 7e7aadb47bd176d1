//! One HTTP client for all interfaces: certificates checked per endpoint, no redirects, no cookies kept, answers of
//! bounded length, and connections that may go elsewhere than names say.

use std::collections::HashMap;
use std::error::Error as _;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};

use super::tap::{Answer, Exchange, Tap};
use super::tls::{ConnectMap, HandshakeRefusal, Rejection, Trust, rejection};
use crate::playbook::Endpoint;

/// The longest answer that is read, in bytes.
pub const LONGEST_REPLY: usize = 32 * 1024 * 1024;

const LONGEST_CONNECT: Duration = Duration::from_secs(10);

/// How to make requests.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// What is trusted.
    pub trust: Trust,
    /// Where connections really go.
    pub connect_map: ConnectMap,
    /// For one request, from sending to the last byte of the answer.
    pub timeout: Duration,
}

/// The client. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Http {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: HttpSettings,
    tap: Option<Tap>,
    clients: Mutex<HashMap<Endpoint, Client>>,
}

/// A request.
#[derive(Clone)]
pub struct HttpRequest {
    endpoint: Endpoint,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A complete answer, whatever its status.
#[derive(Clone)]
pub struct HttpReply {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there is no complete answer. No variant holds a URL's query or a body.
#[derive(Debug, Clone, thiserror::Error)]
pub enum HttpError {
    /// No connection; nothing was sent.
    #[error("{0}")]
    Unreachable(String),
    /// The certificate is not trusted; nothing was sent.
    #[error("{0}")]
    Certificate(Box<Rejection>),
    /// Server and client have no protocol version or cipher suite in common; nothing was sent.
    #[error("{0}")]
    Handshake(HandshakeRefusal),
    /// No connection, or no complete answer, in time.
    #[error("no answer in time")]
    Timeout {
        /// Whether the request was under way already.
        sent: bool,
    },
    /// The connection broke after sending began.
    #[error("{0}")]
    Lost(String),
    /// The answer is longer than [`LONGEST_REPLY`].
    #[error("the answer is longer than {} bytes", LONGEST_REPLY)]
    TooLarge,
    /// The request cannot be made.
    #[error("{0}")]
    Unusable(String),
}

impl HttpRequest {
    /// A GET of this path.
    pub fn get(endpoint: Endpoint, path: impl Into<String>) -> Self {
        Self::new(Method::GET, endpoint, path.into(), Vec::new())
    }

    /// A POST of this body.
    pub fn post(endpoint: Endpoint, path: impl Into<String>, body: Vec<u8>) -> Self {
        Self::new(Method::POST, endpoint, path.into(), body)
    }

    /// A PUT of this body.
    pub fn put(endpoint: Endpoint, path: impl Into<String>, body: Vec<u8>) -> Self {
        Self::new(Method::PUT, endpoint, path.into(), body)
    }

    fn new(method: Method, endpoint: Endpoint, path: String, body: Vec<u8>) -> Self {
        Self { endpoint, method, path, headers: HeaderMap::new(), body }
    }

    /// The same with a header. Give secret values as [`HeaderValue::set_sensitive`].
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl HttpReply {
    /// A header's text; `None` when it is absent or not plain ASCII.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the body is a web page, whatever its headers say.
    pub fn web_page(&self) -> bool {
        let start = self.body.get(..self.body.len().min(512)).unwrap_or_default();
        let start = String::from_utf8_lossy(start).to_ascii_lowercase();
        start.contains("<!doctype html") || start.contains("<html")
    }
}

impl Http {
    /// A client; connections are made when needed.
    pub fn new(settings: HttpSettings) -> Self {
        Self { shared: Arc::new(Shared { settings, tap: None, clients: Mutex::default() }) }
    }

    /// Another client with the same settings, whose exchanges this tap sees.
    #[must_use]
    pub fn tapped(&self, tap: Tap) -> Self {
        let settings = self.shared.settings.clone();
        Self { shared: Arc::new(Shared { settings, tap: Some(tap), clients: Mutex::default() }) }
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &HttpSettings {
        &self.shared.settings
    }

    /// Sends once and reads the whole answer; nothing is repeated or followed.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpError> {
        let Some(tap) = &self.shared.tap else { return self.once(request).await };
        let HttpRequest { endpoint, method, path, body, .. } = request.clone();
        let result = self.once(request).await;
        let why = result.as_ref().err().map(ToString::to_string);
        let answer = result.as_ref().map_err(|_| why.as_deref().unwrap_or_default());
        let answer = answer.map(|reply| Answer {
            status: reply.status,
            content_type: reply.header(CONTENT_TYPE).unwrap_or_default(),
            body: &reply.body,
        });
        let (method, path) = (method.as_str(), path.as_str());
        tap.see(&Exchange { endpoint: &endpoint, method, path, request: &body, answer });
        result
    }

    async fn once(&self, request: HttpRequest) -> Result<HttpReply, HttpError> {
        let client = self.client(&request.endpoint)?;
        let mut target = request.endpoint.clone();
        let mut headers = request.headers;
        if let Some(elsewhere) = self.shared.settings.connect_map.get(&request.endpoint) {
            // the port in a URL always wins over a resolver's, so it has to be the real one; Host stays
            target.port = elsewhere.port;
            if is_address(&target.host) {
                target.host.clone_from(&elsewhere.host);
            }
            let host = HeaderValue::from_str(&request.endpoint.authority())
                .map_err(|error| HttpError::Unusable(error.to_string()))?;
            headers.insert(HOST, host);
        }
        let url = format!("https://{target}{}", request.path);
        let reply = client
            .request(request.method, url)
            .headers(headers)
            .body(request.body)
            .send()
            .await
            .map_err(told)?;
        read(reply).await
    }

    fn client(&self, endpoint: &Endpoint) -> Result<Client, HttpError> {
        let mut clients = self.shared.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(endpoint) {
            return Ok(client.clone());
        }
        let client = self.build(endpoint)?;
        clients.insert(endpoint.clone(), client.clone());
        Ok(client)
    }

    fn build(&self, endpoint: &Endpoint) -> Result<Client, HttpError> {
        let settings = &self.shared.settings;
        let tls = settings
            .trust
            .client_config(endpoint)
            .map_err(|trouble| HttpError::Unusable(trouble.to_string()))?;
        let connect = settings.timeout.min(LONGEST_CONNECT);
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(concat!("ippactl/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect)
            // sooner than a server closes it: a write on a dying connection has an unknown outcome
            .pool_idle_timeout(Duration::from_secs(10))
            .timeout(settings.timeout.saturating_add(connect));
        if let Some(elsewhere) = settings.connect_map.get(endpoint) {
            // what is mapped is near; a proxy would be asked for a name it does not know
            builder = builder.no_proxy().dns_resolver(Arc::new(Elsewhere(elsewhere.clone())));
        }
        builder.build().map_err(|error| HttpError::Unusable(chain(&error)))
    }
}

/// Resolves every name to one place: each client serves a single endpoint.
struct Elsewhere(Endpoint);

impl Resolve for Elsewhere {
    fn resolve(&self, _name: Name) -> Resolving {
        let (host, port) = (self.0.host.clone(), self.0.port);
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((host.as_str(), port)).await?.collect();
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

async fn read(mut reply: reqwest::Response) -> Result<HttpReply, HttpError> {
    let status = reply.status().as_u16();
    let headers = reply.headers().clone();
    let announced = reply.content_length().unwrap_or(0);
    if announced > LONGEST_REPLY as u64 {
        return Err(HttpError::TooLarge);
    }
    // As long as it says to be: no room for twice as much while it grows.
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(chunk) = reply.chunk().await.map_err(told)? {
        if body.len() + chunk.len() > LONGEST_REPLY {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpReply { status, headers, body })
}

fn is_address(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok()
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
fn told(error: reqwest::Error) -> HttpError {
    let connecting = error.is_connect();
    if let Some(tls) = tls_error(&error) {
        if let Some(rejection) = rejection(tls) {
            return HttpError::Certificate(Box::new(rejection.clone()));
        }
        if connecting && let Some(refusal) = HandshakeRefusal::read(tls) {
            return HttpError::Handshake(refusal);
        }
    }
    if error.is_timeout() {
        HttpError::Timeout { sent: !connecting }
    } else if connecting {
        HttpError::Unreachable(chain(&error))
    } else if error.is_builder() {
        HttpError::Unusable(chain(&error))
    } else {
        HttpError::Lost(chain(&error))
    }
}

/// The TLS library's word, however deep the layers have wrapped it. An `io::Error` hides what it wraps from `source`.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut at: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(current) = at {
        if let Some(tls) = current.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        if let Some(inner) = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
                return Some(tls);
            }
            at = Some(inner);
        } else {
            at = current.source();
        }
    }
    None
}

/// The innermost two messages: the outer ones only name the URL.
fn chain(error: &reqwest::Error) -> String {
    let mut messages = Vec::new();
    let mut at = error.source();
    while let Some(current) = at {
        let message = current.to_string();
        if messages.last() != Some(&message) {
            messages.push(message);
        }
        at = current.source();
    }
    let mut text = messages.split_off(messages.len().saturating_sub(2)).join(": ");
    if text.is_empty() {
        "the request failed".clone_into(&mut text);
    }
    without_manual(&text)
}

/// The text without the address of a library's manual: it is of no use to whoever reads the error.
fn without_manual(text: &str) -> String {
    let Some((before, rest)) = text.split_once("https://docs.rs/") else { return text.to_owned() };
    let after = rest.find(char::is_whitespace).and_then(|at| rest.get(at..)).unwrap_or_default();
    format!("{}{after}", before.trim_end_matches([' ', ':', ',']))
}

#[cfg(test)]
mod tests {
    use super::without_manual;

    #[test]
    fn no_library_manual_is_named() {
        let said = "peer closed connection without sending TLS close_notify";
        let linked =
            format!("{said}: https://docs.rs/rustls/latest/rustls/manual/x#unexpected-eof");
        assert_eq!(without_manual(&linked), said);
        assert_eq!(
            without_manual(&format!("{linked} (os error 1)")),
            format!("{said} (os error 1)")
        );
        assert_eq!(without_manual(said), said);
    }
}
