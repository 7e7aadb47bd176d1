//! Scenarios of the checks that guard restarts: `apply` is asked for one and refuses it, or holds the second back.

use serde_json::json;

use super::{Scenario, apply};

const ALL: &str = "sql,restart";

pub(super) const SCENARIOS: &[Scenario] = &[
    apply("maintenance-restart", ALL, |bench| {
        let always = json!({"maintenance_elements": "always"});
        let change = json!({"node": "secondary", "maintenance": "in-progress", "knobs": always});
        bench.lab.control("POST", "/finesse", &change);
    }),
    apply("restart-no-alternate", ALL, |bench| {
        let change = json!({"node": "secondary", "out_of_service": true});
        bench.lab.control("POST", "/finesse", &change);
    }),
    apply("restart-order", ALL, |bench| {
        let change = json!({"node": "secondary", "out_of_service": true});
        bench.lab.control("POST", "/finesse", &change);
    }),
    apply("restart-not-back", ALL, |bench| {
        bench.rewrite("between_nodes: 0 }", "between_nodes: 0, back_within: 2s }");
        let stuck = json!({"restarts_end": "proxy-alone"});
        bench.lab.control("POST", "/finesse", &json!({"knobs": stuck}));
    }),
    apply("restart-signs-agents-out", "sql", |bench| {
        let signed_in = json!([{"id": "1003", "client": "FIPPA", "device": "SEP001122330003"}]);
        let change = json!({"node": "primary", "signed_in": signed_in});
        bench.lab.control("POST", "/finesse", &change);
    }),
];
