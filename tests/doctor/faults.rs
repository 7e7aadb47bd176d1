//! The faults: services stopped, ports closed, passwords wrong, clocks apart, and what doctor says of each.

use serde_json::json;

use super::Fault;
use crate::checks::bench::Bench;

const FAILED: &[(&str, i32)] = &[("failed", 1)];
const DENIED: &[(&str, i32)] = &[("failed", 4)];
const UNREAD: &[(&str, i32)] = &[("not checked", 3)];
const WARNING: &[(&str, i32)] = &[("warning", 0)];

const fn fault(
    what: &'static str,
    id: &'static str,
    ends: &'static [(&'static str, i32)],
    happens: fn(&Bench),
) -> Fault {
    Fault { what, happens, env: None, id, ends }
}

/// A password that the run is given wrong.
const fn password(what: &'static str, variable: &'static str, id: &'static str) -> Fault {
    Fault { what, happens: |_| (), env: Some((variable, "Wrong1")), id, ends: DENIED }
}

fn finesse(bench: &Bench, change: &serde_json::Value) {
    bench.lab.control("POST", "/finesse", change);
}

fn shell(bench: &Bench, node: &str, knobs: &serde_json::Value) {
    bench.lab.control("POST", "/ssh", &json!({ "node": node, "knobs": knobs }));
}

fn axl(bench: &Bench, operation: &str, kind: &str) {
    let fault = json!({ "operation": operation, "kind": kind, "times": 9, "text": "not allowed" });
    bench.lab.control("POST", "/faults", &fault);
}

