//! Every decoder of a sign-in, one after the other, for tests that feed them anything.

use jiff::Timestamp;

use super::allowed::{Allowed, Role, Target};
use super::cookies::Jar;
use super::decision::{SignIn, decide};
use super::{answer, claims, page};
use crate::playbook::Endpoint;

/// Reads bytes as a page, an answer, a token, a link and a cookie.
pub(in crate::clients) fn decode(body: &[u8]) {
    let endpoint = Endpoint { host: "adfs.example.com".to_owned(), port: 443 };
    let at = Target { endpoint: endpoint.clone(), path: "/adfs/ls/".to_owned() };
    let allowed = Allowed::new(vec![(endpoint.clone(), Role::Idp)]);
    let who = SignIn { user: "agent".to_owned(), password: "secret".into() };
    drop(decide(&allowed, &at, &page::read(body), &who, body.len().is_multiple_of(2)));
    drop(answer::read(body));
    let text = String::from_utf8_lossy(body);
    drop(claims(&text));
    drop(allowed.target(&at, &text));
    let mut jar = Jar::default();
    jar.keep(&endpoint, "/adfs/ls/", &text, Timestamp::UNIX_EPOCH);
    drop(jar.header(&endpoint, "/adfs/", Timestamp::UNIX_EPOCH));
}
