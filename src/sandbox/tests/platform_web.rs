//! The web services of the platform port: certificate REST, PAWS, Control Center, asked as requests come in.

use axum::http::HeaderMap;
use base64::Engine as _;
use serde_json::{Value, json};

use super::certificates::certificate;
use super::site;
use crate::playbook::deployment::Endpoint;
use crate::sandbox::SandboxOptions;
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::platform::certificates::{Certificate, TOMCAT_TRUST};
use crate::sandbox::platform::trust::{self, Nodes};
use crate::sandbox::platform::web::knobs::{NodeName, Service, TrustAnswer, WebKnobs};
use crate::sandbox::platform::web::{Reply, Request, answer};
use crate::sandbox::platform::{Kind, Station};
use crate::sandbox::site::Site;
use crate::sandbox::soap::open_envelope;

const PUBLISHER: &str = "cucm-pub.example.com";
const FINESSE: &str = "fin-a.example.com";
const CERTIFICATES: &str = "/platformcom/api/v1/certmgr/config";

fn ask(site: &Site, host: &str, user: &str, (method, target, body): (&str, &str, &str)) -> Reply {
    let kind = if host == PUBLISHER { Kind::Publisher } else { Kind::Finesse(Side::Primary) };
    let mut headers = HeaderMap::new();
    if !user.is_empty() {
        let pair = format!("{user}:{user}-password");
        let token = base64::engine::general_purpose::STANDARD.encode(pair);
        headers.insert("authorization", format!("Basic {token}").parse().unwrap());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let request = Request { method, path, query, headers: &headers, body: body.as_bytes() };
    answer(site, &Station { host: host.to_owned(), kind }, &request)
}

fn get(site: &Site, host: &str, user: &str, rest: &str) -> (u16, Value) {
    let reply = ask(site, host, user, ("GET", &format!("{CERTIFICATES}/{rest}"), ""));
    (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
}

fn tuned(site: &Site, host: &str, change: impl FnOnce(&mut WebKnobs)) {
    let mut knobs = site.front().shells.knobs(host);
    change(&mut knobs.web);
    site.front().shells.set(host, knobs);
}

#[test]
fn certificates_are_read_by_level_0_and_written_by_level_1() {
    let site = site();
    assert_eq!(
        ask(&site, PUBLISHER, "", ("GET", &format!("{CERTIFICATES}/options"), "")).status,
        401
    );
    let (status, whole) = get(&site, PUBLISHER, "osreader", "snapshot/server");
    assert_eq!((status, &whole["server"]), (200, &json!(PUBLISHER)));
    let names: Vec<&Value> =
        whole["trusts"].as_array().unwrap().iter().map(|t| &t["service"]).collect();
    assert_eq!(names, [&json!("CallManager"), &json!("Phone"), &json!("tomcat")]);
    let own = whole["identities"][0]["certificate"].clone();
    for spelling in ["certificate", "certificates"] {
        let (status, answer) =
            get(&site, PUBLISHER, "osreader", &format!("identity/{spelling}?service=tomcat"));
        assert_eq!((status, &answer["certificates"][0]), (200, &own));
    }
    let pem = certificate(0);
    let body = json!({ "service": ["Phone", "tomcat"], "certificates": [pem], "description": "x" });
    let target = format!("{CERTIFICATES}/trust/certificates");
    let post = |user: &str, body: &str| ask(&site, PUBLISHER, user, ("POST", &target, body)).status;
    assert_eq!(post("osreader", &body.to_string()), 403);
    assert_eq!(post("osoperator", &body.to_string()), 201);
    for (wrong, status) in [
        (json!({ "service": "tomcat", "certificates": [pem] }), 400),
        (json!({ "service": ["Phone-trust"], "certificates": [pem] }), 400),
        (json!({ "service": ["tomcat"], "certificates": ["x"] }), 400),
        (json!({ "service": ["tomcat"], "certificates": [certificate(-10)] }), 400),
    ] {
        assert_eq!(post("osadmin", &wrong.to_string()), status, "{wrong}");
    }
    let (_, list) = get(&site, PUBLISHER, "osreader", "trust/certificates?service=Phone");
    assert_eq!(list.as_array().unwrap().len(), 1);
    tuned(&site, PUBLISHER, |web| web.trust_answer = TrustAnswer::Object);
    let (_, list) = get(&site, PUBLISHER, "osreader", "trust/certificate?service=Phone");
    assert_eq!(list["certificates"].as_array().unwrap().len(), 1);
    let reply = ask(&site, PUBLISHER, "osadmin", ("POST", &target, "{"));
    let error: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(
        (&error["key"], &error["messages"][0]),
        (&json!(400), &json!("Invalid JSON Format"))
    );
    assert_eq!(get(&site, PUBLISHER, "osadmin", "nothing").0, 404);
}

#[test]
fn certificates_are_deleted_only_where_that_is_said_to_work() {
    let site = site();
    let read = Certificate::read(&certificate(0)).unwrap();
    let nodes = Nodes::of(&site, PUBLISHER);
    trust::import(&site.database(), &nodes, (PUBLISHER, TOMCAT_TRUST), &read).unwrap();
    let target = format!("{CERTIFICATES}/trust/certificates/{}?service=tomcat", read.file());
    let delete = |user: &str| ask(&site, PUBLISHER, user, ("DELETE", &target, "")).status;
    assert_eq!((delete("osreader"), delete("osadmin")), (403, 404));
    tuned(&site, PUBLISHER, |web| web.certificate_delete = true);
    assert_eq!((delete("osadmin"), delete("osadmin")), (200, 404));
}

#[test]
fn cucm_has_certificates_from_14_on() {
    for (release, status) in [("12.5.1.11900(146)", 404), ("14.0.1.13900(155)", 200)] {
        let options = SandboxOptions { release: release.into(), ..SandboxOptions::default() };
        let database = crate::sandbox::state::open(&options).unwrap();
        let site = Site::new(options, database).unwrap();
        assert_eq!(get(&site, PUBLISHER, "osreader", "options").0, status, "{release}");
    }
}

#[test]
fn a_wrong_password_counts_as_at_the_shell() {
    let site = site();
    for _ in 0..3 {
        let reply =
            ask(&site, PUBLISHER, "osghost", ("GET", &format!("{CERTIFICATES}/options"), ""));
        assert_eq!((reply.status, reply.realm), (401, "CMPlatform Realm"));
    }
    assert_eq!(site.front().shells.locked(), [format!("osghost@{PUBLISHER}")]);
}

#[test]
fn phone_trust_may_have_any_name_or_none() {
    let site = site();
    for name in [Some("Phone-trust"), Some("phone"), None] {
        tuned(&site, PUBLISHER, |web| web.phone_trust = name.map(str::to_owned));
        let (_, options) = get(&site, PUBLISHER, "osreader", "options");
        let services = options["trust"]["services"].as_array().unwrap();
        assert_eq!(services.len(), 2 + usize::from(name.is_some()));
        assert!(name.is_none_or(|name| services.contains(&json!(name))), "{options}");
    }
}

#[test]
fn finesse_has_none_of_it_unless_it_is_said() {
    let site = site();
    assert_eq!(get(&site, FINESSE, "osadmin", "snapshot/server").0, 404);
    tuned(&site, FINESSE, |web| web.finesse_certificates = Service::Refused);
    assert_eq!(get(&site, FINESSE, "osadmin", "snapshot/server").0, 403);
    tuned(&site, FINESSE, |web| web.finesse_certificates = Service::Works);
    let (status, whole) = get(&site, FINESSE, "osreader", "snapshot/server");
    assert_eq!((status, whole["trusts"].as_array().unwrap().len()), (200, 1));
    for path in ["/platform-services/services/ClusterNodesService", "/elsewhere"] {
        assert_eq!(ask(&site, FINESSE, "osadmin", ("POST", path, "")).status, 404);
    }
}

#[test]
fn port_443_has_the_certificate_of_the_node() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let running = crate::sandbox::start(SandboxOptions::default()).unwrap();
    let http = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy();
    let http = http.build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for (host, port, path, user, status) in [
            (PUBLISHER, 443, "snapshot/server", "osreader", 200),
            (PUBLISHER, 443, "snapshot/server", "axladmin", 401),
            (PUBLISHER, 8443, "snapshot/server", "osreader", 404),
            (FINESSE, 443, "snapshot/server", "osreader", 404),
        ] {
            let name = Endpoint { host: host.to_owned(), port };
            let url = format!("https://{}{CERTIFICATES}/{path}", running.connect_to()[&name]);
            let asked = http.get(url).basic_auth(user, Some(format!("{user}-password")));
            let answer = asked.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{host}:{port} {user}");
            if status == 401 {
                let realm = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
                assert_eq!(realm, "Basic realm=\"CMPlatform Realm\"");
            }
        }
    });
    let pin = |port| running.pins()[&Endpoint { host: PUBLISHER.to_owned(), port }];
    assert_eq!(pin(443), pin(8443), "one node, one identity");
}

