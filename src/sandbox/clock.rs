//! The clocks of the nodes, as their answers show them: right, unless a switch says how far one is ahead.
//!
//! Source: facts/vos.md section 11, row 1: the `Date` header of every answer tells the server's clock.

use axum::body::Body;
use axum::http::header::DATE;
use axum::http::{HeaderValue, Response};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use super::site::Site;

/// The answer with the node's own idea of the time. A right clock is left to the HTTP server.
pub fn dated(site: &Site, host: &str, response: Response<Body>) -> Response<Body> {
    let seconds = site.front().shells.knobs(host).clock_ahead_s;
    ahead(seconds, response)
}

/// The answer of a clock that is so many seconds ahead.
pub fn ahead(seconds: i64, mut response: Response<Body>) -> Response<Body> {
    if seconds == 0 {
        return response;
    }
    let moment = Timestamp::now().saturating_add(SignedDuration::from_secs(seconds));
    let text =
        moment.ok().and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
    if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(DATE, value);
    }
    response
}
