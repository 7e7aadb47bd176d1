//! Certificates, pins, the connect map and the limits, over real handshakes with a throw-away responder.

use std::collections::BTreeMap;
use std::time::Duration;

use super::http::{Http, HttpError, HttpRequest, HttpSettings, LONGEST_REPLY};
use super::phone_authentication::{self, CredentialVerdict};
use super::responder::{Identity, Reply, Responder, endpoint};
use super::tls::{Rejection, Trust, peer_certificate};
use crate::outcome::Outcome;

const NAME: &str = "cucm-pub.example.com";

async fn hello(identity: &Identity) -> Responder {
    Responder::start(identity, |_, _| Reply::text(200, "hello")).await
}

fn trust(ca_files: &[&str]) -> Trust {
    let files: Vec<_> =
        ca_files.iter().map(|pem| ("ca.pem".to_owned(), (*pem).to_owned())).collect();
    Trust::new(&files, BTreeMap::new(), false).unwrap()
}

async fn rejection(responder: &Responder, host: &str, trust: Trust) -> Rejection {
    let name = endpoint(host, 8443);
    match responder.http(&name, trust).send(HttpRequest::get(name, "/")).await {
        Err(HttpError::Certificate(rejection)) => *rejection,
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("trusted"),
    }
}

#[tokio::test]
async fn a_self_signed_ca_true_certificate_as_ca_file_counts_as_pin() {
    let identity = Identity::self_signed(NAME);
    let responder = hello(&identity).await;
    let name = endpoint(NAME, 8443);
    let http = responder.http(&name, trust(&[&identity.pem]));
    let reply = http.send(HttpRequest::get(name, "/x?y")).await.unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"hello".as_slice()));
    let seen = responder.request(0);
    assert_eq!(seen.head[0], "GET /x?y HTTP/1.1");
    assert_eq!(seen.sni.as_deref(), Some(NAME), "the server name is the playbook's");
    assert_eq!(seen.header("host"), Some("cucm-pub.example.com:8443"), "so is the port");
}

#[tokio::test]
async fn the_port_that_goes_without_saying_is_not_said() {
    let identity = Identity::self_signed(NAME);
    let responder = hello(&identity).await;
    for (port, host) in [(443, NAME.to_owned()), (8443, format!("{NAME}:8443"))] {
        let name = endpoint(NAME, port);
        let http = responder.http(&name, trust(&[&identity.pem]));
        http.send(HttpRequest::get(name, "/")).await.unwrap();
        let seen = responder.request(responder.count() - 1);
        assert_eq!(seen.header("host"), Some(host.as_str()));
    }
}

#[tokio::test]
async fn an_unknown_certificate_is_shown_and_nothing_is_sent() {
    let identity = Identity::self_signed(NAME);
    let responder = hello(&identity).await;
    let other = Identity::self_signed("other.example.com");
    let rejected = rejection(&responder, NAME, trust(&[&other.pem])).await;
    assert!(!rejected.changed);
    assert_eq!(rejected.peer.sha256, identity.sha256());
    assert!(rejected.peer.self_signed);
    assert_eq!(rejected.peer.names, [NAME]);
    assert!(rejected.peer.not_after.ends_with('Z'), "{}", rejected.peer.not_after);
    assert_eq!(responder.count(), 0);
    let trouble = rejected.trouble();
    assert_eq!((trouble.code, trouble.outcome), ("certificate-unknown", Outcome::Refused));
    assert!(trouble.next.contains(&rejected.pin_line()), "{}", trouble.next);
}

#[tokio::test]
async fn pins_hold_for_their_endpoint_alone() {
    let identity = Identity::self_signed(NAME);
    let responder = hello(&identity).await;
    let name = endpoint(NAME, 8443);
    let pinned = trust(&[]).with_pin(name.clone(), identity.sha256());
    let reply = responder.http(&name, pinned).send(HttpRequest::get(name.clone(), "/")).await;
    assert_eq!(reply.unwrap().status, 200);

    let elsewhere = trust(&[]).with_pin(endpoint(NAME, 443), identity.sha256());
    assert!(!rejection(&responder, NAME, elsewhere).await.changed);

    let changed = rejection(&responder, NAME, trust(&[]).with_pin(name, [7; 32])).await;
    assert!(changed.changed);
    assert_eq!(changed.trouble().outcome, Outcome::Failed);
}

#[tokio::test]
async fn a_corporate_ca_vouches_for_its_names() {
    let identity = Identity::ca_signed(NAME);
    let responder = hello(&identity).await;
    let name = endpoint(NAME, 8443);
    let corporate = trust(&[&identity.pem]);
    let http = responder.http(&name, corporate.clone());
    assert_eq!(http.send(HttpRequest::get(name, "/")).await.unwrap().status, 200);
    let wrong = rejection(&responder, "fin-a.example.com", corporate).await;
    assert!(!wrong.changed && !wrong.peer.self_signed, "{}", wrong.why);
}

