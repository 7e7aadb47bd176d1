//! The table of checks, and the rules that are decided offline.

pub mod table;
pub mod password;
pub mod procedures;
pub mod services;
pub mod single_sign_on;
pub mod urls;
pub mod values;

pub use password::password_rules;
pub use table::{Check, Judged, check, checks};
pub use values::value_rules;

use crate::playbook::{Deployment, Diagnostic, FilledBy, Location, Parameter, SubscriptionKind};

/// Judges a deployment offline; errors keep a playbook from validating, warnings are shown. In the order of file
/// and line.
pub fn lint(deployment: &Deployment) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    application_user(deployment, &mut found);
    services::judge(deployment, &mut found);
    one_button(deployment, &mut found);
    procedures::judge(deployment, &mut found);
    values::judge(deployment, &mut found);
    urls::judge(deployment, &mut found);
    single_sign_on::judge(deployment, &mut found);
    found.sort_by(|a, b| a.location.cmp(&b.location));
    found
}

/// What was found by the check of this id: severity and fix come from the table.
fn finding(id: &'static str, at: &Location, message: impl Into<String>) -> Diagnostic {
    let (severity, fix) =
        check(id).map_or((crate::plan::Severity::Error, ""), |check| (check.severity, check.fix));
    Diagnostic::new(severity, id, at.clone(), message).then(fix)
}

/// The forms of user ids that CUCM's database takes: 1 to 128 of these (AXL 9.1 schema, database rules).
const USER_ID: &str = "]!#$%&'()*+,:;<=>?@[^.`_- ";

fn application_user(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let user = &deployment.application_user;
    let fits = |c: char| c.is_ascii_alphanumeric() || USER_ID.contains(c);
    if user.id.is_empty() || user.id.chars().count() > 128 || !user.id.chars().all(fits) {
        let message = "CUCM does not take `application_user.id`".to_owned();
        let severity = crate::plan::Severity::Error;
        found.push(
            Diagnostic::new(severity, "application-user-id", user.at.clone(), message)
                .then("1 to 128 ASCII letters, digits, blanks and punctuation, no quote or slash"),
        );
    }
    // CUCM tells user ids apart without regard to case.
    if let Some(rmcm) = &user.uccx_rmcm
        && rmcm.user.to_lowercase() == user.id.to_lowercase()
    {
        let message = "`application_user.id` and `application_user.uccx_rmcm.user` are one user";
        let mut clash = finding("app-user-is-rmcm", &rmcm.at, message);
        clash.related.push((user.at.clone(), "the application user".to_owned()));
        found.push(clash);
    }
}

fn one_button(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let who = &deployment.one_button_sign_in;
    let services = &deployment.phone_services;
    if let Some(passwords) = &deployment.agents.passwords
        && who.password != FilledBy::Administrator
    {
        let message = "nobody needs `agents.passwords`: the administrator fills in no passwords";
        let severity = crate::plan::Severity::Warning;
        found.push(
            Diagnostic::new(severity, "passwords-unused", passwords.at.clone(), message)
                .then("leave it out, or write `password: administrator` in one_button_sign_in"),
        );
    }
    if who.password != FilledBy::SignIn && services.subscription != SubscriptionKind::Enterprise {
        let message =
            "the agents' passwords stand in subscription URLs and in Finesse's access log";
        found.push(finding("subscription-password-readable", &who.at, message));
    }
    let filled = |by: FilledBy| Parameter::ALL.into_iter().any(|p| who.filled_by(p) == by);
    let (administrator, agent) = (filled(FilledBy::Administrator), filled(FilledBy::Agent));
    match services.subscription {
        SubscriptionKind::Enterprise if administrator || agent => found.push(finding(
            "obsi-enterprise-conflict",
            &who.at,
            "an enterprise subscription carries no values for one button sign-in",
        )),
        // The agents' values are required and nobody has filled them in when the administrator subscribes.
        SubscriptionKind::Manual if agent && !administrator => {
            let mut warning = finding(
                "obsi-required-flag",
                &who.at,
                "agents fill in every value, but the administrator subscribes the phones",
            )
            .then("write `subscription: self-care`, so that agents subscribe their own phones");
            warning.severity = crate::plan::Severity::Warning;
            found.push(warning);
        }
        SubscriptionKind::Enterprise | SubscriptionKind::Manual | SubscriptionKind::SelfCare => {}
    }
}

#[cfg(test)]
mod tests;
