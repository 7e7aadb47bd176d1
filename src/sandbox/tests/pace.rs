//! How fast AXL is, and what it refuses because too much is outstanding.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{ask, ask_as, envelope, headers, site};
use crate::sandbox::faults::Planned;
use crate::sandbox::pace::Pace;
use crate::sandbox::{Running, SandboxOptions, start};

const WRITE: &str = "<name>SEP001122330001</name><description>new</description>";

fn pace(value: Value) -> Pace {
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_write_is_refused_while_too_many_notifications_are_outstanding() {
    let site = site();
    site.set_pace(pace(json!({ "notifications": 1, "drain": 0 })));
    ask(&site, "updatePhone", WRITE);
    // What fails or reads notifies nobody.
    super::refused(&site, "updatePhone", "<name>SEPFFFFFFFFFFFF</name>");
    super::rows(&site, "select name from device where name = 'x'");
    ask(
        &site,
        "executeSQLUpdate",
        "<sql>update device set description = 'x' where name = 'y'</sql>",
    );
    let (refused, body) = {
        let answer =
            ask_as(&site, "axladmin", "14.0", "updatePhone", "<name>SEP001122330002</name>");
        (answer.status, answer.body)
    };
    assert_eq!((refused, body.as_str()), (503, ""));
    assert_eq!(ask_as(&site, "axladmin", "14.0", "applyPhone", WRITE).status, 503);
    ask(&site, "getPhone", "<name>SEP001122330001</name>");
    // A planned fault waits for a request that gets so far.
    let planned: Planned =
        serde_json::from_value(json!({ "operation": "write", "kind": "fault" })).unwrap();
    site.front().faults.plan(planned).unwrap();
    assert_eq!(ask_as(&site, "axladmin", "14.0", "updatePhone", WRITE).status, 503);
    site.set_pace(pace(json!({ "notifications": 5 })));
    super::refused(&site, "updatePhone", WRITE);
    ask(&site, "updatePhone", WRITE);
    let front = site.front();
    let counted = &front.ledger;
    assert_eq!((counted.performed_writes, counted.throttled_writes), (3, 3));
    assert_eq!((counted.writes, counted.doubled_writes), (8, 1));
}

#[test]
fn the_same_write_to_the_same_object_is_counted() {
    let site = site();
    let phone = |name: &str| format!("<name>{name}</name><description>new</description>");
    ask(&site, "updatePhone", &phone("SEP001122330001"));
    ask(&site, "updatePhone", &phone("SEP001122330002"));
    ask(&site, "applyPhone", "<name>SEP001122330001</name>");
    assert_eq!(site.front().ledger.doubled_writes, 0);
    ask(&site, "updatePhone", "<name>SEP001122330001</name><description>other</description>");
    assert_eq!(site.front().ledger.doubled_writes, 1);
    // Statements are told apart over their whole length.
    let long = "x".repeat(500);
    let sql = |end: &str| {
        format!("<sql>update device set description = 'a' where name = '{long}{end}'</sql>")
    };
    ask(&site, "executeSQLUpdate", &sql("1"));
    ask(&site, "executeSQLUpdate", &sql("2"));
    assert_eq!(site.front().ledger.doubled_writes, 1);
    ask(&site, "executeSQLUpdate", &sql("2"));
    assert_eq!(site.front().ledger.doubled_writes, 2);
    let span = &site.front().ledger.performed;
    assert!(span.first_ms.unwrap() <= span.last_ms.unwrap());
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn client() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().unwrap()
}

fn write(
    client: &reqwest::Client,
    running: &Running,
) -> impl Future<Output = reqwest::Result<reqwest::Response>> + 'static {
    let axl = format!("https://{}/axl/", running.axl_address());
    let body = envelope("14.0", "updatePhone", WRITE);
    client.post(axl).headers(headers("axladmin", "14.0", "updatePhone")).body(body).send()
}

#[test]
fn writes_wait_for_a_worker_and_the_control_port_changes_the_pace() {
    let options = SandboxOptions {
        pace: pace(json!({ "workers": 2, "write_ms": 100 })),
        ..SandboxOptions::default()
    };
    let running = start(options).unwrap();
    let control = format!("http://{}", running.control_address());
    block(async {
        let client = client();
        let (begun, mut all) = (Instant::now(), tokio::task::JoinSet::new());
        for _ in 0..6 {
            all.spawn(write(&client, &running));
        }
        while let Some(one) = all.join_next().await {
            assert_eq!(one.unwrap().unwrap().status(), 200);
        }
        assert!(begun.elapsed() >= Duration::from_millis(299), "{:?}", begun.elapsed());

        let json = |path: &str, body: Value| {
            let request = client.post(format!("{control}{path}"));
            request.header("content-type", "application/json").body(body.to_string()).send()
        };
        let changes = json!({ "workers": null, "notifications": 0, "drain": 1000, "write_ms": 0 });
        let now: Value =
            serde_json::from_str(&json("/pace", changes).await.unwrap().text().await.unwrap())
                .unwrap();
        assert_eq!(
            now,
            json!({ "workers": null, "write_ms": 0, "read_ms": 0, "notifications": 0, "drain": 1000 })
        );
        assert_eq!(json("/pace", json!({ "speed": 1 })).await.unwrap().status(), 422);
        assert_eq!(json("/pace", json!({ "workers": 0 })).await.unwrap().status(), 422);
        json("/requests/reset", Value::Null).await.unwrap();
        json("/pace", json!({ "drain": 0 })).await.unwrap();
        assert_eq!(write(&client, &running).await.unwrap().status(), 200);
        assert_eq!(write(&client, &running).await.unwrap().status(), 503);
        let text = client.get(format!("{control}/requests")).send().await.unwrap();
        let counted: Value = serde_json::from_str(&text.text().await.unwrap()).unwrap();
        assert_eq!(counted["notifications"], json!({ "outstanding": 1, "most": 1, "sent": 0 }));
        assert_eq!(counted["throttled_writes"], 1);
        assert_eq!(counted["performed_writes"], 1);
        assert!(counted["performed"]["first_ms"].is_f64());
    });
    running.shutdown();
}
