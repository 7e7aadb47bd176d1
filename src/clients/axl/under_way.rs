//! A large read that is under way while another answer is taken apart.

use tokio::task::JoinHandle;

use super::exchange::{Answered, Request, response, rows};
use super::{AxlError, Pkid, Reader};
use crate::clients::http::HttpReply;
use crate::clients::xml::Rows;

/// How far into an answer stands whether it is one.
const BEGIN: usize = 1024;

/// A read that goes on by itself, to its end even if nobody wants its answer any more: the server is busy with it so
/// long, and whether it took the password has to be known.
pub(super) struct UnderWay(JoinHandle<Result<Unread, AxlError>>);

impl UnderWay {
    /// Sends the request as soon as no other large read is in flight.
    pub(super) fn begin(reader: &Reader, request: Request) -> Self {
        let reader = reader.clone();
        Self(tokio::spawn(async move { reader.unread(request).await }))
    }

    /// Its answer.
    pub(super) async fn answer(self) -> Result<Unread, AxlError> {
        done(self.0).await
    }
}

/// What a task has come to.
async fn done<T>(task: JoinHandle<Result<T, AxlError>>) -> Result<T, AxlError> {
    match task.await {
        Ok(result) => result,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(AxlError::Refused { why: "the read was ended".to_owned() }),
    }
}

/// An answer to a query as it came, complete but not yet read.
pub(super) struct Unread {
    request: Request,
    reply: HttpReply,
}

impl Reader {
    async fn unread(&self, request: Request) -> Result<Unread, AxlError> {
        let reply = self.answer(&request).await?;
        Ok(Unread { request, reply })
    }

    /// What is made of the rows of an answer.
    pub(super) async fn made<T: Send + 'static>(
        &self,
        request: Request,
        make: impl FnOnce(&Rows) -> Result<T, AxlError> + Send + 'static,
    ) -> Result<T, AxlError> {
        self.unread(request).await?.made(make).await
    }
}

/// What does not begin as an answer is read at once, because some failures are worth another try; the rest whenever its
/// rows are.
impl Answered for HttpReply {
    fn read(request: &Request, reply: Self) -> Result<Self, AxlError> {
        let begin = reply.body.get(..BEGIN).unwrap_or(&reply.body);
        let answer = response(request.operation);
        if reply.status != 200 || memchr::memmem::find(begin, answer.as_bytes()).is_none() {
            rows(request, &reply)?;
        }
        Ok(reply)
    }
}

impl Unread {
    /// How long it is, in bytes.
    pub(super) fn length(&self) -> usize {
        self.reply.body.len()
    }

    /// The key of the last of so many rows, where it shows without reading them. It is a guess: who goes by it has to
    /// compare it with what the rows say.
    pub(super) fn last_key(&self, count: usize) -> Option<Pkid> {
        last_key(&self.reply.body, count)
    }

    /// What is made of the rows, beside the network: other answers come and writes go on meanwhile.
    pub(super) async fn made<T: Send + 'static>(
        self,
        make: impl FnOnce(&Rows) -> Result<T, AxlError> + Send + 'static,
    ) -> Result<T, AxlError> {
        let work = move || {
            let Self { request, reply } = self;
            let rows = rows(&request, &reply)?;
            drop(reply);
            make(&rows)
        };
        done(tokio::task::spawn_blocking(work)).await
    }
}

pub(super) fn last_key(body: &[u8], count: usize) -> Option<Pkid> {
    if count == 0 || memchr::memmem::find_iter(body, b"<row>").count() != count {
        return None;
    }
    let row = body.get(memchr::memmem::rfind(body, b"<row>")?..)?;
    let key = row.get(memchr::memmem::find(row, b"<pkid>")? + b"<pkid>".len()..)?;
    let key = key.get(..memchr::memchr(b'<', key)?)?;
    std::str::from_utf8(key).ok().map(Pkid::read)
}

#[cfg(test)]
mod tests {
    use super::{Pkid, last_key};

    #[test]
    fn the_last_key_shows_where_rows_are_as_they_mostly_are() {
        let key = "0A1B2C3D-0000-0000-0000-00000000000F";
        let row = |key: &str| format!("<row><a>1</a><pkid>{key}</pkid><b/></row>");
        let two = format!("<return>{}{}</return>", row("x"), row(key));
        assert_eq!(last_key(two.as_bytes(), 2), Some(Pkid::read(key)));
        for (text, count) in [
            (two.as_str(), 1),
            (two.as_str(), 3),
            ("<return></return>", 0),
            ("<n:row><pkid>x</pkid></n:row>", 1),
            ("<row><key>x</key></row>", 1),
            ("<row><pkid>x", 1),
        ] {
            assert_eq!(last_key(text.as_bytes(), count), None, "{text} {count}");
        }
    }
}
