//! Scenarios of the checks of phones.

use serde_json::json;

use super::bench::Bench;
use super::{Scenario, verify};

/// The phone that is spoilt: without Extension Mobility.
const PHONE: &str = "SEP001122330009";

/// Sets a column of the phone.
fn device(bench: &Bench, set: &str) {
    bench.lab.sql(&format!("update device set {set} where name = '{PHONE}'"));
}

/// Changes what the phone runs and says of itself.
fn running(bench: &Bench, what: &str, value: &str) {
    bench.lab.control("POST", "/phones", &json!({ "phone": PHONE, what: value }));
}

/// Changes the phone's own configuration.
fn configured(bench: &Bench, from: &str, to: &str) {
    bench.lab.sql(&format!(
        "update devicexml4k set xml = replace(xml, '{from}', '{to}') \
         where fkdevice in (select pkid from device where name = '{PHONE}')"
    ));
}

/// Makes it a phone of another model.
fn model(bench: &Bench, number: &str) {
    bench.lab.sql(&format!("insert into typemodel (enum, name) values (9999, 'Cisco {number}')"));
    device(bench, "tkmodel = 9999");
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("phone-missing", |bench| bench.roster(PHONE, "SEP00112233FFFF")),
    verify("phone-not-registered", |bench| running(bench, "status", "UnRegistered")),
    verify("extension-not-on-phone", |bench| {
        bench.lab.sql(&format!(
            "delete from devicenumplanmap where fkdevice in (select pkid from device where name = '{PHONE}')"
        ));
    }),
    verify("phone-cti-control-off", |bench| device(bench, "allowcticontrolflag = 'f'")),
    verify("phone-model-unsupported", |bench| model(bench, "9971")),
    verify("phone-web-access", |bench| {
        configured(bench, "<webAccess>0</webAccess>", "<webAccess>1</webAccess>");
    }),
    verify("phone-https-server", |bench| {
        configured(bench, "<webProtocol>1</webProtocol>", "<webProtocol>0</webProtocol>");
    }),
    verify("phone-setting-overridden", |bench| {
        bench.rewrite("scope: phones", "scope: common-phone-profile");
        configured(bench, "<webAccess>0</webAccess>", "<webAccess>1</webAccess>");
    }),
    verify("phone-setting-not-applied", |bench| running(bench, "httpd", "No")),
    verify("phone-simplified-new-call-ui", |bench| {
        configured(bench, "<webAccess>", "<simplifiedNewCall>1</simplifiedNewCall><webAccess>");
    }),
    verify("phone-services-provisioning", |bench| device(bench, "tkphoneservicedisplay = 1")),
    verify("phone-locale-without-pack", |bench| {
        bench.rewrite("product: uccx,", "product: uccx, language_packs: [cs_CZ],");
        device(bench, "tkuserlocale = 3");
    }),
    verify("phone-firmware-defect", |bench| {
        model(bench, "8821");
        running(bench, "load", "sip8821.11-0-4SR1-13");
    }),
    verify("phone-firmware-too-old", |bench| {
        model(bench, "8845");
        running(bench, "load", "sip8845_65.10-3-1-20");
    }),
];
