//! A running cluster as its starter holds it: addresses, pins, host keys, and the end.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::platform::host_key::HostKey;
use super::tls;
use crate::playbook::deployment::Endpoint;

/// A running cluster. Dropping it ends it.
#[derive(Debug)]
pub struct Running {
    pub(super) axl: SocketAddr,
    pub(super) control: SocketAddr,
    pub(super) identity: Arc<tls::Identity>,
    pub(super) root: Option<String>,
    pub(super) certificates: BTreeMap<Endpoint, String>,
    pub(super) connect_to: BTreeMap<Endpoint, SocketAddr>,
    pub(super) pins: BTreeMap<Endpoint, [u8; 32]>,
    pub(super) host_keys: BTreeMap<Endpoint, HostKey>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Where the publisher's port 8443 listens.
    pub fn axl_address(&self) -> SocketAddr {
        self.axl
    }

    /// Where the control port listens (plain HTTP, always loopback).
    pub fn control_address(&self) -> SocketAddr {
        self.control
    }

    /// SHA-256 of the publisher's certificate's DER: the pin.
    pub fn certificate_sha256(&self) -> [u8; 32] {
        self.identity.sha256()
    }

    /// The publisher's certificate as PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.identity.certificate_pem
    }

    /// The certificate of each TLS endpoint, PEM, with what it sends behind it.
    pub fn certificates(&self) -> &BTreeMap<Endpoint, String> {
        &self.certificates
    }

    /// The root of the authority that signed certificates of this cluster, PEM; none where none is signed.
    pub fn root_pem(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// Where each endpoint leads, as playbooks name it: publisher, Finesse REST, shells.
    pub fn connect_to(&self) -> &BTreeMap<Endpoint, SocketAddr> {
        &self.connect_to
    }

    /// SHA-256 of the certificate's DER of each TLS endpoint.
    pub fn pins(&self) -> &BTreeMap<Endpoint, [u8; 32]> {
        &self.pins
    }

    /// The host key of each SSH endpoint.
    pub fn ssh_host_keys(&self) -> &BTreeMap<Endpoint, HostKey> {
        &self.host_keys
    }

    /// Ends the cluster and waits for its thread.
    pub fn shutdown(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may be gone already; then there is nobody to tell.
            let _told: Result<(), ()> = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
