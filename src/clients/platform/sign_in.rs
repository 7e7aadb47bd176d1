//! One sign-in: the methods are asked for without a credential, then the password goes out once. What was refused at a
//! gate is never offered there again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use russh::MethodKind;
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse, Prompt};
use secrecy::ExposeSecret;

use super::connection::Visitor;
use super::{PlatformAccount, ShellError};

/// Rounds without a question before the node is taken to lead us in circles.
const ROUNDS: usize = 8;
/// Questions in one round.
const PROMPTS: usize = 4;

/// One account at one endpoint.
#[derive(Debug, Default)]
pub(super) struct Gate {
    standing: Mutex<Standing>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    Untried,
    Accepted,
    Refused,
    /// Sent, and no answer: it may count as a try.
    Unknown,
}

impl Gate {
    /// Whether the password may be offered.
    pub(super) fn open(&self) -> Result<(), ShellError> {
        match self.standing() {
            Standing::Untried | Standing::Accepted => Ok(()),
            Standing::Refused => Err(ShellError::Denied),
            Standing::Unknown => {
                Err(ShellError::SignInLost { why: "in an earlier attempt".to_owned() })
            }
        }
    }

    /// Signs in, one connection at a time until the password is known to be right.
    pub(super) async fn sign_in(
        &self,
        handle: &mut Handle<Visitor>,
        account: &PlatformAccount,
        limit: Duration,
    ) -> Result<(), ShellError> {
        let _turn =
            if self.standing() == Standing::Accepted { None } else { Some(self.turn.lock().await) };
        self.open()?;
        let before = self.begin();
        let mut attempt = Attempt { handle, account, sent: false };
        let end = match tokio::time::timeout(limit, attempt.run()).await {
            Ok(end) => end,
            Err(_) => Err(attempt.lost("no answer in time")),
        };
        self.learn(before, end.as_ref().err(), attempt.sent);
        end
    }

    /// Whoever stops waiting for the answer does not know it.
    fn begin(&self) -> Standing {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *standing;
        if before == Standing::Untried {
            *standing = Standing::Unknown;
        }
        before
    }

    fn learn(&self, before: Standing, error: Option<&ShellError>, sent: bool) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        *standing = match error {
            None => Standing::Accepted,
            Some(ShellError::SignInLost { .. }) if before == Standing::Untried => Standing::Unknown,
            Some(ShellError::SignInLost { .. }) => before,
            Some(_) if sent => Standing::Refused,
            Some(_) => before,
        };
    }

    fn standing(&self) -> Standing {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Attempt<'a> {
    handle: &'a mut Handle<Visitor>,
    account: &'a PlatformAccount,
    /// Whether the password has left us.
    sent: bool,
}

impl Attempt<'_> {
    async fn run(&mut self) -> Result<(), ShellError> {
        let none = self.handle.authenticate_none(&self.account.user).await;
        let offered = match none.map_err(|error| self.lost(&error.to_string()))? {
            AuthResult::Success => return Ok(()),
            AuthResult::Failure { remaining_methods, .. } => remaining_methods,
        };
        if offered.is_empty() && self.handle.is_closed() {
            return Err(self.lost("closed by the node"));
        }
        if offered.contains(&MethodKind::KeyboardInteractive) {
            if self.asked(offered.contains(&MethodKind::Password)).await? {
                return Ok(());
            }
        } else if !offered.contains(&MethodKind::Password) {
            let offered = offered.iter().map(|kind| <&str>::from(kind).to_owned()).collect();
            return Err(ShellError::SignInUnsupported { offered });
        }
        self.password().await
    }

    /// `keyboard-interactive`; `false` when it failed without having asked anything, so that `password` may follow.
    async fn asked(&mut self, password_too: bool) -> Result<bool, ShellError> {
        use KeyboardInteractiveAuthResponse::{Failure, InfoRequest, Success};
        let user = self.account.user.clone();
        let begun = self.handle.authenticate_keyboard_interactive_start(user, None).await;
        let mut answer = begun.map_err(|error| self.lost(&error.to_string()))?;
        for _ in 0..ROUNDS {
            let prompts = match answer {
                Success => return Ok(true),
                Failure { partial_success: true, .. } => {
                    return Err(ShellError::SignInAsks { question: "a second factor".to_owned() });
                }
                Failure { .. } if !self.sent && password_too => return Ok(false),
                Failure { .. } if !self.sent => {
                    let offered = vec!["keyboard-interactive, which asks nothing".to_owned()];
                    return Err(ShellError::SignInUnsupported { offered });
                }
                Failure { .. } => return Err(ShellError::Denied),
                InfoRequest { prompts, .. } => prompts,
            };
            let replies = self.replies(&prompts)?;
            self.sent = self.sent || !prompts.is_empty();
            let reply = self.handle.authenticate_keyboard_interactive_respond(replies).await;
            answer = reply.map_err(|error| self.lost(&error.to_string()))?;
        }
        Err(self.lost("it asks without end"))
    }

    /// The password for every question of the first round that has any. A second round wants something else, or the
    /// same again because it was wrong: answering would be a second attempt.
    fn replies(&self, prompts: &[Prompt]) -> Result<Vec<String>, ShellError> {
        if prompts.is_empty() {
            return Ok(Vec::new());
        }
        if self.sent || prompts.len() > PROMPTS {
            let question: String = prompts.iter().map(|prompt| prompt.prompt.as_str()).collect();
            let question = question.chars().filter(|c| !c.is_control()).take(200).collect();
            return Err(ShellError::SignInAsks { question });
        }
        let password = self.account.password.expose_secret();
        Ok(prompts.iter().map(|_| password.to_owned()).collect())
    }

    async fn password(&mut self) -> Result<(), ShellError> {
        let password = self.account.password.expose_secret();
        self.sent = true;
        let reply = self.handle.authenticate_password(&self.account.user, password).await;
        match reply.map_err(|error| self.lost(&error.to_string()))? {
            AuthResult::Success => Ok(()),
            AuthResult::Failure { partial_success: true, .. } => {
                Err(ShellError::SignInAsks { question: "a second factor".to_owned() })
            }
            // the library says the same when the connection is gone
            AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => {
                Err(self.lost("closed by the node"))
            }
            AuthResult::Failure { .. } => Err(ShellError::Denied),
        }
    }

    fn lost(&self, why: &str) -> ShellError {
        let why = why.to_owned();
        if self.sent { ShellError::SignInLost { why } } else { ShellError::Handshake { why } }
    }
}
