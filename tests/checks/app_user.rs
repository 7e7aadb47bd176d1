//! Scenarios of the checks of application users.

use super::bench::Bench;
use super::{Scenario, validate, verify};

/// Adds UCCX's user to the playbook.
fn rmcm(bench: &Bench) {
    let ippa = "{ id: ippa, password: { env: IPPA_PASSWORD } }";
    let with = "{ id: ippa, password: { env: IPPA_PASSWORD }, uccx_rmcm: { user: rmcm } }";
    bench.rewrite(ippa, with);
}

/// Another password of the application user.
fn password(bench: &Bench, password: &str) {
    bench.lab.write("secret", password);
    bench.rewrite("password: { env: IPPA_PASSWORD }", "password: { file: secret }");
}

/// Takes a device from the application user.
fn released(bench: &Bench, device: &str) {
    bench.lab.sql(&format!(
        "delete from applicationuserdevicemap where fkdevice in (select pkid from device where name = '{device}') \
         and fkapplicationuser in (select pkid from applicationuser where name = 'ippa')"
    ));
}

pub(super) const SCENARIOS: &[Scenario] = &[
    validate("app-user-password-limits", |bench| password(bench, &"a".repeat(96))),
    validate("app-user-password-not-alphanumeric", |bench| password(bench, "Conformance-1")),
    verify("app-user-id-taken", |bench| bench.rewrite("id: ippa,", "id: agent1001,")),
    verify("app-user-missing", |bench| bench.rewrite("id: ippa,", "id: ippa2,")),
    verify("app-user-groups", |bench| {
        bench.lab.sql(
            "delete from applicationuserdirgroupmap where fkapplicationuser in \
             (select pkid from applicationuser where name = 'ippa')",
        );
    }),
    validate("app-user-is-rmcm", |bench| {
        rmcm(bench);
        bench.rewrite("user: rmcm", "user: IPPA");
    }),
    verify("phone-not-on-rmcm", rmcm),
    verify("rmcm-groups", |bench| {
        rmcm(bench);
        bench.lab.sql(
            "delete from applicationuserdirgroupmap where fkapplicationuser in \
             (select pkid from applicationuser where name = 'rmcm') and fkdirgroup in \
             (select pkid from dirgroup where name = 'Standard CTI Allow Call Recording')",
        );
    }),
    verify("phone-not-controlled", |bench| released(bench, "SEP001122330009")),
    verify("profile-not-controlled", |bench| released(bench, "UDP_1001")),
    verify("controlled-device-undeclared", |bench| {
        bench.lab.sql(
            "insert into applicationuserdevicemap (fkdevice, fkapplicationuser, tkuserassociation) \
             select d.pkid, u.pkid, 1 from device d, applicationuser u \
             where d.name = 'SEP001122330020' and u.name = 'ippa'",
        );
    }),
];
