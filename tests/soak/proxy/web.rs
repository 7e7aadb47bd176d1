//! One connection over TLS: whole requests in, their fate, whole answers out.

use std::io;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::{client, server};

use super::asked::Asked;
use super::http::{Message, read};
use super::identity::identity;
use super::orders::{Fate, How, Orders, When};

/// Where a connection comes in, and where it goes.
#[derive(Clone)]
pub(super) struct Place {
    /// The endpoint as the playbook names it.
    pub(super) endpoint: String,
    /// Where the sandbox answers for it.
    pub(super) sandbox: String,
    /// Who decides.
    pub(super) orders: Arc<Orders>,
}

struct Upstream {
    stream: client::TlsStream<TcpStream>,
    left: Vec<u8>,
}

/// Serves one connection to its end.
pub(super) async fn serve(tcp: TcpStream, place: Place) {
    if place.orders.refuses(&place.endpoint) {
        drop(tcp.set_zero_linger());
        return;
    }
    // The sandbox first: whatever it refuses is refused here too.
    let Ok(upstream) = connect(&place).await else { return };
    let Ok(stream) = identity().acceptor.accept(tcp).await else { return };
    // How either side ends its connection is its own business.
    drop(talk(stream, upstream, &place).await);
}

async fn connect(place: &Place) -> io::Result<Upstream> {
    let tcp = TcpStream::connect(&place.sandbox).await?;
    tcp.set_nodelay(true)?;
    let host = place.endpoint.split(':').next().unwrap_or_default().to_owned();
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    let stream = identity().connector.connect(name, tcp).await?;
    Ok(Upstream { stream, left: Vec::new() })
}

async fn talk(
    mut stream: server::TlsStream<TcpStream>,
    mut upstream: Upstream,
    place: &Place,
) -> io::Result<()> {
    let mut left = Vec::new();
    while let Some(request) = read(&mut stream, &mut left).await? {
        let (entry, fate) = place.orders.judge(Asked::http(&place.endpoint, &request));
        let ended = one(&mut stream, &mut upstream, place, (entry, fate), &request).await;
        place.orders.over();
        if ended? {
            return Ok(());
        }
    }
    stream.shutdown().await
}

/// One request; whether the connection is over.
async fn one(
    stream: &mut server::TlsStream<TcpStream>,
    upstream: &mut Upstream,
    place: &Place,
    (entry, fate): (usize, Fate),
    request: &Message,
) -> io::Result<bool> {
    match fate {
        Fate::Cut(When::Before, how) => return end(stream, place, how),
        Fate::Refuse(status) => {
            stream.write_all(&Message::status(status).bytes()).await?;
            stream.flush().await?;
            return Ok(false);
        }
        Fate::Pass | Fate::Late(_) | Fate::Torn | Fate::Cut(When::After, _) => {}
    }
    upstream.stream.write_all(&request.bytes()).await?;
    upstream.stream.flush().await?;
    let Some(answer) = read(&mut upstream.stream, &mut upstream.left).await? else {
        return Ok(true);
    };
    place.orders.answered(entry, answer.code());
    let bytes = answer.bytes();
    match fate {
        Fate::Cut(_, how) => return end(stream, place, how),
        Fate::Torn => {
            let most = bytes.len() - (answer.body.len() / 2).max(1).min(bytes.len());
            stream.write_all(bytes.get(..most).unwrap_or_default()).await?;
            stream.flush().await?;
            stream.shutdown().await?;
            return Ok(true);
        }
        Fate::Late(time) => tokio::time::sleep(time).await,
        Fate::Pass | Fate::Refuse(_) => {}
    }
    stream.write_all(&bytes).await?;
    stream.flush().await?;
    Ok(false)
}

fn end(stream: &server::TlsStream<TcpStream>, place: &Place, how: How) -> io::Result<bool> {
    match how {
        How::Kill => place.orders.kill(),
        How::Reset => stream.get_ref().0.set_zero_linger()?,
    }
    Ok(true)
}
