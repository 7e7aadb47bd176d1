//! One SSH connection: the tool signs in here, this program signs in at the sandbox with what it was given, and between
//! them passes what is typed and shown, command by command.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use russh::client::{self, KeyboardInteractiveAuthResponse};
use russh::keys::PublicKeyOrCertificate;
use russh::server::{self, Auth, ChannelOpenHandle, Msg, Response, Session};
use russh::{Channel, ChannelId, ChannelMsg, MethodKind, MethodSet, Preferred, Pty, kex};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::asked::Asked;
use super::identity::identity;
use super::orders::{Fate, How, When};
use super::web::Place;

/// Silence after a prompt that makes it the last one.
const QUIET: Duration = Duration::from_millis(100);

/// Ends the connection from inside.
#[derive(Default)]
struct End {
    asked: Notify,
    by_reset: AtomicBool,
}

impl End {
    fn now(&self, by_reset: bool) {
        self.by_reset.store(by_reset, Ordering::Relaxed);
        self.asked.notify_one();
    }
}

/// Serves one connection to its end.
pub(super) async fn serve(mut tcp: TcpStream, place: Place) {
    if place.orders.refuses(&place.endpoint) {
        drop(tcp.set_zero_linger());
        return;
    }
    let config = client::Config { preferred: preferred(), ..client::Config::default() };
    let Ok(upstream) = client::connect(Arc::new(config), &place.sandbox, Visitor).await else {
        return;
    };
    let methods: &[MethodKind] = &[MethodKind::KeyboardInteractive];
    let config = server::Config {
        methods: MethodSet::from(methods),
        auth_rejection_time: Duration::from_millis(20),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![identity().host_key.clone()],
        nodelay: true,
        ..server::Config::default()
    };
    let end = Arc::new(End::default());
    let door = Door { place, end: Arc::clone(&end), upstream, rows: 0, input: None };
    let (mut outer, inner) = tokio::io::duplex(64 * 1024);
    let session = tokio::spawn(async move {
        if let Ok(session) = server::run_stream(Arc::new(config), inner, door).await {
            drop(session.await);
        }
    });
    tokio::select! {
        ended = copy_bidirectional(&mut tcp, &mut outer) => drop(ended),
        () = end.asked.notified() => {
            if end.by_reset.load(Ordering::Relaxed) {
                drop(tcp.set_zero_linger());
            }
        }
    }
    drop(tcp);
    session.abort();
}

/// What every release of the platform has.
fn preferred() -> Preferred {
    let mut exchanges = vec![kex::ECDH_SHA2_NISTP256, kex::ECDH_SHA2_NISTP384];
    exchanges.extend_from_slice(&Preferred::DEFAULT.kex);
    Preferred { kex: Cow::Owned(exchanges), ..Preferred::DEFAULT }
}

/// This program at the sandbox's door.
struct Visitor;

