//! Scenarios of the checks of extensions.

use super::bench::Bench;
use super::{Scenario, verify};

/// The phone that is spoilt, and its extension.
const PHONE: &str = "SEP001122330009";
const NUMBER: &str = "2009";

/// Gives a device one more line.
fn line(bench: &Bench, device: &str, index: u8, number: &str) {
    bench.lab.sql(&format!(
        "insert into devicenumplanmap (fkdevice, numplanindex, fknumplan) select d.pkid, {index}, n.pkid \
         from device d, numplan n where d.name = '{device}' and n.dnorpattern = '{number}'"
    ));
}

/// Changes the line of a device.
fn lines_of(bench: &Bench, device: &str, set: &str) {
    bench.lab.sql(&format!(
        "update devicenumplanmap set {set} where fkdevice in (select pkid from device where name = '{device}')"
    ));
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("extension-shared", |bench| line(bench, "SEP001122330020", 2, NUMBER)),
    verify("extension-beyond-fourth-line", |bench| {
        lines_of(bench, PHONE, "numplanindex = 9");
        for (index, number) in [(1, "2021"), (2, "2022"), (4, "2023"), (6, "2024")] {
            line(bench, PHONE, index, number);
        }
    }),
    verify("extension-in-line-group", |bench| {
        bench.lab.sql(&format!(
            "insert into linegroupnumplanmap (fklinegroup, fknumplan) select g.pkid, n.pkid \
             from linegroup g, numplan n where n.dnorpattern = '{NUMBER}'"
        ));
    }),
    verify("extension-busy-trigger", |bench| lines_of(bench, PHONE, "maxnumcalls = 4")),
    verify("extension-not-ipv4-only", |bench| {
        bench.lab.sql(&format!(
            "update device set fkcommondeviceconfig = \
             (select pkid from commondeviceconfig where name = 'Dual Stack Phones') where name = '{PHONE}'"
        ));
    }),
    verify("extension-on-phone-not-profile", |bench| {
        lines_of(
            bench,
            "UDP_1001",
            "numplanindex = 2, fkdevice = (select pkid from device where name = 'SEP001122330001')",
        );
    }),
];
