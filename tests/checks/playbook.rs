//! Scenarios of the checks that a playbook and its roster decide.

use super::bench::Bench;
use super::{Scenario, validate};

/// Makes the subscription an enterprise one.
fn enterprise(bench: &Bench) {
    bench.rewrite("phone_services:\n", "phone_services:\n  subscription: enterprise\n");
}

/// The section of sign-ins.
fn sso(bench: &Bench, section: &str) {
    bench.rewrite("limits:", &format!("sso: {section}\nlimits:"));
}

pub(super) const SCENARIOS: &[Scenario] = &[
    validate("sso-refresh-in-url", |bench| sso(bench, "{ refresh: get }")),
    validate("sso-release", |bench| {
        bench.rewrite("12.5(1)SU3", "12.5(1)");
        sso(bench, "{ refresh: post }");
    }),
    validate("services-same-name", |bench| {
        bench.rewrite("Cisco Finesse Secondary", "Cisco Finesse");
    }),
    validate("phone-shared-by-agents", |bench| bench.roster("1009,2009", "1003,3003")),
    validate("service-url-not-fqdn", |bench| {
        bench.rewrite("primary: fin-a.example.com", "primary: fin-a");
    }),
    validate("service-http-only-release", |bench| bench.rewrite("12.5(1)SU3", "11.6(1)")),
    validate("services-same-host", |bench| {
        bench.rewrite("secondary: fin-b.example.com", "secondary: fin-a.example.com");
    }),
    validate("service-name-too-long", |bench| {
        bench.rewrite("Cisco Finesse Secondary", "Cisco Finesse IP Phone Agent of the secondary");
    }),
    validate("obsi-enterprise-conflict", enterprise),
    validate("procedure-incomplete", |bench| {
        bench.rewrite("password: sign-in }", "password: agent }");
    }),
    validate("procedure-not-applicable", |bench| {
        enterprise(bench);
        bench.rewrite("limits:", "self_care: {}\nlimits:");
    }),
    validate("subscription-value-needs-escaping", |bench| bench.roster("1009,2009", "10 09,2009")),
    validate("subscription-value-limits", |bench| {
        bench.roster("1009,2009", &format!("{},2009", "1".repeat(101)));
    }),
    validate("subscription-agent-id-form", |bench| {
        bench.rewrite("product: uccx", "product: ucce");
        bench.roster("1009,2009", "agent9,2009");
    }),
    validate("subscription-password-readable", |bench| {
        bench.rewrite("password: sign-in }", "password: agent }");
    }),
];
