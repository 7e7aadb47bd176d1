//! The one write: the phone agent settings, at a path, with a method and a body that the site has found. Constructed by
//! `apply` alone.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::reader::site_path;
use super::session::Asker;
use super::{FinesseError, FinesseReader, Template};
use crate::clients::http::HttpRequest;

/// Writes to one node. No write is ever repeated.
#[derive(Debug, Clone)]
pub struct FinesseWriter {
    reader: FinesseReader,
}

/// How the site saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveMethod {
    /// PUT.
    Put,
    /// POST.
    Post,
}

impl FinesseWriter {
    /// A writer to this reader's node.
    pub fn new(reader: FinesseReader) -> Self {
        Self { reader }
    }

    /// The reader.
    pub fn reader(&self) -> &FinesseReader {
        &self.reader
    }

    /// Saves user and password. Finesse takes it without saying more: read it back.
    ///
    /// # Errors
    /// [`FinesseError::Forbidden`] on a secondary node, or for an account that is no administrator. Where
    /// [`FinesseError::outcome_unknown`] holds, it may have been saved.
    pub async fn save_settings(
        &self,
        method: SaveMethod,
        path: &str,
        body: &Template,
        user: &str,
        password: &SecretString,
    ) -> Result<(), FinesseError> {
        site_path(path)?;
        let body = body.fill(user, password)?.expose_secret().as_bytes().to_vec();
        let endpoint = self.reader.endpoint().clone();
        let request = match method {
            SaveMethod::Put => HttpRequest::put(endpoint, path, body),
            SaveMethod::Post => HttpRequest::post(endpoint, path, body),
        }
        .header(CONTENT_TYPE, HeaderValue::from_static("application/xml"))
        .header(ACCEPT, HeaderValue::from_static("application/xml"));
        let sent = self.reader.session.once("saving the settings", Asker::Administrator, request);
        sent.await.map(drop).map_err(|error| without(error, password.expose_secret()))
    }
}

/// An error may quote what was sent.
fn without(mut error: FinesseError, password: &str) -> FinesseError {
    if let FinesseError::Denied { text, .. }
    | FinesseError::Forbidden { text, .. }
    | FinesseError::NotFound { text, .. }
    | FinesseError::OutOfService { text, .. }
    | FinesseError::Internal { text, .. }
    | FinesseError::Invalid { text, .. } = &mut error
    {
        if password.chars().count() < 3 {
            // taking it out would leave no readable word
            text.clear();
        } else {
            *text = text.replace(password, "(secret)");
            // the text may have been cut in the middle of it
            let beginnings = password.char_indices().rev().map(|(at, _)| password.split_at(at).0);
            let cut =
                beginnings.filter(|begun| !begun.is_empty()).find(|begun| text.ends_with(begun));
            if let Some(begun) = cut {
                text.truncate(text.len() - begun.len());
            }
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::{FinesseError, without};

    #[test]
    fn errors_do_not_quote_the_password() {
        let said = |text: &str, password: &str| {
            let text = text.to_owned();
            without(FinesseError::Forbidden { what: "x", text }, password).to_string()
        };
        assert_eq!(said("bad: hunter2 at", "hunter2"), "x: forbidden: bad: (secret) at");
        assert_eq!(said("bad: hunt", "hunter2"), "x: forbidden: bad: ");
        assert_eq!(said("bad: p1", "p1"), "x: forbidden");
    }
}
