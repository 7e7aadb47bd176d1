//! The platform below CUCM and Finesse: a shell over SSH, web services on port 443 and trust stores, on every node.
//!
//! Source: facts/vos.md sections 2 to 5.

pub mod algorithms;
pub mod certificates;
pub mod commands;
pub mod door;
pub mod exchange;
pub mod host_key;
pub mod knobs;
pub mod looks;
pub mod machines;
pub mod pager;
pub mod serve;
pub mod shell;
pub mod shells;
pub mod terminal;
pub mod transcript;
pub mod trust;
pub mod tvs;
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
    /// Another node of CUCM.
    Subscriber,
}

impl Kind {
    /// Whether CUCM runs there.
    pub fn is_cucm(self) -> bool {
        matches!(self, Self::Publisher | Self::Subscriber)
    }

    /// The side of Finesse that runs there.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Finesse(side) => Some(side),
            Self::Publisher | Self::Subscriber => None,
        }
    }
}

impl Station {
    /// The host name without its domain.
    pub fn short(&self) -> &str {
        self.host.split('.').next().unwrap_or(&self.host)
    }
}
