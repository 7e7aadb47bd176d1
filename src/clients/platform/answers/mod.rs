//! What commands of the platform shell answer, read tolerantly from text that is documented by examples only. What is
//! not recognised is said to be so, never taken for success.

mod connected_users;
mod inactivity;
mod locked_out;
mod replication;
mod service_end;
mod services;
mod uccx_servers;
mod version;

pub use connected_users::ConnectedUsers;
pub use inactivity::{DEFAULT_TIMEOUT, InactivityTimeout};
pub(in crate::clients::platform) use locked_out::locked_out;
pub use replication::{Replication, ReplicationNode, ReplicationState};
pub use service_end::{RestartEnd, StopEnd};
pub use services::{Service, ServiceList, ServiceState};
pub use uccx_servers::{UccxServer, UccxServers};
pub use version::ActiveVersion;

/// The text is not what is known of this command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotRecognised {
    /// What is missing.
    pub why: &'static str,
}
