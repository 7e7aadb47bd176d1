//! A throw-away SSH node for the tests of this client: how it signs in, what it shows, and a closure that answers.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::keys::PrivateKey;
use russh::server::{self, Auth, ChannelOpenHandle, Msg, Response, Session};
use russh::{Channel, ChannelId, MethodKind, MethodSet, Preferred, Pty};
use tokio::net::TcpListener;

use super::{PlatformAccount, PlatformSettings, Timings};
use crate::clients::tls::ConnectMap;
use crate::playbook::Endpoint;

pub(super) const GREETING: &str = "Command Line Interface is starting up, please wait ...\r\n\r\n   \
    Welcome to the Platform Command Line Interface\r\n\r\nVMware Installation:\r\n\t2 vCPU\r\n\r\n";
pub(super) const PASSWORD: &str = "h\u{fc}nter2 secret";

/// What the node does with a line that was typed.
pub(super) enum Act {
    /// Shows this and the prompt.
    Answer(String),
    /// Shows this and nothing more.
    Say(String),
    /// Ends the connection.
    Hang,
}

pub(super) struct Script {
    pub(super) methods: Vec<MethodKind>,
    pub(super) password: &'static str,
    /// Questions of each round of `keyboard-interactive`.
    pub(super) rounds: Vec<Vec<&'static str>>,
    pub(super) preferred: Preferred,
    pub(super) key: PrivateKey,
    pub(super) greeting: String,
    pub(super) shell: bool,
    /// How long a refusal takes.
    pub(super) rejection: Duration,
    pub(super) answer: fn(&str) -> Act,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            methods: vec![MethodKind::KeyboardInteractive],
            password: PASSWORD,
            rounds: vec![vec!["Password: "]],
            preferred: Preferred::DEFAULT,
            key: ed25519(1),
            greeting: format!("{GREETING}admin:"),
            shell: true,
            rejection: Duration::from_millis(10),
            answer: |line| match line {
                "set cli pagination off" => {
                    Act::Answer("Automatic pagination is turned off\r\n".into())
                }
                "show myself" => Act::Answer("level 4\r\n".into()),
                _ => Act::Answer("Executed command unsuccessfully\r\n".into()),
            },
        }
    }
}

pub(super) fn ed25519(seed: u8) -> PrivateKey {
    use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
    let pair = Ed25519Keypair::from_seed(&[seed; 32]);
    PrivateKey::new(KeypairData::Ed25519(pair), "").unwrap()
}

/// What came over the wire.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) connections: usize,
    /// Method and what was sent by it.
    pub(super) passwords: Vec<(&'static str, String)>,
    pub(super) typed: Vec<String>,
    pub(super) terminal: Option<(String, u32, u32)>,
    pub(super) ended: usize,
}

pub(super) struct Node {
    pub(super) name: Endpoint,
    pub(super) key: PrivateKey,
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
}

impl Node {
    pub(super) async fn start(script: Script) -> Self {
        let config = server::Config {
            methods: MethodSet::from(script.methods.as_slice()),
            auth_rejection_time: script.rejection,
            auth_rejection_time_initial: Some(Duration::from_millis(10)),
            keys: vec![script.key.clone()],
            preferred: script.preferred.clone(),
            ..server::Config::default()
        };
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let (seen, key) = (Arc::clone(&log), script.key.clone());
        let script = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                seen.lock().unwrap().connections += 1;
                let guest = Guest {
                    script: Arc::clone(&script),
                    log: Arc::clone(&seen),
                    asked: 0,
                    line: String::new(),
                };
                let (config, seen) = (Arc::clone(&config), Arc::clone(&seen));
                tokio::spawn(async move {
                    if let Ok(session) = server::run_stream(config, tcp, guest).await {
                        drop(session.await);
                    }
                    seen.lock().unwrap().ended += 1;
                });
            }
        });
        let name = Endpoint { host: "fin-a.example.com".to_owned(), port: 22 };
        Self { name, key, address, log }
    }

    pub(super) fn settings(&self, host_keys: super::HostKeys) -> PlatformSettings {
        let here = Endpoint { host: self.address.ip().to_string(), port: self.address.port() };
        let timings = Timings {
            nudge: Duration::from_millis(300),
            quiet: Duration::from_millis(40),
            first_prompt: Duration::from_secs(10),
            read: Duration::from_secs(10),
            change: Duration::from_secs(10),
            ..Timings::default()
        };
        let connect_map = ConnectMap::from([(self.name.clone(), here)]);
        PlatformSettings {
            connect_map,
            host_keys,
            timings,
            refusals: crate::clients::refusals::Refusals::default(),
        }
    }

    pub(super) fn known(&self) -> super::HostKeys {
        let line = format!("{} {}", self.name.host, self.key.public_key().to_openssh().unwrap());
        super::HostKeys::new(&[("known_hosts".to_owned(), line)], std::collections::BTreeMap::new())
    }

    pub(super) fn log<T>(&self, look: impl FnOnce(&Log) -> T) -> T {
        look(&self.log.lock().unwrap())
    }
}