impl client::Handler for Visitor {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _shown: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// The tool at this program's door.
struct Door {
    place: Place,
    end: Arc<End>,
    upstream: client::Handle<Visitor>,
    rows: u32,
    input: Option<UnboundedSender<Vec<u8>>>,
}

impl Door {
    /// The same password at the sandbox, once.
    async fn sign_in(&mut self, user: &str, password: &str) -> Result<bool, russh::Error> {
        let mut answer =
            self.upstream.authenticate_keyboard_interactive_start(user, None::<String>).await?;
        loop {
            let prompts = match answer {
                KeyboardInteractiveAuthResponse::Success => return Ok(true),
                KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(false),
                KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
            };
            let replies = prompts.iter().map(|_| password.to_owned()).collect();
            answer = self.upstream.authenticate_keyboard_interactive_respond(replies).await?;
        }
    }
}

impl server::Handler for Door {
    type Error = russh::Error;

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(mut response) = response else {
            return Ok(Auth::Partial {
                name: Cow::Borrowed(""),
                instructions: Cow::Borrowed(""),
                prompts: Cow::Owned(vec![(Cow::Borrowed("Password: "), false)]),
            });
        };
        let answer = response.next().unwrap_or_default();
        let password = String::from_utf8_lossy(&answer).into_owned();
        Ok(if self.sign_in(user, &password).await? { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.rows = rows;
        session.channel_success(channel)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let upstream = self.upstream.channel_open_session().await?;
        upstream.request_pty(true, "vt100", 240, self.rows, 0, 0, &[]).await?;
        upstream.request_shell(true).await?;
        session.channel_success(channel)?;
        let (sender, typed) = unbounded_channel();
        self.input = Some(sender);
        let (place, end) = (self.place.clone(), Arc::clone(&self.end));
        let talk = Talk { place, end, upstream, tool: (session.handle(), channel) };
        drop(tokio::spawn(talk.run(typed)));
        Ok(())
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        if let Some(input) = &self.input {
            drop(input.send(data.to_vec()));
        }
        Ok(())
    }

    async fn channel_close(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.input = None;
        Ok(())
    }
}

/// What is typed, and what is shown.
struct Talk {
    place: Place,
    end: Arc<End>,
    upstream: Channel<client::Msg>,
    tool: (server::Handle, ChannelId),
}

impl Talk {
    async fn run(mut self, mut typed: UnboundedReceiver<Vec<u8>>) {
        let mut line = String::new();
        loop {
            tokio::select! {
                keys = typed.recv() => {
                    let Some(keys) = keys else { return };
                    line.push_str(&String::from_utf8_lossy(&keys));
                    if self.typed(&keys, &mut line).await.is_none() {
                        return;
                    }
                }
                shown = self.upstream.wait() => {
                    if self.shown(shown).await.is_none() {
                        return;
                    }
                }
            }
        }
    }

    /// Keys go on to the sandbox, and the line with its end only if that is its fate.
    async fn typed(&mut self, keys: &[u8], line: &mut String) -> Option<()> {
        let Some((command, rest)) = line.split_once('\n') else {
            return self.upstream.data_bytes(keys.to_vec()).await.ok();
        };
        let asked = Asked::typed(&self.place.endpoint, command.trim());
        *line = rest.to_owned();
        if !asked.mutating {
            return self.upstream.data_bytes(keys.to_vec()).await.ok();
        }
        let orders = Arc::clone(&self.place.orders);
        let (entry, fate) = orders.judge(asked);
        let goes_on = self.command(keys, entry, fate).await;
        orders.over();
        goes_on
    }

    async fn command(&mut self, keys: &[u8], entry: usize, fate: Fate) -> Option<()> {
        if let Fate::Cut(When::Before, how) = fate {
            self.cut(how);
            return None;
        }
        self.upstream.data_bytes(keys.to_vec()).await.ok()?;
        self.place.orders.answered(entry, 200);
        if let Fate::Cut(When::After, how) = fate {
            self.answered().await;
            self.cut(how);
            return None;
        }
        Some(())
    }

    /// Waits for the prompt behind the answer, or for the end of the session.
    async fn answered(&mut self) {
        let mut shown = String::new();
        loop {
            let at_prompt = shown.trim_end().ends_with("admin:");
            let wait = if at_prompt { QUIET } else { Duration::from_mins(1) };
            match tokio::time::timeout(wait, self.upstream.wait()).await {
                Ok(Some(ChannelMsg::Data { data })) => {
                    shown.push_str(&String::from_utf8_lossy(&data));
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn cut(&self, how: How) {
        match how {
            How::Kill => self.place.orders.kill(),
            How::Reset => {}
        }
        self.end.now(how == How::Reset);
    }

    async fn shown(&self, message: Option<ChannelMsg>) -> Option<()> {
        let (tool, channel) = &self.tool;
        if let Some(ChannelMsg::Data { data }) = message {
            return tool.data(*channel, data.to_vec()).await.ok();
        }
        if matches!(message, None | Some(ChannelMsg::Close | ChannelMsg::Eof)) {
            // The node has ended the session: so does the program between.
            self.end.now(false);
            return None;
        }
        Some(())
    }
}
