//! What goes over the wire, and that a refused password is not sent twice, against a throw-away responder.

use std::collections::BTreeMap;

use super::{ControlCenter, ControlCenterError, ControlCenterSettings};
use crate::clients::refusals::Refusals;
use crate::clients::responder::{Identity, Reply, Responder, endpoint};
use crate::clients::tls::Trust;

const NAME: &str = "cucm-sub1.example.com";

#[tokio::test]
async fn a_refused_password_is_sent_once() {
    let identity = Identity::self_signed(NAME);
    let responder = Responder::start(&identity, |_, _| Reply::text(401, "")).await;
    let name = endpoint(NAME, 8443);
    let files = [("ca.pem".to_owned(), identity.pem.clone())];
    let trust = Trust::new(&files, BTreeMap::new(), false).unwrap();
    let settings = ControlCenterSettings {
        http: responder.http(&name, trust),
        endpoint: name,
        user: "risreader".to_owned(),
        password: "hunter2".into(),
        refusals: Refusals::default(),
    };
    assert!(!format!("{settings:?}").contains("hunter2"));
    for _ in 0..2 {
        // The second client knows of the first one's refusal.
        let client = ControlCenter::new(settings.clone());
        let error = client.status(&["Cisco CTIManager"]).await.unwrap_err();
        assert!(matches!(error, ControlCenterError::Denied), "{error}");
    }
    assert_eq!(responder.count(), 1);
    let seen = responder.request(0);
    let head = "POST /controlcenterservice2/services/ControlCenterServices HTTP/1.1";
    assert_eq!(seen.head[0], head);
    assert_eq!(seen.header("soapaction"), Some("\"soapGetServiceStatus\""));
    assert!(seen.body.contains("<a:ServiceStatus>Cisco CTIManager</a:ServiceStatus>"));
}
