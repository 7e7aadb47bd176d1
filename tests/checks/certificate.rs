//! Scenarios of the checks of certificates and trust stores.

use serde_json::json;

use super::bench::Bench;
use super::{By, Scenario};

const FIN_A: &str = "fin-a.example.com";
const SUBSCRIBER: &str = "cucm-sub1.example.com";
const PUBLISHER: &str = "cucm-pub.example.com";

/// The playbook speaks of certificates: nothing is said of them otherwise.
fn declared(bench: &Bench) {
    bench.rewrite("restart: {", "certificates: { via: [shell] }\nrestart: {");
}

const fn verify(check: &'static str, fires: fn(&Bench)) -> Scenario {
    Scenario { check, by: By::Verify, silent: Some(declared), fires }
}

fn act(bench: &Bench, act: &serde_json::Value) {
    declared(bench);
    bench.lab.control("POST", "/certificates", act);
}

/// Renews a node's certificate with another profile, and trusts it.
fn renewed(bench: &Bench, node: &str, profile: &str) {
    declared(bench);
    let shown = bench.lab.control(
        "POST",
        "/certificates",
        &json!({"act": "renew", "node": node, "profile": profile}),
    );
    let before = bench.lab.certificate_print(node);
    let print = shown["nodes"][node]["own"]["sha256"].as_str().unwrap();
    let print =
        if print.starts_with("sha256:") { print.to_owned() } else { format!("sha256:{print}") };
    bench.rewrite(&before, &print);
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("certificate-unreadable", |bench| renewed(bench, SUBSCRIBER, "tls10-only")),
    verify("phone-trust-lacks-finesse", |bench| {
        act(bench, &json!({"act": "forget", "store": "Phone-trust"}));
    }),
    verify("tomcat-trust-lacks-cucm", |bench| {
        act(bench, &json!({"act": "forget", "node": FIN_A, "store": "tomcat-trust"}));
    }),
    verify("finesse-peer-certificate", |bench| {
        act(bench, &json!({"act": "forget", "node": FIN_A, "store": "tomcat-trust"}));
    }),
    verify("trust-same-name", |bench| {
        act(bench, &json!({"act": "import", "store": "Phone-trust", "name": FIN_A}));
    }),
    verify("finesse-trusts-all", |bench| {
        declared(bench);
        let knobs = json!({"properties": {"webservices trustAllCertificates": "true"}});
        bench.lab.control("POST", "/ssh", &json!({"node": FIN_A, "knobs": knobs}));
    }),
    verify("tvs-unreachable", |bench| {
        declared(bench);
        let service = "Cisco Trust Verification Service";
        let stop = json!({"node": PUBLISHER, "service": service, "state": "stopped"});
        bench.lab.control("POST", "/cucm", &stop);
        // Its port closes a moment later.
        std::thread::sleep(std::time::Duration::from_millis(500));
    }),
    verify("certificate-changed", |bench| renewed(bench, FIN_A, "ecdsa")),
    verify("certificate-expired", |bench| renewed(bench, FIN_A, "expired")),
    verify("certificate-name", |bench| renewed(bench, FIN_A, "wrong-name")),
    verify("certificate-expiring", |bench| {
        declared(bench);
        bench.rewrite("restart: {", "checks: { certificate_days: 3650 }\nrestart: {");
    }),
    Scenario {
        check: "certificate-chain",
        by: By::Verify,
        // The root is sent by nobody, and nobody here knows it.
        silent: Some(|bench| renewed(bench, FIN_A, "ca-signed")),
        fires: |bench| renewed(bench, FIN_A, "ca-signed-without-intermediate"),
    },
    verify("certificate-key-type", |bench| renewed(bench, PUBLISHER, "self-signed")),
];
