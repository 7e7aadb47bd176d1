//! Credentials, repetition and what counts as an answer, against a throw-away responder.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{
    AuthMode, FinesseAccount, FinesseError, FinesseReader, FinesseSettings, FinesseWriter,
    SaveMethod, Selector, Template, Told,
};
use crate::clients::responder::{Identity, Reply, Responder, Seen, endpoint};
use crate::clients::throttle::{Wait, WaitCause};
use crate::clients::tls::Trust;
use crate::outcome::Outcome;

const NAME: &str = "fin-a.example.com";
const SECRET: &str = "hunter2&<";
const INFO: &str = "<SystemInfo><status>IN_SERVICE</status></SystemInfo>";
/// `finadmin:hunter2&<`
const BASIC: &str = "Basic ZmluYWRtaW46aHVudGVyMiY8";

fn xml(status: u16, body: &str) -> Reply {
    let kind = ("Content-Type", "application/xml;charset=UTF-8".to_owned());
    Reply::Whole(status, vec![kind], body.as_bytes().to_vec())
}

fn error(status: u16, kind: &str) -> Reply {
    let text = format!(
        "<ApiErrors><ApiError><ErrorData>{kind}</ErrorData><ErrorType>{kind}</ErrorType></ApiError></ApiErrors>"
    );
    xml(status, &text)
}

type MakeReply = Box<dyn Fn() -> Reply + Send + Sync>;

struct Bench {
    responder: Responder,
    reader: FinesseReader,
    waits: Arc<Mutex<Vec<WaitCause>>>,
}

impl Bench {
    async fn new(answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let identity = Identity::self_signed(NAME);
        let responder = Responder::start(&identity, answer).await;
        let name = endpoint(NAME, 8445);
        let files = [("ca.pem".to_owned(), identity.pem.clone())];
        let trust = Trust::new(&files, BTreeMap::new(), false).unwrap();
        let waits = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&waits);
        let account = FinesseAccount { user: "finadmin".to_owned(), password: SECRET.into() };
        let settings = FinesseSettings {
            http: responder.http(&name, trust),
            endpoint: name,
            account: Some(account),
            patience: Duration::from_secs(5),
            on_wait: Arc::new(move |wait: &Wait| told.lock().unwrap().push(wait.cause)),
            stop: crate::clients::stop::Stop::default(),
            refusals: crate::clients::refusals::Refusals::default(),
        };
        assert!(!format!("{settings:?}").contains("hunter"));
        Self { responder, reader: FinesseReader::new(settings), waits }
    }

    fn credentials(&self) -> Vec<bool> {
        let seen = self.responder.seen.lock().unwrap();
        seen.iter().map(|request| request.header("authorization").is_some()).collect()
    }
}

fn save() -> Template {
    Template::new("<X><u>{{ user }}</u><p>{{ password }}</p></X>").unwrap()
}

#[tokio::test]
async fn system_info_is_public_unless_the_node_insists() {
    let open = Bench::new(|_, _| xml(200, INFO)).await;
    assert!(open.reader.system_info().await.unwrap().healthy());
    let seen = open.responder.request(0);
    assert!(seen.head[0].starts_with("GET /finesse/api/SystemInfo?nocache="), "{}", seen.head[0]);
    assert_eq!(seen.header("accept"), Some("application/xml"));
    assert_eq!(seen.header("authorization"), None);

    let proxied = Bench::new(|seen, _| match seen.header("authorization") {
        Some(BASIC) => xml(200, INFO),
        _ => Reply::text(401, "who?"),
    })
    .await;
    assert!(proxied.reader.system_info().await.unwrap().healthy());
    assert_eq!(proxied.credentials(), [false, true]);
}

#[tokio::test]
async fn a_refused_password_is_sent_once() {
    let bench = Bench::new(|_, _| error(401, "Authentication Failure")).await;
    let (one, two) = tokio::join!(bench.reader.users(), bench.reader.user("1001"));
    for refused in [one.unwrap_err(), two.unwrap_err()] {
        assert!(matches!(refused, FinesseError::Denied { .. }), "{refused}");
    }
    assert_eq!(bench.responder.count(), 1);
    let writer = FinesseWriter::new(bench.reader.with_patience(Duration::ZERO));
    let later = writer.save_settings(SaveMethod::Put, "/x", &save(), "ippa", &"p".into()).await;
    assert!(matches!(later, Err(FinesseError::Denied { .. })));
    // what is public is asked without it
    let public = bench.reader.user_auth_mode("1001").await.unwrap();
    assert!(matches!(public, Some(Told::CannotTell(_))));
    let info = bench.reader.system_info().await.unwrap_err();
    assert!(matches!(info, FinesseError::Denied { .. }), "{info}");
    assert_eq!(bench.credentials(), [true, false, false]);
    let trouble = info.trouble(NAME);
    assert_eq!((trouble.code, trouble.outcome), ("finesse-credential-refused", Outcome::Denied));
}

