//! What was asked in the course of single sign-on, for tests that read the wire: names, never values.

use std::collections::{BTreeMap, VecDeque};

use axum::http::HeaderMap;
use serde::Serialize;

use super::fields::{Fields, cookie_names, is_form, media};

const REMEMBERED: usize = 400;

/// One request.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Host that was asked.
    pub host: String,
    /// `fetch`, `refresh-get`, `refresh-post`, `authcode`, `ids`, `idp`, `stranger`.
    pub shape: &'static str,
    /// Method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Names of the query's fields, in order.
    pub query: Vec<String>,
    /// Names of the form's fields, in order.
    pub form: Vec<String>,
    /// Media type of the body.
    pub media: String,
    /// Bytes of the body.
    pub bytes: usize,
    /// Names of cookies.
    pub cookies: Vec<String>,
    /// HTTP status; 0 when the connection was closed without an answer.
    pub status: u16,
}

/// A request, before it is answered.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Host that was asked.
    pub host: &'a str,
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

impl Asked<'_> {
    /// What is kept of it.
    pub fn entry(&self, shape: &'static str, status: u16) -> Entry {
        let form =
            if is_form(self.headers) { Fields::of_body(self.body) } else { Fields::default() };
        Entry {
            host: self.host.to_owned(),
            shape,
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            query: Fields::of(self.query).names(),
            form: form.names(),
            media: media(self.headers),
            bytes: self.body.len(),
            cookies: cookie_names(self.headers),
            status,
        }
    }
}

/// All requests since the start or the last reset.
#[derive(Debug, Default, Serialize)]
pub struct Record {
    /// Requests by shape.
    pub requests: BTreeMap<&'static str, u64>,
    /// Connections to the host that nobody should send anything to.
    pub stranger_connections: u64,
    /// The last requests, oldest first.
    pub last: VecDeque<Entry>,
}

impl Record {
    /// Counts one request.
    pub fn enter(&mut self, entry: Entry) {
        *self.requests.entry(entry.shape).or_default() += 1;
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(entry);
    }
}
