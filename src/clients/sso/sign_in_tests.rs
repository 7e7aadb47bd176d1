//! Sign-ins against a throw-away responder that is Finesse and identity provider in one.

use std::collections::BTreeMap;

use super::allowed::{Allowed, Role};
use super::{SignIn, Signed, SsoError, SsoSettings, sign_in};
use crate::clients::refusals::Refusals;
use crate::clients::responder::{Identity, Reply, Responder, Seen, endpoint};
use crate::clients::stop::Stop;
use crate::clients::tls::Trust;
use crate::outcome::Outcome;

const NAME: &str = "adfs.example.com";
const LOGIN: &str = "<html><form method=post action='/login'><input name=UserName>\
                     <input type=password name=Password><input type=submit name=go value=1></form>";
const TOKENS: &str = r#"{"token":"t","expires_in":300}"#;
const PASSWORD: &str = "hunter2-long";

/// A responder, and what a sign-in at it needs.
struct Bench {
    responder: Responder,
    settings: SsoSettings,
}

impl Bench {
    /// At this port by name; `answer` is asked for each path.
    async fn at(port: u16, answer: impl Fn(&str, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        let identity = Identity::self_signed(NAME);
        let answer = move |seen: &Seen, _: usize| answer(path(seen), seen);
        let responder = Responder::start(&identity, answer).await;
        let name = endpoint(NAME, port);
        let files = [("ca.pem".to_owned(), identity.pem.clone())];
        let trust = Trust::new(&files, BTreeMap::new(), false).unwrap();
        let settings = SsoSettings {
            http: responder.http(&name, trust),
            allowed: Allowed::new(vec![(name.clone(), Role::Finesse), (name.clone(), Role::Idp)]),
            finesse: name,
            refusals: Refusals::default(),
            stop: Stop::default(),
        };
        Self { responder, settings }
    }

    async fn new(answer: impl Fn(&str, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::at(8445, answer).await
    }

    async fn sign_in(&self) -> Result<(), SsoError> {
        let who = SignIn { user: "CORP\\agent1".to_owned(), password: PASSWORD.into() };
        let Signed { result, .. } = sign_in(&self.settings, "1001", &who).await;
        result.map(drop).map_err(|(_, error)| error)
    }

    fn seen(&self) -> Vec<Seen> {
        self.responder.seen.lock().unwrap().clone()
    }

    /// How often the password came.
    fn passwords(&self) -> usize {
        self.seen().iter().filter(|seen| seen.body.contains(PASSWORD)).count()
    }
}

fn path(seen: &Seen) -> &str {
    seen.head[0].split(' ').nth(1).unwrap().split('?').next().unwrap()
}

fn moved(status: u16, to: &str) -> Reply {
    Reply::Whole(status, vec![("Location", to.to_owned())], Vec::new())
}

fn outcome(error: &SsoError) -> (Outcome, &'static str) {
    let trouble = error.trouble(&endpoint(NAME, 443), "1001");
    (trouble.outcome, trouble.code)
}

#[tokio::test]
async fn a_wrong_password_is_told_as_refused_whatever_the_status() {
    for (status, body) in [(401, "<html>Unauthorized"), (403, ""), (400, LOGIN), (200, LOGIN)] {
        let bench = Bench::new(move |path, _| match path {
            "/login" => Reply::text(status, body),
            _ => Reply::text(200, LOGIN),
        })
        .await;
        let error = bench.sign_in().await.unwrap_err();
        assert_eq!(outcome(&error), (Outcome::Denied, "sso-sign-in-refused"), "{status}");
        let again = bench.sign_in().await.unwrap_err();
        assert!(matches!(again, SsoError::RefusedBefore), "{status}: {again}");
        assert_eq!(bench.passwords(), 1, "{status}");
    }
    // Without a password sent it is no answer to one, and another 4xx is none either.
    let bench = Bench::new(|_, _| Reply::text(401, "<html>Unauthorized")).await;
    assert!(matches!(bench.sign_in().await, Err(SsoError::Provider { status: 401, .. })));
    let bench = Bench::new(|path, _| match path {
        "/login" => Reply::text(404, "<html>Not here"),
        _ => Reply::text(200, LOGIN),
    })
    .await;
    assert!(matches!(bench.sign_in().await, Err(SsoError::Provider { status: 404, .. })));
}

#[tokio::test]
async fn redirects_that_keep_the_method_are_followed_without_a_password() {
    const PASSED_ON: &str = "<html><form method=post action='/first'><input type=hidden name=SAMLResponse value=S></form>";
    let bench = Bench::new(|path, _| match path {
        "/moved" => Reply::text(200, PASSED_ON),
        "/first" => moved(308, "/second"),
        "/second" => Reply::text(200, TOKENS),
        _ => moved(307, "/moved"),
    })
    .await;
    bench.sign_in().await.unwrap();
    let seen = bench.seen();
    assert_eq!(seen[1].head[0], "GET /moved HTTP/1.1");
    assert_eq!(
        (seen[3].head[0].as_str(), seen[3].body.as_str()),
        ("POST /second HTTP/1.1", "SAMLResponse=S")
    );
}

#[tokio::test]
async fn and_not_with_one_nor_to_a_stranger() {
    let bench = Bench::new(|path, _| match path {
        "/login" => moved(307, "/login2"),
        _ => Reply::text(200, LOGIN),
    })
    .await;
    let error = bench.sign_in().await.unwrap_err();
    assert_eq!(outcome(&error), (Outcome::Failed, "sso-page-unknown"));
    assert_eq!((bench.passwords(), bench.seen().len()), (1, 2));
    let bench = Bench::new(|_, _| moved(307, "https://evil.example.org/")).await;
    assert!(matches!(bench.sign_in().await, Err(SsoError::Astray(_))));
}

#[tokio::test]
async fn an_error_that_repeats_the_password_is_told_without_it() {
    for (status, body) in [
        (500, "<html><title>hunter2-long</title>"),
        (200, "<html><title>Error: hunter2-long</title>"),
        (200, "<html><title>hunter2-long</title><form id=hunter2-long></form>"),
        (200, "<html>SAML processing failed hunter2-long"),
        (500, r#"{"error":"hunter2-long","error_description":"hunter2-long"}"#),
    ] {
        let bench = Bench::new(move |path, _| match path {
            "/login" => Reply::text(status, body),
            _ => Reply::text(200, LOGIN),
        })
        .await;
        let error = bench.sign_in().await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!told.contains("hunter2") && told.contains("(secret)"), "{told}");
    }
}

#[tokio::test]
async fn a_form_in_the_address_leaves_its_fields_in_the_address_of_the_page() {
    const TO: &str =
        "<html><form action='/next?old=1'><input type=hidden name=RelayState value='a b'></form>";
    const SELF: &str =
        "<html><form method=post><input type=hidden name=SAMLResponse value=S></form>";
    let bench = Bench::at(443, |path, seen| match (path, seen.body.is_empty()) {
        ("/next", true) => Reply::text(200, SELF),
        ("/next", false) => Reply::text(200, TOKENS),
        _ => Reply::text(200, TO),
    })
    .await;
    bench.sign_in().await.unwrap();
    let seen = bench.seen();
    assert_eq!(seen[1].head[0], "GET /next?RelayState=a%20b HTTP/1.1");
    assert_eq!(seen[2].head[0], "POST /next?RelayState=a%20b HTTP/1.1");
    let referer = "https://adfs.example.com/next?RelayState=a%20b";
    assert_eq!((seen[2].header("referer"), seen[2].header("host")), (Some(referer), Some(NAME)));
    assert_eq!(seen[2].header("origin"), Some("https://adfs.example.com"));
}
