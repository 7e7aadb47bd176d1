//! The platform below CUCM and Finesse: a shell over SSH and web services on port 443, on each Finesse node and on the
//! publisher.
//!
//! Source: facts/vos.md sections 2 to 5.

pub mod algorithms;
pub mod certificates;
pub mod commands;
pub mod door;
pub mod host_key;
pub mod knobs;
pub mod pager;
pub mod serve;
pub mod shell;
pub mod shells;
pub mod terminal;
pub mod transcript;
pub mod web;

use super::finesse::cluster::Side;

/// The node that a shell belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Name of the node.
    pub host: String,
    /// What runs on it.
    pub kind: Kind,
}

/// What runs on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Finesse.
    Finesse(Side),
    /// CUCM's publisher.
    Publisher,
}

impl Station {
    /// The host name without its domain.
    pub fn short(&self) -> &str {
        self.host.split('.').next().unwrap_or(&self.host)
    }
}
