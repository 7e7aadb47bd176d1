//! Scenarios of the checks of subscriptions.

use super::bench::Bench;
use super::{Scenario, verify};

/// The phone that is spoilt.
const PHONE: &str = "SEP001122330009";

/// The subscriptions of a device to these services.
fn of(device: &str, service: &str) -> String {
    format!(
        "fkdevice in (select pkid from device where name = '{device}') and fktelecasterservice in \
         (select pkid from telecasterservice where name like '{service}')"
    )
}

/// Takes subscriptions of a device away.
fn unsubscribed(bench: &Bench, device: &str, service: &str) {
    bench
        .lab
        .sql(&format!("delete from telecastersubscribedservice where {}", of(device, service)));
}

/// Changes the phone's subscription to the primary's service.
fn subscription(bench: &Bench, set: &str) {
    let of = of(PHONE, "Cisco Finesse");
    bench.lab.sql(&format!("update telecastersubscribedservice set {set} where {of}"));
}

/// Subscribes a device to the primary's service once more.
fn subscribed(bench: &Bench, device: &str) {
    bench.lab.sql(&format!(
        "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, secureserviceurl) \
         select d.pkid, t.pkid, t.name, t.name, t.urltemplate, t.secureurltemplate from device d, telecasterservice t \
         where d.name = '{device}' and t.name = 'Cisco Finesse'"
    ));
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("subscription-missing", |bench| unsubscribed(bench, PHONE, "Cisco Finesse%")),
    verify("profile-not-subscribed", |bench| unsubscribed(bench, "UDP_1001", "Cisco Finesse%")),
    verify("subscription-one-service-only", |bench| {
        unsubscribed(bench, PHONE, "Cisco Finesse Secondary");
    }),
    verify("subscription-url-stale", |bench| {
        subscription(bench, "serviceurl = replace(serviceurl, 'fin-a', 'fin-old')");
    }),
    verify("subscription-values-missing", |bench| {
        subscription(bench, "serviceurl = 'http://fin-a.example.com:8082/fippa/#DEVICENAME#'");
    }),
    verify("subscription-values-differ", |bench| {
        subscription(bench, "serviceurl = replace(serviceurl, '1009', '1010')");
    }),
    verify("subscription-value-rows-differ", |bench| {
        bench
            .lab
            .sql("update telecastersubscribedparameter set value = '1010' where value = '1009'");
    }),
    verify("subscription-value-undeclared", |bench| {
        bench.rewrite("extension: administrator", "extension: sign-in");
    }),
    verify("subscription-duplicate", |bench| subscribed(bench, PHONE)),
    Scenario {
        // The seeded cluster has phones of its own that are subscribed.
        silent: Some(|bench| {
            bench.lab.sql(
                "delete from telecastersubscribedservice where fktelecasterservice in \
                 (select pkid from telecasterservice where name like 'Cisco Finesse%') and fkdevice in \
                 (select pkid from device where name not in ('SEP001122330001', 'SEP001122330002', \
                 'SEP001122330003', 'SEP001122330009', 'UDP_1001', 'UDP_1004'))",
            );
        }),
        ..verify("subscription-undeclared", |bench| subscribed(bench, "SEP001122330020"))
    },
];
