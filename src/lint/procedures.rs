//! Offline rules about procedures: which of them a kind of subscription needs or makes idle, and what Self Care and
//! Finesse's settings need.

use crate::plan::Severity;
use crate::playbook::{
    Deployment, Diagnostic, FilledBy, FinesseSettings, Parameter, Product, SettingsMode,
    SubscriptionKind, Unlisted,
};

use super::finding;

/// Adds what is wrong with procedures.
pub fn judge(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    match deployment.phone_services.subscription {
        SubscriptionKind::Enterprise => idle(deployment, found),
        SubscriptionKind::Manual | SubscriptionKind::SelfCare => self_care(deployment, found),
    }
    if let Some(settings) = &deployment.finesse_settings {
        sites(deployment, settings, found);
    }
}

/// What has no effect with an enterprise subscription; values are another rule's.
fn idle(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    if let Some(self_care) = &deployment.self_care {
        let message = "an enterprise subscription leaves agents nothing to do in Self Care";
        found.push(
            finding("procedure-not-applicable", &self_care.at, message)
                .then("leave `self_care` out, or write `subscription: self-care`"),
        );
    }
    if deployment.agents.unlisted != Unlisted::Report {
        let message = "`agents.unlisted` has no effect: every phone has an enterprise subscription";
        found.push(
            finding("procedure-not-applicable", &deployment.agents.at, message)
                .then("leave `unlisted` out, or write `subscription: manual`"),
        );
    }
}

fn self_care(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let who = &deployment.one_button_sign_in;
    let values = Parameter::ALL.into_iter().any(|p| who.filled_by(p) == FilledBy::Agent);
    let services = &deployment.phone_services;
    let phones = services.subscription == SubscriptionKind::SelfCare;
    if deployment.self_care.is_none() {
        let (message, at) = if phones {
            ("agents subscribe their own phones, but nothing gives them Self Care", &services.at)
        } else if values {
            ("agents fill in their own values, but nothing gives them Self Care", &who.at)
        } else {
            return;
        };
        // Optional all the same: somebody else may see to it.
        let mut warning = finding("procedure-incomplete", at, message)
            .then("add the section `self_care`, or see to it that agents can sign in there");
        warning.severity = Severity::Warning;
        found.push(warning);
        return;
    }
    // Phones without values, which follow the roster, have no agent.
    for row in deployment.agents.rows.iter().take(deployment.agents.listed) {
        if row.user.is_none() {
            let device = row.device.as_deref().or(row.device_profile.as_deref());
            let message =
                format!("the agent of {} has no `user` for Self Care", device.unwrap_or("a row"));
            let mut warning = finding("self-care-group", &row.at, message)
                .then("fill in the column `user`: the end user who is given access");
            warning.severity = Severity::Warning;
            found.push(warning);
        }
    }
}

fn sites(deployment: &Deployment, settings: &FinesseSettings, found: &mut Vec<Diagnostic>) {
    let made_here = !matches!(settings.mode, SettingsMode::Elsewhere);
    if deployment.finesse.product == Product::Pcce && made_here && settings.site.is_none() {
        let message = "`finesse_settings.site` is not written; PCCE has these settings per site";
        found.push(
            finding("ippa-settings-per-site", &settings.at, message).then(
                "write the site, e.g. `site: Main`; other sites need a playbook of their own",
            ),
        );
    }
}