#[tokio::test]
async fn what_is_not_the_api_is_never_an_answer() {
    let found =
        |location: &str| Reply::Whole(302, vec![("Location", location.to_owned())], Vec::new());
    let cases: [(&str, MakeReply); 8] = [
        (
            "idp.example.com:8553",
            Box::new(move || found("https://idp.example.com:8553/x?token=t0ken")),
        ),
        ("a redirect", Box::new(|| Reply::Whole(301, Vec::new(), Vec::new()))),
        ("a web page", Box::new(|| Reply::text(200, "<html>sign in</html>"))),
        (
            "of type text/plain",
            Box::new(|| {
                let kind = ("Content-Type", "text/plain".to_owned());
                Reply::Whole(200, vec![kind], INFO.as_bytes().to_vec())
            }),
        ),
        ("another element", Box::new(|| xml(200, "<Other/>"))),
        ("no status", Box::new(|| xml(200, "<SystemInfo/>"))),
        ("no such path", Box::new(|| Reply::text(404, "<html>404</html>"))),
        ("reverse proxy", Box::new(|| Reply::text(421, ""))),
    ];
    for (why, reply) in cases {
        let bench = Bench::new(move |_, _| reply()).await;
        let error = bench.reader.system_info().await.unwrap_err();
        assert!(matches!(error, FinesseError::NotApi { .. }), "{why}: {error}");
        let text = format!("{error} {:?}", error.trouble(NAME));
        assert!(text.contains(why) && !text.contains("t0ken"), "{text}");
        assert_eq!(bench.responder.count(), 1, "{why}");
    }
}

#[tokio::test]
async fn reads_wait_for_a_node_that_comes_back() {
    let bench = Bench::new(|_, before| match before {
        0 => Reply::text(502, "<html>Bad Gateway</html>"),
        1 => error(503, "SERVER_OUT_OF_SERVICE"),
        2 => error(500, "RUNTIME_EXCEPTION"),
        3 => Reply::Raw(Vec::new()),
        _ => xml(200, INFO),
    })
    .await;
    assert!(bench.reader.system_info().await.unwrap().healthy());
    let out = WaitCause::OutOfService;
    assert_eq!(*bench.waits.lock().unwrap(), [out, out, out, WaitCause::Network]);

    let down = Bench::new(|_, _| Reply::text(502, "")).await;
    let watching = down.reader.with_patience(Duration::ZERO);
    let error = watching.system_info().await.unwrap_err();
    assert!(matches!(error, FinesseError::Starting { .. }) && error.may_pass(), "{error}");
    assert_eq!(down.responder.count(), 1);
}

#[tokio::test]
async fn a_lost_first_answer_may_have_been_a_refusal() {
    let bench = Bench::new(|_, _| Reply::Raw(Vec::new())).await;
    let error = bench.reader.users().await.unwrap_err();
    assert!(matches!(error, FinesseError::Lost { .. }), "{error}");
    assert_eq!(bench.responder.count(), 1);

    let bench = Bench::new(|_, before| match before {
        1 => Reply::Raw(Vec::new()),
        _ => xml(200, "<Users/>"),
    })
    .await;
    assert!(bench.reader.users().await.unwrap().is_empty());
    assert!(bench.reader.users().await.unwrap().is_empty(), "it has worked before");
    assert_eq!(bench.responder.count(), 3);
}

#[tokio::test]
async fn connected_users_that_cannot_be_told_are_not_none() {
    for (status, own) in [(403, true), (404, true), (404, false), (503, true)] {
        let bench =
            Bench::new(
                move |_, _| {
                    if own { error(status, "no") } else { Reply::text(status, "<html/>") }
                },
            )
            .await;
        let reader = bench.reader.with_patience(Duration::ZERO);
        let told = reader.connected_users().await.unwrap();
        assert!(matches!(told, Told::CannotTell(_)), "{status}");
    }
    let bench = Bench::new(|_, _| {
        xml(200, "<ConnectedUsersInfo><userSummary><desktopUsers>1</desktopUsers><fippaUsers>0</fippaUsers></userSummary></ConnectedUsersInfo>")
    })
    .await;
    let Told::Known(info) = bench.reader.connected_users().await.unwrap() else { panic!("known") };
    assert!(info.anybody());
    assert_eq!(bench.responder.request(0).header("authorization"), Some(BASIC));
}

