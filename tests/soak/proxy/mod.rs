//! The program between the binary and the sandbox: it listens for every endpoint, on a thread of its own.

mod http;
mod asked;
mod identity;
mod orders;
mod web;
mod shell;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub(crate) use asked::Asked;
pub(crate) use identity::identity;
pub(crate) use orders::{At, Decide, Fate, How, Once, Orders, Quiet, When};
use web::Place;

/// A running one.
pub(crate) struct Proxy {
    /// Where it listens for each endpoint.
    pub(crate) connect_to: BTreeMap<String, String>,
    /// Who decides.
    pub(crate) orders: Arc<Orders>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// One in front of the sandbox that answers at these places. Endpoints with port 22 are shells.
    pub(crate) fn start(sandbox: &BTreeMap<String, String>) -> Self {
        let orders = Arc::new(Orders::new());
        let mut connect_to = BTreeMap::new();
        let mut listeners = Vec::new();
        for (endpoint, sandbox) in sandbox {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            listener.set_nonblocking(true).unwrap();
            connect_to.insert(endpoint.clone(), listener.local_addr().unwrap().to_string());
            let (endpoint, sandbox) = (endpoint.clone(), sandbox.clone());
            listeners.push((listener, Place { endpoint, sandbox, orders: Arc::clone(&orders) }));
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                for (listener, place) in listeners {
                    drop(tokio::spawn(listen(listener, place)));
                }
                // Dropped or told, it is the end.
                drop(stopped.await);
            });
        });
        Self { connect_to, orders, stop: Some(stop), thread: Some(thread) }
    }
}

async fn listen(listener: TcpListener, place: Place) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let Ok((tcp, _)) = listener.accept().await else { continue };
        drop(tcp.set_nodelay(true));
        let place = place.clone();
        if place.endpoint.ends_with(":22") {
            drop(tokio::spawn(shell::serve(tcp, place)));
        } else {
            drop(tokio::spawn(web::serve(tcp, place)));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        drop(self.thread.take().map(JoinHandle::join));
    }
}
