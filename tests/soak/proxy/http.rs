//! Whole HTTP/1.1 messages, read from a stream and written to one.

use std::fmt::Write as _;
use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A request or an answer.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The first line.
    pub(crate) start: String,
    /// Header lines, without those that tell the body's length.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// An answer of the program between.
    pub(crate) fn status(status: u16) -> Self {
        let start = format!("HTTP/1.1 {status} Disturbed");
        Self { start, headers: Vec::new(), body: Vec::new() }
    }

    /// The status of an answer.
    pub(crate) fn code(&self) -> u16 {
        self.start.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
    }

    /// Method and path of a request.
    pub(crate) fn asked(&self) -> (&str, &str) {
        let mut words = self.start.split(' ');
        let method = words.next().unwrap_or_default();
        let path = words.next().unwrap_or_default();
        (method, path.split('?').next().unwrap_or_default())
    }

    /// As it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").unwrap();
        }
        write!(text, "content-length: {}\r\n\r\n", self.body.len()).unwrap();
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Reads one message; nothing where the other side has ended before one began. `left` keeps what came too early.
pub(crate) async fn read<S: AsyncRead + Unpin>(
    stream: &mut S,
    left: &mut Vec<u8>,
) -> io::Result<Option<Message>> {
    let end = loop {
        if let Some(at) = left.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if !more(stream, left).await? {
            return if left.is_empty() { Ok(None) } else { Err(cut()) };
        }
    };
    let head = String::from_utf8_lossy(left.get(..end).unwrap_or_default()).into_owned();
    left.drain(..end + 4);
    let mut lines = head.split("\r\n");
    let start = lines.next().unwrap_or_default().to_owned();
    let mut message = Message { start, headers: Vec::new(), body: Vec::new() };
    let (mut length, mut chunked) = (None, false);
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        match name.as_str() {
            "content-length" => length = value.parse().ok(),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            _ => message.headers.push((name, value)),
        }
    }
    let bodyless = matches!(message.code(), 204 | 304);
    message.body = match length {
        _ if chunked => chunks(stream, left).await?,
        Some(length) => take(stream, left, length).await?,
        None if message.start.starts_with("HTTP/") && !bodyless => {
            while more(stream, left).await? {}
            std::mem::take(left)
        }
        None => Vec::new(),
    };
    Ok(Some(message))
}

async fn chunks<S: AsyncRead + Unpin>(stream: &mut S, left: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            if let Some(at) = left.windows(2).position(|two| two == b"\r\n") {
                break at;
            }
            if !more(stream, left).await? {
                return Err(cut());
            }
        };
        let size = String::from_utf8_lossy(left.get(..line).unwrap_or_default()).into_owned();
        let size = size.split(';').next().unwrap_or_default().trim().to_owned();
        let size = usize::from_str_radix(&size, 16).map_err(io::Error::other)?;
        left.drain(..line + 2);
        let part = take(stream, left, size).await?;
        take(stream, left, 2).await?;
        if part.is_empty() {
            return Ok(body);
        }
        body.extend(part);
    }
}

async fn take<S: AsyncRead + Unpin>(
    stream: &mut S,
    left: &mut Vec<u8>,
    length: usize,
) -> io::Result<Vec<u8>> {
    while left.len() < length {
        if !more(stream, left).await? {
            return Err(cut());
        }
    }
    Ok(left.drain(..length).collect())
}

async fn more<S: AsyncRead + Unpin>(stream: &mut S, left: &mut Vec<u8>) -> io::Result<bool> {
    let mut part = vec![0; 16 * 1024];
    let read = stream.read(&mut part).await?;
    left.extend_from_slice(part.get(..read).unwrap_or_default());
    Ok(read > 0)
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the message was cut off")
}
