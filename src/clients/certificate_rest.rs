//! The certificate REST interface of the platform (CUCM 14 and later): what each trust store of a node holds, and a
//! certificate added to one. [`CertificateReader`] reads; [`CertificateWriter`] wraps a reader and adds.
//!
//! Which forms the answers have is known from public clients only, so they are read tolerantly, and a store's name is
//! taken from what the node says, never guessed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::account::{Account, NoReply};
use super::certificate::Certificate;
use super::http::{Http, HttpError, HttpReply, HttpRequest};
use super::refusals::Refusals;
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

const PREFIX: &str = "/platformcom/api/v1/certmgr/config";
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Reads the stores of one node.
#[derive(Clone)]
pub struct CertificateReader {
    endpoint: Endpoint,
    http: Http,
    account: Arc<Account>,
}

impl fmt::Debug for CertificateReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateReader({})", self.endpoint)
    }
}

/// The trust stores of a node, under the names that the interface gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustStores(BTreeMap<String, Vec<Certificate>>);

impl TrustStores {
    /// The store that one of these names means, without regard to case, and what it holds.
    pub fn named(&self, names: &[&str]) -> Option<(&str, &[Certificate])> {
        let fits = |name: &&String| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let name = self.0.keys().find(fits)?;
        Some((name, self.0.get(name)?))
    }
}

/// Why there is no answer, or none that helps.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CertificateRestError {
    /// The node does not offer the interface, or not to this account.
    #[error("{0}")]
    NotOffered(String),
    /// User or password refused, now or before.
    #[error("user or password refused")]
    Denied,
    /// The certificate of the interface is not trusted.
    #[error("{0}")]
    Certificate(Box<super::tls::Rejection>),
    /// The node refuses what was asked.
    #[error("HTTP {status}: {said}")]
    Refused {
        /// Status.
        status: u16,
        /// The node's words.
        said: String,
    },
    /// No answer, or none that can be read.
    #[error("{why}")]
    Lost {
        /// Why.
        why: String,
        /// Whether the request may have been performed.
        sent: bool,
    },
}

impl CertificateRestError {
    /// Whether it may have been done all the same.
    pub fn outcome_unknown(&self) -> bool {
        matches!(self, Self::Lost { sent: true, .. })
    }

    /// As it is reported. `place` is endpoint and account.
    pub fn trouble(&self, place: impl Into<String>) -> Trouble {
        let (code, outcome, next) = match self {
            Self::Certificate(rejection) => return rejection.trouble(),
            Self::Denied => (
                "certificate-rest-denied",
                Outcome::Denied,
                "check the platform account of the node; it was tried once",
            ),
            Self::NotOffered(_) => (
                "certificate-rest-missing",
                Outcome::Failed,
                "name another way behind it in certificates.via, for example operator",
            ),
            Self::Refused { .. } => (
                "certificate-import-refused",
                Outcome::Failed,
                "look at the certificate; the account needs privilege level 1",
            ),
            Self::Lost { .. } => (
                "certificate-rest-lost",
                Outcome::Failed,
                "run apply again: what was imported is read back before anything is repeated",
            ),
        };
        Trouble::new(code, outcome, "the certificate interface of the platform did not do it")
            .at(place)
            .because(self.to_string())
            .then(next)
    }
}

impl CertificateReader {
    /// A reader of this node, for the platform's (OS) administrator.
    pub fn new(
        endpoint: Endpoint,
        (user, password): (String, SecretString),
        http: Http,
        refusals: Refusals,
    ) -> Self {
        let account = Arc::new(Account::new(user, password, endpoint.clone(), refusals));
        Self { endpoint, http, account }
    }

