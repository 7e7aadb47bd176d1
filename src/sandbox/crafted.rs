//! An answer written by hand in place of the right one: any status, headers and text, as long as a hostile server's, cut
//! off or in drips. It is made while it is sent, so that a long one takes no memory here.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use futures::stream;
use serde::{Deserialize, Serialize};

/// Bytes that are sent at once, at least, unless they drip.
const CHUNK: usize = 64 * 1024;

/// Such an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Crafted {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: BTreeMap<String, String>,
    /// How the body begins.
    pub text: String,
    /// What comes then, again and again.
    pub filler: String,
    /// How often.
    pub filler_times: u64,
    /// How the body ends.
    pub ending: String,
    /// The connection closes where the body should have ended.
    pub cut: bool,
    /// Waits so long before each filler, milliseconds.
    pub drip_ms: u64,
    /// The request is performed all the same.
    pub performed: bool,
}

impl Default for Crafted {
    fn default() -> Self {
        Self {
            status: 200,
            headers: BTreeMap::new(),
            text: String::new(),
            filler: String::new(),
            filler_times: 0,
            ending: String::new(),
            cut: false,
            drip_ms: 0,
            performed: false,
        }
    }
}

impl Crafted {
    /// Whether it can be sent.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check(&self) -> Result<(), String> {
        self.response().map(drop)
    }

    /// The answer on its way.
    ///
    /// # Errors
    /// A sentence that says why it cannot be sent.
    pub fn response(&self) -> Result<Response<Body>, String> {
        let mut response = Response::new(self.body());
        *response.status_mut() =
            StatusCode::from_u16(self.status).map_err(|_| format!("no status: {}", self.status))?;
        for (name, value) in &self.headers {
            let header = HeaderName::try_from(name).map_err(|_| format!("no header: {name}"))?;
            let value = HeaderValue::from_str(value).map_err(|_| format!("no value: {value}"))?;
            response.headers_mut().insert(header, value);
        }
        Ok(response)
    }

    fn body(&self) -> Body {
        if self.filler_times == 0 && !self.cut {
            return Body::from(format!("{}{}", self.text, self.ending));
        }
        let at_once = if self.drip_ms > 0 { 1 } else { (CHUNK / self.filler.len().max(1)).max(1) };
        let at_once = u64::try_from(at_once).unwrap_or(1);
        let drip = Duration::from_millis(self.drip_ms);
        let ending = (!self.ending.is_empty()).then(|| Bytes::from(self.ending.clone()));
        let (filler, cut) = (self.filler.clone(), self.cut);
        let begun = stream::iter([Ok(Bytes::from(self.text.clone()))]);
        let middle = stream::unfold(self.filler_times, move |left| {
            let filler = filler.clone();
            async move {
                let now = left.min(at_once);
                if now == 0 {
                    return None;
                }
                if !drip.is_zero() {
                    tokio::time::sleep(drip).await;
                }
                let text = filler.repeat(usize::try_from(now).unwrap_or(1));
                Some((Ok::<_, io::Error>(Bytes::from(text)), left - now))
            }
        });
        let cut = cut.then(|| Err(io::Error::other("cut off on purpose")));
        let end = stream::iter(ending.map(Ok).into_iter().chain(cut));
        Body::from_stream(stream::StreamExt::chain(stream::StreamExt::chain(begun, middle), end))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::Crafted;

    #[test]
    fn a_body_is_made_while_it_is_sent() {
        let crafted: Crafted = serde_json::from_value(serde_json::json!({
            "text": "<a>", "filler": "b", "filler_times": 200_000, "ending": "</a>",
        }))
        .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let read = |crafted: &Crafted| {
            let body = crafted.response().unwrap().into_body();
            runtime.block_on(to_bytes(body, 1_000_000))
        };
        assert_eq!(read(&crafted).unwrap().len(), 200_007);
        assert!(read(&Crafted { cut: true, ..crafted.clone() }).is_err());
        assert!(Crafted { status: 7, ..crafted }.check().is_err());
    }
}
