//! Rate, credentials and what is absent, against a throw-away responder.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Lookup, MOST_DEVICES, Pace, RisPort, RisPortError, RisPortSettings};
use crate::clients::responder::{Identity, Reply, Responder, Seen, endpoint};
use crate::clients::throttle::{Wait, WaitCause};
use crate::clients::tls::Trust;
use crate::outcome::Outcome;

const NAME: &str = "cucm-pub.example.com";

struct Bench {
    responder: Responder,
    client: RisPort,
    waits: Arc<Mutex<Vec<WaitCause>>>,
}

impl Bench {
    async fn new(answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let identity = Identity::self_signed(NAME);
        let responder = Responder::start(&identity, answer).await;
        let name = endpoint(NAME, 8443);
        let files = [("ca.pem".to_owned(), identity.pem.clone())];
        let trust = Trust::new(&files, BTreeMap::new(), false).unwrap();
        let waits = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&waits);
        let settings = RisPortSettings {
            http: responder.http(&name, trust),
            endpoint: name,
            user: "risreader".to_owned(),
            password: "hunter2".into(),
            pace: Pace::default().scaled(0.001),
            patience: Duration::from_millis(100),
            on_wait: Arc::new(move |wait: &Wait| told.lock().unwrap().push(wait.cause)),
            stop: crate::clients::stop::Stop::default(),
            refusals: crate::clients::refusals::Refusals::default(),
        };
        assert!(!format!("{settings:?}").contains("hunter"));
        Self { responder, client: RisPort::new(settings), waits }
    }
}

/// The names asked for.
fn asked(seen: &Seen) -> Vec<String> {
    let items = seen.body.split("<a:Item>").skip(1);
    items.map(|item| item.split('<').next().unwrap().to_owned()).collect()
}

fn found(names: &[String], code: &str) -> Reply {
    let items: Vec<String> = names
        .iter()
        .map(|name| format!("<item><Name>{name}</Name><Status>Registered</Status></item>"))
        .collect();
    let body = format!(
        "<e:Envelope xmlns:e='e'><e:Body><selectCmDeviceResponse><selectCmDeviceReturn><SelectCmDeviceResult>\
         <TotalDevicesFound>{}</TotalDevicesFound><CmNodes><item><ReturnCode>{code}</ReturnCode><Name>sub1</Name>\
         <CmDevices>{}</CmDevices></item></CmNodes></SelectCmDeviceResult></selectCmDeviceReturn>\
         </selectCmDeviceResponse></e:Body></e:Envelope>",
        names.len(),
        items.concat()
    );
    Reply::text(200, body)
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("SEP{at:012}")).collect()
}

#[tokio::test]
async fn found_and_absent() {
    let bench = Bench::new(|seen, _| found(&asked(seen)[..1], "Ok")).await;
    let wanted = ["sep2".to_owned(), "SEP1".to_owned(), "SEP1".to_owned()];
    let devices = bench.client.select_devices(&wanted).await.unwrap();
    assert!(matches!(devices.lookup("sep1"), Lookup::Found(_)));
    assert_eq!(devices.lookup("SEP2"), Lookup::Absent);
    let seen = bench.responder.request(0);
    assert_eq!(seen.head[0], "POST /realtimeservice2/services/RISService70 HTTP/1.1");
    assert_eq!(seen.header("soapaction"), Some("\"selectCmDeviceExt\""));
    // risreader:hunter2
    assert_eq!(seen.header("authorization"), Some("Basic cmlzcmVhZGVyOmh1bnRlcjI="));
    assert_eq!(asked(&seen), ["SEP1", "SEP2"]);
    assert!(bench.client.select_devices(&["SEP*".to_owned()]).await.is_err());
    assert!(bench.client.select_devices(&[]).await.unwrap().found().next().is_none());
    assert_eq!(bench.responder.count(), 1);
}

