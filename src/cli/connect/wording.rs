//! Words for secrets: whose one is when it is asked for, and what to do where there is none.

use std::collections::BTreeMap;

use crate::playbook::{Credential, Deployment, SecretRef, SecretSource};

/// How the secrets of a deployment are asked for, by their purpose.
pub fn questions(deployment: &Deployment) -> BTreeMap<String, String> {
    let Deployment { credentials, cucm, finesse, application_user, .. } = deployment;
    let (publisher, primary) = (&cucm.publisher.host, &finesse.primary.api.host);
    let accounts = [
        (Some(&credentials.axl), publisher, ""),
        (credentials.finesse.as_ref(), primary, ""),
        (credentials.finesse_platform.as_ref(), primary, ", its platform"),
        (credentials.cucm_platform.as_ref(), publisher, ", its platform"),
        (credentials.serviceability.as_ref(), publisher, ""),
    ];
    let mut words = BTreeMap::new();
    for (credential, host, what) in accounts {
        let Some(Credential { user, password, .. }) = credential else { continue };
        words.insert(password.purpose.clone(), format!("Password of {user} at {host}{what}"));
    }
    let user = format!("Password of application user {}", application_user.id);
    words.insert(application_user.password.purpose.clone(), user);
    words
}

/// The environment variable in which a secret would be looked for, where its place is not said.
fn variable_of(purpose: &str) -> &'static str {
    match purpose {
        "credentials.finesse.password" => "FINESSE_PASSWORD",
        "credentials.finesse_platform.password" => "FINESSE_OS_PASSWORD",
        "credentials.cucm_platform.password" => "CUCM_OS_PASSWORD",
        "credentials.serviceability.password" => "RIS_PASSWORD",
        "application_user.password" => "IPPA_PASSWORD",
        "journal.seal" => "JOURNAL_KEY",
        _ => "AXL_PASSWORD",
    }
}

/// What to do where a secret has no value.
pub fn advice(secret: &SecretRef) -> String {
    match &secret.source {
        SecretSource::Env(name) => format!("set {name}, or run against the sandbox with --sandbox"),
        SecretSource::File(path) => format!("put it into {path}, readable by you alone"),
        SecretSource::Command(_) => "run the command by hand and see what it says".to_owned(),
        SecretSource::Keyring(name) => {
            let first = if cfg!(feature = "keyring") {
                format!("ippactl login {name}")
            } else {
                "build with the feature `keyring`".to_owned()
            };
            format!("{first}, or name another place: env, file, command or prompt")
        }
        SecretSource::Prompt => {
            let name = variable_of(&secret.purpose);
            format!(
                "run at a terminal without --no-input, or set {name} and write {{ env: {name} }} there"
            )
        }
    }
}
