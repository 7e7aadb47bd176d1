//! The listener of one shell.

use std::borrow::Cow;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::PrivateKey;
use russh::server::{Config, run_stream};
use russh::{MethodKind, MethodSet, SshId};

use super::Station;
use super::door::Door;
use super::knobs::{Auth, Knobs};
use crate::sandbox::accept;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::site::Site;

/// Serves one shell until the listener fails.
///
/// # Errors
/// The system's own.
pub async fn shell(
    listener: TcpListener,
    key: PrivateKey,
    station: Station,
    site: Arc<Site>,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let stream = accept::next(&listener).await;
        if site.front().machines.is_down(&station.host) {
            continue;
        }
        let knobs = {
            let mut front = site.front();
            Ledger::count(&mut front.ledger.ssh.connections, &station.host);
            front.shells.knobs(&station.host)
        };
        let config = Arc::new(config(&knobs, key.clone()));
        let door = Door::new(Arc::clone(&site), station.clone());
        drop(tokio::spawn(async move {
            // How a client breaks off its connection is its own business.
            if let Ok(session) = run_stream(config, stream, door).await {
                drop(session.await);
            }
        }));
    }
}

fn config(knobs: &Knobs, key: PrivateKey) -> Config {
    let methods: &[MethodKind] = match knobs.auth {
        Auth::KeyboardInteractive => &[MethodKind::KeyboardInteractive],
        Auth::Password => &[MethodKind::Password],
        Auth::Both | Auth::SilentInteractive => {
            &[MethodKind::KeyboardInteractive, MethodKind::Password]
        }
    };
    Config {
        server_id: SshId::Standard(Cow::Borrowed(knobs.profile().server_id())),
        methods: MethodSet::from(methods),
        // A wrong password must not slow a test down; a real node waits some seconds.
        auth_rejection_time: Duration::from_millis(20),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        preferred: knobs.narrowed.of(knobs.profile()),
        max_auth_attempts: 6,
        // The platform's own default for a session.
        inactivity_timeout: Some(Duration::from_mins(30)),
        nodelay: true,
        ..Config::default()
    }
}
