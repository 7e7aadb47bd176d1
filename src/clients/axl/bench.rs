//! What the tests of the session share: answers as a server gives them, and a server that gives them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{AxlSettings, Pkid, Reader, Statement, Target};
use crate::clients::refusals::Refusals;
use crate::clients::responder::{Identity, Reply, Responder, Seen, endpoint};
use crate::clients::stop::Stop;
use crate::clients::throttle::{Wait, WaitCause};
use crate::clients::tls::Trust;

pub(super) const NAME: &str = "cucm-pub.example.com";
pub(super) const PKID: &str = "0a1b2c3d-0000-0000-0000-00000000000f";

fn wrapped(operation: &str, inside: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv='http://schemas.xmlsoap.org/soap/envelope/'>\
         <soapenv:Body><ns:{operation}Response xmlns:ns='http://www.cisco.com/AXL/API/14.0'>\
         <return>{inside}</return></ns:{operation}Response></soapenv:Body></soapenv:Envelope>"
    )
}

pub(super) fn fault(code: i64, text: &str) -> Reply {
    let body = format!(
        "<s:Envelope xmlns:s='x'><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>{text}</faultstring>\
         <detail><axlError><axlcode>{code}</axlcode><axlmessage>{text}</axlmessage><request>r</request></axlError>\
         </detail></s:Fault></s:Body></s:Envelope>"
    );
    Reply::text(500, body)
}

pub(super) fn answer(operation: &str, inside: &str) -> Reply {
    let cookie = vec![
        ("Set-Cookie", "JSESSIONID=1; Path=/axl".to_owned()),
        ("Set-Cookie", "JSESSIONIDSSO=S3SSION; Path=/; Secure".to_owned()),
    ];
    Reply::Whole(200, cookie, wrapped(operation, inside).into_bytes())
}

pub(super) fn release() -> Reply {
    answer(
        "getCCMVersion",
        "<componentVersion><version>14.0.1.13900(155)</version></componentVersion>",
    )
}

pub(super) struct Bench {
    pub(super) responder: Responder,
    pub(super) settings: AxlSettings,
    pub(super) waits: Arc<Mutex<Vec<WaitCause>>>,
}

impl Bench {
    pub(super) async fn new(
        answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let identity = Identity::self_signed(NAME);
        let responder = Responder::start(&identity, answer).await;
        let name = endpoint(NAME, 8443);
        let files = [("ca.pem".to_owned(), identity.pem.clone())];
        let trust = Trust::new(&files, BTreeMap::new(), false).unwrap();
        let waits = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&waits);
        let settings = AxlSettings {
            http: responder.http(&name, trust),
            endpoint: name,
            user: "axladmin".to_owned(),
            password: "hunter2".into(),
            version: None,
            concurrency: 4,
            writes_per_minute: None,
            patience: Duration::from_secs(5),
            on_wait: Arc::new(move |wait: &Wait| told.lock().unwrap().push(wait.cause)),
            stop: Stop::default(),
            refusals: Refusals::default(),
        };
        Self { responder, settings, waits }
    }

    pub(super) async fn reader(&self) -> Reader {
        Reader::connect(self.settings.clone()).await.unwrap()
    }

    pub(super) fn requests(&self) -> Vec<Seen> {
        self.responder.seen.lock().unwrap().clone()
    }
}

/// What connecting asks: the release in the oldest version, and once more in the one that goes with it.
pub(super) const CONNECTING: usize = 2;

/// Release on `getCCMVersion`, else what the closure says; it counts the other requests.
pub(super) async fn after_connect(
    other: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
) -> Bench {
    Bench::new(move |seen, before| {
        if seen.body.contains("getCCMVersion") {
            release()
        } else {
            other(seen, before - CONNECTING)
        }
    })
    .await
}

pub(super) fn statement() -> Statement {
    let target = Target { device: "SEP1", service: "Finesse", subscription_pkid: None };
    Statement::update_value(&target, &Pkid::of(PKID), &"s3cr3t".into()).unwrap()
}

/// A row of a value.
pub(super) fn value_row(number: usize) -> String {
    format!(
        "<row><pkid>00000000-0000-0000-0000-{number:012}</pkid><parameterkey>{PKID}</parameterkey>\
         <parametername>id</parametername><subscriptionkey>{PKID}</subscriptionkey><value>{number}</value></row>"
    )
}
