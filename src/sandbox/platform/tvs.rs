//! The port of Cisco Trust Verification Service: it can be connected to while the service runs, and nothing more is played.
//!
//! Source: facts/vos.md sections 6.4, 11.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use super::commands::service::TVS;
use super::machines::State;
use crate::sandbox::site::Site;

/// Where phones ask.
pub const PORT: u16 = 2445;
const LOOK: Duration = Duration::from_millis(50);

/// Listens while the service runs, and only then.
///
/// # Errors
/// The system's own.
pub async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    host: &str,
    site: &Site,
) -> std::io::Result<()> {
    let runs = || {
        let mut front = site.front();
        !front.machines.is_down(host) && front.machines.service(host, TVS) == State::Started
    };
    let mut open = Some(tokio::net::TcpListener::from_std(listener)?);
    loop {
        match (&open, runs()) {
            (Some(listener), true) => {
                // Whoever comes in is let go: what phones ask here is not played.
                drop(tokio::time::timeout(LOOK, listener.accept()).await);
            }
            (Some(_), false) => open = None,
            (None, true) => open = tokio::net::TcpListener::bind(address).await.ok(),
            (None, false) => tokio::time::sleep(LOOK).await,
        }
        if open.is_none() {
            // Somebody else may have taken the port meanwhile: it is tried again.
            tokio::time::sleep(LOOK).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{LOOK, State, TVS, serve};
    use crate::sandbox::site::Site;
    use crate::sandbox::{SandboxOptions, serve as ports, state};

    #[test]
    fn nobody_listens_while_the_service_is_stopped() {
        let options = SandboxOptions::default();
        let host = options.publisher.host.clone();
        let database = state::open(&options).unwrap();
        let site = Arc::new(Site::new(options, database).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (listener, address) = ports::bind(std::net::Ipv4Addr::LOCALHOST.into()).unwrap();
            let own = Arc::clone(&site);
            let name = host.clone();
            let service = tokio::spawn(async move { serve(listener, address, &name, &own).await });
            let open = || async { tokio::net::TcpStream::connect(address).await.is_ok() };
            let until = |wanted: bool| async move {
                for _ in 0..100 {
                    if open().await == wanted {
                        return true;
                    }
                    tokio::time::sleep(LOOK).await;
                }
                false
            };
            assert!(until(true).await);
            site.front().machines.set(&host, TVS, State::Stopped);
            assert!(until(false).await);
            site.front().machines.set(&host, TVS, State::Started);
            assert!(until(true).await);
            service.abort();
        });
    }
}