/// Answers of Finesse below this path.
fn page(bench: &Bench, path: &str, kind: &str, status: u16) {
    let fault = json!({ "path": path, "kind": kind, "status": status, "times": 99 });
    bench.lab.control("POST", "/finesse/faults", &fault);
}

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a name without a record",
        "finesse-name-unresolved",
        &[("failed", 1), ("not checked", 3)],
        |bench| {
            bench.rewrite(
                "secondary: fin-b.example.com }",
                "secondary: { host: fin-b.example.com, service_host: fin-b.nowhere.invalid } }",
            );
        },
    ),
    fault("a port that nobody listens at", "finesse-unreachable", FAILED, |bench| {
        bench.rewrite(
            "secondary: fin-b.example.com }",
            "secondary: { host: localhost, api_port: 1, service_host: fin-b.example.com } }",
        );
    }),
    fault("the publisher is elsewhere", "axl-unreachable", FAILED, |bench| {
        bench.rewrite("publisher: cucm-pub.example.com,", "publisher: 'localhost:1',");
    }),
    fault("AXL is stopped", "axl-unreachable", FAILED, |bench| {
        bench.lab.control("POST", "/settings", &json!({ "axl_service": "404" }));
    }),
    password("AXL's password is wrong", "AXL_PASSWORD", "axl-credential-refused"),
    fault("the AXL account has no role", "axl-role-missing", DENIED, |bench| {
        bench.rewrite("axl: { user: axladmin", "axl: { user: nobody");
    }),
    fault("one kind of read is refused", "axl-role-missing", FAILED, |bench| {
        axl(bench, "getIpPhoneServices", "fault");
    }),
    fault("TVS is stopped on the subscriber", "cucm-service-stopped", FAILED, |bench| {
        let change = json!({
            "node": "cucm-sub1.example.com",
            "service": "Cisco Trust Verification Service",
            "state": "stopped"
        });
        bench.lab.control("POST", "/cucm", &change);
    }),
    fault("CTIManager is activated nowhere", "cucm-service-stopped", FAILED, |bench| {
        let change = json!({ "service": "Cisco CTIManager", "state": "not-activated" });
        bench.lab.control("POST", "/cucm", &change);
    }),
    password(
        "serviceability's password is wrong",
        "RIS_PASSWORD",
        "control-center-credential-refused",
    ),
    fault("RisPort refuses", "risport-fault", UNREAD, |bench| {
        axl(bench, "selectCmDeviceExt", "fault");
    }),
    fault("a phone is away", "phone-not-registered", WARNING, |bench| {
        let phone = json!({ "phone": "SEP001122330003", "registered": false });
        bench.lab.control("POST", "/phones", &phone);
    }),
    Fault {
        what: "the application user's password is wrong",
        happens: |_| (),
        env: Some(("IPPA_PASSWORD", "Another1")),
        id: "authentication-refused",
        ends: FAILED,
    },
    fault("a Finesse node is out of service", "finesse-not-in-service", FAILED, |bench| {
        finesse(bench, &json!({ "node": "secondary", "out_of_service": true }));
    }),
    fault("the heartbeat fails", "finesse-not-in-service", FAILED, |bench| {
        finesse(bench, &json!({ "node": "primary", "heartbeat": false }));
    }),
    fault("Finesse Tomcat is stopped", "finesse-not-in-service", FAILED, |bench| {
        finesse(bench, &json!({ "node": "secondary", "tomcat": "stop" }));
    }),
    password("Finesse's password is wrong", "FINESSE_PASSWORD", "finesse-credential-refused"),
    fault("primary and secondary are swapped", "finesse-primary-mismatch", FAILED, |bench| {
        bench.rewrite(
            "primary: fin-a.example.com, secondary: fin-b.example.com",
            "primary: fin-b.example.com, secondary: fin-a.example.com",
        );
    }),
    fault("a proxy forbids administration", "finesse-behind-proxy", FAILED, |bench| {
        page(bench, "/finesse/api/User", "status", 403);
    }),
    fault("a proxy does not serve it", "finesse-behind-proxy", FAILED, |bench| {
        page(bench, "/finesse/api/", "html", 421);
    }),
    fault("Finesse is in SSO mode", "sso-mode", FAILED, |bench| {
        finesse(bench, &json!({ "knobs": { "auth_mode": "SSO" } }));
    }),
    fault("the IPPA page is a web page", "servlet-not-phone-xml", FAILED, |bench| {
        page(bench, "/fippa/", "html", 200);
    }),
    fault("the IPPA page is gone", "servlet-not-answering", FAILED, |bench| {
        page(bench, "/fippa/", "close", 0);
    }),
    fault("a server's certificate was renewed", "certificate-changed", FAILED, |bench| {
        let renew = json!({ "act": "renew", "node": "fin-b.example.com" });
        bench.lab.control("POST", "/certificates", &renew);
    }),
    fault("a server's certificate has expired", "certificate-expired", FAILED, |bench| {
        let renew = json!({ "act": "renew", "node": "fin-b.example.com", "profile": "expired" });
        bench.lab.control("POST", "/certificates", &renew);
    }),
    fault("a clock is ahead", "clock-skew", WARNING, |bench| {
        shell(bench, "fin-a.example.com", &json!({ "clock_ahead_s": 900 }));
    }),
    fault("NTP has lost its server", "ntp-unsynchronised", WARNING, |bench| {
        shell(bench, "fin-b.example.com", &json!({ "ntp_synchronised": false }));
    }),
    password(
        "the platform's password is wrong",
        "FINESSE_OS_PASSWORD",
        "platform-credential-refused",
    ),
    fault("the platform account may only read", "os-admin-level", WARNING, |bench| {
        bench.rewrite("finesse_platform: { user: osadmin", "finesse_platform: { user: osreader");
    }),
    fault("a host key is another one", "ssh-host-key-changed", FAILED, |bench| {
        let mut known: serde_json::Value = serde_json::from_str(
            &std::fs::read_to_string(bench.lab.path("state/host-keys.json")).unwrap(),
        )
        .unwrap();
        known["host_keys"]["fin-a.example.com:22"] =
            json!(["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]);
        bench.lab.write("state/host-keys.json", &known.to_string());
    }),
    fault("replication is broken", "replication-incomplete", FAILED, |bench| {
        let knobs = json!({ "cucm_replication": 3 });
        shell(bench, "cucm-pub.example.com", &knobs);
    }),
    fault("a shell does not listen", "platform-unreachable", FAILED, |bench| {
        bench.rewrite("platform_ssh: 'cucm-pub.example.com:22'", "platform_ssh: 'localhost:1'");
    }),
];
