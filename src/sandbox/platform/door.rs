//! One SSH connection: who comes in, and which channel becomes a shell. There is no `exec` and no subsystem.

use std::borrow::Cow;
use std::sync::Arc;

use russh::server::{Auth as Verdict, ChannelOpenHandle, Handler, Msg, Response, Session};
use russh::{Channel, ChannelId, Pty};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::Station;
use super::knobs::Auth;
use super::shell::Shell;
use super::terminal::{INTERRUPT, Terminal};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::site::Site;

/// The server's side of a connection.
#[derive(Debug)]
pub struct Door {
    site: Arc<Site>,
    station: Station,
    user: String,
    level: u8,
    /// Rows of the terminal, once there is one.
    terminal: Option<u32>,
    input: Option<UnboundedSender<Vec<u8>>>,
}

impl Door {
    /// A connection that nobody has logged in on.
    pub fn new(site: Arc<Site>, station: Station) -> Self {
        Self { site, station, user: String::new(), level: 0, terminal: None, input: None }
    }

    fn auth(&self) -> Auth {
        self.site.front().shells.knobs(&self.station.host).auth
    }

    /// One try of a password.
    fn attempt(&mut self, user: &str, password: &str, method: &str) -> Verdict {
        let level = {
            let mut front = self.site.front();
            let front = &mut *front;
            let level = front.shells.login(&self.station, user, password);
            let ledger = &mut front.ledger.ssh;
            let counts = if level.is_some() { &mut ledger.logins } else { &mut ledger.refused };
            Ledger::count(counts, &format!("{user}@{}", self.station.host));
            level
        };
        let fields = json!({
            "node": self.station.host, "user": user, "method": method, "ok": level.is_some(),
        });
        self.site.tell("ssh-login", fields);
        match level {
            Some(level) => {
                self.level = level;
                user.clone_into(&mut self.user);
                Verdict::Accept
            }
            None => Verdict::reject(),
        }
    }
}

impl Handler for Door {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Verdict, Self::Error> {
        Ok(match self.auth() {
            Auth::KeyboardInteractive => Verdict::reject(),
            Auth::Password | Auth::Both | Auth::SilentInteractive => {
                self.attempt(user, password, "password")
            }
        })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Verdict, Self::Error> {
        if matches!(self.auth(), Auth::Password | Auth::SilentInteractive) {
            return Ok(Verdict::reject());
        }
        let Some(mut response) = response else {
            return Ok(Verdict::Partial {
                name: Cow::Borrowed(""),
                instructions: Cow::Borrowed(""),
                prompts: Cow::Owned(vec![(Cow::Borrowed("Password: "), false)]),
            });
        };
        let answer = response.next().unwrap_or_default();
        let password = String::from_utf8_lossy(&answer).into_owned();
        Ok(self.attempt(user, &password, "keyboard-interactive"))
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
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
    ) -> Result<(), Self::Error> {
        self.terminal = Some(rows);
        session.channel_success(channel)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let Some(rows) = self.terminal.filter(|_| self.input.is_none()) else {
            return session.channel_failure(channel);
        };
        session.channel_success(channel)?;
        let (sender, receiver) = unbounded_channel();
        self.input = Some(sender);
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let terminal = Terminal::new((session.handle(), channel), receiver, rows);
        let (site, station) = (Arc::clone(&self.site), self.station.clone());
        let shell = Shell::new(terminal, (site, station), (self.user.clone(), self.level));
        drop(tokio::spawn(shell.run()));
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.site.front().ledger.ssh.exec_requests += 1;
        session.channel_failure(channel)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        if data.contains(&INTERRUPT) {
            self.site.tell("ctrl-c", json!({ "node": self.station.host, "user": self.user }));
        }
        if let Some(input) = &self.input {
            // A shell that has ended reads nothing more.
            drop(input.send(data.to_vec()));
        }
        Ok(())
    }

    async fn channel_close(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.input = None;
        Ok(())
    }
}
