//! Scenarios of the checks of phone services.

use super::bench::Bench;
use super::{Scenario, verify};

/// Changes the primary's service.
fn service(bench: &Bench, set: &str) {
    bench.lab.sql(&format!("update telecasterservice set {set} where name = 'Cisco Finesse'"));
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("service-hosts-differ", |bench| {
        service(bench, "urltemplate = 'http://fin-old.example.com:8082/fippa/#DEVICENAME#'");
    }),
    verify("service-missing", |bench| {
        bench.lab.sql("delete from telecasterservice where name = 'Cisco Finesse Secondary'");
    }),
    verify("service-url-malformed", |bench| {
        service(bench, "urltemplate = 'http://fin-a.example.com:8082/fippa/#DEVICENAME#/'");
    }),
    verify("service-url-with-parameters", |bench| {
        service(bench, "urltemplate = 'http://fin-a.example.com:8082/fippa/#DEVICENAME#?id=1'");
    }),
    verify("service-secure-url-missing", |bench| service(bench, "secureurltemplate = ''")),
    verify("service-plain-url-missing", |bench| service(bench, "urltemplate = ''")),
    verify("service-host-not-finesse", |bench| {
        service(
            bench,
            "urltemplate = replace(urltemplate, 'fin-a', 'old'), secureurltemplate = replace(secureurltemplate, 'fin-a', 'old')",
        );
    }),
    verify("service-category-type", |bench| service(bench, "tkphoneservice = 1")),
    verify("service-disabled", |bench| service(bench, "enabled = 'f'")),
    verify("service-single", |bench| {
        bench.rewrite(", secondary: fin-b.example.com }", " }");
        bench.rewrite("  secondary: { name: Cisco Finesse Secondary }\n", "");
    }),
    verify("service-not-adopted", |bench| {
        bench.rewrite("{ name: Cisco Finesse }", "{ name: Cisco Finesse, adopt: CAD IP Agent }");
    }),
    verify("service-enterprise-changed", |bench| service(bench, "enterprisesubscription = 't'")),
    verify("authentication-url", |bench| {
        bench.lab.sql(
            "update processconfig set paramvalue = 'http://cucm-pub:8080/ccmcip/authenticate.jsp' \
             where paramname = 'URLAuthentication'",
        );
    }),
    Scenario {
        silent: Some(|bench| {
            bench.lab.write("agents.csv", "device,device_profile,id,extension,user\n");
        }),
        ..verify("call-soft-keys", |_| ())
    },
];
