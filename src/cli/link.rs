//! The way to one deployment: the sandbox when wanted, connect map, trusted certificates, and the first meeting.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clients::http::{Http, HttpSettings};
use crate::clients::platform::{HostKeys, Platform, PlatformSettings, Timings};
use crate::clients::tls::{ConnectMap, Trust};
use crate::engine::{Refusals, Secrets as _};
use crate::outcome::Outcome;
use crate::playbook::{Deployment, Endpoint, SecretSource};
use crate::trouble::Trouble;

use super::args::Global;
use super::connect::secrets::Vault;
use super::connect::{self, Scratch, files, host_keys, pins};
use super::embedded::{Embedded, Plays};
use super::meeting::{self, Servers, Whom};

/// The embedded cluster's shells are quicker than real ones.
const SANDBOX_PACE: f64 = 0.1;

/// An open way to a deployment. Dropping it ends the run's sandbox.
#[derive(Debug)]
pub struct Link {
    /// Connections, with every certificate that was accepted.
    pub http: Http,
    /// Platform shells, with every host key that is trusted.
    pub platform: Platform,
    /// The folder of this deployment and publisher.
    pub state: PathBuf,
    sandbox: Option<Embedded>,
    scratch: Option<Scratch>,
}

impl Link {
    /// Opens the way, to the servers that the playbook's sections need or to all. Asks about an unknown certificate where
    /// a person can be asked.
    pub async fn open(
        global: &Global,
        deployment: &Deployment,
        vault: &Vault,
        (interactive, whom): (bool, Whom),
        refusals: &Refusals,
    ) -> Result<Self, Trouble> {
        let credential = &deployment.credentials.axl;
        // Found before the first connection: a forgotten variable is no reason to touch the network. Whoever is
        // asked for a password, though, sees the server's certificate first.
        if credential.password.source != SecretSource::Prompt {
            drop(vault.resolve(&credential.password)?);
        }
        let servers = Servers::of(deployment, whom);
        let plays = Plays::Cluster(whom);
        Self::to(global, deployment, vault, (interactive.then_some(servers), plays), refusals).await
    }

    /// Opens the way to Finesse and to the hosts of a sign-in alone: no account of an administrator is looked up. An
    /// unknown certificate of these servers is asked about. `sso` is how agents of a sandbox sign in.
    pub async fn to_finesse(
        global: &Global,
        deployment: &Deployment,
        vault: &Vault,
        (servers, sso): (Option<Servers>, bool),
        refusals: &Refusals,
    ) -> Result<Self, Trouble> {
        Self::to(global, deployment, vault, (servers, Plays::Agents { sso }), refusals).await
    }

    /// Meets these servers where there is somebody to ask.
    async fn to(
        global: &Global,
        deployment: &Deployment,
        vault: &Vault,
        (meets, plays): (Option<Servers>, Plays),
        refusals: &Refusals,
    ) -> Result<Self, Trouble> {
        let publisher = &deployment.cucm.publisher;
        let mut known = deployment.tls.pins.clone();
        let mut connect_map: ConnectMap = global.connect_to.iter().cloned().collect();
        let (folder, scratch) = remember_in(global)?;
        let mut host_keys = host_keys::trusted(&deployment.ssh, &folder)?;
        let mut sandbox = None;
        if global.sandbox {
            let kept = global.sandbox_state.as_deref();
            let started = Embedded::start(deployment, vault, kept, plays)?;
            for (endpoint, socket) in &started.connect_to {
                connect_map.insert(endpoint.clone(), address(*socket));
            }
            known = started.pins.clone();
            host_keys = HostKeys::new(&[], started.host_keys.clone());
            sandbox = Some(started);
        } else {
            for (endpoint, accepted) in pins::load(&folder)? {
                known.entry(endpoint).or_default().extend(accepted);
            }
        }
        let trust = Trust::new(&ca_files(deployment)?, known, true)?;
        let timeout = Duration::from_secs(global.timeout);
        let timings = Timings::default().scaled(if global.sandbox { SANDBOX_PACE } else { 1.0 });
        let settings = PlatformSettings {
            connect_map: connect_map.clone(),
            host_keys,
            timings,
            refusals: refusals.clone(),
        };
        let mut http = Http::new(HttpSettings { trust, connect_map, timeout });
        let mut platform = Platform::new(settings);
        // Without anybody to ask, the first call that needs a server says what is wrong with its certificate or key.
        if let Some(servers) = meets {
            for server in &servers.tls {
                http = meeting::certificate(http, server, &folder).await?;
            }
            for shell in &servers.shells {
                platform = meeting::host_key(platform, shell, &folder).await?;
            }
        }
        let state = connect::deployment_folder(&folder, &deployment.name, &publisher.host);
        Ok(Self { http, platform, state, sandbox, scratch })
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

/// The state folder where runs are kept; `None` for a sandbox that is not.
pub fn kept_folder(global: &Global) -> Result<Option<PathBuf>, Trouble> {
    let forgotten = global.sandbox && global.state_dir.is_none() && global.sandbox_state.is_none();
    if forgotten { Ok(None) } else { Ok(Some(remember_in(global)?.0)) }
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

fn address(socket: SocketAddr) -> Endpoint {
    Endpoint { host: socket.ip().to_string(), port: socket.port() }
}
