//! A person at an SSH client, for the tests of the shell: nothing here knows how the shell works.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use russh::keys::ssh_key::private::{KeypairData, RsaKeypair};
use russh::keys::{PrivateKey, PublicKeyOrCertificate, key};
use russh::{Channel, ChannelMsg, Preferred, client, kex, mac};

use super::site_like;
use crate::sandbox::finesse::cluster::Side;
use crate::sandbox::options::{FinesseOptions, Product, Times};
use crate::sandbox::platform::knobs::Knobs;
use crate::sandbox::platform::{Kind, Station, serve};
use crate::sandbox::site::Site;

/// Accepts every host key.
pub(super) struct Anyone;

impl client::Handler for Anyone {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// Serves one shell of a site inside the test's runtime.
pub(super) fn serve_shell(site: &Arc<Site>, host: &str, kind: Kind) -> SocketAddr {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    let key = KEY.get_or_init(|| {
        let pair = RsaKeypair::random(&mut key::safe_rng(), 2048).unwrap();
        PrivateKey::new(KeypairData::Rsa(pair), "test").unwrap()
    });
    let (listener, address) = crate::sandbox::serve::bind(IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
    let station = Station { host: host.to_owned(), kind };
    drop(tokio::spawn(serve::shell(listener, key.clone(), station, Arc::clone(site))));
    address
}

/// The first Finesse node's shell.
pub(super) fn serve_primary(site: &Arc<Site>) -> SocketAddr {
    serve_shell(site, "fin-a.example.com", Kind::Finesse(Side::Primary))
}

/// A client with ecdh on, and with the algorithms of old releases when asked.
pub(super) async fn connect(
    address: SocketAddr,
    legacy: bool,
) -> Result<client::Handle<Anyone>, russh::Error> {
    let mut kexes = vec![kex::ECDH_SHA2_NISTP256, kex::ECDH_SHA2_NISTP384, kex::ECDH_SHA2_NISTP521];
    kexes.extend_from_slice(&Preferred::DEFAULT.kex);
    let mut macs = Preferred::DEFAULT.mac.to_vec();
    if legacy {
        kexes.extend([kex::DH_G14_SHA1, kex::DH_GEX_SHA1]);
        macs.push(mac::HMAC_SHA1);
    }
    let preferred =
        Preferred { kex: Cow::Owned(kexes), mac: Cow::Owned(macs), ..Preferred::DEFAULT };
    let config = client::Config { preferred, ..client::Config::default() };
    client::connect(Arc::new(config), address, Anyone).await
}

/// The first node.
pub(super) const HOST: &str = "fin-a.example.com";
/// What restarts Finesse.
pub(super) const RESTART: &str = "utils service restart Cisco Finesse Tomcat";

/// Runs a test.
pub(super) fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Turns switches of the first node's shell.
pub(super) fn tuned(site: &Site, change: impl FnOnce(&mut Knobs)) {
    let mut front = site.front();
    let mut knobs = front.shells.knobs(HOST);
    change(&mut knobs);
    front.shells.set(HOST, knobs);
}

/// A site with this product whose shell starts at once.
pub(super) fn prompt_site(product: Product) -> Arc<Site> {
    let times =
        Times { tomcat_started_ms: 400, in_service_ms: 2_500, replication_ms: 100, row_lag_ms: 0 };
    let site = site_like(FinesseOptions { product, times, ..FinesseOptions::default() });
    tuned(&site, |knobs| knobs.start_scale = 0.0);
    Arc::new(site)
}

/// How many events of a kind there are.
pub(super) fn events(site: &Site, kind: &str) -> usize {
    site.finesse(|_, _| ());
    site.log().after(0).iter().filter(|event| event.kind == kind).count()
}

/// An open shell.
pub(super) struct Console {
    channel: Channel<client::Msg>,
    _session: client::Handle<Anyone>,
    seen: String,
}

impl Console {
    /// Logs in and waits for the first prompt.
    pub(super) async fn open(address: SocketAddr, user: &str) -> Self {
        let mut console = Self::early(address, user).await;
        console.until("admin:").await;
        console
    }

    /// Logs in and reads nothing.
    pub(super) async fn early(address: SocketAddr, user: &str) -> Self {
        let mut session = connect(address, true).await.unwrap();
        let password = format!("{user}-password");
        assert!(session.authenticate_password(user, password).await.unwrap().success());
        let channel = session.channel_open_session().await.unwrap();
        channel.request_pty(true, "vt100", 200, 50, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        Self { channel, _session: session, seen: String::new() }
    }

    /// Types.
    pub(super) async fn send(&mut self, text: &str) {
        self.channel.data_bytes(text.as_bytes().to_vec()).await.unwrap();
    }

    /// Everything up to and including this text; none when the connection ends before.
    pub(super) async fn read(&mut self, text: &str) -> Option<String> {
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                return Some(std::mem::replace(&mut self.seen, rest));
            }
            let next = tokio::time::timeout(Duration::from_secs(20), self.channel.wait());
            match next.await.unwrap_or_else(|_| panic!("no '{text}' after '{}'", self.seen)) {
                Some(ChannelMsg::Data { data }) => {
                    self.seen.push_str(&String::from_utf8_lossy(&data));
                }
                Some(ChannelMsg::Close) | None => return None,
                Some(_) => {}
            }
        }
    }

    /// Everything up to and including this text.
    pub(super) async fn until(&mut self, text: &str) -> String {
        let read = self.read(text).await;
        read.unwrap_or_else(|| panic!("the shell ended before '{text}': '{}'", self.seen))
    }

    /// A command's output: all between the echo and the next prompt.
    pub(super) async fn run(&mut self, command: &str) -> String {
        self.send(&format!("{command}\r")).await;
        self.until(&format!("{command}\r\n")).await;
        let output = self.until("admin:").await;
        output.strip_suffix("admin:").unwrap().to_owned()
    }
}
