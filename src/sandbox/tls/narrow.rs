//! Servers that the TLS library cannot play, because it would never speak what they speak. What such a server does with
//! a client that offers nothing it knows is small: it reads the `ClientHello` and answers with an alert.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Suites with RSA key exchange: AES with CBC and SHA-1 or SHA-256, AES with GCM.
const RSA_KEY_EXCHANGE: [u16; 6] = [0x002f, 0x0035, 0x003c, 0x003d, 0x009c, 0x009d];
const TLS_1_0: u16 = 0x0301;
const SUPPORTED_VERSIONS: u16 = 43;

const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;
const INTERNAL_ERROR: u8 = 80;
const DECODE_ERROR: u8 = 50;

const HANDSHAKE_RECORD: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// Longer than any `ClientHello` that makes sense.
const LONGEST: usize = 64 * 1024;

/// What a server is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrow {
    /// Suites with RSA key exchange.
    RsaKeyExchange,
    /// TLS 1.0.
    Tls10,
}

/// What counts of a `ClientHello`.
#[derive(Debug, PartialEq, Eq)]
struct Hello {
    suites: Vec<u16>,
    /// From the extension, where there is one, else the highest one alone.
    versions: Vec<u16>,
    extended: bool,
}

impl Narrow {
    /// Reads the client's first message and ends the handshake.
    pub(super) async fn refuse(self, mut stream: TcpStream) {
        let Some(message) = message(&mut stream).await else { return };
        let description = self.verdict(hello(&message).as_ref());
        // The peer may be gone already.
        drop(stream.write_all(&[21, 3, 1, 0, 2, 2, description]).await);
        drop(stream.shutdown().await);
    }

    /// The alert for this `ClientHello`. Where it offers something, a real server would go on; this one cannot, and says
    /// so.
    fn verdict(self, hello: Option<&Hello>) -> u8 {
        let Some(hello) = hello else { return DECODE_ERROR };
        match self {
            Self::RsaKeyExchange => {
                if hello.suites.iter().any(|suite| RSA_KEY_EXCHANGE.contains(suite)) {
                    INTERNAL_ERROR
                } else {
                    HANDSHAKE_FAILURE
                }
            }
            Self::Tls10 => {
                let offered = hello
                    .versions
                    .iter()
                    .any(|version| *version == TLS_1_0 || (!hello.extended && *version > TLS_1_0));
                if offered { INTERNAL_ERROR } else { PROTOCOL_VERSION }
            }
        }
    }
}

/// The first handshake message, put together from its records.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head).await.ok()?;
        let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
        if head[0] != HANDSHAKE_RECORD || length == 0 || whole.len() + length > LONGEST {
            return None;
        }
        let mut fragment = vec![0; length];
        stream.read_exact(&mut fragment).await.ok()?;
        whole.append(&mut fragment);
        if let Some([_, a, b, c]) = whole.first_chunk() {
            let wanted = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
            if whole.len() >= wanted + 4 {
                return Some(whole);
            }
        }
    }
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    /// A part that begins with its length in one byte or two.
    fn part(&mut self, long: bool) -> Option<Self> {
        let length =
            if long { usize::from(self.short()?) } else { usize::from(*self.take(1)?.first()?) };
        self.take(length).map(Self)
    }

    fn shorts(mut self) -> Vec<u16> {
        std::iter::from_fn(|| self.short()).collect()
    }
}

fn hello(message: &[u8]) -> Option<Hello> {
    let mut bytes = Bytes(message);
    if bytes.take(4)?.first() != Some(&CLIENT_HELLO) {
        return None;
    }
    let highest = bytes.short()?;
    bytes.take(32)?;
    bytes.part(false)?;
    let suites = bytes.part(true)?.shorts();
    bytes.part(false)?;
    let mut hello = Hello { suites, versions: vec![highest], extended: false };
    let Some(mut extensions) = bytes.part(true) else { return Some(hello) };
    while let Some(kind) = extensions.short() {
        let mut content = extensions.part(true)?;
        if kind == SUPPORTED_VERSIONS {
            hello.versions = content.part(false)?.shorts();
            hello.extended = true;
        }
    }
    Some(hello)
}

#[cfg(test)]
mod tests {
    use super::{
        DECODE_ERROR, HANDSHAKE_FAILURE, Hello, INTERNAL_ERROR, Narrow, PROTOCOL_VERSION, hello,
    };

    fn client(suites: &[u16], versions: &[u16]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.push(0);
        body.extend(u16::try_from(suites.len() * 2).unwrap().to_be_bytes());
        body.extend(suites.iter().flat_map(|suite| suite.to_be_bytes()));
        body.extend([1, 0]);
        if !versions.is_empty() {
            let list: Vec<u8> = versions.iter().flat_map(|v| v.to_be_bytes()).collect();
            let length = u8::try_from(list.len()).unwrap();
            body.extend([0, length + 5, 0, 43, 0, length + 1, length]);
            body.extend(list);
        }
        let mut message = vec![1, 0, 0, u8::try_from(body.len()).unwrap()];
        message.append(&mut body);
        message
    }

    #[test]
    fn a_client_is_judged_by_what_it_offers() {
        let modern = hello(&client(&[0xc02f, 0x1301], &[0x0304, 0x0303])).unwrap();
        let both = vec![0x0304, 0x0303];
        assert_eq!(modern, Hello { suites: vec![0xc02f, 0x1301], versions: both, extended: true });
        assert_eq!(Narrow::RsaKeyExchange.verdict(Some(&modern)), HANDSHAKE_FAILURE);
        assert_eq!(Narrow::Tls10.verdict(Some(&modern)), PROTOCOL_VERSION);
        let old = hello(&client(&[0xc02f, 0x009c], &[])).unwrap();
        assert_eq!(Narrow::RsaKeyExchange.verdict(Some(&old)), INTERNAL_ERROR);
        assert_eq!(Narrow::Tls10.verdict(Some(&old)), INTERNAL_ERROR);
        let cut = client(&[0xc02f], &[0x0303]);
        assert_eq!(hello(&cut[..40]), None);
        assert_eq!(Narrow::Tls10.verdict(None), DECODE_ERROR);
    }
}
