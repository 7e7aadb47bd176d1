//! Scenarios of the checks of reaching the systems that `verify` judges; doctor's are in `tests/doctor`.

use serde_json::json;

use super::{Scenario, verify};

pub(super) const SCENARIOS: &[Scenario] = &[
    verify("finesse-not-in-service", |bench| {
        bench.lab.control(
            "POST",
            "/finesse",
            &json!({ "node": "secondary", "out_of_service": true }),
        );
    }),
    verify("finesse-primary-mismatch", |bench| {
        bench.rewrite(
            "primary: fin-a.example.com, secondary: fin-b.example.com",
            "primary: fin-b.example.com, secondary: fin-a.example.com",
        );
    }),
];
