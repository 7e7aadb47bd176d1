//! Connecting to a node: the host key before any credential, old algorithms only when the node has nothing else, and
//! one sign-in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, GexParams, Handle};
use russh::keys::PublicKeyOrCertificate;
use russh::{AlgorithmKind, ChannelMsg, Names};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::dialogue::{Dialogue, Shell};
use super::host_keys::{HostKeyRejection, HostKeys};
use super::sign_in::Gate;
use super::{Algorithms, PlatformAccount, PlatformSettings, ShellError, ShellReader, algorithms};
use crate::playbook::Endpoint;

/// Wide and high enough that tables are not wrapped and pages are few.
const COLUMNS: u32 = 240;
const ROWS: u32 = 100;

type Gates = HashMap<(String, Endpoint), Arc<Gate>>;

/// Connects to nodes, and never offers a refused password again. Cheap to clone; clones share what was refused.
#[derive(Debug, Clone)]
pub struct Platform {
    settings: Arc<PlatformSettings>,
    gates: Arc<Mutex<Gates>>,
    forced: Arc<Mutex<Forced>>,
}

/// Nodes that have forced old algorithms, and those of them that nobody has been told of yet.
#[derive(Debug, Default)]
struct Forced {
    seen: BTreeSet<Endpoint>,
    untold: Vec<(Endpoint, String)>,
}

/// Our side of the handshake.
pub(super) struct Visitor {
    endpoint: Endpoint,
    host_keys: HostKeys,
    agreed: Arc<Mutex<Algorithms>>,
}

/// Why a handshake ended.
#[derive(Debug)]
pub(super) enum Broken {
    HostKey(Box<HostKeyRejection>),
    Ssh(russh::Error),
}

impl From<russh::Error> for Broken {
    fn from(error: russh::Error) -> Self {
        Self::Ssh(error)
    }
}

impl client::Handler for Visitor {
    type Error = Broken;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Broken> {
        self.host_keys.judge(&self.endpoint, &shown.public_key()).map_err(Broken::HostKey)?;
        Ok(true)
    }

    async fn kex_done(
        &mut self,
        _shared_secret: Option<&[u8]>,
        names: &Names,
        _session: &mut client::Session,
    ) -> Result<(), Broken> {
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner) = Algorithms::agreed(names);
        Ok(())
    }
}

impl Platform {
    /// A client for these nodes; connections are made when asked for.
    pub fn new(settings: PlatformSettings) -> Self {
        Self { settings: Arc::new(settings), gates: Arc::default(), forced: Arc::default() }
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &PlatformSettings {
        &self.settings
    }

    /// One interactive session on one node, at its first prompt and with paging off where the account may say so.
    ///
    /// # Errors
    /// [`ShellError::HostKey`] before any credential is sent. [`ShellError::Denied`] after one attempt, and from then
    /// on for this account and endpoint without any.
    pub async fn connect(
        &self,
        endpoint: &Endpoint,
        account: &PlatformAccount,
    ) -> Result<ShellReader, ShellError> {
        let gate = self.gate(endpoint, account);
        gate.open()?;
        let PlatformSettings { refusals, .. } = &*self.settings;
        // An account of the shell has nothing but its name in common with one of a web page.
        let name = format!("{} at the shell", account.user);
        // Another deployment of this call may be trying the same account at this moment.
        let alone = refusals.turn(endpoint, &name, &account.password).await;
        if refusals.same(endpoint, &name, &account.password).is_some() {
            return Err(ShellError::Denied);
        }
        let (mut handle, agreed) = self.handshake(endpoint).await?;
        let agreed = agreed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let old = agreed.old();
        if !old.is_empty() {
            let mut forced = self.forced.lock().unwrap_or_else(PoisonError::into_inner);
            if forced.seen.insert(endpoint.clone()) {
                forced.untold.push((endpoint.clone(), old.join(", ")));
            }
        }
        let timings = self.settings.timings;
        if let Err(error) = gate.sign_in(&mut handle, account, timings.sign_in).await {
            if matches!(error, ShellError::Denied) {
                refusals.note(endpoint, &name, &account.password);
            }
            return Err(error);
        }
        refusals.accepted(endpoint, &name, &account.password);
        drop(alone);
        let stream = timeout(timings.connect, interactive(&handle))
            .await
            .unwrap_or_else(|_| Err(no_shell("no answer in time")))?;
        let (dialogue, greeting) = Dialogue::begin(stream, timings).await?;
        let mut reader = ShellReader::new(Shell { dialogue, handle }, endpoint, agreed, greeting);
        reader.paging_off().await?;
        Ok(reader)
    }

    /// Nodes that forced old algorithms since this was asked last, each told once: the endpoint and their names.
    pub fn newly_forced(&self) -> Vec<(Endpoint, String)> {
        let mut forced = self.forced.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut forced.untold)
    }

