//! Scenarios of the checks that a playbook and its roster decide.

use super::{Scenario, validate};

pub(super) const SCENARIOS: &[Scenario] = &[
    validate("services-same-name", |bench| {
        bench.rewrite("Cisco Finesse Secondary", "Cisco Finesse");
    }),
    validate("phone-shared-by-agents", |bench| bench.roster("1009,2009", "1003,2003")),
];
