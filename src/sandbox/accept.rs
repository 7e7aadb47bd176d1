//! The connections that come to a listener, one after the other.

use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

/// How long nobody is let in once the system has no room.
const FULL: Duration = Duration::from_millis(50);

/// The next connection.
pub async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            // A small answer must not wait for the peer's delayed acknowledgement; failing to ask is harmless.
            drop(stream.set_nodelay(true));
            return stream;
        }
        // Out of file handles, most likely: let some connections end.
        tokio::time::sleep(FULL).await;
    }
}