#[tokio::test]
async fn an_address_in_the_playbook_may_lead_elsewhere_too() {
    let identity = Identity::self_signed("10.1.2.3");
    let responder = hello(&identity).await;
    let name = endpoint("10.1.2.3", 8443);
    let http = responder.http(&name, trust(&[]).with_pin(name.clone(), identity.sha256()));
    assert_eq!(http.send(HttpRequest::get(name, "/")).await.unwrap().status, 200);
    let seen = responder.request(0);
    assert_eq!((seen.sni.as_deref(), seen.header("host")), (None, Some("10.1.2.3:8443")));
}

#[tokio::test]
async fn the_certificate_is_fetched_without_a_request() {
    let identity = Identity::self_signed(NAME);
    let responder = hello(&identity).await;
    let name = endpoint(NAME, 8443);
    let timeout = Duration::from_secs(5);
    let peer = peer_certificate(&name, &responder.map(&name), timeout).await.unwrap();
    assert_eq!(peer.sha256, identity.sha256());
    assert_eq!(responder.count(), 0);
}

#[tokio::test]
async fn redirects_are_not_followed_and_cookies_not_kept() {
    let identity = Identity::self_signed(NAME);
    let responder = Responder::start(&identity, |_, _| {
        let headers = vec![
            ("Location", "https://cucm-pub.example.com:8443/elsewhere".to_owned()),
            ("Set-Cookie", "a=b".to_owned()),
        ];
        Reply::Whole(302, headers, Vec::new())
    })
    .await;
    let name = endpoint(NAME, 8443);
    let http = responder.http(&name, trust(&[&identity.pem]));
    for count in 1..=2 {
        let reply = http.send(HttpRequest::get(name.clone(), "/")).await.unwrap();
        assert_eq!((reply.status, responder.count()), (302, count));
    }
    assert_eq!(responder.request(1).header("cookie"), None);
}

#[tokio::test]
async fn answers_are_bounded() {
    let identity = Identity::self_signed(NAME);
    let responder = Responder::start(&identity, |_, before| {
        if before == 0 {
            let head = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n", LONGEST_REPLY + 1);
            Reply::Raw(head.into_bytes())
        } else {
            let mut bytes = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            for _ in 0..33 {
                bytes.extend_from_slice(b"100000\r\n");
                bytes.resize(bytes.len() + 0x0010_0000, b'x');
                bytes.extend_from_slice(b"\r\n");
            }
            Reply::Raw(bytes)
        }
    })
    .await;
    let name = endpoint(NAME, 8443);
    let trust = trust(&[&identity.pem]);
    let http = Http::new(HttpSettings {
        trust,
        connect_map: responder.map(&name),
        timeout: Duration::from_mins(1),
    });
    for what in ["announced", "streamed"] {
        let error = http.send(HttpRequest::get(name.clone(), "/")).await.err().unwrap();
        assert!(matches!(error, HttpError::TooLarge), "{what}: {error}");
    }
}

#[tokio::test]
async fn what_was_sent_is_told_from_what_was_not() {
    let identity = Identity::self_signed(NAME);
    let responder = Responder::start(&identity, |_, before| match before {
        0 => Reply::Raw(b"HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nabc".to_vec()),
        1 => Reply::Raw(Vec::new()),
        _ => Reply::Silence(Duration::from_mins(1)),
    })
    .await;
    let name = endpoint(NAME, 8443);
    let trust = trust(&[&identity.pem]);
    let timeout = Duration::from_millis(700);
    let connect_map = responder.map(&name);
    let http = Http::new(HttpSettings { trust: trust.clone(), connect_map, timeout });
    for what in ["broken off", "no answer"] {
        let error = http.send(HttpRequest::get(name.clone(), "/")).await.err().unwrap();
        assert!(matches!(error, HttpError::Lost(_)), "{what}: {error:?}");
    }
    let error = http.send(HttpRequest::get(name.clone(), "/")).await.err().unwrap();
    assert!(matches!(error, HttpError::Timeout { sent: true }), "{error:?}");

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let map = [(name.clone(), endpoint("127.0.0.1", closed.port()))].into();
    let http = Http::new(HttpSettings { trust, connect_map: map, timeout });
    let error = http.send(HttpRequest::get(name, "/")).await.err().unwrap();
    assert!(matches!(error, HttpError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn the_credential_test_posts_one_form() {
    let identity = Identity::self_signed(NAME);
    let responder = Responder::start(&identity, |_, _| Reply::text(200, "UN-AUTHORIZED\n")).await;
    let name = endpoint(NAME, 8443);
    let http = responder.http(&name, trust(&[&identity.pem]));
    let verdict =
        phone_authentication::test(&http, &name, "ippa", &"a&b =é".into(), "SEP1").await.unwrap();
    assert_eq!(verdict, CredentialVerdict::Refused);
    let seen = responder.request(0);
    assert_eq!(seen.head[0], "POST /ccmcip/authenticate.jsp HTTP/1.1");
    assert_eq!(seen.body, "UserID=ippa&Password=a%26b%20%3D%C3%A9&devicename=SEP1");
    assert_eq!(responder.count(), 1);
}
