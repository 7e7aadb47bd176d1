//! The platform shell of a node over SSH. [`ShellReader`] reads; [`ShellWriter`] wraps a reader and restarts services.
//!
//! A [`Platform`] is made once per run: it remembers which passwords were refused, and where.

mod algorithms;
mod answers;
mod certificates;
mod commands;
mod connection;
mod decoders;
mod dialogue;
mod echo;
mod error;
mod host_keys;
mod reader;
mod reply;
mod screen;
mod sign_in;
mod writer;
#[cfg(test)]
mod node;
#[cfg(test)]
mod shell_tests;
#[cfg(test)]
mod transcript_tests;

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

pub use algorithms::Algorithms;
pub use answers::{
    ActiveVersion, ConnectedUsers, DEFAULT_TIMEOUT, InactivityTimeout, NotRecognised, Replication,
    ReplicationNode, ReplicationState, RestartEnd, Service, ServiceList, ServiceState, StopEnd,
    UccxServer, UccxServers,
};
pub use certificates::{ImportEnd, RebootEnd, TrustedFile};
pub use commands::{ReadCommand, ServiceName};
pub use connection::Platform;
pub(super) use decoders::decode;
pub use error::ShellError;
pub use host_keys::{HostKeyReason, HostKeyRejection, HostKeys};
pub use reader::ShellReader;
pub use writer::ShellWriter;

use crate::clients::refusals::Refusals;
use crate::clients::tls::ConnectMap;

/// How to reach platform shells.
#[derive(Debug, Clone, Default)]
pub struct PlatformSettings {
    /// Where connections really go.
    pub connect_map: ConnectMap,
    /// Which host keys are trusted.
    pub host_keys: HostKeys,
    /// How long to wait for what.
    pub timings: Timings,
    /// Passwords that were refused in this call already.
    pub refusals: Refusals,
}

/// The platform (OS) administrator of a node.
#[derive(Clone)]
pub struct PlatformAccount {
    /// Account.
    pub user: String,
    /// Its password.
    pub password: SecretString,
}

impl fmt::Debug for PlatformAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformAccount").field("user", &self.user).finish_non_exhaustive()
    }
}

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// The connection, and each key exchange.
    pub connect: Duration,
    /// The answer to the password.
    pub sign_in: Duration,
    /// The first prompt: slow nodes need more than a minute.
    pub first_prompt: Duration,
    /// Silence after the welcome before one line feed is sent.
    pub nudge: Duration,
    /// Silence after a prompt that makes it the last one.
    pub quiet: Duration,
    /// A command that reads.
    pub read: Duration,
    /// A command that stops, starts or restarts a service.
    pub change: Duration,
    /// From the invitation to paste until the node takes what is pasted.
    pub paste: Duration,
    /// Silence after which the connection is tested: a restart can be silent for minutes.
    pub keepalive: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            sign_in: Duration::from_secs(45),
            first_prompt: Duration::from_mins(2),
            nudge: Duration::from_millis(2500),
            quiet: Duration::from_millis(250),
            read: Duration::from_mins(3),
            change: Duration::from_mins(10),
            paste: Duration::from_secs(5),
            keepalive: Duration::from_secs(15),
        }
    }
}

impl Timings {
    /// All of them times this factor, for a node that is simulated or far away. Limits that a busy machine may
    /// exceed keep five seconds at least.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let factor = if factor.is_finite() { factor.clamp(0.001, 1000.0) } else { 1.0 };
        let short = |time: Duration| time.mul_f64(factor);
        let limit = |time: Duration| time.mul_f64(factor).max(Duration::from_secs(5));
        Self {
            connect: limit(self.connect),
            sign_in: limit(self.sign_in),
            first_prompt: limit(self.first_prompt),
            nudge: short(self.nudge),
            quiet: short(self.quiet).max(Duration::from_millis(20)),
            read: limit(self.read),
            change: limit(self.change),
            paste: short(self.paste),
            keepalive: short(self.keepalive).max(Duration::from_secs(1)),
        }
    }
}
