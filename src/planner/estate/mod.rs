//! An estate that nobody has declared: what of it belongs together, and what a playbook would say of it. Pure; the engine
//! reads, `export` and `init` ask.

pub mod services;
pub mod users;
pub mod sign_in;
pub mod roster;
pub mod settings;
pub mod draft;
#[cfg(test)]
mod samples;

use crate::clients::axl::PhoneService;

use super::states::States;

/// Everything of IP Phone Agent that a cluster's database has.
#[derive(Debug, Default)]
pub struct Estate {
    /// Phone services whose URL leads to the IP Phone Agent of some Finesse node, each whole, by name.
    pub services: Vec<PhoneService>,
    /// Subscriptions to any of them, and their values.
    pub states: States,
    /// What existing subscriptions put between URL and values.
    pub separator: Option<char>,
}

/// What was found and is in the playbook not at all, or not as everything else is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What sort of thing.
    pub kind: Sort,
    /// Their names; none where it is about a section as a whole.
    pub names: Vec<String>,
    /// Why, and what stands in the playbook instead.
    pub why: String,
}

impl LeftOut {
    /// One of it.
    pub fn one(kind: Sort, name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { kind, names: vec![name.into()], why: why.into() }
    }

    /// A section.
    pub fn section(name: &str, why: impl Into<String>) -> Self {
        Self::one(Sort::Section, name, why)
    }
}

/// Sorts of things that are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A Finesse node.
    Node,
    /// A phone service.
    Service,
    /// A parameter of a service, or the value of one.
    Parameter,
    /// An application user.
    ApplicationUser,
    /// A phone or device profile.
    Device,
    /// A section of the playbook.
    Section,
}

impl Sort {
    /// The word in a document.
    pub fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Service => "service",
            Self::Parameter => "parameter",
            Self::ApplicationUser => "application-user",
            Self::Device => "device",
            Self::Section => "section",
        }
    }
}
