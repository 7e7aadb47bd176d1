//! A phone's own web server: its network page, and whether it takes the application user's credential. Only on request: it
//! touches phones.

use std::net::IpAddr;

use secrecy::SecretString;

use super::account::{Account, NoReply};
use super::http::{Http, HttpError, HttpReply, HttpRequest};
use super::refusals::Refusals;
use super::xml::Element;
use crate::playbook::Endpoint;

/// The port of a phone that is set to HTTPS only.
pub const HTTPS: u16 = 443;

const LONGEST_VALUE: usize = 255;

/// What a phone says of its network. Models differ in what they say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkPage {
    /// The address that it has itself.
    pub address: Option<IpAddr>,
    /// Its DNS servers; nothing where the page has no such element.
    pub dns: Option<Vec<IpAddr>>,
    /// URLs at which it asks whether somebody may push to it.
    pub authentication_urls: Vec<String>,
}

/// Why a phone's page was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneWebError {
    /// The connection, or the answer, did not come about.
    #[error("{0}")]
    NoAnswer(String),
    /// Its certificate is trusted by nobody here; its fingerprint.
    #[error("its certificate is not trusted here: {0}")]
    Untrusted(String),
    /// It has no such page, or another than expected.
    #[error("{0}")]
    NoPage(String),
}

/// What a phone said to the application user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushVerdict {
    /// It would take a push.
    Accepted,
    /// It would not.
    Refused,
    /// Neither; why.
    CannotTell(String),
}

/// `/NetworkConfigurationX`, without a credential.
///
/// # Errors
/// See [`PhoneWebError`].
pub async fn network_page(http: &Http, phone: &Endpoint) -> Result<NetworkPage, PhoneWebError> {
    let request = HttpRequest::get(phone.clone(), "/NetworkConfigurationX");
    let reply = http.send(request).await.map_err(no_answer)?;
    if reply.status != 200 {
        return Err(PhoneWebError::NoPage(format!("HTTP {}", reply.status)));
    }
    read(&reply)
}

/// `/CGI/Screenshot` with the credential: the status alone counts, the picture is thrown away.
pub async fn push(
    http: &Http,
    phone: &Endpoint,
    user: &str,
    password: &SecretString,
) -> PushVerdict {
    let account =
        Account::new(user.to_owned(), password.clone(), phone.clone(), Refusals::default());
    let request = HttpRequest::get(phone.clone(), "/CGI/Screenshot");
    match account.send(http, request).await {
        Ok(reply) => match reply.status {
            200..=299 => PushVerdict::Accepted,
            401 | 403 => PushVerdict::Refused,
            status => PushVerdict::CannotTell(format!("HTTP {status}")),
        },
        Err(NoReply::Refused) => PushVerdict::Refused,
        Err(NoReply::Unsendable) => {
            let why = "user or password hold characters that cannot be sent";
            PushVerdict::CannotTell(why.to_owned())
        }
        Err(NoReply::Http(error)) => PushVerdict::CannotTell(no_answer(error).to_string()),
    }
}

fn no_answer(error: HttpError) -> PhoneWebError {
    match error {
        HttpError::Certificate(rejection) => {
            PhoneWebError::Untrusted(rejection.peer.fingerprint_text())
        }
        HttpError::Unreachable(_)
        | HttpError::Handshake(_)
        | HttpError::Timeout { .. }
        | HttpError::Lost(_)
        | HttpError::TooLarge
        | HttpError::Unusable(_) => PhoneWebError::NoAnswer(error.to_string()),
    }
}

/// Elements by the beginning of their names: DNS servers are numbered, URLs come plain and secured.
fn read(reply: &HttpReply) -> Result<NetworkPage, PhoneWebError> {
    if reply.web_page() {
        return Err(PhoneWebError::NoPage("a web page instead of XML".to_owned()));
    }
    let root = Element::parse(&reply.body).map_err(PhoneWebError::NoPage)?;
    let mut page = NetworkPage::default();
    for element in &root.children {
        let name = element.name.to_ascii_lowercase();
        let value: String = element.value().trim().chars().take(LONGEST_VALUE).collect();
        if name.starts_with("dnsserver") {
            let dns = page.dns.get_or_insert_default();
            dns.extend(value.parse::<IpAddr>().ok().filter(|address| !address.is_unspecified()));
        } else if name == "ipaddress" {
            page.address = value.parse().ok();
        } else if name.contains("authentication") && value.starts_with("http") {
            page.authentication_urls.push(value);
        }
    }
    Ok(page)
}

/// Reads a page for a test that feeds it anything.
pub(super) fn decode(body: &[u8]) {
    drop(read(&super::decoders::reply(200, body)));
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::{NetworkPage, PhoneWebError, read};
    use crate::clients::http::HttpReply;

    fn page(body: &str) -> Result<NetworkPage, PhoneWebError> {
        read(&HttpReply { status: 200, headers: HeaderMap::new(), body: body.into() })
    }

    #[test]
    fn what_a_phone_says() {
        let seen = page(
            "<NetworkConfiguration><HostName>SEP1</HostName><IPAddress>192.0.2.5</IPAddress><DNSServer1>192.0.2.53</DNSServer1>\
             <DNSServer2>0.0.0.0</DNSServer2><AuthenticationURL>https://pub:8443/x</AuthenticationURL></NetworkConfiguration>",
        )
        .unwrap();
        assert_eq!(seen.address, "192.0.2.5".parse().ok());
        assert_eq!(seen.dns, Some(vec!["192.0.2.53".parse().unwrap()]));
        assert_eq!(seen.authentication_urls, ["https://pub:8443/x"]);
        let none = page("<N><DNSServer1></DNSServer1></N>").unwrap();
        assert_eq!((none.dns, none.address), (Some(Vec::new()), None));
        assert_eq!(page("<N/>").unwrap(), NetworkPage::default());
    }

    #[test]
    fn a_web_page_is_none() {
        for body in ["<html></html>", "", "text"] {
            assert!(matches!(page(body), Err(PhoneWebError::NoPage(_))), "{body}");
        }
    }
}