pub(super) fn account(password: &str) -> PlatformAccount {
    PlatformAccount { user: "osadmin".to_owned(), password: password.into() }
}

struct Guest {
    script: Arc<Script>,
    log: Arc<Mutex<Log>>,
    asked: usize,
    line: String,
}

impl Guest {
    fn ask(&self) -> Auth {
        let round = &self.script.rounds[self.asked];
        let prompts: Vec<(Cow<'static, str>, bool)> =
            round.iter().map(|text| (Cow::Borrowed(*text), false)).collect();
        Auth::Partial { name: "".into(), instructions: "".into(), prompts: prompts.into() }
    }

    fn judge(&self, right: bool) -> Auth {
        if right { Auth::Accept } else { self.reject() }
    }

    fn reject(&self) -> Auth {
        let methods = MethodSet::from(self.script.methods.as_slice());
        Auth::Reject { proceed_with_methods: Some(methods), partial_success: false }
    }
}

impl server::Handler for Guest {
    type Error = russh::Error;

    async fn auth_password(&mut self, _: &str, password: &str) -> Result<Auth, russh::Error> {
        self.log.lock().unwrap().passwords.push(("password", password.to_owned()));
        let offered = self.script.methods.contains(&MethodKind::Password);
        Ok(self.judge(offered && password == self.script.password))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(response) = response else {
            return Ok(if self.script.rounds.is_empty() { self.reject() } else { self.ask() });
        };
        let mut right = true;
        for answer in response {
            let answer = String::from_utf8(answer.to_vec()).unwrap();
            right = right && answer == self.script.password;
            self.log.lock().unwrap().passwords.push(("keyboard-interactive", answer));
        }
        self.asked += 1;
        Ok(if right && self.asked < self.script.rounds.len() {
            self.ask()
        } else {
            self.judge(right)
        })
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.log.lock().unwrap().terminal = Some((term.to_owned(), columns, rows));
        session.channel_success(channel)
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        if !self.script.shell {
            return session.channel_failure(channel);
        }
        session.channel_success(channel)?;
        session.data(channel, self.script.greeting.clone().into_bytes())
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        for byte in data {
            self.line.push(char::from(*byte));
            if !matches!(byte, b'\n' | b' ') || (*byte == b' ' && self.line != " ") {
                continue;
            }
            let typed = std::mem::take(&mut self.line);
            self.log.lock().unwrap().typed.push(typed.clone());
            let line = typed.trim_end_matches('\n');
            let echo = typed.replace('\n', "\r\n");
            match (self.script.answer)(line) {
                Act::Answer(text) if line == " " => {
                    session.data(channel, format!("{text}admin:"))?;
                }
                Act::Answer(text) => session.data(channel, format!("{echo}{text}\r\nadmin:"))?,
                Act::Say(text) => session.data(channel, format!("{echo}{text}"))?,
                Act::Hang => return Err(russh::Error::Disconnect),
            }
        }
        Ok(())
    }
}
