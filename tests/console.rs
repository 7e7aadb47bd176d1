//! A node of the sandbox inside the test's own process, and the client of its shell: they meet on the wire.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ippactl::clients::platform::{
    HostKeys, Platform, PlatformAccount, PlatformSettings, ShellError, ShellReader, Timings,
};
use ippactl::clients::refusals::Refusals;
use ippactl::clients::tls::ConnectMap;
use ippactl::playbook::Endpoint;
use ippactl::sandbox::finesse::cluster::Side;
use ippactl::sandbox::platform::knobs::Knobs;
use ippactl::sandbox::platform::{Kind, Station, serve};
use ippactl::sandbox::site::Site;
use ippactl::sandbox::{SandboxOptions, state};
use russh::keys::ssh_key::private::{KeypairData, RsaKeypair};
use russh::keys::{HashAlg, PrivateKey, key};

const HOST: &str = "fin-a.example.com";

/// A node and how to reach it.
pub(crate) struct Console {
    pub(crate) site: Arc<Site>,
    pub(crate) platform: Platform,
    pub(crate) endpoint: Endpoint,
}

fn host_key() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = RsaKeypair::random(&mut key::safe_rng(), 2048).unwrap();
        PrivateKey::new(KeypairData::Rsa(pair), "test").unwrap()
    })
}

/// Waiting times that go with a node whose seconds last 20 ms.
pub(crate) fn timings() -> Timings {
    Timings {
        connect: Duration::from_secs(10),
        sign_in: Duration::from_secs(10),
        first_prompt: Duration::from_secs(5),
        nudge: Duration::from_millis(100),
        quiet: Duration::from_millis(40),
        read: Duration::from_secs(5),
        change: Duration::from_secs(5),
        paste: Duration::from_millis(100),
        keepalive: Duration::from_secs(15),
    }
}

impl Console {
    /// The first Finesse node with these switches.
    pub(crate) fn new(change: impl FnOnce(&mut Knobs)) -> Self {
        let options = SandboxOptions::default();
        let database = state::open(&options).unwrap();
        let site = Arc::new(Site::new(options, database).unwrap());
        let mut knobs = site.front().shells.knobs(HOST);
        change(&mut knobs);
        site.front().shells.set(HOST, knobs);
        let localhost = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let (listener, address) = ippactl::sandbox::serve::bind(localhost).unwrap();
        let station = Station { host: HOST.to_owned(), kind: Kind::Finesse(Side::Primary) };
        let key = host_key();
        drop(tokio::spawn(serve::shell(listener, key.clone(), station, Arc::clone(&site))));
        let endpoint = Endpoint { host: HOST.to_owned(), port: 22 };
        let here = Endpoint { host: address.ip().to_string(), port: address.port() };
        let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
        let platform = Platform::new(PlatformSettings {
            connect_map: ConnectMap::from([(endpoint.clone(), here)]),
            host_keys: HostKeys::default().with_accepted(endpoint.clone(), fingerprint),
            timings: timings(),
            refusals: Refusals::default(),
        });
        Self { site, platform, endpoint }
    }

    /// A node that plays a recorded session.
    pub(crate) fn playing(transcript: &str) -> Self {
        Self::new(|knobs| transcript.clone_into(&mut knobs.transcript))
    }

    /// A session.
    pub(crate) async fn connect(&self) -> Result<ShellReader, ShellError> {
        let account = PlatformAccount {
            user: "osadmin".to_owned(),
            password: "osadmin-password".to_owned().into(),
        };
        self.platform.connect(&self.endpoint, &account).await
    }

    /// Connections, and credentials that arrived.
    pub(crate) fn counted(&self) -> (u64, u64) {
        let front = self.site.front();
        let ssh = &front.ledger.ssh;
        let sum = |counts: &std::collections::BTreeMap<String, u64>| counts.values().sum::<u64>();
        (sum(&ssh.connections), sum(&ssh.logins) + sum(&ssh.refused))
    }

    /// Commands that the node was given, without the host before them.
    pub(crate) fn commands(&self) -> Vec<String> {
        let front = self.site.front();
        let typed = front.ledger.ssh.commands.iter();
        typed
            .map(|line| line.trim_start_matches(HOST).trim_start_matches(": ").to_owned())
            .collect()
    }
}
