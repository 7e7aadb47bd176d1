//! Offline rules about SSO: how a token is refreshed, and whether the release's token call takes what it is given.

use crate::playbook::release::takes_token_parameters;
use crate::playbook::{Deployment, Diagnostic, RefreshForm};

use super::finding;

/// Adds what is wrong with `sso`.
pub fn judge(deployment: &Deployment, found: &mut Vec<Diagnostic>) {
    let Some(sso) = &deployment.sso else { return };
    if sso.refresh == RefreshForm::Get {
        let message = "each refresh writes the refresh token into Finesse's access log";
        found.push(finding("sso-refresh-in-url", &sso.refresh_at, message));
    }
    let release = &deployment.finesse.release;
    if takes_token_parameters(release) == Some(false) {
        let message = format!(
            "Finesse {release} may ignore the token call's parameters; 12.5(1)ES1 and later take them"
        );
        found.push(finding("sso-release", &sso.at, message));
    }
}
