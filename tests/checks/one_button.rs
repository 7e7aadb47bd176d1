//! Scenarios of the checks of one button sign-in's parameters.

use super::bench::Bench;
use super::{Scenario, verify};

/// Changes a parameter of the primary's service.
fn parameter(bench: &Bench, name: &str, set: &str) {
    bench.lab.sql(&format!(
        "update telecasterserviceparameter set {set} where name = '{name}' and fktelecasterservice in \
         (select pkid from telecasterservice where name = 'Cisco Finesse')"
    ));
}

/// Gives both services one more parameter.
fn one_more(bench: &Bench, name: &str) {
    bench.lab.sql(&format!(
        "insert into telecasterserviceparameter (fktelecasterservice, name, displayname, paramrequired) \
         select pkid, '{name}', '{name}', 'f' from telecasterservice where name like 'Cisco Finesse%'"
    ));
}

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("obsi-parameter-name", |bench| parameter(bench, "id", "name = 'ID'")),
    verify("obsi-parameter-unknown", |bench| one_more(bench, "zip")),
    verify("obsi-parameter-missing", |bench| {
        bench.lab.sql(
            "delete from telecasterserviceparameter where name = 'extension' and fktelecasterservice in \
             (select pkid from telecasterservice where name = 'Cisco Finesse')",
        );
    }),
    verify("obsi-parameter-default", |bench| parameter(bench, "id", "defaultvalue = '1001'")),
    verify("obsi-password-not-masked", |bench| {
        one_more(bench, "password");
        bench.rewrite("password: sign-in }", "password: agent }");
    }),
    verify("obsi-mask-on-other", |bench| parameter(bench, "id", "parampassword = 't'")),
    verify("obsi-required-flag", |bench| parameter(bench, "id", "paramrequired = 'f'")),
];
