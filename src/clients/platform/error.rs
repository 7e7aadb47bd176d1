//! How a session on a platform shell can fail, and how that is told.

use std::time::Duration;

use super::host_keys::HostKeyRejection;
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// A failed connection, sign-in or command. No variant holds a secret.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ShellError {
    /// No connection; nothing was sent.
    #[error("no connection: {why}")]
    Unreachable {
        /// The network's words.
        why: String,
    },
    /// The host key is unknown or another one than known; no credential was sent.
    #[error("{0}")]
    HostKey(Box<HostKeyRejection>),
    /// No algorithm in common, not even an old one; no credential was sent.
    #[error("no {kind} in common; the node offers {}", theirs.join(", "))]
    NoCommonAlgorithm {
        /// What kind of algorithm.
        kind: String,
        /// What the node offers.
        theirs: Vec<String>,
    },
    /// What answers does not speak SSH as expected; no credential was sent.
    #[error("the SSH handshake failed: {why}")]
    Handshake {
        /// Why.
        why: String,
    },
    /// User or password refused, now or before. Never tried again by this client.
    #[error("user or password refused, or the account is locked")]
    Denied,
    /// The connection ended while the password was judged. Never tried again by this client, unless the account has
    /// worked before.
    #[error("the connection ended while the password was judged: {why}")]
    SignInLost {
        /// The network's words.
        why: String,
    },
    /// Neither `keyboard-interactive` nor `password` can be used; no credential was sent.
    #[error("the node offers no usable sign-in method, only {}", listed(offered))]
    SignInUnsupported {
        /// What the node offers.
        offered: Vec<String>,
    },
    /// The node wants more than the password: a new one, or a second factor.
    #[error("after the password the node asks: {question}")]
    SignInAsks {
        /// Its words.
        question: String,
    },
    /// Signed in, but there is no interactive shell.
    #[error("no interactive shell: {why}")]
    NoShell {
        /// Why.
        why: String,
    },
    /// The prompt was not recognised in time.
    #[error("no prompt within {} s; last seen: {shown}", waited.as_secs())]
    NoPrompt {
        /// How long it was waited for.
        waited: Duration,
        /// The end of what was shown instead.
        shown: String,
    },
    /// The command asks something; it was not answered and the session was given up.
    #[error("{command} asks: {question}")]
    Question {
        /// The command.
        command: String,
        /// The question.
        question: String,
    },
    /// The session ended.
    #[error("{command}: the session ended{}", if *sent { "" } else { " before the command was sent" })]
    Dropped {
        /// The command.
        command: String,
        /// Whether the command was sent already.
        sent: bool,
    },
    /// The prompt did not come back in time; the session was given up.
    #[error("{command}: no end within {} s; last seen: {shown}", waited.as_secs())]
    Timeout {
        /// The command.
        command: String,
        /// How long it was waited for.
        waited: Duration,
        /// The end of what it showed.
        shown: String,
    },
    /// The command shows more than is read; the session was given up.
    #[error("{command}: the output is longer than {limit} bytes")]
    TooLong {
        /// The command.
        command: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// An earlier command has left the session in an unclear state; nothing was sent.
    #[error("{command} not sent: the session is no longer usable")]
    GivenUp {
        /// The command.
        command: String,
    },
    /// The command ended, but what it shows is not what is known of it. Never to be taken for success.
    #[error("{command}: {why}; shown: {shown}")]
    NotRecognised {
        /// The command.
        command: String,
        /// What is missing.
        why: String,
        /// The end of what it shows.
        shown: String,
    },
    /// A command that cannot be sent; nothing was sent.
    #[error("command not sent: {why}")]
    Refused {
        /// Why.
        why: String,
    },
}

fn listed(offered: &[String]) -> String {
    if offered.is_empty() { "none".to_owned() } else { offered.join(", ") }
}

