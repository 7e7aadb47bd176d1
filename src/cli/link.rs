//! The way to one deployment: the sandbox when wanted, connect map, trusted certificates, and the first meeting.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret as _;

use crate::clients::http::{Http, HttpError, HttpRequest, HttpSettings};
use crate::clients::tls::{ConnectMap, Rejection, Trust};
use crate::engine::Secrets as _;
use crate::outcome::Outcome;
use crate::playbook::{Deployment, Endpoint, SecretSource};
use crate::trouble::Trouble;

use super::args::Global;
use super::connect::secrets::Vault;
use super::connect::{self, Scratch, files, pins, terminal};
use super::console::Console;
use super::embedded::Embedded;
use super::trust;

/// An open way to a deployment. Dropping it ends the run's sandbox.
#[derive(Debug)]
pub struct Link {
    /// Connections, with every certificate that was accepted.
    pub http: Http,
    /// The folder of this deployment and publisher.
    pub state: PathBuf,
    sandbox: Option<Embedded>,
    scratch: Option<Scratch>,
}

impl Link {
    /// Opens the way. Asks about an unknown certificate where a person can be asked.
    pub async fn open(
        global: &Global,
        deployment: &Deployment,
        vault: &Vault,
        interactive: bool,
    ) -> Result<Self, Trouble> {
        let publisher = &deployment.cucm.publisher;
        let credential = &deployment.credentials.axl;
        // Found before the first connection: a forgotten variable is no reason to touch the network. Whoever is
        // asked for a password, though, sees the server's certificate first.
        if credential.password.source != SecretSource::Prompt {
            drop(vault.resolve(&credential.password)?);
        }
        let mut known = deployment.tls.pins.clone();
        let mut connect_map: ConnectMap = global.connect_to.iter().cloned().collect();
        let mut sandbox = None;
        if global.sandbox {
            let password = vault.resolve(&credential.password)?;
            let state = global.sandbox_state.as_deref();
            let started =
                Embedded::start(publisher, &credential.user, password.expose_secret(), state)?;
            connect_map.insert(publisher.clone(), address(started.axl));
            known = BTreeMap::from([(publisher.clone(), vec![started.certificate])]);
            sandbox = Some(started);
        }
        let (folder, scratch) = remember_in(global)?;
        if !global.sandbox {
            for (endpoint, accepted) in pins::load(&folder)? {
                known.entry(endpoint).or_default().extend(accepted);
            }
        }
        let trust = Trust::new(&ca_files(deployment)?, known, true)?;
        let timeout = Duration::from_secs(global.timeout);
        let http = Http::new(HttpSettings { trust, connect_map, timeout });
        let http = meet(http, publisher, &folder, interactive).await?;
        let state = connect::deployment_folder(&folder, &deployment.name, &publisher.host);
        Ok(Self { http, state, sandbox, scratch })
    }

    /// Whether the state folder, and so the journal, lasts only as long as this run.
    pub fn forgets(&self) -> bool {
        self.scratch.is_some()
    }

    /// The control port of the run's sandbox.
    pub fn sandbox_control(&self) -> Option<SocketAddr> {
        self.sandbox.as_ref().map(|sandbox| sandbox.control)
    }
}

/// The state folder. What a sandbox run remembers must never be mixed with what is known of the real cluster: it
/// lives beside the kept sandbox, or as long as the run.
fn remember_in(global: &Global) -> Result<(PathBuf, Option<Scratch>), Trouble> {
    match (&global.state_dir, &global.sandbox_state) {
        (None, Some(kept)) if global.sandbox => {
            let mut name = kept.as_os_str().to_owned();
            name.push(".runs");
            Ok((PathBuf::from(name), None))
        }
        (None, None) if global.sandbox => {
            let scratch = Scratch::new()?;
            Ok((scratch.path().to_owned(), Some(scratch)))
        }
        (flag, _) => Ok((connect::state_folder(flag.as_deref())?, None)),
    }
}

fn ca_files(deployment: &Deployment) -> Result<Vec<(String, String)>, Trouble> {
    let read = |(path, at): &(String, crate::playbook::Location)| {
        let text = files::read_text(Path::new(path)).map_err(|why| {
            Trouble::new("ca-file-unusable", Outcome::Usage, format!("{path} cannot be read"))
                .at(at.to_string())
                .because(why)
                .then("correct tls.ca_files")
        })?;
        Ok((path.clone(), text))
    };
    deployment.tls.ca_files.iter().map(read).collect()
}

/// The first meeting with a server: its certificate is trusted, accepted by a person now, or refused.
async fn meet(
    http: Http,
    endpoint: &Endpoint,
    state: &Path,
    interactive: bool,
) -> Result<Http, Trouble> {
    // Without anybody to ask, the first call that needs the server says what is wrong with its certificate.
    if !interactive {
        return Ok(http);
    }
    match http.send(HttpRequest::get(endpoint.clone(), "/")).await {
        Err(HttpError::Certificate(rejection)) => {
            if rejection.changed || !accepted(&rejection) {
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

fn accepted(rejection: &Rejection) -> bool {
    let shown = trust::describe(&rejection.endpoint, &rejection.peer);
    Console::aside(&format!("{} is met for the first time.\n{shown}\n", rejection.endpoint));
    terminal::yes("Is this the server's certificate, and is it to be trusted from now on?")
}

fn address(socket: SocketAddr) -> Endpoint {
    Endpoint { host: socket.ip().to_string(), port: socket.port() }
}