fn paws(site: &Site, action: &str) -> Reply {
    let body = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header><a:Action>{action}</a:Action></s:Header><s:Body><p:isClusterReplicationOK xmlns:p=\"http://services.api.platform.vos.cisco.com\"/></s:Body></s:Envelope>"
    );
    let path = "/platform-services/services/ClusterNodesService";
    ask(site, FINESSE, "osadmin", ("POST", path, &body))
}

#[test]
fn paws_tells_whether_replication_is_all_right() {
    let site = site();
    tuned(&site, FINESSE, |web| web.finesse_paws = Service::Works);
    assert_eq!(paws(&site, "urn:other").status, 500, "the header has to agree");
    let said = || {
        let reply = paws(&site, "urn:isClusterReplicationOK");
        let returned = open_envelope(&reply.body).unwrap().child("return").unwrap().clone();
        assert_eq!(returned.value("result"), Some("internal.request.complete"));
        returned.value("clusterReplicationStatusOK").unwrap().to_owned()
    };
    assert_eq!(said(), "true");
    site.finesse(|cluster, _| cluster.knobs.replication_state = Some(3));
    assert_eq!(said(), "false");
}

fn control_center(site: &Site, user: &str, content: &str) -> Reply {
    let body = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:a=\"http://schemas.cisco.com/ast/soap\"><s:Body>{content}</s:Body></s:Envelope>"
    );
    let path = "/controlcenterservice2/services/ControlCenterServices";
    ask(site, PUBLISHER, user, ("POST", path, &body))
}

