//! Scenarios of the checks of phone services.

use super::{Scenario, verify};

pub(super) const SCENARIOS: &[Scenario] = &[verify("service-hosts-differ", |bench| {
    bench.lab.sql(
        "update telecasterservice set urltemplate = 'http://fin-old.example.com:8082/fippa/#DEVICENAME#' \
         where name = 'Cisco Finesse'",
    );
})];