    /// Meets a node: its host key is judged, and nothing is sent to it.
    ///
    /// # Errors
    /// [`ShellError::HostKey`] when it is not trusted.
    pub async fn meet(&self, endpoint: &Endpoint) -> Result<(), ShellError> {
        let (handle, _agreed) = self.handshake(endpoint).await?;
        // Leaving without a word would do as well: nothing was begun.
        drop(handle.disconnect(russh::Disconnect::ByApplication, "", "en").await);
        Ok(())
    }

    fn gate(&self, endpoint: &Endpoint, account: &PlatformAccount) -> Arc<Gate> {
        let key = (account.user.clone(), endpoint.clone());
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(key).or_default())
    }

    /// With current algorithms, and when there is none in common, once more with old ones too.
    async fn handshake(
        &self,
        endpoint: &Endpoint,
    ) -> Result<(Handle<Visitor>, Arc<Mutex<Algorithms>>), ShellError> {
        match self.attempt(endpoint, false).await {
            Err(ShellError::NoCommonAlgorithm { kind, theirs }) => {
                tracing::debug!(%endpoint, kind, ?theirs, "trying old SSH algorithms");
                self.attempt(endpoint, true).await
            }
            other => other,
        }
    }

    async fn attempt(
        &self,
        endpoint: &Endpoint,
        legacy: bool,
    ) -> Result<(Handle<Visitor>, Arc<Mutex<Algorithms>>), ShellError> {
        let PlatformSettings { connect_map, host_keys, timings, .. } = &*self.settings;
        let target = connect_map.get(endpoint).unwrap_or(endpoint);
        let unreachable = |why: String| ShellError::Unreachable { why };
        let tcp = timeout(timings.connect, TcpStream::connect((target.host.as_str(), target.port)))
            .await
            .map_err(|_| unreachable("no connection in time".to_owned()))?
            .map_err(|error| unreachable(error.to_string()))?;
        // every key stroke is a packet; a failure costs speed only
        drop(tcp.set_nodelay(true));
        let config = client::Config {
            preferred: algorithms::offered(legacy, &host_keys.algorithms(endpoint)),
            // the default asks for 3072 bits at least, which OpenSSH 5 to 7 may not have
            gex: GexParams::new(2048, 4096, 8192).unwrap_or_default(),
            keepalive_interval: Some(timings.keepalive),
            keepalive_max: 4,
            inactivity_timeout: Some(timings.change.saturating_add(Duration::from_mins(1))),
            ..client::Config::default()
        };
        let agreed = Arc::default();
        let visitor = Visitor {
            endpoint: endpoint.clone(),
            host_keys: host_keys.clone(),
            agreed: Arc::clone(&agreed),
        };
        let handshake = client::connect_stream(Arc::new(config), tcp, visitor);
        match timeout(timings.connect, handshake).await {
            Ok(Ok(handle)) => Ok((handle, agreed)),
            Ok(Err(broken)) => Err(told(broken)),
            Err(_) => Err(ShellError::Handshake { why: "no answer in time".to_owned() }),
        }
    }
}

fn told(broken: Broken) -> ShellError {
    match broken {
        Broken::HostKey(rejection) => ShellError::HostKey(rejection),
        Broken::Ssh(russh::Error::NoCommonAlgo { kind, theirs, .. }) => {
            let kind = match kind {
                AlgorithmKind::Kex => "key exchange",
                AlgorithmKind::Key => "host key algorithm",
                AlgorithmKind::Cipher => "cipher",
                AlgorithmKind::Compression => "compression",
                AlgorithmKind::Mac => "MAC",
            };
            ShellError::NoCommonAlgorithm { kind: kind.to_owned(), theirs }
        }
        Broken::Ssh(error) => ShellError::Handshake { why: error.to_string() },
    }
}

fn no_shell(why: impl Into<String>) -> ShellError {
    ShellError::NoShell { why: why.into() }
}

/// A channel with terminal and shell; these nodes know no other way.
async fn interactive(
    handle: &Handle<Visitor>,
) -> Result<russh::ChannelStream<client::Msg>, ShellError> {
    let told = |error: russh::Error| no_shell(error.to_string());
    let mut channel = handle.channel_open_session().await.map_err(told)?;
    channel.request_pty(true, "vt100", COLUMNS, ROWS, 0, 0, &[]).await.map_err(told)?;
    granted(&mut channel, "a terminal").await?;
    channel.request_shell(true).await.map_err(told)?;
    granted(&mut channel, "a shell").await?;
    Ok(channel.into_stream())
}

async fn granted(channel: &mut russh::Channel<client::Msg>, what: &str) -> Result<(), ShellError> {
    while let Some(message) = channel.wait().await {
        if matches!(message, ChannelMsg::Success) {
            return Ok(());
        }
        if matches!(message, ChannelMsg::Failure) {
            return Err(no_shell(format!("the node refuses {what}")));
        }
        if matches!(message, ChannelMsg::Close | ChannelMsg::Eof) {
            break;
        }
        // anything else that arrives before the shell is no answer of it
    }
    Err(no_shell("the node closed the session"))
}