#[tokio::test]
async fn a_node_that_was_not_heard_leaves_it_open() {
    let bench = Bench::new(|_, _| found(&[], "NodeNotResponding")).await;
    let devices = bench.client.select_devices(&names(1)).await.unwrap();
    assert_eq!(devices.lookup(&names(1)[0]), Lookup::CannotTell);
    assert_eq!(devices.silent_nodes, ["sub1 (NodeNotResponding)"]);
}

#[tokio::test]
async fn many_are_asked_for_in_parts() {
    let bench = Bench::new(|seen, _| found(&asked(seen), "Ok")).await;
    let devices = bench.client.select_devices(&names(MOST_DEVICES + 1)).await.unwrap();
    assert_eq!(devices.found().count(), MOST_DEVICES + 1);
    assert_eq!(bench.responder.count(), 2);
}

#[tokio::test]
async fn what_a_full_answer_lacks_is_asked_for_again() {
    let bench = Bench::new(|seen, before| {
        let names = asked(seen);
        match before {
            // one device under so many nodes that the others do not fit
            0 => found(&vec![names[0].clone(); MOST_DEVICES], "Ok"),
            _ => found(&names[..1], "Ok"),
        }
    })
    .await;
    let devices = bench.client.select_devices(&names(3)).await.unwrap();
    assert_eq!(devices.found().count(), 2);
    assert_eq!(devices.lookup(&names(3)[2]), Lookup::Absent, "the second answer was not full");
    assert_eq!(bench.responder.count(), 2);

    let bench = Bench::new(|_, _| found(&vec!["SEP9".to_owned(); MOST_DEVICES], "Ok")).await;
    let devices = bench.client.select_devices(&names(1)).await.unwrap();
    assert_eq!(devices.lookup(&names(1)[0]), Lookup::CannotTell);
}

#[tokio::test]
async fn too_fast_waits_and_goes_on() {
    let bench = Bench::new(|seen, before| match before {
        0 => Reply::text(503, ""),
        1 => Reply::text(
            500,
            "<e:Envelope xmlns:e='e'><e:Body><e:Fault><faultstring>AxisFault: Exceeded allowed rate for Reatime information</faultstring></e:Fault></e:Body></e:Envelope>",
        ),
        _ => found(&asked(seen), "Ok"),
    })
    .await;
    bench.client.select_devices(&names(1)).await.unwrap();
    assert_eq!(*bench.waits.lock().unwrap(), [WaitCause::Throttled; 2]);

    let busy = Bench::new(|_, _| Reply::text(503, "")).await;
    let error = busy.client.select_devices(&names(1)).await.unwrap_err();
    assert!(matches!(error, RisPortError::Throttled), "{error}");
    // 30 + 60 + 10 of 100
    assert_eq!(busy.responder.count(), 4);
    assert_eq!(error.trouble(NAME).outcome, Outcome::Incomplete);
}

#[tokio::test]
async fn a_refused_password_is_sent_once_and_a_role_told() {
    let bench = Bench::new(|_, _| Reply::text(401, "")).await;
    let (clone, wanted) = (bench.client.clone(), names(1));
    let (one, two) =
        tokio::join!(bench.client.select_devices(&wanted), clone.select_devices(&wanted));
    assert!(matches!(one, Err(RisPortError::Denied)) && matches!(two, Err(RisPortError::Denied)));
    assert_eq!(bench.responder.count(), 1);

    let bench = Bench::new(|_, _| Reply::text(403, "")).await;
    let error = bench.client.select_devices(&names(1)).await.unwrap_err();
    assert!(matches!(error, RisPortError::NoRole), "{error}");
    assert_eq!(error.trouble(NAME).code, "risport-role-missing");

    let bench = Bench::new(|_, _| Reply::Raw(Vec::new())).await;
    let error = bench.client.select_devices(&names(1)).await.unwrap_err();
    assert!(matches!(error, RisPortError::Lost { .. }), "{error}");
    assert_eq!(bench.responder.count(), 1, "it may have been a refusal");
}