#[test]
fn control_center_tells_states_and_restarts_by_node_name() {
    let site = site();
    let content = "<a:soapGetServiceStatus><a:ServiceStatus>Cisco Tftp</a:ServiceStatus><a:ServiceStatus>Nonsense</a:ServiceStatus></a:soapGetServiceStatus>";
    assert_eq!(control_center(&site, "osadmin", content).status, 401, "it is no platform account");
    let reply = control_center(&site, "axladmin", content);
    let returned = open_envelope(&reply.body).unwrap().children[0].clone();
    let list = returned.child("ServiceInfoList").unwrap();
    let states: Vec<&str> = list.all("item").filter_map(|one| one.value("ServiceStatus")).collect();
    assert_eq!(states, ["Started", "Unknown"]);
    let restart = |name: &str| {
        let content = format!(
            "<a:soapDoControlServices><a:ControlServiceRequest><a:NodeName>{name}</a:NodeName><a:ControlType>Restart</a:ControlType><a:ServiceList><a:item>Cisco Trust Verification Service</a:item></a:ServiceList></a:ControlServiceRequest></a:soapDoControlServices>"
        );
        let reply = control_center(&site, "risreader", &content);
        let returned = open_envelope(&reply.body).unwrap().children[0].clone();
        returned.value("ReturnCode") == Some("0")
    };
    for (form, own, empty, other) in [
        (NodeName::Own, true, false, false),
        (NodeName::Ignored, true, true, true),
        (NodeName::Empty, false, true, false),
    ] {
        tuned(&site, PUBLISHER, |web| web.node_name = form);
        assert_eq!(
            (restart(PUBLISHER), restart(""), restart("x")),
            (own, empty, other),
            "{form:?}"
        );
    }
}
