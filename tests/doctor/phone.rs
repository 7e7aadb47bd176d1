//! A phone's web server in the test's process, and what doctor says of it when it is asked to look.

use std::sync::Arc;

use ippactl::clients::tls::{fingerprint, fingerprint_text};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::healthy;
use crate::checks::bench::Bench;
use crate::lab::Ran;

const PHONE: &str = "SEP001122330001";
const URL: &str = "https://cucm-pub.example.com:8443/ccmcip/authenticate.jsp";

/// A phone that answers with this page, and with this status to a push.
struct Phone {
    port: u16,
    pin: String,
    _runtime: tokio::runtime::Runtime,
}

impl Phone {
    fn start(page: String, screenshot: u16) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let names = vec!["SEP001122330001".to_owned()];
        let certificate = rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        let der: CertificateDer<'static> = certificate.der().clone();
        let pin = fingerprint_text(&fingerprint(&der));
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![der], key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let Ok(mut tls) = acceptor.accept(tcp).await else { continue };
                let mut seen = vec![0; 4096];
                let read = tls.read(&mut seen).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&seen[..read]).into_owned();
                let pushed = head.starts_with("GET /CGI/Screenshot ");
                let known = head.to_ascii_lowercase().contains("\r\nauthorization: basic ");
                let (status, body) = match (pushed, known) {
                    (true, true) => (screenshot, "the agent's screen"),
                    (true, false) => (401, ""),
                    (false, _) => (200, page.as_str()),
                };
                let text = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                drop(tls.write_all(text.as_bytes()).await);
                drop(tls.shutdown().await);
            }
        });
        Self { port, pin, _runtime: runtime }
    }
}

fn page(address: &str, dns: &str, url: &str) -> String {
    format!(
        "<NetworkConfiguration><HostName>{PHONE}</HostName><IPAddress>{address}</IPAddress>\
         <DNSServer1>{dns}</DNSServer1><AuthenticationURL>{url}</AuthenticationURL></NetworkConfiguration>"
    )
}

/// Where CUCM sees the phone: the sandbox makes addresses of the phones' numbers.
fn address(bench: &Bench) -> String {
    let asked = format!("select rowid from device where name = '{PHONE}'");
    let rows = bench.lab.control("POST", "/sql", &json!({ "sql": asked }));
    let number = rows["rows"][0]["rowid"].as_u64().unwrap();
    format!("10.20.{}.{}", number / 250 % 250, 1 + number % 250)
}

/// The run against a phone like this.
fn ran(bench: &Bench, phone: &Phone, flags: &[&str]) -> Ran {
    bench.lab.sql(&format!(
        "insert or replace into processconfig (paramname, paramvalue, fkprocessnode, tkservice) select 'URLAuthentication', '{URL}', \
         fkprocessnode, tkservice from processconfig where paramname = 'ClusterID'"
    ));
    let place = format!("{}:443", address(bench));
    bench.rewrite("pins: {", &format!("pins: {{ \"{place}\": [\"{}\"], ", phone.pin));
    let mut command = bench.lab.command(&["doctor", "site.yaml", "--output", "json"]);
    command.arg("--connect-to").arg(format!("{place}=127.0.0.1:{}", phone.port));
    // What is not mapped leads nowhere: port 80 of the phone is closed.
    command.arg("--connect-to").arg(format!("{}:80=127.0.0.1:1", address(bench)));
    Ran::of(&command.args(flags).output().unwrap())
}

fn states(ran: &Ran) -> Vec<(String, String)> {
    let lines = super::lines(ran);
    let of_phone = lines
        .iter()
        .filter(|line| line["subject"].as_str().is_some_and(|subject| subject.starts_with(PHONE)));
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    of_phone
        .filter(|line| line["state"] != "ok")
        .map(|line| (word(line, "check"), word(line, "state")))
        .collect()
}

#[test]
fn a_phone_that_is_well_has_nothing_but_ok() {
    let bench = healthy();
    let phone = Phone::start(page(&address(&bench), "192.0.2.53", URL), 200);
    let seen = ran(&bench, &phone, &["--probe-phones=1", "--probe-pushes"]);
    assert_eq!(states(&seen), [], "{}", seen.stdout);
    let lines = super::lines(&seen);
    let of_phone = |line: &&Value| line["subject"].as_str().is_some_and(|s| s.starts_with(PHONE));
    // DNS, address, Authentication URL, port 80, push.
    assert_eq!(lines.iter().filter(of_phone).count(), 5, "{}", seen.stdout);
    assert!(!seen.stdout.contains("the agent's screen"));
    let quiet = bench.lab.run(&["doctor", "site.yaml"]);
    assert!(!quiet.stdout.contains(PHONE), "a phone was touched unasked: {}", quiet.stdout);
}

#[test]
fn a_phone_that_is_not_well_has_a_line_for_each_thing() {
    let bench = healthy();
    let phone = Phone::start(page("10.99.0.1", "0.0.0.0", "http://pager.example.com/auth"), 401);
    let seen = ran(&bench, &phone, &["--probe-phones=1", "--probe-pushes"]).expect(1);
    let warning = |id: &str| (id.to_owned(), "warning".to_owned());
    let expected = [
        warning("phone-without-dns"),
        warning("phone-outside-lan"),
        warning("phone-authentication-url-differs"),
        ("phone-push-refused".to_owned(), "failed".to_owned()),
    ];
    assert_eq!(states(&seen), expected, "{}", seen.stdout);
}
