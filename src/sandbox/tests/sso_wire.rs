//! Single sign-on over TLS: the listeners, their certificates, their clocks, and a host that is sent nothing.

use serde_json::{Value, json};

use super::sso::FETCH;
use super::visitor::{Got, Sent, Visitor};
use crate::playbook::deployment::Endpoint;
use crate::sandbox::finesse::knobs::AuthMode;
use crate::sandbox::tls::profile::Profiles;
use crate::sandbox::{Running, SandboxOptions, SignOnHosts, start};

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn begun(mode: AuthMode) -> Running {
    let sso = SignOnHosts { mode: (mode, vec!["1001".into()]), ..SignOnHosts::default() };
    let tls = Profiles::read(&["ecdsa".to_owned()]).unwrap();
    start(SandboxOptions { sso: Some(sso), tls, ..SandboxOptions::default() }).unwrap()
}

/// Takes a request to where its host really listens.
fn carried(running: &Running, sent: &Sent) -> Got {
    let rest = sent.url.strip_prefix("https://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let endpoint = Endpoint { host: name.to_owned(), port: port.parse().unwrap() };
    let place = running.connect_to()[&endpoint];
    block(async {
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let method = sent.method.parse().unwrap();
        let mut request = client.request(method, format!("https://{place}/{path}"));
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        let reply = request.body(sent.body.clone()).send().await.unwrap();
        let header = |name: &str| {
            let all = reply.headers().get_all(name).iter();
            all.map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<String>>()
        };
        Got {
            status: reply.status().as_u16(),
            location: header("location").pop(),
            cookies: header("set-cookie"),
            media: header("content-type").pop().unwrap_or_default(),
            url: header("date").pop().unwrap_or_default(),
            body: reply.text().await.unwrap(),
        }
    })
}

fn control(running: &Running, path: &str, body: Option<&Value>) -> Value {
    block(async {
        let url = format!("http://{}{path}", running.control_address());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = match body {
            None => client.get(url),
            Some(body) => {
                client.post(url).header("content-type", "application/json").body(body.to_string())
            }
        };
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 200);
        serde_json::from_str(&reply.text().await.unwrap()).unwrap()
    })
}

#[test]
fn the_way_goes_over_listeners_of_their_own() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let running = begun(AuthMode::Hybrid);
    let of = |host: &str, port| Endpoint { host: host.to_owned(), port };
    let hosts =
        [of("ids.example.com", 8553), of("adfs.example.com", 443), of("stranger.example.net", 443)];
    let pins: Vec<[u8; 32]> = hosts.iter().map(|host| running.pins()[host]).collect();
    assert!(pins[0] != pins[1] && pins[1] != pins[2], "certificates of their own");
    assert!(running.certificates().contains_key(&hosts[0]));
    let visitor = Visitor::new(|sent| carried(&running, sent));
    let page = visitor.get(FETCH);
    let told = visitor.sign_in(&page, "agent1001@example.com").json();
    assert_eq!(told["expires_in"], 3600);
    let bearer = format!("Bearer {}", told["token"].as_str().unwrap());
    let user = "https://fin-a.example.com:8445/finesse/api/User/1001";
    assert_eq!(visitor.send("GET", user, &[("authorization", &bearer)], "").status, 200);
    let asked = control(&running, "/requests", None);
    assert_eq!(asked["sso"]["requests"]["fetch"], 2);
    assert_eq!(asked["sso"]["stranger_connections"], 0, "nothing went there");
    let known = control(&running, "/sso", None);
    assert_eq!(known["tokens"].as_array().unwrap().len(), 2);
    assert_eq!(known["hosts"]["ids"], "ids.example.com:8553");
    control(&running, "/sso", Some(&json!({ "act": "end-access", "agent": "1001" })));
    assert_eq!(visitor.send("GET", user, &[("authorization", &bearer)], "").status, 401);
    let outside =
        json!({ "knobs": { "sso": { "first": "outside-redirect", "ids_ahead_s": 3600 } } });
    control(&running, "/finesse", Some(&outside));
    control(&running, "/sso", Some(&json!({ "act": "forget-sessions" })));
    assert!(visitor.get(FETCH).body.contains("Welcome"));
    let asked = control(&running, "/requests", None);
    assert_eq!(asked["sso"]["requests"]["stranger"], 1);
    let date = carried(
        &running,
        &Sent {
            method: "GET",
            url: "https://ids.example.com:8553/ids".into(),
            headers: Vec::new(),
            body: String::new(),
        },
    );
    let late = jiff::fmt::rfc2822::parse(&date.url).unwrap().timestamp();
    assert!(late.as_second() - jiff::Timestamp::now().as_second() > 3_500, "its clock is ahead");
    let fault = json!({ "node": "ids.example.com", "kind": "html", "status": 502 });
    control(&running, "/finesse/faults", Some(&fault));
    assert_eq!(visitor.get(FETCH).status, 502);
}

#[test]
fn single_sign_on_is_switched_while_the_cluster_runs() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let running = begun(AuthMode::NonSso);
    let visitor = Visitor::new(|sent| carried(&running, sent));
    assert_eq!(visitor.get(FETCH).status, 400);
    let nobody = control(&running, "/finesse", None);
    assert_eq!(nobody["nodes"]["fin-a.example.com"]["signed_in"], json!([]));
    control(&running, "/finesse", Some(&json!({ "knobs": { "auth_mode": "SSO" } })));
    assert_eq!(visitor.get(FETCH).title(), "Sign In");
    let seat = json!({
        "node": "primary", "signed_in": [{ "id": "1001", "client": "DESKTOP" }],
        "states": { "1001": "READY" }, "call": { "from": "5550100", "to": "2001" },
    });
    control(&running, "/finesse", Some(&seat));
    let bare = start(SandboxOptions::default()).unwrap();
    assert!(!bare.pins().keys().any(|name| name.host.contains("ids")), "only where it is wanted");
}
