//! What a request carries beside its path: fields of a query or a form, cookies.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, COOKIE};

use crate::sandbox::authenticate::decoded;

/// Fields in the order they came.
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of a query or a form.
    pub fn of(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decoded(name), decoded(value))).collect())
    }

    /// Of a form in a body.
    pub fn of_body(body: &[u8]) -> Self {
        Self::of(&String::from_utf8_lossy(body))
    }

    /// The value of a field that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Names as they came. They are no secrets, values may be.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.chars().take(40).collect()).collect()
    }

    /// The first field that is none of these, or comes twice.
    pub fn wrong(&self, known: &[&str]) -> Option<&str> {
        let twice = |at: usize| self.0[..at].iter().any(|(name, _)| *name == self.0[at].0);
        let wrong = |at: &usize| !known.contains(&self.0[*at].0.as_str()) || twice(*at);
        (0..self.0.len()).find(wrong).map(|at| self.0[at].0.as_str())
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// A cookie's value.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies(headers).find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
}

/// Names of all cookies.
pub fn cookie_names(headers: &HeaderMap) -> Vec<String> {
    cookies(headers).map(|(name, _)| name.to_owned()).collect()
}

/// The media type of a body, without its parameters.
pub fn media(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// Whether the body is a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    media(headers) == "application/x-www-form-urlencoded"
}
