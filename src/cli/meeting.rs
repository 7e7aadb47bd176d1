//! The first meeting with servers: certificates and host keys that are trusted, accepted by a person now, or refused.

use std::path::Path;

use crate::clients::http::{Http, HttpError, HttpRequest};
use crate::clients::platform::{HostKeyRejection, Platform, PlatformSettings, ShellError};
use crate::clients::tls::Rejection;
use crate::engine::Stop;
use crate::playbook::{Deployment, Endpoint, RestartWhen, SettingsMode};
use crate::trouble::Trouble;

use super::connect::{host_keys, pins, terminal};
use super::console::Console;
use super::trust;

/// Whom a run speaks to besides the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Whoever the playbook's sections need.
    Sections,
    /// The Finesse nodes and their shells, too, whatever the sections say.
    Finesse,
    /// Every server that the playbook names.
    All,
}

/// Whom a deployment makes its run speak to.
#[derive(Debug, Default)]
pub struct Servers {
    /// Servers of TLS.
    pub tls: Vec<Endpoint>,
    /// Platform shells.
    pub shells: Vec<Endpoint>,
}

impl Servers {
    /// The publisher; the Finesse nodes where their settings are the playbook's; their shells where they are restarted.
    /// Or all of them, and the publisher's shell.
    pub fn of(deployment: &Deployment, whom: Whom) -> Self {
        let all = whom == Whom::All;
        let mut servers = Self { tls: vec![deployment.cucm.publisher.clone()], shells: Vec::new() };
        if whom == Whom::Sections && !speaks_to_finesse(deployment) {
            return servers;
        }
        let finesse = &deployment.finesse;
        for node in std::iter::once(&finesse.primary).chain(&finesse.secondary) {
            servers.tls.push(node.api.clone());
            if all || deployment.restart.finesse_tomcat != RestartWhen::Never {
                servers.shells.push(node.ssh.clone());
            }
        }
        if all {
            servers.shells.extend(deployment.cucm.platform_ssh.clone());
        }
        servers
    }
}

/// Whether Finesse's own settings are made by this playbook.
pub fn speaks_to_finesse(deployment: &Deployment) -> bool {
    let settings = deployment.finesse_settings.as_ref();
    settings.is_some_and(|settings| !matches!(settings.mode, SettingsMode::Elsewhere))
}

/// Meets a server of TLS at a terminal.
pub async fn certificate(http: Http, endpoint: &Endpoint, state: &Path) -> Result<Http, Trouble> {
    match http.send(HttpRequest::get(endpoint.clone(), "/")).await {
        Err(HttpError::Certificate(rejection)) => {
            if rejection.changed || !certificate_accepted(&rejection).await {
                return Err(trust::refusal(&rejection));
            }
            pins::accept(state, endpoint, rejection.peer.sha256)?;
            let mut settings = http.settings().clone();
            settings.trust = settings.trust.with_pin(endpoint.clone(), rejection.peer.sha256);
            Ok(Http::new(settings))
        }
        // A server that cannot be reached is reported by the first call that needs it.
        _ => Ok(http),
    }
}

async fn certificate_accepted(rejection: &Rejection) -> bool {
    let endpoint = &rejection.endpoint;
    let shown = trust::describe(endpoint, &rejection.peer);
    Console::aside(&format!(
        "{endpoint} is met for the first time.\n{shown}\
         Compare the fingerprint with the one that the server's own console shows.\n"
    ));
    accepted("Trust this certificate from now on?").await
}

/// What is answered with nobody waiting for the end of a run: Ctrl-C ends all of it.
async fn accepted(question: &str) -> bool {
    let answer = terminal::agreed(question, &Stop::default()).await;
    Console::aside("\n");
    answer
}

/// Meets a platform shell at a terminal.
pub async fn host_key(
    platform: Platform,
    endpoint: &Endpoint,
    state: &Path,
) -> Result<Platform, Trouble> {
    match platform.meet(endpoint).await {
        Err(ShellError::HostKey(rejection)) => {
            if !rejection.can_be_accepted() || !host_key_accepted(&rejection).await {
                return Err(rejection.trouble());
            }
            host_keys::accept(state, endpoint, &rejection.fingerprint)?;
            let settings = platform.settings().clone();
            let host_keys =
                settings.host_keys.clone().with_accepted(endpoint.clone(), rejection.fingerprint);
            Ok(Platform::new(PlatformSettings { host_keys, ..settings }))
        }
        // A shell that cannot be reached is reported by the first command that needs it.
        _ => Ok(platform),
    }
}

async fn host_key_accepted(rejection: &HostKeyRejection) -> bool {
    let HostKeyRejection { endpoint, algorithm, fingerprint, .. } = rejection;
    Console::aside(&format!(
        "The shell of {endpoint} is met for the first time.\n  host key     {algorithm}\n  \
         fingerprint  {fingerprint}\n"
    ));
    accepted("Trust this host key from now on?").await
}
