//! A tap on the HTTP client: every exchange is shown to somebody as it went over the wire, without any header of the
//! request, so that no credential and no cookie ever reaches it.

use std::fmt;
use std::sync::Arc;

use crate::playbook::Endpoint;

/// One exchange.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The server, as the playbook names it.
    pub endpoint: &'a Endpoint,
    /// Method.
    pub method: &'a str,
    /// Path with its query.
    pub path: &'a str,
    /// Body of the request.
    pub request: &'a [u8],
    /// The answer, or why there is none.
    pub answer: Result<Answer<'a>, &'a str>,
}

/// A complete answer.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// Status.
    pub status: u16,
    /// `Content-Type`; empty when there is none.
    pub content_type: &'a str,
    /// Body.
    pub body: &'a [u8],
}

/// Sees exchanges.
#[derive(Clone)]
pub struct Tap(Arc<dyn Fn(&Exchange<'_>) + Send + Sync>);

impl Tap {
    /// A tap that calls this with every exchange once it is over.
    pub fn new(see: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(see))
    }

    pub(super) fn see(&self, exchange: &Exchange<'_>) {
        (self.0)(exchange);
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}