#[tokio::test]
async fn users_and_modes() {
    let bench = Bench::new(|seen, _| match seen.head[0].split(' ').nth(1).unwrap() {
        "/finesse/api/User/1001" => xml(200, "<User><loginId>1001</loginId></User>"),
        "/finesse/api/User/odd" | "/finesse/api/UserAuthMode/absent" => Reply::text(404, "<html/>"),
        "/finesse/api/UserAuthMode/a%2Fb" => {
            xml(200, "<UserAuthMode><authMode>NON_SSO</authMode></UserAuthMode>")
        }
        "/finesse/api/UserAuthMode/off" => error(403, "Forbidden"),
        _ => error(404, "User Not Found"),
    })
    .await;
    assert_eq!(bench.reader.user("1001").await.unwrap().unwrap().login_id, "1001");
    assert_eq!(bench.reader.user("1002").await.unwrap(), None);
    assert!(bench.reader.user("odd").await.is_err(), "a web page says nothing of users");
    let mode = bench.reader.user_auth_mode("a/b").await.unwrap();
    assert_eq!(mode, Some(Told::Known(AuthMode::NonSso)));
    for silent in ["off", "absent"] {
        let told = bench.reader.user_auth_mode(silent).await.unwrap();
        assert!(matches!(told, Some(Told::CannotTell(_))), "{silent}");
    }
    assert_eq!(bench.reader.user_auth_mode("1002").await.unwrap(), None);
}

#[tokio::test]
async fn a_save_is_sent_once_and_read_back_apart() {
    let bench = Bench::new(|seen, _| match seen.head[0].split(' ').next().unwrap() {
        "GET" => xml(200, "<X><u>ippa</u></X>"),
        _ => Reply::Whole(202, Vec::new(), Vec::new()),
    })
    .await;
    let writer = FinesseWriter::new(bench.reader.clone());
    writer
        .save_settings(SaveMethod::Put, "/finesse/api/X", &save(), "ippa", &SECRET.into())
        .await
        .unwrap();
    let seen = bench.responder.request(0);
    assert_eq!(seen.head[0], "PUT /finesse/api/X HTTP/1.1");
    assert_eq!(seen.header("content-type"), Some("application/xml"));
    assert_eq!(seen.body, "<X><u>ippa</u><p>hunter2&amp;&lt;</p></X>");
    let selector = Selector::new("//u").unwrap();
    let read = writer.reader().settings_user("/finesse/api/X", &selector).await.unwrap();
    assert_eq!(read.user.as_deref(), Some("ippa"));
    let wrong = writer.save_settings(SaveMethod::Post, "/fippa/x", &save(), "u", &"p".into()).await;
    assert!(matches!(wrong, Err(FinesseError::Refused { .. })));
    assert_eq!(bench.responder.count(), 2);
}

#[tokio::test]
async fn a_failed_save_is_not_repeated_and_quotes_nothing() {
    for (status, unknown) in [(403, false), (400, false), (500, true), (502, true), (503, true)] {
        let bench = Bench::new(move |_, _| error(status, "bad hunter2&amp;&lt; value")).await;
        let writer = FinesseWriter::new(bench.reader.clone());
        let saved =
            writer.save_settings(SaveMethod::Post, "/x", &save(), "ippa", &SECRET.into()).await;
        let error = saved.unwrap_err();
        assert_eq!(error.outcome_unknown(), unknown, "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        assert_eq!(bench.responder.count(), 1, "{status}");
    }
    let bench = Bench::new(|_, _| Reply::Raw(Vec::new())).await;
    let writer = FinesseWriter::new(bench.reader.clone());
    let saved = writer.save_settings(SaveMethod::Put, "/x", &save(), "u", &"ppp".into()).await;
    assert!(saved.unwrap_err().outcome_unknown());
    assert_eq!(bench.responder.count(), 1);
}

#[tokio::test]
async fn the_servlet_is_asked_as_a_phone_asks() {
    let bench = Bench::new(|_, before| match before {
        0 => Reply::Whole(
            200,
            vec![("Content-Type", "text/xml".to_owned())],
            b"<CiscoIPPhoneInput><Title>Sign In</Title><Prompt>Cisco Finesse</Prompt></CiscoIPPhoneInput>".to_vec(),
        ),
        _ => Reply::text(200, "<!DOCTYPE html><html/>"),
    })
    .await;
    let answer = bench.reader.servlet("SEP0000DEADBEEF").await.unwrap();
    assert!(answer.phone_object());
    let seen = bench.responder.request(0);
    assert_eq!(seen.head[0], "GET /fippa/SEP0000DEADBEEF HTTP/1.1");
    assert_eq!(seen.header("x-ciscoipphonemodelname"), Some("CP-8851"));
    assert_eq!(seen.header("authorization"), None);
    let page = bench.reader.servlet("SEP0000DEADBEEF").await.unwrap_err();
    assert!(matches!(page, FinesseError::NotApi { .. }), "{page}");
}

#[tokio::test]
async fn without_an_account_only_what_is_public() {
    let bench = Bench::new(|_, _| Reply::text(401, "")).await;
    let mut settings = bench.reader.session.settings.clone();
    settings.account = None;
    let reader = FinesseReader::new(settings);
    assert!(matches!(reader.users().await, Err(FinesseError::NoCredential { .. })));
    assert!(matches!(reader.system_info().await, Err(FinesseError::CredentialWanted { .. })));
    assert_eq!(bench.responder.count(), 1);
}
