//! Scenarios of the checks of Self Care.

use super::{Scenario, verify};

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("self-care-default-server", |bench| {
        bench.rewrite("limits:", "self_care: { default_server: cucm-pub.example.com }\nlimits:");
    }),
    verify("self-care-group", |bench| bench.rewrite("limits:", "self_care: {}\nlimits:")),
    verify("self-care-values-missing", |bench| {
        bench.rewrite("password: sign-in }", "password: agent }");
    }),
];
