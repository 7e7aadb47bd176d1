//! The door for tests that feed decoders anything: bytes of a server go through them as they do behind the network, and
//! all that comes of it is thrown away, but for pages that a bench measures.

use reqwest::header::HeaderMap;

use super::axl::{AxlError, Subscription, SubscriptionValue};
use super::certificate::Certificate;
use super::http::HttpReply;

/// Reads one answer and drops what it says.
pub type Decoder = fn(&[u8]);

/// Answers of CUCM's SOAP interfaces: AXL, `RisPort`, Control Center. Which it is stands in it; some go through all.
pub fn soap(body: &[u8]) {
    let names = |word: &[u8]| body.windows(word.len()).any(|part| part == word);
    let all = body.len().is_multiple_of(16);
    let (ris, control_center) = (names(b"selectCmDevice"), names(b"GetServiceStatus"));
    if ris || all {
        super::risport::decode(body);
    }
    if control_center || all {
        super::control_center::decode(body);
    }
    if !ris && !control_center || all {
        super::axl::decode(body);
    }
}

/// Answers of Finesse: its API, its errors, the phone servlet.
pub fn finesse(body: &[u8]) {
    super::finesse::decode(body);
}

/// What a sign-in meets: pages, answers, links, cookies.
pub fn sign_in(bytes: &[u8]) {
    super::sso::decode(bytes);
}

/// What a platform shell shows for a command.
pub fn shell(shown: &[u8]) {
    super::platform::decode(shown);
}

/// What is read beside: certificates, the certificate interface, a phone's network page.
pub fn beside(bytes: &[u8]) {
    super::certificate_rest::decode(bytes);
    super::phone_web::decode(bytes);
    drop(Certificate::from_der(bytes));
    drop(Certificate::from_pem(&String::from_utf8_lossy(bytes)));
}

/// A page of subscriptions as `executeSQLQuery` answers it, for benches.
pub fn subscriptions(body: &[u8]) -> Result<Vec<Subscription>, AxlError> {
    super::axl::subscriptions(body)
}

/// A page of value rows, for benches.
pub fn values(body: &[u8]) -> Result<Vec<SubscriptionValue>, AxlError> {
    super::axl::values(body)
}

/// An answer of this status, without headers.
pub(super) fn reply(status: u16, body: &[u8]) -> HttpReply {
    HttpReply { status, headers: HeaderMap::new(), body: body.to_vec() }
}
