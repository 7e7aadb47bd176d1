//! The running cluster over TLS and the control port.

use serde_json::{Value, json};

use super::{envelope, headers};
use crate::sandbox::{SandboxOptions, start};

fn client() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().unwrap()
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn the_cluster_answers_keeps_its_identity_and_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let options = || SandboxOptions {
        state: Some(folder.path().join("state.db")),
        record: Some(folder.path().join("record")),
        ..SandboxOptions::default()
    };
    let running = start(options()).unwrap();
    let pin = running.certificate_sha256();
    let axl = format!("https://{}/axl/", running.axl_address());
    let control = format!("http://{}", running.control_address());
    let write = "<appUser><userid>ippa</userid><password>Secret1!</password><associatedDevices><device>SEP001122330001</device></associatedDevices></appUser>";
    block(async {
        let client = client();
        let post = |body: String, operation: &str| {
            client.post(&axl).headers(headers("axladmin", "14.0", operation)).body(body).send()
        };
        let answer = post(envelope("14.0", "addAppUser", write), "addAppUser").await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("JSESSIONIDSSO="));
        assert_eq!(client.post(axl.trim_end_matches('/')).send().await.unwrap().status(), 404);

        let push = format!("https://{}/ccmcip/authenticate.jsp", running.axl_address());
        for (password, device, said) in [
            ("Secret1%21", "SEP001122330001", "AUTHORIZED"),
            ("Secret1%21", "SEP001122330002", "UN-AUTHORIZED"),
            ("wrong", "SEP001122330001", "UN-AUTHORIZED"),
        ] {
            let form = format!("UserID=ippa&Password={password}&devicename={device}");
            assert_eq!(
                client.post(&push).body(form).send().await.unwrap().text().await.unwrap(),
                said
            );
        }

        let fault = json!({ "operation": "*", "kind": "drop-before" }).to_string();
        let json = |path: &str, body: String| {
            client
                .post(format!("{control}{path}"))
                .header("content-type", "application/json")
                .body(body)
                .send()
        };
        assert_eq!(json("/faults", fault).await.unwrap().status(), 200);
        let lost = post(envelope("14.0", "getCCMVersion", ""), "getCCMVersion").await;
        assert!(lost.is_err());

        let order = json!({ "device": "SEP001122330013", "service": "Cisco Finesse", "values": { "id": "a b", "extension": "7" } });
        assert_eq!(json("/operator/subscription", order.to_string()).await.unwrap().status(), 200);
        let get = async |path: &str| -> Value {
            let text =
                client.get(format!("{control}{path}")).send().await.unwrap().text().await.unwrap();
            serde_json::from_str(&text).unwrap()
        };
        let dump = get("/dump").await;
        let subscription = &dump["devices"]["SEP001122330013"]["subscriptions"][0];
        assert_eq!(
            subscription["url"],
            "http://old-fin.example.com:8082/fippa/#DEVICENAME#?id=a%20b&extension=7"
        );
        assert_eq!(subscription["values"], json!({ "extension": "7", "id": "a b" }));
        let less = get("/dump?without=devices/SEP001122330013,end_users").await;
        assert!(
            less["devices"].get("SEP001122330013").is_none() && less.get("end_users").is_none()
        );

        let order = json!({ "service": "Cisco Finesse", "name": "id", "definition": { "name": "agent", "displayName": "Agent" } });
        assert_eq!(json("/operator/parameter", order.to_string()).await.unwrap().status(), 200);
        let dump = get("/dump").await;
        assert_eq!(
            dump["devices"]["SEP001122330041"]["subscriptions"][0]["values"]["agent"],
            "1041"
        );

        assert_eq!(
            json("/settings", json!({ "answer_limit": 10 }).to_string()).await.unwrap().status(),
            200
        );
        assert_eq!(
            json("/settings", json!({ "nothing": 10 }).to_string()).await.unwrap().status(),
            422
        );
        let requests = get("/requests").await;
        assert_eq!(requests["operations"]["addAppUser"], 1);
        assert_eq!(requests["authenticate_failures"]["ippa"], 1);
    });
    assert!(folder.path().join("record/000001.request.xml").exists());
    running.shutdown();
    let again = start(options()).unwrap();
    assert_eq!(again.certificate_sha256(), pin);
    assert!(again.certificate_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    let control = format!("http://{}", again.control_address());
    let dump = block(async {
        client().get(format!("{control}/dump")).send().await.unwrap().text().await.unwrap()
    });
    assert!(dump.contains("\"ippa\""));
}

#[test]
fn the_certificate_has_the_platform_s_shape() {
    use x509_parser::prelude::{FromDer as _, X509Certificate, parse_x509_pem};
    let running = start(SandboxOptions::default()).unwrap();
    let (_, pem) = parse_x509_pem(running.certificate_pem().as_bytes()).unwrap();
    let (_, certificate) = X509Certificate::from_der(&pem.contents).unwrap();
    let constraints = certificate.basic_constraints().unwrap().unwrap();
    assert!(constraints.critical && constraints.value.ca);
    assert_eq!(constraints.value.path_len_constraint, Some(0));
    let usage = certificate.key_usage().unwrap().unwrap().value;
    assert!(
        usage.digital_signature()
            && usage.key_encipherment()
            && usage.data_encipherment()
            && usage.key_cert_sign()
    );
    let extended = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.server_auth && extended.client_auth);
    assert_eq!(certificate.subject(), certificate.issuer());
    assert_eq!(
        certificate.subject_alternative_name().unwrap().unwrap().value.general_names.len(),
        1
    );
}

#[test]
fn a_thousand_phones_are_written_ten_times_without_delay() {
    let options = SandboxOptions { extra_phones: 1000, ..SandboxOptions::default() };
    let database = crate::sandbox::state::open(&options).unwrap();
    let site = crate::sandbox::site::Site::new(options, database).unwrap();
    let begun = std::time::Instant::now();
    for number in 0..10_000_u64 {
        let name = format!("SEP{:012X}", 0x5C00_0000_0000_u64 + number % 1000);
        let content = format!(
            "<name>{name}</name><vendorConfig><webAccess>0</webAccess></vendorConfig><services><service><telecasterServiceName>Weather</telecasterServiceName><name>Weather</name></service></services>"
        );
        super::ask(&site, "updatePhone", &content);
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
