//! The whole cluster on its ports: TLS, plain HTTP, SSH, and the control port's part of Finesse, phones and shells.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::console::{Console, connect};
use crate::playbook::deployment::Endpoint;
use crate::sandbox::{FinesseOptions, Running, SandboxOptions, Times, start};

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn endpoint(host: &str, port: u16) -> Endpoint {
    Endpoint { host: host.to_owned(), port }
}

/// A client at the cluster's ports.
struct Lab {
    running: Running,
    http: reqwest::Client,
}

impl Lab {
    fn start(options: SandboxOptions) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { running: start(options).unwrap(), http }
    }

    fn quick() -> Self {
        let times = Times {
            tomcat_started_ms: 200,
            in_service_ms: 1_500,
            replication_ms: 300,
            row_lag_ms: 0,
        };
        let finesse = FinesseOptions { times, ..FinesseOptions::default() };
        Self::start(SandboxOptions { finesse, ..SandboxOptions::default() })
    }

    fn node(&self, host: &str) -> String {
        self.running.connect_to()[&endpoint(host, 8445)].to_string()
    }

    async fn get(&self, url: String) -> reqwest::Response {
        let basic = ("finadmin", Some("finadmin-password"));
        self.http.get(url).basic_auth(basic.0, basic.1).send().await.unwrap()
    }

    async fn put(&self, host: &str, path: &str, body: &'static str) -> u16 {
        let url = format!("https://{}{path}", self.node(host));
        let put = self.http.put(url).header("content-type", "application/xml").body(body);
        let basic = ("finadmin", Some("finadmin-password"));
        put.basic_auth(basic.0, basic.1).send().await.unwrap().status().as_u16()
    }

    /// Status and JSON of the control port.
    async fn control(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("http://{}{path}", self.running.control_address());
        let request = match body {
            None => self.http.get(url),
            Some(body) => self
                .http
                .post(url)
                .header("content-type", "application/json")
                .body(body.to_string()),
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
    }

    async fn done(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.control(path, Some(body.clone())).await;
        assert_eq!(status, 200, "{path} {body}: {answer}");
        answer
    }

    async fn kinds(&self) -> Vec<String> {
        let (_, log) = self.control("/events", None).await;
        let events = log["events"].as_array().unwrap().clone();
        let numbers: Vec<u64> = events.iter().map(|e| e["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
        let times: Vec<u64> = events.iter().map(|e| e["ms"].as_u64().unwrap()).collect();
        assert!(times.is_sorted());
        events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    }
}

const SAVE: &str = "<IPPhoneAgentSettings><username>ippa</username><password>Secret1</password></IPPhoneAgentSettings>";
const SETTINGS: &str = "/finesse/api/IPPhoneAgentSettings";

#[test]
fn every_endpoint_is_told_with_its_pin_or_host_key() {
    let folder = tempfile::tempdir().unwrap();
    let options = || SandboxOptions {
        state: Some(folder.path().join("state.db")),
        ..SandboxOptions::default()
    };
    let running = start(options()).unwrap();
    let names: Vec<String> = running.connect_to().keys().map(ToString::to_string).collect();
    assert_eq!(
        names,
        [
            "cucm-pub.example.com:22",
            "cucm-pub.example.com:443",
            "cucm-pub.example.com:2445",
            "cucm-pub.example.com:8443",
            "cucm-sub1.example.com:22",
            "cucm-sub1.example.com:443",
            "cucm-sub1.example.com:2445",
            "cucm-sub1.example.com:8443",
            "fin-a.example.com:22",
            "fin-a.example.com:443",
            "fin-a.example.com:8445",
            "fin-b.example.com:22",
            "fin-b.example.com:443",
            "fin-b.example.com:8445"
        ]
    );
    let publisher = endpoint("cucm-pub.example.com", 8443);
    assert_eq!(running.connect_to()[&publisher], running.axl_address());
    assert_eq!(running.pins()[&publisher], running.certificate_sha256());
    let pins: std::collections::BTreeSet<_> = running.pins().values().collect();
    assert_eq!(pins.len(), 4, "each node has its own certificate");
    let key = running.ssh_host_keys()[&endpoint("fin-a.example.com", 22)].clone();
    assert!(key.fingerprint.starts_with("SHA256:"));
    assert!(key.known_hosts.starts_with("fin-a.example.com ssh-rsa AAAA"));
    let kept = (running.pins().clone(), running.ssh_host_keys().clone());
    running.shutdown();
    let again = start(options()).unwrap();
    assert_eq!((again.pins().clone(), again.ssh_host_keys().clone()), kept);
    let single = start(SandboxOptions {
        publisher_ssh: None,
        finesse: FinesseOptions { secondary: None, ..FinesseOptions::default() },
        ..SandboxOptions::default()
    });
    assert_eq!(single.unwrap().connect_to().len(), 9);
}

#[test]
fn plain_http_is_sent_to_the_secure_port() {
    let lab = Lab::quick();
    block(async {
        let url =
            format!("http://{}/finesse/api/SystemInfo?nocache=1", lab.node("fin-a.example.com"));
        let answer = lab.get(url).await;
        assert_eq!(answer.status(), 301);
        assert_eq!(
            answer.headers()["location"],
            "https://fin-a.example.com:8445/finesse/api/SystemInfo?nocache=1"
        );
    });
}

#[test]
fn save_restart_replicate_restart_in_one_log() {
    let lab = Lab::quick();
    block(async {
        assert_eq!(lab.put("fin-b.example.com", SETTINGS, SAVE).await, 403);
        assert_eq!(lab.put("fin-a.example.com", SETTINGS, SAVE).await, 202);
        let ssh = lab.running.connect_to()[&endpoint("fin-a.example.com", 22)];
        let mut console = Console::open(ssh, "osadmin").await;
        console.send("utils service restart Cisco Finesse Tomcat\r").await;
        console.until("[STOPPING]").await;
        let info = format!("https://{}/finesse/api/SystemInfo", lab.node("fin-a.example.com"));
        let down = lab.get(info.clone()).await;
        assert_eq!(down.status(), 502);
        assert_eq!(down.headers()["content-type"], "text/html");
        console.until("[STARTED]").await;
        let begun = Instant::now();
        loop {
            let answer = lab.get(info.clone()).await;
            let text = answer.text().await.unwrap();
            if text.contains("<status>IN_SERVICE<") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{text}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(begun.elapsed() >= Duration::from_millis(300), "not as soon as the process runs");
        lab.done("/finesse", json!({ "node": "secondary", "tomcat": "restart" })).await;
        let in_service = |kinds: &[String]| kinds.iter().filter(|k| *k == "in-service").count();
        let begun = Instant::now();
        while in_service(&lab.kinds().await) < 2 {
            assert!(begun.elapsed() < Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (_, dump) = lab.control("/dump", None).await;
        for host in ["fin-a.example.com", "fin-b.example.com"] {
            let node = &dump["finesse"]["nodes"][host];
            assert_eq!(
                (&node["stored"]["user"], &node["running"]["user"]),
                (&json!("ippa"), &json!("ippa"))
            );
            assert_eq!(node["running"]["password_sha256"], crate::sandbox::sha256_hex(b"Secret1"));
        }
        assert!(!dump.to_string().contains("Secret1"));
        let kinds = lab.kinds().await;
        let at = |kind: &str| kinds.iter().position(|own| own == kind).unwrap();
        assert!(at("settings-saved") < at("ssh-login"));
        assert!(at("ssh-login") < at("tomcat-restart-begun"));
        assert!(at("settings-saved") < at("settings-replicated"));
        assert!(at("tomcat-restart-begun") < at("tomcat-restart-done"));
        assert!(at("tomcat-restart-done") < at("in-service"));
        let (_, later) = lab.control("/events?after=3", None).await;
        assert_eq!(later["events"][0]["number"], 4);
        let (_, counted) = lab.control("/requests", None).await;
        assert_eq!(
            (&counted["finesse"]["writes"], &counted["finesse"]["cookies"]),
            (&json!(2), &json!(0))
        );
        assert_eq!(counted["ssh"]["logins"]["osadmin@fin-a.example.com"], 1);
        assert_eq!(
            counted["ssh"]["commands"][0],
            "fin-a.example.com: utils service restart Cisco Finesse Tomcat"
        );
    });
}

#[test]
fn the_control_port_changes_nodes_shells_and_phones() {
    let lab = Lab::quick();
    block(async {
        let state = lab
            .done("/finesse", json!({ "node": "fin-b.example.com", "maintenance": "in-progress", "heartbeat": false,
                "signed_in": [{ "id": "1001", "client": "FIPPA", "device": "SEP001122330001" }],
                "knobs": { "unobservable_settings": true, "times": { "replication_ms": 7 } } }))
            .await;
        let nodes = &state["nodes"];
        assert_eq!(nodes["fin-b.example.com"]["maintenance"], "in-progress");
        assert_eq!(nodes["fin-b.example.com"]["signed_in"][0]["client"], "FIPPA");
        assert_eq!(nodes["fin-a.example.com"]["maintenance"], "none");
        assert_eq!(state["knobs"]["times"]["replication_ms"], 7);
        assert_eq!(state["knobs"]["times"]["tomcat_started_ms"], 200, "the others stay");
        let url = format!("https://{}{SETTINGS}", lab.node("fin-a.example.com"));
        assert_eq!(lab.get(url.clone()).await.status(), 405);
        let info = format!("https://{}/finesse/api/SystemInfo", lab.node("fin-a.example.com"));
        let cookie =
            lab.get(info.clone()).await.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("JSESSIONID="));
        lab.http.get(info).header("cookie", "JSESSIONID=1").send().await.unwrap();
        assert_eq!(lab.control("/requests", None).await.1["finesse"]["cookies"], 1);
        for wrong in [
            json!({ "node": "nowhere" }),
            json!({ "tomcat": "explode" }),
            json!({ "knobs": { "nothing": 1 } }),
            json!({ "knobs": 1 }),
        ] {
            assert_eq!(lab.control("/finesse", Some(wrong.clone())).await.0, 422, "{wrong}");
        }
        lab.done("/finesse/faults", json!({ "kind": "status", "status": 500, "text": "<x/>" }))
            .await;
        assert_eq!(lab.get(url.clone()).await.status(), 500);
        assert_eq!(lab.control("/finesse/faults", Some(json!({ "kind": "x" }))).await.0, 422);
        lab.done("/finesse/faults", json!({ "kind": "close" })).await;
        assert!(lab.http.get(url).send().await.is_err());

        let shells = lab
            .done("/ssh", json!({ "node": "fin-a.example.com", "knobs": { "auth": "password", "algorithms": "15" } }))
            .await;
        assert_eq!(shells["nodes"]["fin-a.example.com"]["auth"], "password");
        assert_eq!(shells["nodes"]["fin-b.example.com"]["auth"], "both");
        let ssh = lab.running.connect_to()[&endpoint("fin-a.example.com", 22)];
        assert!(connect(ssh, false).await.is_ok());
        assert_eq!(lab.control("/ssh", Some(json!({ "node": "x", "knobs": {} }))).await.0, 422);
        assert_eq!(lab.control("/ssh", Some(json!({ "knobs": { "x": 1 } }))).await.0, 422);

        lab.done(
            "/phones",
            json!({ "phone": "SEP001122330003", "busy": true, "registered": false }),
        )
        .await;
        let phone = |dump: &Value| dump["running_phones"]["SEP001122330003"].clone();
        let (_, dump) = lab.control("/dump", None).await;
        assert_eq!(
            (&phone(&dump)["busy"], &phone(&dump)["registered"]),
            (&json!("t"), &json!("f"))
        );
        assert_eq!(phone(&dump)["web"], "disabled");
        let element = |name: &str, value: Value| json!({ "scope": "phone", "name": "SEP001122330003", "element": name, "value": value });
        lab.done("/operator/vendor-config", element("webAccess", json!("0"))).await;
        lab.done("/operator/vendor-config", element("webProtocol", json!("1"))).await;
        let (_, dump) = lab.control("/dump", None).await;
        assert_eq!(phone(&dump)["web"], "disabled", "configured, not read");
        assert_eq!(
            dump["devices"]["SEP001122330003"]["vendor_config"],
            "<webAccess>0</webAccess><webProtocol>1</webProtocol>"
        );
        lab.done("/phones", json!({ "phone": "SEP001122330003", "registered": true })).await;
        let (_, dump) = lab.control("/dump", None).await;
        assert_eq!(
            (&phone(&dump)["web"], &phone(&dump)["https"]),
            (&json!("enabled"), &json!("only")),
            "read on coming back"
        );
        assert_eq!(lab.control("/phones", Some(json!({ "phone": "SEP1" }))).await.0, 422);
        let (_, less) =
            lab.control("/dump?without=running_phones/SEP001122330003,finesse", None).await;
        assert!(phone(&less).is_null() && less.get("finesse").is_none());
    });
}

#[test]
fn the_administrator_acts_at_the_consoles() {
    let lab = Lab::quick();
    block(async {
        let settings = json!({ "user": "ippa", "password": "Secret1" });
        lab.done("/operator/finesse-settings", settings.clone()).await;
        let long = json!({ "user": "ippa", "password": "x".repeat(96) });
        assert_eq!(lab.control("/operator/finesse-settings", Some(long)).await.0, 422);
        lab.done("/finesse", json!({ "node": "primary", "out_of_service": true })).await;
        assert_eq!(lab.control("/operator/finesse-settings", Some(settings)).await.0, 422);

        lab.done("/operator/self-care-server", json!({ "value": "10.0.0.10" })).await;
        lab.done("/settings", json!({ "self_care_parameter": "UserPortalServer" })).await;
        lab.done("/operator/self-care-server", json!({ "value": "10.0.0.11" })).await;
        let (_, dump) = lab.control("/dump", None).await;
        let parameters = dump["service_parameters"].as_object().unwrap();
        assert_eq!(
            parameters["EnterpriseWideData/Enterprise Wide/UserPortalServer"]["paramvalue"],
            "10.0.0.11"
        );
        assert!(!parameters.keys().any(|name| name.contains("SelfCare")));

        let level = |scope: &str, name: &str, value: Value| json!({ "scope": scope, "name": name, "element": "webAccess", "value": value });
        lab.done(
            "/operator/vendor-config",
            level("common-phone-profile", "Standard Common Phone Profile", json!("0")),
        )
        .await;
        lab.done("/operator/vendor-config", level("enterprise", "", Value::Null)).await;
        let (_, dump) = lab.control("/dump", None).await;
        assert_eq!(
            dump["common_phone_profiles"]["Standard Common Phone Profile"]["vendor_config"],
            "<webAccess>0</webAccess>"
        );
        assert_eq!(
            dump["enterprise_phone_configuration"][0]["xml"],
            "<daysDisplayNotActive>1,7</daysDisplayNotActive>"
        );
        let nowhere = level("phone", "SEP1", json!("0"));
        assert_eq!(lab.control("/operator/vendor-config", Some(nowhere)).await.0, 422);

        lab.done("/settings", json!({ "https_only_value": "2" })).await;
        let (_, dump) = lab.control("/dump", None).await;
        let reference = &dump["running_phones"]["SEP001122330048"];
        assert_eq!(
            (&reference["web_protocol"], &reference["https"]),
            (&json!("2"), &json!("only"))
        );
        assert!(
            dump["devices"]["SEP001122330048"]["vendor_config"]
                .as_str()
                .unwrap()
                .contains("<webProtocol>2<")
        );
        let kinds = lab.kinds().await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "administrator").count(), 4);
    });
}

#[test]
fn ris_answers_on_the_publisher_s_port_and_its_rate_can_be_forgotten() {
    let lab = Lab::quick();
    block(async {
        let url =
            format!("https://{}/realtimeservice2/services/RISService70", lab.running.axl_address());
        let ask = async || {
            let post =
                lab.http.post(url.clone()).header("soapaction", "selectCmDeviceExt").body("");
            let answer =
                post.basic_auth("risreader", Some("risreader-password")).send().await.unwrap();
            answer.text().await.unwrap()
        };
        for _ in 0..15 {
            assert!(!ask().await.contains("Exceeded"));
        }
        assert!(ask().await.contains("Exceeded allowed rate"));
        lab.done("/ris/reset", json!({})).await;
        assert!(!ask().await.contains("Exceeded"));
        let without = lab.http.post(url.clone()).send().await.unwrap();
        assert_eq!(without.status(), 401);
        assert!(without.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
    });
}
