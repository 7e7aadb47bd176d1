//! Checks of the phone services that need no more than the services themselves.

use crate::plan::{Finding, Object, ObjectKind, Plan, Severity, Shown};
use crate::planner::build::Inputs;
use crate::resources::DesiredService;
use crate::resources::phone_service;
use crate::resources::service_url::host;

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, plan: &mut Plan) {
    for service in &inputs.desired.services {
        let existing = phone_service::existing(service, &inputs.observation.services);
        let Some(existing) = existing else { continue };
        plan.findings.extend(hosts_differ(service, &existing.url, &existing.secure_url));
    }
}

/// Some models open the one URL and some the other: both have to lead to one node.
fn hosts_differ(service: &DesiredService, plain: &str, secure: &str) -> Option<Finding> {
    let (one, other) = (host(plain)?, host(secure)?);
    (!one.eq_ignore_ascii_case(other)).then(|| Finding {
        check: "service-hosts-differ",
        severity: Severity::Error,
        object: Object::new(ObjectKind::PhoneService, &service.name),
        field: "hosts of the two URLs".to_owned(),
        expected: Shown::text("one host"),
        found: Shown::text(format!("{one} and {other}")),
        declared: Some(service.declared.clone()),
    })
}