    /// The node.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Every trust store with what it holds.
    pub async fn trust_stores(&self) -> Result<TrustStores, CertificateRestError> {
        let path = format!("{PREFIX}/snapshot/server");
        let request = HttpRequest::get(self.endpoint.clone(), path).header(ACCEPT, JSON);
        let reply = self.send(request).await?;
        if reply.status != 200 {
            return Err(match reply.status {
                404 | 403 | 302 => CertificateRestError::NotOffered(said(&reply)),
                status => CertificateRestError::Refused { status, said: said(&reply) },
            });
        }
        let unread = |why: &str| CertificateRestError::NotOffered(why.to_owned());
        let value: Value = serde_json::from_slice(&reply.body)
            .map_err(|_| unread("what answers is not the certificate interface"))?;
        stores(&value).ok_or_else(|| unread("the answer names no trust stores"))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpReply, CertificateRestError> {
        match self.account.send(&self.http, request).await {
            Ok(reply) if reply.status == 401 => Err(CertificateRestError::Denied),
            Ok(reply) => Ok(reply),
            Err(NoReply::Refused) => Err(CertificateRestError::Denied),
            Err(NoReply::Unsendable) => Err(CertificateRestError::Lost {
                why: "user or password cannot stand in a request".to_owned(),
                sent: false,
            }),
            Err(NoReply::Http(HttpError::Certificate(rejection))) => {
                Err(CertificateRestError::Certificate(rejection))
            }
            Err(NoReply::Http(error)) => {
                let sent = matches!(
                    error,
                    HttpError::Lost(_) | HttpError::TooLarge | HttpError::Timeout { sent: true }
                );
                Err(CertificateRestError::Lost { why: error.to_string(), sent })
            }
        }
    }
}

/// Adds certificates to trust stores. Constructed by `apply` alone.
#[derive(Debug)]
pub struct CertificateWriter {
    reader: CertificateReader,
}

impl CertificateWriter {
    /// A writer for this node.
    pub fn new(reader: CertificateReader) -> Self {
        Self { reader }
    }

    /// Adds one certificate to a store, under the name that [`TrustStores`] has. Never repeated.
    ///
    /// # Errors
    /// Where [`CertificateRestError::outcome_unknown`] holds, read the store.
    pub async fn import(
        &self,
        store: &str,
        certificate: &Certificate,
    ) -> Result<(), CertificateRestError> {
        let body = json!({
            "service": [store],
            "certificates": [certificate.pem()],
            "description": "Trust Certificate",
        });
        let path = format!("{PREFIX}/trust/certificates");
        let body = body.to_string().into_bytes();
        let request = HttpRequest::post(self.reader.endpoint.clone(), path, body)
            .header(CONTENT_TYPE, JSON)
            .header(ACCEPT, JSON);
        let reply = self.reader.send(request).await?;
        match reply.status {
            200 | 201 => Ok(()),
            status @ (500 | 502..=504) => Err(CertificateRestError::Lost {
                why: format!("HTTP {status}: {}", said(&reply)),
                sent: true,
            }),
            status => Err(CertificateRestError::Refused { status, said: said(&reply) }),
        }
    }
}

/// `trusts` of the snapshot. A certificate in it that cannot be read is left out: it is none that is looked for.
fn stores(value: &Value) -> Option<TrustStores> {
    let mut stores = BTreeMap::new();
    for trust in value.get("trusts")?.as_array()? {
        let name = trust.get("service")?.as_str()?;
        let data = trust.get("certificate_data").and_then(Value::as_array);
        let held = data.into_iter().flatten().filter_map(|one| {
            let pem = one.get("certificate").and_then(Value::as_str).or_else(|| one.as_str())?;
            Certificate::from_pem(pem)
        });
        stores.entry(name.to_owned()).or_insert_with(Vec::new).extend(held);
    }
    Some(TrustStores(stores))
}

/// Reads an answer for a test that feeds it anything.
pub(super) fn decode(body: &[u8]) {
    drop(said(&super::decoders::reply(400, body)));
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        drop(stores(&value));
    }
}

/// The node's words, as its error bodies have them.
fn said(reply: &HttpReply) -> String {
    let value: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let messages = value.get("messages").and_then(Value::as_array);
    let words: Vec<&str> = messages.into_iter().flatten().filter_map(Value::as_str).collect();
    let text: String = words.join("; ").chars().filter(|c| !c.is_control()).take(200).collect();
    if text.is_empty() { format!("HTTP {}", reply.status) } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::stores;

    #[test]
    fn a_snapshot_is_read_tolerantly() {
        let read = stores(&json!({"trusts": [
            {"service": "tomcat", "certificate_data": [{"filename": "a", "certificate": "no PEM"}]},
            {"service": "Phone-Trust"},
        ]}))
        .unwrap();
        assert_eq!(read.named(&["phone", "phone-trust"]).unwrap().0, "Phone-Trust");
        assert_eq!(read.named(&["tomcat"]).unwrap().1.len(), 0);
        assert_eq!(read.named(&["CallManager"]), None);
        assert_eq!(stores(&json!({"identities": []})), None);
    }
}