impl ShellError {
    /// Whether a command that ended like this may or may not have had its effect: connect again and look.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Dropped { sent, .. } => *sent,
            Self::Question { .. }
            | Self::Timeout { .. }
            | Self::TooLong { .. }
            | Self::NotRecognised { .. } => true,
            Self::Unreachable { .. }
            | Self::HostKey(_)
            | Self::NoCommonAlgorithm { .. }
            | Self::Handshake { .. }
            | Self::Denied
            | Self::SignInLost { .. }
            | Self::SignInUnsupported { .. }
            | Self::SignInAsks { .. }
            | Self::NoShell { .. }
            | Self::NoPrompt { .. }
            | Self::GivenUp { .. }
            | Self::Refused { .. } => false,
        }
    }

    /// Whether connecting once more may help: the node was not there, or went away.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Handshake { .. }
                | Self::NoShell { .. }
                | Self::NoPrompt { .. }
                | Self::Dropped { .. }
                | Self::Timeout { .. }
                | Self::GivenUp { .. }
        )
    }

    /// As every layer reports it. `place` is the node or object concerned.
    pub fn trouble(&self, place: impl Into<String>) -> Trouble {
        if let Self::HostKey(rejection) = self {
            return rejection.trouble();
        }
        let (code, outcome, what, next) = self.told();
        Trouble::new(code, outcome, what).at(place).because(self.to_string()).then(next)
    }

    fn told(&self) -> (&'static str, Outcome, &'static str, &'static str) {
        match self {
            Self::Unreachable { .. } => (
                "platform-unreachable",
                Outcome::Failed,
                "the platform shell cannot be reached",
                "check host name, SSH port 22 and firewall, then run again; nothing was sent",
            ),
            Self::HostKey(_) => (
                "host-key-refused",
                Outcome::Refused,
                "the node's host key is not trusted",
                "add the host key to the known hosts",
            ),
            Self::NoCommonAlgorithm { .. } => (
                "platform-no-common-algorithm",
                Outcome::Failed,
                "this node's SSH speaks no algorithm that ippactl speaks",
                "look at OS Administration > Security > Cipher Management on the node; SSH lists take effect after a reboot",
            ),
            Self::Handshake { .. } => (
                "platform-handshake-failed",
                Outcome::Failed,
                "what answers does not speak SSH as expected",
                "check address and SSH port of the node; no credential was sent",
            ),
            Self::Denied => (
                "platform-credential-refused",
                Outcome::Denied,
                "the node refused the platform administrator or the password",
                "either the password is wrong, or the account is locked (for 300 s unless set otherwise) and looks the same; wait, then correct the platform credential: it was tried once and is not tried again. It is the OS administrator's, not the application's",
            ),
            Self::SignInLost { .. } => (
                "platform-sign-in-lost",
                Outcome::Incomplete,
                "the node ended the connection while it judged the password",
                "the password may count as tried and is not tried again in this run; wait 300 s and run again",
            ),
            Self::SignInUnsupported { .. } => (
                "platform-sign-in-unsupported",
                Outcome::Failed,
                "the node takes neither a password nor keyboard-interactive sign-in",
                "check that the address is that of a CUCM, Finesse or UCCX node",
            ),
            Self::SignInAsks { .. } => (
                "platform-sign-in-asks",
                Outcome::Denied,
                "the node wants more than the password to sign in",
                "sign in by hand once: the password may have expired",
            ),
            Self::NoShell { .. } => (
                "platform-no-shell",
                Outcome::Incomplete,
                "the node gives no interactive shell",
                "run again later; check that no other sessions of this account are stuck",
            ),
            Self::NoPrompt { .. } => (
                "platform-no-prompt",
                Outcome::Incomplete,
                "the prompt `admin:` of the platform shell was not seen",
                "run again, the node may be busy; if `set commandcount enable` was used there, the prompt has another form: disable it",
            ),
            Self::Question { .. } => (
                "platform-question",
                Outcome::Failed,
                "a command of the platform shell asks something unforeseen",
                "nothing was answered; run the command by hand, then run again",
            ),
            Self::Dropped { .. } | Self::GivenUp { .. } => (
                "platform-session-dropped",
                Outcome::Incomplete,
                "the session on the platform shell ended in the middle",
                "run again: what is the case now is looked at first",
            ),
            Self::Timeout { .. } => (
                "platform-timeout",
                Outcome::Incomplete,
                "a command of the platform shell did not end in time",
                "it may go on at the node; look at `utils service list`, then run again",
            ),
            Self::TooLong { .. } => (
                "platform-output-too-long",
                Outcome::Incomplete,
                "a command of the platform shell shows too much to be read",
                "run the command by hand and see what it shows",
            ),
            Self::NotRecognised { .. } => (
                "platform-not-recognised",
                Outcome::Incomplete,
                "what a command of the platform shell shows is not recognised",
                "judge the output by hand; nothing was concluded from it",
            ),
            Self::Refused { .. } => (
                "platform-command-refused",
                Outcome::Failed,
                "a command cannot be sent",
                "correct the value named in the reason",
            ),
        }
    }
}
